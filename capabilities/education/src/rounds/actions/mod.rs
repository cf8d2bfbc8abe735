//! What people do with placement rounds: begin one and take it a step on here, the rest beside it. One audit entry each.

mod appeals;
mod constraints;
mod publishing;
mod taking_part;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_placement::order_from_seed;
use hiec_store::{AuditEvent, Reads, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::states::{Act, Facts, RoundState};
use super::store::{self, AppealState, Appetite, ConstraintKind, Outcome, Round};
use super::{letters, question};
use crate::ground;
use crate::programmes::store::Programme;
use crate::trainees::store as trainees;

pub(crate) use appeals::{Placing, appeal, decide, place_upheld};
pub(crate) use constraints::{constrain, give_up, keep_for, release};
pub(crate) use publishing::{ask_run, asked, publish};
pub(crate) use taking_part::{rank, state_appetite};

/// A round was begun; its order was drawn from the seed that stands here.
#[derive(Serialize)]
struct RoundBegun<'a> {
    name: &'a str,
    programme: Uuid,
    after: Option<Uuid>,
    seed: i64,
    breadth: i64,
    entrants: usize,
}

impl AuditEvent for RoundBegun<'_> {
    const KIND: &'static str = "education.round.begun";
}

#[derive(Serialize)]
struct RoundStep<'a> {
    act: Act,
    state: RoundState,
    reason: &'a str,
}

impl AuditEvent for RoundStep<'_> {
    const KIND: &'static str = "education.round.step";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason)
    }
}

/// There is more time to rank.
#[derive(Serialize)]
struct LastDayMoved<'a> {
    before: NaiveDate,
    after: NaiveDate,
    reason: &'a str,
}

impl AuditEvent for LastDayMoved<'_> {
    const KIND: &'static str = "education.round.last_day";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

fn subject(round: &Round) -> String {
    format!("round:{}", round.id)
}

/// What is said of a new round.
#[derive(Clone, Debug)]
pub(crate) struct NewRound {
    pub name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub ranks_by: NaiveDate,
    pub breadth: i64,
    pub is_illustrative: bool,
}

/// Begins a round for those who are in the programme on its first day, or for those a first round left without a place. The order in
/// which they stand is drawn here, once.
pub(crate) async fn begin(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    programme: &Programme,
    after: Option<&Round>,
    new: NewRound,
) -> Result<Round, Problem> {
    let rounds = store::of_cluster(unit, cluster.id).await?;
    if after.is_some_and(|first| rounds.iter().any(|round| round.after == Some(first.id))) {
        return Err(Problem::conflict(
            "There is a second round already",
            "Go on with that one; when it is published, a round can follow it in turn.",
        ));
    }
    let elsewhere = elsewhere(unit, &rounds, after, (new.starts_on, new.ends_on)).await?;
    let taken: Vec<String> = rounds.into_iter().map(|round| round.key).collect();
    let round = Round {
        id: unit.new_id(),
        cluster: cluster.id,
        key: ground::key_of(&new.name, &taken),
        name: new.name,
        programme: programme.id,
        after: after.map(|round| round.id),
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        ranks_by: new.ranks_by,
        seed: draw(unit),
        breadth: new.breadth,
        state: RoundState::Draft,
        rule: String::new(),
        is_illustrative: new.is_illustrative,
        version: 1,
    };
    let left: Option<Vec<Outcome>> = match after {
        Some(first) => Some(store::outcomes(unit, first.id).await?),
        None => None,
    };
    let is_in = |trainee: &trainees::Trainee| match &left {
        Some(outcomes) => outcomes.iter().any(|one| one.trainee_id == trainee.id && one.host_id.is_none()),
        None => {
            trainee.programme == programme.id && trainee.starts_on <= new.starts_on && trainee.ends_on >= new.starts_on
        }
    };
    let entrants: Vec<_> =
        trainees::of_cluster(unit, cluster.id).await?.into_iter().filter(|trainee| is_in(trainee)).collect();
    let (entrants, others): (Vec<_>, Vec<_>) = entrants.into_iter().partition(|one| !elsewhere.contains(&one.id));
    if entrants.is_empty() && !others.is_empty() {
        return Err(Problem::conflict(
            "Everybody who would take part is in another round of these days already",
            "Go on with that one, or choose other days.",
        ));
    }
    if entrants.is_empty() {
        return Err(Problem::conflict(
            "Nobody would take part in this round",
            match after {
                Some(_) => "The first round placed everybody.",
                None => "Enrol trainees in the programme, or choose a first day within their membership.",
            },
        ));
    }
    store::insert(unit, &round).await?;
    let order = order_from_seed(round.seed.unsigned_abs(), entrants.len());
    for (trainee, position) in entrants.iter().zip(order) {
        store::enter(unit, round.id, trainee.id, i64::from(position)).await?;
    }
    if let (Some(first), Some(outcomes)) = (after, &left) {
        offer_what_is_left(unit, &round, first, outcomes).await?;
    }
    let event = RoundBegun {
        name: &round.name,
        programme: programme.id,
        after: round.after,
        seed: round.seed,
        breadth: round.breadth,
        entrants: entrants.len(),
    };
    unit.audit(ground::stream(cluster.id), subject(&round), &event)?;
    Ok(round)
}

