//! Why a pair was not chosen: what forcing it would lose, and who would have to move; it must never change the solution.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::decimal::Decimal;
use crate::instance::{ListedPair, Standing};
use crate::names::Id;
use crate::solution::{Plan, Solution};

/// The answer to "why not this assessor?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// The assessor reads the bid in this solution.
    IsAssigned,
    /// The pair is not among the allowed ones, or a name is unknown.
    IsNotListed,
    /// The pair is a conflict.
    IsConflict,
    /// With this pair no assignment would exist.
    LeavesNoAssignment,
    /// The best assignment with this pair.
    Loses {
        /// By how much the greatest total weight with this pair is below the greatest of all; nought when equally good.
        weight: Decimal,
        /// What would have to change, the bid asked about first.
        changes: Vec<Change>,
    },
}

/// A bid that would pass from one assessor to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The bid.
    pub bid: Id<'static>,
    /// Who would no longer read it.
    pub from: Id<'static>,
    /// Who would read it instead.
    pub to: Id<'static>,
}

impl Solution<'_> {
    /// What forcing a pair would lose: exact, by the cheapest chain of swaps the pair would set off.
    pub fn why_not(&self, bid: &str, assessor: &str) -> WhyNot {
        let Some(pair) = self.listed(bid, assessor) else {
            return WhyNot::IsNotListed;
        };
        match pair.standing {
            Standing::Fixed => return WhyNot::IsAssigned,
            Standing::Conflict => return WhyNot::IsConflict,
            Standing::Open => {}
        }
        let plan = Plan::of(self.instance);
        let residual = Residual::of(&plan, self);
        let is_forced = |(_, arc): &(usize, &crate::flow::Arc)| (arc.bid, arc.assessor) == (pair.bid, pair.assessor);
        // A pair with an assessor who has no room left is listed, but has no arc.
        let Some((forced, _)) = plan.network.arcs.iter().enumerate().find(is_forced) else {
            return WhyNot::LeavesNoAssignment;
        };
        if residual.is_used(forced) {
            return WhyNot::IsAssigned;
        }
        match residual.cheapest_way(residual.bids + pair.assessor as usize, pair.bid as usize) {
            None => WhyNot::LeavesNoAssignment,
            Some(way) => self.loss(&plan, forced, &way),
        }
    }

    fn listed(&self, bid: &str, assessor: &str) -> Option<&ListedPair> {
        let position = |names: &[Id<'_>], name: &str| {
            names.iter().position(|known| known.as_str() == name).and_then(|found| u32::try_from(found).ok())
        };
        let wanted = (position(&self.instance.bids, bid)?, position(&self.instance.assessors, assessor)?);
        let found = self.instance.pairs.binary_search_by_key(&wanted, |pair| (pair.bid, pair.assessor)).ok()?;
        self.instance.pairs.get(found)
    }

    /// The pairs along the way are given up and taken by turns; each bid on it gives one up and takes one.
    fn loss(&self, plan: &Plan, forced: usize, way: &[usize]) -> WhyNot {
        let mut lost = 0;
        let mut given_up: Vec<&ListedPair> = Vec::new();
        let mut taken: Vec<&ListedPair> = Vec::new();
        for arc in std::iter::once(&forced).chain(way) {
            let is_used = self.answer.is_used.get(*arc) == Some(&true);
            let listed = plan.listed.get(*arc).and_then(|position| self.instance.pairs.get(*position as usize));
            if let Some(pair) = listed {
                lost += if is_used { pair.weight } else { -pair.weight };
                if is_used {
                    given_up.push(pair)
                } else {
                    taken.push(pair)
                };
            }
        }
        let changes = taken
            .iter()
            .filter_map(|to| given_up.iter().find(|from| from.bid == to.bid).and_then(|from| self.change(from, to)))
            .collect();
        WhyNot::Loses { weight: Decimal::from_scaled(lost, self.instance.places), changes }
    }

    fn change(&self, from: &ListedPair, to: &ListedPair) -> Option<Change> {
        let assessor = |position: u32| self.instance.assessors.get(position as usize).cloned();
        Some(Change {
            bid: self.instance.bids.get(to.bid as usize)?.clone(),
            from: assessor(from.assessor)?,
            to: assessor(to.assessor)?,
        })
    }
}

/// What can still change in a cheapest flow: nodes and the ways between them, none with a negative reduced cost.
struct Residual {
    bids: usize,
    hub: usize,
    is_used: Vec<bool>,
    /// By node: the node reached, the reduced cost, and the arc it uses or gives up (none between assessor and hub).
    ways: Vec<Vec<(usize, i128, Option<usize>)>>,
}

