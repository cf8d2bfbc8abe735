//! Quarters of a year as the NHS counts them for returns: three whole months from January, April, July or October. No clock.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A quarter, known by its first day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quarter(NaiveDate);

impl Quarter {
    /// The quarter a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        let first_month = day.month0() / 3 * 3;
        Self(day.with_day(1).and_then(|first| first.with_month0(first_month)).unwrap_or(day))
    }

    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    pub fn last_day(self) -> NaiveDate {
        self.next().0.pred_opt().unwrap_or(self.0)
    }

    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(3)).unwrap_or(self.0))
    }

    pub fn before(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(3)).unwrap_or(self.0))
    }

    /// `January to March 2010`
    pub fn label(self) -> String {
        format!("{} to {}", self.0.format("%B"), self.last_day().format("%B %Y"))
    }

    /// `Jan–Mar 2010`, where room is short.
    pub fn short_label(self) -> String {
        format!("{}–{}", self.0.format("%b"), self.last_day().format("%b %Y"))
    }

    /// `2010-01-01`, as forms and addresses name it.
    pub fn key(self) -> String {
        self.0.format("%Y-%m-%d").to_string()
    }

    /// The quarter a form names: by its first day and no other.
    pub fn from_key(key: &str) -> Option<Self> {
        let day = NaiveDate::parse_from_str(key.trim(), "%Y-%m-%d").ok()?;
        Some(Self::of(day)).filter(|quarter| quarter.0 == day && (1990..=2100).contains(&day.year()))
    }

    /// Every quarter that has one of these days, in order; at most 80.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Vec<Self> {
        let mut quarters = Vec::new();
        let mut at = Self::of(from);
        while at.0 <= to && quarters.len() < 80 {
            quarters.push(at);
            at = at.next();
        }
        quarters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_knows_its_days_and_its_name() {
        let quarter = Quarter::of(day("2010-02-28"));
        assert_eq!(quarter.first_day(), day("2010-01-01"));
        assert_eq!(quarter.last_day(), day("2010-03-31"));
        assert_eq!(quarter.label(), "January to March 2010");
        assert_eq!(Quarter::of(day("2010-12-31")).short_label(), "Oct–Dec 2010");
        assert_eq!(quarter.before().next(), quarter);
        // The 31st has no twin in a month of thirty days.
        assert_eq!(Quarter::of(day("2010-05-31")).first_day(), day("2010-04-01"));
    }

    #[test]
    fn only_a_first_day_names_a_quarter() {
        assert_eq!(Quarter::from_key("2010-04-01"), Some(Quarter::of(day("2010-05-05"))));
        assert_eq!(Quarter::from_key("2010-04-02"), None);
        assert_eq!(Quarter::from_key("soon"), None);
    }

    #[test]
    fn quarters_between_hold_both_ends() {
        let keys: Vec<String> =
            Quarter::between(day("2010-02-01"), day("2010-07-01")).into_iter().map(Quarter::key).collect();
        assert_eq!(keys, ["2010-01-01", "2010-04-01", "2010-07-01"]);
        assert!(Quarter::between(day("2010-02-01"), day("2009-12-31")).is_empty());
    }
}
