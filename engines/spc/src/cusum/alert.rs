//! The alert that is on now, from its first row; what is over is never reported.

use core::fmt::Display;

use alloc::format;
use alloc::string::String;

use super::Step;

/// An alert that reaches to the latest value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alert {
    /// Its first row, and its last.
    pub first: usize,
    pub last: usize,
    /// Rows in alert, rows without a value not counted.
    pub rows: usize,
    /// The mean the first of them was held against.
    pub from: f64,
    /// The latest value.
    pub to: f64,
}

/// The alert the latest value is in, if it is in one.
pub fn last_alert(steps: &[Step]) -> Option<Alert> {
    let mut alert = None;
    for (row, step) in steps.iter().enumerate().rev() {
        let (Some(value), Some(mean)) = (step.value, step.mean) else { continue };
        if !step.is_alert {
            break;
        }
        let Alert { last, rows, to, .. } =
            alert.unwrap_or(Alert { first: row, last: row, rows: 0, from: mean, to: value });
        alert = Some(Alert { first: row, last, rows: rows + 1, from: mean, to });
    }
    alert
}

impl Alert {
    /// What happened, in one plain sentence. Rows and numbers are said as their chart says them.
    pub fn sentence<D: Display, N: Display>(&self, name: impl Fn(usize) -> D, number: impl Fn(f64) -> N) -> String {
        let (from, to) = (number(self.from), number(self.to));
        let way = if self.to > self.from { "up" } else { "down" };
        match self.rows {
            1 => format!("The percentile among peers has moved {way}, from {from} to {to} in {}.", name(self.last)),
            _ => format!(
                "The percentile among peers has been moving {way} since {}, from {from} to {to}.",
                name(self.first)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::super::{Options, follow};
    use super::*;

    fn alert(tail: &[Option<f64>]) -> Option<Alert> {
        let mut values: Vec<Option<f64>> = (0..12).map(|at| Some(f64::from(at % 2))).collect();
        values.extend_from_slice(tail);
        last_alert(&follow(&values, Options::default()))
    }

    #[test]
    fn an_alert_reaches_from_its_first_row_to_the_latest_value() {
        let alert = alert(&[Some(9.0), None, Some(10.0), Some(11.0), None]).unwrap();
        assert_eq!((alert.first, alert.last, alert.rows), (12, 15, 3));
        assert_eq!((alert.from, alert.to), (0.5, 11.0));
        assert_eq!(
            alert.sentence(|row| row + 1, |number| number),
            "The percentile among peers has been moving up since 13, from 0.5 to 11."
        );
    }

    #[test]
    fn what_is_over_is_not_reported() {
        assert_eq!(alert(&[Some(9.0), Some(0.5)]), None);
        assert_eq!(alert(&[]), None);
        assert_eq!(last_alert(&[]), None);
    }

    #[test]
    fn a_single_row_is_told_as_such() {
        assert_eq!(
            alert(&[Some(-8.0)]).unwrap().sentence(|row| row + 1, |number| number),
            "The percentile among peers has moved down, from 0.5 to -8 in 13."
        );
    }
}
