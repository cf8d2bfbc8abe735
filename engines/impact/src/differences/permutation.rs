//! The difference in differences against every other way treatment might have fallen; it must never claim what so few ways cannot show.
//!
//! Fisher's randomisation test on each unit's change, and the interval of all constant effects it does not reject
//! (Rosenbaum, *Observational Studies*, 2nd edition, 2.4-2.6). It stands on units being alike but for treatment, not on
//! there being many of them.

use alloc::vec::Vec;

use super::NoEstimate;
use crate::chance::subsets;
use crate::interval::Interval;
use crate::panel::{Panel, Unit};

/// The test of one difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Permutation {
    /// The mean change of treated units minus that of comparators, every unit counting once.
    pub effect: f64,
    /// The share of ways that show a difference at least as large.
    pub p: f64,
    /// How many ways were looked at, the real one among them.
    pub ways: usize,
    /// Whether these are all there are.
    pub all: bool,
    /// The effects not rejected; none where so few ways reject nothing at this confidence.
    pub interval: Option<Interval>,
    pub treated: usize,
    pub comparators: usize,
}

/// Tests the difference over the ways to treat as many units, all or `most` of them drawn by the seed.
///
/// Units without an outcome on both sides of the start are left out.
///
/// # Errors
/// No treated unit or no comparator with a change; treated units that start at different times have none that compare.
pub fn permutation(panel: &Panel, confidence: f64, most: usize, seed: u64) -> Result<Permutation, NoEstimate> {
    let start = panel.first_start().ok_or(NoEstimate::NoAfter)?;
    if panel.is_staggered() {
        return Err(NoEstimate::Staggered);
    }
    let change = |unit: &Unit| Some((unit.treated, change(unit, start)?));
    let mut changes: Vec<(bool, f64)> = panel.units().iter().filter_map(change).collect();
    // Treated first: then the real way is the first so many.
    changes.sort_by_key(|(treated, _)| !treated);
    let treated = changes.iter().filter(|(treated, _)| *treated).count();
    let comparators = changes.len() - treated;
    if treated == 0 {
        return Err(NoEstimate::NoTreated);
    }
    if comparators == 0 {
        return Err(NoEstimate::NoComparators);
    }
    let values: Vec<f64> = changes.iter().map(|(_, change)| *change).collect();
    let effect = difference(&values, &(0..treated).collect::<Vec<_>>());
    if !effect.is_finite() {
        return Err(NoEstimate::NotFinite);
    }

    let others = subsets(values.len(), treated, most, seed);
    let mut reach: Vec<[f64; 2]> = others
        .sets
        .iter()
        .map(|set| reach(effect, difference(&values, set), overlap(set, treated, comparators)))
        .collect();
    let differences = others.sets.iter().map(|set| difference(&values, set));
    let mut as_large = differences.filter(|other| other.abs() >= effect.abs() * (1.0 - 1e-12)).count();
    if !others.all {
        // The real way belongs to the ways, also where the draw missed it.
        reach.push([f64::INFINITY; 2]);
        as_large += 1;
    }
    let ways = reach.len();
    let allowed = ((1.0 - confidence) * ways as f64 * (1.0 + 1e-12)) as usize;
    let bound = |side: usize| {
        let mut distances: Vec<f64> = reach.iter().map(|reach| reach[side]).collect();
        distances.sort_by(|a, b| b.total_cmp(a));
        distances.get(allowed).copied().filter(|distance| distance.is_finite())
    };
    let interval = bound(0).zip(bound(1)).map(|(down, up)| Interval {
        estimate: effect,
        low: effect - down,
        high: effect + up,
        confidence,
    });
    Ok(Permutation { effect, p: as_large as f64 / ways as f64, ways, all: others.all, interval, treated, comparators })
}

/// A unit's mean from the start on minus its mean before.
fn change(unit: &Unit, start: usize) -> Option<f64> {
    let split = unit.outcomes.partition_point(|(period, _)| *period < start);
    let (before, after) = unit.outcomes.split_at(split);
    let mean = |side: &[(usize, f64)]| side.iter().map(|(_, y)| y).sum::<f64>() / side.len() as f64;
    (!before.is_empty() && !after.is_empty()).then(|| mean(after) - mean(before))
}

/// The mean of a set minus the mean of the rest.
fn difference(values: &[f64], set: &[usize]) -> f64 {
    let inside: f64 = set.iter().map(|&member| values[member]).sum();
    let all: f64 = values.iter().sum();
    inside / set.len() as f64 - (all - inside) / (values.len() - set.len()) as f64
}

