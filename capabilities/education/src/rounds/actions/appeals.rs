//! Appeals: a trainee makes one, and somebody else than who published the round decides it.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::{subject, too_late};
use crate::ground;
use crate::rounds::letters;
use crate::rounds::states::RoundState;
use crate::rounds::store::{self, AppealState, Round};

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
