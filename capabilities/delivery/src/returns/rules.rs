//! What holds for returns whoever asks: which are owed, which are late or missing, when somebody is reminded, and what may be published. Pure.

use chrono::{Days, NaiveDate};
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::closed_list;
use serde::Serialize;

use super::content::{Content, KpiLine};
use super::quarter::Quarter;
use crate::kpis::rules::InForce;

/// The quarters a cluster owes a return for: those in which an agreed indicator is in force, up to the end of its term. Without a contract there is
/// nothing to report on.
pub fn owed(in_force: &[InForce], term_ends: NaiveDate) -> Vec<Quarter> {
    let mut quarters: Vec<Quarter> =
        in_force.iter().flat_map(|one| Quarter::between(one.from, one.to.min(term_ends))).collect();
    quarters.sort_unstable();
    quarters.dedup();
    quarters
}

/// How a return stands to its due day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "timing", rename_all = "snake_case")]
pub enum Timing {
    /// The quarter is not over.
    Running,
    /// The quarter is over and the return is not due yet.
    Due {
        in_days: i64,
    },
    /// Past its day and not signed.
    Late {
        by_days: i64,
    },
    /// Not signed, and the next one is due too.
    Missing {
        by_days: i64,
    },
    InTime,
    SignedLate {
        by_days: i64,
    },
}

impl Timing {
    /// `signed` is the day of the last signing, as long as it stands: one that was sent back counts no more.
    pub fn of(quarter: Quarter, signed: Option<NaiveDate>, today: NaiveDate, calendar: &WorkingCalendar) -> Self {
        let due = quarter.due(calendar);
        match signed {
            Some(signed) if signed <= due => Self::InTime,
            Some(signed) => Self::SignedLate { by_days: (signed - due).num_days() },
            None if today <= quarter.last_day() => Self::Running,
            None if today <= due => Self::Due { in_days: (due - today).num_days() },
            None if today > quarter.next().due(calendar) => Self::Missing { by_days: (today - due).num_days() },
            None => Self::Late { by_days: (today - due).num_days() },
        }
    }

    /// Whether somebody should act.
    pub fn is_behind(self) -> bool {
        matches!(self, Self::Late { .. } | Self::Missing { .. })
    }

    /// `5 days late`
    pub fn words(self) -> String {
        match self {
            Self::Running => "The quarter is not over".into(),
            Self::Due { in_days: 0 } => "Due today".into(),
            Self::Due { in_days } => format!("Due in {}", days(in_days)),
            Self::Late { by_days } => format!("{} late", days(by_days)),
            Self::Missing { by_days } => format!("Missing: {} late, and the next one was due too", days(by_days)),
            Self::InTime => "In time".into(),
            Self::SignedLate { by_days } => format!("Signed {} late", days(by_days)),
        }
    }
}

fn days(count: i64) -> String {
    if count == 1 { "1 day".into() } else { format!("{count} days") }
}

closed_list! {
    /// Why somebody is reminded of a return, in the order of the days.
    Reminder {
        Open = "open", "the quarter is over";
        Soon = "soon", "a week before the due day";
        Late = "late", "the day after the due day";
        StillLate = "still_late", "ten working days after the due day";
    }
}

impl Reminder {
    /// The day it goes out.
    pub fn day(self, quarter: Quarter, calendar: &WorkingCalendar) -> NaiveDate {
        let due = quarter.due(calendar);
        match self {
            Self::Open => calendar.add_working_days(quarter.last_day(), 1),
            Self::Soon => calendar.roll_on(due.checked_sub_days(Days::new(7)).unwrap_or(due)),
            Self::Late => calendar.add_working_days(due, 1),
            Self::StillLate => calendar.add_working_days(due, 10),
        }
    }

    /// The one to send today for a return that is not signed: the latest whose day has come, unless that one or a later one went out.
    pub fn due(quarter: Quarter, today: NaiveDate, sent: &[Self], calendar: &WorkingCalendar) -> Option<Self> {
        let latest = Self::ALL.iter().rev().copied().find(|one| one.day(quarter, calendar) <= today)?;
        sent.iter().all(|one| *one < latest).then_some(latest)
    }
}

/// The next day on which a return may need a reminder, after today.
pub fn next_look(owed: &[Quarter], today: NaiveDate, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    owed.iter()
        .flat_map(|quarter| Reminder::ALL.iter().map(|one| one.day(*quarter, calendar)))
        .filter(|day| *day > today)
        .min()
}

/// How much weight is on indicators that met their target, of how much in all.
pub fn weight_met(kpis: &[KpiLine]) -> (i64, i64) {
    use crate::kpis::rules::Rag;
    let sum = |lines: &mut dyn Iterator<Item = &KpiLine>| lines.map(|line| line.weight).sum();
    (sum(&mut kpis.iter().filter(|line| line.rag == Rag::Green)), sum(&mut kpis.iter()))
}

