//! Somebody's way to a skill: evidence, a named assessor's finding, the award and what becomes of it. It knows no page and no table.

use chrono::NaiveDate;
use hiec_kernel::PersonId;
use serde::{Deserialize, Serialize};

/// How a claim to a skill stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Evidence is gathered; an assessor may have found it not enough yet.
    Gathering,
    Asked {
        assessor: PersonId,
        on: NaiveDate,
        shows_name: bool,
    },
    /// The assessor found the skill shown.
    Met {
        assessor: PersonId,
        on: NaiveDate,
        shows_name: bool,
    },
    Awarded {
        on: NaiveDate,
    },
    Suspended {
        on: NaiveDate,
        reason: String,
    },
    Revoked {
        on: NaiveDate,
        reason: String,
    },
}

/// Why a step cannot be taken, for the person who wanted it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum NoStep {
    #[error("Give evidence first: a text, a link or a file")]
    NoEvidence,
    #[error("Nobody assesses their own skill: choose another assessor")]
    OwnAssessor,
    #[error("This person is not named to assess this skill")]
    NotNamed,
    #[error("Another assessor was asked; only they can say what they found")]
    AnotherAssessor,
    #[error("This was assessed, or is with an assessor already")]
    NotGathering,
    #[error("No assessor has been asked, or they have answered already")]
    NotAsked,
    #[error("A badge is awarded once, after an assessor found the skill shown")]
    NotMet,
    #[error("Whoever assessed a skill does not award it too")]
    AssessorAwards,
    #[error("Nobody awards a skill to themselves")]
    OwnAward,
    #[error("Only a badge that is good can be suspended")]
    NotGood,
    #[error("Only a suspended badge can be reinstated")]
    NotSuspended,
    #[error("The badge was revoked, and that is for good")]
    AlreadyRevoked,
    #[error("There is no badge yet to take back")]
    NoBadge,
}

impl Standing {
    pub fn key(&self) -> &'static str {
        match self {
            Self::Gathering => "gathering",
            Self::Asked { .. } => "asked",
            Self::Met { .. } => "met",
            Self::Awarded { .. } => "awarded",
            Self::Suspended { .. } => "suspended",
            Self::Revoked { .. } => "revoked",
        }
    }

    pub fn label(&self) -> &'static str {
        label(self.key())
    }

    /// Whether it still leads somewhere: while it does, the same person claims the same skill only once.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Gathering | Self::Asked { .. } | Self::Met { .. })
    }

    /// The claimant asks an assessor; `is_named` says whether that person may assess this skill.
    pub fn ask(
        self,
        claimant: PersonId,
        assessor: PersonId,
        is_named: bool,
        evidence: usize,
        (on, shows_name): (NaiveDate, bool),
    ) -> Result<Self, NoStep> {
        match self {
            Self::Gathering if evidence == 0 => Err(NoStep::NoEvidence),
            Self::Gathering if assessor == claimant => Err(NoStep::OwnAssessor),
            Self::Gathering if !is_named => Err(NoStep::NotNamed),
            Self::Gathering => Ok(Self::Asked { assessor, on, shows_name }),
            _ => Err(NoStep::NotGathering),
        }
    }

    /// The assessor who was asked says what they found.
    pub fn find(
        self,
        claimant: PersonId,
        by: PersonId,
        is_named: bool,
        is_met: bool,
        on: NaiveDate,
    ) -> Result<Self, NoStep> {
        match self {
            Self::Asked { .. } if by == claimant => Err(NoStep::OwnAssessor),
            Self::Asked { .. } if !is_named => Err(NoStep::NotNamed),
            Self::Asked { assessor, .. } if assessor != by => Err(NoStep::AnotherAssessor),
            Self::Asked { assessor, shows_name, .. } if is_met => Ok(Self::Met { assessor, on, shows_name }),
            Self::Asked { .. } => Ok(Self::Gathering),
            _ => Err(NoStep::NotAsked),
        }
    }

    pub fn award(self, claimant: PersonId, by: PersonId, on: NaiveDate) -> Result<Self, NoStep> {
        match self {
            Self::Met { .. } if by == claimant => Err(NoStep::OwnAward),
            Self::Met { assessor, .. } if by == assessor => Err(NoStep::AssessorAwards),
            Self::Met { .. } => Ok(Self::Awarded { on }),
            _ => Err(NoStep::NotMet),
        }
    }

    pub fn suspend(self, on: NaiveDate, reason: &str) -> Result<Self, NoStep> {
        match self {
            Self::Awarded { .. } => Ok(Self::Suspended { on, reason: reason.to_owned() }),
            Self::Revoked { .. } => Err(NoStep::AlreadyRevoked),
            _ => Err(NoStep::NotGood),
        }
    }

    pub fn reinstate(self, on: NaiveDate) -> Result<Self, NoStep> {
        match self {
            Self::Suspended { .. } => Ok(Self::Awarded { on }),
            Self::Revoked { .. } => Err(NoStep::AlreadyRevoked),
            _ => Err(NoStep::NotSuspended),
        }
    }

    pub fn revoke(self, on: NaiveDate, reason: &str) -> Result<Self, NoStep> {
        match self {
            Self::Awarded { .. } | Self::Suspended { .. } => Ok(Self::Revoked { on, reason: reason.to_owned() }),
            Self::Revoked { .. } => Err(NoStep::AlreadyRevoked),
            _ => Err(NoStep::NoBadge),
        }
    }
}

