//! Deferred acceptance, from either side, and the stable matchings between; it must never look at where an applicant would rather go than asked.
//!
//! Gale and Shapley (1962). With applicants proposing, telling the truth is every applicant's best strategy
//! (Roth 1982); nobody can be better off in another stable matching.

use std::collections::BinaryHeap;

use crate::market::{Holding, Market, NONE};

/// Applicants propose: every one of them has the best place any stable matching gives them.
pub fn applicants_propose(market: &Market) -> Vec<u32> {
    let mut held = market.given.clone();
    applicants_propose_among(market, &market.capacities(), &market.singles(), &mut held);
    held
}

pub(crate) fn applicants_propose_among(market: &Market, capacity: &[u32], who: &[u32], held: &mut [u32]) {
    let mut next: Vec<u32> = market.from.clone();
    let mut taken: Vec<BinaryHeap<(u32, u32)>> = vec![BinaryHeap::new(); market.parts.len()];
    for applicant in who {
        let mut proposing = *applicant;
        'proposals: loop {
            let end = market.from[proposing as usize + 1];
            while next[proposing as usize] < end {
                let choice = next[proposing as usize];
                next[proposing as usize] += 1;
                let line = market.choice(choice);
                let room = capacity[line.part as usize] as usize;
                if !market.is_open(choice) || room == 0 {
                    continue;
                }
                let holders = &mut taken[line.part as usize];
                if holders.len() < room {
                    holders.push((line.rank, choice));
                    break 'proposals;
                }
                if holders.peek().is_some_and(|worst| line.rank < worst.0) {
                    let put_out = holders.pop();
                    holders.push((line.rank, choice));
                    if let Some((_, put_out)) = put_out {
                        proposing = market.choice(put_out).owner;
                    }
                    continue 'proposals;
                }
            }
            break;
        }
    }
    for (_, choice) in taken.into_iter().flatten() {
        held[market.choice(choice).owner as usize] = choice;
    }
}

/// Hosts propose: every host has the best set any stable matching gives it, every applicant the worst place.
pub fn hosts_propose(market: &Market) -> Vec<u32> {
    let mut held = market.given.clone();
    hosts_propose_among(market, &market.capacities(), &market.singles(), &mut held);
    held
}

fn hosts_propose_among(market: &Market, capacity: &[u32], who: &[u32], held: &mut [u32]) {
    let by_part = market.by_part(who);
    let mut next = vec![0_usize; market.parts.len()];
    let mut filled = vec![0_u32; market.parts.len()];
    let mut free: Vec<u32> = (0..market.parts.len() as u32).collect();
    while let Some(part) = free.pop() {
        let order = by_part.at(part);
        while filled[part as usize] < capacity[part as usize] && next[part as usize] < order.len() {
            let choice = order[next[part as usize]];
            next[part as usize] += 1;
            // An applicant's choices stand best first, so the lesser position is the better one.
            let holding = &mut held[market.choice(choice).owner as usize];
            if choice < *holding {
                if *holding != NONE {
                    let left = market.choice(*holding).part;
                    filled[left as usize] -= 1;
                    free.push(left);
                }
                *holding = choice;
                filled[part as usize] += 1;
            }
        }
    }
}

/// Pairs that would both rather have each other: the applicant's choice, best first, applicant by applicant.
pub fn blocking_choices(market: &Market, held: &[u32]) -> Vec<u32> {
    let holdings = market.holdings(held);
    let mut blocking = Vec::new();
    for applicant in 0..market.applicants() as u32 {
        if market.given[applicant as usize] != NONE {
            continue;
        }
        for choice in market.range(applicant) {
            if choice == held[applicant as usize] {
                break;
            }
            if market.is_open(choice) && would_take(market, &holdings, choice) {
                blocking.push(choice);
            }
        }
    }
    blocking
}

/// Whether the part of a choice has room, or somebody ranked below its owner.
pub(crate) fn would_take(market: &Market, holdings: &[Holding], choice: u32) -> bool {
    let line = market.choice(choice);
    let (part, holding) = (market.parts[line.part as usize], holdings[line.part as usize]);
    part.capacity > 0 && (holding.filled < part.capacity || line.rank < holding.worst)
}

