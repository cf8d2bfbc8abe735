//! Measures: what is counted, the figures of every site, what their charts say, and who may see which.

mod access;
mod across;
mod chart;
mod counting;
pub(crate) mod define;
pub(crate) mod defining;
mod definition;
mod desk;
mod dhis2;
pub(crate) mod entering;
mod entry;
pub mod events;
pub(crate) mod figures;
mod files;
pub mod importing;
mod incoming;
mod judging;
mod late;
mod list;
mod noting;
mod observation;
pub(crate) mod packed;
mod people;
pub mod periods;
mod pieces;
pub mod reading;
mod rebasing;
pub mod rules;
pub(crate) mod series;
mod share;
mod showing;
pub mod sight;
pub(crate) mod signals;
pub mod states;
pub(crate) mod store;
mod upload;

use hiec_access::policy::Target;
use hiec_kernel::Scope;
use hiec_web::Route;
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    [of_cluster(), of_measure(), of_series(), of_site()].into_iter().flatten().collect()
}

fn of_cluster() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/measures",
            "measure.list",
            "A cluster's measures at all sites, as icons",
            list::get,
        ),
        Route::get("/clusters/{cluster}/measures/new", "measure.propose", "Propose a measure", define::new),
        Route::post("/clusters/{cluster}/measures", "measure.propose", "Propose a measure", define::create)
            .takes::<define::DefinitionForm>(),
        Route::get(
            "/clusters/{cluster}/measures/files/{name}",
            "measure.export",
            "Icons or figures of all measures as a file: icons.csv, figures.csv, figures.xlsx",
            files::of_cluster,
        ),
        Route::get("/clusters/{cluster}/figures/new", "measure.import", "Import a file of figures", upload::new),
        Route::post("/clusters/{cluster}/figures", "measure.import", "Upload a file of figures", upload::upload)
            .takes_file(incoming::LARGEST + 1024 * 1024),
        Route::get("/clusters/{cluster}/figures/late", "measure.view", "Which sites owe which figures", late::get),
        Route::get(
            "/clusters/{cluster}/figures/{file}",
            "measure.import",
            "What a file of figures would do",
            upload::preview,
        ),
        Route::post(
            "/clusters/{cluster}/figures/{file}",
            "measure.import",
            "Import a file of figures",
            upload::confirm,
        )
        .takes::<upload::ConfirmForm>(),
        Route::get(
            "/clusters/{cluster}/data-value-sets",
            "measure.export",
            "All figures as a DHIS2 data value set",
            dhis2::export,
        ),
        Route::post(
            "/clusters/{cluster}/data-value-sets",
            "measure.import",
            "Import a DHIS2 data value set, as JSON or CSV; ?dryRun=true changes nothing",
            dhis2::import,
        )
        .takes::<dhis2::DataValueSet>()
        .up_to(incoming::LARGEST),
    ]
}

fn of_measure() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/measures/{measure}", "measure.view", "One measure across sites", across::get),
        Route::get(
            "/clusters/{cluster}/measures/{measure}/definition",
            "measure.view",
            "A measure's definition with its versions",
            definition::get,
        ),
        Route::get(
            "/clusters/{cluster}/measures/{measure}/versions/new",
            "measure.propose",
            "Propose a version of a definition",
            define::new_version,
        ),
        Route::post(
            "/clusters/{cluster}/measures/{measure}/versions",
            "measure.propose",
            "Propose a version of a definition",
            define::propose_version,
        )
        .takes::<define::DefinitionForm>(),
        Route::post(
            "/clusters/{cluster}/measures/{measure}/versions/{number}/decision",
            "measure.decide",
            "Put a version in force or refuse it",
            definition::decide,
        )
        .takes::<definition::DecisionForm>(),
        Route::post(
            "/clusters/{cluster}/measures/{measure}/events",
            "measure.note",
            "Put an event on the charts of a measure",
            noting::add,
        )
        .takes::<noting::EventForm>(),
        Route::get(
            "/clusters/{cluster}/measures/{measure}/files/{name}",
            "measure.export",
            "Figures of a measure as a file: figures.csv, figures.xlsx",
            files::of_measure,
        ),
    ]
}

fn of_series() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/measures/{measure}/sites/{site}",
            "series.view",
            "The chart of a measure at a site, or of `all` sites together",
            chart::get,
        ),
        Route::get(
            "/clusters/{cluster}/measures/{measure}/sites/{site}/files/{name}",
            "series.export",
            "A chart or its figures as a file: chart.svg, chart.png, chart.pdf, figures.csv, figures.xlsx",
            files::of_series,
        ),
        Route::get(
            "/clusters/{cluster}/measures/{measure}/sites/{site}/observations/{period}",
            "series.view",
            "One figure with its evidence",
            observation::get,
        ),
        Route::post(
            "/clusters/{cluster}/measures/{measure}/sites/{site}/rebases",
            "series.rebase",
            "Accept or refuse new limits",
            chart::decide,
        )
        .takes::<chart::RebaseForm>(),
        Route::post(
            "/clusters/{cluster}/measures/{measure}/sites/{site}/sharing",
            "series.share",
            "Choose what peers see of a site",
            share::choose,
        )
        .takes::<share::SharingForm>(),
    ]
}

fn of_site() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/sites/{site}/measures",
            "series.view",
            "One site across all measures",
            desk::get,
        ),
        Route::get("/clusters/{cluster}/sites/{site}/entry", "series.enter", "Enter a site's figures", entry::get),
        Route::post("/clusters/{cluster}/sites/{site}/entry", "series.enter", "Enter a site's figures", entry::post)
            .takes::<entry::EntryForm>(),
    ]
}

/// Typical targets for the permission table.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil;
    let of = |kind: &'static str| {
        Target::new(kind, id())
            .scopes([Scope::Cluster(id()), Scope::Region(id()), Scope::Programme(id()), Scope::Organisation(id())])
            .within(id())
    };
    vec![of("measure"), of("series")]
}
