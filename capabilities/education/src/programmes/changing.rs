//! What is done to curricula: the owner writes outcomes; others propose, and the owner decides. One audit entry each.

use hiec_kernel::{ClusterId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::actions::subject;
use super::curriculum::{self, Change, Outcome, Proposed};
use super::states::{Act, Proposal};
use super::store::Programme;
use crate::ground;

/// A curriculum changed.
#[derive(Serialize)]
struct CurriculumChanged<'a> {
    change: &'a Change,
    /// The proposal it came from, where it came from one.
    proposal: Option<i64>,
}

impl AuditEvent for CurriculumChanged<'_> {
    const KIND: &'static str = "education.curriculum.changed";
}

/// A change was proposed, or somebody acted on it.
#[derive(Serialize)]
struct ProposalStands<'a> {
    number: i64,
    change: &'a Change,
    state: &'a Proposal,
    words: &'a str,
}

impl AuditEvent for ProposalStands<'_> {
    const KIND: &'static str = "education.curriculum.proposal";

    fn reason(&self) -> Option<&str> {
        (!self.words.is_empty()).then_some(self.words)
    }
}

/// Changes a curriculum. Whoever calls this may: the policies say so to the owner alone, or to anybody planning where nobody owns it.
pub(crate) async fn write(
    unit: &mut Unit,
    cluster: ClusterId,
    programme: &Programme,
    change: &Change,
    proposal: Option<i64>,
    is_illustrative: bool,
) -> Result<(), Problem> {
    let there = fitting(unit, programme, change).await?;
    match (change, there) {
        (Change::Add { code, name, year }, _) => {
            let outcome = Outcome {
                id: unit.new_id(),
                programme: programme.id,
                code: code.clone(),
                name: name.clone(),
                year: *year,
                is_illustrative,
            };
            curriculum::insert(unit, &outcome).await?;
        }
        (Change::Reword { name, year, .. }, Some(outcome)) => {
            curriculum::save(unit, &Outcome { name: name.clone(), year: *year, ..outcome }).await?;
        }
        (Change::Remove { .. }, Some(outcome)) => curriculum::remove(unit, outcome.id).await?,
        (Change::Reword { .. } | Change::Remove { .. }, None) => {}
    }
    unit.audit(ground::stream(cluster), subject(programme.id), &CurriculumChanged { change, proposal })?;
    Ok(())
}

/// The outcome a change is about, where it is about one that is there.
///
/// # Errors
/// Where it adds what is there, or rewords or takes out what is not.
async fn fitting(unit: &Unit, programme: &Programme, change: &Change) -> Result<Option<Outcome>, Problem> {
    let outcomes = curriculum::of_programme(unit, programme.id).await?;
    let there = outcomes.into_iter().find(|outcome| outcome.code.eq_ignore_ascii_case(change.code()));
    match (change, &there) {
        (Change::Add { code, .. }, Some(_)) => Err(Problem::conflict(
            format!("The curriculum has an outcome {code} already"),
            "Give the new one another code, or reword the one that is there.",
        )),
        (Change::Reword { code, .. } | Change::Remove { code }, None) => Err(Problem::conflict(
            format!("The curriculum has no outcome {code}"),
            "It may have been taken out meanwhile. Open the programme again and choose one that is there.",
        )),
        _ => Ok(there),
    }
}

/// Proposes a change to the owner.
pub(crate) async fn propose(
    unit: &mut Unit,
    cluster: ClusterId,
    programme: &Programme,
    change: Change,
    why: String,
    is_illustrative: bool,
) -> Result<Proposed, Problem> {
    if programme.curriculum_owner.is_none() {
        return Err(Problem::conflict(
            "Nobody owns this curriculum yet, so there is nobody to propose to",
            "Write the outcome on the page of the programme.",
        ));
    }
    fitting(unit, programme, &change).await?;
    let number = curriculum::proposals(unit, programme.id).await?.first().map_or(1, |last| last.number + 1);
    let proposed = Proposed {
        id: unit.new_id(),
        programme: programme.id,
        number,
        change,
        why,
        state: Proposal::Proposed,
        proposed_by: unit.actor().person(),
        proposed_at: unit.now(),
        is_illustrative,
        version: 1,
    };
    curriculum::propose(unit, &proposed).await?;
    stands(unit, cluster, &proposed, &proposed.state, &proposed.why)?;
    Ok(proposed)
}

/// Takes a proposal's next step. Accepting changes the curriculum in the same unit.
pub(crate) async fn act(
    unit: &mut Unit,
    cluster: ClusterId,
    programme: &Programme,
    proposed: &Proposed,
    act: Act,
    reason: String,
) -> Result<(), Problem> {
    let next = proposed
        .state
        .clone()
        .act(act, reason.clone(), unit.now())
        .map_err(|closed| Problem::conflict(closed.to_string(), "Open the page again to see how it stands."))?;
    curriculum::step(unit, proposed, &next).await?;
    stands(unit, cluster, proposed, &next, &reason)?;
    if act == Act::Accept {
        write(unit, cluster, programme, &proposed.change, Some(proposed.number), proposed.is_illustrative).await?;
    }
    Ok(())
}

fn stands(
    unit: &mut Unit,
    cluster: ClusterId,
    proposed: &Proposed,
    state: &Proposal,
    words: &str,
) -> Result<(), Problem> {
    let event = ProposalStands { number: proposed.number, change: &proposed.change, state, words };
    let about: Uuid = proposed.programme;
    Ok(unit.audit(ground::stream(cluster), subject(about), &event)?)
}
