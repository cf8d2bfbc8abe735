//! Placements: who is in which post and when, and who is out of programme.

pub(crate) mod actions;
mod changing;
mod form;
mod grid;
mod importing;
mod list;
mod new;
mod page;
pub(crate) mod picture;
mod rota;
pub(crate) mod rules;
pub(crate) mod scene;
pub(crate) mod store;

use hiec_web::Route;

use crate::lists;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/placements", "placement.list", "Placements", list::get),
        Route::get("/clusters/{cluster}/education/placements.csv", "placement.export", "Placements as CSV", list::csv),
        Route::get(
            "/clusters/{cluster}/education/placements.xlsx",
            "placement.export",
            "Placements as XLSX",
            list::xlsx,
        ),
        Route::get(
            "/clusters/{cluster}/education/placements/new",
            "placement.plan",
            "Plan a placement: the page",
            new::get,
        ),
        Route::post("/clusters/{cluster}/education/placements/new", "placement.plan", "Plan a placement", new::post)
            .takes::<form::Form>(),
        Route::get(
            "/clusters/{cluster}/education/placements/imports",
            "placement.import",
            "Import placements: the page",
            lists::new::<importing::Placements>,
        ),
        Route::post(
            "/clusters/{cluster}/education/placements/imports",
            "placement.import",
            "Upload a list of placements",
            lists::upload::<importing::Placements>,
        )
        .takes_file(hiec_web::uploads::LARGEST_LIST),
        Route::get(
            "/clusters/{cluster}/education/placements/imports/{file}",
            "placement.import",
            "What an import of placements would do",
            lists::preview::<importing::Placements>,
        ),
        Route::post(
            "/clusters/{cluster}/education/placements/imports/{file}",
            "placement.import",
            "Import a previewed list of placements",
            lists::confirm::<importing::Placements>,
        )
        .takes::<lists::ConfirmForm>(),
        Route::get("/clusters/{cluster}/education/placements/{placement}", "placement.view", "A placement", page::get),
        Route::get(
            "/clusters/{cluster}/education/placements/{placement}/change",
            "placement.change",
            "Change a placement: the page",
            changing::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/placements/{placement}/change",
            "placement.change",
            "Change a placement",
            changing::post,
        )
        .takes::<form::Form>(),
        Route::post(
            "/clusters/{cluster}/education/placements/{placement}/cancellation",
            "placement.cancel",
            "Cancel a placement",
            page::cancel,
        )
        .takes::<page::CancelForm>(),
        Route::get("/clusters/{cluster}/education/grid", "placement.list", "Rotation grid", grid::get),
        Route::post(
            "/clusters/{cluster}/education/grid/moves",
            "placement.change",
            "Move a placement to other days or another post",
            grid::moved,
        )
        .takes::<grid::MoveForm>(),
    ]
}
