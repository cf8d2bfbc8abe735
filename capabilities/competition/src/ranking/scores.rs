//! The scores a ranking is computed from, read from submitted reviews and settled scores; it never writes any.

use std::collections::BTreeMap;

use hiec_kernel::{BidId, Problem};
use hiec_store::{FromQueryResult, Reads, values};
use uuid::Uuid;

use super::totals::BidScores;
use crate::assessment::states::Review;
use crate::calls::store::Call;
use crate::moderation::rules::bid_scores;

/// The scores of every bid of a call that has any.
pub(crate) async fn scores_of_call(
    reads: &impl Reads,
    call: &Call,
) -> Result<BTreeMap<BidId, BidScores>, Problem> {
    Ok(reviews_of_call(reads, call)
        .await?
        .into_iter()
        .map(|(bid, reviews)| {
            let each = reviews
                .iter()
                .map(|(assessor, review)| (assessor.clone(), review));
            (bid, bid_scores(each, &[]))
        })
        .collect())
}

/// Why each bid scored as it did, by criterion: the assessors' justifications, without who wrote them.
pub(crate) async fn reasons_of_call(
    reads: &impl Reads,
    call: &Call,
) -> Result<BTreeMap<BidId, BTreeMap<String, Vec<String>>>, Problem> {
    let mut reasons: BTreeMap<BidId, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (bid, reviews) in reviews_of_call(reads, call).await? {
        let own = reasons.entry(bid).or_default();
        for edition in reviews.iter().filter_map(|(_, review)| review.counts()) {
            for score in &edition.scores {
                own.entry(score.part.criterion.clone())
                    .or_default()
                    .push(score.justification.clone());
            }
        }
    }
    Ok(reasons)
}

async fn reviews_of_call(
    reads: &impl Reads,
    call: &Call,
) -> Result<BTreeMap<BidId, Vec<(String, Review)>>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        bid_id: Uuid,
        assessor_id: Uuid,
        state: serde_json::Value,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT bid_id, assessor_id, state FROM competition_review WHERE call_id = $1 ORDER BY bid_id, assessor_id, id",
            values![call.id.0],
        )
        .await?;
    let mut reviews: BTreeMap<BidId, Vec<(String, Review)>> = BTreeMap::new();
    for row in rows {
        let review = serde_json::from_value(row.state).map_err(Problem::internal)?;
        reviews
            .entry(BidId(row.bid_id))
            .or_default()
            .push((row.assessor_id.to_string(), review));
    }
    Ok(reviews)
}
