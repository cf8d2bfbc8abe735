//! What a site answers when industry asks, and what becomes of it: each step consumes the one before. It knows no web and no SQL.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a site answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "says", rename_all = "snake_case")]
pub enum Feasibility {
    /// It could recruit so many from a day on.
    Could { patients: u32, from: NaiveDate, note: String },
    /// It could not, and why.
    CouldNot { why: String },
}

/// Where a trial stands at a site.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AtSite {
    Asked,
    Answered { feasibility: Feasibility },
    Opened { feasibility: Feasibility, on: NaiveDate, reason: String },
    NotOpened { feasibility: Feasibility, on: NaiveDate, reason: String },
}

/// Why a step is not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoStep {
    #[error("This site has not answered yet: ask it first")]
    NotAnswered,
    #[error("This site said that it could not: it has to answer again before the trial is opened there")]
    CouldNot,
    #[error("It is decided at this site already")]
    Decided,
    #[error("Enter how many patients it could recruit: at least one")]
    NoPatients,
    #[error("Say why it could not")]
    NoWhy,
}

impl Feasibility {
    /// Checks what was said.
    pub fn checked(self) -> Result<Self, NoStep> {
        match &self {
            Self::Could { patients: 0, .. } => Err(NoStep::NoPatients),
            Self::CouldNot { why } if why.trim().is_empty() => Err(NoStep::NoWhy),
            Self::Could { .. } | Self::CouldNot { .. } => Ok(self),
        }
    }

    pub fn patients(&self) -> u32 {
        match self {
            Self::Could { patients, .. } => *patients,
            Self::CouldNot { .. } => 0,
        }
    }
}

impl AtSite {
    /// The site answers; until it is decided it may answer again.
    pub fn answer(self, feasibility: Feasibility) -> Result<Self, NoStep> {
        match self {
            Self::Asked | Self::Answered { .. } => Ok(Self::Answered { feasibility: feasibility.checked()? }),
            Self::Opened { .. } | Self::NotOpened { .. } => Err(NoStep::Decided),
        }
    }

    /// It is opened at the site, or not.
    pub fn decide(self, is_opened: bool, on: NaiveDate, reason: String) -> Result<Self, NoStep> {
        match (self, is_opened) {
            (Self::Asked, _) => Err(NoStep::NotAnswered),
            (Self::Answered { feasibility: Feasibility::CouldNot { .. } }, true) => Err(NoStep::CouldNot),
            (Self::Answered { feasibility }, true) => Ok(Self::Opened { feasibility, on, reason }),
            (Self::Answered { feasibility }, false) => Ok(Self::NotOpened { feasibility, on, reason }),
            (Self::Opened { .. } | Self::NotOpened { .. }, _) => Err(NoStep::Decided),
        }
    }

    pub fn feasibility(&self) -> Option<&Feasibility> {
        match self {
            Self::Asked => None,
            Self::Answered { feasibility } | Self::Opened { feasibility, .. } | Self::NotOpened { feasibility, .. } => {
                Some(feasibility)
            }
        }
    }

    pub fn words(&self) -> &'static str {
        match self {
            Self::Asked => "Asked",
            Self::Answered { feasibility: Feasibility::Could { .. } } => "Could",
            Self::Answered { feasibility: Feasibility::CouldNot { .. } } => "Could not",
            Self::Opened { .. } => "Opened",
            Self::NotOpened { .. } => "Not opened",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2011, 4, 1).unwrap()
    }

    fn could(patients: u32) -> Feasibility {
        Feasibility::Could { patients, from: day(), note: String::new() }
    }

    #[test]
    fn a_trial_is_opened_only_where_the_site_could() {
        assert_eq!(AtSite::Asked.decide(true, day(), "x".into()), Err(NoStep::NotAnswered));
        assert_eq!(AtSite::Asked.answer(could(0)), Err(NoStep::NoPatients));
        let no = Feasibility::CouldNot { why: "No research nurse".into() };
        let answered = AtSite::Asked.answer(no).unwrap();
        assert_eq!(answered.clone().decide(true, day(), "x".into()), Err(NoStep::CouldNot));
        let again = answered.answer(could(12)).unwrap();
        let opened = again.decide(true, day(), "Contract signed".into()).unwrap();
        assert_eq!(opened.words(), "Opened");
        assert_eq!(opened.feasibility().map(Feasibility::patients), Some(12));
        assert_eq!(opened.clone().answer(could(5)), Err(NoStep::Decided));
        assert_eq!(opened.decide(false, day(), "x".into()), Err(NoStep::Decided));
    }
}
