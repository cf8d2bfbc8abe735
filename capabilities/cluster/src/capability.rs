//! What the cluster capability offers to the program; every noun adds its routes here and nowhere else.

use hiec_access::Subject;
use hiec_access::policy::{PolicyText, Target};
use hiec_kernel::Scope;
use hiec_store::Migration;
use hiec_web::{Capability, Nav};
use uuid::Uuid;

/// Applied in order; a landed migration is never edited.
const MIGRATIONS: &[Migration] = &[
    Migration { id: "cluster-0001", sql: include_str!("../migrations/0001-clusters.sql"), append_only: &[] },
    Migration { id: "cluster-0002", sql: include_str!("../migrations/0002-constitution.sql"), append_only: &[] },
    Migration {
        id: "cluster-0003",
        sql: include_str!("../migrations/0003-agreement.sql"),
        append_only: &["cluster_agreement", "cluster_signature"],
    },
    Migration { id: "cluster-0004", sql: include_str!("../migrations/0004-people.sql"), append_only: &[] },
    Migration { id: "cluster-0005", sql: include_str!("../migrations/0005-succession.sql"), append_only: &[] },
    Migration { id: "cluster-0010", sql: include_str!("../migrations/0010-money.sql"), append_only: &[] },
    Migration {
        id: "cluster-0011",
        sql: include_str!("../migrations/0011-risks.sql"),
        append_only: &["cluster_risk_judgement"],
    },
    Migration { id: "cluster-0012", sql: include_str!("../migrations/0012-board.sql"), append_only: &[] },
    Migration { id: "cluster-0013", sql: include_str!("../migrations/0013-health.sql"), append_only: &[] },
    Migration { id: "cluster-0014", sql: include_str!("../migrations/0014-asked.sql"), append_only: &[] },
];

const POLICIES: &[PolicyText] = &[
    PolicyText { name: "cluster: clusters", text: include_str!("../policies/clusters.cedar") },
    PolicyText { name: "cluster: health", text: include_str!("../policies/health.cedar") },
    PolicyText { name: "cluster: board", text: include_str!("../policies/board.cedar") },
    PolicyText { name: "cluster: risks", text: include_str!("../policies/risks.cedar") },
    PolicyText { name: "cluster: money", text: include_str!("../policies/money.cedar") },
];

/// The life of clusters, ready for the program's list.
pub fn capability() -> Capability {
    Capability {
        name: "cluster",
        routes: [
            crate::clusters::routes(),
            crate::constitution::routes(),
            crate::partners::routes(),
            crate::principles::routes(),
            crate::agreement::routes(),
            crate::links::routes(),
            crate::people::routes(),
            crate::succession::routes(),
            crate::money::routes(),
            crate::funding::routes(),
            crate::risks::routes(),
            crate::responsibilities::routes(),
            crate::board::routes(),
            crate::health::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        migrations: MIGRATIONS,
        policies: POLICIES,
        navigation,
        samples,
        jobs: vec![
            crate::clusters::founding::JOB,
            crate::principles::watch::JOB,
            crate::board::reminders::JOB,
            crate::people::inviting::JOB,
        ],
    }
}

fn navigation(_: &Subject) -> Vec<Nav> {
    vec![Nav { href: "/clusters".into(), label: "Clusters" }]
}

/// Typical targets for the permission table: a cluster with its region and programme.
fn samples() -> Vec<Target> {
    let id = Uuid::nil;
    let of_cluster = |kind: &'static str| {
        Target::new(kind, id()).scopes([Scope::Cluster(id()), Scope::Region(id()), Scope::Programme(id())]).within(id())
    };
    vec![
        of_cluster("cluster").scope(Scope::Organisation(id())).fact("is_public", true),
        of_cluster("partnership").scope(Scope::Organisation(id())).fact("is_public", true).fact("is_open", true),
        of_cluster("post").scope(Scope::Organisation(id())),
        of_cluster("legacy").fact("is_public", true),
        of_cluster("money"),
        of_cluster("funding"),
        of_cluster("risk"),
        of_cluster("responsibility"),
        of_cluster("board"),
        of_cluster("deed"),
        of_cluster("health").scope(Scope::Organisation(id())),
        of_cluster("tie").scope(Scope::Organisation(id())),
    ]
}
