//! Months by name, and working days in England, computed for any year with the one-off days as proclaimed; it never reads a clock or a list from the network.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// The months in English, in small letters; January first.
pub const MONTHS: [&str; 12] = [
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

/// The number of the month a word names, from 1: `October`, `oct`, `Sept`; three letters or more of its beginning.
pub fn month_named(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let is_long_enough = word.chars().count() >= 3;
    (1..).zip(MONTHS).find(|(_, name)| is_long_enough && name.starts_with(&word)).map(|(number, _)| number)
}

/// A day on which banks, and so procurement periods, rest in England.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct BankHoliday {
    pub date: NaiveDate,
    pub name: String,
    /// Stands in for a holiday that fell on a weekend or on another holiday.
    pub is_substitute: bool,
}

/// England's bank holidays of a year, in order of date.
///
/// Rules: Banking and Financial Dealings Act 1971, Schedule 1, with New Year's Day (since 1974) and the first Monday in May
/// (since 1978) by proclamation; a holiday on a weekend moves to the next weekday that is not one itself (gov.uk/bank-holidays).
/// Right for 1990 to today with the days moved or added below; for years to come, as far as they are proclaimed:
/// [`WorkingCalendar::with_proclaimed`] takes what comes later.
pub fn bank_holidays(year: i32) -> Vec<BankHoliday> {
    let mut days = Vec::with_capacity(10);
    let mut add = |date: Option<NaiveDate>, name: &str| {
        if let Some(date) = date {
            days.push(BankHoliday { date, name: name.to_owned(), is_substitute: false });
        }
    };
    let easter = easter_sunday(year);
    add(day(year, 1, 1), "New Year’s Day");
    add(easter.and_then(|sunday| sunday.checked_sub_days(Days::new(2))), "Good Friday");
    add(easter.and_then(|sunday| sunday.checked_add_days(Days::new(1))), "Easter Monday");
    let early_may = match year {
        // Moved to the 50th and the 75th anniversary of VE Day (proclamations of 1994 and 2019).
        1995 | 2020 => day(year, 5, 8),
        _ => NaiveDate::from_weekday_of_month_opt(year, 5, Weekday::Mon, 1),
    };
    add(early_may, "Early May bank holiday");
    let spring = match year {
        // Moved to make four days with the Golden, Diamond and Platinum Jubilees.
        2002 | 2012 => day(year, 6, 4),
        2022 => day(year, 6, 2),
        _ => last_monday(year, 5),
    };
    add(spring, "Spring bank holiday");
    add(last_monday(year, 8), "Summer bank holiday");
    add(day(year, 12, 25), "Christmas Day");
    add(day(year, 12, 26), "Boxing Day");
    for (date, name) in ONE_OFFS {
        if date.0 == year {
            add(day(date.0, date.1, date.2), name);
        }
    }
    // In 2012 the jubilee took the Tuesday after the moved spring holiday, in 2002 the Monday before it.
    days.sort();
    substituted(days)
}

/// Days added once (London Gazette; listed at gov.uk/bank-holidays and its archive).
const ONE_OFFS: &[((i32, u32, u32), &str)] = &[
    ((1999, 12, 31), "Millennium holiday"),
    ((2002, 6, 3), "Golden Jubilee"),
    ((2011, 4, 29), "Royal wedding"),
    ((2012, 6, 5), "Diamond Jubilee"),
    ((2022, 6, 3), "Platinum Jubilee"),
    ((2022, 9, 19), "State Funeral of Queen Elizabeth II"),
    ((2023, 5, 8), "Coronation of King Charles III"),
];

/// Easter Sunday in the Gregorian calendar, by the anonymous computus (Nature, 20 April 1876; Meeus, Astronomical
/// Algorithms, chapter 8). `None` outside the years chrono can hold.
pub fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, in_century) = (year.div_euclid(100), year.rem_euclid(100));
    let (leap_centuries, century_rest) = (century.div_euclid(4), century.rem_euclid(4));
    let moon_drift = (century + 8).div_euclid(25);
    let moon_correction = (century - moon_drift + 1).div_euclid(3);
    let epact = (19 * golden + century - leap_centuries - moon_correction + 15).rem_euclid(30);
    let (leaps, leap_rest) = (in_century.div_euclid(4), in_century.rem_euclid(4));
    let to_sunday = (32 + 2 * century_rest + 2 * leaps - epact - leap_rest).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * to_sunday).div_euclid(451);
    let march_days = epact + to_sunday - 7 * late + 114;
    let month = u32::try_from(march_days.div_euclid(31)).ok()?;
    let of_month = u32::try_from(march_days.rem_euclid(31) + 1).ok()?;
    NaiveDate::from_ymd_opt(year, month, of_month)
}

