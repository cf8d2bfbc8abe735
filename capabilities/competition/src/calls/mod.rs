//! Calls: what a funder asks for, by which rules and by when; once published, a call is changed only by a numbered amendment.

pub mod amendments;
pub mod design;
pub(crate) mod designing;
pub mod differences;
pub mod facts;
pub mod home;
pub mod list;
pub mod problems;
pub mod publication;
pub mod record;
pub mod registration;
pub mod settled;
pub mod show;
pub mod stages;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/", "public.view", "Home", home::get),
        Route::get("/calls", "public.view", "The calls there are", list::get),
        Route::get("/calls/{call}", "call.view", "A call", show::get),
        Route::get("/calls/{call}/registration", "call.register", "Register for a call", registration::get),
        Route::post("/calls/{call}/registration", "call.register", "Register for a call", registration::post)
            .takes::<registration::Form>(),
        Route::post("/calls/{call}/publication", "call.publish", "Publish a call", publication::post),
        Route::get("/calls/{call}/record", "call.export", "The record of a round", record::get),
    ];
    routes.extend(designing::routes());
    routes
}
