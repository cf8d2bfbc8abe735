//! What becomes of a conflict: it stands until somebody else dismisses it with a reason, or, if declared, until its declarer takes it back and another confirms. It never forgets that it stood.

use std::collections::BTreeSet;

use hiec_kernel::{BidId, PersonId};
use serde::{Deserialize, Serialize};

use super::rules::{Conflict, Hardness, Origin};
use crate::diagrams::{Diagram, Move};
use crate::refusal::{Reason, Refusal};

/// Why a conflict may be set aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DismissalGround {
    /// The fact behind it is not so (another person of that name, left the post long ago).
    FactIsWrong,
    /// It is so, but too remote to sway anybody. For soft conflicts only.
    TooRemote,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConflictState {
    Standing,
    Dismissed {
        by: PersonId,
        ground: DismissalGround,
        reason: Reason,
    },
    /// The declarer says it no longer holds; it stands until another confirms.
    WithdrawalAsked {
        reason: Reason,
    },
    Withdrawn {
        reason: Reason,
        confirmed_by: PersonId,
    },
}

/// A conflict with its state.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConflictCase {
    pub conflict: Conflict,
    #[serde(flatten)]
    pub state: ConflictState,
}

/// The officer who would decide on a conflict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decider {
    pub person: PersonId,
    /// Has a conflict of their own with the same bid.
    pub is_conflicted: bool,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Conflict of interest",
    start: "Standing",
    moves: &[
        Move("Standing", "dismiss", "Dismissed"),
        Move("Standing", "ask to withdraw", "WithdrawalAsked"),
        Move("WithdrawalAsked", "confirm withdrawal", "Withdrawn"),
        Move("WithdrawalAsked", "refuse withdrawal", "Standing"),
        Move("Dismissed", "restore", "Standing"),
    ],
};

impl ConflictCase {
    pub fn new(conflict: Conflict) -> Self {
        Self { conflict, state: ConflictState::Standing }
    }

    pub fn key(&self) -> &'static str {
        match self.state {
            ConflictState::Standing => "Standing",
            ConflictState::Dismissed { .. } => "Dismissed",
            ConflictState::WithdrawalAsked { .. } => "WithdrawalAsked",
            ConflictState::Withdrawn { .. } => "Withdrawn",
        }
    }

    /// Whether it keeps the person from the bid.
    pub fn stands(&self) -> bool {
        matches!(self.state, ConflictState::Standing | ConflictState::WithdrawalAsked { .. })
    }

    /// Sets a detected conflict aside.
    pub fn dismiss(self, by: Decider, ground: DismissalGround, reason: &str) -> Result<Self, Refusal> {
        self.by_another(by)?;
        if self.conflict.origin == Origin::Declared {
            return Err(Refusal::new(
                "A conflict somebody declared cannot be dismissed",
                "Ask the person to take the declaration back; another officer then confirms it.",
            ));
        }
        if !matches!(self.state, ConflictState::Standing) {
            return Err(self.not_now("Only a conflict that stands can be dismissed."));
        }
        if self.conflict.hardness == Hardness::Hard && ground == DismissalGround::TooRemote {
            return Err(Refusal::new(
                format!("This conflict is never too remote: the person {}", self.conflict.why),
                "It can be dismissed only because the fact behind it is wrong.",
            ));
        }
        let reason = Reason::parse(reason)?;
        Ok(Self { state: ConflictState::Dismissed { by: by.person, ground, reason }, ..self })
    }

    /// Makes a dismissed conflict stand again. A reason is kept in the audit trail.
    pub fn restore(self, by: Decider, reason: &str) -> Result<Self, Refusal> {
        if by.person == self.conflict.person {
            // Anybody may always declare an interest; this road is the office's.
            return Err(Refusal::new(
                "This is your own conflict",
                "Declare an interest in the bid instead: it stands at once.",
            ));
        }
        let ConflictState::Dismissed { .. } = self.state else {
            return Err(self.not_now("Only a dismissed conflict can be restored."));
        };
        Reason::parse(reason)?;
        Ok(Self::new(self.conflict))
    }

    /// Asked by the person who declared it, and by nobody else.
    pub fn ask_withdrawal(self, by: PersonId, reason: &str) -> Result<Self, Refusal> {
        if self.conflict.origin != Origin::Declared || by != self.conflict.person {
            return Err(Refusal::new(
                "Only who declared a conflict can take it back",
                "A detected conflict is dismissed by an officer, with a reason.",
            ));
        }
        let ConflictState::Standing = self.state else {
            return Err(self.not_now("Only a conflict that stands can be taken back."));
        };
        Ok(Self { state: ConflictState::WithdrawalAsked { reason: Reason::parse(reason)? }, ..self })
    }

    pub fn confirm_withdrawal(self, by: Decider) -> Result<Self, Refusal> {
        self.by_another(by)?;
        let ConflictState::WithdrawalAsked { reason } = self.state else {
            return Err(self.not_now("Nobody asked to take it back."));
        };
        Ok(Self { conflict: self.conflict, state: ConflictState::Withdrawn { reason, confirmed_by: by.person } })
    }

    pub fn refuse_withdrawal(self, by: Decider, reason: &str) -> Result<Self, Refusal> {
        self.by_another(by)?;
        let ConflictState::WithdrawalAsked { .. } = self.state else {
            return Err(self.not_now("Nobody asked to take it back."));
        };
        Reason::parse(reason)?;
        Ok(Self::new(self.conflict))
    }

    fn by_another(&self, by: Decider) -> Result<(), Refusal> {
        if by.person == self.conflict.person {
            return Err(Refusal::new(
                "Nobody decides on their own conflict",
                "Ask another officer of the programme office.",
            ));
        }
        if by.is_conflicted {
            return Err(Refusal::new(
                "You have a conflict with this bid yourself",
                "Ask another officer of the programme office.",
            ));
        }
        Ok(())
    }

    fn not_now(&self, next: &str) -> Refusal {
        let title = match self.state {
            ConflictState::Standing => "The conflict stands",
            ConflictState::Dismissed { .. } => "The conflict is dismissed",
            ConflictState::WithdrawalAsked { .. } => "The declarer has asked to take it back",
            ConflictState::Withdrawn { .. } => "The conflict was taken back",
        };
        Refusal::new(title, next)
    }
}

