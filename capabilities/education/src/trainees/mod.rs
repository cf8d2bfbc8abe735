//! Trainees: who learns in the programmes of a cluster.

pub(crate) mod actions;
mod changing;
pub(crate) mod importing;
mod list;
pub(crate) mod new;
mod page;
pub(crate) mod store;

use hiec_web::Route;

use crate::lists;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/trainees", "trainee.list", "Trainees", list::get),
        Route::get("/clusters/{cluster}/education/trainees.csv", "trainee.export", "Trainees as CSV", list::csv),
        Route::get("/clusters/{cluster}/education/trainees.xlsx", "trainee.export", "Trainees as XLSX", list::xlsx),
        Route::get(
            "/clusters/{cluster}/education/trainees/new",
            "trainee.enrol",
            "Enrol a trainee: the page",
            new::get,
        ),
        Route::post("/clusters/{cluster}/education/trainees/new", "trainee.enrol", "Enrol a trainee", new::post)
            .takes::<new::Form>(),
        Route::get(
            "/clusters/{cluster}/education/trainees/imports",
            "trainee.import",
            "Import trainees: the page",
            lists::new::<importing::Trainees>,
        ),
        Route::post(
            "/clusters/{cluster}/education/trainees/imports",
            "trainee.import",
            "Upload a list of trainees",
            lists::upload::<importing::Trainees>,
        )
        .takes_file(hiec_web::uploads::LARGEST_LIST),
        Route::get(
            "/clusters/{cluster}/education/trainees/imports/{file}",
            "trainee.import",
            "What an import of trainees would do",
            lists::preview::<importing::Trainees>,
        ),
        Route::post(
            "/clusters/{cluster}/education/trainees/imports/{file}",
            "trainee.import",
            "Import a previewed list of trainees",
            lists::confirm::<importing::Trainees>,
        )
        .takes::<lists::ConfirmForm>(),
        Route::get("/clusters/{cluster}/education/trainees/{trainee}", "trainee.view", "A trainee", page::get),
        Route::get(
            "/clusters/{cluster}/education/trainees/{trainee}/change",
            "trainee.change",
            "Change a trainee: the page",
            changing::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/trainees/{trainee}/change",
            "trainee.change",
            "Change a trainee's share, grade or membership",
            changing::post,
        )
        .takes::<changing::Form>(),
    ]
}
