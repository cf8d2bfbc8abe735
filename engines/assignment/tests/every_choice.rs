//! Holds the engine to what trying every choice finds on small questions; it must never try one too large to try.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use hiec_assignment::{Draft, Impossible, Instance, MaxLoad, NotSolved, Pair, PerBid, Solution, WhyNot, run_command};
use proptest::prelude::*;

/// A small question: reviews needed by bid, room by assessor, and a weight for each allowed pair.
#[derive(Debug, Clone)]
struct Small {
    needed: Vec<u32>,
    room: Vec<u32>,
    /// By bid and assessor; a pair without a weight is not allowed.
    weights: Vec<Vec<Option<i64>>>,
    conflicts: Vec<(usize, usize)>,
    seed: u64,
    balance: bool,
}

fn small() -> impl Strategy<Value = Small> {
    (1_usize..5, 1_usize..5).prop_flat_map(|(bids, assessors)| {
        let weights =
            prop::collection::vec(prop::collection::vec(prop::option::weighted(0.8, -3_i64..6), assessors), bids);
        let needed = prop::collection::vec(0_u32..3, bids);
        let room = prop::collection::vec(0_u32..4, assessors);
        let conflicts = prop::collection::vec((0..bids, 0..assessors), 0..3);
        (needed, room, weights, conflicts, any::<u64>(), any::<bool>()).prop_map(
            |(needed, room, weights, conflicts, seed, balance)| Small {
                needed,
                room,
                weights,
                conflicts,
                seed,
                balance,
            },
        )
    })
}

impl Small {
    fn weight(&self, bid: usize, assessor: usize) -> Option<i64> {
        if self.conflicts.contains(&(bid, assessor)) { None } else { self.weights[bid][assessor] }
    }

    fn instance(&self) -> Instance {
        let (bids, assessors) = (0..self.needed.len(), 0..self.room.len());
        let mut pairs = Vec::new();
        for bid in bids.clone() {
            for assessor in assessors.clone() {
                if let Some(weight) = self.weights[bid][assessor] {
                    pairs.push(Pair {
                        bid: format!("b{bid}").into(),
                        assessor: format!("r{assessor}").into(),
                        weight: weight.into(),
                    });
                }
            }
        }
        let named = |letter: char, numbers: &[u32]| {
            numbers
                .iter()
                .enumerate()
                .map(|(position, number)| (format!("{letter}{position}").into(), *number))
                .collect()
        };
        let mut draft =
            Draft::new(PerBid::Each(named('b', &self.needed)), MaxLoad::Each(named('r', &self.room)), pairs);
        draft.bids = Some(bids.map(|bid| format!("b{bid}").into()).collect());
        draft.conflicts = self
            .conflicts
            .iter()
            .map(|(bid, assessor)| (format!("b{bid}").into(), format!("r{assessor}").into()))
            .collect();
        draft.seed = self.seed;
        draft.balance = self.balance;
        draft.check().unwrap()
    }

    /// The greatest total weight and then the least sum of squared loads, by trying every choice; a pair may be forced.
    fn best(&self, forced: Option<(usize, usize)>) -> Option<(i64, i64)> {
        let mut best = None;
        let mut loads = vec![0; self.room.len()];
        self.try_bid(0, 0, &mut loads, forced, &mut best);
        best.map(|(total, squares): (i64, std::cmp::Reverse<i64>)| (total, squares.0))
    }

