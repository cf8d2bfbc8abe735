//! How quality stands: levels of a self-assessment, states of a requirement, levels of escalation, and the days they are due. Pure rules, no page and no SQL.

use chrono::NaiveDate;
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// How far a standard is met, in the host's own judgement.
    Level {
        NotMet = "not_met", "Not met";
        Partly = "partly", "Partly met";
        Met = "met", "Met";
        Exceeded = "exceeded", "More than met";
    }
}

impl Level {
    fn points(self) -> i64 {
        match self {
            Self::NotMet => 0,
            Self::Partly => 1,
            Self::Met => 2,
            Self::Exceeded => 3,
        }
    }
}

/// The score of a self-assessment: its points of the most it could have, in hundredths of a percent; rounded once, halves up.
pub(crate) fn score(levels: &[Level]) -> Option<i64> {
    let most = i64::try_from(levels.len()).ok().filter(|count| *count > 0)? * 3;
    let points: i64 = levels.iter().map(|level| level.points()).sum();
    Some((points * 20_000 + most) / (2 * most))
}

closed_list! {
    /// Why the region comes.
    VisitKind {
        UrgentRisk = "urgent_risk", "Urgent risk review";
        Programme = "programme", "Programme review";
        Learner = "learner_educator", "Learner or educator review";
        SeniorLeader = "senior_leader", "Senior leader engagement visit";
    }
}

closed_list! {
    /// What a visit found.
    FindingKind {
        Good = "good", "Good practice";
        Concern = "concern", "Concern";
    }
}

closed_list! {
    /// What a host must or should do, and who said so.
    RequirementKind {
        Immediate = "immediate", "Immediate mandatory requirement";
        Mandatory = "mandatory", "Mandatory requirement";
        Recommended = "recommended", "Recommendation";
        Own = "own", "Action of the cluster's own";
    }
}

/// Working days in which an immediate mandatory requirement is to be answered, the day after it was set being the first.
pub(crate) const IMMEDIATE_DAYS: u32 = 5;

/// When something set today is due: an immediate one in five working days of England, whatever was asked; others on the day asked for.
pub(crate) fn due(kind: RequirementKind, set: NaiveDate, asked: Option<NaiveDate>) -> Result<NaiveDate, String> {
    match (kind, asked) {
        (RequirementKind::Immediate, _) => Ok(WorkingCalendar::default().add_working_days(set, IMMEDIATE_DAYS)),
        (_, Some(day)) if day >= set => Ok(day),
        (_, Some(_)) => Err("Enter a day for it that has not passed".to_owned()),
        (_, None) => Err("Enter the day by which it is to be done".to_owned()),
    }
}

/// Where a requirement stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum Requirement {
    Open { due: NaiveDate },
    Answered { due: NaiveDate, answer: String },
    Closed { answer: String, why: String },
}

/// What happens to a requirement, in order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Step {
    /// The host says what it did; evidence as text and, where it has one, a link.
    Answered { words: String, link: String },
    /// Whoever set it is not satisfied.
    Returned { why: String, due: NaiveDate },
    /// Whoever set it is satisfied.
    Closed { why: String },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum NoStep {
    #[error("It is closed already")]
    Closed,
    #[error("It has an answer already, which waits to be judged")]
    Answered,
    #[error("It has no answer yet, so there is nothing to judge")]
    Unanswered,
    #[error("The new day lies before the old one")]
    Earlier,
}

impl Requirement {
    pub fn take(self, step: &Step) -> Result<Self, NoStep> {
        match (self, step) {
            (Self::Closed { .. }, _) => Err(NoStep::Closed),
            (Self::Open { due }, Step::Answered { words, .. }) => Ok(Self::Answered { due, answer: words.clone() }),
            (Self::Open { .. }, _) => Err(NoStep::Unanswered),
            (Self::Answered { .. }, Step::Answered { .. }) => Err(NoStep::Answered),
            (Self::Answered { due, .. }, Step::Returned { due: new, .. }) if *new < due => Err(NoStep::Earlier),
            (Self::Answered { .. }, Step::Returned { due, .. }) => Ok(Self::Open { due: *due }),
            (Self::Answered { answer, .. }, Step::Closed { why }) => Ok(Self::Closed { answer, why: why.clone() }),
        }
    }

    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }

    /// The day an answer is due, while one is.
    pub fn due(&self) -> Option<NaiveDate> {
        match self {
            Self::Open { due } => Some(*due),
            Self::Answered { .. } | Self::Closed { .. } => None,
        }
    }

    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.due().is_some_and(|due| due < today)
    }

    pub fn words(&self, today: NaiveDate) -> &'static str {
        match self {
            Self::Open { .. } if self.is_late(today) => "Late",
            Self::Open { .. } => "Open",
            Self::Answered { .. } => "Answered, to be judged",
            Self::Closed { .. } => "Closed",
        }
    }
}

closed_list! {
    /// How closely a host is watched. The last one takes learners away.
    Escalation {
        Usual = "usual", "0: as usual";
        Minor = "minor", "1: minor concerns";
        Significant = "significant", "2: significant concerns";
        Major = "major", "3: major concerns";
        Suspended = "suspended", "4: training suspended";
    }
}

