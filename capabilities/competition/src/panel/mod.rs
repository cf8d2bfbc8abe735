//! The award panel: who sits, who leaves for which item, what is decided and why.

pub(crate) mod actions;
mod deciding;
pub mod decisions;
mod hands;
mod item;
pub mod minutes;
pub(crate) mod minutes_page;
mod notes;
mod page;
mod planning;
pub mod rules;
pub(crate) mod slots;
pub mod states;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/calls/{call}/panel", "meeting.view", "The award panel", page::get),
        Route::post("/calls/{call}/panel", "meeting.plan", "Plan a meeting of the panel", planning::plan),
        Route::post("/calls/{call}/panel/opening", "meeting.open", "Open the meeting", page::open),
        Route::post(
            "/calls/{call}/panel/closing",
            "meeting.close",
            "Sign the minutes and close the meeting",
            page::close,
        ),
        Route::get("/calls/{call}/panel/items/{bid}", "meeting.view", "An item of the agenda", item::get),
        Route::post("/calls/{call}/panel/decisions", "meeting.decide", "Decide on a bid", deciding::decide)
            .takes::<deciding::Form>(),
        Route::post("/calls/{call}/panel/recusals", "meeting.recuse", "Leave for an item", notes::recuse)
            .takes::<notes::NoteForm>(),
        Route::post("/calls/{call}/panel/slots", "meeting.note", "Call a bidder to present", slots::post)
            .takes::<slots::Form>(),
        Route::post("/calls/{call}/panel/presentations", "meeting.note", "Note a presentation", notes::present)
            .takes::<notes::NoteForm>(),
        Route::post("/calls/{call}/panel/deferrals", "meeting.decide", "Put an item off", notes::defer)
            .takes::<notes::NoteForm>(),
        Route::post("/calls/{call}/panel/reopenings", "meeting.decide", "Take a decided item up again", notes::reopen)
            .takes::<notes::NoteForm>(),
        Route::get("/calls/{call}/panel/minutes", "meeting.view", "The minutes", minutes_page::get),
        Route::get("/calls/{call}/panel/minutes.txt", "meeting.export", "The minutes as text", minutes_page::text),
        Route::get("/calls/{call}/panel/minutes.pdf", "meeting.export", "The minutes as PDF", minutes_page::pdf),
    ]
}
