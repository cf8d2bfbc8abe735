//! A question as asked, and its check; it must never let a contradiction through to the solver.

use std::collections::BTreeSet;

use crate::decimal::Decimal;
use crate::instance::{Instance, ListedPair, Standing};
use crate::names::Id;
use crate::problems::{Findings, Problem};
use crate::roster::Roster;

/// The most pairs one question may list; 1,000 bids by 300 assessors are 300,000.
const MOST_PAIRS: usize = 5_000_000;
/// The most reviews one bid may ask for.
pub(crate) const MOST_PER_BID: u32 = 1_000_000_000;

/// A question as asked, not yet checked.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// How many different assessors each bid needs.
    pub per_bid: PerBid<'a>,
    /// How many bids each assessor takes at most.
    pub max_load: MaxLoad<'a>,
    /// Every bid, in the order of the answer; without it, the bids the pairs name, in order of appearance.
    pub bids: Option<Vec<Id<'a>>>,
    /// Every assessor; without it, those the pairs and `max_load` name.
    pub assessors: Option<Vec<Id<'a>>>,
    /// The pairs that are allowed, and what each is worth.
    pub pairs: Vec<Pair<'a>>,
    /// Bid and assessor pairs that are not allowed after all; naming a pair not listed does no harm.
    pub conflicts: Vec<(Id<'a>, Id<'a>)>,
    /// Bid and assessor pairs already decided: they stay, and count in the load, the reviews and the total.
    pub fixed: Vec<(Id<'a>, Id<'a>)>,
    /// Chooses among answers of the same total weight; the same seed gives the same answer.
    pub seed: u64,
    /// Among answers of the greatest total weight, take one with the most even loads.
    pub balance: bool,
}

