//! Posts of a cluster, the induction each begins with, and when a post has nobody to follow it; pure.

use chrono::NaiveDate;
use hiec_kernel::{Role, closed_list};

closed_list! {
    /// What somebody does for a cluster.
    PostKind {
        Chair = "chair", "Chair";
        Director = "director", "Managing director";
        Facilitator = "facilitator", "Facilitator";
        Fellow = "fellow", "Fellow";
        Support = "support", "Programme support";
    }
}

closed_list! {
    /// On what basis.
    Basis {
        Secondment = "secondment", "Secondment from an employer";
        Contract = "contract", "Contract for a fixed time";
        Unpaid = "unpaid", "Unpaid";
    }
}

closed_list! {
    /// A step of the induction. The review of 2011 asked for preparation in partnership work and facilitation, and for a plain
    /// statement of what the cluster is for.
    Step {
        Purpose = "purpose", "Has read what the cluster is for, its agreement and its principles";
        Employer = "employer", "Employer, days and cover are agreed in writing";
        Split = "split", "Knows the split between commissioner and provider, and has declared interests";
        Facilitation = "facilitation", "Was trained in facilitation and partnership work";
        Partners = "partners", "Has met the partners and the leads of the sites";
        Measures = "measures", "Was shown the measures, and how to read a control chart";
    }
}

impl PostKind {
    /// The role that comes with the post; support works without one.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::Chair => Some(Role::ClusterChair),
            Self::Director => Some(Role::ClusterDirector),
            Self::Facilitator | Self::Fellow => Some(Role::Facilitator),
            Self::Support => None,
        }
    }
}

/// Days of work a week in half days: `2.5` is 5. At least half a day, at most five days.
pub fn half_days(typed: &str) -> Result<i64, &'static str> {
    let wrong = "Enter days a week in half days, from 0.5 to 5, for example 2.5";
    let typed = typed.trim();
    let (whole, half) = typed.split_once('.').unwrap_or((typed, "0"));
    let whole: i64 = whole.parse().map_err(|_| wrong)?;
    let half = match half {
        "0" | "" => 0,
        "5" | "50" => 1,
        _ => return Err(wrong),
    };
    Some(whole * 2 + half).filter(|days| (1..=10).contains(days)).ok_or(wrong)
}

/// As people read it: `2.5 days a week`.
pub fn days_in_words(half_days: i64) -> String {
    let half = if half_days % 2 == 1 { ".5" } else { "" };
    let days = half_days / 2;
    format!("{days}{half} {} a week", if half_days == 2 { "day" } else { "days" })
}

/// Days before a post's last in which somebody should know who takes over.
const NOTICE_DAYS: i64 = 92;

/// Whether a post ends soon, or has ended, and nobody is named to take over.
pub fn lacks_successor(until: NaiveDate, today: NaiveDate, successor: &str, handover: &str) -> bool {
    (until - today).num_days() <= NOTICE_DAYS && (successor.trim().is_empty() || handover.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_halves() {
        for (typed, half) in [("2.5", 5), ("5", 10), ("0.5", 1), (" 1.0 ", 2), ("3.50", 7)] {
            assert_eq!(half_days(typed), Ok(half), "{typed}");
        }
        for bad in ["", "0", "5.5", "-1", "2.3", "two", "1.5.5", "99999999999999999999"] {
            assert!(half_days(bad).is_err(), "{bad}");
        }
        assert_eq!(days_in_words(5), "2.5 days a week");
        assert_eq!(days_in_words(2), "1 day a week");
        assert_eq!(days_in_words(1), "0.5 days a week");
    }

    #[test]
    fn three_months_before_the_end_somebody_must_be_named() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let until = day("2011-12-31");
        assert!(!lacks_successor(until, day("2011-09-29"), "", ""));
        assert!(lacks_successor(until, day("2011-09-30"), "", ""));
        assert!(lacks_successor(until, day("2011-12-01"), "Example", " "));
        assert!(!lacks_successor(until, day("2011-12-01"), "Example", "Notes"));
    }
}
