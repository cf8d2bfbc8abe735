//! Trying the rules out, and publishing a round under one: the run is sealed and those placed get placements.

use std::collections::BTreeMap;

use hiec_contracts::ClusterSeen;
use hiec_kernel::{OrganisationId, Problem};
use hiec_placement::Sealed;
use hiec_store::{AuditEvent, Reads, Unit, organisations};
use serde::Serialize;
use uuid::Uuid;

use super::{facts, refused, subject};
use crate::ground;
use crate::placements::actions::{self as placing, NewPlacement, NotPlaced};
use crate::placements::store::{PlacementKind, PlacementState};
use crate::posts::store as posts;
use crate::programmes::store::Programme;
use crate::rounds::question::{self, Asked};
use crate::rounds::states::{Act, Facts};
use crate::rounds::store::{self, Outcome, Round};
use crate::rounds::{letters, running};
use crate::trainees::store as trainees;

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

/// Puts a dry run into the queue; its page shows how far it is.
pub(crate) async fn ask_run(unit: &mut Unit, round: &Round, programme: &Programme) -> Result<Uuid, Problem> {
    round.state.take(Act::TryOut, Facts::default()).map_err(refused)?;
    on_the_map(unit, round, programme).await?;
    let id = unit.new_id();
    store::add_run(unit, round.id, id).await?;
    running::ask(unit, round.id, id).await?;
    Ok(id)
}

/// Refused while a travel limit could not be kept, because a host lies nowhere on the map.
async fn on_the_map(reads: &impl Reads, round: &Round, programme: &Programme) -> Result<(), Problem> {
    let nowhere = question::nowhere(reads, round, programme).await?;
    let names: Vec<String> = organisations::by_ids(reads, &nowhere).await?.into_iter().map(|one| one.name).collect();
    match names.is_empty() {
        true => Ok(()),
        false => Err(Problem::conflict(
            format!("Travel limits cannot be kept: it is not known where {} lies", names.join(", nor where ")),
            "Change one of its posts and say where it lies, or import the posts with their latitude and longitude. Then try again.",
        )),
    }
}

/// The round's question as stored now, hosts by their names.
pub(crate) async fn asked(reads: &impl Reads, round: &Round, programme: &Programme) -> Result<Asked, Problem> {
    let hosts: Vec<OrganisationId> =
        question::hosts(reads, round, programme).await?.into_iter().map(|host| host.organisation).collect();
    let names: BTreeMap<OrganisationId, String> =
        organisations::by_ids(reads, &hosts).await?.into_iter().map(|one| (one.id, one.name)).collect();
    question::asked(reads, round, programme, &names).await
}

/// Publishes a round under the rule it stated: the run is sealed, those placed get placements, everybody a letter.
pub(crate) async fn publish(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    round: &Round,
    programme: &Programme,
) -> Result<Round, Problem> {
    let rule = round.stated_rule();
    on_the_map(unit, round, programme).await?;
    let state = round.state.take(Act::Publish, facts(unit, round).await?).map_err(refused)?;
    let asked = asked(unit, round, programme).await?;
    let run = asked
        .question
        .run(rule)
        .map_err(|cannot| Problem::conflict(cannot.to_string(), "Open ranking again and state another rule."))?;
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
        let host_id = host.map(|host| host.0);
        let outcome = Outcome {
            trainee_id: entrant.trainee_id,
            host_id,
            placement_id: placement,
            note,
            sealed_host_id: host_id,
            is_changed: false,
        };
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
