//! Appeals: a trainee makes one, and somebody else than who published the round decides it.

use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::{offer_what_is_left, subject, too_late};
use crate::ground;
use crate::placements::actions::{self as placing, NewPlacement, NotPlaced};
use crate::placements::store::Placement;
use crate::posts::actions as posts;
use crate::rounds::access::RoundHere;
use crate::rounds::letters;
use crate::rounds::states::RoundState;
use crate::rounds::store::{self, Appeal, AppealChange, AppealState, Outcome, Round};
use crate::rounds::upheld::{self, Offer, Room};
use crate::words::Wte;

#[derive(Serialize)]
struct AppealMade {
    appeal: Uuid,
}

impl AuditEvent for AppealMade {
    const KIND: &'static str = "education.round.appeal";
}

#[derive(Serialize)]
struct AppealDecided<'a> {
    appeal: Uuid,
    state: AppealState,
    reason: &'a str,
}

impl AuditEvent for AppealDecided<'_> {
    const KIND: &'static str = "education.round.appeal_decided";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// A trainee appeals, once at a time, while the round is published and not settled.
pub(crate) async fn appeal(unit: &mut Unit, round: &Round, trainee: Uuid, reason: &str) -> Result<(), Problem> {
    if round.state != RoundState::Published {
        return Err(too_late(
            "Appeals are not heard at the moment",
            "They are heard from publication until the round is settled.",
        ));
    }
    let theirs = store::appeals(unit, round.id).await?;
    if theirs.iter().any(|one| one.trainee == trainee && one.state == AppealState::Open) {
        return Err(too_late("Your appeal is there already", "You get a letter when it is decided."));
    }
    let id = store::add_appeal(unit, round.id, trainee, reason).await?;
    unit.audit(ground::stream(round.cluster), subject(round), &AppealMade { appeal: id })?;
    Ok(())
}

/// Decides an appeal; somebody else than who published does.
pub(crate) async fn decide(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    round: &Round,
    appeal: Uuid,
    (state, reason): (AppealState, &str),
) -> Result<(), Problem> {
    let seal = store::seal(unit, round.id).await?.ok_or_else(Problem::not_found)?;
    if seal.is_by(unit.actor().person()) {
        return Err(Problem::forbidden(
            "Who published a round decides no appeal against it",
            "Ask another education lead, or the director of the cluster.",
        ));
    }
    let found = store::appeals(unit, round.id).await?.into_iter().find(|one| one.id == appeal);
    let found = found.ok_or_else(Problem::not_found)?;
    if !store::decide_appeal(unit, appeal, state, reason).await? {
        return Err(too_late("This appeal was decided already", "Open the appeals again to see how."));
    }
    letters::tell_decision(unit, cluster, round, found.trainee).await?;
    unit.audit(ground::stream(cluster.id), subject(round), &AppealDecided { appeal, state, reason })?;
    Ok(())
}

/// What an upheld appeal changes.
#[derive(Clone, Debug)]
pub(crate) enum Placing {
    /// They go to another post; where it had no room, by a stated exception.
    In { offer: Box<Offer>, exception: String },
    /// Nothing about where they go, and why.
    Nothing(String),
}

/// What an upheld appeal came to. It names the trainee by the appeal alone; the root names the public certificate with the number of outcomes
/// changed so far.
#[derive(Serialize)]
struct AppealPlaced<'a> {
    appeal: Uuid,
    host: Option<OrganisationId>,
    is_moved: bool,
    exception: &'a str,
    outcomes_changed: usize,
    root: String,
    reason: &'a str,
}

impl AuditEvent for AppealPlaced<'_> {
    const KIND: &'static str = "education.round.appeal_placed";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// Somebody takes part in a second round no longer: an appeal gave them a place.
#[derive(Serialize)]
struct EntrantWithdrawn {
    trainee: Uuid,
    reason: &'static str,
}

