//! The education tariff: dated prices and factors, what follows each trainee to the host, who pays whom, and hosts' claims.

mod asked;
pub(crate) mod claims;
pub(crate) mod drawing;
mod files;
pub(crate) mod limited;
mod lines;
pub(crate) mod lists;
pub(crate) mod loading;
mod loading_pages;
mod own;
mod page;
mod report;
pub(crate) mod store;
pub(crate) mod totals;
mod trail;
pub(crate) mod weighing;

use hiec_access::policy::Target;
use hiec_kernel::Scope;
use hiec_web::Route;
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/clusters/{cluster}/education/tariff", "tariff.view", "What follows trainees to hosts", page::get),
        Route::get("/clusters/{cluster}/education/tariff.csv", "tariff.export", "A statement as CSV", files::csv),
        Route::get(
            "/clusters/{cluster}/education/tariff.xlsx",
            "tariff.export",
            "A statement as a workbook",
            files::xlsx,
        ),
        Route::get("/clusters/{cluster}/education/tariff.pdf", "tariff.export", "A statement as PDF", files::pdf),
        Route::get(
            "/clusters/{cluster}/education/trainees/{trainee}/tariff",
            "trainee.view",
            "What follows a trainee",
            own::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/trainees/{trainee}/tariff.csv",
            "trainee.view",
            "What follows a trainee as CSV",
            own::csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/tariff/trail",
            "tariff.view",
            "From commissioner to team",
            trail::get,
        ),
        Route::get("/clusters/{cluster}/education/tariff/trail.csv", "tariff.export", "The same as CSV", trail::csv),
        Route::get(
            "/clusters/{cluster}/education/tariff/lists/{list}",
            "tariff.view",
            "A list of the tariff",
            loading_pages::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/tariff/lists/{list}/file.csv",
            "tariff.export",
            "A list of the tariff as CSV",
            loading_pages::csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/tariff/lists/{list}/imports/new",
            "tariff.load",
            "Load a list: the page",
            loading_pages::new,
        ),
        Route::post(
            "/clusters/{cluster}/education/tariff/lists/{list}/imports",
            "tariff.load",
            "Load a list",
            loading_pages::upload,
        )
        .takes_file(loading_pages::LARGEST),
        Route::get(
            "/clusters/{cluster}/education/tariff/lists/{list}/imports/{file}",
            "tariff.load",
            "What taking a list would do",
            loading_pages::preview,
        ),
        Route::post(
            "/clusters/{cluster}/education/tariff/lists/{list}/imports/{file}",
            "tariff.load",
            "Take a list that was previewed",
            loading_pages::confirm,
        )
        .takes::<loading_pages::ConfirmForm>(),
        Route::get(
            "/clusters/{cluster}/education/tariff/accounts/{list}",
            "tariff.view",
            "A list of the tariff",
            loading_pages::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/tariff/accounts/{list}/file.csv",
            "tariff.export",
            "A list of the tariff as CSV",
            loading_pages::csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/tariff/accounts/{list}/imports/new",
            "tariff.report",
            "Report a list: the page",
            loading_pages::new,
        ),
        Route::post(
            "/clusters/{cluster}/education/tariff/accounts/{list}/imports",
            "tariff.report",
            "Report a list",
            loading_pages::upload,
        )
        .takes_file(loading_pages::LARGEST),
        Route::get(
            "/clusters/{cluster}/education/tariff/accounts/{list}/imports/{file}",
            "tariff.report",
            "What taking a list would do",
            loading_pages::preview,
        ),
        Route::post(
            "/clusters/{cluster}/education/tariff/accounts/{list}/imports/{file}",
            "tariff.report",
            "Take a list that was previewed",
            loading_pages::confirm,
        )
        .takes::<loading_pages::ConfirmForm>(),
    ];
    routes.extend(claims::routes());
    routes
}

/// Typical targets for the permission table.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil();
    let scopes = [Scope::Cluster(id), Scope::Region(id), Scope::Programme(id), Scope::Organisation(id)];
    ["tariff", "claim"].map(|kind| Target::new(kind, id).scopes(scopes).within(id)).into()
}
