//! Measures and their versions, sharing and entries as stored.

use std::collections::BTreeMap;

use hiec_kernel::{ClusterId, OrganisationId, Timestamp};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, Value, values};
use serde::Serialize;
use uuid::Uuid;

use super::rules::Definition;
use super::sight::Level;
use super::states::VersionState;

/// A measure with the definition in force.
#[derive(Clone, PartialEq, Debug)]
pub struct Measure {
    pub id: Uuid,
    pub cluster: ClusterId,
    /// As addresses name it.
    pub key: String,
    pub title: String,
    /// In force, or the first one proposed while none is.
    pub definition: Definition,
    /// The number of the version in force; nought while none is.
    pub in_force: i64,
    pub is_illustrative: bool,
}

impl Measure {
    pub fn is_in_force(&self) -> bool {
        self.in_force > 0
    }

    /// `/clusters/necles/measures/niv-three-hours`
    pub fn path(&self, cluster: &str) -> String {
        format!("{cluster}/measures/{}", self.key)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    key: String,
    title: String,
    definition: Option<serde_json::Value>,
    first: Option<serde_json::Value>,
    in_force: i64,
    is_illustrative: bool,
}

impl Row {
    fn measure(self) -> Result<Option<Measure>, StoreError> {
        let Some(definition) = self.definition.or(self.first) else { return Ok(None) };
        Ok(Some(Measure {
            id: self.id,
            cluster: ClusterId(self.cluster_id),
            key: self.key,
            title: self.title,
            definition: serde_json::from_value(definition)?,
            in_force: self.in_force,
            is_illustrative: self.is_illustrative,
        }))
    }
}

const MEASURES: &str = "SELECT m.id, m.cluster_id, m.key, m.title, m.definition, v.definition AS first, m.in_force, m.is_illustrative \
     FROM delivery_measure m LEFT JOIN delivery_measure_version v ON v.measure_id = m.id AND v.number = 1";

/// All measures of a cluster, by title, those not in force among them.
pub async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Measure>, StoreError> {
    let sql = format!("{MEASURES} WHERE m.cluster_id = $1 ORDER BY m.title, m.id");
    let rows: Vec<Row> = reads.all(&sql, values![cluster.0]).await?;
    rows.into_iter().filter_map(|row| row.measure().transpose()).collect()
}

pub async fn by_key(reads: &impl Reads, cluster: ClusterId, key: &str) -> Result<Option<Measure>, StoreError> {
    let sql = format!("{MEASURES} WHERE m.cluster_id = $1 AND m.key = $2");
    Ok(reads.one::<Row>(&sql, values![cluster.0, key]).await?.map(Row::measure).transpose()?.flatten())
}

pub async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<Measure>, StoreError> {
    let sql = format!("{MEASURES} WHERE m.id = $1");
    Ok(reads.one::<Row>(&sql, values![id]).await?.map(Row::measure).transpose()?.flatten())
}

pub(crate) async fn insert(unit: &Unit, measure: &Measure) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_measure (id, cluster_id, key, title, definition, in_force, is_illustrative, points, created_at) \
         VALUES ($1, $2, $3, $4, $5, 0, $6, '', $7)",
        values![
            measure.id,
            measure.cluster.0,
            measure.key.as_str(),
            measure.title.as_str(),
            None::<serde_json::Value>,
            measure.is_illustrative,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// A version of a definition with what became of it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Version {
    pub number: i64,
    pub definition: Definition,
    pub why: String,
    pub proposed_by: String,
    pub proposed_at: Timestamp,
    pub state: VersionState,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub reason: Option<String>,
}

#[derive(FromQueryResult)]
struct VersionRow {
    number: i64,
    definition: serde_json::Value,
    why: String,
    proposed_by: String,
    proposed_at: Timestamp,
    state: String,
    decided_by: Option<String>,
    decided_at: Option<Timestamp>,
    reason: Option<String>,
}

/// The versions of a measure, the newest first.
pub(crate) async fn versions(reads: &impl Reads, measure: Uuid) -> Result<Vec<Version>, StoreError> {
    let rows: Vec<VersionRow> = reads
        .all(
            "SELECT number, definition, why, proposed_by, proposed_at, state, decided_by, decided_at, reason \
             FROM delivery_measure_version WHERE measure_id = $1 ORDER BY number DESC",
            values![measure],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Version {
                number: row.number,
                definition: serde_json::from_value(row.definition)?,
                why: row.why,
                proposed_by: row.proposed_by,
                proposed_at: row.proposed_at,
                state: VersionState::from_key(&row.state).unwrap_or(VersionState::Refused),
                decided_by: row.decided_by,
                decided_at: row.decided_at,
                reason: row.reason,
            })
        })
        .collect()
}

