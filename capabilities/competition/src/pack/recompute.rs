//! Recomputes totals and ranking from a design and scores alone. It uses the same rules as the program and none of its results.

use std::collections::BTreeMap;

use hiec_kernel::{BidId, Fingerprint};
use serde_json::Value;

use super::contents::{PackBid, PackModeration, PackRank, PackTotal, ScoreLine};
use crate::calls::design::CallDesign;
use crate::ranking::design::{criteria_of, ranking_rule_of};
use crate::ranking::exact::Exact;
use crate::ranking::rules::{Ranking, rank};
use crate::ranking::store::fingerprint;
use crate::ranking::ties::TieBreak;
use crate::ranking::totals::{BidScores, PartKey, Score};

/// What a pack ought to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recomputed {
    pub totals: Vec<PackTotal>,
    pub ranking: Vec<PackRank>,
    pub ties: Vec<TieBreak>,
    /// What the audit trail must have recorded of this ranking.
    pub fingerprint: Fingerprint,
}

impl Recomputed {
    pub(super) fn of(ranking: &Ranking, fingerprint: Fingerprint) -> Self {
        Self {
            totals: ranking
                .bids
                .iter()
                .filter_map(|line| {
                    let total = line.total.clone()?;
                    Some(PackTotal { bid: line.bid, total })
                })
                .collect(),
            ranking: ranking.bids.iter().map(PackRank::from).collect(),
            ties: ranking.breaks.clone(),
            fingerprint,
        }
    }
}

/// Why nothing can be recomputed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotRecompute {
    #[error("the design cannot be read: {0}")]
    Design(String),
    #[error("{0}")]
    Score(String),
}

/// Totals, ranking and tie breaks of these bids from the scores that count, by this design.
pub fn recompute(
    design: &Value,
    bids: &[PackBid],
    scores: &[ScoreLine],
    moderation: &[PackModeration],
) -> Result<Recomputed, Vec<CannotRecompute>> {
    let design: CallDesign =
        serde_json::from_value(design.clone()).map_err(|error| vec![CannotRecompute::Design(error.to_string())])?;
    let scores = scores_by_bid(bids, scores, moderation);
    let ranking = rank(&ranking_rule_of(&design.criteria, &design.award), &criteria_of(&design.criteria), &scores)
        .map_err(|errors| {
            errors.into_iter().map(|error| CannotRecompute::Score(error.to_string())).collect::<Vec<_>>()
        })?;
    let fingerprint =
        fingerprint(&scores, &ranking).map_err(|error| vec![CannotRecompute::Score(error.to_string())])?;
    Ok(Recomputed::of(&ranking, fingerprint))
}

/// The scores that count for each ranked bid. Rows of bids that are not in the list, or not ranked, are left out here and
/// found by the comparison with the audit trail.
fn scores_by_bid(bids: &[PackBid], lines: &[ScoreLine], moderation: &[PackModeration]) -> BTreeMap<BidId, BidScores> {
    let mut scores: BTreeMap<BidId, BidScores> = bids
        .iter()
        .filter(|bid| bid.is_ranked)
        .map(|bid| (bid.bid, BidScores { asks: bid.asks, ..BidScores::default() }))
        .collect();
    for line in lines.iter().filter(|line| line.counts) {
        if let Some(scores) = scores.get_mut(&line.bid) {
            let assessor = line.assessor.to_string();
            scores.given.push(Score { part: line.part.clone(), assessor, value: line.value });
        }
    }
    let mut latest: BTreeMap<(BidId, PartKey), (u32, Exact)> = BTreeMap::new();
    for row in moderation {
        let key = (row.bid, PartKey::from(&row.part));
        if latest.get(&key).is_none_or(|(edition, _)| *edition < row.edition) {
            latest.insert(key, (row.edition, row.value));
        }
    }
    for ((bid, part), (_, value)) in latest {
        if let Some(scores) = scores.get_mut(&bid) {
            scores.moderated.insert(part, value);
        }
    }
    for scores in scores.values_mut() {
        scores.in_order();
    }
    scores
}
