//! Hosts: organisations that train people of a cluster, with their posts, who is there, and what they can teach.

mod list;
mod page;
mod teaching;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/hosts", "host.list", "Hosts of trainees", list::get),
        Route::get("/clusters/{cluster}/education/hosts.csv", "host.export", "Hosts as CSV", list::csv),
        Route::get("/clusters/{cluster}/education/hosts.xlsx", "host.export", "Hosts as XLSX", list::xlsx),
        Route::get("/clusters/{cluster}/education/hosts/{host}", "host.view", "A host of trainees", page::get),
        Route::get(
            "/clusters/{cluster}/education/hosts/{host}/teaching",
            "host.teach",
            "What a host can teach: the page",
            teaching::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/hosts/{host}/teaching",
            "host.teach",
            "Say what a host can teach",
            teaching::post,
        ),
    ]
}
