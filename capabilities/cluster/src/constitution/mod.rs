//! The constitution of a cluster: legal form with what it allows, contract with the region, financing, and what it says of itself.

mod page;
pub mod rules;
pub mod store;
pub(crate) mod writing;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/constitution", "cluster.read", "The constitution of a cluster", page::get),
        Route::post(
            "/clusters/{cluster}/constitution",
            "cluster.constitute",
            "Write the constitution of a cluster",
            page::post,
        )
        .takes::<page::Form>(),
    ]
}
