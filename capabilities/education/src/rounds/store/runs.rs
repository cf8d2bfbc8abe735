//! Dry runs: how far each is, and what it came to.

use hiec_kernel::Timestamp;
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use uuid::Uuid;

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
