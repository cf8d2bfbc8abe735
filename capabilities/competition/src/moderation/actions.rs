//! Settling a score: one unit, beside the originals, with reason, who spoke and who was out of the room.

use hiec_kernel::{BidId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::{Deserialize, Serialize};

use super::rules::{Moderated, ModerationFacts, Settlement, moderate as settle};
use super::store;
use crate::assessment::actions::rules_of;
use crate::assessment::{scores, store as reviews};
use crate::bids::store::{self as bids, Bid};
use crate::interests::store as conflicts;
use crate::refusal::Refusal;

/// A score was settled.
#[derive(Serialize, Deserialize)]
pub(crate) struct ScoreSettled {
    pub bid: BidId,
    pub settled: Moderated,
}

impl AuditEvent for ScoreSettled {
    const KIND: &'static str = "score.settled";

    fn reason(&self) -> Option<&str> {
        Some(self.settled.reason.as_str())
    }
}

/// Settles the score of one criterion, or says everything that stands in the way.
pub(crate) async fn moderate(
    unit: &mut Unit,
    bid: &Bid,
    criterion: &str,
    settlement: Settlement,
) -> Result<Result<(), Vec<Refusal>>, Problem> {
    // The bid's row is held, so that two settlements are counted one after the other.
    let bid = &bids::hold(unit, bid.id).await?;
    if bid.call.acts.ranking_final.is_some_and(|at| at <= unit.now()) {
        return Err(Problem::conflict(
            "The ranking is final: scores are not settled any more",
            "What was settled stays on the record.",
        ));
    }
    let rules = rules_of(&bid.call);
    let Some(rule) = rules.iter().find(|rule| rule.part.criterion == criterion) else {
        return Err(Problem::invalid(
            "This call has no such criterion",
            "Reload the page and choose a criterion of the call.",
        ));
    };
    let reviews = reviews::of_bid(unit, bid.id).await?;
    let history = store::of_bid(unit, bid.id).await?;
    let originals = scores::of_reviews(&reviews, &history).given;
    let conflicted = conflicts::conflicted_with(unit, bid.id).await?;
    let facts = ModerationFacts {
        rule,
        history: &history,
        originals: &originals,
        awaited_reviews: reviews.iter().filter(|stored| stored.review.is_awaited()).count(),
        conflicted: &conflicted,
    };
    let settled = match settle(settlement, &facts, unit.now()) {
        Ok(settled) => settled,
        Err(refusals) => return Ok(Err(refusals)),
    };
    store::insert(unit, bid.call.id, bid.id, &settled).await?;
    let event = ScoreSettled { bid: bid.id, settled };
    unit.audit(bid.call.stream(), bid.subject(), &event)?;
    Ok(Ok(()))
}
