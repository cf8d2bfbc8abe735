//! Quarters as the NHS in England counts them: the financial year begins in April, so `2010-Q2` is July to September 2010. It reads no clock.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use hiec_kernel::calendar::WorkingCalendar;
use serde::{Deserialize, Serialize};

/// Working days after a quarter's end by which its return is due.
pub const DUE_WORKING_DAYS: u32 = 20;

/// A quarter of a financial year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Quarter {
    /// The calendar year in which the financial year begins.
    year: i32,
    /// 1 to 4.
    nth: u32,
}

impl Quarter {
    /// The quarter a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        let quarter_of_year = day.month0() / 3;
        match quarter_of_year {
            0 => Self { year: day.year() - 1, nth: 4 },
            nth => Self { year: day.year(), nth },
        }
    }

    /// Reads `2010-Q2`; years 1990 to 2100.
    pub fn parse(key: &str) -> Option<Self> {
        let (year, nth) = key.split_once("-Q")?;
        if year.len() != 4 || nth.len() != 1 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let quarter = Self { year: year.parse().ok()?, nth: nth.parse().ok()? };
        ((1990..=2100).contains(&quarter.year) && (1..=4).contains(&quarter.nth)).then_some(quarter)
    }

    pub fn next(self) -> Self {
        match self.nth {
            4 => Self { year: self.year.saturating_add(1), nth: 1 },
            nth => Self { year: self.year, nth: nth + 1 },
        }
    }

    pub fn first_day(self) -> NaiveDate {
        let (year, month) = match self.nth {
            4 => (self.year.saturating_add(1), 1),
            nth => (self.year, 1 + 3 * nth),
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
    }

    pub fn last_day(self) -> NaiveDate {
        self.first_day().checked_add_months(Months::new(3)).and_then(|day| day.pred_opt()).unwrap_or(NaiveDate::MAX)
    }

    /// The last day on which its return is in time.
    pub fn due(self, calendar: &WorkingCalendar) -> NaiveDate {
        calendar.add_working_days(self.last_day(), DUE_WORKING_DAYS)
    }

    /// `2010-11`
    pub fn financial_year(self) -> String {
        format!("{}-{:02}", self.year, (self.year + 1).rem_euclid(100))
    }

    /// `Quarter 2 of 2010-11`
    pub fn label(self) -> String {
        format!("Quarter {} of {}", self.nth, self.financial_year())
    }

    /// `July to September 2010`
    pub fn months(self) -> String {
        format!("{} to {}", self.first_day().format("%B"), self.last_day().format("%B %Y"))
    }

    /// `Quarter 2 of 2010-11 (July to September 2010)`
    pub fn full(self) -> String {
        format!("{} ({})", self.label(), self.months())
    }

    /// Every quarter that touches these days, in order.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Vec<Self> {
        let last = Self::of(to);
        let mut all = Vec::new();
        let mut one = Self::of(from);
        // A term of a hundred years is a slip of the keyboard.
        while one <= last && all.len() < 400 {
            all.push(one);
            one = one.next();
        }
        all
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.nth)
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> Self {
        quarter.to_string()
    }
}

impl TryFrom<String> for Quarter {
    type Error = String;

    fn try_from(key: String) -> Result<Self, String> {
        Self::parse(&key).ok_or_else(|| format!("{key} is no quarter: write 2010-Q2 for July to September 2010"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_year_begins_in_april() {
        for (on, key, label, months) in [
            ("2010-04-01", "2010-Q1", "Quarter 1 of 2010-11", "April to June 2010"),
            ("2010-09-30", "2010-Q2", "Quarter 2 of 2010-11", "July to September 2010"),
            ("2010-12-31", "2010-Q3", "Quarter 3 of 2010-11", "October to December 2010"),
            ("2011-01-01", "2010-Q4", "Quarter 4 of 2010-11", "January to March 2011"),
            ("2000-01-31", "1999-Q4", "Quarter 4 of 1999-00", "January to March 2000"),
        ] {
            let quarter = Quarter::of(day(on));
            assert_eq!((quarter.to_string().as_str(), quarter.label().as_str()), (key, label));
            assert_eq!(quarter.months(), months);
            assert_eq!(Quarter::parse(key), Some(quarter));
        }
    }

    #[test]
    fn what_is_no_quarter_is_refused() {
        for key in
            ["2010-Q0", "2010-Q5", "2010-q1", "10-Q1", "2010Q1", "", "2010-Q", "-Q1", "9999-Q1", "+010-Q1", "2010-Q11"]
        {
            assert_eq!(Quarter::parse(key), None, "{key}");
        }
        assert!(serde_json::from_str::<Quarter>("\"2010-Q9\"").is_err());
    }

    #[test]
    fn a_return_is_due_twenty_working_days_after_the_quarter() {
        // July 2010 has no bank holiday; Christmas 2010 fell on a weekend, so 27 and 28 December were none either way,
        // and 3 January stood in for New Year’s Day.
        for (key, due) in [("2010-Q1", "2010-07-28"), ("2010-Q2", "2010-10-28"), ("2010-Q3", "2011-01-31")] {
            assert_eq!(Quarter::parse(key).unwrap().due(&WorkingCalendar::default()), day(due), "{key}");
        }
    }

    #[test]
    fn a_term_is_every_quarter_it_touches() {
        let term = Quarter::between(day("2010-02-01"), day("2010-07-01"));
        assert_eq!(term.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2009-Q4", "2010-Q1", "2010-Q2"]);
        assert!(Quarter::between(day("2010-07-01"), day("2010-02-01")).is_empty());
    }

    proptest! {
        #[test]
        fn quarters_follow_each_other_without_gap(days in 0_u64..36_000) {
            let on = day("1991-01-01") + chrono::Days::new(days);
            let quarter = Quarter::of(on);
            prop_assert!(quarter.first_day() <= on && on <= quarter.last_day());
            prop_assert_eq!(quarter.last_day().succ_opt().unwrap(), quarter.next().first_day());
            prop_assert_eq!(Quarter::parse(&quarter.to_string()), Some(quarter));
            prop_assert!(quarter < quarter.next());
        }
    }
}
