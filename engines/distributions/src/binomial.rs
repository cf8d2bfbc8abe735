//! The binomial distribution; it must never answer for a chance outside 0 to 1.

use crate::deviance::beta_weight;
use crate::solving::first_count;
use crate::{beta, is_chance, normal};

/// The chance of exactly so many successes in so many trials, each with the same chance.
pub fn mass(successes: u64, trials: u64, chance: f64) -> f64 {
    if !is_chance(chance) {
        return f64::NAN;
    }
    if successes > trials {
        return 0.0;
    }
    let (hits, misses, other) = (successes as f64, (trials - successes) as f64, 1.0 - chance);
    if successes == 0 {
        return libm::exp(misses * libm::log1p(-chance));
    }
    if successes == trials {
        return libm::exp(hits * libm::log(chance));
    }
    if chance == 0.0 || chance == 1.0 {
        return 0.0;
    }
    // The weight of the beta function is ab/(a+b) times the binomial's.
    beta_weight(hits, misses, chance, other) / misses * (trials as f64 / hits)
}

/// The chance of this many successes or fewer.
pub fn cdf(successes: u64, trials: u64, chance: f64) -> f64 {
    tails(successes, trials, chance).0
}

/// The chance of more successes than this.
pub fn survival(successes: u64, trials: u64, chance: f64) -> f64 {
    tails(successes, trials, chance).1
}

/// The smallest number of successes whose [`cdf`] is at least p; none for what is no chance.
///
/// A p that lies above a step of the distribution by rounding alone counts as that step.
pub fn quantile(p: f64, trials: u64, chance: f64) -> Option<u64> {
    if !is_chance(p) || !is_chance(chance) {
        return None;
    }
    let mean = trials as f64 * chance;
    let guess = mean + normal::quantile(p) * libm::sqrt(mean * (1.0 - chance));
    Some(first_count(p, guess, trials, |successes| tails(successes, trials, chance)))
}

/// P(X ≤ k) = I_{1−p}(n − k, k + 1), DLMF 8.17.5, and its complement.
fn tails(successes: u64, trials: u64, chance: f64) -> (f64, f64) {
    if !is_chance(chance) {
        return (f64::NAN, f64::NAN);
    }
    if successes >= trials {
        return (1.0, 0.0);
    }
    let (above, below) = beta::both(successes as f64 + 1.0, (trials - successes) as f64, chance, 1.0 - chance);
    (below, above)
}
