//! Links of a cluster to AHSC, CLAHRC, BRC and innovation hub, today HIN and ARC: each with a purpose and an owner.

pub(crate) mod page;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/links", "cluster.view", "The bodies a cluster is linked to", page::get),
        Route::get(
            "/clusters/{cluster}/links.csv",
            "cluster.view",
            "The bodies a cluster is linked to, as CSV",
            page::download,
        ),
        Route::get("/clusters/{cluster}/links.xlsx", "cluster.view", "Links of a cluster, as XLSX", page::workbook),
        Route::post("/clusters/{cluster}/links", "cluster.link", "Add a link to a body", page::post)
            .takes::<page::Form>(),
        Route::post("/clusters/{cluster}/links/{link}/ending", "cluster.link", "End a link", page::end)
            .takes::<page::EndForm>(),
    ]
}
