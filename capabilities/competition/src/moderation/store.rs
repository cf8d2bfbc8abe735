//! Settled scores as stored: every one ever settled stays; for each criterion the last counts.

use std::collections::BTreeMap;

use hiec_access::policy::Target;
use hiec_kernel::{BidId, CallId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::rules::Moderated;
use crate::bids::store::{self as bids, Bid};

/// A bid at moderation.
#[derive(Clone, Debug)]
pub struct BidInModeration {
    pub bid: Bid,
}

/// `/bids/{bid}/moderation`
impl Resource for BidInModeration {
    const KIND: &'static str = "moderation";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(bids::load_as(loading, Self::KIND).await?.map(|(bid, target)| (Self { bid }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    bid_id: Uuid,
    moderated: serde_json::Value,
}

/// Scores settled for one bid, oldest first.
pub(crate) async fn of_bid(reads: &impl Reads, bid: BidId) -> Result<Vec<Moderated>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT bid_id, moderated FROM competition_moderation WHERE bid_id = $1 ORDER BY settled_at, id",
            values![bid.0],
        )
        .await?;
    rows.into_iter().map(|row| Ok(serde_json::from_value(row.moderated)?)).collect()
}

/// Scores settled in a call, by bid, oldest first.
pub(crate) async fn of_call(reads: &impl Reads, call: CallId) -> Result<BTreeMap<BidId, Vec<Moderated>>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT bid_id, moderated FROM competition_moderation WHERE call_id = $1 ORDER BY bid_id, settled_at, id",
            values![call.0],
        )
        .await?;
    let mut by_bid: BTreeMap<BidId, Vec<Moderated>> = BTreeMap::new();
    for row in rows {
        by_bid.entry(BidId(row.bid_id)).or_default().push(serde_json::from_value(row.moderated)?);
    }
    Ok(by_bid)
}

pub(crate) async fn insert(unit: &Unit, call: CallId, bid: BidId, moderated: &Moderated) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO competition_moderation (id, call_id, bid_id, moderated, settled_at, settled_by) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![unit.new_id(), call.0, bid.0, serde_json::to_value(moderated)?, unit.now(), moderated.by.0],
    )
    .await?;
    Ok(())
}
