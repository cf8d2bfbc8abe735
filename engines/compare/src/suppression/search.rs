//! Looks for another world in which one count is smaller or larger, and for the cells that would have to be hidden for there to be one; it must never return a world that breaks a sum.

use alloc::vec;
use alloc::vec::Vec;

use super::ledger::{Ledger, Weight};
use super::proof::World;
use super::rule::Rule;
use super::simplex::{Column, largest};

/// Which way a count shall move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Down,
    Up,
}

/// What a search knows: the ledger, the rule, what is hidden, and which sums each cell stands in.
pub(super) struct Search<'a> {
    pub rule: &'a Rule,
    pub ledger: &'a Ledger,
    pub is_hidden: &'a [bool],
    pub sums_of: &'a [Vec<usize>],
}

/// What hiding more cells would allow.
pub(super) struct Widened {
    /// Cells to hide, by place.
    pub hide: Vec<usize>,
    /// How far the count could move then.
    pub reach: u64,
}

/// Worth of moving the target by one, above whatever all other cells together can cost.
const WANTED: f64 = 1e6;

/// Cost of moving a cell that is hidden anyway, so that worlds change no more than they must.
const HIDDEN: f64 = 1e-3;

/// Fractions this small are rounding.
const WHOLE: f64 = 1e-6;

/// How often a fractional answer is cut back before the search is given up.
const CUTS: usize = 40;

/// A cell's movement in one direction, as a column of the programme.
struct Move {
    place: usize,
    is_up: bool,
    /// Whether the cell has to be hidden for it.
    needs_hiding: bool,
}

