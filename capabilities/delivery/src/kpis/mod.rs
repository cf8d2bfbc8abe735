//! Contract indicators: proposed by a cluster, agreed by its region, and what every return reports on.

pub(crate) mod actions;
mod download;
mod judging;
mod list;
mod proposing;
pub mod rules;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/kpis", "kpi.list", "Indicators of a cluster's contract", list::get),
        Route::get("/clusters/{cluster}/kpis.csv", "kpi.export", "Indicators of a contract as CSV", download::csv),
        Route::get("/clusters/{cluster}/kpis.xlsx", "kpi.export", "Indicators of a contract as XLSX", download::xlsx),
        Route::get("/clusters/{cluster}/kpis/new", "kpi.propose", "Propose an indicator", proposing::get),
        Route::post("/clusters/{cluster}/kpis", "kpi.propose", "Propose an indicator", proposing::post)
            .takes::<proposing::Form>(),
        Route::post("/clusters/{cluster}/kpis/{kpi}/agreement", "kpi.agree", "Agree an indicator", judging::agree),
        Route::post("/clusters/{cluster}/kpis/{kpi}/refusal", "kpi.decline", "Decline an indicator", judging::decline)
            .takes::<judging::Form>(),
    ]
}
