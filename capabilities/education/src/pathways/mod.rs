//! The map of training on the clinical pathways: steps in their order, the outcomes learnt at each, and the hosts that can teach them.

pub(crate) mod actions;
mod map;
mod picture;
pub(crate) mod rules;
pub(crate) mod steps;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/education/map",
            "curriculum.list",
            "Outcomes, pathway steps and who teaches them",
            map::get,
        ),
        Route::get("/clusters/{cluster}/education/map.csv", "curriculum.export", "The pathway map as CSV", map::csv),
        Route::get("/clusters/{cluster}/education/map.xlsx", "curriculum.export", "The pathway map as XLSX", map::xlsx),
        Route::get(
            "/clusters/{cluster}/education/steps",
            "curriculum.list",
            "Steps of the clinical pathways",
            steps::get,
        ),
        Route::post("/clusters/{cluster}/education/steps", "curriculum.map", "Add a step to a pathway", steps::post)
            .takes::<steps::StepForm>(),
        Route::post(
            "/clusters/{cluster}/education/steps/order",
            "curriculum.map",
            "Say which step follows which",
            steps::order,
        )
        .takes::<steps::OrderForm>(),
        Route::post(
            "/clusters/{cluster}/education/steps/lessons",
            "curriculum.map",
            "Say which course or skill gives experience of a step",
            steps::lesson,
        )
        .takes::<steps::LessonForm>(),
    ]
}