    fn try_bid(
        &self,
        bid: usize,
        total: i64,
        loads: &mut [u32],
        forced: Option<(usize, usize)>,
        best: &mut Option<(i64, std::cmp::Reverse<i64>)>,
    ) {
        if bid == self.needed.len() {
            let squares = loads.iter().map(|load| i64::from(*load).pow(2)).sum();
            *best = (*best).max(Some((total, std::cmp::Reverse(squares))));
            return;
        }
        for chosen in 0_u32..1 << self.room.len() {
            let takes = |assessor: usize| chosen >> assessor & 1 == 1;
            let is_allowed = (0..loads.len()).all(|assessor| {
                !takes(assessor) || (self.weight(bid, assessor).is_some() && loads[assessor] < self.room[assessor])
            });
            let is_as_forced = forced.is_none_or(|(forced_bid, assessor)| forced_bid != bid || takes(assessor));
            if chosen.count_ones() == self.needed[bid] && is_allowed && is_as_forced {
                let mut next = loads.to_vec();
                let mut sum = total;
                for assessor in (0..loads.len()).filter(|assessor| takes(*assessor)) {
                    next[assessor] += 1;
                    sum += self.weight(bid, assessor).unwrap();
                }
                self.try_bid(bid + 1, sum, &mut next, forced, best);
            }
        }
    }

    /// The greatest lack of reviews over all sets of bids (Gale's condition), which is the least that must be lacking.
    fn greatest_lack(&self) -> u64 {
        let bids = self.needed.len();
        (0_u32..1 << bids).map(|set| self.lack(&(0..bids).filter(|bid| set >> bid & 1 == 1).collect())).max().unwrap()
    }

    fn lack(&self, bids: &BTreeSet<usize>) -> u64 {
        let needed: u32 = bids.iter().map(|bid| self.needed[*bid]).sum();
        let given: u32 = (0..self.room.len())
            .map(|assessor| {
                let allowed = bids.iter().filter(|bid| self.weight(**bid, assessor).is_some()).count() as u32;
                allowed.min(self.room[assessor])
            })
            .sum();
        u64::from(needed.saturating_sub(given))
    }

    fn keeps_every_rule(&self, solution: &Solution<'_>) {
        let mut given = vec![0; self.needed.len()];
        let mut loads = vec![0; self.room.len()];
        let mut seen = BTreeSet::new();
        for assigned in &solution.assignment {
            let (bid, assessor) = (position(assigned.bid.as_str()), position(assigned.assessor.as_str()));
            assert!(seen.insert((bid, assessor)), "a pair twice");
            assert_eq!(self.weight(bid, assessor).map(Into::into), Some(assigned.weight));
            given[bid] += 1;
            loads[assessor] += 1;
        }
        assert_eq!(given, self.needed);
        assert!(loads.iter().zip(&self.room).all(|(load, room)| load <= room));
        let told: BTreeMap<usize, u32> =
            solution.loads.iter().map(|load| (position(load.assessor.as_str()), load.reviews)).collect();
        assert_eq!(told, loads.into_iter().enumerate().collect());
    }

    fn explains_the_shortage(&self, impossible: &Impossible) {
        assert_eq!(impossible.short, self.greatest_lack());
        let mut blamed = BTreeSet::new();
        for shortage in &impossible.shortages {
            let bids: BTreeSet<usize> = shortage.bids.iter().map(|bid| position(bid.as_str())).collect();
            assert!(shortage.short > 0 && shortage.short == self.lack(&bids), "{shortage}");
            // Every bid is needed for the reason: without it less would be lacking.
            for bid in &bids {
                let mut fewer = bids.clone();
                fewer.remove(bid);
                assert!(self.lack(&fewer) < shortage.short, "{shortage}: bid {bid} could be left out");
            }
            let may_take: BTreeSet<usize> = (0..self.room.len())
                .filter(|assessor| bids.iter().any(|bid| self.weight(*bid, *assessor).is_some()))
                .collect();
            assert_eq!(
                may_take,
                shortage.assessors.iter().map(|can_take| position(can_take.assessor.as_str())).collect()
            );
            assert!(bids.iter().all(|bid| blamed.insert(*bid)), "a bid is blamed twice");
        }
    }
}

