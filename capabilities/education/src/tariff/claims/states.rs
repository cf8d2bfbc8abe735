//! The life of a host's claim, from the draft to the money and back. It never lets one person act for both sides, nor one alone take money back.

use hiec_kernel::{Money, PersonId, Problem, Timestamp};
use serde::{Deserialize, Serialize};

/// Who did something, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Act {
    pub by: PersonId,
    pub at: Timestamp,
}

/// A claim that was paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub submitted: Act,
    pub approved: Act,
    pub paid: Act,
}

/// A wish to take money back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Clawback {
    pub amount: Money,
    pub reason: String,
    pub requested: Act,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum ClaimState {
    Draft,
    /// Given up before it was sent.
    Withdrawn {
        withdrawn: Act,
    },
    Submitted {
        submitted: Act,
    },
    SentBack {
        submitted: Act,
        sent_back: Act,
        reason: String,
    },
    Approved {
        submitted: Act,
        approved: Act,
    },
    Paid {
        payment: Payment,
    },
    /// The payer asked for the evidence.
    Sampled {
        payment: Payment,
        sampled: Act,
        question: String,
    },
    /// The evidence bears the claim out.
    Confirmed {
        payment: Payment,
        confirmed: Act,
        finding: String,
    },
    ClawbackRequested {
        payment: Payment,
        clawback: Clawback,
    },
    ClawbackRefused {
        payment: Payment,
        clawback: Clawback,
        refused: Act,
        reason: String,
    },
    ClawedBack {
        payment: Payment,
        clawback: Clawback,
        approved: Act,
    },
}

/// Every move: from this state, by this act, to that state. The README draws them and a test holds both to the code.
#[cfg(test)]
const MOVES: &[(&str, &str, &str)] = &[
    ("Draft", "submit", "Submitted"),
    ("Draft", "withdraw", "Withdrawn"),
    ("Submitted", "approve", "Approved"),
    ("Submitted", "send back", "SentBack"),
    ("SentBack", "submit", "Submitted"),
    ("SentBack", "withdraw", "Withdrawn"),
    ("Approved", "pay", "Paid"),
    ("Paid", "sample", "Sampled"),
    ("Sampled", "confirm", "Confirmed"),
    ("Sampled", "request clawback", "ClawbackRequested"),
    ("ClawbackRequested", "approve clawback", "ClawedBack"),
    ("ClawbackRequested", "refuse clawback", "ClawbackRefused"),
    ("ClawbackRefused", "request clawback", "ClawbackRequested"),
];