/// How much of an effect at the really treated a set's difference would show: 1 of the real set, less of any other.
fn overlap(set: &[usize], treated: usize, comparators: usize) -> f64 {
    let shared = set.partition_point(|&member| member < treated) as f64;
    shared / treated as f64 - (treated as f64 - shared) / comparators as f64
}

/// How far below and above the estimate an effect may lie, and this set still show a difference as large as the real one.
///
/// With an effect `c = effect ± x` taken away, the real difference is `x` in size and the set's `|d ∓ x b|`, for
/// `d = difference - effect · b`. Where `|b| < 1` they cross once; the real set, and its mirror image, never fall behind.
fn reach(effect: f64, difference: f64, b: f64) -> [f64; 2] {
    if b.abs() > 1.0 - 1e-12 {
        return [f64::INFINITY; 2];
    }
    let d = difference - effect * b;
    match d >= 0.0 {
        true => [d / (1.0 - b), d / (1.0 + b)],
        false => [-d / (1.0 + b), -d / (1.0 - b)],
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use proptest::prelude::*;

    use super::*;
    use crate::panel::Observation;

    fn panel(changes: &[f64], treated: usize) -> Panel {
        let names: Vec<String> = (0..changes.len()).map(|unit| format!("u{unit}")).collect();
        let rows: Vec<Observation<'_>> = changes
            .iter()
            .enumerate()
            .flat_map(|(at, &change)| {
                let row = |t: f64, y: f64| Observation {
                    unit: &names[at],
                    t,
                    y: Some(y),
                    treated: at < treated,
                    after: t > 1.0,
                };
                [row(1.0, 0.0), row(2.0, change)]
            })
            .collect();
        Panel::new(&rows).unwrap()
    }

    #[test]
    fn one_of_four_by_hand() {
        let found = permutation(&panel(&[9.0, 1.0, 2.0, 3.0], 1), 0.5, 100, 0).unwrap();
        assert_eq!(found.effect, 7.0);
        assert_eq!((found.p, found.ways, found.all), (0.25, 4, true));
        assert_eq!(
            permutation(&panel(&[9.0, 1.0, 2.0, 3.0], 1), 0.95, 100, 0).unwrap().interval,
            None,
            "4 ways reject nothing"
        );
    }

    #[test]
    fn the_interval_is_what_the_test_does_not_reject() {
        let changes = [5.0, 6.5, 7.2, 0.3, 1.1, -0.4, 2.0, 0.9, 1.6];
        let found = permutation(&panel(&changes, 3), 0.9, 1000, 0).unwrap();
        let interval = found.interval.unwrap();
        let p_of = |effect: f64| {
            let mut without = changes;
            without.iter_mut().take(3).for_each(|change| *change -= effect);
            permutation(&panel(&without, 3), 0.9, 1000, 0).unwrap().p
        };
        for (edge, inward) in [(interval.low, 1e-6), (interval.high, -1e-6)] {
            assert!(p_of(edge + inward) > 0.1, "{} at {edge}", p_of(edge + inward));
            assert!(p_of(edge - inward) <= 0.1, "{} at {edge}", p_of(edge - inward));
        }
    }

    proptest! {
        #[test]
        fn without_an_effect_p_is_spread_evenly(seed in 0_u64..1000) {
            // Over all ways one panel's units might have been treated, the test rejects in exactly its share of them.
            let mut chance = crate::chance::Seeded::new(seed);
            let changes: Vec<f64> = (0..7).map(|_| chance.below(1000) as f64).collect();
            let rejected = subsets(7, 2, 100, 0).sets.into_iter().filter(|set| {
                let mut order: Vec<f64> = set.iter().map(|&at| changes[at]).collect();
                order.extend((0..7).filter(|at| !set.contains(at)).map(|at| changes[at]));
                permutation(&panel(&order, 2), 0.9, 100, 0).unwrap().p <= 0.2
            });
            prop_assert!(rejected.count() as f64 <= 0.2 * 21.0);
        }

        #[test]
        fn no_input_panics(changes in proptest::collection::vec(any::<f64>().prop_filter("finite", |v| v.is_finite()), 1..7), treated in 0_usize..7) {
            let _ = permutation(&panel(&changes, treated), 0.95, 30, 1);
        }
    }
}
