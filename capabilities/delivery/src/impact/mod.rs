//! What would have happened anyway: a plan frozen before the start, a result held against it, and what it is worth. Where the design cannot tell, it says so.

pub(crate) mod actions;
pub mod figures;
mod list;
mod new;
mod page;
pub mod plan;
mod running;
pub(crate) mod store;
pub mod worth;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/impact", "impact_plan.list", "Impact plans", list::get),
        Route::get("/clusters/{cluster}/impact.csv", "impact_plan.list", "Impact plans as CSV", list::csv),
        Route::get("/clusters/{cluster}/impact.xlsx", "impact_plan.list", "Impact plans as XLSX", list::xlsx),
        Route::get("/clusters/{cluster}/impact/new", "impact_plan.start", "Write an impact plan: the page", new::get),
        Route::post("/clusters/{cluster}/impact/new", "impact_plan.start", "Write an impact plan", new::post)
            .takes::<new::Form>(),
        Route::get("/clusters/{cluster}/impact/{plan}", "impact_plan.view", "An impact plan and its result", page::get),
        Route::get("/clusters/{cluster}/impact/{plan}/draft", "impact_plan.run", "Change a draft: the page", new::edit),
        Route::post("/clusters/{cluster}/impact/{plan}/draft", "impact_plan.run", "Change a draft", new::save)
            .takes::<new::Form>(),
        Route::post("/clusters/{cluster}/impact/{plan}/freezing", "impact_plan.run", "Freeze a plan", running::freeze),
        Route::post("/clusters/{cluster}/impact/{plan}/amendments", "impact_plan.run", "Amend a plan", running::amend)
            .takes::<running::AmendmentForm>(),
        Route::post("/clusters/{cluster}/impact/{plan}/results", "impact_plan.run", "Find the result", running::result)
            .takes::<running::ResultForm>(),
        Route::post(
            "/clusters/{cluster}/impact/{plan}/worth",
            "impact_plan.run",
            "Say what it is worth",
            running::worth,
        )
        .takes::<running::WorthForm>(),
    ]
}
