//! Returns, signed contents and queries as stored; a return reaches a handler only through its extractor, which authorises. What was signed is never changed.

use std::collections::BTreeMap;

use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::{ClusterId, Fingerprint, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::content::Content;
use super::quarter::Quarter;
use super::reminders::owed_by;
use super::states::ReturnState;
use crate::kpis::store::{cluster_in_path, faster, target};

/// What people wrote beside the figures.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Narratives {
    /// The quarter in a few sentences.
    pub summary: String,
    /// What is said to each indicator.
    pub kpis: BTreeMap<Uuid, String>,
}

/// A return as stored.
#[derive(Clone, Debug)]
pub struct StoredReturn {
    pub id: Uuid,
    pub cluster: ClusterId,
    pub quarter: Quarter,
    pub narratives: Narratives,
    pub state: ReturnState,
    pub version: i64,
}

/// A quarter's return, begun or only owed.
#[derive(Clone, Debug)]
pub struct Return {
    pub cluster: ClusterSeen,
    pub quarter: Quarter,
    /// Nothing while nobody has written a word.
    pub stored: Option<StoredReturn>,
}

impl Return {
    pub fn path(&self) -> String {
        path(&self.cluster, self.quarter)
    }

    pub fn state(&self) -> ReturnState {
        self.stored.as_ref().map_or(ReturnState::Draft, |stored| stored.state.clone())
    }

    pub fn narratives(&self) -> Narratives {
        self.stored.as_ref().map(|stored| stored.narratives.clone()).unwrap_or_default()
    }
}

/// `/clusters/necles/returns/2010-Q2`
pub(crate) fn path(cluster: &ClusterSeen, quarter: Quarter) -> String {
    format!("{}/returns/{quarter}", cluster.path())
}

/// `/clusters/{cluster}/returns/{quarter}…`
impl Resource for Return {
    const KIND: &'static str = "return";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let quarter = loading.text("quarter").and_then(Quarter::parse);
        let (Some(cluster), Some(quarter)) = (cluster_in_path(loading).await?, quarter) else {
            return Ok(None);
        };
        let stored = of_quarter(&loading.database, cluster.id, quarter).await?;
        if stored.is_none() && !owed_by(&loading.database, &cluster).await?.contains(&quarter) {
            return Ok(None);
        }
        let found = Self { cluster, quarter, stored };
        let state = found.state();
        let id = found.stored.as_ref().map_or(found.cluster.id.0, |stored| stored.id);
        let target = target(Self::KIND, id, &found.cluster)
            .fact("is_submitted", state.last_signature().is_some())
            .fact("is_public", state.is_accepted());
        Ok(Some((found, target)))
    }
}

/// `/clusters/{cluster}/returns`: all of a cluster's.
#[derive(Clone, Debug)]
pub struct ReturnsOf {
    pub cluster: ClusterSeen,
}

impl Resource for ReturnsOf {
    const KIND: &'static str = "return";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = cluster_in_path(loading).await? else {
            return Ok(None);
        };
        let target = target(Self::KIND, cluster.id.0, &cluster);
        Ok(Some((Self { cluster }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    quarter: String,
    narratives: serde_json::Value,
    state: serde_json::Value,
    version: i64,
}

impl TryFrom<Row> for StoredReturn {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            quarter: serde_json::from_value(serde_json::Value::String(row.quarter))?,
            narratives: serde_json::from_value(row.narratives)?,
            state: serde_json::from_value(row.state)?,
            version: row.version,
        })
    }
}

const COLUMNS: &str = "id, cluster_id, quarter, narratives, state, version";

pub(crate) async fn of_quarter(
    reads: &impl Reads,
    cluster: ClusterId,
    quarter: Quarter,
) -> Result<Option<StoredReturn>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery_return WHERE cluster_id = $1 AND quarter = $2");
    let row = reads.one::<Row>(&sql, values![cluster.0, quarter.to_string()]).await?;
    row.map(StoredReturn::try_from).transpose()
}

/// A cluster's returns, oldest first.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<StoredReturn>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery_return WHERE cluster_id = $1 ORDER BY quarter");
    reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(StoredReturn::try_from).collect()
}

/// Every return, by cluster, oldest first.
pub(crate) async fn all(reads: &impl Reads) -> Result<Vec<StoredReturn>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery_return ORDER BY cluster_id, quarter");
    reads.all::<Row>(&sql, values![]).await?.into_iter().map(StoredReturn::try_from).collect()
}

