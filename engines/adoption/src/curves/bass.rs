//! The Bass curve: some take up an innovation by themselves, the others after those before them; it must never hide that a bound held it.
//!
//! Bass, *A new product growth model for consumer durables*, Management Science 1969: of those who ever will, the share
//! `F(t) = (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t)` has by time t. What is new in a period, `m (F(t) - F(t-1))`, is fitted by
//! least squares (Srinivasan and Mason, *Nonlinear least squares estimation of new product diffusion models*, Marketing
//! Science 1986).

use alloc::vec::Vec;

use hiec_least_squares::{Square, solve};

use super::search::{Field, Found, Shape, best, evenly};
use super::{Estimate, NoCurve, Spread};

/// Neither p nor q is looked for below this, p not above 10, q not above 50: within a period all would have happened.
const LEAST: f64 = 1e-8;
const GREATEST_P: f64 = 10.0;
const GREATEST_Q: f64 = 50.0;

/// A fitted Bass curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Bass {
    /// The chance per period of taking it up by oneself.
    pub p: Estimate,
    /// How much it grows with the share of those who have.
    pub q: Estimate,
    /// How many sites ever will; without an error where it was given.
    pub ceiling: Estimate,
    /// The sum of squared differences from the counts.
    pub rss: f64,
    /// How many counts it was fitted to.
    pub n: usize,
    /// Counts beyond those its unknowns use up.
    pub freedom: usize,
    /// Whether p or q stopped at the least or greatest value looked for: the counts do not tell it.
    pub at_bound: bool,
    /// Of p, q and ceiling; none where the counts do not tell. Noughts for a ceiling that was given.
    pub covariance: Option<Square>,
}

/// The Bass curve with its ceiling unknown.
///
/// # Errors
/// Fewer than three periods with a count, or no adopter.
pub fn bass(spread: &Spread) -> Result<Bass, NoCurve> {
    fit(spread, None)
}

/// The Bass curve that ends at a known number of sites.
///
/// # Errors
/// Fewer than two periods with a count, no adopter, or a ceiling of nought.
pub fn bass_with_ceiling(spread: &Spread, ceiling: u32) -> Result<Bass, NoCurve> {
    if ceiling == 0 {
        return Err(NoCurve::NoEligible);
    }
    fit(spread, Some(f64::from(ceiling)))
}

impl Bass {
    /// When most take it up in a period: `ln(q/p) / (p+q)`, or nought where the first moments were the busiest.
    pub fn peak_time(&self) -> f64 {
        (libm::log(self.q.value / self.p.value) / (self.p.value + self.q.value)).max(0.0)
    }

    /// The share of the ceiling reached by time t.
    pub fn share(&self, t: f64) -> f64 {
        let (p, q) = (self.p.value, self.q.value);
        let rest = libm::exp(-(p + q) * t);
        p * (1.0 - rest) / (p + q * rest)
    }

    /// The share of the ceiling reached by time t, and its derivatives by p and q.
    pub(super) fn share_with_slopes(&self, t: f64) -> [f64; 3] {
        let (p, q) = (self.p.value, self.q.value);
        let rest = libm::exp(-(p + q) * t);
        let (above, below) = (p * (1.0 - rest), p + q * rest);
        let by = |of_above: f64, of_below: f64| (of_above * below - above * of_below) / (below * below);
        [above / below, by(1.0 - rest + p * t * rest, 1.0 - q * t * rest), by(p * t * rest, rest - q * t * rest)]
    }

    /// The standard error of the peak's time, by the delta method. None where it is nought or cannot be told.
    pub fn peak_error(&self) -> Option<f64> {
        let covariance = self.covariance.as_ref().filter(|_| self.q.value > self.p.value)?;
        let (p, q) = (self.p.value, self.q.value);
        let peak = self.peak_time();
        let slopes = [-(1.0 / p + peak) / (p + q), (1.0 / q - peak) / (p + q), 0.0];
        Some(libm::sqrt(covariance.quadratic(&slopes).max(0.0))).filter(|error| error.is_finite())
    }
}

/// The share of the ceiling that falls into each period, over the logarithms of p and q.
struct Increments {
    times: Vec<f64>,
}

impl Increments {
    /// The share of every period, and its derivatives by p and q.
    ///
    /// With `E_x = e^-(p+q)x` and `A_x = p + q E_x` it is `(p+q) p (E_s - E_t) / (A_s A_t)` from s to t, which keeps its digits
    /// where both shares are near one.
    fn shares(&self, p: f64, q: f64) -> impl Iterator<Item = [f64; 3]> {
        let both = p + q;
        let (step, passed) = (libm::exp(-both), -libm::expm1(-both));
        let mut last = None;
        self.times.iter().map(move |&t| {
            let s = t - 1.0;
            // Most periods follow one another: then this one starts where the last ended.
            let start = match last {
                Some((at, end)) if at == s => end,
                _ => libm::exp(-both * s),
            };
            let end = start * step;
            last = Some((t, end));
            let (a, b) = (p + q * start, p + q * end);
            let share = both * p * start * passed / (a * b);
            let common = 1.0 / both + (t * step - s) / passed;
            let by_p = common + 1.0 / p - (1.0 - q * s * start) / a - (1.0 - q * t * end) / b;
            let by_q = common - (start - q * s * start) / a - (end - q * t * end) / b;
            match share > 0.0 {
                true => [share, share * by_p, share * by_q],
                false => [0.0; 3],
            }
        })
    }
}

