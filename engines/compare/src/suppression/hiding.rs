//! Decides which cells are hidden: the small ones, and as few others as keep them so; it must never end with a small count that can be worked out.

use alloc::vec;
use alloc::vec::Vec;

use super::ledger::{Cell, Ledger, Protected, SmallRow, Weight};
use super::needs::Needs;
use super::proof::{Narrowed, Proof};
use super::release::{NotSafe, Why};
use super::rule::{Rule, Shown};
use super::search::{Search, Way};
use super::worlds::Worlds;

/// What is hidden, why, and the proof that it is enough.
pub(super) struct Hidden {
    /// By place in the ledger.
    pub why: Vec<Why>,
    pub proof: Proof,
}

/// Hides small counts, then whatever else they need, then shows again what they do not need after all.
pub(super) fn hide(rule: &Rule, ledger: &Ledger) -> Result<Hidden, NotSafe> {
    let mut hiding = Hiding::new(rule, ledger);
    let mut exposed = Vec::new();
    for (place, cell) in ledger.cells.iter().enumerate() {
        if !hiding.protect(place) {
            exposed.push(cell.what);
        }
    }
    if !exposed.is_empty() {
        return Err(NotSafe { exposed });
    }
    hiding.show_again();
    Ok(hiding.done())
}

struct Hiding<'a> {
    rule: &'a Rule,
    ledger: &'a Ledger,
    sums_of: Vec<Vec<usize>>,
    needs: Vec<Option<Needs>>,
    is_hidden: Vec<bool>,
    why: Vec<Why>,
    worlds: Worlds,
    /// Cells hidden for the sake of others, in the order they were.
    added: Vec<usize>,
}

impl<'a> Hiding<'a> {
    fn new(rule: &'a Rule, ledger: &'a Ledger) -> Self {
        let mut sums_of = vec![Vec::new(); ledger.cells.len()];
        for (at, sum) in ledger.sums.iter().enumerate() {
            for &place in sum.parts.iter().chain([&sum.whole]) {
                // A cell may stand in a sum twice, once it was put together with another.
                if let Some(sums) = sums_of.get_mut(place).filter(|sums| sums.last() != Some(&at)) {
                    sums.push(at);
                }
            }
        }
        let why: Vec<Why> = ledger.cells.iter().map(|cell| first_reason(rule, cell)).collect();
        let is_hidden =
            ledger.cells.iter().zip(&why).map(|(cell, why)| !cell.is_printed() || why.is_hidden()).collect();
        let (needs, worlds) = (ledger.needs(rule), Worlds::new(ledger.cells.len()));
        Self { rule, ledger, sums_of, needs, is_hidden, why, worlds, added: Vec::new() }
    }

