//! Why no assignment exists: the bids that cannot all be served, and by how much; it must never blame a bid that could be.
//!
//! After a greatest flow, the bids that can be reached from a short one by swapping assessors form the smallest
//! set that explains the whole shortage (the minimum cut nearest to the short bids; Hall's theorem in Gale's form):
//! they need more than their assessors can give, each assessor at most once to a bid and at most up to the room left.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;

use serde::Serialize;

use crate::flow::Flow;
use crate::instance::{Instance, Standing};
use crate::names::{Id, in_words};
use crate::solution::Plan;

/// No assignment exists: separate shortages, each with its own bids.
#[derive(Debug, Clone, Serialize)]
pub struct Impossible {
    /// How many reviews are lacking in all, at the least.
    pub short: u64,
    /// In the order of their first bid.
    pub shortages: Vec<Shortage>,
}

/// A smallest set of bids whose assessors cannot give all the reviews the set needs.
#[derive(Debug, Clone, Serialize)]
pub struct Shortage {
    /// In the order of the question.
    pub bids: Vec<Id<'static>>,
    /// Reviews these bids need beyond decided ones.
    pub needed: u64,
    /// How many are lacking: `needed` less what `assessors` can give.
    pub short: u64,
    /// Everyone who may take any of these bids, in natural order.
    pub assessors: Vec<CanTake>,
}

/// What an assessor can give to the bids of a shortage.
#[derive(Debug, Clone, Serialize)]
pub struct CanTake {
    /// Who.
    pub assessor: Id<'static>,
    /// At most as many of these bids: the room left, or fewer when fewer are allowed.
    pub reviews: u32,
}

/// Explains the shortage of a greatest flow.
pub(crate) fn explain(instance: &Instance, plan: &Plan, flow: &Flow) -> Impossible {
    let groups = merge(short_groups(plan, flow), &offers_by_bid(instance));
    let shortages: Vec<Shortage> = groups.iter().map(|group| shortage(instance, group)).collect();
    Impossible { short: shortages.iter().map(|shortage| shortage.short).sum(), shortages }
}

/// Groups of bids reached from a short bid, joined where they share an assessor without room.
fn short_groups(plan: &Plan, flow: &Flow) -> Vec<Vec<usize>> {
    let network = &plan.network;
    let mut unused_by_bid = vec![Vec::new(); network.needed.len()];
    let mut used_by_assessor = vec![Vec::new(); network.room.len()];
    for (arc, is_used) in network.arcs.iter().zip(&flow.is_used) {
        let (bid, assessor) = (arc.bid as usize, arc.assessor as usize);
        let (list, other) =
            if *is_used { (used_by_assessor.get_mut(assessor), bid) } else { (unused_by_bid.get_mut(bid), assessor) };
        if let Some(list) = list {
            list.push(other);
        }
    }
    let is_reached = reach(&flow.short, &unused_by_bid, &used_by_assessor);
    split(&is_reached, &unused_by_bid, &used_by_assessor)
}

/// The bids that would come short if a short bid took one of their assessors, and so on.
fn reach(short: &[u32], unused_by_bid: &[Vec<usize>], used_by_assessor: &[Vec<usize>]) -> Vec<bool> {
    let mut is_reached: Vec<bool> = short.iter().map(|short| *short > 0).collect();
    let mut is_asked = vec![false; used_by_assessor.len()];
    let mut waiting: VecDeque<usize> =
        is_reached.iter().enumerate().filter(|(_, reached)| **reached).map(|(bid, _)| bid).collect();
    while let Some(bid) = waiting.pop_front() {
        for assessor in unused_by_bid.get(bid).into_iter().flatten() {
            let Some(asked) = is_asked.get_mut(*assessor).filter(|asked| !**asked) else {
                continue;
            };
            *asked = true;
            for other in used_by_assessor.get(*assessor).into_iter().flatten() {
                if let Some(reached) = is_reached.get_mut(*other).filter(|reached| !**reached) {
                    *reached = true;
                    waiting.push_back(*other);
                }
            }
        }
    }
    is_reached
}

