//! Claims: a host asks for what follows its trainees, the region approves, pays, samples, and two of its people take back what was not borne out.

pub(crate) mod actions;
mod importing;
mod list;
mod page;
pub(crate) mod states;
pub(crate) mod store;

use hiec_web::Route;

use crate::lists;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/claims", "claim.list", "Claims of hosts", list::get),
        Route::get("/clusters/{cluster}/education/claims.csv", "claim.export", "Claims of hosts as CSV", list::csv),
        Route::post("/clusters/{cluster}/education/claims", "claim.draft", "Draw up a claim", list::draft)
            .takes::<list::Form>(),
        Route::get(
            "/clusters/{cluster}/education/claims/imports",
            "claim.import",
            "Import claims: the page",
            lists::new::<importing::Claims>,
        ),
        Route::post(
            "/clusters/{cluster}/education/claims/imports",
            "claim.import",
            "Upload a list of claims",
            lists::upload::<importing::Claims>,
        )
        .takes_file(hiec_web::uploads::LARGEST_LIST),
        Route::get(
            "/clusters/{cluster}/education/claims/imports/{file}",
            "claim.import",
            "What an import of claims would do",
            lists::preview::<importing::Claims>,
        ),
        Route::post(
            "/clusters/{cluster}/education/claims/imports/{file}",
            "claim.import",
            "Import a previewed list of claims",
            lists::confirm::<importing::Claims>,
        )
        .takes::<lists::ConfirmForm>(),
        Route::get("/clusters/{cluster}/education/claims/{claim}", "claim.view", "A claim", page::get),
        Route::get(
            "/clusters/{cluster}/education/claims/{claim}/lines.csv",
            "claim.export",
            "A claim's lines as CSV",
            page::csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/claims/{claim}/claim.pdf",
            "claim.export",
            "A claim as PDF",
            page::pdf,
        ),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/submission",
            "claim.submit",
            "Submit a claim",
            page::submission,
        ),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/withdrawal",
            "claim.submit",
            "Withdraw a claim",
            page::withdrawal,
        ),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/approval",
            "claim.judge",
            "Approve a claim",
            page::approval,
        ),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/rejection",
            "claim.judge",
            "Send a claim back",
            page::rejection,
        )
        .takes::<page::Words>(),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/payment",
            "claim.pay",
            "Say that a claim is paid",
            page::payment,
        ),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/sample",
            "claim.sample",
            "Ask for a claim's evidence",
            page::sample,
        )
        .takes::<page::Words>(),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/finding",
            "claim.sample",
            "Confirm a sampled claim",
            page::finding,
        )
        .takes::<page::Words>(),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/clawback",
            "claim.claw_back",
            "Request a clawback",
            page::clawback,
        )
        .takes::<page::Clawing>(),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/clawback/approval",
            "claim.claw_back",
            "Approve a clawback somebody else requested",
            page::clawback_approval,
        ),
        Route::post(
            "/clusters/{cluster}/education/claims/{claim}/clawback/refusal",
            "claim.claw_back",
            "Refuse a clawback somebody else requested",
            page::clawback_refusal,
        )
        .takes::<page::Words>(),
    ]
}
