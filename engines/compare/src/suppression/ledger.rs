//! All cells that hang together and the sums that bind them, without rows or columns; it must never count one person's cell twice.

use alloc::vec::Vec;

use super::needs::Needs;
use super::rule::{Rule, Shown};
use super::table::{At, Line};

/// Cells and sums, cells that are the same put together.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    pub cells: Vec<Cell>,
    pub sums: Vec<Sum>,
}

/// One count.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub count: u64,
    pub what: Protected,
    pub weight: Weight,
    /// How it was shown when it was published before.
    pub before: Option<Shown>,
    pub small_row: Option<SmallRow>,
}

/// What part a cell has in a row that is hidden whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SmallRow {
    Part,
    Sum,
}

/// How much a reader misses a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Inner,
    Total,
    GrandTotal,
}

/// What is protected: a cell of a table, or a number nobody prints but anybody can subtract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protected {
    Cell(At),
    /// What an outer count has more than an inner one.
    Difference {
        outer: At,
        inner: At,
    },
    /// The sum of a row that is published without it.
    RowSum(At),
}

/// A whole and its parts, by place.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub whole: usize,
    pub parts: Vec<usize>,
}

/// A range of whole numbers, without end above where there is none.
pub(super) type Range = (u64, Option<u64>);

impl Ledger {
    /// For each cell the values it must still be able to have, as far as a reader cannot rule them out anyway; none for a cell
    /// that need not be protected.
    ///
    /// Which cells are nought is always shown, and what was published before is known: two hidden counts above nought come to
    /// two at least, whatever else is hidden.
    pub fn needs(&self, rule: &Rule) -> Vec<Option<Needs>> {
        let marked = self.ranges_of_marks(rule);
        self.cells.iter().zip(marked).map(|(cell, marked)| Some(Needs::new(rule, cell.wants(rule)?, marked))).collect()
    }

    /// What could be said of each cell if everything above nought that was not published before were hidden: bounds, tightened
    /// by the sums.
    fn ranges_of_marks(&self, rule: &Rule) -> Vec<Range> {
        let mut ranges: Vec<Range> = self.cells.iter().map(|cell| cell.marked_range(rule)).collect();
        for _ in 0..SWEEPS {
            let mut has_changed = false;
            for sum in &self.sums {
                has_changed |= tighten(&mut ranges, sum);
            }
            if !has_changed {
                break;
            }
        }
        ranges
    }
}

/// Bounds that are not at rest by then creep by ones; they hold at every step.
const SWEEPS: usize = 40;

/// Tightens the bounds of a sum's cells by one another.
fn tighten(ranges: &mut [Range], sum: &Sum) -> bool {
    let of = |ranges: &[Range], place: usize| ranges.get(place).copied().unwrap_or((0, None));
    let low: u64 = sum.parts.iter().map(|&part| of(ranges, part).0).fold(0, u64::saturating_add);
    let high =
        sum.parts.iter().map(|&part| of(ranges, part).1).try_fold(0_u64, |sum, high| Some(sum.saturating_add(high?)));
    let mut has_changed = narrow(ranges, sum.whole, low, high);
    let whole = of(ranges, sum.whole);
    for (at, &part) in sum.parts.iter().enumerate() {
        let others =
            || sum.parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, &other)| of(ranges, other));
        let others_low = others().map(|range| range.0).fold(0, u64::saturating_add);
        let others_high = others().try_fold(0_u64, |sum, range| Some(sum.saturating_add(range.1?)));
        let least = others_high.map_or(0, |high| whole.0.saturating_sub(high));
        let most = whole.1.map(|most| most.saturating_sub(others_low));
        has_changed |= narrow(ranges, part, least, most);
    }
    has_changed
}

fn narrow(ranges: &mut [Range], place: usize, low: u64, high: Option<u64>) -> bool {
    let Some(range) = ranges.get_mut(place) else { return false };
    let most = match (range.1, high) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    core::mem::replace(range, (range.0.max(low), most)) != *range
}

impl Cell {
    pub fn of_table(count: u64, at: At, before: Option<Shown>, is_in_small_row: bool) -> Self {
        let weight = match (at.row, at.column) {
            (Line::Total, Line::Total) => Weight::GrandTotal,
            (Line::Total, _) | (_, Line::Total) => Weight::Total,
            _ => Weight::Inner,
        };
        let part = if at.column == Line::Total { SmallRow::Sum } else { SmallRow::Part };
        Self { count, what: Protected::Cell(at), weight, before, small_row: is_in_small_row.then_some(part) }
    }

    pub fn difference(count: u64, outer: At, inner: At) -> Self {
        let what = Protected::Difference { outer, inner };
        Self { count, what, weight: Weight::Inner, before: None, small_row: None }
    }

    pub fn row_sum(count: u64, at: At) -> Self {
        let what = Protected::RowSum(at);
        Self { count, what, weight: Weight::Inner, before: None, small_row: Some(SmallRow::Sum) }
    }

    /// Takes up what is known of another cell that is the same count.
    pub fn join(&mut self, other: &Self) {
        self.weight = self.weight.max(other.weight);
        self.before = match (self.before, other.before) {
            (Some(Shown::Hidden) | None, before @ Some(_)) => before,
            (before, _) => before,
        };
        self.small_row = self.small_row.or(other.small_row);
    }

    /// Whether it stands in a table: differences and unprinted sums do not.
    pub fn is_printed(&self) -> bool {
        matches!(self.what, Protected::Cell(_))
    }

    /// What a reader may know of it: whether it is hidden, and the rule.
    pub fn range(&self, rule: &Rule, is_hidden: bool) -> Range {
        match (is_hidden, self.small_row, self.what) {
            (false, ..) => rule.behind(self.before.unwrap_or_else(|| rule.shown(self.count))),
            // Worlds in which a row hidden whole is no longer small are left out: that row would not be hidden.
            (true, Some(SmallRow::Sum), _) => (1, Some(rule.hide_rows_below.saturating_sub(1))),
            (true, Some(SmallRow::Part), _) | (true, None, Protected::Difference { .. } | Protected::RowSum(_)) => {
                (0, None)
            }
            (true, None, Protected::Cell(_)) => rule.behind(Shown::Hidden),
        }
    }

    /// What a reader may know of it where everything above nought is hidden that was not shown before.
    fn marked_range(&self, rule: &Rule) -> Range {
        let is_known = self.before.is_some_and(|before| before.number().is_some());
        let is_nought = self.count == 0 && self.small_row.is_none() && self.is_printed();
        self.range(rule, !is_known && !is_nought)
    }

    /// The values the rule wants it to be able to have; none for a cell that need not be protected.
    pub fn wants(&self, rule: &Rule) -> Option<(u64, u64)> {
        if self.before.is_some_and(|before| before.number().is_some()) {
            return None;
        }
        let below = |least: u64| least.saturating_sub(1);
        match (self.small_row, self.what) {
            // Nought is about nobody: hidden with its row, but not guarded.
            (Some(SmallRow::Part), _) => (self.count > 0).then_some((1, below(rule.hide_rows_below))),
            (Some(SmallRow::Sum), _) => Some((1, below(rule.hide_rows_below))),
            (None, Protected::Difference { .. }) => {
                let least = rule.least_shown().max(rule.hide_rows_below);
                (self.count > 0 && self.count < least).then_some((1, below(least)))
            }
            (None, _) => rule.is_small(self.count).then_some((1, below(rule.least_shown()))),
        }
    }
}
