//! Ranking: bids in order of their published totals, with floors and the tie ladder of the call. It never ranks a bid below a floor or with a score missing.

use std::collections::BTreeMap;

use hiec_kernel::{BidId, Money};
use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::ties::{self, Contender, LadderStep, TieBreak, break_ties};
use super::totals::{BidScores, CriterionRule, Total, TotalError, TotalRule, total};

/// How a call ranks; part of the published design.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RankingRule {
    #[serde(default)]
    pub total: TotalRule,
    #[serde(default)]
    pub floor: Floor,
    #[serde(default = "ties::usual_ladder")]
    pub ladder: Vec<LadderStep>,
}

impl Default for RankingRule {
    fn default() -> Self {
        Self { total: TotalRule::default(), floor: Floor::default(), ladder: ties::usual_ladder() }
    }
}

/// The least a bid must reach to be ranked.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Floor {
    /// As a percentage; held against the published (rounded) total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Exact>,
    /// By criterion's key, on the criterion's own scale.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub criteria: BTreeMap<String, Exact>,
}

/// A floor a bid did not reach.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FloorBreach {
    /// `the total`, or the criterion's name.
    pub what: String,
    pub reached: String,
    pub floor: String,
}

impl FloorBreach {
    /// `2 for Vision, where at least 3 is needed`.
    pub fn explanation(&self) -> String {
        format!("{} for {}, where at least {} is needed", self.reached, self.what, self.floor)
    }
}

/// How a bid stands in the ranking.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    Ranked { rank: u32 },
    BelowFloor { breaches: Vec<FloorBreach> },
    Incomplete { missing: Vec<String> },
}

/// A bid's line in the ranking.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RankedBid {
    pub bid: BidId,
    /// `None` while a score is missing.
    pub total: Option<Total>,
    #[serde(flatten)]
    pub standing: Standing,
    /// Others with the same rank.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares_with: Vec<BidId>,
}

impl RankedBid {
    pub fn rank(&self) -> Option<u32> {
        match self.standing {
            Standing::Ranked { rank } => Some(rank),
            Standing::BelowFloor { .. } | Standing::Incomplete { .. } => None,
        }
    }
}

/// The ranking of a call.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Ranking {
    /// By rank; then those below a floor by total; then those not fully scored. Equals stand in order of their ids.
    pub bids: Vec<RankedBid>,
    pub breaks: Vec<TieBreak>,
}

impl Ranking {
    pub fn of(&self, bid: BidId) -> Option<&RankedBid> {
        self.bids.iter().find(|line| line.bid == bid)
    }

    pub fn rank(&self, bid: BidId) -> Option<u32> {
        self.of(bid).and_then(RankedBid::rank)
    }

    /// The tie breaks a bid took part in, for its letter and the panel's page.
    pub fn breaks_of(&self, bid: BidId) -> Vec<&TieBreak> {
        self.breaks.iter().filter(|one| one.ahead.contains(&bid) || one.behind.contains(&bid)).collect()
    }
}

/// A score or design no ranking can be built on.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("bid {bid}: {error}")]
pub struct RankingError {
    pub bid: BidId,
    pub error: TotalError,
}

