//! What is done to a risk: opened, judged again, closed; one unit each, and no judgement is ever written over.

use chrono::NaiveDate;
use hiec_kernel::{PersonId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;

use super::rules::{self, Scores};
use super::store::{self, NewJudgement, NewRisk, Risk};
use crate::clusters::store::Cluster;
use crate::desk::overtaken;

/// A risk was seen for the first time.
#[derive(Serialize)]
struct RiskOpened {
    number: i64,
    cause: String,
    event: String,
    effect: String,
    scores: Scores,
    owner: PersonId,
}

impl AuditEvent for RiskOpened {
    const KIND: &'static str = "risk.opened";
}

/// A risk was judged again.
#[derive(Serialize)]
struct RiskJudged {
    before: Scores,
    now: Scores,
    done: String,
    owner: PersonId,
    look_again_on: NaiveDate,
}

impl AuditEvent for RiskJudged {
    const KIND: &'static str = "risk.judged";
}

/// A risk was closed.
#[derive(Serialize)]
struct RiskClosed {
    reason: String,
}

impl AuditEvent for RiskClosed {
    const KIND: &'static str = "risk.closed";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

fn refused(refused: rules::Refused) -> Problem {
    Problem::invalid(refused.to_string(), "Go back and correct it; what you typed is still there.")
}

pub(crate) async fn open(
    unit: &mut Unit,
    cluster: &Cluster,
    new: &NewRisk,
    judgement: &NewJudgement,
) -> Result<i64, Problem> {
    let scores = rules::judged(judgement.scores, &judgement.done).map_err(refused)?;
    let (_, number) = store::insert(unit, cluster.id, new, judgement).await?;
    let event = RiskOpened {
        number,
        cause: new.cause.clone(),
        event: new.event.clone(),
        effect: new.effect.clone(),
        scores,
        owner: judgement.owner,
    };
    unit.audit(cluster.stream(), format!("risk:{number}"), &event)?;
    Ok(number)
}

pub(crate) async fn judge(
    unit: &mut Unit,
    cluster: &Cluster,
    risk: &Risk,
    judgement: &NewJudgement,
) -> Result<(), Problem> {
    if risk.closed_at.is_some() {
        return Err(Problem::conflict("This risk is closed", "Open a new one if it has come back."));
    }
    let now = rules::judged(judgement.scores, &judgement.done).map_err(refused)?;
    store::insert_judgement(unit, risk.id, judgement).await?;
    let event = RiskJudged {
        before: risk.scores,
        now,
        done: judgement.done.clone(),
        owner: judgement.owner,
        look_again_on: judgement.look_again_on,
    };
    unit.audit(cluster.stream(), format!("risk:{}", risk.number), &event)?;
    Ok(())
}

pub(crate) async fn close(unit: &mut Unit, cluster: &Cluster, risk: &Risk, reason: &str) -> Result<(), Problem> {
    if !store::close(unit, risk.id, reason).await? {
        return Err(overtaken("this risk"));
    }
    unit.audit(cluster.stream(), format!("risk:{}", risk.number), &RiskClosed { reason: reason.to_owned() })?;
    Ok(())
}
