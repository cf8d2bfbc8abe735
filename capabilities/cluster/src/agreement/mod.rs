//! The agreement between the partners of a cluster: versions under the eight headings of the model agreement, signed by each, never changed.

pub(crate) mod actions;
pub mod rules;
mod show;
pub(crate) mod store;
mod writing;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/agreement", "cluster.read", "The agreement of the partners", show::get),
        Route::get("/clusters/{cluster}/agreement.pdf", "cluster.read", "The agreement, as PDF", show::pdf),
        Route::get("/clusters/{cluster}/agreement.csv", "cluster.read", "The agreement, as CSV", show::csv),
        Route::get("/clusters/{cluster}/agreement.xlsx", "cluster.read", "The agreement, as XLSX", show::xlsx),
        Route::get(
            "/clusters/{cluster}/agreement/new",
            "cluster.agree",
            "Write a version of the agreement: the page",
            writing::get,
        ),
        Route::post(
            "/clusters/{cluster}/agreement",
            "cluster.agree",
            "Put a version of the agreement to the partners",
            writing::post,
        )
        .takes::<writing::Form>(),
        Route::post(
            "/clusters/{cluster}/partners/{partner}/signature",
            "partnership.sign",
            "Sign the agreement for a partner",
            show::post,
        )
        .takes::<show::SignForm>(),
    ]
}
