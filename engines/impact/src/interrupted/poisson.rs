//! Counts with a denominator by Poisson regression, through reweighted least squares; it must never chase a rate that has no bound.
//!
//! Nelder and Wedderburn, *Generalized linear models*, JRSS A 1972: logarithmic link, offset `ln(denominator)`.

use alloc::vec;
use alloc::vec::Vec;

use hiec_least_squares::{Square, solve};

use super::{Fit, Interrupted, Model, NoFit, Point};

/// Steps are stopped when the deviance changes by less than this share: R's `glm` stops here too.
const SETTLED: f64 = 1e-8;
const LONGEST: usize = 100;

pub(super) fn fit(series: &Interrupted) -> Result<Fit, NoFit> {
    let offsets = offsets(series.points())?;
    has_trend(&series.points()[..series.before()], false)?;
    has_trend(&series.points()[series.before()..], true)?;
    let (terms, inverse) = most_likely(series, &offsets)?;

    let [intercept, trend, level, slope] = terms;
    let rate = |offset: &f64, terms: [f64; 4]| {
        libm::exp(offset + intercept * terms[0] + trend * terms[1] + level * terms[2] + slope * terms[3])
    };
    let with = |(point, offset): (&Point, &f64)| rate(offset, series.terms(point.t));
    let without = |(point, offset): (&Point, &f64)| rate(offset, [1.0, point.t, 0.0, 0.0]);
    let fitted: Vec<f64> = series.points().iter().zip(&offsets).map(with).collect();
    let counterfactual: Vec<f64> = series.points().iter().zip(&offsets).map(without).collect();
    let mut sum = 0.0;
    let mut gradient = [0.0; 4];
    for (at, point) in series.points().iter().enumerate().skip(series.before()) {
        sum += fitted[at] - counterfactual[at];
        let terms = series.terms(point.t);
        for (column, entry) in gradient.iter_mut().enumerate() {
            let counted = if column < 2 { fitted[at] - counterfactual[at] } else { fitted[at] };
            *entry += counted * terms[column];
        }
    }
    let pearson: f64 = series.points().iter().zip(&fitted).map(|(p, mu)| (p.y - mu) * (p.y - mu) / mu).sum();
    let n = fitted.len();
    let answer = Fit {
        model: Model::Poisson,
        n,
        start: series.start(),
        intercept,
        trend,
        level,
        slope,
        level_error: libm::sqrt(inverse.get(2, 2)),
        slope_error: libm::sqrt(inverse.get(3, 3)),
        newey_west: None,
        sum,
        sum_error: libm::sqrt(inverse.quadratic(&gradient).max(0.0)),
        fitted,
        counterfactual,
        durbin_watson: None,
        dispersion: Some(pearson / (n as f64 - 4.0)),
    };
    if answer.is_finite() { Ok(answer) } else { Err(NoFit::Unsettled) }
}

fn offsets(points: &[Point]) -> Result<Vec<f64>, NoFit> {
    let offset = |point: &Point| match point.denominator {
        _ if point.y < 0.0 => Err(NoFit::Negative { t: point.t }),
        Some(denominator) if denominator > 0.0 => Ok(libm::log(denominator)),
        _ => Err(NoFit::NoDenominator { t: point.t }),
    };
    points.iter().map(offset).collect()
}

/// Each side has a line of its own, so each has a most likely line exactly where its events fall at two times or more,
/// or at one time with others on both sides of it. Otherwise the slope grows without end.
fn has_trend(side: &[Point], after: bool) -> Result<(), NoFit> {
    let mut with_events = side.iter().enumerate().filter(|(_, point)| point.y > 0.0).map(|(at, _)| at);
    let trend = match (with_events.next(), with_events.next()) {
        (None, _) => false,
        (Some(only), None) => only > 0 && only + 1 < side.len(),
        (Some(_), Some(_)) => true,
    };
    if trend { Ok(()) } else { Err(NoFit::FewEvents { after }) }
}

/// The most likely terms and their covariance.
fn most_likely(series: &Interrupted, offsets: &[f64]) -> Result<([f64; 4], Square), NoFit> {
    let counts: Vec<f64> = series.points().iter().map(|point| point.y).collect();
    let mut means: Vec<f64> = counts.iter().map(|count| count + 0.1).collect();
    let mut logs: Vec<f64> = means.iter().map(|&mean| libm::log(mean)).collect();
    let mut unlikely = deviance(&counts, &means);
    let mut best = [0.0; 4];
    for step in 0..LONGEST {
        let weights: Vec<f64> = means.iter().map(|&mean| libm::sqrt(mean)).collect();
        let columns = series.columns(weights.iter().copied());
        let working: Vec<f64> = (0..counts.len())
            .map(|at| weights[at] * (logs[at] - offsets[at] + (counts[at] - means[at]) / means[at]))
            .collect();
        let fit = solve(&columns, &working).map_err(|_| NoFit::Unsettled)?;
        if fit.rank < 4 {
            return Err(NoFit::Collinear);
        }
        let mut terms = [0, 1, 2, 3].map(|column| fit.coefficient(column));
        let mut next = 0.0;
        // A step too far is halved until it is no worse than where it began; the first has nowhere to go back to.
        for _ in 0..LONGEST {
            logs = logarithms(series, offsets, &terms);
            means = logs.iter().map(|&log| libm::exp(log)).collect();
            next = deviance(&counts, &means);
            if step == 0 || next <= unlikely + SETTLED * (unlikely.abs() + 0.1) {
                break;
            }
            for (term, before) in terms.iter_mut().zip(best) {
                *term = (*term + before) / 2.0;
            }
        }
        if !next.is_finite() {
            return Err(NoFit::Unsettled);
        }
        best = terms;
        if (next - unlikely).abs() < SETTLED * (next.abs() + 0.1) {
            return Ok((best, fit.inverse));
        }
        unlikely = next;
    }
    Err(NoFit::Unsettled)
}

fn logarithms(series: &Interrupted, offsets: &[f64], terms: &[f64; 4]) -> Vec<f64> {
    let mut logs = vec![0.0; offsets.len()];
    for ((log, point), offset) in logs.iter_mut().zip(series.points()).zip(offsets) {
        *log = offset + series.terms(point.t).iter().zip(terms).map(|(a, b)| a * b).sum::<f64>();
    }
    logs
}

/// Twice the distance in log-likelihood from a model that fits every count.
fn deviance(counts: &[f64], means: &[f64]) -> f64 {
    let part = |(&count, &mean): (&f64, &f64)| {
        let surprise = if count > 0.0 { count * libm::log(count / mean) } else { 0.0 };
        2.0 * (surprise - (count - mean))
    };
    counts.iter().zip(means).map(part).sum()
}
