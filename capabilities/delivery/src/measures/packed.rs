//! The figures of a series as one text: a line each of period, numerator, denominator and entry. Nothing is rounded on the way.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};
use hiec_store::StoreError;
use serde::Serialize;

/// One figure, with the entry it came by.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Observation {
    /// The first day.
    pub period: NaiveDate,
    pub numerator: f64,
    /// Nothing for a count.
    pub denominator: Option<f64>,
    /// The number of the entry, counted in its cluster.
    pub entry: i64,
    /// It lay far from those before it, and whoever entered it confirmed it.
    pub is_confirmed: bool,
}

impl Observation {
    /// Whether the figures are the same, whatever entry they came by.
    pub fn has_same_figures(&self, other: &Self) -> bool {
        self.numerator.to_bits() == other.numerator.to_bits()
            && self.denominator.map(f64::to_bits) == other.denominator.map(f64::to_bits)
    }
}

/// `20100601 66 138 3`, with `-` where there is no denominator and `!` where it was confirmed.
pub fn pack(observations: &[Observation]) -> String {
    let mut text = String::with_capacity(observations.len() * 28);
    for one in observations {
        let period = &one.period;
        // Writing to a string cannot fail.
        let _ = write!(text, "{:04}{:02}{:02} {} ", period.year(), period.month(), period.day(), one.numerator);
        let _ = match one.denominator {
            Some(denominator) => write!(text, "{denominator}"),
            None => write!(text, "-"),
        };
        let _ = writeln!(text, " {}{}", one.entry, if one.is_confirmed { "!" } else { "" });
    }
    text
}

/// # Errors
/// A line no [`pack`] wrote.
pub fn unpack(text: &str) -> Result<Vec<Observation>, StoreError> {
    text.lines().map(|line| read(line).ok_or_else(|| broken(line))).collect()
}

/// The figures with the last period.
///
/// # Errors
/// As [`unpack`].
pub fn last(text: &str) -> Result<Option<Observation>, StoreError> {
    text.lines().next_back().map(|line| read(line).ok_or_else(|| broken(line))).transpose()
}

fn broken(line: &str) -> StoreError {
    StoreError::Stored(serde::de::Error::custom(format!("a line of a series is none: {line:?}")))
}

fn read(line: &str) -> Option<Observation> {
    let mut parts = line.split(' ');
    let day: u32 = parts.next()?.parse().ok()?;
    let period = NaiveDate::from_ymd_opt(i32::try_from(day / 10_000).ok()?, day / 100 % 100, day % 100)?;
    let numerator = parts.next()?.parse().ok()?;
    let denominator = match parts.next()? {
        "-" => None,
        figure => Some(figure.parse().ok()?),
    };
    let entry = parts.next()?;
    let (entry, is_confirmed) = entry.strip_suffix('!').map_or((entry, false), |entry| (entry, true));
    let whole = Observation { period, numerator, denominator, entry: entry.parse().ok()?, is_confirmed };
    parts.next().is_none().then_some(whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back_to_the_last_bit(
            rows in prop::collection::vec((0_i64..40_000, 0.0..1e12_f64, prop::option::of(0.0..1e12_f64), 0_i64..1_000_000, any::<bool>()), 0..60),
        ) {
            let first = NaiveDate::from_ymd_opt(1948, 1, 1).unwrap();
            let rows: Vec<Observation> = rows
                .into_iter()
                .map(|(days, numerator, denominator, entry, is_confirmed)| Observation {
                    period: first + chrono::Duration::days(days),
                    numerator,
                    denominator,
                    entry,
                    is_confirmed,
                })
                .collect();
            let text = pack(&rows);
            prop_assert_eq!(unpack(&text).unwrap(), rows.clone());
            prop_assert_eq!(last(&text).unwrap(), rows.last().copied());
        }
    }

    #[test]
    fn a_broken_line_is_told_and_not_left_out() {
        for text in ["20100601 66 138\n", "20101301 1 2 3\n", "x\n", "20100601 66 138 3 4\n", "\n"] {
            assert!(unpack(text).is_err(), "{text:?}");
        }
    }
}
