//! What delivery offers to the program; every noun adds its routes here and nowhere else.

use hiec_access::Subject;
use hiec_access::policy::{PolicyText, Target};
use hiec_store::Migration;
use hiec_web::{Capability, Nav};

/// Applied in order; a landed migration is never edited.
const MIGRATIONS: &[Migration] = &[];

const POLICIES: &[PolicyText] = &[];

/// The work of clusters, ready for the program's list.
pub fn capability() -> Capability {
    Capability {
        name: "delivery",
        routes: vec![],
        migrations: MIGRATIONS,
        policies: POLICIES,
        navigation,
        samples,
        jobs: vec![],
    }
}

fn navigation(_: &Subject) -> Vec<Nav> {
    vec![]
}

/// Typical targets for the permission table.
fn samples() -> Vec<Target> {
    vec![]
}
