//! Programmes: who learns what along the clinical pathways, by a curriculum that a college or university owns.

pub(crate) mod actions;
mod amending;
pub(crate) mod changing;
pub(crate) mod curriculum;
mod list;
pub(crate) mod new;
mod outcomes;
mod page;
mod proposing;
pub(crate) mod states;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/programmes", "curriculum.list", "Programmes", list::get),
        Route::get("/clusters/{cluster}/education/programmes.csv", "curriculum.export", "Programmes as CSV", list::csv),
        Route::get(
            "/clusters/{cluster}/education/programmes.xlsx",
            "curriculum.export",
            "Programmes as XLSX",
            list::xlsx,
        ),
        Route::get(
            "/clusters/{cluster}/education/programmes/new",
            "curriculum.plan",
            "Begin a programme: the page",
            new::get,
        ),
        Route::post("/clusters/{cluster}/education/programmes/new", "curriculum.plan", "Begin a programme", new::post)
            .takes::<new::Form>(),
        Route::get("/clusters/{cluster}/education/programmes/{programme}", "curriculum.view", "A programme", page::get),
        Route::get(
            "/clusters/{cluster}/education/programmes/{programme}/change",
            "curriculum.plan",
            "Change a programme: the page",
            amending::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/programmes/{programme}/change",
            "curriculum.plan",
            "Change a programme's name, length or last day, or name the owner of its curriculum",
            amending::post,
        )
        .takes::<amending::Form>(),
        Route::post(
            "/clusters/{cluster}/education/programmes/{programme}/outcomes",
            "curriculum.write",
            "Add, reword or take out an outcome of one's own curriculum",
            outcomes::write,
        )
        .takes::<outcomes::OutcomeForm>(),
        Route::get(
            "/clusters/{cluster}/education/programmes/{programme}/places",
            "curriculum.map",
            "Where a programme's outcomes are learnt: the page",
            outcomes::places,
        ),
        Route::post(
            "/clusters/{cluster}/education/programmes/{programme}/places",
            "curriculum.map",
            "Say at which pathway steps outcomes are learnt",
            outcomes::place,
        ),
        Route::get(
            "/clusters/{cluster}/education/programmes/{programme}/proposals/new",
            "curriculum.propose",
            "Propose a change to a curriculum: the page",
            proposing::new,
        ),
        Route::post(
            "/clusters/{cluster}/education/programmes/{programme}/proposals/new",
            "curriculum.propose",
            "Propose a change to whoever owns the curriculum",
            proposing::post,
        )
        .takes::<proposing::Form>(),
        Route::get(
            "/clusters/{cluster}/education/programmes/{programme}/proposals/{proposal}",
            "curriculum.view",
            "A proposed change",
            proposing::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/programmes/{programme}/proposals/{proposal}/decision",
            "curriculum.decide",
            "The owner accepts, refuses or asks",
            proposing::decide,
        )
        .takes::<proposing::ActForm>(),
        Route::post(
            "/clusters/{cluster}/education/programmes/{programme}/proposals/{proposal}/answer",
            "curriculum.propose",
            "Answer the owner, or withdraw a proposal",
            proposing::answer,
        )
        .takes::<proposing::ActForm>(),
    ]
}
