//! Settling things before any rule runs, and taking them back.

use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::{subject, too_late, try_again};
use crate::ground;
use crate::rounds::groups::Attribute;
use crate::rounds::store::{self, Constraint, ConstraintKind, GroupReserve, Round};

#[derive(Serialize)]
struct ConstraintSet<'a> {
    constraint: Uuid,
    kind: ConstraintKind,
    is_removed: bool,
    reason: &'a str,
}

impl AuditEvent for ConstraintSet<'_> {
    const KIND: &'static str = "education.round.constraint";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason)
    }
}

/// Settles something before a rule runs.
pub(crate) async fn constrain(unit: &mut Unit, round: &Round, constraint: &Constraint) -> Result<(), Problem> {
    made_still(round)?;
    store::add_constraint(unit, round.id, constraint).await?;
    try_again(unit, round).await?;
    let (kind, reason) = (constraint.kind, constraint.reason.as_str());
    let event = ConstraintSet { constraint: constraint.id, kind, is_removed: false, reason };
    unit.audit(ground::stream(round.cluster), subject(round), &event)?;
    Ok(())
}

/// Takes it back.
pub(crate) async fn release(unit: &mut Unit, round: &Round, constraint: &Constraint) -> Result<(), Problem> {
    made_still(round)?;
    store::remove_constraint(unit, round.id, constraint.id).await?;
    try_again(unit, round).await?;
    let event = ConstraintSet { constraint: constraint.id, kind: constraint.kind, is_removed: true, reason: "" };
    unit.audit(ground::stream(round.cluster), subject(round), &event)?;
    Ok(())
}

/// Places are kept for a group, or no longer.
#[derive(Serialize)]
struct PlacesKept<'a> {
    reserve: Uuid,
    host: OrganisationId,
    attribute: Attribute,
    value: &'a str,
    places: i64,
    is_released: bool,
    is_removed: bool,
    reason: &'a str,
}

impl AuditEvent for PlacesKept<'_> {
    const KIND: &'static str = "education.round.places_kept";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

impl<'a> PlacesKept<'a> {
    fn of(reserve: &'a GroupReserve, is_removed: bool) -> Self {
        Self {
            reserve: reserve.id,
            host: reserve.host,
            attribute: reserve.attribute,
            value: &reserve.value,
            places: reserve.places,
            is_released: reserve.is_released,
            is_removed,
            reason: &reserve.reason,
        }
    }
}

/// Keeps places of a host for a group.
pub(crate) async fn keep_for(unit: &mut Unit, round: &Round, reserve: &GroupReserve) -> Result<(), Problem> {
    made_still(round)?;
    store::add_reserve(unit, round.id, reserve).await?;
    try_again(unit, round).await?;
    unit.audit(ground::stream(round.cluster), subject(round), &PlacesKept::of(reserve, false))?;
    Ok(())
}

/// Keeps them no longer.
pub(crate) async fn give_up(unit: &mut Unit, round: &Round, reserve: &GroupReserve) -> Result<(), Problem> {
    made_still(round)?;
    store::remove_reserve(unit, round.id, reserve.id).await?;
    try_again(unit, round).await?;
    unit.audit(ground::stream(round.cluster), subject(round), &PlacesKept::of(reserve, true))?;
    Ok(())
}

fn made_still(round: &Round) -> Result<(), Problem> {
    match round.state.is_being_made() {
        true => Ok(()),
        false => Err(too_late(
            "This round is published: what was settled before it stands",
            "Begin a second round for what is left, or decide an appeal.",
        )),
    }
}
