//! Totals, ranking and ties of a pack against what their scores give, and the ranking against what was recorded when it was made. It believes no sum it has not added up.

use std::collections::BTreeMap;

use hiec_kernel::BidId;

use super::contents::{AUDIT, Pack, RANKING, SCORES, TIES, TOTALS};
use super::recompute::recompute;
use super::replay::{last_ranking, replay};
use super::verify::{Difference, difference};
use crate::ranking::rules::Standing;

/// Every difference between what the pack says of its last ranking and what the scores of that moment give.
pub(super) fn result_differences(pack: &Pack) -> Vec<Difference> {
    let mut found = Vec::new();
    let Some(entry) = last_ranking(&pack.audit, &mut found) else {
        if found.is_empty() && !(pack.ranking.is_empty() && pack.totals.is_empty() && pack.ties.is_empty()) {
            found.push(difference(AUDIT, "no ranking is recorded"));
        }
        return found;
    };
    // What cannot be read is said once, when the whole trail is replayed.
    let before = replay(entry.before, &mut Vec::new());
    let Some(design) = pack.designs.get(before.designs.len().saturating_sub(1)) else {
        return vec![difference(AUDIT, "a ranking is recorded before the call was published")];
    };
    let expected = match recompute(&design.design, &pack.bids, &before.scores, &before.moderation) {
        Ok(expected) => expected,
        Err(errors) => return errors.into_iter().map(|error| difference(SCORES, error)).collect(),
    };
    compare_by_bid(
        TOTALS,
        "total",
        &by_bid(&pack.totals, |total| total.bid),
        &by_bid(&expected.totals, |total| total.bid),
        |total| format!("{}%", total.total.percent),
        &mut found,
    );
    compare_by_bid(
        RANKING,
        "place",
        &by_bid(&pack.ranking, |line| line.bid),
        &by_bid(&expected.ranking, |line| line.bid),
        |line| match &line.standing {
            Standing::Ranked { rank } => format!("rank {rank}"),
            Standing::BelowFloor { .. } => "below a floor".into(),
            Standing::Incomplete { .. } => "not fully scored".into(),
        },
        &mut found,
    );
    if found.is_empty() && pack.totals != expected.totals {
        found.push(difference(TOTALS, "a bid is listed twice or out of order"));
    }
    if found.is_empty() && pack.ranking != expected.ranking {
        found.push(difference(RANKING, "a bid is listed twice or out of order"));
    }
    if pack.ties != expected.ties {
        found.push(difference(TIES, "the tie breaks are not what the ladder of the call gives"));
    }
    if entry.fingerprint != expected.fingerprint {
        found.push(difference(RANKING, "the scores, sums and bids do not give the ranking that was recorded"));
    }
    found
}

fn by_bid<T>(rows: &[T], bid: impl Fn(&T) -> BidId) -> BTreeMap<BidId, &T> {
    rows.iter().map(|row| (bid(row), row)).collect()
}

fn compare_by_bid<T: PartialEq>(
    file: &str,
    what: &str,
    given: &BTreeMap<BidId, &T>,
    expected: &BTreeMap<BidId, &T>,
    shown: impl Fn(&T) -> String,
    found: &mut Vec<Difference>,
) {
    for (bid, expected_row) in expected {
        match given.get(bid) {
            None => found
                .push(difference(file, format!("bid {bid} has no {what}; its scores give {}", shown(expected_row)))),
            Some(row) if row != expected_row => found.push(difference(
                file,
                format!(
                    "bid {bid}: the pack says {}, the scores give {} (or its parts differ)",
                    shown(row),
                    shown(expected_row)
                ),
            )),
            Some(_) => {}
        }
    }
    for bid in given.keys().filter(|bid| !expected.contains_key(bid)) {
        found.push(difference(file, format!("bid {bid} has a {what} that no scores give")));
    }
}
