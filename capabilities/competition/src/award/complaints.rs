//! Complaints: received, looked into by somebody who had no part in the decision, answered with reasons. One received in the standstill holds the award up until then.

use std::collections::BTreeSet;

use hiec_kernel::{BidId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::standstill::Standstill;
use crate::diagrams::{Diagram, Move};
use crate::refusal::{Reason, Refusal};

/// The least number of words of an answer.
pub const ANSWER_WORDS: usize = 10;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintOutcome {
    Upheld,
    PartlyUpheld,
    NotUpheld,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Complaint",
    start: "Received",
    moves: &[
        Move("Received", "take up", "InReview"),
        Move("InReview", "answer", "Answered"),
        Move("Received", "take back", "TakenBack"),
        Move("InReview", "take back", "TakenBack"),
    ],
};

impl ComplaintOutcome {
    pub const ALL: &'static [Self] = &[Self::Upheld, Self::PartlyUpheld, Self::NotUpheld];

    pub fn key(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::PartlyUpheld => "partly_upheld",
            Self::NotUpheld => "not_upheld",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Upheld => "Upheld",
            Self::PartlyUpheld => "Partly upheld",
            Self::NotUpheld => "Not upheld",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ComplaintState {
    Received,
    InReview { by: PersonId },
    Answered { by: PersonId, outcome: ComplaintOutcome, answer: Reason },
    TakenBack,
}

/// An entry of the complaints log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Complaint {
    /// The bid whose partnership complains.
    pub from: BidId,
    pub received: Timestamp,
    pub text: Reason,
    /// Holds every award of the call up until it is answered or taken back.
    pub suspends: bool,
    #[serde(flatten)]
    pub state: ComplaintState,
}

impl Complaint {
    /// Enters a complaint; received before the end of the standstill, it suspends.
    pub fn receive(from: BidId, text: &str, received: Timestamp, standstill: &Standstill) -> Result<Self, Refusal> {
        Ok(Self {
            from,
            received,
            text: Reason::parse_with(text, Reason::WORDS)?,
            suspends: !standstill.is_over(received),
            state: ComplaintState::Received,
        })
    }

    pub fn key(&self) -> &'static str {
        match self.state {
            ComplaintState::Received => "Received",
            ComplaintState::InReview { .. } => "InReview",
            ComplaintState::Answered { .. } => "Answered",
            ComplaintState::TakenBack => "TakenBack",
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state, ComplaintState::Received | ComplaintState::InReview { .. })
    }

    /// Whether it keeps awards from being made now.
    pub fn holds_up(&self) -> bool {
        self.suspends && self.is_open()
    }

    /// Taken up by a reviewer; `took_part` are those who assessed, moderated or decided in the round.
    pub fn take_up(self, by: PersonId, took_part: &BTreeSet<PersonId>) -> Result<Self, Refusal> {
        match self.state {
            ComplaintState::Received => {
                apart(by, took_part)?;
                Ok(self.with(ComplaintState::InReview { by }))
            }
            _ => Err(self.not_now("Only a complaint that was just received is taken up.")),
        }
    }

    pub fn answer(
        self,
        by: PersonId,
        took_part: &BTreeSet<PersonId>,
        outcome: ComplaintOutcome,
        answer: &str,
    ) -> Result<Self, Refusal> {
        match self.state {
            ComplaintState::InReview { .. } => {
                apart(by, took_part)?;
                let answer = Reason::parse_with(answer, ANSWER_WORDS)?;
                Ok(self.with(ComplaintState::Answered { by, outcome, answer }))
            }
            _ => Err(self.not_now("Take the complaint up before answering it.")),
        }
    }

    /// By who complained.
    pub fn take_back(self) -> Result<Self, Refusal> {
        if self.is_open() {
            Ok(self.with(ComplaintState::TakenBack))
        } else {
            Err(self.not_now("Only an open complaint is taken back."))
        }
    }

    fn with(self, state: ComplaintState) -> Self {
        Self { state, ..self }
    }

    fn not_now(&self, next: &str) -> Refusal {
        let title = match self.state {
            ComplaintState::Received => "The complaint is not taken up yet",
            ComplaintState::InReview { .. } => "The complaint is being looked into",
            ComplaintState::Answered { .. } => "The complaint is answered",
            ComplaintState::TakenBack => "The complaint was taken back",
        };
        Refusal::new(title, next)
    }
}

fn apart(by: PersonId, took_part: &BTreeSet<PersonId>) -> Result<(), Refusal> {
    if took_part.contains(&by) {
        return Err(Refusal::new(
            "You took part in this round’s scores or decisions",
            "A complaint is looked into by somebody who did not.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use hiec_kernel::calendar::WorkingCalendar;
    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;
    use crate::award::standstill::StandstillRule;

    const ANSWER: &str = "the score was given by the published descriptor, as page four shows";

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn standstill() -> Standstill {
        Standstill::begin(
            StandstillRule::default(),
            from_london("2026-02-02T09:00").unwrap(),
            &WorkingCalendar::default(),
        )
        .unwrap()
    }

    fn received(at: &str) -> Complaint {
        Complaint::receive(BidId(Uuid::from_u128(1)), "our score is wrong", from_london(at).unwrap(), &standstill())
            .unwrap()
    }

    #[test]
    fn the_diagram_is_what_the_code_does() {
        let nobody = BTreeSet::new();
        let reviewed = || received("2026-02-03T09:00").take_up(person(1), &nobody).unwrap();
        let mut found = BTreeSet::new();
        for complaint in [
            received("2026-02-03T09:00"),
            reviewed(),
            reviewed().answer(person(1), &nobody, ComplaintOutcome::NotUpheld, ANSWER).unwrap(),
            reviewed().take_back().unwrap(),
        ] {
            for (label, next) in [
                ("take up", complaint.clone().take_up(person(1), &nobody)),
                ("answer", complaint.clone().answer(person(1), &nobody, ComplaintOutcome::Upheld, ANSWER)),
                ("take back", complaint.clone().take_back()),
            ] {
                if let Ok(next) = next {
                    found.insert(Move(complaint.key(), label, next.key()));
                }
            }
        }
        assert_eq!(found, DIAGRAM.moves.iter().copied().collect());
    }

    #[test]
    fn received_in_the_standstill_it_holds_the_award_up_until_answered() {
        assert!(received("2026-02-11T23:59").holds_up());
        assert!(!received("2026-02-12T00:00").holds_up());
        let nobody = BTreeSet::new();
        let reviewed = received("2026-02-03T09:00").take_up(person(1), &nobody).unwrap();
        assert!(reviewed.holds_up());
        assert!(!reviewed.take_back().unwrap().holds_up());
    }

    #[test]
    fn who_took_part_does_not_answer() {
        let part = [person(1)].into();
        assert!(received("2026-02-03T09:00").take_up(person(1), &part).is_err());
        let reviewed = received("2026-02-03T09:00").take_up(person(2), &part).unwrap();
        assert!(reviewed.clone().answer(person(1), &part, ComplaintOutcome::Upheld, ANSWER).is_err());
        assert!(reviewed.answer(person(2), &part, ComplaintOutcome::Upheld, "no").is_err());
    }
}
