//! Two-way fixed effects with errors clustered by unit; it must never be read as the effect where starts differ.
//!
//! `y ~ treated · after + unit + period`. By the theorem of Frisch, Waugh and Lovell the coefficient follows from what
//! unit and period leave of outcome and treatment. Units are taken out by their means, periods by conjugate gradients on
//! what remains, which needs one step where the panel is balanced and never more memory than the panel itself.

use alloc::vec;
use alloc::vec::Vec;

use super::NoEstimate;
use crate::panel::Panel;

/// The effect, and its certainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoWay {
    pub effect: f64,
    /// Clustered by unit with the factor HC1 names, `G / (G - 1) · (n - 1) / (n - k)`. None where rows or units are too few.
    pub error: Option<f64>,
    /// How many units have an outcome.
    pub clusters: usize,
    /// How many of them are treated at some time.
    pub treated_clusters: usize,
}

/// The two-way estimate of a panel.
///
/// # Errors
/// A panel without treated outcomes or without comparison.
pub fn two_way(panel: &Panel) -> Result<TwoWay, NoEstimate> {
    let rows = Rows::of(panel);
    if rows.len() == 0 || !rows.treatment.contains(&1.0) {
        return Err(if panel.treated().all(|unit| unit.outcomes.is_empty()) {
            NoEstimate::NoTreated
        } else {
            NoEstimate::NoAfter
        });
    }
    let treatment = rows.residuals(&rows.treatment);
    let outcome = rows.residuals(&rows.outcome);
    let spread: f64 = treatment.iter().map(|value| value * value).sum();
    if spread <= 1e-10 * rows.treatment.iter().sum::<f64>() {
        return Err(NoEstimate::Collinear);
    }
    let effect = dot(&treatment, &outcome) / spread;
    let unexplained: Vec<f64> = outcome.iter().zip(&treatment).map(|(y, d)| y - effect * d).collect();
    let mut scores = vec![0.0; rows.units];
    for (row, &unit) in rows.unit.iter().enumerate() {
        scores[unit] += treatment[row] * unexplained[row];
    }
    let squares: f64 = scores.iter().map(|score| score * score).sum();

    let (n, used) = (rows.len(), rows.rank() + 1);
    let clusters = panel.units().iter().filter(|unit| !unit.outcomes.is_empty()).count();
    let error = (n > used && clusters > 1).then(|| {
        let groups = clusters as f64 / (clusters as f64 - 1.0);
        let freedom = (n as f64 - 1.0) / (n - used) as f64;
        libm::sqrt(squares * groups * freedom) / spread
    });
    let treated_clusters = panel.treated().filter(|unit| !unit.outcomes.is_empty()).count();
    match effect.is_finite() && error.is_none_or(f64::is_finite) {
        true => Ok(TwoWay { effect, error, clusters, treated_clusters }),
        false => Err(NoEstimate::NotFinite),
    }
}

/// The panel's outcomes, one a row.
struct Rows {
    unit: Vec<usize>,
    period: Vec<usize>,
    outcome: Vec<f64>,
    treatment: Vec<f64>,
    units: usize,
    /// How many rows each unit and each period has.
    per_unit: Vec<f64>,
    per_period: Vec<f64>,
}

impl Rows {
    fn of(panel: &Panel) -> Self {
        let mut rows = Self {
            unit: Vec::new(),
            period: Vec::new(),
            outcome: Vec::new(),
            treatment: Vec::new(),
            units: panel.units().len(),
            per_unit: vec![0.0; panel.units().len()],
            per_period: vec![0.0; panel.periods().len()],
        };
        for (at, unit) in panel.units().iter().enumerate() {
            for &(period, y) in &unit.outcomes {
                rows.unit.push(at);
                rows.period.push(period);
                rows.outcome.push(y);
                rows.treatment.push(f64::from(unit.treated && unit.is_after(period)));
                rows.per_unit[at] += 1.0;
                rows.per_period[period] += 1.0;
            }
        }
        rows
    }

    fn len(&self) -> usize {
        self.unit.len()
    }