impl Residual {
    fn of(plan: &Plan, solution: &Solution<'_>) -> Self {
        let network = &plan.network;
        let (bids, hub) = (network.needed.len(), network.hub());
        let price = |node: usize| solution.answer.prices.get(node).copied().unwrap_or_default();
        let mut residual =
            Self { bids, hub, is_used: solution.answer.is_used.clone(), ways: vec![Vec::new(); hub + 1] };
        let mut loads = vec![0_u32; network.room.len()];
        for (position, arc) in network.arcs.iter().enumerate() {
            let (bid, assessor) = (arc.bid as usize, bids + arc.assessor as usize);
            let reduced = arc.cost + price(bid) - price(assessor);
            if residual.is_used(position) {
                residual.add(assessor, (bid, -reduced, Some(position)));
                if let Some(load) = loads.get_mut(arc.assessor as usize) {
                    *load += 1;
                }
            } else {
                residual.add(bid, (assessor, reduced, Some(position)));
            }
        }
        for (assessor, (load, room)) in loads.iter().zip(&network.room).enumerate() {
            let reduced = |load: u32| network.load_cost(assessor, load) + price(bids + assessor) - price(hub);
            if load < room {
                residual.add(bids + assessor, (hub, reduced(*load), None));
            }
            if let Some(last) = load.checked_sub(1) {
                residual.add(hub, (bids + assessor, -reduced(last), None));
            }
        }
        residual
    }

    fn add(&mut self, from: usize, way: (usize, i128, Option<usize>)) {
        if let Some(ways) = self.ways.get_mut(from) {
            ways.push(way);
        }
    }

    fn is_used(&self, arc: usize) -> bool {
        self.is_used.get(arc) == Some(&true)
    }

    /// The arcs of the cheapest way from one node to another (Dijkstra), or `None` where there is no way.
    fn cheapest_way(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut best: Vec<Option<i128>> = vec![None; self.hub + 1];
        let mut came_by: Vec<Option<(usize, Option<usize>)>> = vec![None; self.hub + 1];
        let mut waiting = BinaryHeap::from([Reverse((0_i128, from))]);
        *best.get_mut(from)? = Some(0);
        while let Some(Reverse((cost, node))) = waiting.pop() {
            if node == to {
                break;
            }
            if best.get(node).copied().flatten() != Some(cost) {
                continue;
            }
            for (next, reduced, arc) in self.ways.get(node).into_iter().flatten() {
                let (Some(known), Some(came)) = (best.get_mut(*next), came_by.get_mut(*next)) else {
                    continue;
                };
                if known.is_none_or(|known| cost + reduced < known) {
                    *known = Some(cost + reduced);
                    *came = Some((node, *arc));
                    waiting.push(Reverse((cost + reduced, *next)));
                }
            }
        }
        let mut way = Vec::new();
        let mut node = to;
        while node != from {
            let (before, arc) = came_by.get(node).copied().flatten()?;
            way.extend(arc);
            node = before;
        }
        way.reverse();
        Some(way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Draft, MaxLoad, Pair, PerBid};

    fn draft(max_load: u32, weights: &[(&'static str, &'static str, i64)]) -> Draft<'static> {
        let pair = |(bid, assessor, weight): &(&'static str, &'static str, i64)| Pair {
            bid: (*bid).into(),
            assessor: (*assessor).into(),
            weight: Decimal::from(*weight),
        };
        Draft::new(PerBid::Same(1), MaxLoad::Same(max_load), weights.iter().map(pair).collect())
    }

    #[test]
    fn the_loss_counts_everyone_who_has_to_move() {
        let mut asked = draft(1, &[("a", "r", 10), ("a", "s", 9), ("b", "r", 9), ("b", "s", 1), ("b", "t", 0)]);
        asked.conflicts = vec![("b".into(), "t".into())];
        let instance = asked.check().unwrap();
        let solution = instance.solve().unwrap();
        assert_eq!(solution.total_weight, Decimal::from(18));
        assert_eq!(
            solution.why_not("a", "r"),
            WhyNot::Loses {
                weight: Decimal::from(7),
                changes: vec![
                    Change { bid: "a".into(), from: "s".into(), to: "r".into() },
                    Change { bid: "b".into(), from: "r".into(), to: "s".into() },
                ]
            }
        );
        assert_eq!(solution.why_not("a", "s"), WhyNot::IsAssigned);
        assert_eq!(solution.why_not("b", "t"), WhyNot::IsConflict);
        assert_eq!(solution.why_not("a", "t"), WhyNot::IsNotListed);
        assert_eq!(solution.why_not("z", "t"), WhyNot::IsNotListed);
    }

    #[test]
    fn a_pair_that_takes_the_only_assessor_of_another_bid_is_impossible() {
        let instance = draft(1, &[("a", "r", 5), ("a", "s", 1), ("b", "r", 1)]).check().unwrap();
        assert_eq!(instance.solve().unwrap().why_not("a", "r"), WhyNot::LeavesNoAssignment);
    }

    #[test]
    fn an_equally_good_pair_loses_nothing() {
        let instance = draft(2, &[("a", "r", 5), ("a", "s", 5)]).check().unwrap();
        let solution = instance.solve().unwrap();
        let other = if solution.assignment[0].assessor.as_str() == "r" { "s" } else { "r" };
        assert!(matches!(solution.why_not("a", other), WhyNot::Loses { weight, .. } if weight == Decimal::from(0)));
    }
}
