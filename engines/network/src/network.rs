//! Ties between partners and the figures of their network; a pair about which nothing is known is counted as unknown.

use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;

/// Partners and the ties between them, without direction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Network {
    partners: usize,
    /// Row after row and the same on both sides; the diagonal is never asked.
    ties: Vec<Option<bool>>,
}

/// Ties among the pairs that are known, and what it could be were all known.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Density {
    /// Of the known pairs.
    pub known: f64,
    /// Were no unknown pair tied.
    pub least: f64,
    /// Were every unknown pair tied.
    pub most: f64,
}

impl Network {
    /// Partners of whom nothing is known yet.
    pub fn unknown(partners: usize) -> Self {
        Self { partners, ties: vec![None; partners.saturating_mul(partners)] }
    }

    /// Everything known: these ties and no others. Ties of a partner with itself, or with one who is not there, are left out.
    pub fn of_ties(partners: usize, ties: &[(usize, usize)]) -> Self {
        let mut network = Self { partners, ties: vec![Some(false); partners.saturating_mul(partners)] };
        for (one, other) in ties {
            network.know(*one, *other, true);
        }
        network
    }

    /// Notes whether two partners are tied.
    pub fn know(&mut self, one: usize, other: usize, is_tied: bool) {
        if one == other || one >= self.partners || other >= self.partners {
            return;
        }
        for place in [one * self.partners + other, other * self.partners + one] {
            if let Some(tie) = self.ties.get_mut(place) {
                *tie = Some(is_tied);
            }
        }
    }

    pub fn partners(&self) -> usize {
        self.partners
    }

    /// Whether two are tied; nothing where it is unknown, or where they are one.
    pub fn tie(&self, one: usize, other: usize) -> Option<bool> {
        if one == other || one >= self.partners || other >= self.partners {
            return None;
        }
        self.ties.get(one * self.partners + other).copied().flatten()
    }

    /// The known ties, each once, the lower number first, in order.
    pub fn ties(&self) -> Vec<(usize, usize)> {
        self.pairs().filter(|(one, other)| self.tie(*one, *other) == Some(true)).collect()
    }

    /// Pairs of which nothing is known.
    pub fn unknown_pairs(&self) -> usize {
        self.pairs().filter(|(one, other)| self.tie(*one, *other).is_none()).count()
    }

    /// 2m / (n (n - 1)). Nothing while fewer than two partners, or no pair is known.
    pub fn density(&self) -> Option<Density> {
        let pairs = self.pairs().count();
        let unknown = self.unknown_pairs();
        let known = pairs.checked_sub(unknown).filter(|known| *known > 0)?;
        let ties = self.ties().len();
        Some(Density {
            known: share(ties, known),
            least: share(ties, pairs),
            most: share(ties.saturating_add(unknown), pairs),
        })
    }

    /// How many ties a partner is known to have.
    pub fn degree(&self, partner: usize) -> usize {
        (0..self.partners).filter(|other| self.tie(partner, *other) == Some(true)).count()
    }

    /// Freeman's degree centralisation: how far the best tied partner stands out, 1 for a star and 0 where all are alike.
    /// Nothing below three partners.
    pub fn centralisation(&self) -> Option<f64> {
        if self.partners < 3 {
            return None;
        }
        let degrees: Vec<usize> = (0..self.partners).map(|partner| self.degree(partner)).collect();
        let most = degrees.iter().copied().max()?;
        let below: usize = degrees.iter().map(|degree| most - degree).sum();
        Some(share(below, (self.partners - 1) * (self.partners - 2)))
    }

    /// How much of what passes between others passes each partner on the shortest way: 0 to 1, by partner. Brandes (2001),
    /// divided by (n - 1)(n - 2) / 2. All 0 below three partners.
    pub fn betweenness(&self) -> Vec<f64> {
        let mut passing = vec![0.0; self.partners];
        for source in 0..self.partners {
            self.pass_from(source, &mut passing);
        }
        let others = self.partners.saturating_sub(1).saturating_mul(self.partners.saturating_sub(2));
        if others == 0 {
            return passing;
        }
        // Each pair was walked from both ends, so the half of the divisor and the double of the count meet.
        passing.iter().map(|passing| passing / whole(others)).collect()
    }

    /// One source's part of Brandes: breadth first, then back with what depends on each.
    fn pass_from(&self, source: usize, passing: &mut [f64]) {
        let n = self.partners;
        let mut order: Vec<usize> = Vec::with_capacity(n);
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); n];
        let mut ways = vec![0.0_f64; n];
        let mut distance: Vec<Option<usize>> = vec![None; n];
        let mut queue = VecDeque::from([source]);
        set(&mut ways, source, 1.0);
        set(&mut distance, source, Some(0));
        while let Some(at) = queue.pop_front() {
            order.push(at);
            let here = get(&distance, at).flatten().unwrap_or(0);
            for next in (0..n).filter(|next| self.tie(at, *next) == Some(true)) {
                if get(&distance, next).flatten().is_none() {
                    set(&mut distance, next, Some(here + 1));
                    queue.push_back(next);
                }
                if get(&distance, next).flatten() == Some(here + 1) {
                    let ways_on = get(&ways, next).unwrap_or(0.0) + get(&ways, at).unwrap_or(0.0);
                    set(&mut ways, next, ways_on);
                    if let Some(before) = before.get_mut(next) {
                        before.push(at);
                    }
                }
            }
        }
        let mut depends = vec![0.0_f64; n];
        for at in order.into_iter().rev() {
            let on_it = get(&depends, at).unwrap_or(0.0);
            let ways_here = get(&ways, at).unwrap_or(1.0);
            for earlier in before.get(at).into_iter().flatten() {
                let part = get(&ways, *earlier).unwrap_or(0.0) / ways_here * (1.0 + on_it);
                let sum = get(&depends, *earlier).unwrap_or(0.0) + part;
                set(&mut depends, *earlier, sum);
            }
            if at != source {
                let sum = get(passing, at).unwrap_or(0.0) + on_it;
                set(passing, at, sum);
            }
        }
    }

    /// Of the pairs who share a partner, the part who are tied themselves. Nothing where no two share one.
    pub fn transitivity(&self) -> Option<f64> {
        let mut open = 0;
        let mut closed = 0;
        for middle in 0..self.partners {
            for (one, other) in self.pairs() {
                if self.tie(middle, one) == Some(true) && self.tie(middle, other) == Some(true) {
                    open += 1;
                    closed += usize::from(self.tie(one, other) == Some(true));
                }
            }
        }
        (open > 0).then(|| share(closed, open))
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let n = self.partners;
        (0..n).flat_map(move |one| (one + 1..n).map(move |other| (one, other)))
    }
}

fn get<T: Copy>(list: &[T], place: usize) -> Option<T> {
    list.get(place).copied()
}

fn set<T>(list: &mut [T], place: usize, value: T) {
    if let Some(here) = list.get_mut(place) {
        *here = value;
    }
}

fn share(part: usize, of: usize) -> f64 {
    whole(part) / whole(of)
}

/// Exact below 2^32, and a partnership is smaller.
fn whole(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
