//! Risks: what may go wrong, how large it is before and with what is done, who owns it, and every judgement ever made of it.

pub(crate) mod actions;
mod pages;
pub(crate) mod picture;
pub mod rules;
pub(crate) mod store;

use hiec_web::Route;

use crate::desk::desk;

desk! {
    /// `/clusters/{cluster}/risks…`
    RiskDesk, "risk"
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/risks", "risk.view", "A cluster’s risks", pages::list),
        Route::get("/clusters/{cluster}/risks.csv", "risk.export", "A cluster’s risks, CSV", pages::csv),
        Route::get("/clusters/{cluster}/risks.xlsx", "risk.export", "A cluster’s risks, workbook", pages::xlsx),
        Route::post("/clusters/{cluster}/risks", "risk.change", "Add a risk", pages::post).takes::<pages::Form>(),
        Route::get("/clusters/{cluster}/risks/{risk}", "risk.view", "A risk", pages::show),
        Route::post("/clusters/{cluster}/risks/{risk}/judgements", "risk.change", "Judge a risk again", pages::judge)
            .takes::<pages::JudgementForm>(),
        Route::post("/clusters/{cluster}/risks/{risk}/closure", "risk.change", "Close a risk", pages::close)
            .takes::<pages::ClosureForm>(),
    ]
}