impl Shape for Increments {
    fn at(&self, [ln_p, ln_q]: [f64; 2]) -> Vec<[f64; 3]> {
        let (p, q) = (libm::exp(ln_p), libm::exp(ln_q));
        self.shares(p, q).map(|[share, by_p, by_q]| [share, by_p * p, by_q * q]).collect()
    }
}

fn fit(spread: &Spread, ceiling: Option<f64>) -> Result<Bass, NoCurve> {
    let (times, counts): (Vec<f64>, Vec<f64>) = spread.new_by_period().into_iter().unzip();
    let needed = if ceiling.is_some() { 2 } else { 3 };
    if counts.len() < needed {
        return Err(NoCurve::FewPeriods { found: counts.len(), needed });
    }
    if counts.iter().all(|&count| count == 0.0) {
        return Err(NoCurve::NoAdopters);
    }
    let [least, most_p, most_q] = [LEAST, GREATEST_P, GREATEST_Q].map(libm::log);
    let field = Field {
        lower: [least, least],
        upper: [most_p, most_q],
        grid: [evenly(least, most_p, 56), evenly(libm::log(1e-4), most_q, 56)],
    };
    let shape = Increments { times };
    let found = best(&shape, &counts, ceiling, &field).ok_or(NoCurve::Unsettled)?;
    let covariance = covariance(&shape, &counts, &found, ceiling.is_some());
    let [p, q] = found.unknowns.map(libm::exp);
    let error = |at: usize| covariance.as_ref().map(|c| libm::sqrt(c.get(at, at).max(0.0)));
    Ok(Bass {
        p: Estimate { value: p, error: error(0) },
        q: Estimate { value: q, error: error(1) },
        ceiling: Estimate { value: found.scale, error: if ceiling.is_some() { None } else { error(2) } },
        rss: found.rss,
        n: counts.len(),
        freedom: counts.len() - needed,
        at_bound: (0..2).any(|at| found.unknowns[at] <= field.lower[at] || found.unknowns[at] >= field.upper[at]),
        covariance,
    })
}

/// `RSS / (n - k) · (JᵀJ)⁻¹`, J by p, q and, where it was fitted, the ceiling.
fn covariance(shape: &Increments, counts: &[f64], found: &Found, ceiling_given: bool) -> Option<Square> {
    let [p, q] = found.unknowns.map(libm::exp);
    let slopes: Vec<[f64; 3]> = shape.shares(p, q).collect();
    let unknowns = if ceiling_given { 2 } else { 3 };
    let by =
        |at: usize| slopes.iter().map(|slope| if at == 2 { slope[0] } else { found.scale * slope[at + 1] }).collect();
    let columns: Vec<Vec<f64>> = (0..unknowns).map(by).collect();
    let fit = solve(&columns, counts).ok().filter(|fit| fit.rank == unknowns)?;
    let freedom = counts.len().checked_sub(unknowns).filter(|freedom| *freedom > 0)?;
    let mut covariance = Square::zeros(3);
    for row in 0..unknowns {
        for column in 0..unknowns {
            covariance.add(row, column, fit.inverse.get(row, column) * found.rss / freedom as f64);
        }
    }
    Some(covariance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_curve() {
        for (p, q) in [(0.02, 0.4), (1e-8, 2.6), (0.5, 0.01), (3.0, 20.0)] {
            for t in [1.0, 2.0, 7.0, 8.0, 9.0, 24.0] {
                let one = |p: f64, q: f64| Increments { times: alloc::vec![t] }.shares(p, q).next().unwrap();
                let by = |p: f64, q: f64| one(p, q)[0];
                let h = 1e-6;
                let numeric = [
                    (by(p * (1.0 + h), q) - by(p * (1.0 - h), q)) / (2.0 * h * p),
                    (by(p, q * (1.0 + h)) - by(p, q * (1.0 - h))) / (2.0 * h * q),
                ];
                let [share, by_p, by_q] = one(p, q);
                for (exact, numeric) in [by_p, by_q].into_iter().zip(numeric) {
                    assert!((exact - numeric).abs() <= 1e-6 * (exact.abs() + share), "{p} {q} {t}: {exact}, {numeric}");
                }
            }
        }
    }
}
