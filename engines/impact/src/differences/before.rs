//! Whether treated units and comparators moved alike before the start; it must never take "not shown apart" for "alike".

use alloc::vec;
use alloc::vec::Vec;

use hiec_distributions::student_t;
use hiec_least_squares::solve;

use crate::panel::{Panel, Unit};

/// Trends before any start, per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendsBefore {
    /// The mean trend of treated units.
    pub treated: f64,
    /// The mean trend of comparators.
    pub comparators: f64,
    /// The chance of trends at least so far apart if they were alike: Welch's test over units, or, with one unit on a
    /// side, that unit against the spread of the others.
    pub p: f64,
}

/// Trends of units with two outcomes or more before the first start. None where fewer than three units have one.
pub fn trends_before(panel: &Panel) -> Option<TrendsBefore> {
    let start = panel.first_start()?;
    let trends = |treated: bool| -> Vec<f64> {
        panel
            .units()
            .iter()
            .filter(|unit| unit.treated == treated)
            .filter_map(|unit| trend(unit, panel, start))
            .collect()
    };
    let (treated, comparators) = (Side::of(&trends(true))?, Side::of(&trends(false))?);
    let apart = treated.mean - comparators.mean;
    // The variance of the difference, and its degrees of freedom.
    let (variance, freedom) = match (treated.variance, comparators.variance) {
        (Some(a), Some(b)) => welch((a, treated.n), (b, comparators.n)),
        (Some(spread), None) | (None, Some(spread)) => {
            let n = treated.n.max(comparators.n);
            (spread * (1.0 + 1.0 / n), n - 1.0)
        }
        (None, None) => return None,
    };
    let p = match variance > 0.0 {
        true => student_t::two_sided(apart / libm::sqrt(variance), freedom),
        false => f64::from(apart == 0.0),
    };
    p.is_finite().then_some(TrendsBefore { treated: treated.mean, comparators: comparators.mean, p })
}

struct Side {
    n: f64,
    mean: f64,
    variance: Option<f64>,
}

impl Side {
    fn of(trends: &[f64]) -> Option<Self> {
        let n = trends.len() as f64;
        let mean = trends.iter().sum::<f64>() / n;
        let squares: f64 = trends.iter().map(|trend| (trend - mean) * (trend - mean)).sum();
        (n > 0.0).then(|| Self { n, mean, variance: (n > 1.0).then(|| squares / (n - 1.0)) })
    }
}

/// Welch, *Biometrika* 1947, with Satterthwaite's degrees of freedom.
fn welch((a, n): (f64, f64), (b, m): (f64, f64)) -> (f64, f64) {
    let (a, b) = (a / n, b / m);
    (a + b, (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (m - 1.0)))
}

fn trend(unit: &Unit, panel: &Panel, start: usize) -> Option<f64> {
    let before: Vec<(f64, f64)> = unit
        .outcomes
        .iter()
        .filter(|(period, _)| *period < start)
        .map(|&(period, y)| (panel.periods()[period], y))
        .collect();
    let (times, outcomes): (Vec<f64>, Vec<f64>) = before.into_iter().unzip();
    solve(&[vec![1.0; times.len()], times], &outcomes).ok()?.coefficients.get(1).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::Observation;

    fn panel(trends: &[(bool, [f64; 3])]) -> Panel {
        const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
        let rows: Vec<Observation<'_>> = trends
            .iter()
            .zip(NAMES)
            .flat_map(|(&(treated, ys), unit)| {
                let row = move |t: usize, y: f64| Observation { unit, t: t as f64, y: Some(y), treated, after: t == 3 };
                (0..3).map(move |t| row(t, ys[t])).chain([row(3, 100.0)])
            })
            .collect();
        Panel::new(&rows).unwrap()
    }

    #[test]
    fn trends_apart_are_shown_and_trends_alike_are_not() {
        let apart = trends_before(&panel(&[
            (true, [0.0, 2.0, 4.0]),
            (true, [1.0, 3.1, 5.2]),
            (false, [0.0, 0.1, 0.2]),
            (false, [5.0, 5.0, 5.0]),
        ]))
        .unwrap();
        assert!((apart.treated - 2.05).abs() < 1e-12 && (apart.comparators - 0.05).abs() < 1e-12);
        // Standard error 0.0707, t = 28.3 with 2 degrees of freedom.
        assert!((apart.p - 0.00125).abs() < 1e-5, "{}", apart.p);
        let alike = trends_before(&panel(&[
            (true, [0.0, 1.0, 2.1]),
            (false, [0.0, 1.2, 2.0]),
            (false, [5.0, 5.9, 7.2]),
            (false, [5.0, 6.1, 6.8]),
        ]))
        .unwrap();
        assert!(alike.p > 0.5);
    }

    #[test]
    fn too_few_units_show_nothing() {
        assert_eq!(trends_before(&panel(&[(true, [0.0, 2.0, 4.0]), (false, [0.0, 2.0, 4.0])])), None);
        assert_eq!(trends_before(&panel(&[(true, [0.0, 2.0, 4.0])])), None);
    }
}