/// Splits the reached bids into groups that have no full assessor in common.
fn split(is_reached: &[bool], unused_by_bid: &[Vec<usize>], used_by_assessor: &[Vec<usize>]) -> Vec<Vec<usize>> {
    // An assessor some reached bid could still ask is full; the reached bids around it belong together.
    let mut around = vec![Vec::new(); used_by_assessor.len()];
    for (bid, assessors) in unused_by_bid.iter().enumerate().filter(|(bid, _)| is_reached.get(*bid) == Some(&true)) {
        for assessor in assessors {
            if let Some(list) = around.get_mut(*assessor) {
                list.push(bid);
            }
        }
    }
    let mut full_by_bid = vec![Vec::new(); is_reached.len()];
    for ((assessor, asking), taking) in
        around.iter_mut().enumerate().zip(used_by_assessor).filter(|((_, asking), _)| !asking.is_empty())
    {
        asking.extend(taking);
        for bid in asking.iter() {
            if let Some(list) = full_by_bid.get_mut(*bid) {
                list.push(assessor);
            }
        }
    }
    let mut is_left = is_reached.to_vec();
    let mut groups = Vec::new();
    for start in 0..is_left.len() {
        let mut group = Vec::new();
        let mut waiting = vec![start];
        while let Some(bid) = waiting.pop() {
            if let Some(left) = is_left.get_mut(bid).filter(|left| **left) {
                *left = false;
                group.push(bid);
                // Each full assessor is walked once: its list is taken.
                for assessor in full_by_bid.get(bid).into_iter().flatten() {
                    waiting.extend(around.get_mut(*assessor).map(std::mem::take).unwrap_or_default());
                }
            }
        }
        if !group.is_empty() {
            group.sort_unstable();
            groups.push(group);
        }
    }
    groups
}

/// By bid: the assessors who may take it and have not, room or no room.
fn offers_by_bid(instance: &Instance) -> Vec<Vec<usize>> {
    let mut offers = vec![Vec::new(); instance.bids.len()];
    for pair in instance.pairs.iter().filter(|pair| pair.standing == Standing::Open) {
        if let Some(list) = offers.get_mut(pair.bid as usize) {
            list.push(pair.assessor as usize);
        }
    }
    offers
}

/// Bids of one shortage, and how many of them each assessor may take.
struct Group {
    bids: Vec<usize>,
    allowed: BTreeMap<usize, u32>,
}

/// Groups whose assessors are the same people read better as one. What they lack adds up: an assessor of two groups
/// has room for all of both, or the groups would have been joined before.
fn merge(groups: Vec<Vec<usize>>, offers: &[Vec<usize>]) -> Vec<Group> {
    let mut position_of: HashMap<Vec<usize>, usize> = HashMap::new();
    let mut merged: Vec<Group> = Vec::new();
    for bids in groups {
        let mut allowed = BTreeMap::new();
        for assessor in bids.iter().filter_map(|bid| offers.get(*bid)).flatten() {
            *allowed.entry(*assessor).or_insert(0) += 1;
        }
        let position = *position_of.entry(allowed.keys().copied().collect()).or_insert(merged.len());
        match merged.get_mut(position) {
            None => merged.push(Group { bids, allowed }),
            Some(group) => {
                group.bids.extend(bids);
                for (assessor, count) in allowed {
                    *group.allowed.entry(assessor).or_insert(0) += count;
                }
            }
        }
    }
    merged
}

fn shortage(instance: &Instance, group: &Group) -> Shortage {
    let mut bids = group.bids.clone();
    bids.sort_unstable();
    let can_take = |(assessor, allowed): (&usize, &u32)| {
        let room = instance.room.get(*assessor)?;
        Some(CanTake { assessor: instance.assessors.get(*assessor)?.clone(), reviews: *room.min(allowed) })
    };
    let assessors: Vec<CanTake> = group.allowed.iter().filter_map(can_take).collect();
    let needed = bids.iter().filter_map(|bid| instance.needed.get(*bid)).map(|needed| u64::from(*needed)).sum::<u64>();
    let given = assessors.iter().map(|can_take| u64::from(can_take.reviews)).sum::<u64>();
    Shortage {
        bids: bids.iter().filter_map(|bid| instance.bids.get(*bid)).cloned().collect(),
        needed,
        short: needed.saturating_sub(given),
        assessors,
    }
}

impl fmt::Display for Impossible {
    /// Two lines for each shortage: the reason, then the sum behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, shortage) in self.shortages.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            write!(f, "{shortage}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_one = self.bids.len() == 1;
        let (bids, are, in_all, them) =
            if is_one { ("bid", "is", "", "it") } else { ("bids", "are", " in all", "them") };
        write!(f, "{bids} {} {are} short by {}{in_all}: ", in_words(&self.bids), counted(self.short, "review"))?;
        let names: Vec<Id<'_>> = self.assessors.iter().map(|can_take| can_take.assessor.clone()).collect();
        if names.is_empty() {
            write!(f, "nobody may take {them}")
        } else {
            writeln!(f, "only {} may take {them}", in_words(&names))?;
            write!(f, "  ({} needed; {})", counted(self.needed, "review"), self.room_in_words())
        }
    }
}

