//! Minimum-cost flow from bids through assessors to one hub; it must never know a name or what a weight means.
//!
//! Positions are made here and in [`Plan`](crate::solution::Plan), never by the user, so plain indexing cannot
//! leave the arrays.

use std::ops::{Add, Neg, Sub};

use crate::simplex::Simplex;

/// A whole-number cost. Callers keep every sum the solver forms within range, see [`fits`].
pub(crate) trait Cost:
    Copy + Ord + Default + Add<Output = Self> + Sub<Output = Self> + Neg<Output = Self>
{
    const LARGEST: i128;
    fn narrow(wide: i128) -> Self;
    fn wide(self) -> i128;
}

impl Cost for i64 {
    const LARGEST: i128 = i64::MAX as i128;

    fn narrow(wide: i128) -> Self {
        // Never out of range once `fits` has said yes.
        Self::try_from(wide).unwrap_or_default()
    }

    fn wide(self) -> i128 {
        i128::from(self)
    }
}

impl Cost for i128 {
    const LARGEST: i128 = i128::MAX;

    fn narrow(wide: i128) -> Self {
        wide
    }

    fn wide(self) -> i128 {
        self
    }
}

/// A question in numbers: minimise the cost of the arcs used plus the cost of the loads.
pub(crate) struct Network {
    /// Units each bid sends.
    pub needed: Vec<u32>,
    /// Units each assessor passes on at most; where it is nought, no arc leads to the assessor.
    pub room: Vec<u32>,
    /// One unit at most on each.
    pub arcs: Vec<Arc>,
    /// The `n`th unit through an assessor costs `n - 1` times this; nought leaves loads free.
    pub load_step: i128,
    /// Loads before the first unit, by assessor, so that decided pairs count in the balance.
    pub load_before: Vec<u32>,
}

#[derive(Clone, Copy)]
pub(crate) struct Arc {
    pub bid: u32,
    pub assessor: u32,
    pub cost: i128,
}

/// The cheapest flow among the greatest ones.
pub(crate) struct Flow {
    /// By arc: whether it carries its unit.
    pub is_used: Vec<bool>,
    /// By bid: units that found no way.
    pub short: Vec<u32>,
    /// By node (bids, then assessors, then the hub): prices that prove the cost is the least.
    pub prices: Vec<i128>,
}

impl Network {
    pub(crate) fn hub(&self) -> usize {
        self.needed.len() + self.room.len()
    }

    /// What the next unit through an assessor costs when it carries `load` units already.
    pub(crate) fn load_cost(&self, assessor: usize, load: u32) -> i128 {
        self.load_step * (i128::from(load) + i128::from(self.load_before[assessor]))
    }

    /// The greatest size of a cost in the network; `None` when a load's cost has no `i128`.
    fn greatest_cost(&self) -> Option<i128> {
        let loads =
            self.room.iter().zip(&self.load_before).map(|(room, before)| i128::from(*room) + i128::from(*before));
        let greatest_load = loads.max().unwrap_or(0).checked_mul(self.load_step)?;
        self.arcs.iter().map(|arc| arc.cost.abs()).max().unwrap_or(0).checked_add(greatest_load)
    }

    /// More than any way through the network costs: the greatest cost for each node, and some to spare.
    pub(crate) fn artificial_cost(&self) -> Option<i128> {
        let nodes = i128::try_from(self.hub()).ok()?.checked_add(2)?;
        self.greatest_cost()?.checked_add(1)?.checked_mul(nodes)
    }
}

/// Whether every sum the solver forms stays in the range of `C`: prices stay within two artificial costs.
pub(crate) fn fits<C: Cost>(network: &Network) -> bool {
    let greatest_sum = network.artificial_cost().and_then(|cost| cost.checked_mul(8));
    greatest_sum.is_some_and(|sum| sum <= C::LARGEST)
}

