//! A consortium's bid to an outside funder, from an idea to won or lost: each move consumes the state and says who made it when. No web, no SQL.

use hiec_kernel::{Money, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// Who made a move, when, and what they said of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// The name of the state it led to.
    pub to: String,
    /// Nobody where a job or the operator made it.
    pub by: Option<PersonId>,
    pub at: Timestamp,
    pub note: String,
}

/// Where a bid stands, with every move that led there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FundingState {
    pub stage: Stage,
    pub steps: Vec<Step>,
}

/// Where a bid stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Stage {
    Idea,
    Writing,
    Submitted,
    Won {
        amount: Money,
    },
    /// What was learnt stands in the step that led here.
    Lost,
    Withdrawn,
}

/// A move a person can make.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Move {
    Write,
    Submit,
    Win(Money),
    Lose,
    Withdraw,
}

/// Why a move cannot be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    #[error("A bid is written once it is an idea, and only then")]
    NotAnIdea,
    #[error("Only a bid that is being written can be submitted")]
    NotBeingWritten,
    #[error("Only a submitted bid is won or lost")]
    NotSubmitted,
    #[error("This bid is decided: it cannot be withdrawn")]
    Decided,
    #[error("Say why: those who try next learn from it")]
    NoReason,
    #[error("A bid is won with an amount above nought")]
    NothingWon,
}

impl Stage {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Idea => "idea",
            Self::Writing => "writing",
            Self::Submitted => "submitted",
            Self::Won { .. } => "won",
            Self::Lost => "lost",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn label(&self) -> &'static str {
        match self {
            Self::Idea => "Idea",
            Self::Writing => "Being written",
            Self::Submitted => "Submitted",
            Self::Won { .. } => "Won",
            Self::Lost => "Lost",
            Self::Withdrawn => "Withdrawn",
        }
    }

    fn go(self, step: &Move, note: &str) -> Result<Self, Refused> {
        match (self, step) {
            (Self::Idea, Move::Write) => Ok(Self::Writing),
            (_, Move::Write) => Err(Refused::NotAnIdea),
            (Self::Writing, Move::Submit) => Ok(Self::Submitted),
            (_, Move::Submit) => Err(Refused::NotBeingWritten),
            (Self::Submitted, Move::Win(amount)) if amount.0 > 0 => Ok(Self::Won { amount: *amount }),
            (Self::Submitted, Move::Win(_)) => Err(Refused::NothingWon),
            (Self::Submitted, Move::Lose) if note.trim().is_empty() => Err(Refused::NoReason),
            (Self::Submitted, Move::Lose) => Ok(Self::Lost),
            (_, Move::Win(_) | Move::Lose) => Err(Refused::NotSubmitted),
            (Self::Idea | Self::Writing | Self::Submitted, Move::Withdraw) if note.trim().is_empty() => {
                Err(Refused::NoReason)
            }
            (Self::Idea | Self::Writing | Self::Submitted, Move::Withdraw) => Ok(Self::Withdrawn),
            (_, Move::Withdraw) => Err(Refused::Decided),
        }
    }
}

impl FundingState {
    /// Somebody had the idea.
    pub fn idea(by: Option<PersonId>, at: Timestamp, note: &str) -> Self {
        let step = Step { to: Stage::Idea.name().into(), by, at, note: note.trim().into() };
        Self { stage: Stage::Idea, steps: vec![step] }
    }

    /// Makes a move, or says why not.
    pub fn go(self, step: &Move, by: Option<PersonId>, at: Timestamp, note: &str) -> Result<Self, Refused> {
        let stage = self.stage.go(step, note)?;
        let mut steps = self.steps;
        steps.push(Step { to: stage.name().into(), by, at, note: note.trim().into() });
        Ok(Self { stage, steps })
    }

    pub fn won(&self) -> Option<Money> {
        match self.stage {
            Stage::Won { amount } => Some(amount),
            _ => None,
        }
    }

