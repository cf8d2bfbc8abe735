//! Visits, findings, requirements and levels of escalation as stored; what was said of a requirement is only ever added to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, OrganisationId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::standing::{Escalation, FindingKind, Requirement, RequirementKind, Step, VisitKind};

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Visit {
    pub id: Uuid,
    pub host: OrganisationId,
    pub kind: VisitKind,
    pub on: NaiveDate,
    pub reason: String,
    pub led_by: String,
    /// What was found in all; with it the visit is reported.
    pub summary: Option<String>,
    pub reported_at: Option<Timestamp>,
    pub is_illustrative: bool,
}

impl Visit {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/quality/visits/{}", cluster.path(), self.id)
    }
}

#[derive(FromQueryResult)]
struct VisitRow {
    id: Uuid,
    host_id: Uuid,
    kind: String,
    on_day: NaiveDate,
    reason: String,
    led_by: String,
    summary: Option<String>,
    reported_at: Option<Timestamp>,
    is_illustrative: bool,
}

/// A cluster's visits, the last first.
pub(crate) async fn visits(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Visit>, StoreError> {
    let rows: Vec<VisitRow> = reads
        .all(
            "SELECT id, host_id, kind, on_day, reason, led_by, summary, reported_at, is_illustrative FROM education_visit \
             WHERE cluster_id = $1 ORDER BY on_day DESC, id DESC",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Visit {
                id: row.id,
                host: OrganisationId(row.host_id),
                kind: VisitKind::from_key(&row.kind)?,
                on: row.on_day,
                reason: row.reason,
                led_by: row.led_by,
                summary: row.summary,
                reported_at: row.reported_at,
                is_illustrative: row.is_illustrative,
            })
        })
        .collect())
}

pub(crate) async fn add_visit(unit: &Unit, cluster: ClusterId, visit: &Visit) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_visit (id, cluster_id, host_id, kind, on_day, reason, led_by, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            visit.id,
            cluster.0,
            visit.host.0,
            visit.kind.key(),
            visit.on,
            visit.reason.clone(),
            visit.led_by.clone(),
            visit.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Reports it; false where it was reported meanwhile.
pub(crate) async fn report_visit(unit: &Unit, visit: Uuid, summary: &str) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_visit SET summary = $2, reported_at = $3 WHERE id = $1 AND summary IS NULL",
            values![visit, summary, unit.now()],
        )
        .await?;
    Ok(changed > 0)
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Finding {
    pub kind: FindingKind,
    pub domain: String,
    pub words: String,
}

/// What a visit found, in the order it was written.
pub(crate) async fn findings(reads: &impl Reads, visit: Uuid) -> Result<Vec<Finding>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: String,
        domain: String,
        words: String,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT kind, domain, words FROM education_finding WHERE visit_id = $1 ORDER BY said_at, id",
            values![visit],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            FindingKind::from_key(&row.kind).map(|kind| Finding { kind, domain: row.domain, words: row.words })
        })
        .collect())
}

pub(crate) async fn add_finding(unit: &Unit, visit: Uuid, finding: &Finding) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_finding (id, visit_id, kind, domain, words, said_at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![unit.new_id(), visit, finding.kind.key(), finding.domain.clone(), finding.words.clone(), unit.now()],
    )
    .await?;
    Ok(())
}

// --- Requirements ---

/// What a host must or should do, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Required {
    pub id: Uuid,
    pub host: OrganisationId,
    pub visit: Option<Uuid>,
    pub kind: RequirementKind,
    pub words: String,
    pub owner: String,
    pub set_on: NaiveDate,
    pub due_on: NaiveDate,
    pub is_illustrative: bool,
    #[serde(flatten)]
    pub standing: Requirement,
    /// Every step with its moment.
    pub steps: Vec<(Step, Timestamp)>,
}

