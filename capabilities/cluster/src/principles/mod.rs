//! The principles a cluster is held to, kept live for its whole life: a page, a daily look, and letters when one breaks.

mod page;
pub(crate) mod watch;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(
        "/clusters/{cluster}/principles",
        "cluster.read",
        "How a cluster stands with its principles",
        page::get,
    )]
}
