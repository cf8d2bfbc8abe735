//! Projects: what is done on each pathway, by whom, how it stands, and its small tests of change.

pub(crate) mod actions;
mod cycle;
pub mod cycles;
mod list;
mod new;
mod page;
mod running;
pub mod standing;
pub(crate) mod store;

pub(crate) use running::web_address;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/projects", "project.list", "Projects by pathway", list::get),
        Route::get("/clusters/{cluster}/projects.csv", "project.list", "Projects as CSV", list::csv),
        Route::get("/clusters/{cluster}/projects.xlsx", "project.list", "Projects as XLSX", list::xlsx),
        Route::get("/clusters/{cluster}/projects/new", "project.start", "Start a project: the page", new::get),
        Route::post("/clusters/{cluster}/projects/new", "project.start", "Start a project", new::post)
            .takes::<new::Form>(),
        Route::get("/clusters/{cluster}/projects/{project}", "project.view", "A project", page::get),
        Route::post(
            "/clusters/{cluster}/projects/{project}/standing",
            "project.run",
            "Say how a project stands",
            running::standing,
        )
        .takes::<running::StandingForm>(),
        Route::post(
            "/clusters/{cluster}/projects/{project}/milestones",
            "project.run",
            "Add a milestone",
            running::milestone,
        )
        .takes::<running::MilestoneForm>(),
        Route::post(
            "/clusters/{cluster}/projects/{project}/milestones/{milestone}",
            "project.run",
            "Reach or move a milestone",
            running::milestone_change,
        )
        .takes::<running::MilestoneChangeForm>(),
        Route::post(
            "/clusters/{cluster}/projects/{project}/products",
            "project.run",
            "Add a product",
            running::product,
        )
        .takes::<running::ProductForm>(),
        Route::post("/clusters/{cluster}/projects/{project}/cycles", "project.run", "Plan a cycle", running::cycle)
            .takes::<running::CycleForm>(),
        Route::get(
            "/clusters/{cluster}/projects/{project}/cycles/{cycle}",
            "project.view",
            "A cycle of plan, do, study, act",
            cycle::get,
        ),
        Route::post(
            "/clusters/{cluster}/projects/{project}/cycles/{cycle}",
            "project.run",
            "Take a cycle's next step",
            cycle::post,
        )
        .takes::<cycle::Form>(),
    ]
}
