//! Risks as stored: each with every judgement ever made of it, the newest of which counts.

use chrono::NaiveDate;
use hiec_contracts::RiskSeen;
use hiec_kernel::{ClusterId, PersonId, Timestamp};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::rules::{Score, Scores};
use crate::clusters::store::Cluster;

/// A risk as it is judged now.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Risk {
    pub id: Uuid,
    /// Counted from 1 in its cluster; never used again.
    pub number: i64,
    pub cause: String,
    pub event: String,
    pub effect: String,
    pub owner: PersonId,
    pub owner_name: String,
    pub scores: Scores,
    /// What is done about it.
    pub done: String,
    pub look_again_on: NaiveDate,
    pub closed_at: Option<Timestamp>,
    pub closed_reason: Option<String>,
}

impl Risk {
    /// Cause, event, effect in one sentence.
    pub fn sentence(&self) -> String {
        format!("{}: {}, so that {}", self.cause, self.event, self.effect)
    }

    pub fn path(&self, cluster: &Cluster) -> String {
        format!("{}/risks/{}", cluster.path(), self.number)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    number: i64,
    cause: String,
    event: String,
    effect: String,
    owner_id: Uuid,
    owner_name: String,
    before_likelihood: i64,
    before_impact: i64,
    after_likelihood: i64,
    after_impact: i64,
    done: String,
    look_again_on: NaiveDate,
    closed_at: Option<Timestamp>,
    closed_reason: Option<String>,
}

fn scores(before: (i64, i64), after: (i64, i64)) -> Option<Scores> {
    let score =
        |(likelihood, impact): (i64, i64)| Score::new(u8::try_from(likelihood).ok()?, u8::try_from(impact).ok()?);
    Some(Scores { before: score(before)?, after: score(after)? })
}

impl Row {
    fn risk(self) -> Option<Risk> {
        Some(Risk {
            scores: scores((self.before_likelihood, self.before_impact), (self.after_likelihood, self.after_impact))?,
            id: self.id,
            number: self.number,
            cause: self.cause,
            event: self.event,
            effect: self.effect,
            owner: PersonId(self.owner_id),
            owner_name: self.owner_name,
            done: self.done,
            look_again_on: self.look_again_on,
            closed_at: self.closed_at,
            closed_reason: self.closed_reason,
        })
    }
}

/// Each risk with its newest judgement.
const SELECT: &str = "SELECT r.id, r.number, r.cause, r.event, r.effect, r.owner_id, p.name AS owner_name, j.before_likelihood, \
                      j.before_impact, j.after_likelihood, j.after_impact, j.done, j.look_again_on, r.closed_at, r.closed_reason \
                      FROM cluster_risk r JOIN base_person p ON p.id = r.owner_id \
                      JOIN cluster_risk_judgement j ON j.risk_id = r.id \
                      AND j.nth = (SELECT MAX(n.nth) FROM cluster_risk_judgement n WHERE n.risk_id = r.id)";

/// A cluster's risks, open ones first, then the gravest as they stand with what is done.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Risk>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE r.cluster_id = $1 ORDER BY CASE WHEN r.closed_at IS NULL THEN 0 ELSE 1 END, \
         j.after_likelihood * j.after_impact DESC, j.before_likelihood * j.before_impact DESC, r.number"
    );
    Ok(reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().filter_map(Row::risk).collect())
}

pub(crate) async fn by_number(reads: &impl Reads, cluster: ClusterId, number: i64) -> Result<Option<Risk>, StoreError> {
    let sql = format!("{SELECT} WHERE r.cluster_id = $1 AND r.number = $2");
    Ok(reads.one::<Row>(&sql, values![cluster.0, number]).await?.and_then(Row::risk))
}

/// The open risks as others may see them.
pub(crate) async fn seen(reads: &impl Reads, cluster: &Cluster) -> Result<Vec<RiskSeen>, StoreError> {
    Ok(of_cluster(reads, cluster.id)
        .await?
        .into_iter()
        .filter(|risk| risk.closed_at.is_none())
        .map(|risk| RiskSeen {
            title: risk.sentence(),
            before: risk.scores.before.rating(),
            after: risk.scores.after.rating(),
            path: risk.path(cluster),
            owner: risk.owner_name,
        })
        .collect())
}

