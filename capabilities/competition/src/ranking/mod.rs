//! From scores to a ranking: exact totals, tie ladder, floors, and what regions say to it.

pub(crate) mod actions;
pub mod design;
mod download;
pub mod exact;
pub(crate) mod page;
pub mod rank_file;
mod responses;
pub mod rules;
pub(crate) mod scores;
pub mod states;
pub(crate) mod store;
pub mod ties;
pub mod totals;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/calls/{call}/ranking", "ranking.view", "The ranking", page::get),
        Route::post("/calls/{call}/ranking", "ranking.compute", "Compute the ranking", page::compute),
        Route::post("/calls/{call}/final-ranking", "ranking.finalise", "Make the ranking final", page::finalise),
        Route::get("/calls/{call}/ranking.csv", "ranking.export", "The ranking as CSV", download::csv),
        Route::get("/calls/{call}/ranking.xlsx", "ranking.export", "The ranking as XLSX", download::xlsx),
        Route::post(
            "/calls/{call}/ranking-responses",
            "ranking.respond",
            "Confirm or challenge the ranking for a region",
            responses::post,
        )
        .takes::<responses::Form>(),
        Route::post(
            "/calls/{call}/ranking-answers",
            "ranking.answer",
            "Answer a region's challenge",
            responses::answer,
        )
        .takes::<responses::AnswerForm>(),
    ]
}
