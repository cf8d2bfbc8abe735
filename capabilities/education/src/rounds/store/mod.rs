//! Placement rounds as stored; one reaches a handler only through its extractor, which authorises. No ranking leaves here but for its trainee and the run.

mod appeals;
mod appetites;
mod changes;
mod constraints;
mod outcomes;
mod rankings;
mod reserves;
mod runs;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, Problem};
use hiec_placement::Rule;
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::states::{Act, RoundState};
use crate::ground;

pub(crate) use appeals::{Appeal, AppealState, add_appeal, appeals, decide_appeal};
pub(crate) use appetites::{Appetite, appetites, set_appetite};
pub(crate) use changes::{AppealChange, add_change, changes};
pub(crate) use constraints::{Constraint, ConstraintKind, add_constraint, constraints, remove_constraint};
pub(crate) use outcomes::{Outcome, Seal, add_outcome, add_seal, certificate, outcomes, rounds_of_post, seal};
pub(crate) use rankings::{Entrant, Ranking, choices, enter, entrants, set_ranking, withdraw};
pub(crate) use reserves::{GroupReserve, add_reserve, remove_reserve, reserves};
pub(crate) use runs::{DryRun, add_run, finish, progress, runs};

/// A placement round.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Round {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub key: String,
    pub name: String,
    pub programme: Uuid,
    /// The round of which this places who and what was left.
    pub after: Option<Uuid>,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub ranks_by: NaiveDate,
    pub seed: i64,
    pub breadth: i64,
    pub state: RoundState,
    /// What it gives places by; empty before ranking opened.
    pub rule: String,
    pub is_illustrative: bool,
    #[serde(skip)]
    pub version: i64,
}

impl Round {
    /// The rule it gives places by: stated when ranking opens. Rounds opened before that was asked told their trainees of this one.
    pub fn stated_rule(&self) -> Rule {
        Rule::of_code(&self.rule).unwrap_or(Rule::Deferred)
    }

    /// Whether its placements and these days meet.
    pub fn meets(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.starts_on <= to && from <= self.ends_on
    }

    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/rounds/{}", cluster.path(), self.key)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    key: String,
    name: String,
    programme_id: Uuid,
    after_id: Option<Uuid>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    ranks_by: NaiveDate,
    seed: i64,
    breadth: i64,
    state: String,
    rule: String,
    is_illustrative: bool,
    version: i64,
}

impl From<Row> for Round {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            key: row.key,
            name: row.name,
            programme: row.programme_id,
            after: row.after_id,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            ranks_by: row.ranks_by,
            seed: row.seed,
            breadth: row.breadth,
            state: RoundState::from_key(&row.state).unwrap_or(RoundState::Draft),
            rule: row.rule,
            is_illustrative: row.is_illustrative,
            version: row.version,
        }
    }
}

const COLUMNS: &str = "id, cluster_id, key, name, programme_id, after_id, starts_on, ends_on, ranks_by, seed, breadth, state, \
                       rule, is_illustrative, version";

async fn load(reads: &impl Reads, condition: &str, given: Vec<hiec_store::Value>) -> Result<Vec<Round>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM education_round WHERE {condition} ORDER BY starts_on DESC, name, id");
    Ok(reads.all::<Row>(&sql, given).await?.into_iter().map(Round::from).collect())
}

/// Newest first.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Round>, StoreError> {
    load(reads, "cluster_id = $1", values![cluster.0]).await
}

pub(crate) async fn by_key(reads: &impl Reads, cluster: ClusterId, key: &str) -> Result<Option<Round>, StoreError> {
    Ok(load(reads, "cluster_id = $1 AND key = $2", values![cluster.0, key]).await?.pop())
}

pub(crate) async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<Round>, StoreError> {
    Ok(load(reads, "id = $1", values![id]).await?.pop())
}

pub(crate) async fn insert(unit: &Unit, round: &Round) -> Result<(), StoreError> {
    let sql = "INSERT INTO education_round (id, cluster_id, key, name, programme_id, after_id, starts_on, ends_on, ranks_by, seed, \
               breadth, state, rule, is_illustrative, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)";
    unit.execute(
        sql,
        values![
            round.id,
            round.cluster.0,
            round.key.clone(),
            round.name.clone(),
            round.programme,
            round.after,
            round.starts_on,
            round.ends_on,
            round.ranks_by,
            round.seed,
            round.breadth,
            round.state.key(),
            round.rule.clone(),
            round.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Moves the last day to rank. Refused when somebody else changed the round meanwhile.
pub(crate) async fn save_last_day(unit: &Unit, round: &Round, day: NaiveDate) -> Result<(), Problem> {
    let sql = "UPDATE education_round SET ranks_by = $3, version = version + 1 WHERE id = $1 AND version = $2";
    match unit.execute(sql, values![round.id, round.version, day]).await? {
        0 => Err(ground::changed_meanwhile("this round")),
        _ => Ok(()),
    }
}

/// Stores where a round stands now, and the step that led there. Refused when somebody else took a step meanwhile.
pub(crate) async fn save_step(unit: &Unit, round: &Round, act: Act, reason: &str) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE education_round SET state = $3, rule = $4, version = version + 1 WHERE id = $1 AND version = $2",
            values![round.id, round.version, round.state.key(), round.rule.clone()],
        )
        .await?;
    if changed == 0 {
        return Err(ground::changed_meanwhile("this round"));
    }
    unit.execute(
        "INSERT INTO education_round_step (id, round_id, act, state, reason, taken_at, taken_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            unit.new_id(),
            round.id,
            act.key(),
            round.state.key(),
            reason,
            unit.now(),
            unit.actor().person().map(|person| person.0)
        ],
    )
    .await?;
    Ok(())
}
