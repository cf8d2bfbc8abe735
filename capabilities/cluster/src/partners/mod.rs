//! The partners of a cluster: who belongs in which part, since when and until when; nobody that commissions education.

pub(crate) mod joining;
pub(crate) mod list;
mod show;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/partners", "cluster.view", "The partners of a cluster", list::get),
        Route::get(
            "/clusters/{cluster}/partners.csv",
            "cluster.view",
            "The partners of a cluster, as CSV",
            list::download,
        ),
        Route::get(
            "/clusters/{cluster}/partners.xlsx",
            "cluster.view",
            "The partners of a cluster, as XLSX",
            list::workbook,
        ),
        Route::post("/clusters/{cluster}/partners", "cluster.admit", "Take an organisation in", list::post)
            .takes::<list::Form>(),
        Route::get("/clusters/{cluster}/partners/{partner}", "partnership.view", "A partner of a cluster", show::get),
        Route::post(
            "/clusters/{cluster}/partners/{partner}",
            "partnership.change",
            "Change a partner's part",
            show::post,
        )
        .takes::<show::Form>(),
        Route::post(
            "/clusters/{cluster}/partners/{partner}/leaving",
            "partnership.end",
            "A partner leaves",
            show::leaving,
        )
        .takes::<show::LeavingForm>(),
    ]
}
