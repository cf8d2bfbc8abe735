//! What people do about definitions: propose one, put it in force or refuse it. One unit each; nobody decides on their own proposal.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_store::{AuditEvent, Reads, StoreError, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::events::stream;
use super::rules::Definition;
use super::states::{Decision, Proposed, VersionState};
use super::store::{self, Measure, Version};
use super::{entering, series, signals};

/// A version of a definition was proposed.
#[derive(Serialize)]
struct DefinitionProposed<'a> {
    key: &'a str,
    number: i64,
    definition: &'a Definition,
    why: &'a str,
}

impl AuditEvent for DefinitionProposed<'_> {
    const KIND: &'static str = "measure.proposed";

    fn reason(&self) -> Option<&str> {
        Some(self.why).filter(|why| !why.is_empty())
    }
}

/// A version was put in force or refused.
#[derive(Serialize)]
struct DefinitionDecided<'a> {
    key: &'a str,
    number: i64,
    state: VersionState,
    reason: &'a str,
}

impl AuditEvent for DefinitionDecided<'_> {
    const KIND: &'static str = "measure.decided";

    fn reason(&self) -> Option<&str> {
        Some(self.reason).filter(|reason| !reason.is_empty())
    }
}

/// Proposes a new measure. It takes figures once somebody else has put its definition in force.
pub(crate) async fn propose_new(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    key: &str,
    definition: Definition,
    why: &str,
    is_illustrative: bool,
) -> Result<Measure, Problem> {
    let measure = Measure {
        id: unit.new_id(),
        cluster: cluster.id,
        key: key.to_owned(),
        title: definition.title.clone(),
        definition,
        in_force: 0,
        is_illustrative,
    };
    match store::insert(unit, &measure).await {
        Err(error) if error.is_duplicate() => {
            return Err(Problem::conflict(
                "There is a measure of this short name already",
                "Choose another short name, or propose a new version of that measure.",
            ));
        }
        outcome => outcome?,
    }
    propose(unit, &measure, 1, &measure.definition, why).await?;
    Ok(measure)
}

async fn propose(
    unit: &mut Unit,
    measure: &Measure,
    number: i64,
    definition: &Definition,
    why: &str,
) -> Result<(), Problem> {
    match store::insert_version(unit, measure.id, number, definition, why).await {
        Err(error) if error.is_duplicate() => {
            return Err(Problem::conflict(
                "Somebody else proposed a version at the same moment",
                "Look at theirs, then propose yours again if it is still needed.",
            ));
        }
        outcome => outcome?,
    }
    let event = DefinitionProposed { key: &measure.key, number, definition, why };
    unit.audit(stream(measure.cluster), format!("measure:{}", measure.id), &event)?;
    Ok(())
}

/// Proposes a new version of a measure. What figures mean cannot change once there are some: that is another measure.
pub(crate) async fn propose_version(
    unit: &mut Unit,
    measure: &Measure,
    definition: Definition,
    why: &str,
) -> Result<i64, Problem> {
    let versions = store::versions(unit, measure.id).await?;
    if versions.iter().any(|version| version.state == VersionState::Proposed) {
        return Err(Problem::conflict(
            "A version of this measure waits for a decision",
            "Somebody decides on it first; then propose yours.",
        ));
    }
    let old = &measure.definition;
    let means_otherwise = (old.kind, old.period, old.per) != (definition.kind, definition.period, definition.per);
    if means_otherwise && !series::total(unit, measure.id).await?.is_empty() {
        return Err(Problem::conflict(
            "There are figures already, and with this change they would mean something else",
            "Keep kind, period and “for so many” as they are, or propose a new measure beside this one.",
        ));
    }
    let number = versions.first().map_or(1, |newest| newest.number + 1);
    propose(unit, measure, number, &definition, why).await?;
    Ok(number)
}

/// Decides on a version that waits. In force, charts are judged by it from this moment on.
pub(crate) async fn decide(
    unit: &mut Unit,
    measure: &Measure,
    number: i64,
    decision: Decision,
    reason: &str,
) -> Result<VersionState, Problem> {
    let version = find(unit, measure.id, number).await?.ok_or_else(Problem::not_found)?;
    if version.state != VersionState::Proposed {
        return Err(decided_already());
    }
    let proposed = Proposed { by: version.proposed_by.clone() };
    let state = proposed
        .decide(&unit.actor().key(), decision, reason)
        .map_err(|refusal| Problem::conflict(refusal.to_string(), "Nothing was changed."))?;
    if !store::decide_version(unit, measure.id, &version, state, reason.trim()).await? {
        return Err(decided_already());
    }
    let event = DefinitionDecided { key: &measure.key, number, state, reason: reason.trim() };
    unit.audit(stream(measure.cluster), format!("measure:{}", measure.id), &event)?;
    if state == VersionState::InForce {
        let changed = Measure { definition: version.definition, in_force: number, ..measure.clone() };
        entering::judge_anew(unit, &changed).await?;
        signals::watch(unit, measure.cluster).await?;
    }
    Ok(state)
}

fn decided_already() -> Problem {
    Problem::conflict("Somebody has decided on this version already", "Look at what was decided.")
}

async fn find(reads: &impl Reads, measure: Uuid, number: i64) -> Result<Option<Version>, StoreError> {
    Ok(store::versions(reads, measure).await?.into_iter().find(|version| version.number == number))
}
