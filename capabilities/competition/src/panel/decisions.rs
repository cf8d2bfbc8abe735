//! Decisions: fund, reserve or not, with reasons, above all where they depart from the rank or the budget. They never fund a bid below a floor.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use hiec_kernel::{BidId, Money, PersonId};
use serde::{Deserialize, Serialize};

use super::rules::Quorum;
use crate::ranking::rules::{Ranking, Standing};
use crate::refusal::{Reason, Refusal, word_count};

/// The least number of words that explain a departure from the rank or the budget.
pub const DEPARTURE_WORDS: usize = 10;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Fund,
    Reserve,
    Not,
}

impl Verdict {
    pub const ALL: &'static [Self] = &[Self::Fund, Self::Reserve, Self::Not];

    pub fn key(self) -> &'static str {
        match self {
            Self::Fund => "fund",
            Self::Reserve => "reserve",
            Self::Not => "not",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Fund => "Fund",
            Self::Reserve => "Reserve",
            Self::Not => "Do not fund",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// A show of hands, where one was taken.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Votes {
    #[serde(rename = "for")]
    pub in_favour: Vec<PersonId>,
    pub against: Vec<PersonId>,
    pub abstained: Vec<PersonId>,
}

impl Votes {
    /// More for than against; where they are even, the vote of whoever presides decides.
    pub fn carry(&self, presiding: PersonId) -> bool {
        match self.in_favour.len().cmp(&self.against.len()) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => self.in_favour.contains(&presiding),
        }
    }

    /// `4 for, 1 against, 0 abstained`.
    pub fn statement(&self) -> String {
        format!("{} for, {} against, {} abstained", self.in_favour.len(), self.against.len(), self.abstained.len())
    }
}

/// A decision on a bid, as it was first written. A later one stands beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    pub bid: BidId,
    pub verdict: Verdict,
    /// What is granted; nothing unless funded.
    pub amount: Money,
    pub reason: Reason,
    /// How it departs from the ranking and the budget, in computed words; empty when it does not.
    pub departures: Vec<String>,
    pub quorum: Quorum,
    /// Who was out of the room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recused: Vec<PersonId>,
    pub votes: Option<Votes>,
}

/// What the chair puts to the record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    pub bid: BidId,
    pub verdict: Verdict,
    pub amount: Money,
    pub reason: String,
    pub votes: Option<Votes>,
}

/// What a decision is held against.
#[derive(Clone, Debug)]
pub struct DecisionFacts<'a> {
    pub ranking: &'a Ranking,
    pub budget: Money,
    /// The decisions that hold for the other bids.
    pub others: &'a BTreeMap<BidId, (Verdict, Money)>,
    pub quorum: &'a Quorum,
    /// Who is out of the room.
    pub recused: &'a [PersonId],
}

/// Checks a decision; the departures it makes are computed, and need a fuller reason.
pub fn decide(proposal: Proposal, facts: &DecisionFacts<'_>) -> Result<Decision, Vec<Refusal>> {
    let mut refusals = Vec::new();
    if let Some(refusal) = unfundable(&proposal, facts.ranking) {
        refusals.push(refusal);
    }
    match proposal.verdict {
        Verdict::Fund if proposal.amount <= Money::ZERO => {
            refusals.push(Refusal::new("A funded bid needs an amount", "Enter what is granted, in pounds."))
        }
        Verdict::Reserve | Verdict::Not if proposal.amount != Money::ZERO => {
            refusals.push(Refusal::new(
                "An amount is given for a bid that is not funded",
                "Leave the amount empty, or fund the bid.",
            ));
        }
        Verdict::Fund | Verdict::Reserve | Verdict::Not => {}
    }
    if let Some(votes) = &proposal.votes {
        refusals.extend(vote_refusals(votes, facts.quorum));
    }
    let departures = departures(&proposal, facts);
    let words = if departures.is_empty() { Reason::WORDS } else { DEPARTURE_WORDS };
    let reason = Reason::parse_with(&proposal.reason, words).map_err(|refusal| {
        if departures.is_empty() || word_count(&proposal.reason) == 0 {
            refusal
        } else {
            Refusal::new(
                format!("This decision {}", departures.join("; ")),
                format!("Say why in at least {DEPARTURE_WORDS} words; the reason is published."),
            )
        }
    });
    match reason {
        Ok(reason) if refusals.is_empty() => Ok(Decision {
            bid: proposal.bid,
            verdict: proposal.verdict,
            amount: proposal.amount,
            reason,
            departures,
            quorum: facts.quorum.clone(),
            recused: facts.recused.to_vec(),
            votes: proposal.votes,
        }),
        Ok(_) => Err(refusals),
        Err(refusal) => {
            refusals.push(refusal);
            Err(refusals)
        }
    }
}