/// The pairs an assignment must leave out: every conflict that stands, hard or soft.
pub fn barred_pairs<'a>(cases: impl IntoIterator<Item = &'a ConflictCase>) -> BTreeSet<(BidId, PersonId)> {
    cases.into_iter().filter(|case| case.stands()).map(|case| (case.conflict.bid, case.conflict.person)).collect()
}

/// Whether a person may see anything of a bid (its title included) as far as interests go.
pub fn may_see(person: PersonId, bid: BidId, cases: &[ConflictCase]) -> bool {
    !cases.iter().any(|case| case.stands() && case.conflict.bid == bid && case.conflict.person == person)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::interests::rules::{ConflictKind, declared};

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn bid() -> BidId {
        BidId(Uuid::from_u128(1))
    }

    fn detected(kind: ConflictKind) -> ConflictCase {
        ConflictCase::new(Conflict {
            bid: bid(),
            person: person(1),
            kind,
            hardness: kind.policy().hardness,
            why: kind.policy().says.into(),
            origin: Origin::Detected,
        })
    }

    const OFFICER: Decider = Decider { person: PersonId(Uuid::from_u128(9)), is_conflicted: false };
    const WHY: &str = "she left that post in 2004";

    #[test]
    fn the_diagram_is_what_the_code_does() {
        let mut found = BTreeSet::new();
        let asked = || ConflictCase::new(declared(person(1), bid(), "")).ask_withdrawal(person(1), WHY).unwrap();
        for case in [
            detected(ConflictKind::EmployerInRegion),
            detected(ConflictKind::EmployerInRegion).dismiss(OFFICER, DismissalGround::TooRemote, WHY).unwrap(),
            ConflictCase::new(declared(person(1), bid(), "")),
            asked(),
            asked().confirm_withdrawal(OFFICER).unwrap(),
        ] {
            for (label, next) in [
                ("dismiss", case.clone().dismiss(OFFICER, DismissalGround::FactIsWrong, WHY)),
                ("restore", case.clone().restore(OFFICER, WHY)),
                ("ask to withdraw", case.clone().ask_withdrawal(person(1), WHY)),
                ("confirm withdrawal", case.clone().confirm_withdrawal(OFFICER)),
                ("refuse withdrawal", case.clone().refuse_withdrawal(OFFICER, WHY)),
            ] {
                if let Ok(next) = next {
                    found.insert(Move(case.key(), label, next.key()));
                }
            }
        }
        assert_eq!(found, DIAGRAM.moves.iter().copied().collect());
    }

    #[test]
    fn dismissed_only_by_another_with_a_reason_and_hard_ones_only_when_untrue() {
        let soft = || detected(ConflictKind::EmployerInRegion);
        let hard = || detected(ConflictKind::EmployedByPartner);
        let own = Decider { person: person(1), ..OFFICER };
        let conflicted = Decider { is_conflicted: true, ..OFFICER };
        assert!(soft().dismiss(own, DismissalGround::FactIsWrong, WHY).is_err());
        assert!(soft().dismiss(conflicted, DismissalGround::FactIsWrong, WHY).is_err());
        assert!(soft().dismiss(OFFICER, DismissalGround::TooRemote, "  ").is_err());
        assert!(soft().dismiss(OFFICER, DismissalGround::TooRemote, WHY).is_ok());
        assert!(hard().dismiss(OFFICER, DismissalGround::TooRemote, WHY).is_err());
        assert!(hard().dismiss(OFFICER, DismissalGround::FactIsWrong, WHY).is_ok());
        let said = ConflictCase::new(declared(person(1), bid(), "my neighbour"));
        assert!(said.clone().dismiss(OFFICER, DismissalGround::FactIsWrong, WHY).is_err());
        assert!(said.clone().ask_withdrawal(person(2), WHY).is_err());
        let asked = said.ask_withdrawal(person(1), WHY).unwrap();
        assert!(asked.clone().confirm_withdrawal(own).is_err());
        assert!(!asked.confirm_withdrawal(OFFICER).unwrap().stands());
    }

    #[test]
    fn what_stands_bars_and_hides() {
        let soft = detected(ConflictKind::EmployerInRegion);
        let cases = [soft.clone()];
        assert_eq!(barred_pairs(&cases), [(bid(), person(1))].into());
        assert!(!may_see(person(1), bid(), &cases));
        assert!(may_see(person(2), bid(), &cases));
        let dismissed = [soft.dismiss(OFFICER, DismissalGround::TooRemote, WHY).unwrap()];
        assert!(barred_pairs(&dismissed).is_empty());
        assert!(may_see(person(1), bid(), &dismissed));
        // Asked to be taken back is not taken back.
        let asked = [ConflictCase::new(declared(person(1), bid(), "")).ask_withdrawal(person(1), WHY).unwrap()];
        assert!(!may_see(person(1), bid(), &asked));
    }
}