/// Every stable matching of these applicants, unless trying them takes more than `budget` steps.
///
/// The search stays between the two optima: no stable matching gives anybody a better place than one, or a worse place
/// than the other, and those without a place are the same in all (Rural Hospitals; Roth 1986).
pub(crate) fn all_stable(
    market: &Market,
    capacity: &[u32],
    who: &[u32],
    given: &[u32],
    budget: &mut u64,
) -> Option<Vec<Vec<u32>>> {
    let mut best = given.to_vec();
    applicants_propose_among(market, capacity, who, &mut best);
    let mut worst = given.to_vec();
    hosts_propose_among(market, capacity, who, &mut worst);
    let placed: Vec<u32> = who.iter().copied().filter(|applicant| best[*applicant as usize] != NONE).collect();
    let mut search = Search { market, capacity, who, placed, best, worst, left: capacity.to_vec(), found: Vec::new() };
    let mut held = given.to_vec();
    search.place(0, &mut held, budget).then_some(search.found)
}

struct Search<'m> {
    market: &'m Market,
    capacity: &'m [u32],
    who: &'m [u32],
    placed: Vec<u32>,
    best: Vec<u32>,
    worst: Vec<u32>,
    left: Vec<u32>,
    found: Vec<Vec<u32>>,
}

impl Search<'_> {
    /// Whether the budget sufficed.
    fn place(&mut self, position: usize, held: &mut Vec<u32>, budget: &mut u64) -> bool {
        let Some(applicant) = self.placed.get(position).copied() else {
            let cost = self.market.choices.len() as u64 + 1;
            if *budget < cost {
                return false;
            }
            *budget -= cost;
            if self.is_stable(held) {
                self.found.push(held.clone());
            }
            return true;
        };
        for choice in self.best[applicant as usize]..=self.worst[applicant as usize] {
            if *budget == 0 {
                return false;
            }
            *budget -= 1;
            let part = self.market.choice(choice).part as usize;
            if !self.market.is_open(choice) || self.left[part] == 0 {
                continue;
            }
            self.left[part] -= 1;
            held[applicant as usize] = choice;
            let had_budget = self.place(position + 1, held, budget);
            held[applicant as usize] = NONE;
            self.left[part] += 1;
            if !had_budget {
                return false;
            }
        }
        true
    }

    fn is_stable(&self, held: &[u32]) -> bool {
        let mut worst = vec![0_u32; self.capacity.len()];
        let mut filled = vec![0_u32; self.capacity.len()];
        for applicant in self.who {
            let choice = held[*applicant as usize];
            if choice != NONE {
                let line = self.market.choice(choice);
                filled[line.part as usize] += 1;
                worst[line.part as usize] = worst[line.part as usize].max(line.rank);
            }
        }
        self.who.iter().all(|applicant| {
            let wanted = self.market.range(*applicant).take_while(|choice| *choice != held[*applicant as usize]);
            wanted.filter(|choice| self.market.is_open(*choice)).all(|choice| {
                let line = self.market.choice(choice);
                let part = line.part as usize;
                self.capacity[part] == 0 || (filled[part] == self.capacity[part] && worst[part] < line.rank)
            })
        })
    }
}

/// Trying every combination of choices is done up to this many, as the known answers do.
const MOST_COMBINATIONS: u64 = 400_000;

/// How many stable matchings there are; not counted where combinations of choices are more than 400,000.
pub fn count_stable(market: &Market) -> Option<usize> {
    let singles = market.singles();
    let combinations = singles.iter().try_fold(1_u64, |product, applicant| {
        let open = market.range(*applicant).filter(|choice| market.is_open(*choice)).count() as u64;
        product.checked_mul(open + 1).filter(|product| *product <= MOST_COMBINATIONS)
    });
    combinations?;
    let mut budget = u64::MAX;
    all_stable(market, &market.capacities(), &singles, &market.given, &mut budget).map(|found| found.len())
}
