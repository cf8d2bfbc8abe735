//! Moderation: one settled score beside the originals.

pub(crate) mod actions;
mod page;
pub mod rules;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/bids/{bid}/moderation", "moderation.view", "Scores of a bid side by side", page::get),
        Route::post("/bids/{bid}/moderation", "moderation.settle", "Settle a score", page::post).takes::<page::Form>(),
    ]
}
