//! What people do with placement rounds: begin one, take it a step on, offer places, rank, settle things before the run, publish, appeal, decide. One audit entry each.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem};
use hiec_placement::{Rule, Sealed, order_from_seed};
use hiec_store::{AuditEvent, Reads, Unit, organisations};
use serde::Serialize;
use uuid::Uuid;

use super::question::{self, Asked};
use super::states::{Act, Facts, RoundState};
use super::store::{self, AppealState, Appetite, Constraint, ConstraintKind, Outcome, Ranking, Round};
use super::{letters, running};
use crate::ground;
use crate::placements::actions::{self as placing, NewPlacement, NotPlaced};
use crate::placements::store::{PlacementKind, PlacementState};
use crate::posts::store as posts;
use crate::programmes::store::Programme;
use crate::trainees::store as trainees;

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

#[derive(Serialize)]
struct AppetiteStated<'a> {
    host: OrganisationId,
    places: i64,
    least: i64,
    reason: &'a str,
}

impl AuditEvent for AppetiteStated<'_> {
    const KIND: &'static str = "education.round.appetite";
}

/// A trainee ranked. What they ranked is theirs alone and stands in no chain.
#[derive(Serialize)]
struct Ranked {
    hosts: usize,
}

impl AuditEvent for Ranked {
    const KIND: &'static str = "education.round.ranked";
}

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

/// A round was published. The root names the certificate of the whole run.
#[derive(Serialize)]
struct RoundPublished<'a> {
    rule: &'a str,
    root: &'a str,
    placed: usize,
    unplaced: usize,
}

impl AuditEvent for RoundPublished<'_> {
    const KIND: &'static str = "education.round.published";
}

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

/// A number nobody could choose: the random half of a fresh id.
fn draw(unit: &Unit) -> i64 {
    let (_, random) = unit.new_id().as_u64_pair();
    i64::try_from(random & 0x0fff_ffff_ffff_ffff).unwrap_or(1)
}