    /// What unit and period do not explain of a column.
    fn residuals(&self, column: &[f64]) -> Vec<f64> {
        let mut left = self.without_units(column);
        // Further would follow rounding into the one direction that unit means already took out.
        let enough = 1e-28 * dot(column, column);
        // Once is enough but for rounding; again takes out what rounding left.
        for _ in 0..3 {
            let effects = self.period_effects(&left, enough);
            for (value, &period) in left.iter_mut().zip(&self.period) {
                *value -= effects[period];
            }
            left = self.without_units(&left);
        }
        left
    }

    /// A column minus the mean of its unit.
    fn without_units(&self, column: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.units];
        for (value, &unit) in column.iter().zip(&self.unit) {
            sums[unit] += value;
        }
        column.iter().zip(&self.unit).map(|(value, &unit)| value - sums[unit] / self.per_unit[unit]).collect()
    }

    fn by_period(&self, column: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.per_period.len()];
        for (value, &period) in column.iter().zip(&self.period) {
            sums[period] += value;
        }
        sums
    }

    /// Conjugate gradients (Hestenes and Stiefel 1952), each period scaled by its number of rows.
    fn period_effects(&self, column: &[f64], enough: f64) -> Vec<f64> {
        let scaled = |v: &[f64]| -> Vec<f64> {
            v.iter().zip(&self.per_period).map(|(value, &rows)| if rows > 0.0 { value / rows } else { 0.0 }).collect()
        };
        let mut effects = vec![0.0; self.per_period.len()];
        let mut left = self.by_period(column);
        let mut direction = scaled(&left);
        let mut size = dot(&left, &direction);
        for _ in 0..self.per_period.len() * 2 + 20 {
            if size <= enough || !size.is_finite() {
                break;
            }
            let spread: Vec<f64> = self.period.iter().map(|&period| direction[period]).collect();
            let image = self.by_period(&self.without_units(&spread));
            let along = dot(&direction, &image);
            if along <= 0.0 {
                break;
            }
            let step = size / along;
            for at in 0..effects.len() {
                effects[at] += step * direction[at];
                left[at] -= step * image[at];
            }
            let next = scaled(&left);
            let next_size = dot(&left, &next);
            for (old, new) in direction.iter_mut().zip(&next) {
                *old = new + next_size / size * *old;
            }
            size = next_size;
        }
        effects
    }

    /// How many columns unit and period effects are worth: one less than both for every part of the panel that hangs together.
    fn rank(&self) -> usize {
        let mut parts = Parts { parent: (0..self.units + self.per_period.len()).collect() };
        for (&unit, &period) in self.unit.iter().zip(&self.period) {
            parts.join(unit, self.units + period);
        }
        let seen = self.per_unit.iter().chain(&self.per_period).filter(|&&rows| rows > 0.0).count();
        let all = self.per_unit.iter().chain(&self.per_period).enumerate();
        let roots = all.filter(|&(at, &rows)| rows > 0.0 && parts.parent[at] == at).count();
        seen - roots
    }
}

/// Which units and periods hang together.
struct Parts {
    parent: Vec<usize>,
}