/// The stored return of a quarter, begun now if it was not.
pub(crate) async fn begun(unit: &Unit, cluster: &ClusterSeen, quarter: Quarter) -> Result<StoredReturn, Problem> {
    unit.execute(
        "INSERT INTO delivery_return (id, cluster_id, quarter, due_on, narratives, state_name, state, begun_at, changed_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1) ON CONFLICT (cluster_id, quarter) DO NOTHING",
        values![
            unit.new_id(),
            cluster.id.0,
            quarter.to_string(),
            quarter.due(&WorkingCalendar::default()),
            serde_json::to_value(Narratives::default()).map_err(Problem::internal)?,
            ReturnState::Draft.key(),
            serde_json::to_value(ReturnState::Draft).map_err(Problem::internal)?,
            unit.now()
        ],
    )
    .await?;
    of_quarter(unit, cluster.id, quarter).await?.ok_or_else(Problem::not_found)
}

/// Stores words and state. Refused when somebody was faster.
pub(crate) async fn save(unit: &Unit, one: &StoredReturn) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE delivery_return SET narratives = $3, state_name = $4, state = $5, changed_at = $6, version = version + 1 \
             WHERE id = $1 AND version = $2",
            values![
                one.id,
                one.version,
                serde_json::to_value(&one.narratives).map_err(Problem::internal)?,
                one.state.key(),
                serde_json::to_value(&one.state).map_err(Problem::internal)?,
                unit.now()
            ],
        )
        .await?;
    if changed == 0 { Err(faster("return")) } else { Ok(()) }
}

/// A content as signed.
#[derive(Clone, Debug)]
pub struct Signed {
    pub number: u32,
    pub content: Content,
    pub fingerprint: Fingerprint,
    pub at: Timestamp,
}

#[derive(FromQueryResult)]
struct SignedRow {
    number: i64,
    content: serde_json::Value,
    fingerprint: String,
    signed_at: Timestamp,
}

/// Every signing of a return, the first one first.
pub(crate) async fn signings(reads: &impl Reads, id: Uuid) -> Result<Vec<Signed>, StoreError> {
    let rows: Vec<SignedRow> = reads
        .all(
            "SELECT number, content, fingerprint, signed_at FROM delivery_return_signed \
             WHERE return_id = $1 ORDER BY number",
            values![id],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Signed {
                number: u32::try_from(row.number).unwrap_or(u32::MAX),
                content: serde_json::from_value(row.content)?,
                fingerprint: row.fingerprint.into(),
                at: row.signed_at,
            })
        })
        .collect()
}

pub(crate) async fn insert_signed(
    unit: &Unit,
    id: Uuid,
    number: u32,
    content: &Content,
    fingerprint: &Fingerprint,
    by: PersonId,
) -> Result<(), Problem> {
    unit.execute(
        "INSERT INTO delivery_return_signed (return_id, number, content, fingerprint, signed_at, signed_by) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            id,
            i64::from(number),
            serde_json::to_value(content).map_err(Problem::internal)?,
            fingerprint.to_string(),
            unit.now(),
            by.0
        ],
    )
    .await?;
    Ok(())
}

/// A question of the region to a line, with the cluster's answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Query {
    pub id: Uuid,
    /// The signing it asks about.
    pub number: i64,
    /// `summary`, `money`, `projects`, `risks`, or an indicator's id.
    pub line: String,
    pub question: String,
    pub asked_at: Timestamp,
    pub answer: Option<String>,
    pub answered_at: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct QueryRow {
    id: Uuid,
    number: i64,
    line: String,
    question: String,
    asked_at: Timestamp,
    answer: Option<String>,
    answered_at: Option<Timestamp>,
}

/// The questions to a return, oldest first.
pub(crate) async fn queries(reads: &impl Reads, id: Uuid) -> Result<Vec<Query>, StoreError> {
    let rows: Vec<QueryRow> = reads
        .all(
            "SELECT id, number, line, question, asked_at, answer, answered_at FROM delivery_return_query \
             WHERE return_id = $1 ORDER BY asked_at, id",
            values![id],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Query {
            id: row.id,
            number: row.number,
            line: row.line,
            question: row.question,
            asked_at: row.asked_at,
            answer: row.answer,
            answered_at: row.answered_at,
        })
        .collect())
}

pub(crate) async fn insert_query(
    unit: &Unit,
    id: Uuid,
    number: u32,
    line: &str,
    question: &str,
    by: PersonId,
) -> Result<Uuid, StoreError> {
    let query = unit.new_id();
    unit.execute(
        "INSERT INTO delivery_return_query (id, return_id, number, line, question, asked_at, asked_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![query, id, i64::from(number), line, question, unit.now(), by.0],
    )
    .await?;
    Ok(query)
}

/// Stores an answer; an answer that was given stays. Says whether it was stored.
pub(crate) async fn answer_query(unit: &Unit, query: Uuid, answer: &str, by: PersonId) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE delivery_return_query SET answer = $2, answered_at = $3, answered_by = $4 \
             WHERE id = $1 AND answer IS NULL",
            values![query, answer, unit.now(), by.0],
        )
        .await?;
    Ok(changed > 0)
}
