//! All clusters side by side, for those who pay for them and contract with them: returns, money, signals, breaches, reach.

mod lines;
mod page;
pub mod store;

use hiec_access::Subject;
use hiec_kernel::Role;
use hiec_web::{Nav, Route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/overview", "overview.view", "Clusters side by side", page::get),
        Route::get("/clusters/overview.csv", "overview.export", "Clusters side by side as CSV", page::csv),
        Route::get("/clusters/overview.xlsx", "overview.export", "Clusters side by side as XLSX", page::xlsx),
    ]
}

/// The way there, for those who look at several clusters.
pub(crate) fn navigation(subject: &Subject) -> Vec<Nav> {
    let looks_at_many = |role: Role| matches!(role, Role::RegionOfficer | Role::ProgrammeOfficer);
    match subject.held.iter().any(|held| looks_at_many(held.role)) {
        true => vec![Nav { href: "/clusters/overview".into(), label: "Side by side" }],
        false => vec![],
    }
}
