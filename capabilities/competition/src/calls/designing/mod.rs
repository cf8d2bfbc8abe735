//! Designing a call in the browser, and amending a published one; what is published is changed by amendment only.

pub(crate) mod amendment;
mod fields;
mod new;
mod pages;
mod parts;
mod store;

use hiec_web::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/calls/new", "programme.change", "Prepare a call", new::get),
        Route::post("/calls/new", "programme.change", "Prepare a call", new::post).takes::<new::Form>(),
        Route::get("/calls/{call}/design", "call.edit", "The design of a call", pages::overview),
        Route::get("/calls/{call}/design/{part}", "call.edit", "A part of the design", pages::part),
        Route::get("/calls/{call}/design/{part}/{entry}", "call.edit", "An entry of the design", pages::entry),
        Route::post("/calls/{call}/design/{part}/{entry}", "call.edit", "Change an entry of the design", pages::save),
        Route::get("/calls/{call}/amendments/new", "call.amend", "Amend a call", amendment::get),
        Route::post("/calls/{call}/amendments/new", "call.amend", "Amend a call", amendment::post)
            .takes::<amendment::Form>(),
        Route::post(
            "/calls/{call}/proposal-withdrawal",
            "call.amend",
            "Give up a proposed amendment",
            amendment::withdraw,
        ),
    ]
}
