//! Why each bid scored as it did, for letters: settled reasons, else the assessors' justifications without who wrote them. It adds no word of its own.

use std::collections::BTreeMap;

use hiec_kernel::{BidId, Problem};
use hiec_store::Reads;

use crate::assessment::store as assessment;
use crate::calls::store::Call;
use crate::moderation::store as moderation;

/// Reasons by bid and criterion.
pub(crate) async fn reasons_of_call(
    reads: &impl Reads,
    call: &Call,
) -> Result<BTreeMap<BidId, BTreeMap<String, Vec<String>>>, Problem> {
    let mut reasons: BTreeMap<BidId, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for stored in assessment::of_call(reads, call.id).await? {
        let Some(edition) = stored.review.counts() else {
            continue;
        };
        let own = reasons.entry(stored.bid).or_default();
        for score in &edition.scores {
            own.entry(score.part.criterion.clone()).or_default().push(score.justification.clone());
        }
    }
    for (bid, history) in moderation::of_call(reads, call.id).await? {
        let own = reasons.entry(bid).or_default();
        // Oldest first: the last reason settled for a criterion takes the place of all before it.
        for settled in history {
            own.insert(settled.part.criterion.clone(), vec![settled.reason.to_string()]);
        }
    }
    Ok(reasons)
}