/// Moves holidays that fall on a weekend to the next weekday no other holiday has.
fn substituted(days: Vec<BankHoliday>) -> Vec<BankHoliday> {
    let fixed: Vec<NaiveDate> = days.iter().map(|holiday| holiday.date).filter(|date| !is_weekend(*date)).collect();
    let mut moved: Vec<BankHoliday> = Vec::with_capacity(days.len());
    for mut holiday in days {
        if is_weekend(holiday.date) {
            holiday.is_substitute = true;
            while is_weekend(holiday.date)
                || fixed.contains(&holiday.date)
                || moved.iter().any(|other| other.date == holiday.date)
            {
                let Some(next) = holiday.date.succ_opt() else {
                    break;
                };
                holiday.date = next;
            }
        }
        moved.push(holiday);
    }
    moved.sort();
    moved
}

/// England's working days, with the holidays proclaimed after this was written.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct WorkingCalendar {
    proclaimed: Vec<NaiveDate>,
}

impl WorkingCalendar {
    /// The days an operator has added: each counts as a holiday besides those computed.
    pub fn with_proclaimed(proclaimed: Vec<NaiveDate>) -> Self {
        Self { proclaimed }
    }

    /// Neither a weekend nor a bank holiday.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !is_weekend(date)
            && !self.proclaimed.contains(&date)
            && !bank_holidays(date.year()).iter().any(|holiday| holiday.date == date)
    }

    /// The `count`th working day after this one; with 0, the day itself, working or not.
    pub fn add_working_days(&self, from: NaiveDate, count: u32) -> NaiveDate {
        let mut date = from;
        let mut left = count;
        while left > 0 {
            let Some(next) = date.succ_opt() else { break };
            date = next;
            if self.is_working_day(date) {
                left -= 1;
            }
        }
        date
    }

    /// The last of `days` working days that begin with the day of publication, if that is a working day, else with the next
    /// one. With 0, the day of publication itself.
    pub fn standstill_end(&self, published: NaiveDate, days: u32) -> NaiveDate {
        if self.is_working_day(published) {
            self.add_working_days(published, days.saturating_sub(1))
        } else {
            self.add_working_days(published, days)
        }
    }

    /// The day itself, or the next working day when it is none.
    pub fn roll_on(&self, date: NaiveDate) -> NaiveDate {
        if self.is_working_day(date) { date } else { self.add_working_days(date, 1) }
    }
}

/// [`WorkingCalendar::is_working_day`] with the holidays known here.
pub fn is_working_day(date: NaiveDate) -> bool {
    WorkingCalendar::default().is_working_day(date)
}

/// [`WorkingCalendar::add_working_days`] with the holidays known here.
pub fn add_working_days(from: NaiveDate, count: u32) -> NaiveDate {
    WorkingCalendar::default().add_working_days(from, count)
}

/// [`WorkingCalendar::standstill_end`] with the holidays known here.
pub fn standstill_end(published: NaiveDate, days: u32) -> NaiveDate {
    WorkingCalendar::default().standstill_end(published, days)
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn day(year: i32, month: u32, of_month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, of_month)
}

