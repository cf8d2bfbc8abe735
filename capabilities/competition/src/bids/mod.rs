//! Bids: written together, sealed when submitted, opened by two officers; nobody outside the partnership reads one before that.

pub(crate) mod answers;
mod comments;
pub(crate) mod completeness;
pub(crate) mod files;
mod history;
pub(crate) mod late_entry;
mod list;
pub(crate) mod locks;
pub mod opening;
mod opening_page;
pub(crate) mod openings;
pub(crate) mod papers;
pub(crate) mod pieces;
mod questions;
pub mod receipts;
pub(crate) mod reminders;
pub(crate) mod sealed;
mod sections;
pub mod shortfalls;
mod show;
pub mod states;
pub mod store;
mod submission;
pub(crate) mod submitting;
pub(crate) mod writers;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    [overview(), writing(), deciding()].into_iter().flatten().collect()
}

fn overview() -> Vec<Route> {
    vec![
        Route::get("/bids", "bidder.view", "The bids I have a part in", list::get),
        Route::get("/bids/{bid}", "bid.view", "A bid", show::get),
        Route::get("/bids/{bid}/files/{file}", "bid.view", "A file of a bid", files::get),
        Route::get("/bids/{bid}/receipts/{number}", "bid.view", "A receipt", submission::receipt),
    ]
}

fn writing() -> Vec<Route> {
    vec![
        Route::get("/bids/{bid}/sections/{section}", "bid.draft.view", "A section of the bid", sections::get_bid),
        Route::post("/bids/{bid}/sections/{section}", "bid.write", "Save a section of the bid", sections::post_bid),
        Route::get("/bids/{bid}/pqq/{section}", "bid.draft.view", "A section of the questionnaire", sections::get_pqq),
        Route::post(
            "/bids/{bid}/pqq/{section}",
            "bid.write",
            "Save a section of the questionnaire",
            sections::post_pqq,
        ),
        Route::get(
            "/bids/{bid}/sections/{section}/history/{question}",
            "bid.draft.view",
            "Every text of an answer",
            history::get_bid,
        ),
        Route::get(
            "/bids/{bid}/pqq/{section}/history/{question}",
            "bid.draft.view",
            "Every text of an answer of the questionnaire",
            history::get_pqq,
        ),
        Route::post(
            "/bids/{bid}/sections/{section}/comments",
            "bid.comment",
            "Comment on a section",
            comments::post_bid,
        )
        .takes::<comments::Form>(),
        Route::post(
            "/bids/{bid}/pqq/{section}/comments",
            "bid.comment",
            "Comment on a section of the questionnaire",
            comments::post_pqq,
        )
        .takes::<comments::Form>(),
        Route::post("/bids/{bid}/sections/{section}/files", "bid.write", "Attach a file", files::post_bid)
            .takes_file(files::LARGEST),
        Route::post(
            "/bids/{bid}/pqq/{section}/files",
            "bid.write",
            "Attach a file to the questionnaire",
            files::post_pqq,
        )
        .takes_file(files::LARGEST),
    ]
}

fn deciding() -> Vec<Route> {
    vec![
        Route::get("/bids/{bid}/submission", "bid.draft.view", "The check before submitting", submission::get),
        Route::post("/bids/{bid}/submission", "bid.submit", "Submit the bid or the questionnaire", submission::post)
            .takes::<submission::Form>(),
        Route::post("/bids/{bid}/withdrawal", "bid.withdraw", "Withdraw a bid", submission::withdraw)
            .takes::<submission::Withdrawal>(),
        Route::get("/calls/{call}/opening", "call.opening.view", "The opening of the bids", opening_page::get),
        Route::post("/calls/{call}/opening", "call.opening", "Turn a key of the opening", opening_page::post)
            .takes::<opening_page::Form>(),
        Route::post("/bids/{bid}/late-entry", "bid.late", "Decide on a late entry", opening_page::late)
            .takes::<opening_page::Late>(),
    ]
}
