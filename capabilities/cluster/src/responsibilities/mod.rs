//! Who does what in a cluster: for each task one who is accountable, and those who do it, are asked and are told.

pub(crate) mod pages;
pub mod rules;
mod store;

use hiec_web::Route;

use crate::desk::desk;

desk! {
    /// `/clusters/{cluster}/responsibilities…`
    ResponsibilityDesk, "responsibility"
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/responsibilities", "responsibility.view", "Who does what", pages::get),
        Route::get(
            "/clusters/{cluster}/responsibilities.csv",
            "responsibility.export",
            "Who does what, CSV",
            pages::csv,
        ),
        Route::get(
            "/clusters/{cluster}/responsibilities.xlsx",
            "responsibility.export",
            "Who does what, workbook",
            pages::xlsx,
        ),
        Route::post("/clusters/{cluster}/responsibilities", "responsibility.change", "Add a task", pages::post)
            .takes::<pages::Form>(),
        Route::get("/clusters/{cluster}/responsibilities/{task}", "responsibility.change", "A task", pages::show),
        Route::post(
            "/clusters/{cluster}/responsibilities/{task}",
            "responsibility.change",
            "Change who does what",
            pages::edit,
        )
        .takes::<pages::Form>(),
    ]
}