pub(crate) async fn insert_version(
    unit: &Unit,
    measure: Uuid,
    number: i64,
    definition: &Definition,
    why: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_measure_version (id, measure_id, number, definition, why, proposed_by, proposed_at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            unit.new_id(),
            measure,
            number,
            serde_json::to_value(definition)?,
            why,
            unit.actor().key(),
            unit.now(),
            VersionState::Proposed.key()
        ],
    )
    .await?;
    Ok(())
}

/// Stores a decision on a version that waits; answers whether it still waited.
pub(crate) async fn decide_version(
    unit: &Unit,
    measure: Uuid,
    version: &Version,
    state: VersionState,
    reason: &str,
) -> Result<bool, StoreError> {
    if state == VersionState::InForce {
        for before in VersionState::ALL {
            let Some(after) = before.when_another_is_in_force() else { continue };
            let sql = "UPDATE delivery_measure_version SET state = $2 WHERE measure_id = $1 AND state = $3";
            unit.execute(sql, values![measure, after.key(), before.key()]).await?;
        }
    }
    let changed = unit
        .execute(
            "UPDATE delivery_measure_version SET state = $3, decided_by = $4, decided_at = $5, reason = $6 \
             WHERE measure_id = $1 AND number = $2 AND state = $7",
            values![
                measure,
                version.number,
                state.key(),
                unit.actor().key(),
                unit.now(),
                reason,
                VersionState::Proposed.key()
            ],
        )
        .await?;
    if state == VersionState::InForce {
        unit.execute(
            "UPDATE delivery_measure SET definition = $2, title = $3, in_force = $4 WHERE id = $1",
            values![
                measure,
                serde_json::to_value(&version.definition)?,
                version.definition.title.as_str(),
                version.number
            ],
        )
        .await?;
    }
    Ok(changed == 1)
}

/// What the sites of a measure chose that their peers see; a site that chose nothing is absent.
pub(crate) async fn sharing(reads: &impl Reads, measure: Uuid) -> Result<BTreeMap<OrganisationId, Level>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        site_id: Uuid,
        level: String,
    }
    let rows: Vec<Row> = reads
        .all("SELECT site_id, level FROM delivery_sharing WHERE measure_id = $1 ORDER BY site_id", values![measure])
        .await?;
    // A level nobody knows any more shows the least.
    Ok(rows
        .into_iter()
        .map(|row| (OrganisationId(row.site_id), Level::from_key(&row.level).unwrap_or(Level::Band)))
        .collect())
}

/// What one site chose, by measure.
pub(crate) async fn sharing_of_site(
    reads: &impl Reads,
    site: OrganisationId,
) -> Result<BTreeMap<Uuid, Level>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        measure_id: Uuid,
        level: String,
    }
    let rows: Vec<Row> = reads
        .all("SELECT measure_id, level FROM delivery_sharing WHERE site_id = $1 ORDER BY measure_id", values![site.0])
        .await?;
    Ok(rows.into_iter().map(|row| (row.measure_id, Level::from_key(&row.level).unwrap_or(Level::Band))).collect())
}

