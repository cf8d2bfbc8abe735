//! The logistic curve through cumulative counts; it must never be read as telling who leads and who follows.
//!
//! `L / (1 + e^-k(t - t0))`: Verhulst's curve, symmetric about `t0`, where half the ceiling is reached.

use alloc::vec::Vec;

use hiec_least_squares::{Square, solve};

use super::search::{Field, Shape, best, evenly};
use super::{Estimate, NoCurve, Spread};

const LEAST_K: f64 = 1e-3;
const GREATEST_K: f64 = 50.0;

/// A fitted logistic curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// How many sites ever will take it up.
    pub ceiling: Estimate,
    /// How fast, per period.
    pub k: Estimate,
    /// When half of the ceiling is reached.
    pub midpoint: Estimate,
    /// The sum of squared differences from the cumulative counts.
    pub rss: f64,
    /// How many counts it was fitted to.
    pub n: usize,
    /// Whether speed or midpoint stopped at the edge of what was looked for: the counts do not tell it.
    pub at_bound: bool,
    /// Of ceiling, speed and midpoint; none where the counts do not tell.
    pub covariance: Option<Square>,
}

impl Logistic {
    /// How many sites have taken it up by time t.
    pub fn by(&self, t: f64) -> f64 {
        self.ceiling.value / (1.0 + libm::exp(-self.k.value * (t - self.midpoint.value)))
    }
}

/// The share of the ceiling by each time, over the logarithm of speed, and the midpoint.
struct Shares {
    times: Vec<f64>,
}

impl Shape for Shares {
    fn at(&self, [ln_k, midpoint]: [f64; 2]) -> Vec<[f64; 3]> {
        let k = libm::exp(ln_k);
        let one = |&t: &f64| {
            let share = 1.0 / (1.0 + libm::exp(-k * (t - midpoint)));
            let steep = share * (1.0 - share);
            [share, steep * k * (t - midpoint), -steep * k]
        };
        self.times.iter().map(one).collect()
    }
}

/// The logistic curve through the cumulative counts.
///
/// # Errors
/// Fewer than three periods with a count, or no adopter.
pub fn logistic(spread: &Spread) -> Result<Logistic, NoCurve> {
    let (times, counts): (Vec<f64>, Vec<f64>) = spread.cumulative_by_period().into_iter().unzip();
    let (Some(&first), Some(&last), 3..) = (times.first(), times.last(), counts.len()) else {
        return Err(NoCurve::FewPeriods { found: counts.len(), needed: 3 });
    };
    if counts.iter().all(|&count| count == 0.0) {
        return Err(NoCurve::NoAdopters);
    }
    let span = last - first;
    // Dense where the counts are, and further apart on the way out.
    let mut midpoints = evenly(first - 3.0 * span, first - span / 10.0, 12);
    midpoints.extend(evenly(first, last, 64));
    midpoints.extend(evenly(last + span / 10.0, last + 10.0 * span, 32));
    let [slowest, fastest] = [LEAST_K, GREATEST_K].map(libm::log);
    let field = Field {
        lower: [slowest, first - 3.0 * span],
        upper: [fastest, last + 10.0 * span],
        grid: [evenly(slowest, fastest, 48), midpoints],
    };
    let shape = Shares { times };
    let found = best(&shape, &counts, None, &field).ok_or(NoCurve::Unsettled)?;
    let [k, midpoint] = [libm::exp(found.unknowns[0]), found.unknowns[1]];

    let slopes = shape.at(found.unknowns);
    let columns: [Vec<f64>; 3] = [
        slopes.iter().map(|slope| slope[0]).collect(),
        slopes.iter().map(|slope| found.scale * slope[1] / k).collect(),
        slopes.iter().map(|slope| found.scale * slope[2]).collect(),
    ];
    let freedom = counts.len() - 3;
    let covariance = match solve(&columns, &counts) {
        Ok(fit) if fit.rank == 3 && freedom > 0 => Some(fit.inverse.scaled(found.rss / freedom as f64)),
        _ => None,
    };
    let error = |at: usize| covariance.as_ref().map(|c| libm::sqrt(c.get(at, at).max(0.0)));
    Ok(Logistic {
        ceiling: Estimate { value: found.scale, error: error(0) },
        k: Estimate { value: k, error: error(1) },
        midpoint: Estimate { value: midpoint, error: error(2) },
        rss: found.rss,
        n: counts.len(),
        at_bound: (0..2).any(|at| found.unknowns[at] <= field.lower[at] || found.unknowns[at] >= field.upper[at]),
        covariance,
    })
}