impl ClaimState {
    pub fn key(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Submitted { .. } => "submitted",
            Self::SentBack { .. } => "sent_back",
            Self::Approved { .. } => "approved",
            Self::Paid { .. } => "paid",
            Self::Sampled { .. } => "sampled",
            Self::Confirmed { .. } => "confirmed",
            Self::ClawbackRequested { .. } => "clawback_requested",
            Self::ClawbackRefused { .. } => "clawback_refused",
            Self::ClawedBack { .. } => "clawed_back",
        }
    }

    pub fn label(&self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Withdrawn { .. } => "Withdrawn",
            Self::Submitted { .. } => "Submitted",
            Self::SentBack { .. } => "Sent back",
            Self::Approved { .. } => "Approved",
            Self::Paid { .. } => "Paid",
            Self::Sampled { .. } => "Sampled",
            Self::Confirmed { .. } => "Confirmed",
            Self::ClawbackRequested { .. } => "Clawback requested",
            Self::ClawbackRefused { .. } => "Clawback refused",
            Self::ClawedBack { .. } => "Clawed back",
        }
    }

    /// Whether it claims nothing any more.
    pub fn is_void(&self) -> bool {
        matches!(self, Self::Withdrawn { .. })
    }

    pub fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Paid { payment }
            | Self::Sampled { payment, .. }
            | Self::Confirmed { payment, .. }
            | Self::ClawbackRequested { payment, .. }
            | Self::ClawbackRefused { payment, .. }
            | Self::ClawedBack { payment, .. } => Some(payment),
            _ => None,
        }
    }

    pub fn is_paid(&self) -> bool {
        self.payment().is_some()
    }

    /// What a clawback that is not decided yet asks for.
    pub fn asked_back(&self) -> Option<Money> {
        match self {
            Self::ClawbackRequested { clawback, .. } => Some(clawback.amount),
            _ => None,
        }
    }

    pub fn clawed_back(&self) -> Option<Money> {
        match self {
            Self::ClawedBack { clawback, .. } => Some(clawback.amount),
            _ => None,
        }
    }

    pub fn submit(self, submitted: Act) -> Result<Self, Problem> {
        match self {
            Self::Draft | Self::SentBack { .. } => Ok(Self::Submitted { submitted }),
            other => Err(other.not("submitted", "A claim is submitted while it is a draft or was sent back.")),
        }
    }

    pub fn withdraw(self, withdrawn: Act) -> Result<Self, Problem> {
        match self {
            Self::Draft | Self::SentBack { .. } => Ok(Self::Withdrawn { withdrawn }),
            other => Err(other.not("withdrawn", "Ask the payer to send it back first.")),
        }
    }

    pub fn approve(self, approved: Act) -> Result<Self, Problem> {
        match self {
            Self::Submitted { submitted } => {
                other_side(submitted, approved.by)?;
                Ok(Self::Approved { submitted, approved })
            }
            other => Err(other.not("approved", "A claim is approved once, after it is submitted.")),
        }
    }

    pub fn send_back(self, sent_back: Act, reason: String) -> Result<Self, Problem> {
        match self {
            Self::Submitted { submitted } => {
                other_side(submitted, sent_back.by)?;
                Ok(Self::SentBack { submitted, sent_back, reason })
            }
            other => Err(other.not("sent back", "A claim is sent back before it is approved.")),
        }
    }

    pub fn pay(self, paid: Act) -> Result<Self, Problem> {
        match self {
            Self::Approved { submitted, approved } => {
                other_side(submitted, paid.by)?;
                Ok(Self::Paid { payment: Payment { submitted, approved, paid } })
            }
            other => Err(other.not("marked as paid", "A claim is paid once, after it is approved.")),
        }
    }

    pub fn sample(self, sampled: Act, question: String) -> Result<Self, Problem> {
        match self {
            Self::Paid { payment } => {
                other_side(payment.submitted, sampled.by)?;
                Ok(Self::Sampled { payment, sampled, question })
            }
            other => Err(other.not("sampled", "Paid claims are sampled, each once.")),
        }
    }

    pub fn confirm(self, confirmed: Act, finding: String) -> Result<Self, Problem> {
        match self {
            Self::Sampled { payment, .. } => {
                other_side(payment.submitted, confirmed.by)?;
                Ok(Self::Confirmed { payment, confirmed, finding })
            }
            other => Err(other.not("confirmed", "A claim is confirmed after its evidence was asked for.")),
        }
    }

    /// No more than was claimed comes back.
    pub fn request_clawback(self, clawback: Clawback, claimed: Money) -> Result<Self, Problem> {
        match self {
            Self::Sampled { payment, .. } | Self::ClawbackRefused { payment, .. } => {
                other_side(payment.submitted, clawback.requested.by)?;
                if clawback.amount <= Money::ZERO || clawback.amount > claimed {
                    return Err(Problem::invalid(
                        format!("Between nothing and {claimed} can come back"),
                        "Enter how much of the claim was not borne out.",
                    ));
                }
                Ok(Self::ClawbackRequested { payment, clawback })
            }
            other => Err(other.not("clawed back", "Money comes back after the claim was sampled.")),
        }
    }

    pub fn approve_clawback(self, approved: Act) -> Result<Self, Problem> {
        match self {
            Self::ClawbackRequested { payment, clawback } => {
                second_person(&clawback, &payment, approved.by)?;
                Ok(Self::ClawedBack { payment, clawback, approved })
            }
            other => Err(other.not("clawed back", "Somebody requests it first, and a second person approves.")),
        }
    }

    pub fn refuse_clawback(self, refused: Act, reason: String) -> Result<Self, Problem> {
        match self {
            Self::ClawbackRequested { payment, clawback } => {
                second_person(&clawback, &payment, refused.by)?;
                Ok(Self::ClawbackRefused { payment, clawback, refused, reason })
            }
            other => Err(other.not("decided on", "No clawback of this claim is requested.")),
        }
    }

    fn not(&self, what: &str, next: &str) -> Problem {
        let stands = self.label().to_lowercase();
        let stands = if matches!(self, Self::Draft) { "a draft".to_owned() } else { stands };
        Problem::conflict(format!("This claim cannot be {what} now: it is {stands}"), next)
    }
}

/// Whoever submitted for the provider does nothing for the payer, whatever roles they have come by since.
fn other_side(submitted: Act, by: PersonId) -> Result<(), Problem> {
    if submitted.by == by {
        return Err(Problem::conflict(
            "You submitted this claim for the host",
            "Nobody acts on both sides: somebody else of the region has to.",
        ));
    }
    Ok(())
}