/// The word for a state as lists have it.
pub(crate) fn label(key: &str) -> &'static str {
    match key {
        "gathering" => "Gathering evidence",
        "asked" => "With the assessor",
        "met" => "Skill shown, to be awarded",
        "awarded" => "Awarded",
        "suspended" => "Suspended",
        _ => "Revoked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const PAGE: &str = include_str!("../../../../docs/states.md");

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, 4, 1).unwrap()
    }

    /// Every state there is, with claimant 1 and assessor 2.
    fn all() -> Vec<Standing> {
        let asked = Standing::Gathering.ask(person(1), person(2), true, 1, (day(), false)).unwrap();
        let met = asked.clone().find(person(1), person(2), true, true, day()).unwrap();
        let awarded = met.clone().award(person(1), person(3), day()).unwrap();
        let suspended = awarded.clone().suspend(day(), "x").unwrap();
        let revoked = suspended.clone().revoke(day(), "x").unwrap();
        vec![Standing::Gathering, asked, met, awarded, suspended, revoked]
    }

    #[test]
    fn the_drawing_is_what_the_code_does() {
        let name = |standing: &Standing| {
            let key = standing.key();
            key[..1].to_uppercase() + &key[1..]
        };
        let mut drawn = "stateDiagram-v2\n    [*] --> Gathering\n".to_owned();
        for from in all() {
            let next = [
                ("ask an assessor", from.clone().ask(person(1), person(2), true, 1, (day(), false))),
                ("find it shown", from.clone().find(person(1), person(2), true, true, day())),
                ("find it not shown yet", from.clone().find(person(1), person(2), true, false, day())),
                ("award", from.clone().award(person(1), person(3), day())),
                ("suspend", from.clone().suspend(day(), "x")),
                ("reinstate", from.clone().reinstate(day())),
                ("revoke", from.clone().revoke(day(), "x")),
            ];
            for (act, to) in next {
                if let Ok(to) = to {
                    drawn.push_str(&format!("    {} --> {}: {act}\n", name(&from), name(&to)));
                }
            }
        }
        drawn.push_str("    Revoked --> [*]\n");
        let (_, section) = PAGE.split_once("\n## Claim to a skill\n").expect("docs/states.md has the heading");
        let (_, block) = section.split_once("```mermaid\n").unwrap();
        assert_eq!(block.split_once("```").unwrap().0, drawn, "docs/states.md: replace the block by the second text");
    }

    #[test]
    fn nobody_judges_themselves_or_without_being_named() {
        let own = Standing::Gathering.ask(person(1), person(1), true, 1, (day(), false));
        assert_eq!(own, Err(NoStep::OwnAssessor));
        assert_eq!(Standing::Gathering.ask(person(1), person(2), false, 1, (day(), false)), Err(NoStep::NotNamed));
        assert_eq!(Standing::Gathering.ask(person(1), person(2), true, 0, (day(), false)), Err(NoStep::NoEvidence));
        let asked = Standing::Gathering.ask(person(1), person(2), true, 1, (day(), false)).unwrap();
        assert_eq!(asked.clone().find(person(1), person(4), true, true, day()), Err(NoStep::AnotherAssessor));
        assert_eq!(asked.clone().find(person(1), person(2), false, true, day()), Err(NoStep::NotNamed));
        let met = asked.find(person(1), person(2), true, true, day()).unwrap();
        assert_eq!(met.clone().award(person(1), person(1), day()), Err(NoStep::OwnAward));
        assert_eq!(met.award(person(1), person(2), day()), Err(NoStep::AssessorAwards));
    }
}
