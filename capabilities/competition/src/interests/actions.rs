//! What people do about interests: declare, undertake, look for conflicts, decide on them. One unit each; nobody decides on their own.

use hiec_kernel::clock::london_date;
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, PersonId, Problem};
use hiec_store::{AuditEvent, Stream, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::declarations::{self, Interest};
use super::rules::{self, ConflictKind, Hardness, Origin};
use super::states::{ConflictCase, Decider, DismissalGround};
use super::{detection, store};
use crate::bids::store::Bid;
use crate::calls::store::Call;
use crate::refusal::Refusal;

/// What an assessor promises for a round.
pub const UNDERTAKING: &str = "I will keep the bids in confidence and use them for this assessment only. I will score each bid alone, \
     by the published descriptors, and talk about scores only in moderation. I will say so at once when an interest in a bid comes up.";

/// Somebody declared their interests.
#[derive(Serialize)]
struct InterestsDeclared {
    person: PersonId,
    interests: usize,
}

impl AuditEvent for InterestsDeclared {
    const KIND: &'static str = "interests.declared";
}

/// Somebody gave the undertaking for a round.
#[derive(Serialize)]
struct UndertakingGiven {
    person: PersonId,
}

impl AuditEvent for UndertakingGiven {
    const KIND: &'static str = "undertaking.given";
}

/// A conflict was found or declared.
#[derive(Serialize)]
struct ConflictFound {
    conflict: Uuid,
    bid: BidId,
    kind: ConflictKind,
    hardness: Hardness,
    origin: Origin,
}

impl AuditEvent for ConflictFound {
    const KIND: &'static str = "conflict.found";
}

/// What became of a conflict.
#[derive(Serialize)]
struct ConflictMoved {
    conflict: Uuid,
    bid: BidId,
    to: &'static str,
    reason: Option<String>,
}

impl AuditEvent for ConflictMoved {
    const KIND: &'static str = "conflict.moved";

    fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// Declares interests for a year; an empty list says there are none.
pub(crate) async fn declare(
    unit: &mut Unit,
    by: &Person,
    interests: Vec<Interest>,
    associates: Vec<PersonId>,
) -> Result<(), Problem> {
    let today = london_date(unit.now());
    store::insert_declaration(unit, by.id, today, &interests, &associates).await?;
    let event = InterestsDeclared { person: by.id, interests: interests.len() + associates.len() };
    unit.audit(Stream::installation(), format!("person:{}", by.id), &event)?;
    Ok(())
}

/// Gives the undertaking for a round; a second time changes nothing.
pub(crate) async fn undertake(unit: &mut Unit, call: &Call, by: &Person) -> Result<(), Problem> {
    if store::insert_undertaking(unit, call.id, by.id, UNDERTAKING).await? > 0 {
        let event = UndertakingGiven { person: by.id };
        unit.audit(call.stream(), format!("person:{}", by.id), &event)?;
    }
    Ok(())
}

/// Whether somebody may be given bids today, or everything that is missing.
pub(crate) async fn readiness(
    reads: &impl hiec_store::Reads,
    call: &Call,
    person: PersonId,
) -> Result<Result<(), Vec<Refusal>>, Problem> {
    let declarations: Vec<_> =
        store::latest_declaration(reads, person).await?.map(|declared| declared.declaration).into_iter().collect();
    let undertakings: Vec<_> = store::undertaking(reads, call.id, person).await?.into_iter().collect();
    let today = london_date(call.now);
    Ok(declarations::readiness(person, call.id, &declarations, &undertakings, today))
}

/// The same for many people at once, in their order.
pub(crate) async fn readiness_of_all(
    reads: &impl hiec_store::Reads,
    call: &Call,
    people: &[PersonId],
) -> Result<Vec<Result<(), Vec<Refusal>>>, Problem> {
    let declarations = store::declarations_of(reads, people).await?;
    let undertakings = store::undertakings_of(reads, call.id).await?;
    let today = london_date(call.now);
    Ok(people
        .iter()
        .map(|person| declarations::readiness(*person, call.id, &declarations, &undertakings, today))
        .collect())
}

/// Looks for conflicts of everybody who judges with every bid of the call, and stores the new ones. One found before stays
/// what it became: a dismissed one does not come back by itself. Answers how many are new.
pub(crate) async fn detect_conflicts(unit: &mut Unit, call: &Call) -> Result<usize, Problem> {
    let bids = detection::bid_facts(unit, call.id).await?;
    let known: std::collections::BTreeSet<(BidId, PersonId, ConflictKind)> = store::of_call(unit, call.id)
        .await?
        .into_iter()
        .map(|stored| stored.case.conflict)
        .map(|conflict| (conflict.bid, conflict.person, conflict.kind))
        .collect();
    let mut new = 0;
    for person in detection::judges(unit, call.id).await? {
        let facts = detection::person_facts(unit, call, person).await?;
        for conflict in rules::detect(&facts, &bids) {
            if known.contains(&(conflict.bid, conflict.person, conflict.kind)) {
                continue;
            }
            keep(unit, call, ConflictCase::new(conflict)).await?;
            new += 1;
        }
    }
    Ok(new)
}

async fn keep(unit: &mut Unit, call: &Call, case: ConflictCase) -> Result<(), Problem> {
    let id = store::insert(unit, call.id, &case).await?;
    let conflict = case.conflict;
    let event = ConflictFound {
        conflict: id,
        bid: conflict.bid,
        kind: conflict.kind,
        hardness: conflict.hardness,
        origin: conflict.origin,
    };
    unit.audit(call.stream(), format!("person:{}", conflict.person), &event)?;
    Ok(())
}

/// Somebody says of themselves that they have an interest in a bid: it is hard and stands at once.
pub(crate) async fn declare_conflict(unit: &mut Unit, bid: &Bid, by: &Person, why: &str) -> Result<(), Problem> {
    let case = ConflictCase::new(rules::declared(by.id, bid.id, why));
    keep(unit, &bid.call, case).await
}

/// What an officer decides on a conflict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ConflictDecision {
    Dismiss(DismissalGround),
    Restore,
    ConfirmWithdrawal,
    RefuseWithdrawal,
}

/// Decides on a conflict of somebody else, with a reason.
pub(crate) async fn decide_conflict(
    unit: &mut Unit,
    call: &Call,
    id: Uuid,
    by: &Person,
    decision: ConflictDecision,
    reason: &str,
) -> Result<(), Problem> {
    let stored = find(unit, call, id).await?;
    let decider = Decider { person: by.id, is_conflicted: store::stands(unit, stored.case.conflict.bid, by.id).await? };
    let case = stored.case;
    let moved = match decision {
        ConflictDecision::Dismiss(ground) => case.dismiss(decider, ground, reason),
        ConflictDecision::Restore => case.restore(decider, reason),
        ConflictDecision::ConfirmWithdrawal => case.confirm_withdrawal(decider),
        ConflictDecision::RefuseWithdrawal => case.refuse_withdrawal(decider, reason),
    }?;
    save(unit, call, id, &moved, reason).await
}

/// Who declared a conflict asks to take it back; it stands until an officer confirms.
pub(crate) async fn ask_withdrawal(
    unit: &mut Unit,
    call: &Call,
    id: Uuid,
    by: &Person,
    reason: &str,
) -> Result<(), Problem> {
    let stored = find(unit, call, id).await?;
    let moved = stored.case.ask_withdrawal(by.id, reason)?;
    save(unit, call, id, &moved, reason).await
}

async fn find(unit: &Unit, call: &Call, id: Uuid) -> Result<store::StoredConflict, Problem> {
    store::by_id(unit, id).await?.filter(|stored| stored.call == call.id).ok_or_else(Problem::not_found)
}

async fn save(unit: &mut Unit, call: &Call, id: Uuid, case: &ConflictCase, reason: &str) -> Result<(), Problem> {
    store::save(unit, id, case).await?;
    let event = ConflictMoved {
        conflict: id,
        bid: case.conflict.bid,
        to: case.key(),
        reason: (!reason.trim().is_empty()).then(|| reason.trim().to_owned()),
    };
    unit.audit(call.stream(), format!("person:{}", case.conflict.person), &event)?;
    Ok(())
}