/// One judgement of a risk.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Judgement {
    pub scores: Scores,
    pub done: String,
    pub owner: PersonId,
    pub look_again_on: NaiveDate,
    pub by: Option<PersonId>,
    pub at: Timestamp,
}

#[derive(FromQueryResult)]
struct JudgementRow {
    before_likelihood: i64,
    before_impact: i64,
    after_likelihood: i64,
    after_impact: i64,
    done: String,
    owner_id: Uuid,
    look_again_on: NaiveDate,
    judged_by: Option<Uuid>,
    judged_at: Timestamp,
}

/// Every judgement of a risk, the newest first.
pub(crate) async fn judgements(reads: &impl Reads, risk: Uuid) -> Result<Vec<Judgement>, StoreError> {
    let sql = "SELECT before_likelihood, before_impact, after_likelihood, after_impact, done, owner_id, look_again_on, \
               judged_by, judged_at FROM cluster_risk_judgement WHERE risk_id = $1 ORDER BY nth DESC";
    let rows: Vec<JudgementRow> = reads.all(sql, values![risk]).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Judgement {
                scores: scores((row.before_likelihood, row.before_impact), (row.after_likelihood, row.after_impact))?,
                done: row.done,
                owner: PersonId(row.owner_id),
                look_again_on: row.look_again_on,
                by: row.judged_by.map(PersonId),
                at: row.judged_at,
            })
        })
        .collect())
}

/// What a new risk says of itself.
#[derive(Clone, Debug)]
pub(crate) struct NewRisk {
    pub cause: String,
    pub event: String,
    pub effect: String,
}

/// What is judged of a risk.
#[derive(Clone, Debug)]
pub(crate) struct NewJudgement {
    pub scores: Scores,
    pub done: String,
    pub owner: PersonId,
    pub look_again_on: NaiveDate,
}

pub(crate) async fn insert(
    unit: &Unit,
    cluster: ClusterId,
    new: &NewRisk,
    judgement: &NewJudgement,
) -> Result<(Uuid, i64), StoreError> {
    let sql = "SELECT COALESCE(MAX(number), 0) AS n FROM cluster_risk WHERE cluster_id = $1";
    let number = unit.count(sql, values![cluster.0]).await? + 1;
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO cluster_risk (id, cluster_id, number, cause, event, effect, owner_id, opened_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            id,
            cluster.0,
            number,
            new.cause.clone(),
            new.event.clone(),
            new.effect.clone(),
            judgement.owner.0,
            unit.now()
        ],
    )
    .await?;
    insert_judgement(unit, id, judgement).await?;
    Ok((id, number))
}

pub(crate) async fn insert_judgement(unit: &Unit, risk: Uuid, new: &NewJudgement) -> Result<(), StoreError> {
    let Scores { before, after } = new.scores;
    let sql = "SELECT COALESCE(MAX(nth), 0) AS n FROM cluster_risk_judgement WHERE risk_id = $1";
    let nth = unit.count(sql, values![risk]).await? + 1;
    unit.execute(
        "INSERT INTO cluster_risk_judgement (id, risk_id, before_likelihood, before_impact, after_likelihood, after_impact, \
         done, owner_id, look_again_on, judged_by, judged_at, nth) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values![
            unit.new_id(),
            risk,
            i64::from(before.likelihood()),
            i64::from(before.impact()),
            i64::from(after.likelihood()),
            i64::from(after.impact()),
            new.done.clone(),
            new.owner.0,
            new.look_again_on,
            unit.actor().person().map(|person| person.0),
            unit.now(),
            nth
        ],
    )
    .await?;
    unit.execute("UPDATE cluster_risk SET owner_id = $2 WHERE id = $1", values![risk, new.owner.0]).await?;
    Ok(())
}

/// Closes a risk; answers whether it was open.
pub(crate) async fn close(unit: &Unit, risk: Uuid, reason: &str) -> Result<bool, StoreError> {
    let sql = "UPDATE cluster_risk SET closed_at = $2, closed_reason = $3 WHERE id = $1 AND closed_at IS NULL";
    Ok(unit.execute(sql, values![risk, unit.now(), reason]).await? == 1)
}
