//! Pre-qualification: the tests of capacity, the shortlist, and the regions' word on it; it never weighs the merits of a bid.

pub(crate) mod actions;
mod judgement;
mod list;
mod response;
pub mod rules;
pub mod shortlist;
pub mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(
            "/calls/{call}/pqqs",
            "call.pqq.list",
            "The questionnaires of a call and where each stands",
            list::get,
        ),
        Route::post(
            "/calls/{call}/shortlist-proposal",
            "call.shortlist.propose",
            "Propose the shortlist to the regions",
            list::propose,
        ),
        Route::post(
            "/calls/{call}/shortlist",
            "call.shortlist.finalise",
            "Make the shortlist final and tell the bidders",
            list::finalise,
        ),
        Route::get("/bids/{bid}/pqq-judgement", "pqq.view", "A questionnaire and its judgement", judgement::get),
        Route::post("/bids/{bid}/pqq-judgement", "pqq.judge", "Judge a test, as a member", judgement::judge)
            .takes::<judgement::Form>(),
        Route::post(
            "/bids/{bid}/pqq-decision",
            "pqq.decide",
            "Write down what the group decided on a test",
            judgement::decide,
        )
        .takes::<judgement::Form>(),
        Route::get("/bids/{bid}/shortlist-response", "pqq.view", "What the regions say to an outcome", response::get),
        Route::post(
            "/bids/{bid}/shortlist-response",
            "pqq.respond",
            "Confirm or challenge an outcome, as a region",
            response::respond,
        )
        .takes::<response::ResponseForm>(),
        Route::post("/bids/{bid}/challenge-answer", "pqq.answer", "Answer a region's challenge", response::answer)
            .takes::<response::AnswerForm>(),
    ]
}
