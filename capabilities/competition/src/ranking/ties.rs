//! Ties: the declared ladder by which equal totals are told apart, with the reason for each break. It never separates what the ladder leaves equal.

use std::cmp::Ordering;

use hiec_kernel::{BidId, Fingerprint, Money};
use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::totals::{CriterionRule, Total};

/// One rung of the ladder; they are tried in order, and bids equal on all of them share their rank.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum LadderStep {
    /// The higher score on one criterion after the other, the heaviest first; equal weights in the call's order.
    CriteriaByWeight,
    /// The higher score on this criterion.
    Criterion { key: String },
    /// More criteria scored at or above this percentage of their highest score.
    HighScores { at_least: u8 },
    /// The smaller sum asked for; a bid that names none comes last.
    SmallerSum,
    /// By lot, repeatable: the lower SHA-256 of `seed:bid` goes first. The seed is published before scores are known.
    Lottery { seed: String },
    /// The panel decides, with a reason on the record: the rank stays shared here, and steps after this one are not tried.
    Panel,
}

/// The ladder of a call that names none: criteria by weight, then how many reach four fifths, then shared.
pub fn usual_ladder() -> Vec<LadderStep> {
    vec![LadderStep::CriteriaByWeight, LadderStep::HighScores { at_least: 80 }]
}

/// A bid whose total equals that of others.
#[derive(Clone, Copy, Debug)]
pub struct Contender<'a> {
    pub bid: BidId,
    pub total: &'a Total,
    pub asks: Option<Money>,
}

/// Why some tied bids stand before others.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TieBreak {
    /// The total they share.
    pub total: String,
    pub ahead: Vec<BidId>,
    pub behind: Vec<BidId>,
    /// What decided ("higher score for Vision").
    pub step: String,
    pub ahead_has: String,
    pub behind_has: String,
}

impl TieBreak {
    /// For the page and the minutes: `tied at 76.00; higher score for Vision: 4 against 3.5`.
    pub fn explanation(&self) -> String {
        format!("tied at {}; {}: {} against {}", self.total, self.step, self.ahead_has, self.behind_has)
    }
}

