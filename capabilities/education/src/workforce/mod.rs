//! Workforce models: versions of what a cluster assumes, runs that can be made again, what-ifs, and the year in which a change first shows.

pub(crate) mod actions;
mod comparing;
mod drafting;
mod edit;
mod list;
mod page;
mod run_page;
pub(crate) mod store;

use hiec_access::policy::Target;
use hiec_kernel::Scope;
use hiec_web::Route;
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/workforce", "workforce.list", "Workforce models", list::get),
        Route::get(
            "/clusters/{cluster}/education/workforce/new",
            "workforce.write",
            "Begin a workforce model: the page",
            edit::new,
        ),
        Route::post(
            "/clusters/{cluster}/education/workforce/new",
            "workforce.write",
            "Begin a workforce model",
            edit::begin,
        )
        .takes::<edit::Form>(),
        Route::get("/clusters/{cluster}/education/workforce/{model}", "workforce.view", "A workforce model", page::get),
        Route::get(
            "/clusters/{cluster}/education/workforce/{model}/model.json",
            "workforce.export",
            "A workforce model as JSON",
            page::json,
        ),
        Route::get(
            "/clusters/{cluster}/education/workforce/{model}/versions/new",
            "workforce.write",
            "Change a workforce model: the page",
            edit::change,
        ),
        Route::post(
            "/clusters/{cluster}/education/workforce/{model}/versions/new",
            "workforce.write",
            "Change a workforce model",
            edit::keep,
        )
        .takes::<edit::Form>(),
        Route::post(
            "/clusters/{cluster}/education/workforce/{model}/runs",
            "workforce.run",
            "Run a workforce model",
            page::run,
        )
        .takes::<page::Form>(),
        Route::get(
            "/clusters/{cluster}/education/workforce/{model}/runs/{run}",
            "workforce.view",
            "A run",
            run_page::get,
        ),
        Route::get(
            "/clusters/{cluster}/education/workforce/{model}/runs/{run}/years.csv",
            "workforce.export",
            "A run as CSV",
            run_page::csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/workforce/{model}/runs/{run}/run.json",
            "workforce.export",
            "A run as JSON",
            run_page::json,
        ),
        Route::get(
            "/clusters/{cluster}/education/workforce/{model}/comparison",
            "workforce.view",
            "Two runs side by side",
            comparing::get,
        ),
    ]
}

/// Typical targets for the permission table.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil();
    let scopes = [Scope::Cluster(id), Scope::Region(id), Scope::Programme(id), Scope::Organisation(id)];
    vec![Target::new("workforce", id).scopes(scopes).within(id)]
}
