//! Award: standstill, complaints, letters, and when a grant may be made.

pub(crate) mod actions;
pub(crate) mod complaining;
pub mod complaints;
mod complaints_page;
pub(crate) mod composition;
mod letter_page;
pub mod letters;
mod page;
pub mod rules;
pub mod secrets;
pub mod setting_aside;
pub mod standstill;
pub mod states;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/calls/{call}/awards", "award.view", "Letters and awards", page::get),
        Route::post("/calls/{call}/letters", "award.tell", "Send every bidder its letter", page::tell),
        Route::post("/calls/{call}/awards", "award.give", "Make the awards", page::give).takes::<page::Form>(),
        Route::get("/calls/{call}/complaints", "award.view", "The complaints log", complaints_page::get),
        Route::post("/calls/{call}/complaint-answers", "award.answer", "Answer a complaint", complaints_page::answer)
            .takes::<complaints_page::Form>(),
        Route::get("/bids/{bid}/letter", "bid.letter.view", "The outcome letter of a bid", letter_page::get),
        Route::get("/bids/{bid}/letter.txt", "bid.letter.view", "The outcome letter as text", letter_page::text),
        Route::get("/bids/{bid}/letter.pdf", "bid.letter.view", "The outcome letter as PDF", letter_page::pdf),
        Route::post("/bids/{bid}/complaints", "bid.complain", "Complain about the outcome", letter_page::complain)
            .takes::<letter_page::ComplaintForm>(),
        Route::post(
            "/bids/{bid}/complaint-withdrawals",
            "bid.complain",
            "Take a complaint back",
            letter_page::take_back,
        )
        .takes::<letter_page::TakeBackForm>(),
    ]
}
