//! Innovations: what is to be adopted, where it stands at every site, what hinders it, and practices that others copy.

pub(crate) mod actions;
pub mod barriers;
pub mod curve;
pub mod deviants;
mod file;
mod list;
mod new;
mod page;
mod practice;
mod practices;
pub(crate) mod practices_store;
mod running;
mod site;
pub mod steps;
pub(crate) mod store;
mod tiles;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/clusters/{cluster}/innovations", "innovation.list", "Innovations", list::get),
        Route::get("/clusters/{cluster}/innovations/new", "innovation.start", "Name an innovation: the page", new::get),
        Route::post("/clusters/{cluster}/innovations/new", "innovation.start", "Name an innovation", new::post)
            .takes::<new::Form>(),
        Route::get("/clusters/{cluster}/innovations/{innovation}", "innovation.view", "An innovation", page::get),
        Route::get(
            "/clusters/{cluster}/innovations/{innovation}/spread.svg",
            "innovation.view",
            "The adoption curve as a picture",
            page::picture,
        ),
        Route::get(
            "/clusters/{cluster}/innovations/{innovation}/sites.csv",
            "innovation.export",
            "Every step of every site as CSV",
            file::csv,
        ),
        Route::get(
            "/clusters/{cluster}/innovations/{innovation}/sites.xlsx",
            "innovation.export",
            "Every step of every site as XLSX",
            file::xlsx,
        ),
        Route::post(
            "/clusters/{cluster}/innovations/{innovation}/evidence",
            "innovation.run",
            "Add evidence",
            running::evidence,
        )
        .takes::<running::EvidenceForm>(),
        Route::post(
            "/clusters/{cluster}/innovations/{innovation}/sites",
            "innovation.run",
            "Say which sites it is for",
            running::sites,
        )
        .takes::<running::SitesForm>(),
        Route::post(
            "/clusters/{cluster}/innovations/{innovation}/plan",
            "innovation.run",
            "Plan how it spreads",
            running::plan,
        )
        .takes::<running::PlanForm>(),
    ];
    routes.extend(site_routes());
    routes.extend(practice_routes());
    routes
}

fn site_routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/innovations/{innovation}/sites/{site}",
            "innovation_site.view",
            "A site with an innovation",
            site::get,
        ),
        Route::post(
            "/clusters/{cluster}/innovations/{innovation}/sites/{site}/steps",
            "innovation_site.state",
            "Say how far a site is",
            site::step,
        )
        .takes::<site::StepForm>(),
        Route::post(
            "/clusters/{cluster}/innovations/{innovation}/sites/{site}/corrections",
            "innovation_site.state",
            "Correct what was said of a site",
            site::correction,
        )
        .takes::<site::CorrectionForm>(),
        Route::post(
            "/clusters/{cluster}/innovations/{innovation}/sites/{site}/barriers",
            "innovation_site.state",
            "Say what hinders a site",
            site::barriers,
        ),
    ]
}

fn practice_routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/practices", "practice.list", "Practices to copy", practices::get),
        Route::get(
            "/clusters/{cluster}/practices/new",
            "practice.write",
            "Write up a practice: the page",
            practices::new,
        ),
        Route::post("/clusters/{cluster}/practices/new", "practice.write", "Write up a practice", practices::post)
            .takes::<practices::Form>(),
        Route::get(
            "/clusters/{cluster}/practices/found",
            "practice.write",
            "Sites that do better than expected",
            deviants::get,
        ),
        Route::get("/clusters/{cluster}/practices/{practice}", "practice.view", "A practice to copy", practice::get),
        Route::post(
            "/clusters/{cluster}/practices/{practice}/copies",
            "practice.copy",
            "Tell how a practice was copied",
            practice::post,
        )
        .takes::<practice::Form>(),
    ]
}
