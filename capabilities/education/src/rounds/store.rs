//! Placement rounds as stored; one reaches a handler only through its extractor, which authorises. No ranking leaves here but for its trainee and the run.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, OrganisationId, PersonId, Problem, Timestamp, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::states::{Act, RoundState};
use crate::ground;

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
    /// What it was published under; empty before.
    pub rule: String,
    pub is_illustrative: bool,
    #[serde(skip)]
    pub version: i64,
}

impl Round {
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

/// What a host offers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Appetite {
    pub host: OrganisationId,
    pub places: i64,
    /// Fewer than so many and it takes nobody; 0 for any.
    pub least: i64,
    pub reason: String,
    pub answered_at: Timestamp,
}

/// By host.
pub(crate) async fn appetites(
    reads: &impl Reads,
    round: Uuid,
) -> Result<BTreeMap<OrganisationId, Appetite>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        host_id: Uuid,
        places: i64,
        least: i64,
        reason: String,
        answered_at: Timestamp,
    }
    let sql = "SELECT host_id, places, least, reason, answered_at FROM education_round_appetite WHERE round_id = $1 ORDER BY host_id";
    let rows: Vec<Row> = reads.all(sql, values![round]).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let host = OrganisationId(row.host_id);
            let Row { places, least, reason, answered_at, .. } = row;
            (host, Appetite { host, places, least, reason, answered_at })
        })
        .collect())
}

pub(crate) async fn set_appetite(unit: &Unit, round: Uuid, appetite: &Appetite) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_appetite (round_id, host_id, places, least, reason, answered_at, answered_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (round_id, host_id) DO UPDATE SET places = $3, least = $4, reason = $5, \
         answered_at = $6, answered_by = $7",
        values![
            round,
            appetite.host.0,
            appetite.places,
            appetite.least,
            appetite.reason.clone(),
            appetite.answered_at,
            unit.actor().person().map(|person| person.0)
        ],
    )
    .await?;
    Ok(())
}

/// Somebody who takes part.
#[derive(Clone, PartialEq, Eq, Debug, FromQueryResult)]
pub(crate) struct Entrant {
    pub trainee_id: Uuid,
    pub number: String,
    pub name: String,
    pub person_id: Option<Uuid>,
    /// In the drawn order, from 1.
    pub position: i64,
    pub near_id: Option<Uuid>,
    pub limit_km: Option<i64>,
    pub ranked_at: Option<Timestamp>,
}

/// By number.
pub(crate) async fn entrants(reads: &impl Reads, round: Uuid) -> Result<Vec<Entrant>, StoreError> {
    let sql = "SELECT e.trainee_id, t.number, t.name, t.person_id, e.position, e.near_id, e.limit_km, e.ranked_at \
               FROM education_round_entrant e JOIN education_trainee t ON t.id = e.trainee_id WHERE e.round_id = $1 ORDER BY t.number, t.id";
    reads.all(sql, values![round]).await
}

pub(crate) async fn enter(unit: &Unit, round: Uuid, trainee: Uuid, position: i64) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_entrant (round_id, trainee_id, position) VALUES ($1, $2, $3)",
        values![round, trainee, position],
    )
    .await?;
    Ok(())
}

/// Hosts in the order each trainee gave them.
pub(crate) async fn choices(
    reads: &impl Reads,
    round: Uuid,
) -> Result<BTreeMap<Uuid, Vec<OrganisationId>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        trainee_id: Uuid,
        host_id: Uuid,
    }
    let sql = "SELECT trainee_id, host_id FROM education_round_choice WHERE round_id = $1 ORDER BY trainee_id, place";
    let mut all: BTreeMap<Uuid, Vec<OrganisationId>> = BTreeMap::new();
    for row in reads.all::<Row>(sql, values![round]).await? {
        all.entry(row.trainee_id).or_default().push(OrganisationId(row.host_id));
    }
    Ok(all)
}

/// What a trainee says: hosts in order, and how far they can travel.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Ranking {
    pub hosts: Vec<OrganisationId>,
    /// The host they live near, and kilometres from it.
    pub limit: Option<(OrganisationId, i64)>,
}

