//! Tasks and parts as stored; a changed task is stored only where nobody else changed it in the meantime.

use hiec_kernel::{ClusterId, Problem};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::rules::Parts;
use crate::desk::overtaken;

/// A task and who has which part in it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Task {
    pub id: Uuid,
    pub what: String,
    pub parts: Parts,
    pub version: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    what: String,
    parts: serde_json::Value,
    version: i64,
}

impl TryFrom<Row> for Task {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self { id: row.id, what: row.what, parts: serde_json::from_value(row.parts)?, version: row.version })
    }
}

/// A cluster's tasks, in the order they were set.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Task>, StoreError> {
    let sql = "SELECT id, what, parts, version FROM cluster_responsibility WHERE cluster_id = $1 ORDER BY id";
    reads.all::<Row>(sql, values![cluster.0]).await?.into_iter().map(Task::try_from).collect()
}

pub(crate) async fn insert(unit: &Unit, cluster: ClusterId, what: &str, parts: &Parts) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO cluster_responsibility (id, cluster_id, what, parts, set_at, version) VALUES ($1, $2, $3, $4, $5, 1)",
        values![id, cluster.0, what, serde_json::to_value(parts)?, unit.now()],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn save(unit: &Unit, task: &Task, parts: &Parts) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE cluster_responsibility SET parts = $3, set_at = $4, version = version + 1 WHERE id = $1 AND version = $2",
            values![
                task.id,
                task.version,
                serde_json::to_value(parts).map_err(Problem::internal)?,
                unit.now()
            ],
        )
        .await?;
    if changed == 0 { Err(overtaken("this task")) } else { Ok(()) }
}
