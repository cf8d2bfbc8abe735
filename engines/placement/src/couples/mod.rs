//! Couples with lists of pairs: when a matching is stable, every stable matching where that is small, a search where it is large. It must never say "none" unless every possibility was tried.

mod exact;
mod search;

use std::collections::BTreeSet;

use crate::market::{Couple, Market, NONE};

/// What is known of a market with couples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CouplesAnswer {
    /// Every stable matching there is; none is proven where the list is empty.
    All(Vec<Vec<u32>>),
    /// One stable matching, found and checked; there may be others.
    Found(Vec<u32>),
    /// The search ended without one. Whether there is one is not known.
    GaveUp,
}

/// Every stable matching where the couples' choices are few enough to be tried, else a search.
pub fn solve(market: &Market) -> CouplesAnswer {
    match exact::all(market) {
        Some(all) => CouplesAnswer::All(all),
        None => search::find(market).map_or(CouplesAnswer::GaveUp, CouplesAnswer::Found),
    }
}

/// Who sits where, each part's ranks sorted.
pub(crate) struct Occupants<'m> {
    market: &'m Market,
    ranks: Vec<BTreeSet<u32>>,
}

impl<'m> Occupants<'m> {
    pub(crate) fn of(market: &'m Market, held: &[u32]) -> Self {
        let mut occupants = Self { market, ranks: vec![BTreeSet::new(); market.parts.len()] };
        for (applicant, choice) in held.iter().enumerate() {
            if market.given[applicant] == NONE {
                occupants.take(*choice);
            }
        }
        occupants
    }

    pub(crate) fn take(&mut self, choice: u32) {
        if choice != NONE {
            let line = self.market.choice(choice);
            self.ranks[line.part as usize].insert(line.rank);
        }
    }

    pub(crate) fn leave(&mut self, choice: u32) {
        if choice != NONE {
            let line = self.market.choice(choice);
            self.ranks[line.part as usize].remove(&line.rank);
        }
    }

    fn fits(&self) -> bool {
        self.ranks.iter().zip(&self.market.parts).all(|(ranks, part)| ranks.len() <= part.capacity as usize)
    }

    /// Whether the part would choose everybody who joins, once those who leave have left: each of them stands among the
    /// best it has room for, out of who stays and who joins.
    pub(crate) fn would_choose(&self, leaving: &[u32], joining: &[u32]) -> bool {
        joining.iter().filter(|choice| **choice != NONE).all(|choice| {
            let line = self.market.choice(*choice);
            let capacity = self.market.parts[line.part as usize].capacity as usize;
            if !self.market.is_open(*choice) || capacity == 0 {
                return false;
            }
            let is_ahead = |other: &&u32| {
                **other != NONE && {
                    let other = self.market.choice(**other);
                    other.part == line.part && other.rank < line.rank
                }
            };
            let sitting = self.ranks[line.part as usize].range(..line.rank).take(capacity + leaving.len()).count();
            let ahead = sitting - leaving.iter().filter(is_ahead).count() + joining.iter().filter(is_ahead).count();
            ahead < capacity
        })
    }
}

/// What a couple holds, as a place in its list; as many as it has options when both are unplaced.
pub(crate) fn standing(couple: &Couple, held: &[u32]) -> usize {
    let now = couple.members.map(|member| held[member as usize]);
    couple.options.iter().position(|option| *option == now).unwrap_or(couple.options.len())
}

/// The first option of a couple before `until` that all its parts would choose.
pub(crate) fn first_taken(occupants: &Occupants<'_>, couple: &Couple, held: &[u32], until: usize) -> Option<usize> {
    let now = couple.members.map(|member| held[member as usize]);
    couple.options.iter().take(until).position(|option| occupants.would_choose(&now, option))
}

/// What blocks a matching, in words for a check: the first applicant or couple that some host would rather have.
pub(crate) fn first_block(market: &Market, held: &[u32]) -> Option<Block> {
    let occupants = Occupants::of(market, held);
    if !occupants.fits() {
        return Some(Block::TooMany);
    }
    for single in market.singles() {
        let wanted = market.range(single).take_while(|choice| *choice != held[single as usize]);
        if let Some(choice) = wanted.into_iter().find(|choice| occupants.would_choose(&[], &[*choice])) {
            return Some(Block::Single(choice));
        }
    }
    market.couples.iter().enumerate().find_map(|(position, couple)| {
        let option = first_taken(&occupants, couple, held, standing(couple, held))?;
        Some(Block::Couple(position, option))
    })
}

/// Why a matching is not stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Block {
    /// A part holds more than it has places.
    TooMany,
    /// A choice its owner and its host would both rather have.
    Single(u32),
    /// A couple and the place in its list it could have.
    Couple(usize, usize),
}

/// How many choices of singles and options of couples block: both sides would rather have them.
pub(crate) fn count_blocks(market: &Market, held: &[u32]) -> usize {
    let occupants = Occupants::of(market, held);
    let singles = market.singles().into_iter().map(|single| {
        let wanted = market.range(single).take_while(|choice| *choice != held[single as usize]);
        wanted.filter(|choice| occupants.would_choose(&[], &[*choice])).count()
    });
    let couples = market.couples.iter().map(|couple| {
        let now = couple.members.map(|member| held[member as usize]);
        let better = couple.options.iter().take(standing(couple, held));
        better.filter(|option| occupants.would_choose(&now, *option)).count()
    });
    singles.chain(couples).sum()
}