pub(crate) async fn set_ranking(unit: &Unit, round: Uuid, trainee: Uuid, ranking: &Ranking) -> Result<(), StoreError> {
    unit.execute("DELETE FROM education_round_choice WHERE round_id = $1 AND trainee_id = $2", values![round, trainee])
        .await?;
    for (place, host) in (1_i64..).zip(&ranking.hosts) {
        unit.execute(
            "INSERT INTO education_round_choice (round_id, trainee_id, place, host_id) VALUES ($1, $2, $3, $4)",
            values![round, trainee, place, host.0],
        )
        .await?;
    }
    unit.execute(
        "UPDATE education_round_entrant SET near_id = $3, limit_km = $4, ranked_at = $5 WHERE round_id = $1 AND trainee_id = $2",
        values![
            round,
            trainee,
            ranking.limit.map(|(near, _)| near.0),
            ranking.limit.map(|(_, km)| km),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

closed_list! {
    /// What is settled before a rule runs.
    ConstraintKind {
        Reserved = "reserved", "A place kept for them";
        Given = "given", "A place given before the run";
        Linked = "linked", "Linked with another trainee";
    }
}

/// One thing settled before a rule runs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Constraint {
    pub id: Uuid,
    pub kind: ConstraintKind,
    pub trainee: Uuid,
    pub other: Option<Uuid>,
    pub host: Option<OrganisationId>,
    pub reason: String,
}

/// In the order they were made.
pub(crate) async fn constraints(reads: &impl Reads, round: Uuid) -> Result<Vec<Constraint>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        kind: String,
        trainee_id: Uuid,
        other_id: Option<Uuid>,
        host_id: Option<Uuid>,
        reason: String,
    }
    let sql = "SELECT id, kind, trainee_id, other_id, host_id, reason FROM education_round_constraint WHERE round_id = $1 \
               ORDER BY made_at, id";
    let rows: Vec<Row> = reads.all(sql, values![round]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Constraint {
            id: row.id,
            kind: ConstraintKind::from_key(&row.kind).unwrap_or(ConstraintKind::Reserved),
            trainee: row.trainee_id,
            other: row.other_id,
            host: row.host_id.map(OrganisationId),
            reason: row.reason,
        })
        .collect())
}

pub(crate) async fn add_constraint(unit: &Unit, round: Uuid, constraint: &Constraint) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_constraint (id, round_id, kind, trainee_id, other_id, host_id, reason, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            constraint.id,
            round,
            constraint.kind.key(),
            constraint.trainee,
            constraint.other,
            constraint.host.map(|host| host.0),
            constraint.reason.clone(),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn remove_constraint(unit: &Unit, round: Uuid, constraint: Uuid) -> Result<bool, StoreError> {
    let sql = "DELETE FROM education_round_constraint WHERE round_id = $1 AND id = $2";
    Ok(unit.execute(sql, values![round, constraint]).await? == 1)
}

/// A dry run.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DryRun {
    pub id: Uuid,
    pub asked_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub step: String,
    pub done: i64,
    pub total: i64,
    pub figures: serde_json::Value,
}

/// Newest first.
pub(crate) async fn runs(reads: &impl Reads, round: Uuid) -> Result<Vec<DryRun>, StoreError> {
    let sql = "SELECT id, asked_at, finished_at, step, done, total, figures FROM education_round_run WHERE round_id = $1 \
               ORDER BY asked_at DESC, id DESC";
    reads.all(sql, values![round]).await
}

pub(crate) async fn add_run(unit: &Unit, round: Uuid, id: Uuid) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_run (id, round_id, asked_at, asked_by, step, done, total, figures) \
         VALUES ($1, $2, $3, $4, $5, 0, 4, $6)",
        values![
            id,
            round,
            unit.now(),
            unit.actor().person().map(|person| person.0),
            "Waiting for its turn",
            serde_json::json!([])
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn progress(unit: &Unit, run: Uuid, done: i64, step: &str) -> Result<(), StoreError> {
    let sql = "UPDATE education_round_run SET done = $2, step = $3 WHERE id = $1";
    unit.execute(sql, values![run, done, step]).await?;
    Ok(())
}

pub(crate) async fn finish(unit: &Unit, run: Uuid, figures: serde_json::Value) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE education_round_run SET done = total, step = $2, figures = $3, finished_at = $4 WHERE id = $1",
        values![run, "Done", figures, unit.now()],
    )
    .await?;
    Ok(())
}

/// The seal of a published run.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Seal {
    pub root: String,
    pub ledger: String,
    pub published_at: Timestamp,
    pub published_by: Option<Uuid>,
}

