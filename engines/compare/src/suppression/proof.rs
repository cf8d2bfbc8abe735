//! The proof that hidden counts cannot be worked out: other worlds that look the same from outside; it must never rest on how they were found.

use alloc::vec::Vec;

use super::ledger::{Cell, Ledger, Protected};
use super::needs::Needs;
use super::rule::{Rule, Shown};

/// Other counts with which everything published would look as it does: those cells that differ from the true ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct World {
    /// Place and count, by place.
    pub changes: Vec<(usize, u64)>,
}

/// Worlds in which each protected count has every value it must be able to have.
///
/// Whatever somebody computes from the published tables, by subtraction, elimination, bounds or trying, must hold in each of
/// these worlds too; so it can rule out none of those values. Not to be published: it tells the true counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    pub(super) worlds: Vec<World>,
    /// Protected counts of which marks and earlier tables leave less than the rule hides, by place.
    pub(super) narrowed: Vec<Narrowed>,
}

/// What is left of a protected count's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Narrowed {
    pub place: usize,
    pub what: Protected,
    pub left: (u64, u64),
    pub gaps: Vec<u64>,
}

impl World {
    pub(super) fn count(&self, place: usize, cell: &Cell) -> u64 {
        match self.changes.binary_search_by_key(&place, |change| change.0) {
            Ok(at) => self.changes.get(at).map_or(cell.count, |change| change.1),
            Err(_) => cell.count,
        }
    }

    /// Whether it has all sums, and every cell it changes may have that count.
    pub(super) fn is_possible(&self, ledger: &Ledger, may_be: impl Fn(usize, u64) -> bool) -> bool {
        let of = |place: usize| ledger.cells.get(place).map(|cell| u128::from(self.count(place, cell)));
        self.changes.iter().all(|&(place, count)| may_be(place, count))
            && ledger.sums.iter().all(|sum| {
                let parts: Option<u128> = sum.parts.iter().map(|&part| of(part)).sum();
                parts.is_some() && parts == of(sum.whole)
            })
    }
}

impl Proof {
    /// Whether every world looks as told from outside, and every protected count has as many values in them as the rule asks.
    pub(super) fn holds(&self, rule: &Rule, ledger: &Ledger, told: &[Option<Shown>]) -> bool {
        let may_be = |place: usize, count: u64| {
            let (Some(cell), Some(shown)) = (ledger.cells.get(place), told.get(place)) else { return false };
            let (low, high) = match shown {
                Some(shown @ (Shown::Count(_) | Shown::Rounded(_))) => rule.behind(*shown),
                Some(Shown::Hidden) | None => cell.range(rule, true),
            };
            low <= count && high.is_none_or(|high| count <= high)
        };
        let is_protected = |place: usize, cell: &Cell| {
            let Some(wanted) = cell.wants(rule) else { return true };
            let needs = match self.narrowed.binary_search_by_key(&place, |narrowed| narrowed.place) {
                Ok(at) => {
                    self.narrowed.get(at).map(|narrowed| Needs::claimed(wanted, narrowed.left, narrowed.gaps.clone()))
                }
                Err(_) => None,
            };
            let needs = needs.unwrap_or_else(|| Needs::claimed(wanted, wanted, Vec::new()));
            let is_hidden = told.get(place).is_some_and(|shown| shown.is_none_or(|shown| shown == Shown::Hidden));
            let is_reached = |value: &u64| {
                *value == cell.count || self.worlds.iter().any(|world| world.count(place, cell) == *value)
            };
            is_hidden && !needs.are_out_of_reach(rule) && needs.values().filter(is_reached).count() >= needs.asked(rule)
        };
        self.worlds.iter().all(|world| world.is_possible(ledger, may_be))
            && ledger.cells.iter().enumerate().all(|(place, cell)| is_protected(place, cell))
    }
}
