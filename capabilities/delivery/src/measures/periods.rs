//! Periods of a measure: weeks, months, quarters and years, how people and programs write them. It knows no figure.

use chrono::{Datelike, Days, Months, NaiveDate};
use hiec_kernel::closed_list;

closed_list! {
    /// How often a measure is counted.
    PeriodKind {
        Week = "week", "Week (Monday to Sunday)";
        Month = "month", "Month";
        Quarter = "quarter", "Quarter (January, April, July, October)";
        Year = "year", "Financial year (April to March)";
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl PeriodKind {
    /// The first day of the period a day lies in.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let first = |year, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(day);
        match self {
            Self::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Self::Month => first(day.year(), day.month()),
            Self::Quarter => first(day.year(), day.month0() / 3 * 3 + 1),
            Self::Year if day.month() < 4 => first(day.year() - 1, 4),
            Self::Year => first(day.year(), 4),
        }
    }

    /// The first day of the period after the one that begins here.
    pub fn next(self, start: NaiveDate) -> NaiveDate {
        self.months().map_or_else(|| start + Days::new(7), |months| start + Months::new(months))
    }

    /// The first day of the period before the one that begins here.
    pub fn before(self, start: NaiveDate) -> NaiveDate {
        self.months().map_or_else(|| start - Days::new(7), |months| start - Months::new(months))
    }

    fn months(self) -> Option<u32> {
        match self {
            Self::Week => None,
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Year => Some(12),
        }
    }

    /// The start of the last period that has ended on this day.
    pub fn last_complete(self, today: NaiveDate) -> NaiveDate {
        self.before(self.start(today))
    }

    /// As people say it: `June 2010`, `April to June 2010`, `2010/11`.
    pub fn name(self, start: NaiveDate) -> String {
        match self {
            Self::Week => format!("Week of {}", start.format("%-d %B %Y")),
            Self::Month => start.format("%B %Y").to_string(),
            Self::Quarter => format!("{} to {}", start.format("%B"), (start + Months::new(2)).format("%B %Y")),
            Self::Year => format!("{}/{:02}", start.year(), (start.year() + 1).rem_euclid(100)),
        }
    }

    /// As addresses and files write it: `2010-06`, `2010-Q2`; weeks and years by their first day.
    pub fn code(self, start: NaiveDate) -> String {
        match self {
            Self::Week | Self::Year => start.to_string(),
            Self::Month => start.format("%Y-%m").to_string(),
            Self::Quarter => format!("{}-Q{}", start.year(), start.month0() / 3 + 1),
        }
    }

    /// As DHIS2 writes it: `201006`, `2010Q2`, `2010April`, `2010W24`.
    pub fn dhis2(self, start: NaiveDate) -> String {
        match self {
            Self::Week => format!("{}W{}", start.iso_week().year(), start.iso_week().week()),
            Self::Month => start.format("%Y%m").to_string(),
            Self::Quarter => format!("{}Q{}", start.year(), start.month0() / 3 + 1),
            Self::Year => format!("{}April", start.year()),
        }
    }

    /// `monthly`
    pub fn how_often(self) -> &'static str {
        match self {
            Self::Week => "weekly",
            Self::Month => "monthly",
            Self::Quarter => "quarterly",
            Self::Year => "yearly",
        }
    }

    /// An example of how it may be written.
    pub fn example(self) -> &'static str {
        match self {
            Self::Week => "2010-06-07 or 2010W23",
            Self::Month => "2010-06 or 201006",
            Self::Quarter => "2010-Q2 or 2010Q2",
            Self::Year => "2010/11 or 2010April",
        }
    }

    /// Reads a period as people and programs write it, and gives its first day.
    pub fn read(self, typed: &str) -> Option<NaiveDate> {
        let typed = typed.trim();
        let day = self.by_name(typed).or_else(|| a_day(typed)).filter(|day| (1948..=2200).contains(&day.year()))?;
        Some(self.start(day))
    }

    fn by_name(self, typed: &str) -> Option<NaiveDate> {
        let first = |year: &str, month: u32| NaiveDate::from_ymd_opt(four_digits(year)?, month, 1);
        match self {
            Self::Week => {
                let (year, week) = typed.split_once(['W', 'w'])?;
                let year = four_digits(year.trim_end_matches('-'))?;
                NaiveDate::from_isoywd_opt(year, week.parse().ok()?, chrono::Weekday::Mon)
            }
            Self::Month => month_and_year(typed),
            Self::Quarter => {
                let (year, quarter) = typed.split_once(['Q', 'q'])?;
                let quarter: u32 = quarter.trim().parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
                first(year.trim_end_matches(['-', ' ']), quarter * 3 - 2)
            }
            Self::Year => {
                if let Some(year) = typed.strip_suffix("April") {
                    return first(year, 4);
                }
                let (year, next) = typed.split_once('/')?;
                let start = first(year, 4)?;
                let follows =
                    next.parse() == Ok((start.year() + 1).rem_euclid(100)) || next.parse() == Ok(start.year() + 1);
                follows.then_some(start)
            }
        }
    }
}

