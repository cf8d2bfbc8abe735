//! Clusters: the list, the home of each, and how one is founded.

pub mod founding;
mod home;
mod list;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters", "cluster.list", "All clusters", list::get),
        Route::get("/clusters/{cluster}", "cluster.view", "A cluster", home::get),
    ]
}
