//! Effects of cohorts and times put together, with errors that know units are met again and again; it must never weigh a cohort twice.

use alloc::vec;
use alloc::vec::Vec;

use super::{Cell, GroupTime};
use crate::chance::Seeded;
use crate::interval::Interval;

/// Several effects, each weighing as many units as its cohort has.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    pub effect: f64,
    /// From the influence of every unit, its cohort's weight taken as one that chance might have made otherwise. None with
    /// fewer than two units on a side.
    pub error: Option<f64>,
    /// One less than the units of the smaller side.
    pub freedom: usize,
    /// How many effects it puts together.
    pub cells: usize,
    /// How many treated units, and how many others, moved it.
    pub treated: usize,
    pub comparators: usize,
    influence: Vec<f64>,
}

impl Aggregate {
    /// The interval for this one effect.
    pub fn interval(&self, confidence: f64) -> Option<Interval> {
        Interval::student(self.effect, self.error?, self.freedom, confidence)
    }
}

impl GroupTime {
    /// All effects from the start on.
    pub fn overall(&self) -> Option<Aggregate> {
        self.together(|cell| cell.event >= 0)
    }

    /// By the number of periods since the start, those before it too: the check that treated and comparators moved alike.
    pub fn by_event(&self) -> Vec<(i64, Aggregate)> {
        self.each(|cell| cell.event, |_| true)
    }

    /// By when the cohort started, from then on.
    pub fn by_start(&self) -> Vec<(f64, Aggregate)> {
        self.each(|cell| cell.start, |cell| cell.event >= 0)
    }

    /// By when the outcome was seen, from each start on.
    pub fn by_time(&self) -> Vec<(f64, Aggregate)> {
        self.each(|cell| cell.time, |cell| cell.event >= 0)
    }

    /// How many errors wide an interval must be on each side so that all of several hold together with this confidence:
    /// the multiplier bootstrap over units, Rademacher's signs drawn by the seed. None without errors.
    pub fn width_together(aggregates: &[&Aggregate], confidence: f64, draws: usize, seed: u64) -> Option<f64> {
        let scaled: Option<Vec<Vec<f64>>> = aggregates
            .iter()
            .map(|aggregate| {
                let error = aggregate.error.filter(|error| *error > 0.0)?;
                let raw = libm::sqrt(aggregate.influence.iter().map(|share| share * share).sum());
                // The bootstrap's spread is that of the influence without the factor for few units: the error has it.
                (raw > 0.0 && error.is_finite()).then(|| aggregate.influence.iter().map(|share| share / raw).collect())
            })
            .collect();
        let scaled = scaled.filter(|scaled| !scaled.is_empty() && draws > 0)?;
        let units = scaled.first().map_or(0, Vec::len);
        let mut seeded = Seeded::new(seed);
        let mut furthest: Vec<f64> = (0..draws)
            .map(|_| {
                let signs: Vec<f64> = (0..units).map(|_| seeded.sign()).collect();
                let far = |influence: &Vec<f64>| influence.iter().zip(&signs).map(|(a, b)| a * b).sum::<f64>().abs();
                scaled.iter().map(far).fold(0.0, f64::max)
            })
            .collect();
        furthest.sort_by(f64::total_cmp);
        let at = libm::ceil(confidence * draws as f64) as usize;
        furthest.get(at.saturating_sub(1).min(draws - 1)).copied()
    }

    fn each<K: PartialEq + PartialOrd + Copy>(
        &self,
        key: impl Fn(&Cell) -> K,
        counts: impl Fn(&Cell) -> bool,
    ) -> Vec<(K, Aggregate)> {
        let mut keys: Vec<K> = self.cells.iter().filter(|cell| counts(cell)).map(&key).collect();
        keys.sort_by(|a, b| a.partial_cmp(b).unwrap_or(core::cmp::Ordering::Equal));
        keys.dedup();
        keys.into_iter().filter_map(|k| Some((k, self.together(|cell| counts(cell) && key(cell) == k)?))).collect()
    }

    /// The weighted mean of some effects, and the influence of every unit on it.
    fn together(&self, counts: impl Fn(&Cell) -> bool) -> Option<Aggregate> {
        let cells: Vec<&Cell> = self.cells.iter().filter(|cell| counts(cell)).collect();
        let weight = |cell: &Cell| self.cohorts[cell.cohort].members.len() as f64;
        let weights: f64 = cells.iter().map(|cell| weight(cell)).sum();
        if cells.is_empty() {
            return None;
        }
        let effect = cells.iter().map(|cell| weight(cell) * cell.effect).sum::<f64>() / weights;
        let mut influence = vec![0.0; self.treated.len()];
        let mut moved = vec![false; self.treated.len()];
        for cell in &cells {
            for &(unit, share) in &cell.influence {
                influence[unit] += weight(cell) / weights * share;
                moved[unit] = true;
            }
            // That a unit belongs to this cohort, and not to another, moves the weights.
            for &unit in &self.cohorts[cell.cohort].members {
                influence[unit] += (cell.effect - effect) / weights;
            }
        }
        let side = |treated: bool| {
            let of_side = || (0..influence.len()).filter(move |&unit| self.treated[unit] == treated);
            let n = of_side().filter(|&unit| moved[unit]).count();
            let squares: f64 = of_side().map(|unit| influence[unit] * influence[unit]).sum();
            (n, squares)
        };
        let ((treated, one), (comparators, other)) = (side(true), side(false));
        let factor = |n: usize| n as f64 / (n as f64 - 1.0);
        // Where units not yet treated are the only comparators, all are on one side.
        let variance = match (treated, comparators) {
            (0..=1, _) | (_, 1) | (2, 0) => None,
            (n, 0) => Some(one * factor(n)),
            (n, m) => Some(one * factor(n) + other * factor(m)),
        };
        let smaller = if comparators == 0 { treated } else { treated.min(comparators) };
        Some(Aggregate {
            effect,
            error: variance.map(libm::sqrt).filter(|error| error.is_finite()),
            freedom: smaller.saturating_sub(1),
            cells: cells.len(),
            treated,
            comparators,
            influence,
        })
    }
}
