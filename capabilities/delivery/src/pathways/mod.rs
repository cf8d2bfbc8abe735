//! Pathways: what a cluster works on, in three categories, each with a clinical lead and a beginning.

pub(crate) mod starting;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/pathways/new", "project.start", "Start a pathway: the page", starting::get),
        Route::post("/clusters/{cluster}/pathways/new", "project.start", "Start a pathway", starting::post)
            .takes::<starting::Form>(),
    ]
}