/// What all sites of a cluster's measures chose.
pub(crate) async fn sharing_of_cluster(
    reads: &impl Reads,
    cluster: ClusterId,
) -> Result<BTreeMap<(Uuid, OrganisationId), Level>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        measure_id: Uuid,
        site_id: Uuid,
        level: String,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT s.measure_id, s.site_id, s.level FROM delivery_sharing s JOIN delivery_measure m ON m.id = s.measure_id \
             WHERE m.cluster_id = $1 ORDER BY s.measure_id, s.site_id",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.measure_id, OrganisationId(row.site_id)), Level::from_key(&row.level).unwrap_or(Level::Band)))
        .collect())
}

pub(crate) async fn set_sharing(
    unit: &Unit,
    measure: Uuid,
    site: OrganisationId,
    level: Level,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_sharing (id, measure_id, site_id, level, chosen_by, chosen_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (measure_id, site_id) DO UPDATE SET level = excluded.level, chosen_by = excluded.chosen_by, \
         chosen_at = excluded.chosen_at",
        values![unit.new_id(), measure, site.0, level.key(), unit.actor().key(), unit.now()],
    )
    .await?;
    Ok(())
}

/// An act by which figures came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub struct Entry {
    pub number: i64,
    /// `form`, `file`, `program`.
    pub kind: String,
    pub actor: String,
    pub at: Timestamp,
    /// The file's name, or where the figures are from.
    pub source: String,
    pub sha256: Option<String>,
    pub added: i64,
    pub changed: i64,
    pub reason: String,
}

/// Takes the cluster's next entry number, and holds the cluster's figures until the end of the unit.
pub(crate) async fn next_entry(unit: &Unit, cluster: ClusterId) -> Result<i64, StoreError> {
    unit.execute(
        "INSERT INTO delivery_figures (cluster_id, entries) VALUES ($1, 0) ON CONFLICT (cluster_id) DO NOTHING",
        values![cluster.0],
    )
    .await?;
    unit.execute("UPDATE delivery_figures SET entries = entries + 1 WHERE cluster_id = $1", values![cluster.0]).await?;
    unit.count("SELECT entries AS n FROM delivery_figures WHERE cluster_id = $1", values![cluster.0]).await
}

pub(crate) async fn insert_entry(unit: &Unit, cluster: ClusterId, entry: &Entry) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_entry (id, cluster_id, number, kind, actor, at, source, sha256, added, changed, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            unit.new_id(),
            cluster.0,
            entry.number,
            entry.kind.as_str(),
            entry.actor.as_str(),
            entry.at,
            entry.source.as_str(),
            entry.sha256.clone(),
            entry.added,
            entry.changed,
            entry.reason.as_str()
        ],
    )
    .await?;
    Ok(())
}

const ENTRIES: &str = "SELECT number, kind, actor, at, source, sha256, added, changed, reason FROM delivery_entry";

pub(crate) async fn entry(reads: &impl Reads, cluster: ClusterId, number: i64) -> Result<Option<Entry>, StoreError> {
    reads.one(&format!("{ENTRIES} WHERE cluster_id = $1 AND number = $2"), values![cluster.0, number]).await
}

/// The newest entries of a cluster.
pub(crate) async fn entries(reads: &impl Reads, cluster: ClusterId, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("{ENTRIES} WHERE cluster_id = $1 ORDER BY number DESC LIMIT $2");
    reads.all(&sql, values![cluster.0, limit]).await
}

/// As many values as both databases bind to one statement with ease.
const MOST_BOUND: usize = 30_000;

/// Many rows of one table, several to a statement. `after` follows the values: what to do where a row is there already.
pub(crate) async fn insert_rows(
    unit: &Unit,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Value>>,
    after: &str,
) -> Result<(), StoreError> {
    let width = columns.len().max(1);
    let at_once = (MOST_BOUND / width).min(1_000);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let part: Vec<Vec<Value>> = rows.by_ref().take(at_once).collect();
        let marks: Vec<String> = (0..part.len())
            .map(|row| {
                let marks: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
                format!("({})", marks.join(", "))
            })
            .collect();
        let sql = format!("INSERT INTO {table} ({}) VALUES {} {after}", columns.join(", "), marks.join(", "));
        unit.execute(&sql, part.into_iter().flatten().collect()).await?;
    }
    Ok(())
}
