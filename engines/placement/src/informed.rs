//! Preference-informed allocation as the UK foundation programme does it; it must never let a later applicant take a first choice an earlier one wants.
//!
//! Everybody stands in one order. Pass 1 gives first choices, in order, while there are places. Pass 2 goes through the
//! rest, in order, and gives the best that is left. Linked applicants are placed at the turn of the later of the two and
//! need two places at one host. It is **not** safe to answer truthfully: a host that is full after pass 1 cannot be had
//! in pass 2, so a first choice that is popular is a risk.

use crate::market::{Market, NONE};

/// Why a link did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyBroken {
    /// One of the two had a place before the run.
    GivenBefore,
    /// The two lists differ.
    ListsDiffer,
    /// No host on the list had two places at their turn.
    NoTwoPlaces,
    /// No stable matching keeps the two together, or none was found.
    NotStable,
}

impl WhyBroken {
    /// In the words of the allocation's own rules.
    pub fn words(self) -> &'static str {
        match self {
            Self::GivenBefore => "pre-allocation",
            Self::ListsDiffer => "preference lists differ",
            Self::NoTwoPlaces => "no school with two places",
            Self::NotStable => "no stable placement of the two together was found",
        }
    }
}

/// A link that did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// Who.
    pub link: [u32; 2],
    /// Why.
    pub why: WhyBroken,
}

/// Allocates in the order given (the least first). `links` are those still whole; the better placed member of each comes
/// first. What is returned are choices by applicant and the links broken on the way.
pub fn allocate(market: &Market, order: &[u32], links: &[[u32; 2]]) -> (Vec<u32>, Vec<Broken>) {
    let mut turns = Vec::new();
    let mut is_linked = vec![false; market.applicants()];
    for link in links {
        let mut pair = *link;
        pair.sort_by_key(|member| order[*member as usize]);
        turns.push((order[pair[1] as usize], Turn::Pair(pair)));
        pair.iter().for_each(|member| is_linked[*member as usize] = true);
    }
    for applicant in 0..market.applicants() as u32 {
        if !is_linked[applicant as usize] && market.given[applicant as usize] == NONE {
            turns.push((order[applicant as usize], Turn::One(applicant)));
        }
    }
    turns.sort_by_key(|(position, _)| *position);
    let mut pass = Pass { market, left: market.capacities(), held: market.given.clone() };
    let rest: Vec<Turn> = turns.into_iter().map(|(_, turn)| turn).filter(|turn| !pass.give(turn, true)).collect();
    let mut broken = Vec::new();
    for turn in rest {
        if pass.give(&turn, false) {
            continue;
        }
        if let Turn::Pair(pair) = turn {
            let mut link = pair;
            link.sort_unstable();
            broken.push(Broken { link, why: WhyBroken::NoTwoPlaces });
            for member in pair {
                pass.give(&Turn::One(member), false);
            }
        }
    }
    (pass.held, broken)
}

enum Turn {
    One(u32),
    /// The better placed of the two first.
    Pair([u32; 2]),
}

struct Pass<'m> {
    market: &'m Market,
    left: Vec<u32>,
    held: Vec<u32>,
}

impl Pass<'_> {
    /// Gives the best that is left, or only the first choice; whether there was one.
    fn give(&mut self, turn: &Turn, only_first: bool) -> bool {
        match turn {
            Turn::One(applicant) => {
                let first = self.first_place(*applicant);
                let choice = self.market.range(*applicant).find(|choice| {
                    self.has_room(*choice) && (!only_first || Some(self.market.choice(*choice).place) == first)
                });
                choice.is_some_and(|choice| self.take(choice))
            }
            Turn::Pair([one, other]) => {
                let first = self.first_place(*one);
                let both = self.market.range(*one).filter(|choice| self.has_room(*choice)).find_map(|choice| {
                    let line = self.market.choice(choice);
                    if only_first && Some(line.place) != first {
                        return None;
                    }
                    let partner = self.market.range(*other).find(|partner| {
                        let theirs = self.market.choice(*partner);
                        let needed = if theirs.part == line.part { 2 } else { 1 };
                        theirs.place == line.place
                            && self.has_room(*partner)
                            && self.left[theirs.part as usize] >= needed
                    });
                    Some([choice, partner?])
                });
                both.is_some_and(|both| both.into_iter().all(|choice| self.take(choice)))
            }
        }
    }

    fn first_place(&self, applicant: u32) -> Option<u32> {
        self.market.of(applicant).iter().find(|line| line.bar == crate::market::Bar::Open).map(|line| line.place)
    }

    fn has_room(&self, choice: u32) -> bool {
        self.market.is_open(choice) && self.left[self.market.choice(choice).part as usize] > 0
    }

    fn take(&mut self, choice: u32) -> bool {
        let line = self.market.choice(choice);
        self.left[line.part as usize] -= 1;
        self.held[line.owner as usize] = choice;
        true
    }
}
