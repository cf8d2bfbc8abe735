//! The life of an award, from the panel's intention through the standstill to the grant. It never becomes an award while the standstill runs or a complaint holds it up.

use hiec_kernel::Timestamp;
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::clock::day_on_page;
use serde::{Deserialize, Serialize};

use super::complaints::Complaint;
use super::standstill::{Standstill, StandstillRule};
use crate::diagrams::{Diagram, Move};
use crate::refusal::{Reason, Refusal};

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AwardState {
    /// The panel decided to fund; bidders are not told yet.
    Intended,
    Standstill {
        standstill: Standstill,
    },
    /// A complaint received in the standstill is being looked into.
    Suspended {
        standstill: Standstill,
    },
    Awarded {
        at: Timestamp,
    },
    Withdrawn {
        reason: Reason,
    },
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Award",
    start: "Intended",
    moves: &[
        Move("Intended", "publish", "Standstill"),
        Move("Standstill", "suspend", "Suspended"),
        Move("Suspended", "resume", "Standstill"),
        Move("Standstill", "award", "Awarded"),
        Move("Standstill", "set aside", "Intended"),
        Move("Suspended", "set aside", "Intended"),
        Move("Intended", "withdraw", "Withdrawn"),
        Move("Standstill", "withdraw", "Withdrawn"),
        Move("Suspended", "withdraw", "Withdrawn"),
        Move("Withdrawn", "intend again", "Intended"),
    ],
};

impl AwardState {
    pub fn key(&self) -> &'static str {
        match self {
            Self::Intended => "Intended",
            Self::Standstill { .. } => "Standstill",
            Self::Suspended { .. } => "Suspended",
            Self::Awarded { .. } => "Awarded",
            Self::Withdrawn { .. } => "Withdrawn",
        }
    }

    /// Whether the award was made, so that there is a grant.
    pub fn is_made(&self) -> bool {
        matches!(self, Self::Awarded { .. })
    }

    /// With the letters to all bidders: the standstill begins.
    pub fn publish(self, rule: StandstillRule, now: Timestamp, calendar: &WorkingCalendar) -> Result<Self, Refusal> {
        match self {
            Self::Intended => Ok(Self::Standstill { standstill: Standstill::begin(rule, now, calendar)? }),
            other => Err(other.not_now("The letters of this decision have gone out.")),
        }
    }

    /// When a complaint comes in that holds awards up.
    pub fn suspend(self, complaint: &Complaint) -> Result<Self, Refusal> {
        match self {
            Self::Standstill { standstill } if complaint.holds_up() => Ok(Self::Suspended { standstill }),
            Self::Standstill { .. } => Err(Refusal::new(
                "This complaint does not hold awards up",
                "It came after the standstill, or is answered; it stays in the log.",
            )),
            other => Err(other.not_now("Only an award in its standstill is suspended.")),
        }
    }

    /// When the last such complaint is answered or taken back; the standstill still runs to its end.
    pub fn resume(self, complaints: &[Complaint]) -> Result<Self, Refusal> {
        match self {
            Self::Suspended { standstill } => match held_up(complaints) {
                Some(refusal) => Err(refusal),
                None => Ok(Self::Standstill { standstill }),
            },
            other => Err(other.not_now("Only a suspended award is resumed.")),
        }
    }

    /// Makes the award, from London's midnight after the last day of the standstill on.
    pub fn award(self, now: Timestamp, complaints: &[Complaint]) -> Result<Self, Refusal> {
        let standstill = match &self {
            Self::Standstill { standstill } => standstill,
            Self::Suspended { .. } => {
                return Err(self.not_now("Answer every complaint that came in the standstill first."));
            }
            Self::Intended => {
                return Err(self.not_now("Send the letters first; the standstill follows."));
            }
            Self::Awarded { .. } | Self::Withdrawn { .. } => {
                return Err(self.not_now("Nothing more can be done with it here."));
            }
        };
        if !standstill.is_over(now) {
            return Err(Refusal::new(
                format!("The standstill runs until midnight at the end of {}", day_on_page(standstill.last_day)),
                "Make the award on the day after.",
            ));
        }
        if let Some(refusal) = held_up(complaints) {
            return Err(refusal);
        }
        Ok(Self::Awarded { at: now })
    }

    /// After an upheld complaint: back to the intention, so that new letters begin a new standstill.
    pub fn set_aside(self, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Standstill { .. } | Self::Suspended { .. } => {
                Reason::parse(reason)?;
                Ok(Self::Intended)
            }
            other => Err(other.not_now("Only an award in its standstill is set aside.")),
        }
    }

    /// When the panel, deciding anew, funds a bid whose intention was withdrawn after an outcome was set aside.
    pub fn intend_again(self) -> Result<Self, Refusal> {
        match self {
            Self::Withdrawn { .. } => Ok(Self::Intended),
            other => Err(other.not_now("Only a withdrawn award is intended again.")),
        }
    }

    pub fn withdraw(self, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Intended | Self::Standstill { .. } | Self::Suspended { .. } => {
                Ok(Self::Withdrawn { reason: Reason::parse(reason)? })
            }
            other => Err(other.not_now("An award that was made is changed by its agreement.")),
        }
    }

    fn not_now(&self, next: &str) -> Refusal {
        let title = match self {
            Self::Intended => "The award is only intended",
            Self::Standstill { .. } => "The award is in its standstill",
            Self::Suspended { .. } => "The award is suspended by a complaint",
            Self::Awarded { .. } => "The award is made",
            Self::Withdrawn { .. } => "The award was withdrawn",
        };
        Refusal::new(title, next)
    }
}

