//! The standstill: days between telling bidders the outcome and making an award. It never ends before midnight in London.

use chrono::{Days, NaiveDate};
use hiec_kernel::Timestamp;
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::clock::{date_on_page, day_on_page, london_date, start_of_day};
use serde::{Deserialize, Serialize};

use crate::calls::design::{Standstill as DesignedStandstill, StandstillCount};
use crate::refusal::Refusal;

/// How the days are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "counted", content = "days", rename_all = "snake_case")]
pub enum StandstillRule {
    /// Working days, the day of publication the first of them when it is one (Procurement Act 2023, section 51: eight).
    WorkingDays(u32),
    /// Working days, beginning with the first one after the day of publication.
    WorkingDaysAfter(u32),
    /// Calendar days after the day of publication; an end on a day that is no working day rolls on to the next one (as the
    /// Public Contracts Regulations 2006 counted ten).
    CalendarDaysRollOn(u32),
}

impl Default for StandstillRule {
    fn default() -> Self {
        Self::WorkingDays(8)
    }
}

impl From<&DesignedStandstill> for StandstillRule {
    fn from(designed: &DesignedStandstill) -> Self {
        match designed.counted {
            StandstillCount::BeginningWithTheDay => Self::WorkingDays(designed.working_days),
            StandstillCount::FromTheDayAfter => Self::WorkingDaysAfter(designed.working_days),
        }
    }
}

impl StandstillRule {
    /// The last day of the standstill; an award is possible from the next midnight on.
    pub fn last_day(self, published: NaiveDate, calendar: &WorkingCalendar) -> NaiveDate {
        match self {
            Self::WorkingDays(days) => calendar.standstill_end(published, days),
            Self::WorkingDaysAfter(days) => calendar.add_working_days(published, days),
            Self::CalendarDaysRollOn(days) => {
                calendar.roll_on(published.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX))
            }
        }
    }

    /// The rule in the words of the letters.
    pub fn statement(self) -> String {
        match self {
            Self::WorkingDays(days) => format!(
                "No award is made during a standstill of {days} working days in England, beginning with the day of this notice if it is a working day, and ending at midnight at the end of the last."
            ),
            Self::WorkingDaysAfter(days) => format!(
                "No award is made during a standstill of {days} working days in England, beginning with the first working day after this notice, and ending at midnight at the end of the last."
            ),
            Self::CalendarDaysRollOn(days) => format!(
                "No award is made during a standstill that ends at midnight at the end of the {days}th day after this notice, or of the next working day in England if that is none."
            ),
        }
    }
}

/// A standstill that was begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standstill {
    pub published: Timestamp,
    pub last_day: NaiveDate,
    /// The first moment that is no longer in it: London's midnight after the last day.
    pub ends: Timestamp,
}

impl Standstill {
    /// Begins with the moment the notices went out.
    pub fn begin(rule: StandstillRule, published: Timestamp, calendar: &WorkingCalendar) -> Result<Self, Refusal> {
        let last_day = rule.last_day(london_date(published), calendar);
        let ends = last_day.succ_opt().and_then(|day| start_of_day(day).ok()).ok_or_else(|| {
            Refusal::new(
                "The end of the standstill cannot be computed",
                "Check the number of days in the call’s award rules.",
            )
        })?;
        Ok(Self { published, last_day, ends })
    }

    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.ends
    }

    /// For pages and letters.
    pub fn explanation(&self) -> String {
        format!(
            "Published on {}. The standstill ends at midnight at the end of {}.",
            date_on_page(self.published),
            day_on_page(self.last_day)
        )
    }
}

#[cfg(test)]
mod tests {
    use hiec_kernel::clock::{from_london, iso};
    use proptest::prelude::*;

    use super::*;

    fn begin(rule: StandstillRule, published: &str) -> Standstill {
        Standstill::begin(rule, from_london(published).unwrap(), &WorkingCalendar::default()).unwrap()
    }

    #[test]
    fn worked_examples() {
        for (rule, published, last_day) in [
            (StandstillRule::default(), "2026-02-02T09:00", "2026-02-11"),
            (StandstillRule::default(), "2026-03-27T09:00", "2026-04-09"),
            (StandstillRule::default(), "2025-12-22T09:00", "2026-01-05"),
            (StandstillRule::default(), "2026-03-28T09:00", "2026-04-10"),
            (StandstillRule::WorkingDaysAfter(8), "2026-02-02T09:00", "2026-02-12"),
            // Ten days from Monday 30 November 2009: Thursday; from Tuesday 15 December: Christmas Day, on to Tuesday 29.
            (StandstillRule::CalendarDaysRollOn(10), "2009-11-30T09:00", "2009-12-10"),
            (StandstillRule::CalendarDaysRollOn(10), "2009-12-15T09:00", "2009-12-29"),
        ] {
            assert_eq!(begin(rule, published).last_day.to_string(), last_day, "{rule:?} {published}");
        }
    }

    #[test]
    fn it_ends_at_londons_midnight_and_not_a_millisecond_earlier() {
        let winter = begin(StandstillRule::default(), "2026-02-02T23:59");
        assert_eq!(iso(winter.ends), "2026-02-12T00:00:00.000Z");
        let summer = begin(StandstillRule::default(), "2026-03-27T09:00");
        assert_eq!(iso(summer.ends), "2026-04-09T23:00:00.000Z");
        assert!(summer.is_over(summer.ends));
        assert!(!summer.is_over(summer.ends - chrono::Duration::milliseconds(1)));
        assert!(!summer.is_over(summer.ends - chrono::Duration::minutes(1)));
        assert_eq!(
            summer.explanation(),
            "Published on 27 March 2026. The standstill ends at midnight at the end of 9 April 2026."
        );
        // Half past midnight in summer time is still the evening before in UTC, and the new day in London.
        let late = begin(StandstillRule::default(), "2026-06-02T00:30");
        assert_eq!(late.last_day.to_string(), "2026-06-11");
    }

    #[test]
    fn a_design_says_which_rule() {
        let designed: DesignedStandstill = serde_json::from_value(serde_json::json!(
            {"working_days": 10, "counted": "from_the_day_after", "source": {"value": "", "source": ""}}
        ))
        .unwrap();
        assert_eq!(StandstillRule::from(&designed), StandstillRule::WorkingDaysAfter(10));
        assert!(
            Standstill::begin(
                StandstillRule::CalendarDaysRollOn(u32::MAX),
                from_london("2026-02-02T09:00").unwrap(),
                &WorkingCalendar::default()
            )
            .is_err()
        );
    }

    proptest! {
        #[test]
        fn longer_is_never_shorter(minutes in 0_i64..20_000_000, days in 1_u32..20) {
            let published = from_london("2009-01-01T00:00").unwrap() + chrono::Duration::minutes(minutes);
            let calendar = WorkingCalendar::default();
            for rule in [StandstillRule::WorkingDays, StandstillRule::WorkingDaysAfter, StandstillRule::CalendarDaysRollOn] {
                let short = Standstill::begin(rule(days), published, &calendar).unwrap();
                let long = Standstill::begin(rule(days + 1), published, &calendar).unwrap();
                prop_assert!(short.ends <= long.ends && !short.is_over(published));
                prop_assert!(calendar.is_working_day(short.last_day));
            }
        }
    }
}
