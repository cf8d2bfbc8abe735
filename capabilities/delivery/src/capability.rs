//! What delivery offers to the program; every noun adds its routes here and nowhere else.

use hiec_access::Subject;
use hiec_access::policy::{PolicyText, Target};
use hiec_store::Migration;
use hiec_web::{Capability, Nav};

/// Applied in order; a landed migration is never edited.
const MIGRATIONS: &[Migration] = &[
    Migration {
        id: "delivery-0001",
        sql: include_str!("../migrations/0001-measures.sql"),
        append_only: &["delivery_entry", "delivery_revision", "delivery_rebase"],
    },
    Migration { id: "delivery-0002", sql: include_str!("../migrations/0002-recent.sql"), append_only: &[] },
    Migration { id: "delivery-0003", sql: include_str!("../migrations/0003-kept.sql"), append_only: &[] },
    Migration {
        id: "delivery-0010",
        sql: include_str!("../migrations/0010-projects.sql"),
        append_only: &["delivery_project_standing"],
    },
    Migration {
        id: "delivery-0011",
        sql: include_str!("../migrations/0011-innovations.sql"),
        append_only: &[
            "delivery_adoption_step",
            "delivery_adoption_plan",
            "delivery_barrier",
            "delivery_practice_copy",
        ],
    },
    Migration {
        id: "delivery-0012",
        sql: include_str!("../migrations/0012-impact.sql"),
        append_only: &[
            "delivery_impact_frozen",
            "delivery_impact_amendment",
            "delivery_impact_result",
            "delivery_impact_value",
        ],
    },
    Migration {
        id: "delivery-0013",
        sql: include_str!("../migrations/0013-trials.sql"),
        append_only: &["delivery_trial_answer", "delivery_trial_decision"],
    },
    Migration {
        id: "delivery-0020",
        sql: include_str!("../migrations/0020-returns.sql"),
        append_only: &["delivery_return_signed"],
    },
];

const POLICIES: &[PolicyText] = &[
    PolicyText { name: "delivery: measures", text: include_str!("../policies/measures.cedar") },
    PolicyText { name: "delivery: work", text: include_str!("../policies/work.cedar") },
    PolicyText { name: "delivery: returns", text: include_str!("../policies/returns.cedar") },
];

/// The work of clusters, ready for the program's list.
pub fn capability() -> Capability {
    Capability {
        name: "delivery",
        routes: [
            // One line a noun.
            crate::measures::routes(),
            crate::pathways::routes(),
            crate::projects::routes(),
            crate::innovations::routes(),
            crate::impact::routes(),
            crate::trials::routes(),
            crate::kpis::routes(),
            crate::returns::routes(),
            crate::overview::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        migrations: MIGRATIONS,
        policies: POLICIES,
        navigation,
        samples,
        jobs: vec![crate::measures::signals::JOB, crate::returns::JOB],
    }
}

fn navigation(subject: &Subject) -> Vec<Nav> {
    crate::overview::navigation(subject)
}

/// Typical targets for the permission table.
fn samples() -> Vec<Target> {
    [crate::measures::samples(), crate::ground::samples(), crate::returns::samples()].into_iter().flatten().collect()
}
