//! Hosts say what they take and trainees rank hosts. The chain keeps how many somebody ranked, never which.

use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::{subject, too_late};
use crate::ground;
use crate::rounds::states::RoundState;
use crate::rounds::store::{self, Appetite, Ranking, Round};

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
