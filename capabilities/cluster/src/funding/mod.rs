//! Bids of a cluster's consortia to outside funders: from an idea to won or lost, and who hosts what was won when the cluster has ended.

pub(crate) mod actions;
mod list;
mod show;
pub mod states;
pub(crate) mod store;

use hiec_web::Route;

use crate::desk::desk;

desk! {
    /// `/clusters/{cluster}/funding…`
    FundingDesk, "funding"
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/funding", "funding.view", "Bids to outside funders", list::get),
        Route::get("/clusters/{cluster}/funding.csv", "funding.export", "Bids to outside funders, CSV", list::csv),
        Route::get(
            "/clusters/{cluster}/funding.xlsx",
            "funding.export",
            "Bids to outside funders, workbook",
            list::xlsx,
        ),
        Route::post("/clusters/{cluster}/funding", "funding.open", "Note an idea for a bid", list::post)
            .takes::<list::Form>(),
        Route::get("/clusters/{cluster}/funding/{bid}", "funding.view", "A bid to an outside funder", show::get),
        Route::post(
            "/clusters/{cluster}/funding/{bid}/writing",
            "funding.change",
            "Start writing the bid",
            show::writing,
        )
        .takes::<show::NoteForm>(),
        Route::post(
            "/clusters/{cluster}/funding/{bid}/submission",
            "funding.change",
            "It was submitted",
            show::submission,
        )
        .takes::<show::NoteForm>(),
        Route::post("/clusters/{cluster}/funding/{bid}/outcome", "funding.change", "It was won or lost", show::outcome)
            .takes::<show::OutcomeForm>(),
        Route::post(
            "/clusters/{cluster}/funding/{bid}/withdrawal",
            "funding.change",
            "Withdraw the bid",
            show::withdrawal,
        )
        .takes::<show::NoteForm>(),
        Route::post("/clusters/{cluster}/funding/{bid}/host", "funding.change", "Say who hosts the grant", show::host)
            .takes::<show::HostForm>(),
    ]
}