fn last_monday(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 5)
        .or_else(|| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 4))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn dates(year: i32) -> Vec<String> {
        bank_holidays(year).iter().map(|holiday| holiday.date.format("%m-%d").to_string()).collect()
    }

    /// As published for each year (gov.uk/bank-holidays, its archived versions, and the proclamations).
    #[test]
    fn published_years() {
        let published = [
            (1995, "01-02 04-14 04-17 05-08 05-29 08-28 12-25 12-26"),
            (1999, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28 12-31"),
            (2000, "01-03 04-21 04-24 05-01 05-29 08-28 12-25 12-26"),
            (2002, "01-01 03-29 04-01 05-06 06-03 06-04 08-26 12-25 12-26"),
            (2009, "01-01 04-10 04-13 05-04 05-25 08-31 12-25 12-28"),
            (2010, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
            (2011, "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27"),
            (2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
            (2016, "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27"),
            (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
            (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
            (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
            (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
            (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
            (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
            (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
            (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
            (2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
        ];
        for (year, expected) in published {
            assert_eq!(dates(year).join(" "), expected, "{year}");
        }
    }

    #[test]
    fn easter_as_published() {
        for (year, expected) in [
            (1990, "1990-04-15"),
            (2000, "2000-04-23"),
            (2008, "2008-03-23"),
            (2011, "2011-04-24"),
            (2019, "2019-04-21"),
            (2038, "2038-04-25"),
            (2049, "2049-04-18"),
            (2076, "2076-04-19"),
            (2100, "2100-03-28"),
        ] {
            assert_eq!(easter_sunday(year), Some(on(expected)));
        }
    }

    #[test]
    fn standstills_of_eight_working_days() {
        for (published, ends) in [
            ("2026-02-02", "2026-02-11"),
            ("2026-03-27", "2026-04-09"),
            ("2025-12-22", "2026-01-05"),
            ("2026-03-28", "2026-04-10"),
            // Good Friday itself: as the Saturday after it.
            ("2026-04-03", "2026-04-16"),
        ] {
            assert_eq!(standstill_end(on(published), 8), on(ends), "{published}");
        }
        assert_eq!(standstill_end(on("2026-02-02"), 1), on("2026-02-02"));
        assert_eq!(standstill_end(on("2026-02-07"), 1), on("2026-02-09"));
    }

    #[test]
    fn a_day_proclaimed_later_counts() {
        let calendar = WorkingCalendar::with_proclaimed(vec![on("2026-02-05")]);
        assert_eq!(calendar.standstill_end(on("2026-02-02"), 8), on("2026-02-12"));
        assert_eq!(calendar.roll_on(on("2026-02-05")), on("2026-02-06"));
    }

    #[test]
    fn edges_do_not_panic() {
        assert_eq!(add_working_days(NaiveDate::MAX, 3), NaiveDate::MAX);
        bank_holidays(i32::MAX / 32);
        bank_holidays(-200_000);
        easter_sunday(1583);
    }

    proptest! {
        #[test]
        fn every_year_has_eight_weekdays_or_more(year in 1990..=2100) {
            let holidays = bank_holidays(year);
            prop_assert!((8..=10).contains(&holidays.len()));
            prop_assert!(holidays.iter().all(|one| !is_weekend(one.date) && one.date.year() == year));
            prop_assert!(holidays.windows(2).all(|pair| pair[0].date < pair[1].date));
            let easter = easter_sunday(year).unwrap();
            prop_assert_eq!(easter.weekday(), Weekday::Sun);
            let earliest = NaiveDate::from_ymd_opt(year, 3, 22).unwrap();
            let latest = NaiveDate::from_ymd_opt(year, 4, 25).unwrap();
            prop_assert!((earliest..=latest).contains(&easter));
        }

        /// Counted the slow way: the end is a working day and exactly `days` lie in the period.
        #[test]
        fn a_standstill_holds_its_working_days(offset in 0_u64..40_000, days in 1_u32..30) {
            let published = on("1990-01-01").checked_add_days(Days::new(offset)).unwrap();
            let end = standstill_end(published, days);
            prop_assert!(is_working_day(end));
            let counted = published.iter_days().take_while(|date| *date <= end).filter(|date| is_working_day(*date)).count();
            prop_assert_eq!(counted, days as usize);
        }

        #[test]
        fn adding_in_two_steps_is_adding_at_once(offset in 0_u64..40_000, one in 0_u32..20, two in 0_u32..20) {
            let from = on("1990-01-01").checked_add_days(Days::new(offset)).unwrap();
            prop_assert_eq!(add_working_days(add_working_days(from, one), two), add_working_days(from, one + two));
        }
    }
}
