//! Every stable matching with couples, by trying every way the couples can be placed; it must never leave one out.
//!
//! With the couples placed, what is left is an ordinary market of singles: a matching that is stable in all is stable
//! among the singles and the places the couples leave. So those are listed, and each is held to the whole rule.

use super::first_block;
use crate::deferred::all_stable;
use crate::market::{Market, NONE};

/// About as many elementary steps as a second or two allows.
const BUDGET: u64 = 400_000_000;

/// Every stable matching, in the order of singles' and then couples' choices; `None` where trying all is too much.
pub(super) fn all(market: &Market) -> Option<Vec<Vec<u32>>> {
    let singles = market.singles();
    let step = market.choices.len() as u64 + market.parts.len() as u64 + 1;
    let ways =
        market.couples.iter().try_fold(step, |ways, couple| ways.checked_mul(couple.options.len() as u64 + 1))?;
    if ways > BUDGET {
        return None;
    }
    let mut search = Search { market, singles, left: market.capacities(), budget: BUDGET, found: Vec::new() };
    let mut held = market.given.clone();
    if !search.place(0, &mut held) {
        return None;
    }
    let mut found = search.found;
    let singles = &search.singles;
    found.sort_by_cached_key(|held| {
        let single = singles.iter().map(|single| held[*single as usize] as usize);
        let couples = market.couples.iter().map(|couple| super::standing(couple, held));
        single.chain(couples).collect::<Vec<_>>()
    });
    Some(found)
}

struct Search<'m> {
    market: &'m Market,
    singles: Vec<u32>,
    left: Vec<u32>,
    budget: u64,
    found: Vec<Vec<u32>>,
}

impl Search<'_> {
    /// Whether the budget sufficed.
    fn place(&mut self, position: usize, held: &mut Vec<u32>) -> bool {
        let Some(couple) = self.market.couples.get(position) else {
            return self.place_singles(held);
        };
        for option in couple.options.iter().chain([&[NONE, NONE]]) {
            let is_open = |choice: &u32| *choice == NONE || self.market.is_open(*choice);
            if !option.iter().all(is_open) {
                continue;
            }
            if !self.sit(option) {
                continue;
            }
            for (member, choice) in couple.members.iter().zip(option) {
                held[*member as usize] = *choice;
            }
            let had_budget = self.place(position + 1, held);
            self.stand_up(option);
            if !had_budget {
                return false;
            }
        }
        for member in couple.members {
            held[member as usize] = NONE;
        }
        true
    }

    /// Takes a place for each; whether there was room. Where not, nothing is taken.
    fn sit(&mut self, option: &[u32; 2]) -> bool {
        let parts = option.map(|choice| if choice == NONE { NONE } else { self.market.choice(choice).part });
        let needed = |part: u32| parts.iter().filter(|other| **other == part).count() as u32;
        let has_room = parts.iter().all(|part| *part == NONE || self.left[*part as usize] >= needed(*part));
        if has_room {
            parts.iter().filter(|part| **part != NONE).for_each(|part| self.left[*part as usize] -= 1);
        }
        has_room
    }

    fn stand_up(&mut self, option: &[u32; 2]) {
        for choice in option.iter().filter(|choice| **choice != NONE) {
            self.left[self.market.choice(*choice).part as usize] += 1;
        }
    }

    fn place_singles(&mut self, held: &[u32]) -> bool {
        let cost = self.market.choices.len() as u64 + self.market.parts.len() as u64;
        if self.budget < cost {
            return false;
        }
        self.budget -= cost;
        let Some(candidates) = all_stable(self.market, &self.left, &self.singles, held, &mut self.budget) else {
            return false;
        };
        self.found.extend(candidates.into_iter().filter(|held| first_block(self.market, held).is_none()));
        true
    }
}
