//! What hosts offer in a round, and why not more.

use std::collections::BTreeMap;

use hiec_kernel::{OrganisationId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

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