fn second_person(clawback: &Clawback, payment: &Payment, by: PersonId) -> Result<(), Problem> {
    other_side(payment.submitted, by)?;
    if clawback.requested.by == by {
        return Err(Problem::conflict(
            "You requested this clawback",
            "Money comes back by two people: a second one of the region approves or refuses it.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;

    fn act(by: u128) -> Act {
        Act { by: PersonId(Uuid::from_u128(by)), at: from_london("2010-10-20T10:00").unwrap() }
    }

    fn clawback(by: u128) -> Clawback {
        Clawback { amount: Money(500), reason: "No record of the placement".into(), requested: act(by) }
    }

    const CLAIMED: Money = Money(1_000);

    fn drawn(state: &ClaimState) -> String {
        state.label().split(' ').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
    }

    fn every_state() -> Vec<ClaimState> {
        let submitted = ClaimState::Draft.submit(act(1)).unwrap();
        let approved = submitted.clone().approve(act(2)).unwrap();
        let paid = approved.clone().pay(act(2)).unwrap();
        let sampled = paid.clone().sample(act(2), "Show the rota".into()).unwrap();
        let requested = sampled.clone().request_clawback(clawback(2), CLAIMED).unwrap();
        vec![
            ClaimState::Draft,
            ClaimState::Draft.withdraw(act(1)).unwrap(),
            submitted.clone(),
            submitted.send_back(act(2), "Wrong host".into()).unwrap(),
            approved,
            paid,
            sampled.clone(),
            sampled.confirm(act(2), "In order".into()).unwrap(),
            requested.clone(),
            requested.clone().refuse_clawback(act(3), "The record was found".into()).unwrap(),
            requested.approve_clawback(act(3)).unwrap(),
        ]
    }

    fn tries(state: &ClaimState, by: u128) -> Vec<(&'static str, Result<ClaimState, Problem>)> {
        let state = || state.clone();
        vec![
            ("submit", state().submit(act(1))),
            ("withdraw", state().withdraw(act(1))),
            ("approve", state().approve(act(by))),
            ("send back", state().send_back(act(by), "reason".into())),
            ("pay", state().pay(act(by))),
            ("sample", state().sample(act(by), "question".into())),
            ("confirm", state().confirm(act(by), "finding".into())),
            ("request clawback", state().request_clawback(clawback(by), CLAIMED)),
            ("approve clawback", state().approve_clawback(act(by))),
            ("refuse clawback", state().refuse_clawback(act(by), "reason".into())),
        ]
    }

    /// Tries everything everywhere, and compares what happened with the drawing.
    #[test]
    fn every_move_is_drawn_and_no_other_happens() {
        let mut happened = BTreeSet::new();
        for state in every_state() {
            for (name, result) in tries(&state, 4) {
                if let Ok(next) = result {
                    happened.insert((drawn(&state), name, drawn(&next)));
                }
            }
        }
        let wanted: BTreeSet<_> =
            MOVES.iter().map(|(from, act, to)| (from.to_string(), *act, to.to_string())).collect();
        assert_eq!(happened, wanted);
    }

    #[test]
    fn the_readme_draws_every_move() {
        let readme = include_str!("../../../README.md");
        for (from, act, to) in MOVES {
            let line = format!("    {from} --> {to}: {act}\n");
            assert!(readme.contains(&line), "README.md lacks {line}");
        }
    }

    #[test]
    fn whoever_submitted_never_acts_for_the_payer() {
        for state in every_state() {
            for (name, result) in tries(&state, 1).into_iter().skip(2) {
                assert!(result.is_err(), "{name} from {}", state.label());
            }
        }
    }

    #[test]
    fn money_comes_back_by_two_people_only_and_never_more_than_was_claimed() {
        let sampled = every_state().remove(6);
        let requested = sampled.clone().request_clawback(clawback(2), CLAIMED).unwrap();
        assert_eq!(requested.clone().approve_clawback(act(2)).unwrap_err().title, "You requested this clawback");
        assert!(requested.clone().refuse_clawback(act(2), "x".into()).is_err());
        assert_eq!(requested.approve_clawback(act(3)).unwrap().clawed_back(), Some(Money(500)));
        for amount in [0, -5, 1_001] {
            let wanted = Clawback { amount: Money(amount), ..clawback(2) };
            assert!(sampled.clone().request_clawback(wanted, CLAIMED).is_err());
        }
    }

    #[test]
    fn every_state_is_stored_and_read_back() {
        for state in every_state() {
            let stored = serde_json::to_value(&state).unwrap();
            assert_eq!(stored["state"], state.key());
            assert_eq!(serde_json::from_value::<ClaimState>(stored).unwrap(), state);
        }
    }
}