impl Shortage {
    /// What the assessors can give, those who can give as many told together: `r4 and r5 can take 3 each, r6 can take 1`.
    fn room_in_words(&self) -> String {
        let mut amounts: Vec<u32> = self.assessors.iter().map(|can_take| can_take.reviews).collect();
        amounts.sort_unstable_by(|left, right| right.cmp(left));
        amounts.dedup();
        let phrases: Vec<String> = amounts
            .iter()
            .map(|amount| {
                let names: Vec<Id<'_>> = self
                    .assessors
                    .iter()
                    .filter(|can_take| can_take.reviews == *amount)
                    .map(|can_take| can_take.assessor.clone())
                    .collect();
                let each = if names.len() > 1 { " each" } else { "" };
                match amount {
                    0 if names.len() > 1 => format!("{} have no room", in_words(&names)),
                    0 => format!("{} has no room", in_words(&names)),
                    _ => format!("{} can take {amount}{each}", in_words(&names)),
                }
            })
            .collect();
        phrases.join(", ")
    }
}

fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Decimal;
    use crate::draft::{Draft, MaxLoad, Pair, PerBid};
    use crate::solution::NotSolved;

    fn reason(per_bid: u32, max_load: u32, offers: &[(std::ops::RangeInclusive<u32>, &[&'static str])]) -> Impossible {
        let mut pairs = Vec::new();
        for (bids, assessors) in offers {
            for bid in bids.clone() {
                for assessor in *assessors {
                    pairs.push(Pair {
                        bid: Id::number(bid.to_string()).unwrap(),
                        assessor: (*assessor).into(),
                        weight: Decimal::from(1),
                    });
                }
            }
        }
        let instance = Draft::new(PerBid::Same(per_bid), MaxLoad::Same(max_load), pairs).check().unwrap();
        match instance.solve() {
            Err(NotSolved::Impossible(impossible)) => impossible,
            other => panic!("expected a shortage, got {other:?}"),
        }
    }

    #[test]
    fn a_range_of_bids_with_two_assessors() {
        // r4 and r5 may read 60 to 62 as well; those have r1 to r3 and are not to blame.
        let impossible = reason(2, 3, &[(60..=62, &["r1", "r2", "r3", "r4", "r5"]), (65..=68, &["r4", "r5"])]);
        assert_eq!(
            impossible.to_string(),
            "bids 65 to 68 are short by 2 reviews in all: only r4 and r5 may take them\n  (8 reviews needed; r4 and r5 can take 3 each)"
        );
        assert_eq!(impossible.short, 2);
    }

    #[test]
    fn an_assessor_who_takes_all_is_named_with_the_others() {
        let impossible = reason(3, 4, &[(1..=4, &["r4"]), (1..=4, &["r5"])]);
        assert_eq!(
            impossible.to_string(),
            "bids 1 to 4 are short by 4 reviews in all: only r4 and r5 may take them\n  (12 reviews needed; r4 and r5 can take 4 each)"
        );
    }

    #[test]
    fn separate_shortages_are_told_apart() {
        let impossible = reason(1, 1, &[(1..=2, &["r1"]), (7..=7, &["r2"]), (8..=9, &["r3"])]);
        assert_eq!(
            impossible.to_string(),
            "bids 1 and 2 are short by 1 review in all: only r1 may take them\n  (2 reviews needed; r1 can take 1)\nbids 8 and 9 are short by 1 review in all: only r3 may take them\n  (2 reviews needed; r3 can take 1)"
        );
    }

    #[test]
    fn nobody_at_all_and_no_room_at_all() {
        let pairs = vec![Pair { bid: "b".into(), assessor: "r".into(), weight: Decimal::from(1) }];
        let mut draft = Draft::new(PerBid::Same(1), MaxLoad::Same(0), pairs);
        let told = |draft: &Draft<'_>| match draft.check().unwrap().solve() {
            Err(NotSolved::Impossible(impossible)) => impossible.to_string(),
            other => panic!("expected a shortage, got {other:?}"),
        };
        assert_eq!(told(&draft), "bid b is short by 1 review: only r may take it\n  (1 review needed; r has no room)");
        draft.conflicts = vec![("b".into(), "r".into())];
        assert_eq!(told(&draft), "bid b is short by 1 review: nobody may take it");
        draft.per_bid = PerBid::Same(1_000_000_000);
        draft.bids = Some(vec!["b".into(), "c".into()]);
        assert_eq!(told(&draft), "bids b and c are short by 2000000000 reviews in all: nobody may take them");
    }
}