/// Tied bids in their order, as groups that share a rank, and the breaks between them.
pub fn break_ties(
    criteria: &[CriterionRule],
    ladder: &[LadderStep],
    tied: &[Contender<'_>],
) -> (Vec<Vec<BidId>>, Vec<TieBreak>) {
    let rungs = rungs(criteria, ladder);
    let mut groups = Vec::new();
    let mut breaks = Vec::new();
    climb(&rungs, tied.to_vec(), &mut groups, &mut breaks);
    (groups, breaks)
}

/// The ladder in the words that are published with the call, ending with what happens when it does not help.
pub fn statement(criteria: &[CriterionRule], ladder: &[LadderStep]) -> String {
    let mut steps: Vec<String> = rungs(criteria, ladder).iter().map(Rung::rule).collect();
    if ladder.contains(&LadderStep::Panel) {
        steps.push("the panel’s decision, with its reason".into());
    }
    steps.push("shared rank, and the ranks after it are left out (1, 2, 2, 4)".into());
    format!("Bids with the same published total are told apart by, in this order: {}.", steps.join("; "))
}

/// A step that compares one thing.
enum Rung<'a> {
    Criterion(&'a CriterionRule),
    HighScores(&'a [CriterionRule], u8),
    SmallerSum,
    Lottery(&'a str),
}

/// What a bid has on a rung; the greater goes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Holding {
    None,
    Number(Exact),
    Sum(std::cmp::Reverse<Money>),
    Lot(std::cmp::Reverse<String>),
}

fn rungs<'a>(criteria: &'a [CriterionRule], ladder: &'a [LadderStep]) -> Vec<Rung<'a>> {
    let mut rungs = Vec::new();
    for step in ladder {
        match step {
            LadderStep::CriteriaByWeight => {
                let mut heaviest: Vec<&CriterionRule> = criteria.iter().collect();
                // A stable sort: equal weights keep the call's order.
                heaviest.sort_by_key(|criterion| std::cmp::Reverse(criterion.weight));
                rungs.extend(heaviest.into_iter().map(Rung::Criterion));
            }
            LadderStep::Criterion { key } => {
                rungs.extend(criteria.iter().find(|criterion| criterion.key == *key).map(Rung::Criterion))
            }
            LadderStep::HighScores { at_least } => rungs.push(Rung::HighScores(criteria, *at_least)),
            LadderStep::SmallerSum => rungs.push(Rung::SmallerSum),
            LadderStep::Lottery { seed } => rungs.push(Rung::Lottery(seed)),
            LadderStep::Panel => break,
        }
    }
    rungs
}

impl Rung<'_> {
    fn rule(&self) -> String {
        match self {
            Self::Criterion(criterion) => format!("higher score for {}", criterion.name),
            Self::HighScores(_, at_least) => {
                format!("more criteria scored at {at_least}% or above")
            }
            Self::SmallerSum => "smaller sum asked for".into(),
            Self::Lottery(seed) => format!("lot with the published seed “{seed}”"),
        }
    }

    fn holding(&self, contender: &Contender<'_>) -> Holding {
        match self {
            Self::Criterion(criterion) => score_of(contender, &criterion.key).map_or(Holding::None, Holding::Number),
            Self::HighScores(criteria, at_least) => {
                let high = criteria.iter().filter(|criterion| reaches(contender, criterion, *at_least)).count();
                Holding::Number(Exact::whole(i64::try_from(high).unwrap_or(i64::MAX)))
            }
            Self::SmallerSum => contender.asks.map_or(Holding::None, |asks| Holding::Sum(std::cmp::Reverse(asks))),
            Self::Lottery(seed) => {
                let lot = Fingerprint::of_bytes(format!("{seed}:{}", contender.bid).as_bytes());
                Holding::Lot(std::cmp::Reverse(lot.as_str().to_owned()))
            }
        }
    }
}

impl Holding {
    fn shown(&self) -> String {
        match self {
            Self::None => "none".into(),
            Self::Number(number) => number.to_string(),
            Self::Sum(sum) => sum.0.to_string(),
            Self::Lot(lot) => lot.0.chars().take(12).collect(),
        }
    }
}

fn climb(rungs: &[Rung<'_>], mut tied: Vec<Contender<'_>>, groups: &mut Vec<Vec<BidId>>, breaks: &mut Vec<TieBreak>) {
    let (Some((rung, higher)), true) = (rungs.split_first(), tied.len() > 1) else {
        let mut bids: Vec<BidId> = tied.iter().map(|one| one.bid).collect();
        bids.sort();
        groups.push(bids);
        return;
    };
    tied.sort_by(|one, two| best_first(rung, one, two));
    let parts: Vec<Vec<Contender<'_>>> =
        tied.chunk_by(|one, two| rung.holding(one) == rung.holding(two)).map(<[Contender<'_>]>::to_vec).collect();
    for pair in parts.windows(2) {
        if let [ahead, behind] = pair
            && let (Some(first), Some(second)) = (ahead.first(), behind.first())
        {
            breaks.push(TieBreak {
                total: first.total.percent.to_string(),
                ahead: ahead.iter().map(|one| one.bid).collect(),
                behind: behind.iter().map(|one| one.bid).collect(),
                step: rung.rule(),
                ahead_has: rung.holding(first).shown(),
                behind_has: rung.holding(second).shown(),
            });
        }
    }
    for part in parts {
        climb(higher, part, groups, breaks);
    }
}

fn best_first(rung: &Rung<'_>, one: &Contender<'_>, two: &Contender<'_>) -> Ordering {
    rung.holding(two).cmp(&rung.holding(one)).then(one.bid.cmp(&two.bid))
}

fn score_of(contender: &Contender<'_>, key: &str) -> Option<Exact> {
    contender.total.criteria.iter().find(|criterion| criterion.key == key).and_then(|criterion| criterion.score)
}

fn reaches(contender: &Contender<'_>, criterion: &CriterionRule, percent: u8) -> bool {
    let share = score_of(contender, &criterion.key)
        .and_then(|score| score.times(Exact::HUNDRED).ok())
        .and_then(|score| score.over(criterion.max).ok());
    share.is_some_and(|share| share >= Exact::whole(i64::from(percent)))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ranking::totals::tests::{criterion, scores};
    use crate::ranking::totals::{TotalRule, total};

    fn bid(number: u128) -> BidId {
        BidId(Uuid::from_u128(number))
    }

    fn totals(criteria: &[CriterionRule], rows: &[&[&str]]) -> Vec<Total> {
        rows.iter()
            .map(|row| {
                let given: Vec<(&str, &str, &str)> =
                    criteria.iter().zip(*row).map(|(criterion, value)| (criterion.key.as_str(), "x", *value)).collect();
                total(TotalRule::WeightedCriteria, criteria, &scores(&given)).unwrap()
            })
            .collect()
    }

    fn contenders(totals: &[Total]) -> Vec<Contender<'_>> {
        totals
            .iter()
            .zip(1_u128..)
            .map(|(total, number)| Contender {
                bid: bid(number),
                total,
                asks: (number > 1).then(|| Money(i64::try_from(number * 100).unwrap())),
            })
            .collect()
    }

    #[test]
    fn the_heaviest_criterion_decides_first() {
        let criteria = [criterion("split", "1", "5", &[]), criterion("vision", "2", "5", &[])];
        // 2×3+5 = 2×4+3 = 11 of 15.
        let totals = totals(&criteria, &[&["5", "3"], &["3", "4"], &["5", "3"]]);
        let (groups, breaks) = break_ties(&criteria, &usual_ladder(), &contenders(&totals));
        assert_eq!(groups, [vec![bid(2)], vec![bid(1), bid(3)]]);
        assert_eq!(breaks.len(), 1);
        assert_eq!(breaks[0].explanation(), "tied at 73.33; higher score for VISION: 4 against 3");
    }

    #[test]
    fn later_rungs_decide_what_earlier_ones_leave() {
        let criteria = [criterion("a", "1", "5", &[]), criterion("b", "1", "5", &[]), criterion("c", "1", "5", &[])];
        let totals = totals(&criteria, &[&["3", "3", "3"], &["3", "5", "1"], &["3", "4", "2"]]);
        let ladder = [LadderStep::Criterion { key: "a".into() }, LadderStep::HighScores { at_least: 80 }];
        let (groups, breaks) = break_ties(&criteria, &ladder, &contenders(&totals));
        assert_eq!(groups, [vec![bid(2), bid(3)], vec![bid(1)]]);
        assert_eq!(breaks[0].explanation(), "tied at 60.00; more criteria scored at 80% or above: 1 against 0");
    }

    #[test]
    fn the_smaller_sum_goes_first_and_the_panel_ends_the_ladder() {
        let criteria = [criterion("a", "1", "5", &[])];
        let totals = totals(&criteria, &[["3"].as_slice(); 3]);
        let (groups, breaks) = break_ties(&criteria, &[LadderStep::SmallerSum], &contenders(&totals));
        assert_eq!(groups, [vec![bid(2)], vec![bid(3)], vec![bid(1)]]);
        assert_eq!(breaks[0].explanation(), "tied at 60.00; smaller sum asked for: £2 against £3");
        let ladder = [LadderStep::Panel, LadderStep::SmallerSum];
        assert_eq!(break_ties(&criteria, &ladder, &contenders(&totals)).0.len(), 1);
        assert!(statement(&criteria, &ladder).contains("the panel’s decision"));
    }

    #[test]
    fn a_lot_is_the_same_for_everybody_and_changes_with_the_seed() {
        let criteria = [criterion("a", "1", "5", &[])];
        let totals = totals(&criteria, &[["3"].as_slice(); 8]);
        let order = |seed: &str| {
            let ladder = [LadderStep::Lottery { seed: seed.into() }];
            break_ties(&criteria, &ladder, &contenders(&totals)).0
        };
        assert_eq!(order("7 May 2009").len(), 8);
        assert_eq!(order("7 May 2009"), order("7 May 2009"));
        assert_ne!(order("7 May 2009"), order("8 May 2009"));
    }

    #[test]
    fn the_ladder_is_stated_in_words() {
        let criteria = [criterion("split", "1", "5", &[]), criterion("vision", "2", "5", &[])];
        assert_eq!(
            statement(&criteria, &usual_ladder()),
            "Bids with the same published total are told apart by, in this order: higher score for VISION; higher score for SPLIT; more criteria scored at 80% or above; shared rank, and the ranks after it are left out (1, 2, 2, 4)."
        );
    }
}
