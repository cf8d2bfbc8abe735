//! The primal network simplex; it must never pivot without end or let a price grow out of range.
//!
//! Strongly feasible spanning trees (Cunningham 1976; Ahuja, Magnanti and Orlin, *Network Flows*, 1993, chapter
//! 11) with block pricing. The hub is the tree's root. Every bid starts on an artificial arc to the hub that
//! costs more than any way round, so an infeasible question ends in a greatest flow, and what is left on
//! artificial arcs is the shortage. Arcs can be added to an optimum, and the search goes on from there.

use crate::flow::{Cost, Network};

const NONE: u32 = u32::MAX;

/// Arcs: one artificial for each bid, the load arcs, then those added later. Nodes: bids, assessors, the hub.
pub(crate) struct Simplex<C> {
    arcs: Vec<Line<C>>,
    capacity: Vec<u32>,
    flow: Vec<u32>,
    /// Artificial arcs stand before this; once out of the tree they never come back.
    priced_from: usize,
    later_from: usize,
    pub(crate) price: Vec<C>,
    parent: Vec<u32>,
    /// The tree arc between a node and its parent, and whether it points to the parent.
    arc_up: Vec<u32>,
    points_up: Vec<bool>,
    depth: Vec<u32>,
    first_child: Vec<u32>,
    next_sibling: Vec<u32>,
    previous_sibling: Vec<u32>,
    scan_from: usize,
}

/// What pricing needs of an arc, side by side in memory.
struct Line<C> {
    cost: C,
    tail: u32,
    head: u32,
    /// Out of the tree and full; an arc in the tree or empty is not.
    is_full: bool,
}

impl<C: Cost> Simplex<C> {
    /// The tree in which every bid hangs on the hub by its artificial arc, every assessor by the first load arc.
    pub(crate) fn start(network: &Network) -> Self {
        let (bids, hub) = (network.needed.len(), network.hub());
        let nodes = hub + 1;
        let mut simplex = Self {
            arcs: Vec::new(),
            capacity: Vec::new(),
            flow: Vec::new(),
            priced_from: bids,
            later_from: 0,
            price: vec![C::default(); nodes],
            parent: vec![NONE; nodes],
            arc_up: vec![NONE; nodes],
            points_up: vec![true; nodes],
            depth: vec![0; nodes],
            first_child: vec![NONE; nodes],
            next_sibling: vec![NONE; nodes],
            previous_sibling: vec![NONE; nodes],
            scan_from: 0,
        };
        let artificial_cost = C::narrow(network.artificial_cost().unwrap_or_default());
        for (bid, needed) in network.needed.iter().enumerate() {
            let arc = simplex.add_arc(bid as u32, hub as u32, artificial_cost, u32::MAX);
            simplex.flow[arc] = *needed;
            simplex.hang(bid, hub, arc);
        }
        for (assessor, room) in network.room.iter().enumerate() {
            let first = simplex.add_load_arcs(network, assessor, *room);
            simplex.hang(bids + assessor, hub, first);
        }
        simplex.later_from = simplex.arcs.len();
        simplex
    }

    /// Adds the arcs from an assessor to the hub and gives the first.
    fn add_load_arcs(&mut self, network: &Network, assessor: usize, room: u32) -> usize {
        // An arc without capacity would break the tree's strong feasibility; where there is no room no arc leads
        // in, so a unit of capacity does no harm.
        let room = room.max(1);
        let (node, hub) = ((network.needed.len() + assessor) as u32, network.hub() as u32);
        let first = self.arcs.len();
        if network.load_step == 0 {
            return self.add_arc(node, hub, C::default(), room);
        }
        for load in 0..room {
            self.add_arc(node, hub, C::narrow(network.load_cost(assessor, load)), 1);
        }
        first
    }

    /// Adds an empty arc outside the tree.
    pub(crate) fn add_arc(&mut self, tail: u32, head: u32, cost: C, capacity: u32) -> usize {
        self.arcs.push(Line { cost, tail, head, is_full: false });
        self.capacity.push(capacity);
        self.flow.push(0);
        self.arcs.len() - 1
    }

    /// Puts a node under the hub by an arc that points to the hub.
    fn hang(&mut self, node: usize, hub: usize, arc: usize) {
        // A tree arc has no reduced cost: its cost plus the price at its tail is the price at its head.
        self.price[node] = self.price[hub] - self.arcs[arc].cost;
        self.depth[node] = 1;
        self.attach(node, hub, arc as u32, true);
    }

    /// Pivots until no arc would save anything. Ends because strongly feasible trees never come round again.
    pub(crate) fn optimise(&mut self) {
        while let Some(entering) = self.find_entering() {
            self.pivot(entering);
        }
    }

    /// The most saving arc of the next block that has one.
    fn find_entering(&mut self) -> Option<usize> {
        let (start, end) = (self.priced_from, self.arcs.len());
        let block = (end - start).isqrt().max(32);
        let mut left = end - start;
        let mut from = self.scan_from.clamp(start, end);
        while left > 0 {
            if from == end {
                from = start;
            }
            let to = end.min(from + block.min(left));
            if let Some(entering) = self.most_saving(from, to) {
                self.scan_from = to;
                return Some(entering);
            }
            left -= to - from;
            from = to;
        }
        None
    }

    fn most_saving(&self, from: usize, to: usize) -> Option<usize> {
        let mut least = C::default();
        let mut found = None;
        for (offset, arc) in self.arcs[from..to].iter().enumerate() {
            let reduced = self.reduced_cost(arc);
            let change = if arc.is_full { -reduced } else { reduced };
            if change < least {
                least = change;
                found = Some(from + offset);
            }
        }
        found
    }