impl Search<'_> {
    /// A world in which the target has moved as far as it can, at most by `far`; none where it cannot move at all.
    pub fn world(&self, target: usize, way: Way, far: u64) -> Option<World> {
        let (rows, moves, mut columns) = self.programme(target, way, far, false);
        for _ in 0..CUTS {
            let found = largest(rows, &columns);
            let fraction = found.iter().position(|value| (value - libm::round(*value)).abs() > WHOLE);
            let Some(at) = fraction else {
                return self.read(&moves, &found).filter(|world| !world.changes.is_empty());
            };
            // Whole numbers are wanted: one of the fractions is cut back, and the rest found anew.
            if let (Some(column), Some(value)) = (columns.get_mut(at), found.get(at)) {
                column.limit = libm::floor(value + WHOLE);
            }
        }
        None
    }

    /// The cheapest further cells to hide so that the target can move by `far`.
    pub fn widened(&self, target: usize, way: Way, far: u64) -> Widened {
        let (rows, moves, columns) = self.programme(target, way, far, true);
        let found = largest(rows, &columns);
        let mut hide: Vec<usize> = moves
            .iter()
            .zip(&found)
            .filter(|(each, value)| each.needs_hiding && **value > WHOLE)
            .map(|(each, _)| each.place)
            .collect();
        hide.sort_unstable();
        hide.dedup();
        Widened { hide, reach: libm::floor(found.first().copied().unwrap_or(0.0).max(0.0) + WHOLE) as u64 }
    }

    /// A cell that hangs together with the target and is cheapest to hide; none where all that can be are hidden.
    pub fn cheapest_near(&self, target: usize) -> Option<usize> {
        let near = self.near(target, true);
        let free = near.into_iter().filter(|&place| place != target && self.can_be_hidden(place));
        free.min_by(|&a, &b| f64::total_cmp(&self.cost(a), &self.cost(b)))
    }

    /// The programme: the target's own move first, then every other cell's.
    fn programme(&self, target: usize, way: Way, far: u64, is_widening: bool) -> (usize, Vec<Move>, Vec<Column>) {
        let near = self.near(target, is_widening);
        let mut row_of = vec![usize::MAX; self.ledger.sums.len()];
        let mut rows = 0;
        for &place in &near {
            for &sum in self.sums_of.get(place).into_iter().flatten() {
                if let Some(row) = row_of.get_mut(sum).filter(|row| **row == usize::MAX) {
                    *row = rows;
                    rows += 1;
                }
            }
        }
        let (mut moves, mut columns) = (Vec::new(), Vec::new());
        let mut add = |place: usize, is_up: bool, limit: f64, gain: f64, needs_hiding: bool| {
            if limit > 0.0 || columns.is_empty() {
                columns.push(Column { rows: self.entries(place, is_up, &row_of), limit, gain });
                moves.push(Move { place, is_up, needs_hiding });
            }
        };
        let is_up = way == Way::Up;
        add(target, is_up, self.room(target, is_up, true).min(far as f64), WANTED, false);
        for place in near.into_iter().filter(|&place| place != target) {
            let is_hidden = self.is_hidden.get(place).copied().unwrap_or(true);
            for is_up in [false, true] {
                let room = self.room(place, is_up, is_hidden);
                add(place, is_up, room, if is_hidden { -HIDDEN } else { -2.0 * HIDDEN }, false);
                if is_widening && self.can_be_hidden(place) {
                    add(place, is_up, self.room(place, is_up, true) - room, -self.cost(place), true);
                }
            }
        }
        (rows, moves, columns)
    }

    /// Cells that can move together with the target: those that hang together with it through cells that can move.
    fn near(&self, target: usize, is_widening: bool) -> Vec<usize> {
        let mut is_seen = vec![false; self.ledger.cells.len()];
        let mut is_summed = vec![false; self.ledger.sums.len()];
        let mut found = vec![target];
        let mut at = 0;
        if let Some(seen) = is_seen.get_mut(target) {
            *seen = true;
        }
        while let Some(&place) = found.get(at) {
            at += 1;
            for &sum in self.sums_of.get(place).into_iter().flatten() {
                let (Some(is_summed), Some(sum)) = (is_summed.get_mut(sum), self.ledger.sums.get(sum)) else {
                    continue;
                };
                if core::mem::replace(is_summed, true) {
                    continue;
                }
                for &other in sum.parts.iter().chain([&sum.whole]) {
                    let Some(seen) = is_seen.get_mut(other) else { continue };
                    if !*seen && self.can_move(other, is_widening) {
                        *seen = true;
                        found.push(other);
                    }
                }
            }
        }
        found
    }

    fn can_move(&self, place: usize, is_widening: bool) -> bool {
        let is_hidden = self.is_hidden.get(place).copied().unwrap_or(true);
        is_hidden
            || (is_widening && self.can_be_hidden(place))
            || self.room(place, false, false) > 0.0
            || self.room(place, true, false) > 0.0
    }

    /// A cell that is shown, was not shown before, and is not nought, which is always shown.
    fn can_be_hidden(&self, place: usize) -> bool {
        let is_hidden = self.is_hidden.get(place).copied().unwrap_or(true);
        !is_hidden && self.ledger.cells.get(place).is_some_and(|cell| cell.before.is_none() && cell.count > 0)
    }

    /// How far a count can move before somebody would notice.
    fn room(&self, place: usize, is_up: bool, is_hidden: bool) -> f64 {
        let Some(cell) = self.ledger.cells.get(place) else { return 0.0 };
        let (low, high) = cell.range(self.rule, is_hidden);
        match (is_up, high) {
            (false, _) => cell.count.saturating_sub(low) as f64,
            (true, Some(high)) => high.saturating_sub(cell.count) as f64,
            (true, None) => f64::INFINITY,
        }
    }

    fn entries(&self, place: usize, is_up: bool, row_of: &[usize]) -> Vec<(usize, f64)> {
        let way = if is_up { 1.0 } else { -1.0 };
        let mut entries: Vec<(usize, f64)> = Vec::new();
        for &sum in self.sums_of.get(place).into_iter().flatten() {
            let (Some(&row), Some(sum)) = (row_of.get(sum), self.ledger.sums.get(sum)) else { continue };
            let as_part = sum.parts.iter().filter(|&&part| part == place).count() as f64;
            let as_whole = if sum.whole == place { 1.0 } else { 0.0 };
            entries.push((row, way * (as_part - as_whole)));
        }
        entries
    }

    /// What a reader loses with a cell: totals are dearer, and so are large counts, a little.
    fn cost(&self, place: usize) -> f64 {
        let Some(cell) = self.ledger.cells.get(place) else { return f64::INFINITY };
        let weight = match cell.weight {
            Weight::Inner => 1.0,
            Weight::Total => 4.0,
            Weight::GrandTotal => 16.0,
        };
        weight * (1.0 + libm::log1p(cell.count as f64))
    }

    /// The world a solution describes; none where it breaks a sum or a range, whatever the arithmetic said.
    fn read(&self, moves: &[Move], found: &[f64]) -> Option<World> {
        let mut changes: Vec<(usize, i128)> = moves
            .iter()
            .zip(found)
            .map(|(each, value)| (each.place, libm::round(*value) as i128 * if each.is_up { 1 } else { -1 }))
            .filter(|change| change.1 != 0)
            .collect();
        changes.sort_unstable();
        let mut merged: Vec<(usize, u64)> = Vec::new();
        for same in changes.chunk_by(|a, b| a.0 == b.0) {
            let place = same.first()?.0;
            let count =
                i128::from(self.ledger.cells.get(place)?.count) + same.iter().map(|change| change.1).sum::<i128>();
            merged.push((place, u64::try_from(count).ok()?));
        }
        let world = World { changes: merged };
        world.is_possible(self.ledger, |place, count| self.may_be(place, count)).then_some(world)
    }

    pub fn may_be(&self, place: usize, count: u64) -> bool {
        let Some(cell) = self.ledger.cells.get(place) else { return false };
        let (low, high) = cell.range(self.rule, self.is_hidden.get(place).copied().unwrap_or(true));
        low <= count && high.is_none_or(|high| count <= high)
    }
}