/// Reviews needed.
#[derive(Debug, Clone)]
pub enum PerBid<'a> {
    /// As many for every bid.
    Same(u32),
    /// One number per bid; every bid must be named.
    Each(Vec<(Id<'a>, u32)>),
}

/// Bids an assessor takes at most.
#[derive(Debug, Clone)]
pub enum MaxLoad<'a> {
    /// As many for every assessor.
    Same(u32),
    /// One number per assessor; every assessor must be named.
    Each(Vec<(Id<'a>, u32)>),
    /// One number per assessor, in the order of [`Draft::assessors`], or in natural order without that list.
    InOrder(Vec<u32>),
}

/// An allowed pair.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// The bid to be read.
    pub bid: Id<'a>,
    /// Who may read it.
    pub assessor: Id<'a>,
    /// What the pair is worth; greater is better, negative allowed.
    pub weight: Decimal,
}

impl<'a> Draft<'a> {
    /// A question with nothing optional: no lists, conflicts or decided pairs, balanced loads, seed 0.
    pub fn new(per_bid: PerBid<'a>, max_load: MaxLoad<'a>, pairs: Vec<Pair<'a>>) -> Self {
        Self {
            per_bid,
            max_load,
            bids: None,
            assessors: None,
            pairs,
            conflicts: Vec::new(),
            fixed: Vec::new(),
            seed: 0,
            balance: true,
        }
    }

    /// Notes on conflicts that name a bid or an assessor nothing else names: likely a name misspelt, and then the conflict is lost.
    pub fn strangers(&self) -> Vec<String> {
        let mut bids: BTreeSet<&str> = self.pairs.iter().map(|pair| pair.bid.as_str()).collect();
        let mut assessors: BTreeSet<&str> = self.pairs.iter().map(|pair| pair.assessor.as_str()).collect();
        bids.extend(self.bids.iter().flatten().map(Id::as_str));
        assessors.extend(self.assessors.iter().flatten().map(Id::as_str));
        if let MaxLoad::Each(each) = &self.max_load {
            assessors.extend(each.iter().map(|(assessor, _)| assessor.as_str()));
        }
        let mut notes = Vec::new();
        for (bid, assessor) in &self.conflicts {
            if !bids.contains(bid.as_str()) {
                notes.push(format!(
                    "note: a conflict names the bid \"{bid}\", which nothing else names: check the spelling."
                ));
            }
            if !assessors.contains(assessor.as_str()) {
                notes.push(format!(
                    "note: a conflict names the assessor \"{assessor}\", whom nothing else names: check the spelling."
                ));
            }
        }
        notes.truncate(20);
        notes
    }

    /// Checks the question.
    ///
    /// # Errors
    /// Everything that is missing, doubled, unknown or contradictory, at most 20 of them told in full.
    pub fn check(&self) -> Result<Instance, Vec<Problem>> {
        let mut findings = Findings::default();
        if self.pairs.len() > MOST_PAIRS {
            findings.add(format!(
                "{} pairs are listed; this program takes at most {MOST_PAIRS}. Leave out the pairs worth least.",
                self.pairs.len()
            ));
            return findings.into_result().and(Err(Vec::new()));
        }
        let bids = Roster::of_bids(self, &mut findings);
        let assessors = Roster::of_assessors(self, &mut findings);
        let places = self.pairs.iter().map(|pair| pair.weight.places()).max().unwrap_or(0);
        let mut pairs = self.listed_pairs(&bids, &assessors, places, &mut findings);
        self.mark_conflicts(&bids, &assessors, &mut pairs);
        self.mark_fixed(&bids, &assessors, &mut pairs, &mut findings);
        let mut needed = self.reviews_needed(&bids, &mut findings);
        let mut room = self.rooms(&assessors, &mut findings);
        take_off_fixed(&pairs, &bids, &assessors, (&mut needed, &mut room), &mut findings);
        findings.into_result()?;
        Ok(Instance {
            bids: bids.owned(),
            assessors: assessors.owned(),
            needed,
            room,
            pairs,
            places,
            seed: self.seed,
            balance: self.balance,
        })
    }

    fn listed_pairs(
        &self,
        bids: &Roster<'_>,
        assessors: &Roster<'_>,
        places: u32,
        findings: &mut Findings,
    ) -> Vec<ListedPair> {
        let mut listed = Vec::with_capacity(self.pairs.len());
        for (position, pair) in self.pairs.iter().enumerate() {
            let (Some(bid), Some(assessor)) = (bids.find(&pair.bid), assessors.find(&pair.assessor)) else {
                continue;
            };
            match pair.weight.scaled(places) {
                Some(weight) => listed.push((ListedPair { bid, assessor, weight, standing: Standing::Open }, position)),
                None => findings.add(format!(
                    "pair {} (bid {}, assessor {}): the weight {} cannot be held exactly beside weights with {places} decimal places: together they need more than 30 digits. Round the weights.",
                    position + 1, pair.bid, pair.assessor, pair.weight
                )),
            }
        }
        listed.sort_unstable_by_key(|(pair, position)| (pair.bid, pair.assessor, *position));
        for neighbours in listed.windows(2) {
            if let [(before, first), (after, second)] = neighbours
                && (before.bid, before.assessor) == (after.bid, after.assessor)
                && let Some(pair) = self.pairs.get(*second)
            {
                findings.add(format!(
                    "bid {} and assessor {} are paired twice, in pairs {} and {}. Keep one of them.",
                    pair.bid,
                    pair.assessor,
                    first + 1,
                    second + 1
                ));
            }
        }
        listed.into_iter().map(|(pair, _)| pair).collect()
    }

    fn mark_conflicts(&self, bids: &Roster<'_>, assessors: &Roster<'_>, pairs: &mut [ListedPair]) {
        for (bid, assessor) in &self.conflicts {
            // A conflict about a pair nobody listed forbids what is forbidden already.
            if let Some(pair) = find_listed(pairs, bids.find(bid), assessors.find(assessor)) {
                pair.standing = Standing::Conflict;
            }
        }
    }

    fn mark_fixed(&self, bids: &Roster<'_>, assessors: &Roster<'_>, pairs: &mut [ListedPair], findings: &mut Findings) {
        for (position, (bid, assessor)) in self.fixed.iter().enumerate() {
            let named = format!("decided pair {} (bid {bid}, assessor {assessor})", position + 1);
            match find_listed(pairs, bids.find(bid), assessors.find(assessor)) {
                None => findings.add(format!("{named} is not in \"pairs\". List it there with its weight.")),
                Some(pair) => match pair.standing {
                    Standing::Open => pair.standing = Standing::Fixed,
                    Standing::Conflict => findings
                        .add(format!("{named} is also a conflict. Take it out of \"fixed\" or out of \"conflicts\".")),
                    Standing::Fixed => findings.add(format!("{named} is listed twice in \"fixed\". Keep one of them.")),
                },
            }
        }
    }

    fn reviews_needed(&self, bids: &Roster<'_>, findings: &mut Findings) -> Vec<u32> {
        let mut needed = vec![None; bids.names.len()];
        match &self.per_bid {
            PerBid::Same(reviews) => needed.fill(Some(*reviews)),
            PerBid::Each(list) => fill_in(&mut needed, bids, list, "per_bid", findings),
        }
        bids.complete(&needed, "per_bid", findings)
    }

    fn rooms(&self, assessors: &Roster<'_>, findings: &mut Findings) -> Vec<u32> {
        let mut room = vec![None; assessors.names.len()];
        match &self.max_load {
            MaxLoad::Same(load) => room.fill(Some(*load)),
            MaxLoad::Each(list) => fill_in(&mut room, assessors, list, "max_load", findings),
            MaxLoad::InOrder(loads) if loads.len() == room.len() => {
                let order: Vec<u32> = match &self.assessors {
                    Some(list) => list.iter().filter_map(|name| assessors.find(name)).collect(),
                    None => (0..).take(room.len()).collect(),
                };
                for (position, load) in order.into_iter().zip(loads) {
                    if let Some(slot) = room.get_mut(position as usize) {
                        *slot = Some(*load);
                    }
                }
            }
            MaxLoad::InOrder(loads) => {
                findings.add(format!("\"max_load\" lists {} numbers for {} assessors. Give one number each, or an object of names and numbers.", loads.len(), room.len()));
                room.fill(Some(0));
            }
        }
        assessors.complete(&room, "max_load", findings)
    }
}

fn find_listed(pairs: &mut [ListedPair], bid: Option<u32>, assessor: Option<u32>) -> Option<&mut ListedPair> {
    let wanted = (bid?, assessor?);
    let position = pairs.binary_search_by_key(&wanted, |pair| (pair.bid, pair.assessor)).ok()?;
    pairs.get_mut(position)
}

fn fill_in(
    slots: &mut [Option<u32>],
    names: &Roster<'_>,
    list: &[(Id<'_>, u32)],
    field: &str,
    findings: &mut Findings,
) {
    for (name, number) in list {
        let Some(slot) = names.find(name).and_then(|position| slots.get_mut(position as usize)) else {
            continue;
        };
        if slot.replace(*number).is_some() {
            findings.add(format!("\"{field}\" gives two numbers for {} {name}. Keep one of them.", names.noun));
        }
    }
}

/// Decided pairs use up reviews and room; more of them than either allows is a contradiction in the question.
fn take_off_fixed(
    pairs: &[ListedPair],
    bids: &Roster<'_>,
    assessors: &Roster<'_>,
    (needed, room): (&mut [u32], &mut [u32]),
    findings: &mut Findings,
) {
    let mut per_bid = vec![0_u32; needed.len()];
    let mut per_assessor = vec![0_u32; room.len()];
    for pair in pairs.iter().filter(|pair| pair.standing == Standing::Fixed) {
        for (counts, position) in [(&mut per_bid, pair.bid), (&mut per_assessor, pair.assessor)] {
            if let Some(count) = counts.get_mut(position as usize) {
                *count += 1;
            }
        }
    }
    for (limits, counts, names, field) in
        [(needed, per_bid, bids, "per_bid"), (room, per_assessor, assessors, "max_load")]
    {
        for ((limit, count), name) in limits.iter_mut().zip(counts).zip(&names.names) {
            match limit.checked_sub(count) {
                Some(left) => *limit = left,
                None => findings.add(format!("{} {name} has {count} decided pairs, more than its \"{field}\" of {limit}. Raise the limit or take a decided pair out.", names.noun)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(bid: &'static str, assessor: &'static str, weight: &str) -> Pair<'static> {
        Pair { bid: bid.into(), assessor: assessor.into(), weight: Decimal::parse(weight).unwrap() }
    }

    fn draft(pairs: Vec<Pair<'static>>) -> Draft<'static> {
        Draft::new(PerBid::Same(1), MaxLoad::Same(1), pairs)
    }

    fn problems(draft: &Draft<'_>) -> Vec<String> {
        draft.check().map_or_else(|problems| problems.iter().map(ToString::to_string).collect(), |_| Vec::new())
    }

    #[test]
    fn bids_keep_their_order_and_assessors_take_the_natural_one() {
        let instance = draft(vec![pair("b10", "r10", "1"), pair("b2", "r2", "0.5")]).check().unwrap();
        assert_eq!(instance.bids, ["b10".into(), "b2".into()]);
        assert_eq!(instance.assessors, ["r2".into(), "r10".into()]);
        assert_eq!(instance.places, 1);
        assert_eq!(instance.pairs.iter().map(|pair| pair.weight).collect::<Vec<_>>(), [10, 5]);
    }

    #[test]
    fn each_contradiction_is_told() {
        assert_eq!(
            problems(&draft(vec![pair("b", "r", "1"), pair("c", "r", "1"), pair("b", "r", "1")])),
            ["bid b and assessor r are paired twice, in pairs 1 and 3. Keep one of them."]
        );
        let mut strangers = draft(vec![pair("b", "r", "1"), pair("b", "s", "1")]);
        strangers.assessors = Some(vec!["r".into(), "r".into()]);
        assert_eq!(
            problems(&strangers),
            [
                "\"assessors\" names assessor r twice. Keep one of them.",
                "\"pairs\" names assessor s, which is not in \"assessors\". Add it there, or correct the name."
            ]
        );
        let mut unlimited = draft(vec![pair("b", "r", "1"), pair("b", "s", "1")]);
        unlimited.max_load = MaxLoad::Each(vec![("r".into(), 1), ("r".into(), 2)]);
        assert_eq!(
            problems(&unlimited),
            [
                "\"max_load\" gives two numbers for assessor r. Keep one of them.",
                "\"max_load\" has no number for assessor s. Add it."
            ]
        );
        let mut wide = draft(vec![pair("b", "r", "1e25"), pair("c", "r", "1e-20")]);
        wide.conflicts = vec![("nobody".into(), "r".into())];
        assert_eq!(problems(&wide).len(), 1);
    }

    #[test]
    fn decided_pairs_use_up_reviews_and_room() {
        let mut decided = draft(vec![pair("b", "r", "1"), pair("c", "r", "1")]);
        decided.fixed = vec![("b".into(), "r".into())];
        let instance = decided.check().unwrap();
        assert_eq!((instance.needed, instance.room), (vec![0, 1], vec![0]));
        decided.fixed.push(("c".into(), "r".into()));
        assert_eq!(
            problems(&decided),
            [
                "assessor r has 2 decided pairs, more than its \"max_load\" of 1. Raise the limit or take a decided pair out."
            ]
        );
        decided.fixed = vec![("b".into(), "r".into()), ("b".into(), "r".into()), ("d".into(), "r".into())];
        decided.conflicts = vec![("c".into(), "r".into())];
        assert_eq!(problems(&decided).len(), 2);
        decided.fixed = vec![("c".into(), "r".into())];
        assert!(problems(&decided).concat().contains("also a conflict"));
    }

    #[test]
    fn a_list_of_loads_follows_the_assessors() {
        let mut listed = draft(vec![pair("b", "r10", "1"), pair("b", "r2", "1")]);
        listed.max_load = MaxLoad::InOrder(vec![2, 10]);
        assert_eq!(listed.check().unwrap().room, [2, 10]);
        listed.assessors = Some(vec!["r10".into(), "r2".into()]);
        assert_eq!(listed.check().unwrap().room, [10, 2]);
        listed.max_load = MaxLoad::InOrder(vec![2]);
        assert_eq!(problems(&listed).len(), 1);
    }

    #[test]
    fn many_problems_are_counted() {
        let pairs = std::iter::repeat_n(pair("b", "r", "1"), 40).collect();
        let told = problems(&draft(pairs));
        assert_eq!(told.len(), 21);
        assert_eq!(told.last().unwrap(), "There are 19 more problems like these.");
    }
}
