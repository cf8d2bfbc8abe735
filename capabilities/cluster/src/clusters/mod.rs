//! Clusters: the list, the home of each, and how one is founded.

pub(crate) mod circle;
pub mod founding;
mod home;
mod list;
mod new;
pub(crate) mod pieces;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters", "cluster.list", "All clusters", list::get),
        Route::get("/clusters.csv", "cluster.list", "All clusters, as CSV", list::download),
        Route::get("/clusters.xlsx", "cluster.list", "All clusters, as XLSX", list::workbook),
        Route::get("/clusters/new", "cluster.found", "Found a cluster: the page", new::get),
        Route::post("/clusters", "cluster.found", "Found a cluster", new::post).takes::<new::Form>(),
        Route::get("/clusters/{cluster}", "cluster.view", "A cluster", home::get),
    ]
}