    pub fn is_decided(&self) -> bool {
        matches!(self.stage, Stage::Won { .. } | Stage::Lost | Stage::Withdrawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        hiec_kernel::clock::from_london("2011-05-02 10:00").unwrap()
    }

    fn after(moves: &[Move]) -> Result<FundingState, Refused> {
        moves
            .iter()
            .try_fold(FundingState::idea(None, at(), "An idea"), |state, one| state.go(one, None, at(), "because"))
    }

    #[test]
    fn a_bid_goes_from_idea_to_won_and_remembers_every_step() {
        let won = after(&[Move::Write, Move::Submit, Move::Win(Money::pounds(75_000))]).unwrap();
        assert_eq!(won.won(), Some(Money::pounds(75_000)));
        let names: Vec<&str> = won.steps.iter().map(|step| step.to.as_str()).collect();
        assert_eq!(names, ["idea", "writing", "submitted", "won"]);
        assert!(won.is_decided());
    }

    #[test]
    fn no_step_is_left_out_and_what_is_decided_stays() {
        assert_eq!(after(&[Move::Submit]), Err(Refused::NotBeingWritten));
        assert_eq!(after(&[Move::Write, Move::Write]), Err(Refused::NotAnIdea));
        assert_eq!(after(&[Move::Write, Move::Lose]), Err(Refused::NotSubmitted));
        assert_eq!(after(&[Move::Write, Move::Submit, Move::Win(Money::ZERO)]), Err(Refused::NothingWon));
        for end in [Move::Win(Money(1)), Move::Lose, Move::Withdraw] {
            let ended = after(&[Move::Write, Move::Submit, end]).unwrap();
            for next in [Move::Write, Move::Submit, Move::Win(Money(1)), Move::Lose, Move::Withdraw] {
                assert!(ended.clone().go(&next, None, at(), "because").is_err(), "{next:?}");
            }
        }
    }

    #[test]
    fn losing_and_withdrawing_need_a_reason() {
        let submitted = after(&[Move::Write, Move::Submit]).unwrap();
        assert_eq!(submitted.clone().go(&Move::Lose, None, at(), " "), Err(Refused::NoReason));
        assert_eq!(submitted.go(&Move::Withdraw, None, at(), ""), Err(Refused::NoReason));
    }

    #[test]
    fn a_state_survives_storage() {
        let won = after(&[Move::Write, Move::Submit, Move::Win(Money(5))]).unwrap();
        let back: FundingState = serde_json::from_value(serde_json::to_value(&won).unwrap()).unwrap();
        assert_eq!(back, won);
    }

    #[test]
    fn the_drawing_is_the_code() {
        let stages = [
            Stage::Idea,
            Stage::Writing,
            Stage::Submitted,
            Stage::Won { amount: Money(1) },
            Stage::Lost,
            Stage::Withdrawn,
        ];
        let moves = [
            (Move::Write, "write"),
            (Move::Submit, "submit"),
            (Move::Win(Money(1)), "win"),
            (Move::Lose, "lose"),
            (Move::Withdraw, "withdraw"),
        ];
        let mut drawn = String::from("stateDiagram-v2\n    [*] --> idea\n");
        let mut ends = String::new();
        for stage in stages {
            let mut is_left = false;
            for (step, word) in &moves {
                if let Ok(next) = stage.clone().go(step, "because") {
                    drawn.push_str(&format!("    {} --> {}: {word}\n", stage.name(), next.name()));
                    is_left = true;
                }
            }
            if !is_left {
                ends.push_str(&format!("    {} --> [*]\n", stage.name()));
            }
        }
        let page = include_str!("../../../../docs/states.md");
        assert!(page.contains("## Bid to an outside funder\n"));
        assert!(page.contains(&format!("```mermaid\n{drawn}{ends}```")), "docs/states.md should say:\n{drawn}{ends}");
    }
}