    fn search(&self) -> Search<'_> {
        Search { rule: self.rule, ledger: self.ledger, is_hidden: &self.is_hidden, sums_of: &self.sums_of }
    }

    /// Finds a world for every value the count needs, hiding more where there is none.
    fn protect(&mut self, place: usize) -> bool {
        while let Some(value) = self.missing(place) {
            let Some(needs) = self.needs.get(place).and_then(Option::as_ref) else { return true };
            if needs.are_out_of_reach(self.rule) {
                return false;
            }
            if self.look(place, value).is_none() && !self.hide_for(place, value) {
                self.change_needs(place, |rule, needs| needs.give_up(rule, value));
            }
        }
        self.needs.get(place).and_then(Option::as_ref).is_none_or(|needs| !needs.are_out_of_reach(self.rule))
    }

    /// A value the count needs and no world gives it, the nearest to the true one; none where there are enough.
    fn missing(&self, place: usize) -> Option<u64> {
        let needs = self.needs.get(place)?.as_ref()?;
        let count = self.ledger.cells.get(place)?.count;
        let is_reached = |value: u64| value == count || self.worlds.reach(place, value);
        if needs.values().filter(|&value| is_reached(value)).count() >= needs.asked(self.rule)
            && !needs.are_out_of_reach(self.rule)
        {
            return None;
        }
        needs.values().filter(|&value| !is_reached(value)).min_by_key(|value| value.abs_diff(count))
    }

    /// Looks for a world that gives the count this value, or another one it needs; where it now stands.
    fn look(&mut self, place: usize, value: u64) -> Option<usize> {
        let cell = self.ledger.cells.get(place)?;
        let world = self.search().world(place, way(cell.count, value), cell.count.abs_diff(value))?;
        let found = world.count(place, cell);
        let is_needed = self.needs.get(place)?.as_ref()?.values().any(|needed| needed == found);
        (is_needed && found != cell.count && !self.worlds.reach(place, found)).then(|| self.worlds.add(world))
    }

    /// Hides the cheapest cells that let the count have a value; whether there were any, or it turned out that it need not.
    fn hide_for(&mut self, place: usize, value: u64) -> bool {
        let Some(cell) = self.ledger.cells.get(place) else { return false };
        let (way, far) = (way(cell.count, value), cell.count.abs_diff(value));
        let widened = self.search().widened(place, way, far);
        if widened.reach < far {
            // Even with everything hidden a reader could tell that it is not beyond: hiding more for that would be in vain.
            self.change_needs(place, |rule, needs| match way {
                Way::Down => needs.raise_low(rule, cell.count.saturating_sub(widened.reach)),
                Way::Up => needs.lower_high(rule, cell.count.saturating_add(widened.reach)),
            });
            return true;
        }
        let mut hide = widened.hide;
        if hide.is_empty() {
            // The arithmetic says it can be, yet no whole numbers were found: one more hidden cell, and another look.
            hide.extend(self.search().cheapest_near(place));
        }
        for &hidden in &hide {
            self.set(hidden, true, Why::Protects(cell.what));
            self.added.push(hidden);
        }
        !hide.is_empty()
    }

    /// Shows again every cell that was hidden for others' sake and that they can do without, the dearest first.
    fn show_again(&mut self) {
        let mut added = core::mem::take(&mut self.added);
        let dear =
            |place: &usize| self.ledger.cells.get(*place).map_or((Weight::Inner, 0), |cell| (cell.weight, cell.count));
        added.sort_by_key(|place| core::cmp::Reverse(dear(place)));
        for place in added {
            let Some(why) = self.why.get(place).copied() else { continue };
            self.set(place, false, Why::Shown);
            let betrayed: Vec<usize> = {
                let search = self.search();
                let changing = self.worlds.changing(place).into_iter();
                changing.filter(|&(_, count)| !search.may_be(place, count)).map(|(world, _)| world).collect()
            };
            let mut lost = Vec::new();
            for &world in &betrayed {
                lost.extend_from_slice(self.worlds.set_alive(world, false));
            }
            if let Err(found) = self.found_again(&lost) {
                for world in found {
                    self.worlds.set_alive(world, false);
                }
                for world in betrayed {
                    self.worlds.set_alive(world, true);
                }
                self.set(place, true, why);
            }
        }
    }

    /// Looks anew for what was lost; the worlds found until one was not.
    fn found_again(&mut self, lost: &[(usize, u64)]) -> Result<(), Vec<usize>> {
        let mut found = Vec::new();
        for &(place, _) in lost {
            while let Some(value) = self.missing(place) {
                match self.look(place, value) {
                    Some(world) => found.push(world),
                    None => return Err(found),
                }
            }
        }
        Ok(())
    }

    fn done(self) -> Hidden {
        let narrowed = |(place, needs): (usize, &Option<Needs>)| {
            let (left, gaps) = needs.as_ref().filter(|needs| needs.are_narrowed())?.left();
            let what = self.ledger.cells.get(place)?.what;
            Some(Narrowed { place, what, left, gaps: gaps.to_vec() })
        };
        let narrowed = self.needs.iter().enumerate().filter_map(narrowed).collect();
        Hidden { why: self.why, proof: Proof { worlds: self.worlds.into_living(), narrowed } }
    }

    fn change_needs(&mut self, place: usize, change: impl FnOnce(&Rule, &mut Needs)) {
        if let Some(needs) = self.needs.get_mut(place).and_then(Option::as_mut) {
            change(self.rule, needs);
        }
    }

    fn set(&mut self, place: usize, is_hidden: bool, why: Why) {
        if let (Some(hidden), Some(reason)) = (self.is_hidden.get_mut(place), self.why.get_mut(place)) {
            *hidden = is_hidden;
            *reason = why;
        }
    }
}

fn way(count: u64, value: u64) -> Way {
    if value < count { Way::Down } else { Way::Up }
}

/// Why a cell is shown or hidden before any other cell is thought of.
fn first_reason(rule: &Rule, cell: &Cell) -> Why {
    match (cell.before, cell.small_row) {
        (Some(Shown::Count(_) | Shown::Rounded(_)), _) => Why::ShownBefore,
        (_, Some(SmallRow::Part | SmallRow::Sum)) => Why::FewInRow,
        _ if rule.is_small(cell.count) => Why::Small,
        (Some(Shown::Hidden), None) => Why::HiddenBefore,
        (None, None) => Why::Shown,
    }
}

impl Why {
    /// Whether a cell with this reason is hidden.
    pub const fn is_hidden(self) -> bool {
        match self {
            Self::Shown | Self::ShownBefore => false,
            Self::Small
            | Self::FewInRow
            | Self::HiddenBefore
            | Self::Protects(Protected::Cell(_))
            | Self::Protects(Protected::Difference { .. } | Protected::RowSum(_)) => true,
        }
    }
}