/// Whether a host may go from one level to another: up at once, down one level at a time and never while an immediate requirement is open.
pub(crate) fn moved(from: Escalation, to: Escalation, immediate_open: usize) -> Result<(), String> {
    let place = |level: Escalation| Escalation::ALL.iter().position(|one| *one == level).unwrap_or(0);
    let (from_place, to_place) = (place(from), place(to));
    if from_place == to_place {
        return Err("It stands at this level already: choose another".to_owned());
    }
    if to_place < from_place && immediate_open > 0 {
        return Err(
            "An immediate mandatory requirement is still open here: close it before the level is lowered".to_owned()
        );
    }
    if to_place + 1 < from_place {
        return Err("A level is lowered one step at a time".to_owned());
    }
    Ok(())
}

closed_list! {
    /// Which reminder of a requirement.
    Reminder {
        Soon = "soon", "Two working days before the day";
        Late = "late", "The day after the day";
    }
}

/// The days on which somebody is reminded of something due.
pub(crate) fn reminders(due: NaiveDate) -> [(Reminder, NaiveDate); 2] {
    let calendar = WorkingCalendar::default();
    let before = |day: NaiveDate| {
        let mut earlier = day.pred_opt().unwrap_or(day);
        while !calendar.is_working_day(earlier) && earlier.pred_opt().is_some() {
            earlier = earlier.pred_opt().unwrap_or(earlier);
        }
        earlier
    };
    [(Reminder::Soon, before(before(due))), (Reminder::Late, due.succ_opt().unwrap_or(due))]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(written: &str) -> NaiveDate {
        written.parse().unwrap()
    }

    #[test]
    fn an_immediate_requirement_is_due_in_five_working_days_over_easter() {
        // Good Friday 22 April, Easter Monday 25 April, the royal wedding on Friday 29 April, May Day on Monday 2 May 2011.
        let due = due(RequirementKind::Immediate, day("2011-04-20"), Some(day("2011-12-01"))).unwrap();
        assert_eq!(due, day("2011-05-03"));
        assert_eq!(reminders(due), [(Reminder::Soon, day("2011-04-27")), (Reminder::Late, day("2011-05-04"))]);
        assert!(super::due(RequirementKind::Mandatory, day("2011-04-20"), None).is_err());
        assert!(super::due(RequirementKind::Mandatory, day("2011-04-20"), Some(day("2011-04-19"))).is_err());
    }

    #[test]
    fn scores_are_points_of_the_most() {
        assert_eq!(score(&[]), None);
        assert_eq!(score(&[Level::Met, Level::Met, Level::Met]), Some(6_667));
        assert_eq!(score(&[Level::Exceeded]), Some(10_000));
        assert_eq!(score(&[Level::NotMet, Level::Partly]), Some(1_667));
    }

    #[test]
    fn a_requirement_is_answered_before_it_is_judged() {
        let answered = Step::Answered { words: "Rota changed".into(), link: String::new() };
        let returned = Step::Returned { why: "No evidence".into(), due: day("2011-05-10") };
        let closed = Step::Closed { why: "Seen on site".into() };
        let open = Requirement::Open { due: day("2011-05-03") };
        assert_eq!(open.clone().take(&closed), Err(NoStep::Unanswered));
        let once = open.take(&answered).unwrap();
        assert_eq!(once.clone().take(&answered), Err(NoStep::Answered));
        assert_eq!(
            once.clone().take(&Step::Returned { why: "x".into(), due: day("2011-05-02") }),
            Err(NoStep::Earlier)
        );
        let again = once.take(&returned).unwrap();
        assert_eq!(again, Requirement::Open { due: day("2011-05-10") });
        let done = again.take(&answered).unwrap().take(&closed).unwrap();
        assert!(done.is_closed());
        assert_eq!(done.take(&answered), Err(NoStep::Closed));
    }

    #[test]
    fn levels_rise_at_once_and_fall_step_by_step() {
        assert!(moved(Escalation::Usual, Escalation::Suspended, 0).is_ok());
        assert!(moved(Escalation::Major, Escalation::Minor, 0).is_err());
        assert!(moved(Escalation::Major, Escalation::Significant, 0).is_ok());
        assert!(moved(Escalation::Major, Escalation::Significant, 1).unwrap_err().contains("immediate"));
        assert!(moved(Escalation::Minor, Escalation::Major, 1).is_ok());
        assert!(moved(Escalation::Minor, Escalation::Minor, 0).is_err());
    }

    proptest! {
        #[test]
        fn from_any_level_the_usual_is_reached_one_step_at_a_time(from in 0_usize..5) {
            let mut level = Escalation::ALL[from];
            let mut steps = 0;
            while level != Escalation::Usual {
                let next = *Escalation::ALL.iter().rev().find(|to| **to < level && moved(level, **to, 0).is_ok()).unwrap();
                level = next;
                steps += 1;
            }
            prop_assert_eq!(steps, from);
        }
    }
}
