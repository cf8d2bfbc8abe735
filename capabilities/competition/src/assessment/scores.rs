//! The scores of a round, read for totals and ranking: originals of submitted reviews, and settled scores beside them. It adds nothing up.

use std::collections::BTreeMap;

use hiec_kernel::{BidId, CallId};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, values};
use uuid::Uuid;

use super::store::{self, StoredReview};
use crate::moderation::rules::{Moderated, bid_scores};
use crate::moderation::store as moderation;
use crate::ranking::totals::BidScores;

#[derive(FromQueryResult)]
struct Opened {
    id: Uuid,
}

/// The scores of every opened bid of the call, bids without any included. `asks` is left for the reader to fill.
pub(crate) async fn scores_of_call(reads: &impl Reads, call: CallId) -> Result<BTreeMap<BidId, BidScores>, StoreError> {
    let opened: Vec<Opened> = reads
        .all("SELECT id FROM competition_bid WHERE call_id = $1 AND state_name = 'Opened' ORDER BY id", values![call.0])
        .await?;
    let mut reviews: BTreeMap<BidId, Vec<StoredReview>> = BTreeMap::new();
    for review in store::of_call(reads, call).await? {
        reviews.entry(review.bid).or_default().push(review);
    }
    let mut settled = moderation::of_call(reads, call).await?;
    Ok(opened
        .into_iter()
        .map(|row| {
            let bid = BidId(row.id);
            let reviews = reviews.remove(&bid).unwrap_or_default();
            let history = settled.remove(&bid).unwrap_or_default();
            (bid, of_reviews(&reviews, &history))
        })
        .collect())
}

/// The scores of one bid.
pub(crate) fn of_reviews(reviews: &[StoredReview], history: &[Moderated]) -> BidScores {
    bid_scores(reviews.iter().map(|stored| (stored.assessor.to_string(), &stored.review)), history)
}