fn unfundable(proposal: &Proposal, ranking: &Ranking) -> Option<Refusal> {
    let Some(line) = ranking.of(proposal.bid) else {
        return Some(Refusal::new(
            "This bid is not in the ranking",
            "Only bids of the ranking that lies before the panel are decided.",
        ));
    };
    match &line.standing {
        _ if proposal.verdict == Verdict::Not => None,
        Standing::Ranked { .. } => None,
        Standing::BelowFloor { breaches } => Some(Refusal::new(
            format!(
                "This bid is below a published floor: {}",
                breaches.iter().map(|breach| breach.explanation()).collect::<Vec<_>>().join("; ")
            ),
            "The call says such a bid is not funded; decide “do not fund”.",
        )),
        Standing::Incomplete { missing } => Some(Refusal::new(
            format!("This bid is not fully scored: {}", missing.join(", ")),
            "Have the missing scores given before the panel decides.",
        )),
    }
}

fn vote_refusals(votes: &Votes, quorum: &Quorum) -> Vec<Refusal> {
    let all: Vec<PersonId> =
        [&votes.in_favour, &votes.against, &votes.abstained].into_iter().flatten().copied().collect();
    let mut refusals = Vec::new();
    if all.iter().any(|voter| !quorum.voting.contains(voter)) {
        refusals.push(Refusal::new(
            "A vote is recorded for somebody who may not vote on this item",
            "Only voting members who are present and not recused vote.",
        ));
    }
    let mut once = all.clone();
    once.sort();
    once.dedup();
    if once.len() != all.len() {
        refusals.push(Refusal::new("Somebody’s vote is recorded twice", "Give each member one vote."));
    }
    let silent = quorum.voting.iter().filter(|member| !all.contains(member)).count();
    if silent > 0 {
        refusals.push(Refusal::new(
            format!("The show of hands lacks the votes of {silent} members in the room"),
            "Record each as for, against or abstained; leave all empty where no vote was taken.",
        ));
    }
    if refusals.is_empty() && !votes.carry(quorum.presiding) {
        refusals.push(Refusal::new(
            format!("The vote does not carry this decision: {}", votes.statement()),
            "Put to the record what the panel decided. Where votes are even, the vote of whoever presides decides.",
        ));
    }
    refusals
}

/// How a decision departs, seen from the bid it is about: `funds rank 9 above rank 7`, `passes over rank 7 while rank 9 is
/// funded`, `goes £100,000 over the budget`. Bids not yet decided count as passed over only once something below them is
/// funded.
fn departures(proposal: &Proposal, facts: &DecisionFacts<'_>) -> Vec<String> {
    let mut departures = Vec::new();
    if let Some(own) = facts.ranking.rank(proposal.bid) {
        let verdict = |bid: BidId| facts.others.get(&bid).map(|(verdict, _)| *verdict);
        let ranks = |wanted: &dyn Fn(u32, Option<Verdict>) -> bool| -> Vec<u32> {
            let mut ranks: Vec<u32> = facts
                .ranking
                .bids
                .iter()
                .filter(|line| line.bid != proposal.bid)
                .filter_map(|line| line.rank().map(|rank| (rank, verdict(line.bid))))
                .filter(|(rank, verdict)| wanted(*rank, *verdict))
                .map(|(rank, _)| rank)
                .collect();
            ranks.dedup();
            ranks
        };
        match proposal.verdict {
            Verdict::Fund => {
                let passed = ranks(&|rank, verdict| rank < own && verdict != Some(Verdict::Fund));
                if !passed.is_empty() {
                    departures.push(format!("funds rank {own} above {}", ranks_named(&passed)));
                }
            }
            Verdict::Reserve | Verdict::Not => {
                let funded = ranks(&|rank, verdict| rank > own && verdict == Some(Verdict::Fund));
                if !funded.is_empty() {
                    let verb = if funded.len() == 1 { "is" } else { "are" };
                    departures.push(format!("passes over rank {own} while {} {verb} funded", ranks_named(&funded)));
                }
            }
        }
    }
    let spent = spent(facts.others) + proposal.amount;
    if proposal.verdict == Verdict::Fund && spent > facts.budget {
        departures.push(format!("goes {} over the budget", spent - facts.budget));
    }
    departures
}

