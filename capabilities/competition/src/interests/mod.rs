//! Interests: what assessors and panel members declare, and the conflicts that follow.

pub(crate) mod actions;
mod conflicts;
pub mod declarations;
mod declaring;
pub(crate) mod detection;
pub mod rules;
pub mod states;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/interests", "account.view", "Your declaration of interests", declaring::get),
        Route::post("/interests", "account.change", "Declare your interests", declaring::post)
            .takes::<declaring::Form>(),
        Route::post(
            "/interests/{conflict}/withdrawal",
            "account.change",
            "Ask to take a declared conflict back",
            declaring::withdraw,
        )
        .takes::<declaring::ReasonForm>(),
        Route::get("/calls/{call}/interests", "call.interests.view", "Conflicts of interest of a call", conflicts::get),
        Route::post(
            "/calls/{call}/conflict-search",
            "call.interests.search",
            "Look for conflicts of interest now",
            conflicts::search,
        ),
        Route::post(
            "/calls/{call}/conflicts/{conflict}/decision",
            "call.interests.decide",
            "Dismiss, restore or release a conflict",
            conflicts::decide,
        )
        .takes::<conflicts::DecisionForm>(),
        Route::get("/bids/{bid}/interest", "interest.view", "Declare an interest in a bid", declaring::of_bid),
        Route::post("/bids/{bid}/interest", "interest.declare", "Declare an interest in a bid", declaring::in_bid)
            .takes::<declaring::ReasonForm>(),
    ]
}
