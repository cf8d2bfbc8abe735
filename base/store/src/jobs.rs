//! The job queue: work that follows a change, stored with it; a job must be safe to run twice.

use chrono::Duration;
use hiec_kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::database::StoreError;
use crate::query::Reads;
use crate::unit::Unit;
use crate::values;

/// How often a job is tried before a person must look at it.
pub const MOST_ATTEMPTS: i64 = 8;

/// A job as stored. Times are UTC.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Job {
    pub id: Uuid,
    pub kind: String,
    pub payload: serde_json::Value,
    pub created_at: Timestamp,
    pub not_before: Timestamp,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub done_at: Option<Timestamp>,
}

pub(crate) async fn enqueue(
    unit: &Unit,
    kind: &str,
    payload: serde_json::Value,
    not_before: Timestamp,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO base_job (id, kind, payload, created_at, not_before, attempts) VALUES ($1, $2, $3, $4, $5, 0)",
        values![unit.new_id(), kind, payload, unit.now(), not_before],
    )
    .await?;
    Ok(())
}

/// Takes the next job that is due, and holds it for five minutes: if the worker dies, the next one finds it again.
pub async fn take(unit: &Unit) -> Result<Option<Job>, StoreError> {
    let sql = format!(
        "SELECT id, kind, payload, created_at, not_before, attempts, last_error, done_at FROM base_job \
         WHERE done_at IS NULL AND not_before <= $1 AND attempts < $2 ORDER BY not_before, id LIMIT 1{}",
        unit.dialect().for_update_skip_locked()
    );
    let Some(job) = unit.one::<Job>(&sql, values![unit.now(), MOST_ATTEMPTS]).await? else {
        return Ok(None);
    };
    unit.execute(
        "UPDATE base_job SET attempts = attempts + 1, not_before = $2 WHERE id = $1",
        values![job.id, unit.now() + Duration::minutes(5)],
    )
    .await?;
    Ok(Some(job))
}

pub async fn finish(unit: &Unit, job: Uuid) -> Result<(), StoreError> {
    unit.execute("UPDATE base_job SET done_at = $2, last_error = NULL WHERE id = $1", values![job, unit.now()]).await?;
    Ok(())
}

/// Notes a failure and tries again later: after 1, 2, 4, 8 … minutes.
pub async fn fail(unit: &Unit, job: &Job, error: &str) -> Result<(), StoreError> {
    let wait = Duration::minutes(1 << job.attempts.clamp(0, 10));
    unit.execute(
        "UPDATE base_job SET last_error = $2, not_before = $3 WHERE id = $1",
        values![job.id, error, unit.now() + wait],
    )
    .await?;
    Ok(())
}

/// How many jobs could be taken now.
pub async fn due_count(reads: &impl Reads, now: Timestamp) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM base_job WHERE done_at IS NULL AND not_before <= $1 AND attempts < $2";
    reads.count(sql, values![now, MOST_ATTEMPTS]).await
}

/// How many jobs are not done and will be tried.
pub async fn waiting(reads: &impl Reads) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM base_job WHERE done_at IS NULL AND attempts < $1";
    reads.count(sql, values![MOST_ATTEMPTS]).await
}

/// How many jobs failed so often that a person must look at them.
pub async fn given_up(reads: &impl Reads) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM base_job WHERE done_at IS NULL AND attempts >= $1";
    reads.count(sql, values![MOST_ATTEMPTS]).await
}

/// Jobs for the operator's page: open ones first, newest first.
pub async fn list(reads: &impl Reads, limit: i64) -> Result<Vec<Job>, StoreError> {
    reads
        .all(
            "SELECT id, kind, payload, created_at, not_before, attempts, last_error, done_at FROM base_job \
             ORDER BY CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC LIMIT $1",
            values![limit],
        )
        .await
}