/// Solves the network. The seed shuffles the arcs and so chooses among equally cheap flows.
///
/// Most arcs never matter: the simplex begins without any, and lets in only those that would save something at the
/// prices of its last optimum, a few for each bid at a time, until none is left outside that would.
pub(crate) fn solve<C: Cost>(network: &Network, seed: u64) -> Flow {
    let mut random = Random(seed);
    let mut outside = Outside::<C>::of(network, &mut random);
    let mut simplex = Simplex::<C>::start(network);
    let mut worthwhile = outside.first_guess(network);
    while !worthwhile.is_empty() {
        random.shuffle(&mut worthwhile);
        for (bid, place) in worthwhile {
            outside.is_inside[place as usize] = true;
            outside.let_in.push(place);
            simplex.add_arc(bid, outside.head[place as usize], outside.cost[place as usize], 1);
        }
        simplex.optimise();
        worthwhile = outside.worthwhile(&simplex.price);
    }
    outside.flow(network, &simplex)
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Fisher and Yates.
    fn shuffle<T>(&mut self, list: &mut [T]) {
        for position in (1..list.len()).rev() {
            list.swap(position, (self.next() % (position as u64 + 1)) as usize);
        }
    }
}

/// How many arcs of one bid are let in at a time beyond the units it needs.
const EXTRA_ARCS: usize = 8;

/// All arcs of the network, those of one bid side by side in shuffled order, and which the simplex knows.
struct Outside<C> {
    /// Where the arcs of each bid begin, and where the last bid's end.
    from: Vec<usize>,
    head: Vec<u32>,
    cost: Vec<C>,
    /// By place here: the position in the network.
    position: Vec<u32>,
    is_inside: Vec<bool>,
    /// The places of the arcs inside, in the order they were let in.
    let_in: Vec<u32>,
    /// By bid: how many arcs are let in at a time.
    batch: Vec<usize>,
}

impl<C: Cost> Outside<C> {
    fn of(network: &Network, random: &mut Random) -> Self {
        let bids = network.needed.len();
        let mut from = vec![0; bids + 1];
        for arc in &network.arcs {
            from[arc.bid as usize + 1] += 1;
        }
        for bid in 0..bids {
            from[bid + 1] += from[bid];
        }
        let mut next = from.clone();
        let mut position = vec![0_u32; network.arcs.len()];
        for (arc, number) in network.arcs.iter().zip(0..) {
            position[next[arc.bid as usize]] = number;
            next[arc.bid as usize] += 1;
        }
        for bid in 0..bids {
            random.shuffle(&mut position[from[bid]..from[bid + 1]]);
        }
        let arcs = || position.iter().map(|position| network.arcs[*position as usize]);
        Self {
            head: arcs().map(|arc| bids as u32 + arc.assessor).collect(),
            cost: arcs().map(|arc| C::narrow(arc.cost)).collect(),
            is_inside: vec![false; position.len()],
            let_in: Vec::new(),
            batch: network.needed.iter().map(|needed| (*needed as usize).saturating_add(EXTRA_ARCS)).collect(),
            from,
            position,
        }
    }

    /// For each bid its cheapest arcs, and as many as it needs of the cheapest that earlier bids left room for.
    fn first_guess(&self, network: &Network) -> Vec<(u32, u32)> {
        let bids = network.needed.len();
        let mut room = network.room.clone();
        let mut places = Vec::new();
        let mut cheapest: Vec<u32> = Vec::new();
        for (bid, batch) in self.batch.iter().enumerate() {
            cheapest.clear();
            cheapest.extend(self.from[bid] as u32..self.from[bid + 1] as u32);
            cheapest.sort_unstable_by_key(|place| self.cost[*place as usize]);
            let mut needed = network.needed[bid];
            for (rank, place) in cheapest.iter().enumerate() {
                let room = &mut room[self.head[*place as usize] as usize - bids];
                let is_taken = needed > 0 && *room > 0;
                if is_taken {
                    *room -= 1;
                    needed -= 1;
                }
                if is_taken || rank < *batch {
                    places.push((bid as u32, *place));
                }
            }
        }
        places
    }