impl AuditEvent for EntrantWithdrawn {
    const KIND: &'static str = "education.round.entrant_withdrawn";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// Puts down what an upheld appeal changes, and changes it. Who published the round does not.
pub(crate) async fn place_upheld(
    unit: &mut Unit,
    here: &RoundHere,
    appeal: &Appeal,
    (placement, is_planned): (Placement, bool),
    what: Placing,
) -> Result<(), Problem> {
    let round = &here.round;
    let seal = store::seal(unit, round.id).await?.ok_or_else(Problem::not_found)?;
    if seal.is_by(unit.actor().person()) {
        return Err(Problem::forbidden(
            "Who published a round does not say what an appeal against it changes",
            "Ask another education lead, or the director of the cluster.",
        ));
    }
    if store::changes(unit, round.id).await?.iter().any(|one| one.appeal_id == appeal.id) {
        return Err(too_late("It is said already what this appeal changes", "Open the appeals again to see what."));
    }
    let outcomes = store::outcomes(unit, round.id).await?;
    let before = outcomes.iter().find(|one| one.trainee_id == appeal.trainee).ok_or_else(Problem::not_found)?;
    let (mut change, mut reason) = (
        AppealChange {
            appeal_id: appeal.id,
            trainee_id: appeal.trainee,
            is_moved: false,
            host_id: before.host_id,
            placement_id: before.placement_id,
            exception: String::new(),
            reason: String::new(),
        },
        appeal.decision.clone(),
    );
    match what {
        Placing::Nothing(why) => reason = why,
        Placing::In { offer, exception } => {
            let moved = go_elsewhere(unit, here, &offer, (placement, is_planned), &appeal.decision, &exception).await?;
            change.is_moved = true;
            change.host_id = Some(offer.post.host.0);
            change.placement_id = Some(moved);
            change.exception = exception;
        }
    }
    change.reason.clone_from(&reason);
    store::add_change(unit, round.id, &change).await?;
    if change.is_moved {
        leave_the_second_round(unit, here, appeal.trainee).await?;
    }
    letters::tell_placing(unit, &here.cluster, round, before.host_id, &change).await?;
    let outcomes_changed = store::outcomes(unit, round.id).await?.iter().filter(|one| one.is_changed).count();
    let event = AppealPlaced {
        appeal: appeal.id,
        host: change.host_id.filter(|_| change.is_moved).map(OrganisationId),
        is_moved: change.is_moved,
        exception: &change.exception,
        outcomes_changed,
        root: root_after(&seal, outcomes_changed),
        reason: &reason,
    };
    unit.audit(ground::stream(round.cluster), subject(round), &event)?;
    Ok(())
}

/// What names the public certificate now.
fn root_after(seal: &store::Seal, changed: usize) -> String {
    let noted = u32::try_from(changed).ok().and_then(|changed| hiec_placement::amended(&seal.ledger, changed));
    let read = |text: String| serde_json::from_str::<serde_json::Value>(&text).ok();
    let root =
        noted.and_then(read).and_then(|value| value.pointer("/changed_on_appeal/root")?.as_str().map(str::to_owned));
    root.unwrap_or_else(|| seal.root.clone())
}

/// Changes or makes the placement, making room first where an exception was stated.
async fn go_elsewhere(
    unit: &mut Unit,
    here: &RoundHere,
    offer: &Offer,
    (placement, is_planned): (Placement, bool),
    decision: &str,
    exception: &str,
) -> Result<Uuid, Problem> {
    if placement.starts_on <= london_date(unit.now()) {
        return Err(too_late(
            "The placement has begun already",
            "Change it on its own page from a day on. Then say here that nothing more changes, and that you did.",
        ));
    }
    if let Room::ByException { lacking, .. } = offer.room
        && lacking > Wte::NONE
    {
        let why = format!("Room made for an upheld appeal: {exception}");
        let steps = upheld::widened(&offer.post, &placement, lacking);
        for step in steps.into_iter().filter(|step| !offer.post.capacity.contains(step)) {
            posts::change_capacity(unit, &offer.post, step, why.clone()).await?;
        }
    }
    let reason = format!("Appeal upheld: {decision}");
    let moved = match is_planned {
        true => Placement { post: Some(offer.post.id), reason, ..placement },
        false => {
            let new = NewPlacement {
                trainee: placement.trainee,
                post: Some(offer.post.id),
                kind: placement.kind,
                starts_on: placement.starts_on,
                ends_on: placement.ends_on,
                wte: placement.wte,
                supervisor: None,
                is_counted: false,
                state: placement.state,
                source: placement.source,
                is_illustrative: placement.is_illustrative,
            };
            let made = placing::plan(unit, here.round.cluster, new).await.map_err(Problem::from)?;
            Placement { reason, ..made }
        }
    };
    placing::change(unit, &moved).await.map_err(|refused: NotPlaced| Problem::from(refused))?;
    Ok(moved.id)
}

/// A second round that is being made goes on without whoever has a place now, and offers no more than is left.
async fn leave_the_second_round(unit: &mut Unit, here: &RoundHere, trainee: Uuid) -> Result<(), Problem> {
    let rounds = store::of_cluster(unit, here.round.cluster).await?;
    let second = rounds.into_iter().find(|one| one.after == Some(here.round.id) && one.state.is_being_made());
    let Some(second) = second else { return Ok(()) };
    if store::withdraw(unit, second.id, trainee).await? {
        let event = EntrantWithdrawn { trainee, reason: "An appeal against the first round was upheld" };
        unit.audit(ground::stream(second.cluster), subject(&second), &event)?;
    }
    let outcomes = store::outcomes(unit, here.round.id).await?;
    if second.state == RoundState::Draft {
        return offer_what_is_left(unit, &second, &here.round, &outcomes).await;
    }
    keep_to_what_is_left(unit, &here.round, &second, &outcomes).await
}

/// What hosts have said since stands, as far as it is still there to be given.
async fn keep_to_what_is_left(unit: &Unit, first: &Round, second: &Round, outcomes: &[Outcome]) -> Result<(), Problem> {
    let said = store::appetites(unit, second.id).await?;
    for (host, offered) in store::appetites(unit, first.id).await? {
        let taken = outcomes.iter().filter(|one| one.host_id == Some(host.0)).count();
        let left = (offered.places - i64::try_from(taken).unwrap_or(i64::MAX)).max(0);
        if let Some(now) = said.get(&host).filter(|now| now.places > left) {
            let reason = "A place went to somebody whose appeal was upheld".to_owned();
            store::set_appetite(unit, second.id, &store::Appetite { places: left, reason, ..now.clone() }).await?;
        }
    }
    Ok(())
}
