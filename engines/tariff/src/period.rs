//! Days from and to, both counted; it must never hold an end before its beginning.

use std::fmt;

use chrono::{Datelike, NaiveDate};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

impl Period {
    pub fn new(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// The financial year that begins on 1 April of this year.
    pub fn financial_year(year: i32) -> Option<Self> {
        Self::new(NaiveDate::from_ymd_opt(year, 4, 1)?, NaiveDate::from_ymd_opt(year.checked_add(1)?, 3, 31)?)
    }

    /// Reads `2014/15` or `2014/2015`.
    pub fn parse_year(text: &str) -> Option<Self> {
        let (first, next) = text.trim().split_once(['/', '-'])?;
        let first: i32 = first.parse().ok().filter(|year| (1900..2200).contains(year))?;
        let follows = next == (first + 1).to_string() || next == format!("{:02}", (first + 1) % 100);
        follows.then(|| Self::financial_year(first)).flatten()
    }

    /// The financial year a day lies in.
    pub fn year_of(day: NaiveDate) -> Option<Self> {
        Self::financial_year(if day.month() >= 4 { day.year() } else { day.year() - 1 })
    }

    pub fn from(self) -> NaiveDate {
        self.from
    }

    pub fn to(self) -> NaiveDate {
        self.to
    }

    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// `2014/15` where it is a financial year.
    pub fn year_name(self) -> Option<String> {
        (Self::year_of(self.from) == Some(self))
            .then(|| format!("{}/{:02}", self.from.year(), (self.from.year() + 1) % 100))
    }

    /// Cut before each of these days that lies within.
    pub fn cut(self, days: &[NaiveDate]) -> Vec<Self> {
        let mut days: Vec<NaiveDate> = days.iter().copied().filter(|day| self.from < *day && *day <= self.to).collect();
        days.sort_unstable();
        days.dedup();
        let mut parts = Vec::new();
        let mut from = self.from;
        for day in days {
            if let Some(before) = day.pred_opt() {
                parts.push(Self { from, to: before });
                from = day;
            }
        }
        parts.push(Self { from, to: self.to });
        parts
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year_name() {
            Some(year) => f.write_str(&year),
            None => write!(f, "{} to {}", self.from, self.to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_financial_year_is_read_and_named() {
        let year = Period::parse_year("2014/15").unwrap();
        assert_eq!(
            (year.from().to_string(), year.to().to_string()),
            ("2014-04-01".to_owned(), "2015-03-31".to_owned())
        );
        assert_eq!(year.days(), 365);
        assert_eq!(year.to_string(), "2014/15");
        assert_eq!(Period::parse_year("1999/2000").unwrap().to_string(), "1999/00");
        for wrong in ["2014/16", "2014", "14/15", ""] {
            assert_eq!(Period::parse_year(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_cut_loses_no_day() {
        let year = Period::parse_year("2014/15").unwrap();
        let day = |month, day| NaiveDate::from_ymd_opt(2014, month, day).unwrap();
        let parts = year.cut(&[day(4, 1), day(9, 1), day(9, 1), day(3, 1)]);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts.iter().map(|part| part.days()).sum::<i64>(), 365);
        assert_eq!(parts[1].from(), day(9, 1));
    }
}
