//! What upheld appeals changed of where people go. Only ever added to: what the run gave stays as it was sealed.

use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

/// What one upheld appeal came to.
#[derive(Clone, PartialEq, Eq, Debug, FromQueryResult, Serialize)]
pub(crate) struct AppealChange {
    pub appeal_id: Uuid,
    pub trainee_id: Uuid,
    /// Whether they go elsewhere now.
    pub is_moved: bool,
    pub host_id: Option<Uuid>,
    pub placement_id: Option<Uuid>,
    /// Why a place was given where there was no room; empty otherwise.
    pub exception: String,
    pub reason: String,
}

/// In the order they were made.
pub(crate) async fn changes(reads: &impl Reads, round: Uuid) -> Result<Vec<AppealChange>, StoreError> {
    let sql = "SELECT appeal_id, trainee_id, is_moved, host_id, placement_id, exception, reason FROM education_round_change \
               WHERE round_id = $1 ORDER BY made_at, id";
    reads.all(sql, values![round]).await
}

pub(crate) async fn add_change(unit: &Unit, round: Uuid, change: &AppealChange) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_change (id, round_id, appeal_id, trainee_id, is_moved, host_id, placement_id, exception, reason, \
         made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            unit.new_id(),
            round,
            change.appeal_id,
            change.trainee_id,
            change.is_moved,
            change.host_id,
            change.placement_id,
            change.exception.clone(),
            change.reason.clone(),
            unit.now(),
            unit.actor().person().map(|person| person.0)
        ],
    )
    .await?;
    Ok(())
}