async fn offer_what_is_left(unit: &Unit, round: &Round, first: &Round, outcomes: &[Outcome]) -> Result<(), Problem> {
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
    let open = store::appeals(reads, round.id).await?.iter().filter(|one| one.state == AppealState::Open).count();
    Ok(Facts {
        places: appetites.values().map(|one| one.places).sum(),
        ranked: store::choices(reads, round.id).await?.len() + given,
        open_appeals: open,
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
    let next = Round { state, ..round.clone() };
    store::save_step(unit, &next, act, reason).await?;
    match act {
        Act::AskHosts => {
            let hosts: Vec<_> =
                question::hosts(unit, round, programme).await?.into_iter().map(|one| one.organisation).collect();
            letters::ask_hosts(unit, cluster, round, &hosts).await?;
        }
        Act::OpenRanking | Act::Reopen => letters::ask_trainees(unit, cluster, round).await?,
        Act::CloseRanking | Act::TryOut | Act::Publish | Act::Settle => {}
    }
    unit.audit(ground::stream(cluster.id), subject(round), &RoundStep { act, state, reason })?;
    Ok(Round { version: next.version + 1, ..next })
}

fn refused(reason: super::states::NoStep) -> Problem {
    Problem::conflict(reason.to_string(), "Open the round again: it shows where it stands. Nothing was saved.")
}

fn too_late(what: &str, next: &str) -> Problem {
    Problem::conflict(what, next)
}

/// A host says what it takes, until rankings are closed.
pub(crate) async fn state_appetite(unit: &mut Unit, round: &Round, appetite: &Appetite) -> Result<(), Problem> {
    if !matches!(round.state, RoundState::AskingHosts | RoundState::Ranking) {
        return Err(too_late(
            "Hosts are not asked at the moment",
            "They are asked before trainees rank, and until rankings are closed. Write to the education lead of the cluster.",
        ));
    }
    store::set_appetite(unit, round.id, appetite).await?;
    let event = AppetiteStated {
        host: appetite.host,
        places: appetite.places,
        least: appetite.least,
        reason: &appetite.reason,
    };
    unit.audit(ground::stream(round.cluster), subject(round), &event)?;
    Ok(())
}

/// A trainee ranks hosts, until the end of the last day.
pub(crate) async fn rank(unit: &mut Unit, round: &Round, trainee: Uuid, ranking: &Ranking) -> Result<(), Problem> {
    if round.state != RoundState::Ranking || london_date(unit.now()) > round.ranks_by {
        return Err(too_late(
            "Rankings are not taken at the moment",
            "Write to the education lead of the cluster if yours is missing. What you ranked before stands.",
        ));
    }
    store::set_ranking(unit, round.id, trainee, ranking).await?;
    unit.audit(
        ground::stream(round.cluster),
        format!("round:{}:{trainee}", round.id),
        &Ranked { hosts: ranking.hosts.len() },
    )?;
    Ok(())
}

/// Settles something before a rule runs.
pub(crate) async fn constrain(unit: &mut Unit, round: &Round, constraint: &Constraint) -> Result<(), Problem> {
    made_still(round)?;
    store::add_constraint(unit, round.id, constraint).await?;
    let (kind, reason) = (constraint.kind, constraint.reason.as_str());
    let event = ConstraintSet { constraint: constraint.id, kind, is_removed: false, reason };
    unit.audit(ground::stream(round.cluster), subject(round), &event)?;
    Ok(())
}

/// Takes it back.
pub(crate) async fn release(unit: &mut Unit, round: &Round, constraint: &Constraint) -> Result<(), Problem> {
    made_still(round)?;
    store::remove_constraint(unit, round.id, constraint.id).await?;
    let event = ConstraintSet { constraint: constraint.id, kind: constraint.kind, is_removed: true, reason: "" };
    unit.audit(ground::stream(round.cluster), subject(round), &event)?;
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

/// Puts a dry run into the queue; its page shows how far it is.
pub(crate) async fn ask_run(unit: &mut Unit, round: &Round) -> Result<Uuid, Problem> {
    round.state.take(Act::TryOut, Facts::default()).map_err(refused)?;
    let id = unit.new_id();
    store::add_run(unit, round.id, id).await?;
    running::ask(unit, round.id, id).await?;
    Ok(id)
}

/// The round's question as stored now, hosts by their names.
pub(crate) async fn asked(reads: &impl Reads, round: &Round, programme: &Programme) -> Result<Asked, Problem> {
    let hosts: Vec<OrganisationId> =
        question::hosts(reads, round, programme).await?.into_iter().map(|host| host.organisation).collect();
    let names: BTreeMap<OrganisationId, String> =
        organisations::by_ids(reads, &hosts).await?.into_iter().map(|one| (one.id, one.name)).collect();
    question::asked(reads, round, programme, &names).await
}

/// Publishes a round under a rule: the run is sealed, those placed get placements, everybody a letter.
pub(crate) async fn publish(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    round: &Round,
    programme: &Programme,
    rule: Rule,
) -> Result<Round, Problem> {
    let state = round.state.take(Act::Publish, facts(unit, round).await?).map_err(refused)?;
    let asked = asked(unit, round, programme).await?;
    let run =
        asked.question.run(rule).map_err(|cannot| Problem::conflict(cannot.to_string(), "Choose another rule."))?;
    let mut secret = [0_u8; 32];
    for part in secret.chunks_exact_mut(8) {
        part.copy_from_slice(&unit.new_id().as_u64_pair().1.to_be_bytes());
    }
    let sealed = Sealed::new(&asked.question, &run, &secret);
    let root = sealed.root();
    let next = Round { state, rule: rule.code().to_owned(), ..round.clone() };
    store::save_step(unit, &next, Act::Publish, "").await?;
    let secret: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    store::add_seal(unit, round.id, &secret, &root, &sealed.public()).await?;
    let mut placed = 0;
    for (position, entrant) in (0_u32..).zip(&asked.entrants) {
        let host = run.host_of(position).and_then(|host| asked.hosts.get(host as usize)).map(|host| host.organisation);
        let (placement, note) = match host {
            Some(host) => place(unit, &next, programme, entrant.trainee_id, host).await?,
            None => (None, String::new()),
        };
        placed += usize::from(host.is_some());
        let outcome =
            Outcome { trainee_id: entrant.trainee_id, host_id: host.map(|host| host.0), placement_id: placement, note };
        store::add_outcome(unit, round.id, &outcome, &sealed.mine(position, &entrant.number)).await?;
    }
    letters::tell_results(unit, cluster, round).await?;
    let unplaced = asked.entrants.len() - placed;
    let event = RoundPublished { rule: rule.code(), root: &root, placed, unplaced };
    unit.audit(ground::stream(cluster.id), subject(round), &event)?;
    Ok(Round { version: next.version + 1, ..next })
}

/// Makes the placement in the first of the host's posts that takes it; why none did, where none did.
async fn place(
    unit: &mut Unit,
    round: &Round,
    programme: &Programme,
    trainee: Uuid,
    host: OrganisationId,
) -> Result<(Option<Uuid>, String), Problem> {
    let Some(trainee) = trainees::by_id(unit, trainee).await? else { return Ok((None, String::new())) };
    let mut why = "The host has no post for this programme.".to_owned();
    for post in posts::of_host(unit, round.cluster, host).await? {
        if !question::trains(&post, programme) {
            continue;
        }
        let new = NewPlacement {
            trainee: trainee.id,
            post: Some(post.id),
            kind: PlacementKind::InPost,
            starts_on: round.starts_on,
            ends_on: round.ends_on.min(trainee.ends_on),
            wte: trainee.wte,
            supervisor: None,
            is_counted: false,
            state: PlacementState::Planned,
            source: format!("round:{}", round.key),
            is_illustrative: round.is_illustrative,
        };
        match placing::plan(unit, round.cluster, new).await {
            Ok(placement) => return Ok((Some(placement.id), String::new())),
            Err(NotPlaced::Refused(refusals)) => {
                why = refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            }
            Err(NotPlaced::Problem(problem)) => return Err(problem),
        }
    }
    Ok((None, why))
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
