//! The people of a cluster: chair, director, facilitators and fellows in their posts, inducted, and followed by somebody; nobody on both sides of the split.

pub(crate) mod actions;
pub(crate) mod inviting;
mod list;
pub mod rules;
mod show;
pub(crate) mod store;

use hiec_web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/people", "cluster.read", "The people of a cluster", list::get),
        Route::get("/clusters/{cluster}/people.csv", "cluster.read", "The people of a cluster, as CSV", list::download),
        Route::get(
            "/clusters/{cluster}/people.xlsx",
            "cluster.read",
            "The people of a cluster, as XLSX",
            list::workbook,
        ),
        Route::post("/clusters/{cluster}/people", "cluster.appoint", "Bring somebody into a post", list::post)
            .takes::<list::Form>(),
        Route::post(
            "/clusters/{cluster}/people/invitations/{invitation}/withdrawal",
            "cluster.appoint",
            "Withdraw an invitation into a post",
            inviting::withdraw,
        ),
        Route::get("/clusters/{cluster}/people/{post}", "post.view", "Somebody in a post", show::get),
        Route::post(
            "/clusters/{cluster}/people/{post}/induction",
            "post.induct",
            "Note steps of an induction",
            show::induct,
        )
        .takes::<show::InductionForm>(),
        Route::post(
            "/clusters/{cluster}/people/{post}/succession",
            "post.succeed",
            "Say who takes over a post",
            show::succeed,
        )
        .takes::<show::SuccessionForm>(),
        Route::post("/clusters/{cluster}/people/{post}/ending", "post.end", "End a post", show::end)
            .takes::<show::EndForm>(),
    ]
}
