//! Dialogue: what registered bidders ask and what the office or a region answers; it never tells one bidder what others are not told, unless with a reason.

pub(crate) mod actions;
mod pages;
pub mod rules;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/calls/{call}/questions", "dialogue.view", "Questions and answers", pages::get),
        Route::post("/calls/{call}/questions", "dialogue.ask", "Ask a question", pages::ask).takes::<pages::AskForm>(),
        Route::get(
            "/calls/{call}/questions/{question}",
            "dialogue.read",
            "A question, for those who answer",
            pages::show,
        ),
        Route::post("/calls/{call}/questions/{question}", "dialogue.answer", "Answer a question", pages::answer)
            .takes::<pages::AnswerForm>(),
        Route::post("/calls/{call}/dialogue-notes", "dialogue.note", "Note informal dialogue", pages::note)
            .takes::<pages::NoteForm>(),
    ]
}
