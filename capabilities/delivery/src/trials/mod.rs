//! Trials with the clinical research network: industry asks, sites answer whether they could, and each is opened there or not.

pub(crate) mod actions;
pub mod answers;
mod letters;
mod list;
mod new;
mod page;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/trials", "trial.list", "Trials industry asks for", list::get),
        Route::get("/clusters/{cluster}/trials.csv", "trial.export", "Trials and answers as CSV", list::csv),
        Route::get("/clusters/{cluster}/trials.xlsx", "trial.export", "Trials and answers as XLSX", list::xlsx),
        Route::get("/clusters/{cluster}/trials/new", "trial.ask", "Pass on a question: the page", new::get),
        Route::post("/clusters/{cluster}/trials/new", "trial.ask", "Pass on a question", new::post)
            .takes::<new::Form>(),
        Route::get("/clusters/{cluster}/trials/{trial}", "trial.view", "A trial and what sites answer", page::get),
        Route::post(
            "/clusters/{cluster}/trials/{trial}/sites/{site}/answer",
            "trial_site.answer",
            "Answer whether a site could",
            page::answer,
        )
        .takes::<page::AnswerForm>(),
        Route::post(
            "/clusters/{cluster}/trials/{trial}/decisions",
            "trial.run",
            "Say whether it was opened at a site",
            page::decision,
        )
        .takes::<page::DecisionForm>(),
    ]
}