impl Seal {
    pub fn is_by(&self, person: Option<PersonId>) -> bool {
        person.is_some_and(|person| self.published_by == Some(person.0))
    }
}

pub(crate) async fn seal(reads: &impl Reads, round: Uuid) -> Result<Option<Seal>, StoreError> {
    let sql = "SELECT root, ledger, published_at, published_by FROM education_round_seal WHERE round_id = $1";
    reads.one(sql, values![round]).await
}

pub(crate) async fn add_seal(
    unit: &Unit,
    round: Uuid,
    secret: &str,
    root: &str,
    ledger: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_seal (round_id, secret, root, ledger, published_at, published_by) VALUES ($1, $2, $3, $4, $5, $6)",
        values![round, secret, root, ledger, unit.now(), unit.actor().person().map(|person| person.0)],
    )
    .await?;
    Ok(())
}

/// Where somebody went.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Outcome {
    pub trainee_id: Uuid,
    pub host_id: Option<Uuid>,
    pub placement_id: Option<Uuid>,
    pub note: String,
}

pub(crate) async fn outcomes(reads: &impl Reads, round: Uuid) -> Result<Vec<Outcome>, StoreError> {
    let sql = "SELECT trainee_id, host_id, placement_id, note FROM education_round_outcome WHERE round_id = $1 ORDER BY trainee_id";
    reads.all(sql, values![round]).await
}

/// Somebody's own certificate, as it was sealed.
pub(crate) async fn certificate(reads: &impl Reads, round: Uuid, trainee: Uuid) -> Result<Option<String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        certificate: String,
    }
    let sql = "SELECT certificate FROM education_round_outcome WHERE round_id = $1 AND trainee_id = $2";
    Ok(reads.one::<Row>(sql, values![round, trainee]).await?.map(|row| row.certificate))
}

pub(crate) async fn add_outcome(
    unit: &Unit,
    round: Uuid,
    outcome: &Outcome,
    certificate: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_outcome (round_id, trainee_id, host_id, placement_id, note, certificate) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![round, outcome.trainee_id, outcome.host_id, outcome.placement_id, outcome.note.clone(), certificate],
    )
    .await?;
    Ok(())
}

closed_list! {
    /// How an appeal stands.
    AppealState {
        Open = "open", "Not decided yet";
        Upheld = "upheld", "Upheld";
        Dismissed = "dismissed", "Dismissed";
    }
}

/// An appeal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Appeal {
    pub id: Uuid,
    pub trainee: Uuid,
    pub number: String,
    pub name: String,
    pub reason: String,
    pub made_at: Timestamp,
    pub state: AppealState,
    pub decision: String,
}

/// In the order they came.
pub(crate) async fn appeals(reads: &impl Reads, round: Uuid) -> Result<Vec<Appeal>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        trainee_id: Uuid,
        number: String,
        name: String,
        reason: String,
        made_at: Timestamp,
        state: String,
        decision: String,
    }
    let sql = "SELECT a.id, a.trainee_id, t.number, t.name, a.reason, a.made_at, a.state, a.decision FROM education_round_appeal a \
               JOIN education_trainee t ON t.id = a.trainee_id WHERE a.round_id = $1 ORDER BY a.made_at, a.id";
    let rows: Vec<Row> = reads.all(sql, values![round]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Appeal {
            id: row.id,
            trainee: row.trainee_id,
            number: row.number,
            name: row.name,
            reason: row.reason,
            made_at: row.made_at,
            state: AppealState::from_key(&row.state).unwrap_or(AppealState::Open),
            decision: row.decision,
        })
        .collect())
}

pub(crate) async fn add_appeal(unit: &Unit, round: Uuid, trainee: Uuid, reason: &str) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO education_round_appeal (id, round_id, trainee_id, reason, made_at, state, decision) \
         VALUES ($1, $2, $3, $4, $5, 'open', '')",
        values![id, round, trainee, reason, unit.now()],
    )
    .await?;
    Ok(id)
}

/// Whether it was still open.
pub(crate) async fn decide_appeal(
    unit: &Unit,
    appeal: Uuid,
    state: AppealState,
    decision: &str,
) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_round_appeal SET state = $2, decision = $3, decided_at = $4, decided_by = $5 WHERE id = $1 AND state = 'open'",
            values![appeal, state.key(), decision, unit.now(), unit.actor().person().map(|person| person.0)],
        )
        .await?;
    Ok(changed == 1)
}
