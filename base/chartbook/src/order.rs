//! What somebody asks for: columns, target, direction, rebases. What is not said is guessed elsewhere.

use chrono::NaiveDate;
use hiec_spc::xmr::Direction;

use crate::reading::number;

/// What somebody asks for. Columns are named as the table names them, capitals aside.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Columns whose values, taken together, name a series.
    pub by: Vec<String>,
    pub date: Option<String>,
    pub value: Option<String>,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    /// One minus numerator over denominator: "not breached" from breaches.
    pub is_complement: bool,
    /// Numerator over denominator times this; 100 (per cent) where nothing is said.
    pub per: Option<f64>,
    /// Rows of one series and date are added up instead of refused.
    pub is_sum: bool,
    pub target: Option<Aim>,
    /// Which way is better; nothing for "neither, or not said".
    pub improve: Option<Direction>,
    /// Days from which limits are computed anew, each with a reason that may be empty.
    pub rebases: Vec<(NaiveDate, String)>,
    /// What happened when.
    pub events: Vec<(NaiveDate, String)>,
    /// Limits from this many first points.
    pub baseline: Option<usize>,
    /// What the charts are of, before the name of the series.
    pub title: Option<String>,
    /// What the values are counted in.
    pub unit: Option<String>,
    /// Where the data comes from.
    pub source: Option<String>,
}

/// A target as somebody typed it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    pub value: f64,
    /// Whether it was written with a per cent sign.
    pub is_percent: bool,
}

/// Reads a target: `95`, `95%`, `1,200`.
///
/// # Errors
/// Anything else, in words.
pub fn target(text: &str) -> Result<Aim, String> {
    match number(text.trim(), false) {
        Some(read) => Ok(Aim { value: read.value, is_percent: read.is_percent }),
        None => Err(format!("“{text}” is no target: write a number such as 95 or 95%")),
    }
}

impl Order {
    /// What a column that is not said could be said with, for hints.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let single = [&self.date, &self.value, &self.numerator, &self.denominator];
        self.by.iter().map(String::as_str).chain(single.into_iter().flatten().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_as_people_type_them() {
        assert_eq!(target("95%"), Ok(Aim { value: 95.0, is_percent: true }));
        assert_eq!(target(" 1,200 "), Ok(Aim { value: 1200.0, is_percent: false }));
        assert!(target("high").unwrap_err().contains("“high” is no target"));
    }
}
