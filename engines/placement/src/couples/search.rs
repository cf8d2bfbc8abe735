//! A search for one stable matching with couples where trying all is too much; it must never give one that it has not checked.
//!
//! After Roth and Peranson (1999): start from the singles' deferred acceptance, let couples in one by one, give each
//! applicant or couple the first choice that would take them, and call back whoever that puts out or whoever a freed
//! place would now suit. It can go round in circles; after so many steps it is begun anew in another order.

use std::collections::VecDeque;

use super::{Occupants, first_block, first_taken, standing};
use crate::deferred::applicants_propose_among;
use crate::market::{Market, NONE};
use crate::random::Random;

/// How many orders are tried.
const ATTEMPTS: u64 = 24;
/// Steps of one attempt, for each applicant.
const STEPS_EACH: usize = 60;
/// Choices looked at in one attempt.
const MOST_WORK: usize = 20_000_000;

pub(super) fn find(market: &Market) -> Option<Vec<u32>> {
    let party_of = parties(market);
    (0..ATTEMPTS).find_map(|attempt| {
        let held = Attempt::new(market, &party_of).run(attempt)?;
        first_block(market, &held).is_none().then_some(held)
    })
}

/// Who decides together: a single is named by its applicant, a couple by its position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Party {
    Single(u32),
    Couple(u32),
    /// Placed before the run.
    Nobody,
}

fn parties(market: &Market) -> Vec<Party> {
    let mut party_of: Vec<Party> = (0..market.applicants() as u32).map(Party::Single).collect();
    for (applicant, given) in market.given.iter().enumerate() {
        if *given != NONE {
            party_of[applicant] = Party::Nobody;
        }
    }
    for (position, couple) in (0_u32..).zip(&market.couples) {
        for member in couple.members {
            party_of[member as usize] = Party::Couple(position);
        }
    }
    party_of
}

struct Attempt<'m> {
    market: &'m Market,
    party_of: &'m [Party],
    held: Vec<u32>,
    occupants: Occupants<'m>,
    /// For each part, the choices at it, so that a freed place finds those it would suit.
    wanting: Vec<Vec<u32>>,
    waiting: VecDeque<Party>,
    /// By applicant, then by couple.
    is_waiting: Vec<bool>,
    work: usize,
}

impl<'m> Attempt<'m> {
    fn new(market: &'m Market, party_of: &'m [Party]) -> Self {
        let mut held = market.given.clone();
        applicants_propose_among(market, &market.capacities(), &market.singles(), &mut held);
        let occupants = Occupants::of(market, &held);
        let mut wanting = vec![Vec::new(); market.parts.len()];
        for (choice, line) in (0_u32..).zip(&market.choices) {
            if market.is_open(choice) {
                wanting[line.part as usize].push(choice);
            }
        }
        let is_waiting = vec![false; market.applicants() + market.couples.len()];
        Self { market, party_of, held, occupants, wanting, waiting: VecDeque::new(), is_waiting, work: 0 }
    }

    fn run(mut self, attempt: u64) -> Option<Vec<u32>> {
        let mut order: Vec<u32> = (0..self.market.couples.len() as u32).collect();
        if attempt > 0 {
            Random(attempt).shuffle(&mut order);
        }
        let most = (self.market.applicants() + 10) * STEPS_EACH;
        let mut steps = 0;
        for couple in order {
            self.call(Party::Couple(couple));
            // Calling back the last or the first of those who wait goes round in different circles.
            while let Some(party) =
                if attempt.is_multiple_of(2) { self.waiting.pop_back() } else { self.waiting.pop_front() }
            {
                if let Some(is_waiting) = self.place_of(party).and_then(|place| self.is_waiting.get_mut(place)) {
                    *is_waiting = false;
                }
                steps += 1;
                if steps > most || self.work > MOST_WORK {
                    return None;
                }
                self.settle(party);
            }
        }
        Some(self.held)
    }

    /// Gives a party the first choice that would take it and is better than what it holds.
    fn settle(&mut self, party: Party) {
        match party {
            Party::Single(single) => {
                let now = self.held[single as usize];
                let mut wanted = self.market.range(single).take_while(|choice| *choice != now);
                if let Some(choice) = wanted.find(|choice| self.occupants.would_choose(&[], &[*choice])) {
                    self.move_to(&[single], &[choice]);
                }
            }
            Party::Couple(couple) => {
                let couple = &self.market.couples[couple as usize];
                let until = standing(couple, &self.held);
                if let Some(option) = first_taken(&self.occupants, couple, &self.held, until) {
                    self.move_to(&couple.members, &couple.options[option]);
                }
            }
            Party::Nobody => {}
        }
    }

    fn move_to(&mut self, who: &[u32], choices: &[u32]) {
        let mut freed = Vec::new();
        for applicant in who {
            self.free(*applicant, &mut freed);
        }
        for (applicant, choice) in who.iter().zip(choices) {
            self.held[*applicant as usize] = *choice;
            self.occupants.take(*choice);
        }
        for choice in choices.iter().filter(|choice| **choice != NONE) {
            let part = self.market.choice(*choice).part;
            while self.occupants.ranks[part as usize].len() > self.market.parts[part as usize].capacity as usize {
                let Some(worst) = self.occupants.ranks[part as usize].last().copied() else { break };
                let sits = |choice: &&u32| {
                    let line = self.market.choice(**choice);
                    line.rank == worst && self.held[line.owner as usize] == **choice
                };
                self.work += self.wanting[part as usize].len();
                let Some(put_out) = self.wanting[part as usize].iter().find(sits).copied() else { break };
                self.put_out(self.market.choice(put_out).owner, &mut freed);
            }
        }
        for part in freed {
            self.call_back(part);
        }
    }

    /// Whoever loses a place asks again; a partner goes along.
    fn put_out(&mut self, applicant: u32, freed: &mut Vec<u32>) {
        let party = self.party_of[applicant as usize];
        if let Party::Couple(couple) = party {
            for member in self.market.couples[couple as usize].members {
                self.free(member, freed);
            }
        } else {
            self.free(applicant, freed);
        }
        self.call(party);
    }

    fn free(&mut self, applicant: u32, freed: &mut Vec<u32>) {
        let now = std::mem::replace(&mut self.held[applicant as usize], NONE);
        if now != NONE {
            self.occupants.leave(now);
            freed.push(self.market.choice(now).part);
        }
    }

    fn place_of(&self, party: Party) -> Option<usize> {
        match party {
            Party::Single(single) => Some(single as usize),
            Party::Couple(couple) => Some(self.market.applicants() + couple as usize),
            Party::Nobody => None,
        }
    }

    fn call(&mut self, party: Party) {
        if let Some(is_waiting) = self.place_of(party).and_then(|place| self.is_waiting.get_mut(place))
            && !std::mem::replace(is_waiting, true)
        {
            self.waiting.push_back(party);
        }
    }

    fn call_back(&mut self, part: u32) {
        let wanting = std::mem::take(&mut self.wanting[part as usize]);
        self.work += wanting.len();
        for choice in &wanting {
            let owner = self.market.choice(*choice).owner;
            let is_wanted = match self.party_of[owner as usize] {
                Party::Single(_) => *choice < self.held[owner as usize],
                Party::Couple(_) => true,
                Party::Nobody => false,
            };
            if is_wanted {
                self.call(self.party_of[owner as usize]);
            }
        }
        self.wanting[part as usize] = wanting;
    }
}
