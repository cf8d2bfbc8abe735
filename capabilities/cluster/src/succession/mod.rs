//! Succession of a cluster: each product, service and partnership with owner, funding, licence and record after the last day.

pub(crate) mod page;
pub mod rules;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/succession", "cluster.view", "What outlives a cluster", page::get),
        Route::get(
            "/clusters/{cluster}/succession.csv",
            "cluster.view",
            "What outlives a cluster, as CSV",
            page::download,
        ),
        Route::get(
            "/clusters/{cluster}/succession.xlsx",
            "cluster.view",
            "What outlives a cluster, as XLSX",
            page::workbook,
        ),
        Route::post(
            "/clusters/{cluster}/succession",
            "cluster.bequeath",
            "List something that outlives a cluster",
            page::post,
        )
        .takes::<page::Form>(),
        Route::get(
            "/clusters/{cluster}/succession/{legacy}",
            "legacy.change",
            "Something that outlives a cluster: the page",
            page::show,
        ),
        Route::post(
            "/clusters/{cluster}/succession/{legacy}",
            "legacy.change",
            "Settle what becomes of something",
            page::save,
        )
        .takes::<page::Form>(),
    ]
}
