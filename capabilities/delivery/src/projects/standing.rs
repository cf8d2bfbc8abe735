//! How a project stands: each standing has a reason and a day, and an ended project stays ended. It knows no web and no SQL.

use chrono::NaiveDate;
use hiec_kernel::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// How a project stands.
    Status {
        OnTrack = "on_track", "On track";
        AtRisk = "at_risk", "At risk";
        Late = "late", "Late";
        Paused = "paused", "Paused";
        Ended = "ended", "Ended";
    }
}

impl Status {
    /// Where it may go from here; it may also be said again with another reason, unless it has ended.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::OnTrack | Self::AtRisk | Self::Late => Self::ALL,
            // What rests starts again before it can run late.
            Self::Paused => &[Self::OnTrack, Self::AtRisk, Self::Paused, Self::Ended],
            Self::Ended => &[],
        }
    }
}

/// How a project stands since a day, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standing {
    pub status: Status,
    pub reason: String,
    pub since: NaiveDate,
}

/// Why a project cannot be said to stand so.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unsaid {
    #[error("A project that has ended does not start again: start a new one and name this one in it")]
    HasEnded,
    #[error("A paused project does not become late: say first that it runs again")]
    IsPaused,
    #[error("Say why it stands so")]
    NoReason,
    #[error("The day lies before the last standing, of {0}")]
    BeforeLast(NaiveDate),
}

impl Standing {
    /// How a project begins.
    pub fn begun(on: NaiveDate) -> Self {
        Self { status: Status::OnTrack, reason: "It has begun.".into(), since: on }
    }

    /// The next standing, or this one with everything that speaks against the next.
    pub fn turn(self, status: Status, reason: &str, on: NaiveDate) -> Result<Self, (Self, Vec<Unsaid>)> {
        let mut unsaid = Vec::new();
        if !self.status.next().contains(&status) {
            unsaid.push(if self.status == Status::Ended { Unsaid::HasEnded } else { Unsaid::IsPaused });
        }
        if reason.trim().is_empty() {
            unsaid.push(Unsaid::NoReason);
        }
        if on < self.since {
            unsaid.push(Unsaid::BeforeLast(self.since));
        }
        match unsaid.is_empty() {
            true => Ok(Self { status, reason: reason.trim().to_owned(), since: on }),
            false => Err((self, unsaid)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(nth: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, 4, nth).unwrap()
    }

    #[test]
    fn a_standing_has_a_reason_and_an_ended_project_stays_ended() {
        let begun = Standing::begun(day(1));
        let (begun, unsaid) = begun.turn(Status::Late, "  ", day(2)).unwrap_err();
        assert_eq!(unsaid, [Unsaid::NoReason]);
        let paused = begun.turn(Status::Paused, "The fellow is on leave", day(3)).unwrap();
        let (paused, unsaid) = paused.turn(Status::Late, "Behind", day(4)).unwrap_err();
        assert_eq!(unsaid, [Unsaid::IsPaused]);
        let (paused, unsaid) = paused.turn(Status::OnTrack, "Back", day(2)).unwrap_err();
        assert_eq!(unsaid, [Unsaid::BeforeLast(day(3))]);
        let ended = paused.turn(Status::Ended, "The film is shown", day(5)).unwrap();
        for status in Status::ALL {
            let (_, unsaid) = ended.clone().turn(*status, "Again", day(6)).unwrap_err();
            assert_eq!(unsaid, [Unsaid::HasEnded]);
        }
    }

    #[test]
    fn the_same_may_be_said_with_another_reason() {
        let again = Standing::begun(day(1)).turn(Status::OnTrack, "Six sites came", day(1)).unwrap();
        assert_eq!(again.reason, "Six sites came");
    }
}