/// All requirements of a cluster, the first due first, each built from its steps in their order.
pub(crate) async fn requirements(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Required>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        host_id: Uuid,
        visit_id: Option<Uuid>,
        kind: String,
        words: String,
        owner: String,
        set_on: NaiveDate,
        due_on: NaiveDate,
        is_illustrative: bool,
    }
    #[derive(FromQueryResult)]
    struct StepRow {
        requirement_id: Uuid,
        step: serde_json::Value,
        said_at: Timestamp,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, host_id, visit_id, kind, words, owner, set_on, due_on, is_illustrative FROM education_requirement \
             WHERE cluster_id = $1 ORDER BY due_on, id",
            values![cluster.0],
        )
        .await?;
    let step_rows: Vec<StepRow> = reads
        .all(
            "SELECT requirement_id, step, said_at FROM education_requirement_step \
             WHERE requirement_id IN (SELECT id FROM education_requirement WHERE cluster_id = $1) ORDER BY requirement_id, nth",
            values![cluster.0],
        )
        .await?;
    let mut steps: BTreeMap<Uuid, Vec<(Step, Timestamp)>> = BTreeMap::new();
    for row in step_rows {
        steps.entry(row.requirement_id).or_default().push((serde_json::from_value(row.step)?, row.said_at));
    }
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let steps = steps.remove(&row.id).unwrap_or_default();
            let mut standing = Requirement::Open { due: row.due_on };
            for (step, _) in &steps {
                standing = standing.clone().take(step).unwrap_or(standing);
            }
            Some(Required {
                id: row.id,
                host: OrganisationId(row.host_id),
                visit: row.visit_id,
                kind: RequirementKind::from_key(&row.kind)?,
                words: row.words,
                owner: row.owner,
                set_on: row.set_on,
                due_on: row.due_on,
                is_illustrative: row.is_illustrative,
                standing,
                steps,
            })
        })
        .collect())
}

pub(crate) async fn add_requirement(unit: &Unit, cluster: ClusterId, required: &Required) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_requirement (id, cluster_id, host_id, visit_id, kind, words, owner, set_on, due_on, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            required.id,
            cluster.0,
            required.host.0,
            required.visit,
            required.kind.key(),
            required.words.clone(),
            required.owner.clone(),
            required.set_on,
            required.due_on,
            required.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// `nth`: how many steps there were before. Two at once cannot both be the next one.
pub(crate) async fn add_step(unit: &Unit, requirement: Uuid, nth: usize, step: &Step) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_requirement_step (requirement_id, nth, step, said_by, said_at) VALUES ($1, $2, $3, $4, $5)",
        values![
            requirement,
            i64::try_from(nth).unwrap_or(i64::MAX),
            serde_json::to_value(step)?,
            unit.actor().person().map(|person| person.0),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

// --- Escalation ---

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Escalated {
    pub host: OrganisationId,
    pub level: Escalation,
    pub reason: String,
    pub at: Timestamp,
}

/// Every decision on a level, by host and then the last first.
pub(crate) async fn escalations(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Escalated>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        host_id: Uuid,
        level: String,
        reason: String,
        decided_at: Timestamp,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT host_id, level, reason, decided_at FROM education_escalation \
             WHERE cluster_id = $1 ORDER BY host_id, nth DESC",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let level = Escalation::from_key(&row.level)?;
            Some(Escalated { host: OrganisationId(row.host_id), level, reason: row.reason, at: row.decided_at })
        })
        .collect())
}

pub(crate) async fn add_escalation(
    unit: &Unit,
    cluster: ClusterId,
    host: OrganisationId,
    (nth, level, reason): (usize, Escalation, &str),
    is_illustrative: bool,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_escalation (nth, cluster_id, host_id, level, reason, decided_by, decided_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            i64::try_from(nth).unwrap_or(i64::MAX),
            cluster.0,
            host.0,
            level.key(),
            reason,
            unit.actor().person().map(|person| person.0),
            unit.now(),
            is_illustrative
        ],
    )
    .await?;
    Ok(())
}
