//! The Poisson distribution; it must never answer for a mean below zero.

use crate::deviance::gamma_weight;
use crate::solving::first_count;
use crate::{gamma, is_chance, is_mean, normal};

/// The chance of exactly this many events where `mean` are expected.
pub fn mass(events: u64, mean: f64) -> f64 {
    if !is_mean(mean) {
        return f64::NAN;
    }
    match (events, mean == 0.0) {
        (0, _) => libm::exp(-mean),
        (_, true) => 0.0,
        _ => gamma_weight(events as f64, mean),
    }
}

/// The chance of this many events or fewer.
pub fn cdf(events: u64, mean: f64) -> f64 {
    if mean < 0.0 { f64::NAN } else { gamma::survival(events as f64 + 1.0, mean) }
}

/// The chance of more events than this.
pub fn survival(events: u64, mean: f64) -> f64 {
    if mean < 0.0 { f64::NAN } else { gamma::cdf(events as f64 + 1.0, mean) }
}

/// The smallest number of events whose [`cdf`] is at least p; none for a p that is no chance, at 1, or a mean that is no mean.
///
/// A p that lies above a step of the distribution by rounding alone counts as that step.
pub fn quantile(p: f64, mean: f64) -> Option<u64> {
    if !is_chance(p) || p == 1.0 || !is_mean(mean) {
        return None;
    }
    let guess = mean + normal::quantile(p) * libm::sqrt(mean);
    Some(first_count(p, guess, u64::MAX, |events| (cdf(events, mean), survival(events, mean))))
}