fn four_digits(year: &str) -> Option<i32> {
    (year.len() == 4).then(|| year.parse().ok()).flatten()
}

/// `2010-06`, `201006`, `June 2010`, `Jun-10`.
fn month_and_year(typed: &str) -> Option<NaiveDate> {
    let of = |year: i32, month: u32| NaiveDate::from_ymd_opt(year, month, 1);
    if let Some((year, month)) = typed.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() <= 2) {
        return of(four_digits(year)?, month.parse().ok()?);
    }
    if typed.len() == 6 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return of(typed.get(..4)?.parse().ok()?, typed.get(4..)?.parse().ok()?);
    }
    let (name, year) = typed.split_once([' ', '-'])?;
    let name = name.to_lowercase();
    let month = MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(&name))?;
    let year = match year.trim().len() {
        2 => year.trim().parse::<i32>().ok()? + 2000,
        _ => four_digits(year.trim())?,
    };
    of(year, u32::try_from(month).ok()? + 1)
}

/// `2010-06-01`, `20100601`, `01/06/2010`, and what a workbook gives for a date.
fn a_day(typed: &str) -> Option<NaiveDate> {
    let digits = typed.as_bytes();
    // The usual spelling, without the cost of a format: files of a million lines have it.
    if let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = digits {
        let number = |places: &[u8]| {
            places
                .iter()
                .try_fold(0_u32, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
        };
        let year = i32::try_from(number(&[*y1, *y2, *y3, *y4])?).ok()?;
        return NaiveDate::from_ymd_opt(year, number(&[*m1, *m2])?, number(&[*d1, *d2])?);
    }
    let typed = typed.split(['T', ' ']).next().unwrap_or(typed);
    ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y"].iter().find_map(|format| NaiveDate::parse_from_str(typed, format).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_read_however_it_is_written() {
        for typed in [
            "2010-06",
            "201006",
            "June 2010",
            "jun 2010",
            "Jun-10",
            "2010-06-01",
            "20100630",
            "15/06/2010",
            "2010-06-01T00:00:00",
        ] {
            assert_eq!(PeriodKind::Month.read(typed), Some(day("2010-06-01")), "{typed}");
        }
        for typed in ["2010Q2", "2010-Q2", "2010-05-09"] {
            assert_eq!(PeriodKind::Quarter.read(typed), Some(day("2010-04-01")), "{typed}");
        }
        for typed in ["2010April", "2010/11", "2010/2011", "2011-03-31"] {
            assert_eq!(PeriodKind::Year.read(typed), Some(day("2010-04-01")), "{typed}");
        }
        for typed in ["2010W23", "2010-W23", "2010-06-13"] {
            assert_eq!(PeriodKind::Week.read(typed), Some(day("2010-06-07")), "{typed}");
        }
    }

    #[test]
    fn what_is_no_period_is_none() {
        for typed in ["", "soon", "2010-13", "2010Q5", "30/02/2010", "2010", "9999-01"] {
            for kind in PeriodKind::ALL {
                assert_eq!(kind.read(typed), None, "{typed} as {}", kind.key());
            }
        }
        assert_eq!(PeriodKind::Year.read("2010/12"), None);
    }

    #[test]
    fn periods_follow_one_another_and_are_read_as_they_are_written() {
        for kind in PeriodKind::ALL {
            let mut start = kind.start(day("2008-02-29"));
            for _ in 0..60 {
                assert_eq!(kind.before(kind.next(start)), start);
                assert_eq!(kind.start(kind.next(start) - Days::new(1)), start);
                assert_eq!(kind.read(&kind.dhis2(start)), Some(start), "{}", kind.dhis2(start));
                assert_eq!(kind.read(&kind.code(start)), Some(start), "{}", kind.code(start));
                start = kind.next(start);
            }
        }
        assert_eq!(PeriodKind::Month.last_complete(day("2010-07-01")), day("2010-06-01"));
        assert_eq!(PeriodKind::Quarter.name(day("2010-04-01")), "April to June 2010");
        assert_eq!(PeriodKind::Year.name(day("2009-04-01")), "2009/10");
    }
}