    fn reduced_cost(&self, arc: &Line<C>) -> C {
        arc.cost + self.price[arc.tail as usize] - self.price[arc.head as usize]
    }

    /// Sends what it can round the cycle the entering arc closes, and mends the tree.
    fn pivot(&mut self, entering: usize) {
        let Line { tail, head, is_full, .. } = self.arcs[entering];
        // The flow runs from `first` over the entering arc to `second`, up to the apex and down to `first`.
        let (first, second) = if is_full { (head as usize, tail as usize) } else { (tail as usize, head as usize) };
        let apex = self.apex(first, second);
        // Outside the tree an arc is empty or full, so it can change by its whole capacity.
        let mut units = self.capacity[entering];
        // The last blocking arc of the cycle, counted from the apex, leaves: that keeps the tree strongly feasible,
        // without which pivots that send nothing could go round for ever. Hence `<` on one side and `<=` on the other.
        let mut leaving = None;
        let mut node = first;
        while node != apex {
            let spare = self.spare(node, !self.points_up[node]);
            if spare < units {
                (units, leaving) = (spare, Some((node, first, second)));
            }
            node = self.parent[node] as usize;
        }
        node = second;
        while node != apex {
            let spare = self.spare(node, self.points_up[node]);
            if spare <= units {
                (units, leaving) = (spare, Some((node, second, first)));
            }
            node = self.parent[node] as usize;
        }
        self.send(entering, (first, second, apex), units);
        match leaving {
            None => self.arcs[entering].is_full = !is_full,
            Some((cut, hung, onto)) => self.mend_tree(entering, cut, hung, onto),
        }
    }

    /// Where the ways from two nodes to the hub meet.
    fn apex(&self, first: usize, second: usize) -> usize {
        let (mut left, mut right) = (first, second);
        while left != right {
            if self.depth[left] >= self.depth[right] {
                left = self.parent[left] as usize;
            } else {
                right = self.parent[right] as usize;
            }
        }
        left
    }

    /// How much more the tree arc above a node takes, or with `along` false, how much it can give back.
    fn spare(&self, node: usize, along: bool) -> u32 {
        let arc = self.arc_up[node] as usize;
        if along { self.capacity[arc] - self.flow[arc] } else { self.flow[arc] }
    }

    fn send(&mut self, entering: usize, (first, second, apex): (usize, usize, usize), units: u32) {
        if units == 0 {
            return;
        }
        self.add_flow(entering, !self.arcs[entering].is_full, units);
        for (start, goes_up) in [(first, false), (second, true)] {
            let mut node = start;
            while node != apex {
                self.add_flow(self.arc_up[node] as usize, self.points_up[node] == goes_up, units);
                node = self.parent[node] as usize;
            }
        }
    }

    fn add_flow(&mut self, arc: usize, along: bool, units: u32) {
        if along {
            self.flow[arc] += units;
        } else {
            self.flow[arc] -= units;
        }
    }

    /// Cuts the tree above `cut`, turns the part below it round to hang from `hung`, and hangs it onto `onto`.
    fn mend_tree(&mut self, entering: usize, cut: usize, hung: usize, onto: usize) {
        let leaving = self.arc_up[cut] as usize;
        self.arcs[leaving].is_full = self.flow[leaving] > 0;
        self.arcs[entering].is_full = false;
        let (mut node, mut parent, mut arc) = (hung, onto, entering as u32);
        let mut points_up = self.arcs[entering].tail as usize == hung;
        loop {
            let (old_parent, old_arc, old_points_up) =
                (self.parent[node] as usize, self.arc_up[node], self.points_up[node]);
            self.detach(node);
            self.attach(node, parent, arc, points_up);
            if node == cut {
                break;
            }
            (parent, node, arc, points_up) = (node, old_parent, old_arc, !old_points_up);
        }
        self.reprice(entering, hung);
    }

    fn detach(&mut self, node: usize) {
        let (previous, next) = (self.previous_sibling[node], self.next_sibling[node]);
        if previous == NONE {
            self.first_child[self.parent[node] as usize] = next;
        } else {
            self.next_sibling[previous as usize] = next;
        }
        if next != NONE {
            self.previous_sibling[next as usize] = previous;
        }
    }

    fn attach(&mut self, node: usize, parent: usize, arc: u32, points_up: bool) {
        let next = self.first_child[parent];
        self.parent[node] = parent as u32;
        self.arc_up[node] = arc;
        self.points_up[node] = points_up;
        self.previous_sibling[node] = NONE;
        self.next_sibling[node] = next;
        if next != NONE {
            self.previous_sibling[next as usize] = node as u32;
        }
        self.first_child[parent] = node as u32;
    }

    /// Moves all prices below `top` so that the entering arc has no reduced cost, and counts depths anew.
    fn reprice(&mut self, entering: usize, top: usize) {
        let reduced = self.reduced_cost(&self.arcs[entering]);
        let change = if self.arcs[entering].tail as usize == top { -reduced } else { reduced };
        let mut node = top;
        loop {
            self.price[node] = self.price[node] + change;
            self.depth[node] = self.depth[self.parent[node] as usize] + 1;
            if self.first_child[node] != NONE {
                node = self.first_child[node] as usize;
                continue;
            }
            while node != top && self.next_sibling[node] == NONE {
                node = self.parent[node] as usize;
            }
            if node == top {
                return;
            }
            node = self.next_sibling[node] as usize;
        }
    }

    /// By bid: the units that found no way.
    pub(crate) fn artificial_flows(&self) -> &[u32] {
        &self.flow[..self.priced_from]
    }

    /// The flows of the arcs added since the start, in the order they were added.
    pub(crate) fn later_flows(&self) -> &[u32] {
        &self.flow[self.later_from..]
    }
}
