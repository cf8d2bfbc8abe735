//! The segmented line by least squares, with errors by the model and by Newey and West; it must never take neighbours for independent unsaid.

use alloc::vec::Vec;

use hiec_least_squares::{Square, solve};

use super::{Fit, Interrupted, Model, NeweyWest, NoFit};

pub(super) fn fit(series: &Interrupted) -> Result<Fit, NoFit> {
    let columns = series.columns(core::iter::repeat(1.0));
    let outcome: Vec<f64> = series.points().iter().map(|point| point.y).collect();
    let fit = solve(&columns, &outcome).map_err(|_| NoFit::NotFinite)?;
    let covariance = match fit.covariance() {
        Some(covariance) if fit.rank == 4 => covariance,
        _ => return Err(NoFit::Collinear),
    };

    // The summed effect is a combination of level and slope: how often each counts after the start.
    let summed = columns.iter().skip(2).map(|column| column.iter().sum());
    let summed: Vec<f64> = [0.0, 0.0].into_iter().chain(summed).collect();
    let [intercept, trend, level, slope] = [0, 1, 2, 3].map(|column| fit.coefficient(column));
    let exact = is_exact(&fit.residuals, &outcome);
    let lag = lag(outcome.len());
    let robust = fit.sandwich(&meat(&columns, &fit.residuals, lag));
    let answer = Fit {
        model: Model::Linear,
        n: outcome.len(),
        start: series.start(),
        intercept,
        trend,
        level,
        slope,
        level_error: root(covariance.get(2, 2)),
        slope_error: root(covariance.get(3, 3)),
        newey_west: Some(NeweyWest {
            lag,
            level_error: root(robust.get(2, 2)),
            slope_error: root(robust.get(3, 3)),
            sum_error: root(robust.quadratic(&summed)),
        }),
        sum: summed[2] * level + summed[3] * slope,
        sum_error: root(covariance.quadratic(&summed)),
        fitted: outcome.iter().zip(&fit.residuals).map(|(y, residual)| y - residual).collect(),
        counterfactual: series.points().iter().map(|point| intercept + trend * point.t).collect(),
        durbin_watson: if exact { None } else { durbin_watson(&fit.residuals) },
        dispersion: None,
    };
    if answer.is_finite() { Ok(answer) } else { Err(NoFit::NotFinite) }
}

fn lag(n: usize) -> usize {
    libm::floor(4.0 * libm::pow(n as f64 / 100.0, 2.0 / 9.0)) as usize
}

/// The sum over pairs of points no more than `lag` apart of their scores' products, nearer ones counting more.
fn meat(columns: &[Vec<f64>], residuals: &[f64], lag: usize) -> Square {
    let scores: Vec<[f64; 4]> = residuals
        .iter()
        .enumerate()
        .map(|(row, residual)| [0, 1, 2, 3].map(|column| columns[column][row] * residual))
        .collect();
    let mut meat = Square::zeros(4);
    for apart in 0..=lag {
        let weight = 1.0 - apart as f64 / (lag as f64 + 1.0);
        for (earlier, later) in scores.iter().zip(scores.iter().skip(apart)) {
            meat.add_outer(weight, earlier, later);
            if apart > 0 {
                meat.add_outer(weight, later, earlier);
            }
        }
    }
    meat
}

/// Durbin and Watson, *Biometrika* 1950: squared steps of the residuals over their squares.
fn durbin_watson(residuals: &[f64]) -> Option<f64> {
    let steps: f64 = residuals.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
    let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
    let statistic = steps / squares;
    statistic.is_finite().then_some(statistic)
}

/// Residuals that are only what rounding leaves.
fn is_exact(residuals: &[f64], outcome: &[f64]) -> bool {
    let largest = |values: &[f64]| values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    largest(residuals) <= 1e-13 * largest(outcome)
}

/// A variance's root; rounding may leave a variance of nought a hair below it.
fn root(variance: f64) -> f64 {
    libm::sqrt(variance.max(0.0))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::super::Point;
    use super::*;

    #[test]
    fn a_step_and_a_bend_without_noise_are_found() {
        let points: Vec<Point> = (1..=12)
            .map(f64::from)
            .map(|t| Point {
                t,
                y: 3.0 + 0.5 * t + if t < 7.0 { 0.0 } else { 4.0 - 0.25 * (t - 7.0) },
                denominator: None,
            })
            .collect();
        let fit = Interrupted::new(points, 7.0).unwrap().fit(Model::Linear).unwrap();
        for (found, true_value) in [(fit.intercept, 3.0), (fit.trend, 0.5), (fit.level, 4.0), (fit.slope, -0.25)] {
            assert!((found - true_value).abs() < 1e-12, "{found} for {true_value}");
        }
        assert!((fit.sum - (6.0 * 4.0 - 0.25 * 15.0)).abs() < 1e-11);
        assert_eq!(fit.durbin_watson, None, "an exact fit has no errors to go together");
        assert!((fit.last_counterfactual().unwrap() - 9.0).abs() < 1e-12);
    }

    #[test]
    fn the_lag_follows_the_length() {
        assert_eq!([5, 12, 24, 48, 100, 1000].map(lag), [2, 2, 2, 3, 4, 6]);
    }
}
