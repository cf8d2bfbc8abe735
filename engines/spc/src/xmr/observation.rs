//! The rows a chart is drawn from, and why some cannot be; it never repairs a value.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::wording::LongDate;

/// The largest size of a value: beyond it, sums of values and of their squares would no longer be numbers.
pub const LARGEST: f64 = 1e150;

/// One row of a series: a day and, unless the row is a gap, the value measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    pub date: NaiveDate,
    /// Nothing where the value is missing: a gap that is shown and breaks no run.
    pub value: Option<f64>,
}

impl Observation {
    /// A value measured.
    pub const fn new(date: NaiveDate, value: f64) -> Self {
        Self { date, value: Some(value) }
    }

    /// A row without a value.
    pub const fn gap(date: NaiveDate) -> Self {
        Self { date, value: None }
    }
}

/// Why a series cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Refusal {
    /// A value that is infinite, not a number, or larger than [`LARGEST`].
    Value { date: NaiveDate },
    /// Two rows for one day: the order of the points would be a guess.
    SameDate { date: NaiveDate },
    /// A target that is infinite, not a number, or larger than [`LARGEST`].
    Target,
    /// Limits fixed on fewer than two points: there is no moving range to take them from.
    Baseline { points: usize },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { date } => {
                write!(f, "the value of {} is not a number a chart can show (at most 1e150 in size)", LongDate(*date))
            }
            Self::SameDate { date } => {
                write!(f, "there are two rows for {}; a chart needs one row a date", LongDate(*date))
            }
            Self::Target => f.write_str("the target is not a number a chart can show (at most 1e150 in size)"),
            Self::Baseline { points } => {
                write!(f, "limits cannot be fixed on the first {points}: give at least 2 points, better 12 or more")
            }
        }
    }
}

impl core::error::Error for Refusal {}

/// The rows in order of date, each fit to be drawn.
///
/// # Errors
/// A value no chart can show, or two rows for one day.
pub(super) fn in_order(rows: &[Observation]) -> Result<Cow<'_, [Observation]>, Refusal> {
    for row in rows {
        if row.value.is_some_and(|value| !is_drawable(value)) {
            return Err(Refusal::Value { date: row.date });
        }
    }
    let rows = match rows.is_sorted_by_key(|row| row.date) {
        true => Cow::Borrowed(rows),
        false => {
            let mut sorted = Vec::from(rows);
            sorted.sort_by_key(|row| row.date);
            Cow::Owned(sorted)
        }
    };
    match rows.windows(2).find_map(|pair| match pair {
        [before, after] if before.date == after.date => Some(after.date),
        _ => None,
    }) {
        Some(date) => Err(Refusal::SameDate { date }),
        None => Ok(rows),
    }
}

/// Whether limits can be computed with a number.
pub(super) fn is_drawable(number: f64) -> bool {
    number.is_finite() && number.abs() <= LARGEST
}