/// Who takes part in another round whose placements meet these days, or was given a place by one.
async fn elsewhere(
    reads: &impl Reads,
    rounds: &[Round],
    after: Option<&Round>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<BTreeSet<Uuid>, Problem> {
    let mut found = BTreeSet::new();
    let others = rounds.iter().filter(|one| Some(one.id) != after.map(|first| first.id) && one.meets(from, to));
    for other in others {
        match other.state.is_being_made() {
            true => found.extend(store::entrants(reads, other.id).await?.into_iter().map(|one| one.trainee_id)),
            false => {
                let placed = store::outcomes(reads, other.id).await?.into_iter().filter(|one| one.host_id.is_some());
                found.extend(placed.map(|one| one.trainee_id));
            }
        }
    }
    Ok(found)
}

/// A number nobody could choose: the random half of a fresh id.
fn draw(unit: &Unit) -> i64 {
    let (_, random) = unit.new_id().as_u64_pair();
    i64::try_from(random & 0x0fff_ffff_ffff_ffff).unwrap_or(1)
}

pub(super) async fn offer_what_is_left(
    unit: &Unit,
    round: &Round,
    first: &Round,
    outcomes: &[Outcome],
) -> Result<(), Problem> {
    for (host, appetite) in store::appetites(unit, first.id).await? {
        let taken = outcomes.iter().filter(|one| one.host_id == Some(host.0)).count();
        let places = (appetite.places - i64::try_from(taken).unwrap_or(i64::MAX)).max(0);
        let reason = "What the first round left".to_owned();
        store::set_appetite(unit, round.id, &Appetite { places, least: 0, reason, ..appetite }).await?;
    }
    Ok(())
}

/// What the next step looks at.
pub(crate) async fn facts(reads: &impl Reads, round: &Round) -> Result<Facts, Problem> {
    let appetites = store::appetites(reads, round.id).await?;
    let given = store::constraints(reads, round.id).await?;
    let given = given.iter().filter(|one| one.kind == ConstraintKind::Given).count();
    let appeals = store::appeals(reads, round.id).await?;
    Ok(Facts {
        places: appetites.values().map(|one| one.places).sum(),
        ranked: store::choices(reads, round.id).await?.len() + given,
        open_appeals: appeals.iter().filter(|one| one.state == AppealState::Open).count(),
        unplaced_appeals: appeals.iter().filter(|one| one.is_unplaced).count(),
    })
}

/// Takes a round a step on; publishing has an action of its own.
pub(crate) async fn step(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    round: &Round,
    programme: &Programme,
    (act, reason): (Act, &str),
) -> Result<Round, Problem> {
    let state = round.state.take(act, facts(unit, round).await?).map_err(refused)?;
    // Opened without one being named, it is the one under which nobody gains by answering otherwise.
    let rule = match act {
        Act::OpenRanking | Act::Reopen => round.stated_rule().code().to_owned(),
        _ => round.rule.clone(),
    };
    let next = Round { state, rule, ..round.clone() };
    store::save_step(unit, &next, act, reason).await?;
    match act {
        Act::AskHosts => {
            let hosts: Vec<_> =
                question::hosts(unit, round, programme).await?.into_iter().map(|one| one.organisation).collect();
            letters::ask_hosts(unit, cluster, round, &hosts).await?;
        }
        Act::OpenRanking | Act::Reopen => letters::ask_trainees(unit, cluster, round).await?,
        Act::CloseRanking | Act::TryOut | Act::Change | Act::Publish | Act::Settle => {}
    }
    unit.audit(ground::stream(cluster.id), subject(round), &RoundStep { act, state, reason })?;
    Ok(Round { version: next.version + 1, ..next })
}

/// What is settled was changed: a round that was tried out is to be tried out again.
async fn try_again(unit: &mut Unit, round: &Round) -> Result<(), Problem> {
    let Ok(state) = round.state.take(Act::Change, Facts::default()) else { return Ok(()) };
    store::save_step(unit, &Round { state, ..round.clone() }, Act::Change, "").await?;
    unit.audit(ground::stream(round.cluster), subject(round), &RoundStep { act: Act::Change, state, reason: "" })?;
    Ok(())
}

/// Gives more time to rank; those who rank now get a letter.
pub(crate) async fn give_more_time(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    round: &Round,
    day: NaiveDate,
    reason: &str,
) -> Result<(), Problem> {
    store::save_last_day(unit, round, day).await?;
    if round.state == RoundState::Ranking {
        letters::ask_trainees(unit, cluster, &Round { ranks_by: day, ..round.clone() }).await?;
    }
    let event = LastDayMoved { before: round.ranks_by, after: day, reason };
    unit.audit(ground::stream(round.cluster), subject(round), &event)?;
    Ok(())
}

fn refused(reason: super::states::NoStep) -> Problem {
    Problem::conflict(reason.to_string(), "Open the round again: it shows where it stands. Nothing was saved.")
}

fn too_late(what: &str, next: &str) -> Problem {
    Problem::conflict(what, next)
}
