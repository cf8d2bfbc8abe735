//! Places of hosts kept in a round for those who have something stated in common.

use hiec_kernel::OrganisationId;
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use crate::rounds::groups::Attribute;

/// Some places of one host, kept for a group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct GroupReserve {
    pub id: Uuid,
    pub host: OrganisationId,
    pub attribute: Attribute,
    /// As the attribute has it.
    pub value: String,
    /// In words, as the ledger and the reasons tell it.
    pub label: String,
    pub places: i64,
    /// Whether others may have what they leave.
    pub is_released: bool,
    pub reason: String,
}

/// In the order they were made.
pub(crate) async fn reserves(reads: &impl Reads, round: Uuid) -> Result<Vec<GroupReserve>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        host_id: Uuid,
        attribute: String,
        value: String,
        label: String,
        places: i64,
        is_released: bool,
        reason: String,
    }
    let sql = "SELECT id, host_id, attribute, value, label, places, is_released, reason FROM education_round_reserve \
               WHERE round_id = $1 ORDER BY made_at, id";
    let rows: Vec<Row> = reads.all(sql, values![round]).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(GroupReserve {
                id: row.id,
                host: OrganisationId(row.host_id),
                attribute: Attribute::from_key(&row.attribute)?,
                value: row.value,
                label: row.label,
                places: row.places,
                is_released: row.is_released,
                reason: row.reason,
            })
        })
        .collect())
}

pub(crate) async fn add_reserve(unit: &Unit, round: Uuid, reserve: &GroupReserve) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_round_reserve (id, round_id, host_id, attribute, value, label, places, is_released, reason, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            reserve.id,
            round,
            reserve.host.0,
            reserve.attribute.key(),
            reserve.value.clone(),
            reserve.label.clone(),
            reserve.places,
            reserve.is_released,
            reserve.reason.clone(),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn remove_reserve(unit: &Unit, round: Uuid, reserve: Uuid) -> Result<bool, StoreError> {
    let sql = "DELETE FROM education_round_reserve WHERE round_id = $1 AND id = $2";
    Ok(unit.execute(sql, values![round, reserve]).await? == 1)
}
