//! Measures: what is counted, the figures of every site, what their charts say, and who may see which.

#[expect(dead_code, reason = "the pages of one measure and one site follow")]
mod access;
#[expect(dead_code, reason = "the pages that propose and decide follow")]
mod defining;
#[expect(dead_code, reason = "the pages that enter follow")]
mod entering;
pub mod events;
pub(crate) mod figures;
mod judging;
#[expect(dead_code, reason = "files follow")]
mod list;
mod packed;
pub mod periods;
#[expect(dead_code, reason = "charts follow")]
mod pieces;
pub mod reading;
#[expect(dead_code, reason = "decisions follow")]
mod rebasing;
pub mod rules;
#[expect(dead_code, reason = "the pages of one measure and one site follow")]
mod series;
pub mod sight;
pub(crate) mod signals;
pub mod states;
#[expect(dead_code, reason = "the pages of one measure and one site follow")]
mod store;

use hiec_access::policy::Target;
use hiec_kernel::Scope;
use hiec_web::Route;
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(
        "/clusters/{cluster}/measures",
        "measure.list",
        "A cluster's measures at all sites, as icons",
        list::get,
    )]
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
