//! What the competition offers to the program; every noun adds its routes here and nowhere else.

use hiec_access::Subject;
use hiec_access::policy::{PolicyText, Target};
use hiec_kernel::{Role, Scope};
use hiec_store::Migration;
use hiec_web::{Capability, Nav};
use uuid::Uuid;

/// Applied in order; a landed migration is never edited.
const MIGRATIONS: &[Migration] = &[
    Migration { id: "competition-0001", sql: include_str!("../migrations/0001-calls.sql"), append_only: &[] },
    Migration {
        id: "competition-0002",
        sql: include_str!("../migrations/0002-bids.sql"),
        append_only: &["competition_answer_history", "competition_submission"],
    },
    Migration {
        id: "competition-0003",
        sql: include_str!("../migrations/0003-assessment.sql"),
        append_only: &["competition_declaration", "competition_undertaking", "competition_moderation"],
    },
    Migration {
        id: "competition-0004",
        sql: include_str!("../migrations/0004-dialogue.sql"),
        append_only: &["competition_dialogue_note"],
    },
    Migration {
        id: "competition-0005",
        sql: include_str!("../migrations/0005-award.sql"),
        append_only: &["competition_ranking", "competition_letter", "competition_announcement"],
    },
    Migration { id: "competition-0006", sql: include_str!("../migrations/0006-designing.sql"), append_only: &[] },
    Migration {
        id: "competition-0007",
        sql: include_str!("../migrations/0007-outcomes.sql"),
        append_only: &["competition_outcome_letter", "competition_setting_aside"],
    },
    Migration { id: "competition-0008", sql: include_str!("../migrations/0008-lists.sql"), append_only: &[] },
];

const POLICIES: &[PolicyText] = &[
    PolicyText { name: "competition: calls", text: include_str!("../policies/calls.cedar") },
    PolicyText { name: "competition: bids", text: include_str!("../policies/bids.cedar") },
    PolicyText { name: "competition: dialogue", text: include_str!("../policies/dialogue.cedar") },
    PolicyText { name: "competition: assessment", text: include_str!("../policies/assessment.cedar") },
    PolicyText { name: "competition: award", text: include_str!("../policies/award.cedar") },
];

/// The competition, ready for the program's list.
pub fn capability() -> Capability {
    Capability {
        name: "competition",
        routes: [
            crate::programmes::routes(),
            crate::calls::routes(),
            crate::bids::routes(),
            crate::partnerships::routes(),
            crate::dialogue::routes(),
            crate::pqq::routes(),
            crate::interests::routes(),
            crate::assessment::routes(),
            crate::moderation::routes(),
            crate::ranking::routes(),
            crate::panel::routes(),
            crate::award::routes(),
            crate::announcement::routes(),
            crate::open_data::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        migrations: MIGRATIONS,
        policies: POLICIES,
        navigation,
        samples,
        jobs: vec![crate::bids::reminders::JOB],
    }
}

fn navigation(subject: &Subject) -> Vec<Nav> {
    let mut links = vec![Nav { href: "/calls".into(), label: "Calls" }];
    if subject.held.iter().any(|held| held.role.is_bidder()) {
        links.push(Nav { href: "/bids".into(), label: "My bids" });
    }
    if subject.holds(Role::Assessor) {
        links.push(Nav { href: "/reviews".into(), label: "My reviews" });
    }
    if subject.holds(Role::Administrator) {
        links.push(Nav { href: "/programmes".into(), label: "Programmes" });
    }
    links
}

/// Typical targets for the permission table: an open call, an opened bid, and what hangs on them.
fn samples() -> Vec<Target> {
    let id = Uuid::nil;
    let call = |kind: &'static str| {
        Target::new(kind, id())
            .scopes([Scope::Call(id()), Scope::Programme(id()), Scope::Region(id())])
            .within(id())
            .fact("is_public", true)
    };
    let bid = |kind: &'static str| {
        Target::new(kind, id())
            .scopes([Scope::Call(id()), Scope::Programme(id()), Scope::Region(id()), Scope::Bid(id())])
            .within(id())
    };
    vec![
        call("call"),
        call("programme"),
        call("dialogue").fact("is_registered", true),
        bid("bid"),
        bid("partner").fact("is_own", true),
        Target::new("invitation", id()),
        Target::new("bidder", id()).fact("is_own", true),
        bid("pqq"),
        bid("interest"),
        bid("review").fact("is_own", true),
        bid("moderation"),
        call("ranking"),
        call("meeting").fact("is_own", true),
        call("award"),
        Target::new("announcement", id()).fact("is_public", true),
        Target::new("public", id()),
    ]
}