/// What may be published: a number that leads back to nothing is left out, and the page says that it is. "No link, not published."
pub fn published(mut content: Content) -> Content {
    for kpi in &mut content.kpis {
        if kpi.path.trim().is_empty() {
            kpi.withhold();
        }
    }
    if content.money.path.trim().is_empty() {
        content.money.withhold();
    }
    content.risks.retain(|risk| !risk.path.trim().is_empty());
    content.projects.retain(|project| !project.path.trim().is_empty());
    content
}

#[cfg(test)]
mod tests {
    use super::super::content::tests::sample;
    use super::*;
    use crate::kpis::rules::Rag;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn quarter(key: &str) -> Quarter {
        Quarter::parse(key).unwrap()
    }

    #[test]
    fn returns_are_owed_while_an_indicator_is_in_force() {
        let force = |from: &str, to: &str| InForce { from: day(from), to: day(to) };
        let owed = owed(&[force("2010-04-01", "2010-12-31"), force("2010-10-01", "2013-03-31")], day("2011-05-10"));
        let keys: Vec<String> = owed.iter().map(ToString::to_string).collect();
        assert_eq!(keys, ["2010-Q1", "2010-Q2", "2010-Q3", "2010-Q4", "2011-Q1"]);
        assert!(super::owed(&[], day("2012-01-01")).is_empty());
    }

    #[test]
    fn late_and_missing_are_told_apart() {
        let calendar = WorkingCalendar::default();
        let of = |signed: Option<&str>, today: &str| {
            Timing::of(quarter("2010-Q2"), signed.map(day), day(today), &calendar).words()
        };
        assert_eq!(of(None, "2010-09-30"), "The quarter is not over");
        assert_eq!(of(None, "2010-10-15"), "Due in 13 days");
        assert_eq!(of(None, "2010-10-28"), "Due today");
        assert_eq!(of(None, "2010-10-29"), "1 day late");
        assert_eq!(of(None, "2011-01-31"), "95 days late");
        assert_eq!(of(None, "2011-02-01"), "Missing: 96 days late, and the next one was due too");
        assert_eq!(of(Some("2010-10-28"), "2011-02-01"), "In time");
        assert_eq!(of(Some("2010-11-02"), "2011-02-01"), "Signed 5 days late");
    }

    #[test]
    fn each_reminder_goes_out_once_and_none_after_a_later_one() {
        let calendar = WorkingCalendar::default();
        let quarter = quarter("2010-Q2");
        let due = |today: &str, sent: &[Reminder]| Reminder::due(quarter, day(today), sent, &calendar);
        assert_eq!(due("2010-09-30", &[]), None);
        assert_eq!(due("2010-10-01", &[]), Some(Reminder::Open));
        assert_eq!(due("2010-10-15", &[Reminder::Open]), None);
        assert_eq!(due("2010-10-21", &[Reminder::Open]), Some(Reminder::Soon));
        assert_eq!(due("2010-10-29", &[Reminder::Open, Reminder::Soon]), Some(Reminder::Late));
        // Nobody looked for weeks: one letter, not four.
        assert_eq!(due("2010-11-11", &[]), Some(Reminder::StillLate));
        assert_eq!(due("2010-11-12", &[Reminder::StillLate]), None);
        assert_eq!(next_look(&[quarter], day("2010-10-01"), &calendar), Some(day("2010-10-21")));
        assert_eq!(next_look(&[quarter], day("2010-11-11"), &calendar), None);
    }

    #[test]
    fn a_number_without_a_link_is_not_published() {
        let mut content = sample();
        content.kpis[0].path = " ".into();
        content.money.path = String::new();
        content.risks[0].path = String::new();
        let shown = published(content.clone());
        let (was, is) = (&content.kpis[0], &shown.kpis[0]);
        assert!(was.value.is_some() && is.value.is_none() && is.points.is_empty(), "{is:?}");
        assert_eq!(
            (is.rag, is.name.as_str()),
            (Rag::NoFigure, was.name.as_str()),
            "the indicator is named all the same"
        );
        let text = serde_json::to_string(&shown).unwrap();
        assert!(!text.contains(&was.shown) && !text.contains("27500000"), "{text}");
        assert_eq!(shown.risks.len() + 1, content.risks.len());
        // What has its links stays as it was.
        assert_eq!(published(sample()), sample());
    }

    #[test]
    fn weights_of_met_targets_are_counted() {
        let (met, all) = weight_met(&sample().kpis);
        assert_eq!((met, all), (40, 100));
    }
}
