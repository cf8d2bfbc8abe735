//! The public announcement: what was funded where, what was not and why, and the figures of the round.

pub(crate) mod actions;
mod charts;
mod pages;
pub mod record;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/announcements", "public.view", "What was funded, round by round", pages::list),
        Route::get("/announcements/{call}", "announcement.view", "The announcement of a round", pages::show),
        Route::post("/calls/{call}/announcement", "award.announce", "Announce the awards", pages::announce),
    ]
}