fn ranks_named(ranks: &[u32]) -> String {
    match ranks {
        [one] => format!("rank {one}"),
        [all @ .., last] => {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            format!("ranks {} and {last}", all.join(", "))
        }
        [] => String::new(),
    }
}

fn spent(decisions: &BTreeMap<BidId, (Verdict, Money)>) -> Money {
    decisions.values().filter(|(verdict, _)| *verdict == Verdict::Fund).map(|(_, amount)| *amount).sum()
}

/// Where the money stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BudgetCheck {
    pub budget: Money,
    pub granted: Money,
    /// Negative when over.
    pub left: Money,
}

pub fn check_budget(budget: Money, decisions: &BTreeMap<BidId, (Verdict, Money)>) -> BudgetCheck {
    let granted = spent(decisions);
    BudgetCheck { budget, granted, left: budget - granted }
}

/// All departures of the decisions as they finally hold, by bid in order of rank: for the minutes and the announcement.
pub fn all_departures(ranking: &Ranking, decisions: &BTreeMap<BidId, (Verdict, Money)>) -> Vec<(BidId, String)> {
    let mut found = Vec::new();
    for line in &ranking.bids {
        let Some((Verdict::Fund, _)) = decisions.get(&line.bid) else {
            continue;
        };
        let Some(own) = line.rank() else { continue };
        let mut passed: Vec<u32> = ranking
            .bids
            .iter()
            .filter(|other| !matches!(decisions.get(&other.bid), Some((Verdict::Fund, _))))
            .filter_map(|other| other.rank())
            .filter(|rank| *rank < own)
            .collect();
        passed.dedup();
        if !passed.is_empty() {
            found.push((line.bid, format!("funds rank {own} above {}", ranks_named(&passed))));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::panel::rules::tests::person;
    use crate::ranking::rules::{Floor, RankingRule, rank};
    use crate::ranking::totals::tests::{criterion, scores};

    const WHY: &str = "no other bid serves this region and it meets the national standard";

    fn bid(number: u128) -> BidId {
        BidId(Uuid::from_u128(number))
    }

    /// Bids 1 to 4 on ranks 1, 2, 2, 4; bid 5 below the floor, bid 6 without scores.
    fn ranking() -> Ranking {
        let values = [Some("9"), Some("8"), Some("8"), Some("7"), Some("2"), None];
        let bids = (1..)
            .zip(values)
            .map(|(number, value)| {
                let given = value.map(|value| ("a", "x", value));
                (bid(number), scores(given.as_slice()))
            })
            .collect();
        let rule = RankingRule {
            floor: Floor { total: Some("50".parse().unwrap()), ..Floor::default() },
            ..RankingRule::default()
        };
        rank(&rule, &[criterion("a", "1", "10", &[])], &bids).unwrap()
    }

    fn attempt(
        number: u128,
        verdict: Verdict,
        pounds: i64,
        reason: &str,
        others: &[(u128, Verdict, i64)],
        votes: Option<Votes>,
    ) -> Result<Decision, Vec<Refusal>> {
        let quorum = Quorum { presiding: person(1), is_deputy: false, voting: vec![person(1), person(2), person(3)] };
        let others =
            others.iter().map(|(number, verdict, pounds)| (bid(*number), (*verdict, Money(pounds * 100)))).collect();
        let facts = DecisionFacts {
            ranking: &ranking(),
            budget: Money(100_000_000),
            others: &others,
            quorum: &quorum,
            recused: &[person(9)],
        };
        let proposal =
            Proposal { bid: bid(number), verdict, amount: Money(pounds * 100), reason: reason.into(), votes };
        decide(proposal, &facts)
    }

    #[test]
    fn in_order_of_rank_a_short_reason_is_enough_but_one_is_needed() {
        let decision = attempt(1, Verdict::Fund, 500_000, "the best bid", &[], None).unwrap();
        assert!(decision.departures.is_empty());
        assert!(attempt(1, Verdict::Fund, 500_000, "", &[], None).is_err());
        // Bids that share a rank do not pass each other over.
        let funded = [(1, Verdict::Fund, 1)];
        assert!(attempt(3, Verdict::Fund, 1, "as good as any", &funded, None).unwrap().departures.is_empty());
    }

    #[test]
    fn a_departure_is_computed_and_asks_for_more() {
        let others = [(1, Verdict::Fund, 1), (2, Verdict::Not, 0)];
        let short = attempt(4, Verdict::Fund, 1, "we like it", &others, None).unwrap_err();
        assert_eq!(short[0].title, "This decision funds rank 4 above rank 2");
        let decision = attempt(4, Verdict::Fund, 1, WHY, &others, None).unwrap();
        assert_eq!(decision.departures, ["funds rank 4 above rank 2"]);
        let funded = [(4, Verdict::Fund, 1), (3, Verdict::Fund, 1)];
        let passed = attempt(1, Verdict::Reserve, 0, WHY, &funded, None).unwrap();
        assert_eq!(passed.departures, ["passes over rank 1 while ranks 2 and 4 are funded"]);
        // Undecided bids above count as passed over too.
        let early = attempt(4, Verdict::Fund, 1, WHY, &[], None).unwrap();
        assert_eq!(early.departures, ["funds rank 4 above ranks 1 and 2"]);
    }

    #[test]
    fn the_budget_may_be_exceeded_only_with_a_reason() {
        let others = [(1, Verdict::Fund, 900_000)];
        assert!(attempt(2, Verdict::Fund, 100_000, "next in rank", &others, None).unwrap().departures.is_empty());
        let over = attempt(2, Verdict::Fund, 200_000, WHY, &others, None).unwrap();
        assert_eq!(over.departures, ["goes £100,000 over the budget"]);
        assert!(attempt(2, Verdict::Fund, 200_000, "next in rank", &others, None).is_err());
        let decisions = [(bid(1), (Verdict::Fund, Money(5))), (bid(2), (Verdict::Not, Money(0)))].into();
        assert_eq!(check_budget(Money(3), &decisions).left, Money(-2));
    }

    #[test]
    fn below_the_floor_or_half_scored_is_never_funded() {
        let below = attempt(5, Verdict::Fund, 1, WHY, &[], None).unwrap_err();
        assert!(below[0].title.contains("20.00% for the total, where at least 50% is needed"));
        assert!(attempt(5, Verdict::Reserve, 0, WHY, &[], None).is_err());
        assert!(attempt(6, Verdict::Fund, 1, WHY, &[], None).is_err());
        assert!(attempt(9, Verdict::Fund, 1, WHY, &[], None).is_err());
        assert!(attempt(5, Verdict::Not, 0, "below the floor", &[], None).is_ok());
    }

    #[test]
    fn amounts_and_votes_are_checked() {
        assert!(attempt(1, Verdict::Fund, 0, WHY, &[], None).is_err());
        assert!(attempt(1, Verdict::Not, 5, WHY, &[], None).is_err());
        let votes = |in_favour: &[u128], against: &[u128]| {
            Some(Votes {
                in_favour: in_favour.iter().copied().map(person).collect(),
                against: against.iter().copied().map(person).collect(),
                abstained: Vec::new(),
            })
        };
        assert!(attempt(1, Verdict::Fund, 1, WHY, &[], votes(&[1, 2], &[3])).is_ok());
        assert!(attempt(1, Verdict::Fund, 1, WHY, &[], votes(&[1, 9], &[])).is_err());
        assert!(attempt(1, Verdict::Fund, 1, WHY, &[], votes(&[1], &[1])).is_err());
        let silent = attempt(1, Verdict::Fund, 1, WHY, &[], votes(&[1, 2], &[])).unwrap_err();
        assert_eq!(silent[0].title, "The show of hands lacks the votes of 1 members in the room");
        let lost = attempt(1, Verdict::Fund, 1, WHY, &[], votes(&[1], &[2, 3])).unwrap_err();
        assert_eq!(lost[0].title, "The vote does not carry this decision: 1 for, 2 against, 0 abstained");
        // Even: whoever presides decides, here person 1.
        let even = |in_favour: u128, against: u128| Votes {
            in_favour: vec![person(in_favour)],
            against: vec![person(against)],
            abstained: vec![person(3)],
        };
        assert_eq!(attempt(1, Verdict::Fund, 1, WHY, &[], Some(even(1, 2))).unwrap().recused, [person(9)]);
        assert!(attempt(1, Verdict::Fund, 1, WHY, &[], Some(even(2, 1))).is_err());
    }

    #[test]
    fn departures_of_the_final_decisions() {
        let decisions = [(bid(1), (Verdict::Fund, Money(1))), (bid(4), (Verdict::Fund, Money(1)))].into();
        assert_eq!(all_departures(&ranking(), &decisions), [(bid(4), "funds rank 4 above rank 2".to_owned())]);
    }
}