fn position(name: &str) -> usize {
    name[1..].parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_choice_is_better_than_the_engines(small in small()) {
        let instance = small.instance();
        match (instance.solve(), small.best(None)) {
            (Ok(solution), Some((total, squares))) => {
                small.keeps_every_rule(&solution);
                prop_assert_eq!(solution.total_weight, total.into());
                if small.balance {
                    prop_assert_eq!(solution.loads.iter().map(|load| i64::from(load.reviews).pow(2)).sum::<i64>(), squares);
                }
            }
            (Err(NotSolved::Impossible(impossible)), None) => small.explains_the_shortage(&impossible),
            (found, expected) => prop_assert!(false, "found {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn forcing_a_pair_loses_exactly_what_is_told(small in small()) {
        let instance = small.instance();
        let (Ok(solution), Some((total, _))) = (instance.solve(), small.best(None)) else { return Ok(()) };
        for bid in (0..small.needed.len()).filter(|bid| small.needed[*bid] > 0) {
            for assessor in 0..small.room.len() {
                let told = solution.why_not(&format!("b{bid}"), &format!("r{assessor}"));
                let is_assigned = solution.assignment.iter().any(|assigned| (position(assigned.bid.as_str()), position(assigned.assessor.as_str())) == (bid, assessor));
                match told {
                    WhyNot::IsAssigned => prop_assert!(is_assigned),
                    WhyNot::IsNotListed => prop_assert!(small.weights[bid][assessor].is_none()),
                    WhyNot::IsConflict => prop_assert!(small.conflicts.contains(&(bid, assessor))),
                    WhyNot::LeavesNoAssignment => prop_assert_eq!(small.best(Some((bid, assessor))), None),
                    WhyNot::Loses { weight, .. } => {
                        let forced = small.best(Some((bid, assessor))).map(|(forced, _)| total - forced);
                        prop_assert_eq!(Some(weight), forced.map(Into::into));
                    }
                }
            }
        }
    }

    #[test]
    fn decided_pairs_leave_the_best_of_what_is_left(small in small(), which in any::<prop::sample::Index>()) {
        let open: Vec<(usize, usize)> = (0..small.needed.len())
            .flat_map(|bid| (0..small.room.len()).map(move |assessor| (bid, assessor)))
            .filter(|(bid, assessor)| small.weight(*bid, *assessor).is_some() && small.needed[*bid] > 0 && small.room[*assessor] > 0)
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let (bid, assessor) = open[which.index(open.len())];
        let pairs = small.weights.iter().enumerate().flat_map(|(bid, row)| {
            row.iter().enumerate().filter_map(move |(assessor, weight)| weight.map(|weight| Pair { bid: format!("b{bid}").into(), assessor: format!("r{assessor}").into(), weight: weight.into() }))
        });
        let named = |letter: char, numbers: &[u32]| numbers.iter().enumerate().map(|(position, number)| (format!("{letter}{position}").into(), *number)).collect();
        let mut draft = Draft::new(PerBid::Each(named('b', &small.needed)), MaxLoad::Each(named('r', &small.room)), pairs.collect());
        draft.conflicts = small.conflicts.iter().map(|(bid, assessor)| (format!("b{bid}").into(), format!("r{assessor}").into())).collect();
        draft.fixed = vec![(format!("b{bid}").into(), format!("r{assessor}").into())];
        let instance = draft.check().unwrap();
        match (instance.solve(), small.best(Some((bid, assessor)))) {
            (Ok(solution), Some((total, _))) => {
                small.keeps_every_rule(&solution);
                prop_assert_eq!(solution.total_weight, total.into());
                prop_assert!(solution.assignment.iter().any(|assigned| assigned.is_fixed && position(assigned.bid.as_str()) == bid));
            }
            (Err(NotSolved::Impossible(_)), None) => {}
            (found, expected) => prop_assert!(false, "found {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn no_input_breaks_the_command(text in "[\\[\\]{}:,\"0-9eE.+a-z_ -]{0,80}") {
        let outcome = run_command(&text);
        prop_assert!(outcome.exit_code == 0 || outcome.stdout.is_empty());
        let framed = run_command(format!(r#"{{"per_bid":1,"max_load":1,"pairs":[{{"bid":1,"assessor":"r","weight":{text}}}]}}"#));
        prop_assert!(framed.exit_code == 0 || !framed.stderr.is_empty());
    }
}
