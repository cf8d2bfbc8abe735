//! Hosts, frameworks and self-assessments as stored; a handler reaches them only through the doors in `doors.rs`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::organisations::{Function, Organisation, Setting};
use hiec_kernel::{ClusterId, OrganisationId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::framework::Content;
use super::standing::Level;

/// Where trainees learn.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Host {
    pub id: OrganisationId,
    pub name: String,
    /// The kind of host: benchmarks are of the same kind.
    pub kind: String,
    pub is_illustrative: bool,
}

impl Host {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/quality/hosts/{}", cluster.path(), self.id)
    }
}

/// The hosts of a cluster by name: organisations with posts, and those that judged themselves here before; while it has no post, the
/// present partners that provide care too.
pub(crate) async fn hosts(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    today: NaiveDate,
) -> Result<Vec<Host>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        name: String,
        settings: serde_json::Value,
        is_illustrative: bool,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, name, settings, is_illustrative FROM base_organisation \
             WHERE id IN (SELECT host_id FROM education_post WHERE cluster_id = $1) \
             OR id IN (SELECT host_id FROM education_assessment WHERE cluster_id = $1) ORDER BY name, id",
            values![cluster.id.0],
        )
        .await?;
    let mut hosts = rows
        .into_iter()
        .map(|row| {
            let settings: Vec<Setting> = serde_json::from_value(row.settings)?;
            let (id, kind) = (OrganisationId(row.id), kind_of(&settings));
            Ok(Host { id, name: row.name, kind, is_illustrative: row.is_illustrative })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let sql = "SELECT COUNT(*) AS n FROM education_post WHERE cluster_id = $1";
    if reads.count(sql, values![cluster.id.0]).await? == 0 {
        let caring = |one: &&Organisation| one.functions.contains(&Function::ProvidesCare);
        let partners = cluster.partners_on(today).map(|partner| &partner.organisation).filter(caring);
        let more: Vec<Host> = partners
            .filter(|one| hosts.iter().all(|host| host.id != one.id))
            .map(|one| Host {
                id: one.id,
                name: one.name.clone(),
                kind: kind_of(&one.settings),
                is_illustrative: one.is_illustrative,
            })
            .collect();
        hosts.extend(more);
        hosts.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    }
    Ok(hosts)
}

fn kind_of(settings: &[Setting]) -> String {
    settings.first().map_or("Other hosts", |setting| setting.label()).to_owned()
}

/// Organisations beyond the partners whose people count in a cluster's education: hosts of posts and owners of curricula.
pub(crate) async fn beyond_partners(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Uuid>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT id FROM base_organisation WHERE id IN (SELECT host_id FROM education_post WHERE cluster_id = $1) \
             OR id IN (SELECT curriculum_owner_id FROM education_programme WHERE cluster_id = $1) ORDER BY id",
            values![cluster.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

// --- Frameworks ---

/// One version of the framework.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Framework {
    pub id: Uuid,
    pub version: i64,
    pub name: String,
    pub note: String,
    pub content: Content,
    pub reason: String,
    pub made_at: Timestamp,
}

#[derive(FromQueryResult)]
struct FrameworkRow {
    id: Uuid,
    version: i64,
    name: String,
    note: String,
    content: serde_json::Value,
    reason: String,
    made_at: Timestamp,
}

/// A cluster's frameworks, the one in force first.
pub(crate) async fn frameworks(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Framework>, StoreError> {
    let rows: Vec<FrameworkRow> = reads
        .all(
            "SELECT id, version, name, note, content, reason, made_at FROM education_framework \
             WHERE cluster_id = $1 ORDER BY version DESC",
            values![cluster.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Framework {
                id: row.id,
                version: row.version,
                name: row.name,
                note: row.note,
                content: serde_json::from_value(row.content)?,
                reason: row.reason,
                made_at: row.made_at,
            })
        })
        .collect()
}

pub(crate) async fn add_framework(
    unit: &Unit,
    cluster: ClusterId,
    framework: &Framework,
    is_illustrative: bool,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_framework (id, cluster_id, version, name, note, content, reason, made_by, made_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            framework.id,
            cluster.0,
            framework.version,
            framework.name.clone(),
            framework.note.clone(),
            serde_json::to_value(&framework.content)?,
            framework.reason.clone(),
            unit.actor().person().map(|person| person.0),
            framework.made_at,
            is_illustrative
        ],
    )
    .await?;
    Ok(())
}

// --- Self-assessments ---

/// What a host says of itself in one year.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Assessment {
    pub id: Uuid,
    pub host_id: Uuid,
    pub framework_id: Uuid,
    pub period: String,
    pub submitted_at: Option<Timestamp>,
    pub score: Option<i64>,
    pub is_illustrative: bool,
}

/// All of a cluster's, newest year first.
pub(crate) async fn assessments(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Assessment>, StoreError> {
    reads
        .all(
            "SELECT id, host_id, framework_id, period, submitted_at, score, is_illustrative FROM education_assessment \
             WHERE cluster_id = $1 ORDER BY period DESC, id",
            values![cluster.0],
        )
        .await
}

pub(crate) async fn add_assessment(unit: &Unit, cluster: ClusterId, assessment: &Assessment) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_assessment (id, cluster_id, host_id, framework_id, period, begun_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            assessment.id,
            cluster.0,
            assessment.host_id,
            assessment.framework_id,
            assessment.period.clone(),
            unit.now(),
            assessment.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Finishes it; false where it was finished meanwhile.
pub(crate) async fn submit_assessment(unit: &Unit, id: Uuid, score: i64) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_assessment SET submitted_by = $2, submitted_at = $3, score = $4 \
             WHERE id = $1 AND submitted_at IS NULL",
            values![id, unit.actor().person().map(|person| person.0), unit.now(), score],
        )
        .await?;
    Ok(changed > 0)
}

/// What a host says of one standard.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Said {
    pub level: Level,
    pub evidence: String,
    pub link: String,
    pub file: Option<Uuid>,
}

/// By the standard's key.
pub(crate) async fn said(reads: &impl Reads, assessment: Uuid) -> Result<BTreeMap<String, Said>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        standard: String,
        level: String,
        evidence: String,
        link: String,
        file_id: Option<Uuid>,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT standard, level, evidence, link, file_id FROM education_assessment_answer \
             WHERE assessment_id = $1 ORDER BY standard",
            values![assessment],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let level = Level::from_key(&row.level)?;
            Some((row.standard, Said { level, evidence: row.evidence, link: row.link, file: row.file_id }))
        })
        .collect())
}

pub(crate) async fn say(unit: &Unit, assessment: Uuid, standard: &str, said: &Said) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_assessment_answer (assessment_id, standard, level, evidence, link, file_id, said_by, said_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (assessment_id, standard) DO UPDATE SET \
         level = $3, evidence = $4, link = $5, file_id = $6, said_by = $7, said_at = $8",
        values![
            assessment,
            standard,
            said.level.key(),
            said.evidence.clone(),
            said.link.clone(),
            said.file,
            unit.actor().person().map(|person| person.0),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}
