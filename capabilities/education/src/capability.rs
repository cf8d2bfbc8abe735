//! What education offers to the program; every noun adds its routes here and nowhere else.

use hiec_access::Subject;
use hiec_access::policy::{PolicyText, Target};
use hiec_store::Migration;
use hiec_web::{Capability, Nav, Route};

/// Applied in order; a landed migration is never edited.
const MIGRATIONS: &[Migration] = &[
    Migration { id: "education-0001", sql: include_str!("../migrations/0001-core.sql"), append_only: &[] },
    Migration { id: "education-0002", sql: include_str!("../migrations/0002-curricula.sql"), append_only: &[] },
    Migration {
        id: "education-0050",
        sql: include_str!("../migrations/0050-sessions.sql"),
        append_only: &["education_xapi_statement"],
    },
    Migration {
        id: "education-0051",
        sql: include_str!("../migrations/0051-learning.sql"),
        append_only: &["education_lti_score"],
    },
    Migration { id: "education-0060", sql: include_str!("../migrations/0060-tariff.sql"), append_only: &[] },
    Migration { id: "education-0061", sql: include_str!("../migrations/0061-claim-parts.sql"), append_only: &[] },
    Migration {
        id: "education-0040",
        sql: include_str!("../migrations/0040-rounds.sql"),
        append_only: &["education_round_step", "education_round_seal"],
    },
    Migration { id: "education-0041", sql: include_str!("../migrations/0041-post-succession.sql"), append_only: &[] },
    Migration {
        id: "education-0042",
        sql: include_str!("../migrations/0042-round-groups-and-appeals.sql"),
        append_only: &["education_round_change"],
    },
    Migration {
        id: "education-0070",
        sql: include_str!("../migrations/0070-quality.sql"),
        append_only: &[
            "education_framework",
            "education_finding",
            "education_requirement",
            "education_requirement_step",
            "education_escalation",
        ],
    },
    Migration {
        id: "education-0080",
        sql: include_str!("../migrations/0080-credentials.sql"),
        append_only: &["education_skill_evidence", "education_skill_assessment", "education_credential_change"],
    },
    // After 0080, one of whose indexes it makes anew.
    Migration {
        id: "education-0071",
        sql: include_str!("../migrations/0071-claim-steps.sql"),
        append_only: &["education_claim_step"],
    },
    Migration {
        id: "education-0081",
        sql: include_str!("../migrations/0081-signed-anew.sql"),
        append_only: &["education_credential_former"],
    },
    Migration {
        id: "education-0090",
        sql: include_str!("../migrations/0090-workforce.sql"),
        append_only: &["education_workforce_version", "education_workforce_run"],
    },
    Migration { id: "education-0100", sql: include_str!("../migrations/0100-breadth.sql"), append_only: &[] },
];

const POLICIES: &[PolicyText] = &[
    PolicyText { name: "education", text: include_str!("../policies/education.cedar") },
    PolicyText { name: "education: tariff", text: include_str!("../policies/tariff.cedar") },
    PolicyText { name: "education: workforce", text: include_str!("../policies/workforce.cedar") },
    PolicyText { name: "education: sessions", text: include_str!("../policies/sessions.cedar") },
    PolicyText { name: "education: quality", text: include_str!("../policies/quality.cedar") },
    PolicyText { name: "education: rounds", text: include_str!("../policies/rounds.cedar") },
    PolicyText { name: "education: credentials", text: include_str!("../policies/credentials.cedar") },
];

/// The education of clusters, ready for the program's list.
pub fn capability() -> Capability {
    Capability {
        name: "education",
        routes: routes(),
        migrations: MIGRATIONS,
        policies: POLICIES,
        navigation,
        samples,
        jobs: vec![crate::rounds::JOB, crate::sessions::JOB, crate::quality::JOB, crate::credentials::JOB],
    }
}

fn routes() -> Vec<Route> {
    let nouns: Vec<Vec<Route>> = vec![
        // One line a noun.
        crate::home::routes(),
        crate::programmes::routes(),
        crate::pathways::routes(),
        crate::hosts::routes(),
        crate::posts::routes(),
        crate::trainees::routes(),
        crate::placements::routes(),
        crate::calendars::routes(),
        crate::tariff::routes(),
        crate::workforce::routes(),
        crate::sessions::routes(),
        crate::elearning::routes(),
        crate::quality::routes(),
        crate::rounds::routes(),
        crate::credentials::routes(),
    ];
    nouns.into_iter().flatten().collect()
}

fn navigation(subject: &Subject) -> Vec<Nav> {
    [crate::home::navigation(subject), crate::credentials::navigation(subject)].concat()
}

/// Typical targets for the permission table.
fn samples() -> Vec<Target> {
    let nouns: Vec<Vec<Target>> = vec![
        // One line a noun.
        crate::access::samples(),
        crate::rounds::access::samples(),
        crate::sessions::samples(),
        crate::tariff::samples(),
        crate::quality::samples(),
        crate::credentials::samples(),
        crate::workforce::samples(),
    ];
    nouns.into_iter().flatten().collect()
}