    /// The places of the arcs outside that would save most at these prices, a few for each bid.
    fn worthwhile(&self, price: &[C]) -> Vec<(u32, u32)> {
        let mut places = Vec::new();
        let mut saving: Vec<(C, u32)> = Vec::new();
        for (bid, batch) in self.batch.iter().enumerate() {
            let (from, to) = (self.from[bid], self.from[bid + 1]);
            saving.clear();
            for (offset, (cost, head)) in self.cost[from..to].iter().zip(&self.head[from..to]).enumerate() {
                let reduced = *cost + price[bid] - price[*head as usize];
                if reduced < C::default() && !self.is_inside[from + offset] {
                    saving.push((reduced, (from + offset) as u32));
                }
            }
            if saving.len() > *batch {
                saving.select_nth_unstable(*batch);
                saving.truncate(*batch);
            }
            places.extend(saving.iter().map(|(_, place)| (bid as u32, *place)));
        }
        places
    }

    fn flow(&self, network: &Network, simplex: &Simplex<C>) -> Flow {
        let mut is_used = vec![false; network.arcs.len()];
        for (place, flow) in self.let_in.iter().zip(simplex.later_flows()) {
            is_used[self.position[*place as usize] as usize] = *flow > 0;
        }
        Flow {
            is_used,
            short: simplex.artificial_flows().to_vec(),
            prices: simplex.price.iter().map(|price| price.wide()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(needed: &[u32], room: &[u32], arcs: &[(u32, u32, i128)]) -> Network {
        Network {
            needed: needed.to_vec(),
            room: room.to_vec(),
            arcs: arcs
                .iter()
                .map(|(bid, assessor, cost)| Arc { bid: *bid, assessor: *assessor, cost: *cost })
                .collect(),
            load_step: 0,
            load_before: vec![0; room.len()],
        }
    }

    #[test]
    fn takes_the_cheaper_pairing_not_the_cheapest_arc() {
        // Taking the arc of cost 0 forces the arc of cost 10.
        let square = network(&[1, 1], &[1, 1], &[(0, 0, 0), (0, 1, 1), (1, 0, 2), (1, 1, 10)]);
        for flow in [solve::<i64>(&square, 1), solve::<i128>(&square, 2)] {
            assert_eq!(flow.is_used, [false, true, true, false]);
            assert_eq!(flow.short, [0, 0]);
        }
    }

    #[test]
    fn what_finds_no_way_is_short_however_much_it_would_save() {
        let narrow = network(&[1, 1], &[1], &[(0, 0, -1_000_000), (1, 0, 5)]);
        let flow = solve::<i64>(&narrow, 0);
        assert_eq!(flow.short.iter().sum::<u32>(), 1);
        let saving = network(&[1], &[1], &[(0, 0, 1_000_000)]);
        assert_eq!(solve::<i64>(&saving, 0).short, [0]);
    }

    #[test]
    fn nothing_to_do_is_done() {
        let empty = solve::<i64>(&network(&[], &[], &[]), 0);
        assert!(empty.is_used.is_empty() && empty.short.is_empty());
        let alone = solve::<i64>(&network(&[3], &[2], &[]), 0);
        assert_eq!(alone.short, [3]);
    }

    #[test]
    fn shuffling_keeps_every_number() {
        let shuffled = |seed| {
            let mut order: Vec<u32> = (0..1000).collect();
            Random(seed).shuffle(&mut order);
            order
        };
        let mut order = shuffled(42);
        assert_ne!(order, shuffled(43));
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..1000));
    }

    #[test]
    fn range_is_refused_before_it_overflows() {
        let wide = network(&[1], &[1], &[(0, 0, i128::from(i64::MAX) / 8)]);
        assert!(!fits::<i64>(&wide) && fits::<i128>(&wide));
        assert!(!fits::<i128>(&network(&[1], &[1], &[(0, 0, i128::MAX / 8)])));
    }
}
