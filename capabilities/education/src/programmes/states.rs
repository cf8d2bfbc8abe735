//! The states of a change proposed to a curriculum: the cluster proposes and answers, the owner alone decides. Pure; `docs/states.md` draws it.

use hiec_kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a proposal stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum Proposal {
    /// The owner has not answered.
    Proposed,
    /// The owner asks something before deciding.
    Questioned {
        question: String,
        at: Timestamp,
    },
    Accepted {
        reason: String,
        at: Timestamp,
    },
    Refused {
        reason: String,
        at: Timestamp,
    },
    /// Those who proposed it took it back.
    Withdrawn {
        reason: String,
        at: Timestamp,
    },
}

/// What somebody does with a proposal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Act {
    Accept,
    Refuse,
    Question,
    Answer,
    Withdraw,
}

impl Act {
    pub const ALL: [Self; 5] = [Self::Accept, Self::Refuse, Self::Question, Self::Answer, Self::Withdraw];

    pub fn key(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Question => "question",
            Self::Answer => "answer",
            Self::Withdraw => "withdraw",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Accept => "Accept it: the curriculum changes",
            Self::Refuse => "Refuse it",
            Self::Question => "Ask something first",
            Self::Answer => "Answer",
            Self::Withdraw => "Withdraw it",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.key() == key)
    }

    /// Whether it is the owner's to do; the others belong to those who propose.
    pub fn is_owners(self) -> bool {
        matches!(self, Self::Accept | Self::Refuse | Self::Question)
    }
}

/// Why an act is not possible now.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("This proposal is {standing}, so it cannot be acted on this way any more")]
pub(crate) struct Closed {
    standing: &'static str,
}

impl Proposal {
    pub fn label(&self) -> &'static str {
        match self {
            Self::Proposed => "With the owner",
            Self::Questioned { .. } => "The owner asks",
            Self::Accepted { .. } => "Accepted",
            Self::Refused { .. } => "Refused",
            Self::Withdrawn { .. } => "Withdrawn",
        }
    }

    /// The words that go with it.
    pub fn words(&self) -> &str {
        match self {
            Self::Proposed => "",
            Self::Questioned { question, .. } => question,
            Self::Accepted { reason, .. } | Self::Refused { reason, .. } | Self::Withdrawn { reason, .. } => reason,
        }
    }

    /// What can be done with it now.
    pub fn acts(&self) -> impl Iterator<Item = Act> + '_ {
        Act::ALL.into_iter().filter(|act| self.allows(*act))
    }

    fn allows(&self, act: Act) -> bool {
        match self {
            Self::Proposed => act != Act::Answer,
            Self::Questioned { .. } => matches!(act, Act::Answer | Act::Withdraw),
            Self::Accepted { .. } | Self::Refused { .. } | Self::Withdrawn { .. } => false,
        }
    }

    /// Takes the next step, with its reason, question or answer.
    pub fn act(self, act: Act, reason: String, at: Timestamp) -> Result<Self, Closed> {
        if !self.allows(act) {
            return Err(Closed {
                standing: match self {
                    Self::Proposed => "with the owner",
                    Self::Questioned { .. } => "waiting for an answer",
                    Self::Accepted { .. } => "accepted",
                    Self::Refused { .. } => "refused",
                    Self::Withdrawn { .. } => "withdrawn",
                },
            });
        }
        Ok(match act {
            Act::Accept => Self::Accepted { reason, at },
            Act::Refuse => Self::Refused { reason, at },
            Act::Question => Self::Questioned { question: reason, at },
            Act::Answer => Self::Proposed,
            Act::Withdraw => Self::Withdrawn { reason, at },
        })
    }
}