impl Parts {
    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a] = b;
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use hiec_least_squares::solve;
    use proptest::prelude::*;

    use super::*;
    use crate::differences::four_means;
    use crate::panel::Observation;

    /// Rows as unit, period, outcome; odd units are treated, from a period that depends on `stagger`.
    fn panel(rows: &[(usize, usize, f64)], stagger: usize) -> Panel {
        let names: Vec<String> = (0..10).map(|unit| alloc::format!("u{unit}")).collect();
        let observation = |&(unit, period, y): &(usize, usize, f64)| Observation {
            unit: &names[unit],
            t: period as f64,
            y: Some(y),
            treated: unit % 2 == 1,
            after: period >= 3 + unit * stagger,
        };
        Panel::new(&rows.iter().map(observation).collect::<Vec<_>>()).unwrap()
    }

    /// The same by least squares on a column for every unit and period.
    fn by_columns(panel: &Panel) -> Option<(f64, Option<f64>)> {
        let rows = Rows::of(panel);
        let is = |of: &[usize], value: usize| of.iter().map(|&at| f64::from(at == value)).collect::<Vec<f64>>();
        let mut columns: Vec<Vec<f64>> = (0..rows.units).map(|unit| is(&rows.unit, unit)).collect();
        columns.extend((0..rows.per_period.len()).map(|period| is(&rows.period, period)));
        columns.push(rows.treatment.clone());
        let fit = solve(&columns, &rows.outcome).unwrap();
        let last = columns.len() - 1;
        let effect = fit.coefficients[last]?;
        let mut meat = hiec_least_squares::Square::zeros(columns.len());
        for unit in 0..rows.units {
            let score: Vec<f64> = columns
                .iter()
                .map(|c| {
                    (0..rows.len()).filter(|&row| rows.unit[row] == unit).map(|row| c[row] * fit.residuals[row]).sum()
                })
                .collect();
            meat.add_outer(1.0, &score, &score);
        }
        let (n, g) = (rows.len() as f64, panel.units().len() as f64);
        let factor = g / (g - 1.0) * (n - 1.0) / (n - fit.rank as f64);
        let error =
            (fit.degrees_of_freedom() > 0).then(|| libm::sqrt((fit.sandwich(&meat).get(last, last) * factor).max(0.0)));
        Some((effect, error))
    }

    #[test]
    fn a_balanced_panel_is_the_difference_of_four_means_by_hand() {
        // Treated 1, 2 | 7, 8 and comparator 0, 1 | 2, 3: (7.5 - 1.5) - (2.5 - 0.5) = 4.
        let rows =
            [(0, 1, 0.0), (0, 2, 1.0), (0, 3, 2.0), (0, 4, 3.0), (1, 1, 1.0), (1, 2, 2.0), (1, 3, 7.0), (1, 4, 8.0)];
        let panel = panel(&rows, 0);
        assert_eq!(four_means(&panel).unwrap().effect(), 4.0);
        assert!((two_way(&panel).unwrap().effect - 4.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_told_is_refused() {
        let treated_only = panel(&[(1, 1, 1.0), (1, 3, 2.0), (3, 1, 4.0), (3, 3, 9.0)], 0);
        assert_eq!(two_way(&treated_only), Err(NoEstimate::Collinear));
        assert_eq!(four_means(&treated_only).err(), Some(NoEstimate::NoComparators));
        assert_eq!(two_way(&panel(&[(1, 1, 1.0), (0, 1, 2.0)], 0)), Err(NoEstimate::NoAfter));
        assert_eq!(two_way(&panel(&[(0, 1, 1.0), (0, 4, 2.0)], 0)), Err(NoEstimate::NoTreated));
        assert_eq!(two_way(&panel(&[(1, 4, 1.0), (0, 4, 2.0)], 0)), Err(NoEstimate::Collinear));
        assert_eq!(two_way(&panel(&[], 0)), Err(NoEstimate::NoTreated));
    }

    proptest! {
        #[test]
        fn gaps_and_staggered_starts_agree_with_a_column_for_each(
            cells in proptest::collection::vec((any::<bool>(), -10.0..10.0), 60), stagger in 0_usize..2
        ) {
            let rows: Vec<(usize, usize, f64)> = cells
                .iter()
                .enumerate()
                .filter(|(_, (kept, _))| *kept)
                .map(|(at, (_, y))| (at / 10, at % 10, *y))
                .collect();
            let panel = panel(&rows, stagger);
            match (two_way(&panel), by_columns(&panel)) {
                (Ok(ours), Some((effect, error))) => {
                    prop_assert!((ours.effect - effect).abs() < 1e-8 * effect.abs().max(1.0), "{} for {effect}", ours.effect);
                    let same = match (ours.error, error) {
                        // Variances: the root of what rounding leaves of nothing is a million times as large.
                        (Some(a), Some(b)) => (a * a - b * b).abs() < 1e-8 * (b * b).max(1.0),
                        (a, b) => a.is_none() && b.is_none(),
                    };
                    prop_assert!(same, "{:?} for {error:?}", ours.error);
                }
                (ours, theirs) => prop_assert!(ours.is_err() && theirs.is_none(), "{ours:?} for {theirs:?}"),
            }
        }
    }
}