/// Ranks bids in the style 1, 2, 2, 4. Withdrawn and ineligible bids are left out by the caller.
pub fn rank(
    rule: &RankingRule,
    criteria: &[CriterionRule],
    bids: &BTreeMap<BidId, BidScores>,
) -> Result<Ranking, Vec<RankingError>> {
    let mut whole: Vec<(BidId, Total, Option<Money>)> = Vec::new();
    let mut below: Vec<(RankedBid, Total)> = Vec::new();
    let mut incomplete: Vec<RankedBid> = Vec::new();
    let mut errors: Vec<RankingError> = Vec::new();
    for (bid, scores) in bids {
        match total(rule.total, criteria, scores) {
            Ok(total) => {
                let breaches = breaches(&rule.floor, criteria, &total);
                if breaches.is_empty() {
                    whole.push((*bid, total, scores.asks));
                } else {
                    let line = RankedBid {
                        bid: *bid,
                        total: Some(total.clone()),
                        standing: Standing::BelowFloor { breaches },
                        shares_with: Vec::new(),
                    };
                    below.push((line, total));
                }
            }
            Err(found) => match missing_only(&found) {
                Some(missing) => incomplete.push(RankedBid {
                    bid: *bid,
                    total: None,
                    standing: Standing::Incomplete { missing },
                    shares_with: Vec::new(),
                }),
                None => errors.extend(found.into_iter().map(|error| RankingError { bid: *bid, error })),
            },
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut ranking = ranked(rule, criteria, whole);
    below.sort_by(|one, two| two.1.percent.cmp(&one.1.percent).then(one.0.bid.cmp(&two.0.bid)));
    ranking.bids.extend(below.into_iter().map(|(line, _)| line));
    ranking.bids.extend(incomplete);
    Ok(ranking)
}

fn ranked(rule: &RankingRule, criteria: &[CriterionRule], mut whole: Vec<(BidId, Total, Option<Money>)>) -> Ranking {
    whole.sort_by(|one, two| two.1.percent.cmp(&one.1.percent).then(one.0.cmp(&two.0)));
    let mut ranking = Ranking::default();
    for tied in whole.chunk_by(|one, two| one.1.percent == two.1.percent) {
        let contenders: Vec<Contender<'_>> =
            tied.iter().map(|(bid, total, asks)| Contender { bid: *bid, total, asks: *asks }).collect();
        let (groups, breaks) = break_ties(criteria, &rule.ladder, &contenders);
        ranking.breaks.extend(breaks);
        for group in groups {
            let rank = u32::try_from(ranking.bids.len() + 1).unwrap_or(u32::MAX);
            for bid in &group {
                ranking.bids.push(RankedBid {
                    bid: *bid,
                    total: tied.iter().find(|(other, ..)| other == bid).map(|(_, total, _)| total.clone()),
                    standing: Standing::Ranked { rank },
                    shares_with: group.iter().copied().filter(|other| other != bid).collect(),
                });
            }
        }
    }
    ranking
}

fn breaches(floor: &Floor, criteria: &[CriterionRule], total: &Total) -> Vec<FloorBreach> {
    let mut breaches = Vec::new();
    if let Some(least) = floor.total
        && total.percent.exact().is_ok_and(|percent| percent < least)
    {
        breaches.push(FloorBreach {
            what: "the total".into(),
            reached: format!("{}%", total.percent),
            floor: format!("{least}%"),
        });
    }
    for criterion in criteria {
        let Some(least) = floor.criteria.get(&criterion.key) else {
            continue;
        };
        let score = total.criteria.iter().find(|score| score.key == criterion.key).and_then(|score| score.score);
        if score.is_none_or(|score| score < *least) {
            breaches.push(FloorBreach {
                what: criterion.name.clone(),
                reached: score.map_or("no score".into(), |score| score.to_string()),
                floor: least.to_string(),
            });
        }
    }
    breaches
}

fn missing_only(errors: &[TotalError]) -> Option<Vec<String>> {
    errors
        .iter()
        .map(|error| match error {
            TotalError::Missing(what) => Some(what.clone()),
            _ => None,
        })
        .collect()
}

impl RankingRule {
    /// The whole rule in the words that are published with the call.
    pub fn statement(&self, criteria: &[CriterionRule]) -> Vec<String> {
        let mut lines = vec![
            self.total.statement().to_owned(),
            "An assessor’s score counts with the mean of all assessors of the bid, unless moderation settled a score, which then stands in place of the mean; the original scores are kept beside it.".into(),
        ];
        if let Some(least) = self.floor.total {
            lines.push(format!("A bid with a published total below {least}% is not ranked and cannot be funded."));
        }
        for criterion in criteria {
            if let Some(least) = self.floor.criteria.get(&criterion.key) {
                lines.push(format!(
                    "A bid that scores below {least} of {} for {} is not ranked and cannot be funded.",
                    criterion.max, criterion.name
                ));
            }
        }
        lines.push("Bids are ranked by their published totals, the highest first.".into());
        lines.push(ties::statement(criteria, &self.ladder));
        lines
    }

    /// What is wrong with the rule itself, to be mended before the call is published.
    pub fn problems(&self, criteria: &[CriterionRule]) -> Vec<String> {
        let mut problems = Vec::new();
        let find = |key: &str| criteria.iter().find(|criterion| criterion.key == key);
        if self.floor.total.is_some_and(|least| least.is_negative() || least > Exact::HUNDRED) {
            problems.push("The floor for the total must lie between 0 and 100%.".into());
        }
        for (key, least) in &self.floor.criteria {
            match find(key) {
                None => problems.push(format!("A floor is set for “{key}”, which is no criterion of this call.")),
                Some(criterion) if least.is_negative() || *least > criterion.max => {
                    problems.push(format!("The floor for {} must lie between 0 and {}.", criterion.name, criterion.max))
                }
                Some(_) => {}
            }
        }
        for step in &self.ladder {
            match step {
                LadderStep::Criterion { key } if find(key).is_none() => {
                    problems.push(format!("The tie ladder names “{key}”, which is no criterion of this call."))
                }
                LadderStep::HighScores { at_least } if *at_least > 100 => {
                    problems.push("The tie ladder counts scores above 100%, which there are none of.".into())
                }
                LadderStep::Lottery { seed } if seed.trim().is_empty() => {
                    problems.push("The lot needs a seed that is published with the call.".into());
                }
                _ => {}
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::ranking::totals::tests::{criterion, scores};

    fn bid(number: u128) -> BidId {
        BidId(Uuid::from_u128(number))
    }

    fn round(rows: &[&[(&str, &str, &str)]]) -> BTreeMap<BidId, BidScores> {
        (1_u128..).zip(rows).map(|(number, row)| (bid(number), scores(row))).collect()
    }

    #[test]
    fn ranks_leave_a_gap_after_a_shared_place() {
        let criteria = [criterion("a", "1", "10", &[])];
        let bids = round(&[&[("a", "x", "7")], &[("a", "x", "9")], &[("a", "x", "7")], &[("a", "x", "1")], &[]]);
        let ranking = rank(&RankingRule::default(), &criteria, &bids).unwrap();
        let ranks: Vec<Option<u32>> = (1..=5).map(|number| ranking.rank(bid(number))).collect();
        assert_eq!(ranks, [Some(2), Some(1), Some(2), Some(4), None]);
        assert_eq!(ranking.of(bid(1)).unwrap().shares_with, [bid(3)]);
        assert_eq!(ranking.of(bid(5)).unwrap().standing, Standing::Incomplete { missing: vec!["A".into()] });
    }

    #[test]
    fn equal_as_published_is_equal_and_goes_to_the_ladder() {
        let criteria = [criterion("a", "1", "30000", &[]), criterion("b", "1", "30000", &[])];
        // 50.0033…% and 50.0016…%: both published as 50.00.
        let bids = round(&[&[("a", "x", "15000"), ("b", "x", "15002")], &[("a", "x", "15001"), ("b", "x", "15000")]]);
        let ranking = rank(&RankingRule::default(), &criteria, &bids).unwrap();
        assert_eq!(ranking.rank(bid(2)), Some(1));
        assert_eq!(ranking.rank(bid(1)), Some(2));
        assert_eq!(ranking.breaks_of(bid(1)).len(), 1);
    }

    #[test]
    fn floors_keep_a_bid_out_and_say_why() {
        let criteria = [criterion("vision", "2", "5", &[]), criterion("split", "1", "5", &[])];
        let rule = RankingRule {
            floor: Floor {
                total: Some("60".parse().unwrap()),
                criteria: [("split".to_owned(), "3".parse().unwrap())].into(),
            },
            ..RankingRule::default()
        };
        let bids = round(&[
            &[("vision", "x", "5"), ("split", "x", "2"), ("split", "y", "3")],
            &[("vision", "x", "3"), ("split", "x", "3")],
            &[("vision", "x", "2"), ("split", "x", "3")],
        ]);
        let ranking = rank(&rule, &criteria, &bids).unwrap();
        assert_eq!(ranking.rank(bid(2)), Some(1));
        let why = |number| match &ranking.of(bid(number)).unwrap().standing {
            Standing::BelowFloor { breaches } => breaches[0].explanation(),
            other => panic!("{other:?}"),
        };
        assert_eq!(why(1), "2.5 for SPLIT, where at least 3 is needed");
        assert_eq!(why(3), "46.67% for the total, where at least 60% is needed");
        // Below the floors, the better total first.
        assert_eq!(ranking.bids[1].bid, bid(1));
        assert!(rule.problems(&criteria).is_empty());
        assert_eq!(rule.statement(&criteria).len(), 6);
    }

    #[test]
    fn a_rule_that_cannot_work_is_found_before_publication() {
        let criteria = [criterion("vision", "2", "5", &[])];
        let rule = RankingRule {
            floor: Floor {
                total: Some("101".parse().unwrap()),
                criteria: [("vision".to_owned(), Exact::whole(6)), ("x".to_owned(), Exact::ONE)].into(),
            },
            ladder: vec![
                LadderStep::Criterion { key: "y".into() },
                LadderStep::HighScores { at_least: 101 },
                LadderStep::Lottery { seed: " ".into() },
            ],
            ..RankingRule::default()
        };
        assert_eq!(rule.problems(&criteria).len(), 6);
    }

    #[test]
    fn a_broken_score_stops_the_ranking() {
        let criteria = [criterion("a", "1", "5", &[])];
        let errors = rank(&RankingRule::default(), &criteria, &round(&[&[("a", "x", "9")]])).unwrap_err();
        assert_eq!(errors.len(), 1);
    }

    #[test]
    fn the_rule_survives_json_and_may_be_left_out() {
        assert_eq!(serde_json::from_str::<RankingRule>("{}").unwrap(), RankingRule::default());
        let rule = RankingRule { ladder: vec![LadderStep::Lottery { seed: "s".into() }], ..RankingRule::default() };
        let spelt = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<RankingRule>(&spelt).unwrap(), rule);
    }

    proptest! {
        /// Each bid is there once; its rank is one more than the number of bids before it; a higher total is never lower.
        #[test]
        fn ranks_count_those_ahead(values in prop::collection::vec((0_i64..=4, 0_i64..=4), 1..12)) {
            let criteria = [criterion("a", "2", "4", &[]), criterion("b", "1", "4", &[])];
            let bids: BTreeMap<BidId, BidScores> = (1_u128..).zip(&values).map(|(number, (a, b))| {
                (bid(number), scores(&[("a", "x", &a.to_string()), ("b", "x", &b.to_string())]))
            }).collect();
            let ranking = rank(&RankingRule::default(), &criteria, &bids).unwrap();
            prop_assert_eq!(ranking.bids.len(), values.len());
            for line in &ranking.bids {
                let rank = line.rank().unwrap();
                let ahead = ranking.bids.iter().filter(|other| other.rank().unwrap() < rank).count();
                prop_assert_eq!(rank as usize, ahead + 1);
                let sharing = ranking.bids.iter().filter(|other| other.rank() == Some(rank)).count();
                prop_assert_eq!(line.shares_with.len(), sharing - 1);
                for other in &ranking.bids {
                    if other.total.as_ref().unwrap().percent > line.total.as_ref().unwrap().percent {
                        prop_assert!(other.rank() < line.rank());
                    }
                }
            }
        }
    }
}
