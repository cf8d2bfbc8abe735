//! Money: budget, what partners commit, what was spent, what is expected, and the tranches of the award. Every change keeps in the trail what stood before.

pub(crate) mod actuals;
pub(crate) mod budget;
pub(crate) mod commitments;
pub(crate) mod forecast;
pub(crate) mod importing;
mod overview;
mod picture;
pub mod quarters;
pub mod rules;
pub(crate) mod store;
pub(crate) mod tranches;

use hiec_web::Route;

use crate::desk::desk;

desk! {
    /// `/clusters/{cluster}/money…`
    MoneyDesk, "money"
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/money", "money.view", "A cluster’s money", overview::get),
        Route::get("/clusters/{cluster}/money.csv", "money.export", "Money by quarter, CSV", overview::csv),
        Route::get("/clusters/{cluster}/money.xlsx", "money.export", "A cluster’s money, workbook", overview::xlsx),
        Route::get("/clusters/{cluster}/money/budget", "money.view", "Budget by year and pathway", budget::get),
        Route::post("/clusters/{cluster}/money/budget", "money.change", "Set a line of the budget", budget::post)
            .takes::<budget::Form>(),
        Route::get("/clusters/{cluster}/money/commitments", "money.view", "What partners committed", commitments::get),
        Route::post("/clusters/{cluster}/money/commitments", "money.change", "Note a commitment", commitments::post)
            .takes::<commitments::Form>(),
        Route::post(
            "/clusters/{cluster}/money/commitments/{commitment}/receipts",
            "money.change",
            "Note what came of a commitment",
            commitments::receive,
        )
        .takes::<commitments::ReceiptForm>(),
        Route::get("/clusters/{cluster}/money/actuals", "money.view", "What was spent", actuals::get),
        Route::get("/clusters/{cluster}/money/actuals.csv", "money.export", "What was spent, CSV", actuals::csv),
        Route::get("/clusters/{cluster}/money/imports/new", "money.import", "Upload what was spent", actuals::new),
        Route::post("/clusters/{cluster}/money/imports", "money.import", "Upload what was spent", actuals::upload)
            .takes_file(actuals::LARGEST),
        Route::get(
            "/clusters/{cluster}/money/imports/{file}",
            "money.import",
            "What an import would do",
            actuals::preview,
        ),
        Route::post("/clusters/{cluster}/money/imports/{file}", "money.import", "Import it", actuals::confirm)
            .takes::<actuals::ConfirmForm>(),
        Route::get("/clusters/{cluster}/money/forecast", "money.view", "What is expected", forecast::get),
        Route::post("/clusters/{cluster}/money/forecast", "money.change", "Say what is expected", forecast::post)
            .takes::<forecast::Form>(),
        Route::get("/clusters/{cluster}/money/tranches", "money.view", "Tranches of the award", tranches::get),
        Route::post("/clusters/{cluster}/money/tranches", "money.grant", "Plan a tranche", tranches::post)
            .takes::<tranches::Form>(),
        Route::post(
            "/clusters/{cluster}/money/tranches/{tranche}/receipt",
            "money.change",
            "Note that a tranche came",
            tranches::receive,
        )
        .takes::<tranches::ReceiptForm>(),
    ]
}
