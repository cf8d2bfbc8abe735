//! Follows one series step by step; a sum is rounded at every step, so that it never depends on digits nobody sees.

use alloc::vec::Vec;

use crate::limits::mean;
use crate::xmr::LARGEST;

/// How a series is followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Rows that mean and standard deviation are taken from.
    pub window: usize,
    /// Standard deviations a sum must reach for an alert.
    pub sensitivity: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { window: 12, sensitivity: 5.0 }
    }
}

/// What is known after a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub value: Option<f64>,
    /// How far values have been above the mean, in all; never below nought. Two decimals.
    pub up: f64,
    /// How far below; never above nought.
    pub down: f64,
    /// The mean values are held against. Nothing before there is any value in a window.
    pub mean: Option<f64>,
    /// An alert is a sum beyond this.
    pub threshold: Option<f64>,
    pub is_alert: bool,
}

/// Follows a series from its first row to its last.
///
/// The first window looks ahead: mean and standard deviation of the first rows are used from the first row on. Where it
/// has no value it begins a row later. A row without a value leaves sums, mean and threshold as they are and is no
/// alert. Values that are no numbers, or larger than [`LARGEST`], count as missing.
pub fn follow(values: &[Option<f64>], options: Options) -> Vec<Step> {
    let window = options.window.max(1);
    let mut sums: Option<Sums> = None;
    let mut steps = Vec::with_capacity(values.len());
    for (row, value) in values.iter().enumerate() {
        let value = value.filter(is_percentile);
        let first = || Past::of(values.get(row..values.len().min(row.saturating_add(window)))?);
        sums = match (sums, value) {
            (None, _) => first().map(|past| Sums::begin(past, options.sensitivity)),
            (Some(sums), Some(value)) if sums.is_alert() => {
                let latest = values.get(row.saturating_sub(window)..row).and_then(Past::of);
                Some(latest.map_or(sums, |past| sums.after_alert(past, value, options.sensitivity)))
            }
            (sums, _) => sums,
        };
        if let (Some(sums), Some(value)) = (&mut sums, value) {
            sums.add(value);
        }
        steps.push(Step {
            value,
            up: sums.map_or(0.0, |sums| sums.up),
            down: sums.map_or(0.0, |sums| sums.down),
            mean: sums.map(|sums| sums.mean),
            threshold: sums.map(|sums| sums.threshold),
            is_alert: value.is_some() && sums.is_some_and(|sums| sums.is_alert()),
        });
    }
    steps
}

/// What a window tells.
struct Past {
    mean: f64,
    /// Of a whole population: its divisor is the count.
    deviation: f64,
}

impl Past {
    /// Nothing where no row has a value.
    fn of(window: &[Option<f64>]) -> Option<Self> {
        let values = || window.iter().flatten().copied().filter(is_percentile);
        let average = mean(values())?;
        let variance = mean(values().map(|value| (value - average) * (value - average)))?;
        Some(Self { mean: average, deviation: libm::sqrt(variance) })
    }
}

/// Small enough that sums and squares of many are numbers. Percentiles are far smaller.
fn is_percentile(value: &f64) -> bool {
    value.abs() <= LARGEST
}

#[derive(Clone, Copy)]
struct Sums {
    up: f64,
    down: f64,
    mean: f64,
    /// Half a standard deviation: what a step may differ by without being added up.
    slack: f64,
    threshold: f64,
}

impl Sums {
    fn begin(past: Past, sensitivity: f64) -> Self {
        let Past { mean, deviation } = past;
        // No sum reaches a threshold that is too large to be a number.
        let threshold = (sensitivity * deviation).min(f64::MAX);
        Self { up: 0.0, down: 0.0, mean, slack: 0.5 * deviation, threshold }
    }

    /// While the level moves on the same way only the mean moves along; else everything begins anew.
    fn after_alert(self, past: Past, value: f64, sensitivity: f64) -> Self {
        let is_going_up = self.up > self.threshold && value > past.mean + self.slack;
        let is_going_down = self.down < -self.threshold && value < past.mean - self.slack;
        if is_going_up || is_going_down {
            return Self { mean: past.mean, ..self };
        }
        Self::begin(past, sensitivity)
    }

    fn add(&mut self, value: f64) {
        self.up = rounded((self.up + value - self.mean - self.slack).max(0.0));
        self.down = rounded((self.down + value - self.mean + self.slack).min(0.0));
    }

    fn is_alert(&self) -> bool {
        self.up > self.threshold || self.down < -self.threshold
    }
}

/// To two decimals, halves to the even one.
fn rounded(number: f64) -> f64 {
    libm::rint(number * 100.0) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(values: &[Option<f64>]) -> Vec<Step> {
        follow(values, Options::default())
    }

    #[test]
    fn a_missing_value_leaves_the_sums_as_they_are() {
        let mut values: Vec<Option<f64>> = (0..12).map(|at| Some(f64::from(at % 2))).collect();
        values.extend([Some(3.0), None, None, Some(3.0)]);
        let steps = steps(&values);
        let up: Vec<f64> = steps.iter().skip(12).map(|step| step.up).collect();
        // Mean and deviation are a half: each 3 adds 3 − 0.5 − 0.25.
        assert_eq!(up, [2.25 + 0.25, 2.5, 2.5, 4.75]);
        assert!(!steps[13].is_alert && steps[15].is_alert);
    }

    #[test]
    fn values_that_never_come_are_followed_without_alert() {
        let steps = steps(&[None; 5]);
        assert!(steps.iter().all(|step| step.mean.is_none() && step.threshold.is_none() && !step.is_alert));
        assert!(follow(&[], Options::default()).is_empty());
    }

    #[test]
    fn a_window_without_any_spread_makes_every_departure_news() {
        let mut values = [Some(40.0); 14];
        assert!(steps(&values).iter().all(|step| !step.is_alert && step.threshold == Some(0.0)));
        values[12] = Some(40.5);
        let steps = steps(&values);
        assert!(steps[12].is_alert);
        // The window the next value is held against has a spread again.
        assert!(!steps[13].is_alert);
    }

    #[test]
    fn what_is_no_percentile_at_all_is_missing() {
        let values = [Some(40.0), Some(f64::NAN), Some(f64::MAX), Some(f64::INFINITY), Some(41.0)];
        let missing = values.map(|value| value.filter(|value| *value < 100.0));
        assert_eq!(steps(&values), steps(&missing));
    }

    #[test]
    fn halves_are_rounded_to_the_even_hundredth() {
        assert_eq!((rounded(0.125), rounded(0.375), rounded(-0.125)), (0.12, 0.38, -0.12));
    }
}
