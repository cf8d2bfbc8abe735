//! The states of a version of a definition: proposed by one person, put in force or refused by another. It knows no web and no SQL.

use hiec_kernel::closed_list;

closed_list! {
    /// Where a version stands.
    VersionState {
        Proposed = "proposed", "Proposed";
        InForce = "in_force", "In force";
        Superseded = "superseded", "No longer in force";
        Refused = "refused", "Refused";
    }
}

impl VersionState {
    /// What becomes of it when another version of the same measure is put in force.
    pub fn when_another_is_in_force(self) -> Option<Self> {
        (self == Self::InForce).then_some(Self::Superseded)
    }
}

/// A version that waits for a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposed {
    /// Who proposed it, as the audit trail names them.
    pub by: String,
}

/// What a second person may decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    PutInForce,
    Refuse,
}

/// Why nothing was decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotDecided {
    #[error("You proposed this version yourself: somebody else puts it in force or refuses it")]
    OwnProposal,
    #[error("A refusal needs a reason: say what would have to change")]
    NoReason,
}

impl Proposed {
    /// Decides on the version; nobody decides on their own.
    pub fn decide(self, by: &str, decision: Decision, reason: &str) -> Result<VersionState, NotDecided> {
        if self.by == by {
            return Err(NotDecided::OwnProposal);
        }
        match decision {
            Decision::PutInForce => Ok(VersionState::InForce),
            Decision::Refuse if reason.trim().is_empty() => Err(NotDecided::NoReason),
            Decision::Refuse => Ok(VersionState::Refused),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_puts_their_own_proposal_in_force() {
        let proposed = Proposed { by: "person:1".into() };
        let decide = |by: &str, decision, reason: &str| proposed.clone().decide(by, decision, reason);
        assert_eq!(decide("person:1", Decision::PutInForce, "fine"), Err(NotDecided::OwnProposal));
        assert_eq!(decide("person:1", Decision::Refuse, "no"), Err(NotDecided::OwnProposal));
        assert_eq!(decide("person:2", Decision::PutInForce, ""), Ok(VersionState::InForce));
        assert_eq!(decide("person:2", Decision::Refuse, " "), Err(NotDecided::NoReason));
        assert_eq!(decide("person:2", Decision::Refuse, "too vague"), Ok(VersionState::Refused));
    }
}