fn held_up(complaints: &[Complaint]) -> Option<Refusal> {
    let open = complaints.iter().filter(|complaint| complaint.holds_up()).count();
    (open > 0).then(|| {
        Refusal::new(
            format!("{open} complaints received in the standstill are not answered"),
            "Answer them first; until then no award of this call can be made.",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hiec_kernel::clock::from_london;
    use hiec_kernel::{BidId, PersonId};
    use uuid::Uuid;

    use super::*;

    const WHY: &str = "a complaint was upheld";

    fn at(text: &str) -> Timestamp {
        from_london(text).unwrap()
    }

    fn published() -> AwardState {
        AwardState::Intended
            .publish(StandstillRule::default(), at("2026-02-02T09:00"), &WorkingCalendar::default())
            .unwrap()
    }

    fn complaint() -> Complaint {
        let AwardState::Standstill { standstill } = published() else { panic!("not in standstill") };
        Complaint::receive(BidId(Uuid::from_u128(1)), "our score is wrong", at("2026-02-03T09:00"), &standstill)
            .unwrap()
    }

    #[test]
    fn the_diagram_is_what_the_code_does() {
        let suspended = || published().suspend(&complaint()).unwrap();
        let over = at("2026-02-12T00:00");
        let mut found = BTreeSet::new();
        for state in [
            AwardState::Intended,
            published(),
            suspended(),
            published().award(over, &[]).unwrap(),
            published().withdraw(WHY).unwrap(),
        ] {
            for (label, next) in [
                ("publish", state.clone().publish(StandstillRule::default(), over, &WorkingCalendar::default())),
                ("suspend", state.clone().suspend(&complaint())),
                ("resume", state.clone().resume(&[])),
                ("award", state.clone().award(over, &[])),
                ("set aside", state.clone().set_aside(WHY)),
                ("withdraw", state.clone().withdraw(WHY)),
                ("intend again", state.clone().intend_again()),
            ] {
                if let Ok(next) = next {
                    found.insert(Move(state.key(), label, next.key()));
                }
            }
        }
        assert_eq!(found, DIAGRAM.moves.iter().copied().collect());
    }

    #[test]
    fn one_minute_early_is_refused() {
        let early = published().award(at("2026-02-11T23:59"), &[]).unwrap_err();
        assert_eq!(early.title, "The standstill runs until midnight at the end of 11 February 2026");
        assert!(published().award(at("2026-02-12T00:00"), &[]).is_ok());
    }

    #[test]
    fn an_open_complaint_holds_up_what_its_answer_releases() {
        let open = complaint();
        let over = at("2026-03-01T09:00");
        assert!(published().award(over, std::slice::from_ref(&open)).is_err());
        let suspended = published().suspend(&open).unwrap();
        assert!(suspended.clone().award(over, &[]).is_err());
        assert!(suspended.clone().resume(std::slice::from_ref(&open)).is_err());
        let nobody = BTreeSet::new();
        let reviewer = PersonId(Uuid::from_u128(5));
        let answered = open
            .take_up(reviewer, &nobody)
            .and_then(|complaint| {
                complaint.answer(
                    reviewer,
                    &nobody,
                    crate::award::complaints::ComplaintOutcome::NotUpheld,
                    "the score was given by the published descriptor, as page four shows",
                )
            })
            .unwrap();
        assert!(published().suspend(&answered).is_err());
        let resumed = suspended.resume(std::slice::from_ref(&answered)).unwrap();
        // Answered early, the standstill still runs to its end.
        assert!(resumed.clone().award(at("2026-02-05T09:00"), std::slice::from_ref(&answered)).is_err());
        assert!(resumed.award(over, &[answered]).is_ok());
    }

    #[test]
    fn set_aside_begins_a_new_standstill() {
        let again = published()
            .set_aside(WHY)
            .and_then(|state| {
                state.publish(StandstillRule::default(), at("2026-02-10T09:00"), &WorkingCalendar::default())
            })
            .unwrap();
        assert!(again.clone().award(at("2026-02-12T00:00"), &[]).is_err());
        assert!(again.award(at("2026-02-20T00:00"), &[]).is_ok());
    }
}
