//! The life of a quarter's return, from the draft to the frozen, published figures. It never lets one person act for both sides, and nothing leaves the accepted state.

use hiec_kernel::{Fingerprint, PersonId};
use serde::{Deserialize, Serialize};

use crate::kpis::rules::{Act, NotNow};

/// The chair's signature under one version of the figures.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signature {
    pub act: Act,
    /// Which signing it is, counted from 1.
    pub number: u32,
    /// Of the content as signed.
    pub fingerprint: Fingerprint,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReturnState {
    /// The cluster writes; the figures fill themselves.
    Draft,
    Signed {
        signature: Signature,
    },
    /// The region has it and reads.
    Received {
        signature: Signature,
        received: Act,
    },
    /// The region asked, and waits for answers.
    Queried {
        signature: Signature,
        received: Act,
    },
    /// Back at the cluster, with the reasons; the figures fill themselves again.
    SentBack {
        signature: Signature,
        sent_back: Act,
        reason: String,
    },
    /// Frozen and published.
    Accepted {
        signature: Signature,
        received: Act,
        accepted: Act,
    },
}

/// Every move: from this state, by this act, to that state. The README draws them and a test holds both to the code.
pub const MOVES: &[(&str, &str, &str)] = &[
    ("Draft", "sign", "Signed"),
    ("Signed", "receive", "Received"),
    ("Received", "query", "Queried"),
    ("Queried", "query", "Queried"),
    ("Queried", "answer the last", "Received"),
    ("Received", "accept", "Accepted"),
    ("Received", "send back", "SentBack"),
    ("Queried", "send back", "SentBack"),
    ("SentBack", "sign", "Signed"),
];

impl ReturnState {
    pub fn key(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Signed { .. } => "signed",
            Self::Received { .. } => "received",
            Self::Queried { .. } => "queried",
            Self::SentBack { .. } => "sent_back",
            Self::Accepted { .. } => "accepted",
        }
    }

    pub fn label(&self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Signed { .. } => "Signed",
            Self::Received { .. } => "Received",
            Self::Queried { .. } => "Queried",
            Self::SentBack { .. } => "Sent back",
            Self::Accepted { .. } => "Accepted",
        }
    }

    /// As the drawing names it.
    pub fn drawn(&self) -> &'static str {
        match self {
            Self::SentBack { .. } => "SentBack",
            other => other.label(),
        }
    }

    /// Whether the cluster writes it now.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Draft | Self::SentBack { .. })
    }

    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted { .. })
    }

    /// The signature that stands; one on a return that was sent back stands no more.
    pub fn signature(&self) -> Option<&Signature> {
        match self {
            Self::Draft | Self::SentBack { .. } => None,
            Self::Signed { signature }
            | Self::Received { signature, .. }
            | Self::Queried { signature, .. }
            | Self::Accepted { signature, .. } => Some(signature),
        }
    }

    /// The last signature, standing or not.
    pub fn last_signature(&self) -> Option<&Signature> {
        match self {
            Self::SentBack { signature, .. } => Some(signature),
            other => other.signature(),
        }
    }

    pub fn sign(self, signature: Signature) -> Result<Self, NotNow> {
        match self {
            Self::Draft => Ok(Self::Signed { signature }),
            Self::SentBack { signature: earlier, .. } if earlier.number < signature.number => {
                Ok(Self::Signed { signature })
            }
            other => Err(other.not("signed", "It is signed while it is a draft or was sent back.")),
        }
    }

    pub fn receive(self, received: Act) -> Result<Self, NotNow> {
        match self {
            Self::Signed { signature } => {
                other_side(&signature, received.by)?;
                Ok(Self::Received { signature, received })
            }
            other => Err(other.not("received", "It is received once, after the chair has signed.")),
        }
    }

    pub fn query(self, by: PersonId) -> Result<Self, NotNow> {
        match self {
            Self::Received { signature, received } | Self::Queried { signature, received } => {
                other_side(&signature, by)?;
                Ok(Self::Queried { signature, received })
            }
            other => {
                Err(other.not("queried", "Lines are queried after the return is received and before it is accepted."))
            }
        }
    }

    /// An answer was given, and so many questions are open still.
    pub fn answered(self, still_open: usize) -> Result<Self, NotNow> {
        match self {
            Self::Queried { signature, received } if still_open == 0 => Ok(Self::Received { signature, received }),
            queried @ Self::Queried { .. } => Ok(queried),
            other => Err(other.not("answered", "Answers are given while the region waits for them.")),
        }
    }

    pub fn accept(self, accepted: Act) -> Result<Self, NotNow> {
        match self {
            Self::Received { signature, received } => {
                other_side(&signature, accepted.by)?;
                Ok(Self::Accepted { signature, received, accepted })
            }
            Self::Queried { .. } => Err(NotNow::new(
                "A question is not answered yet",
                "Wait for the answers, or send the return back with the reasons.",
            )),
            other => Err(other.not("accepted", "Receive it first, and read it.")),
        }
    }

    pub fn send_back(self, sent_back: Act, reason: String) -> Result<Self, NotNow> {
        match self {
            Self::Received { signature, .. } | Self::Queried { signature, .. } => {
                other_side(&signature, sent_back.by)?;
                Ok(Self::SentBack { signature, sent_back, reason })
            }
            other => Err(other.not("sent back", "It is sent back after it is received and before it is accepted.")),
        }
    }

    fn not(&self, what: &str, next: &str) -> NotNow {
        let stands = self.label().to_lowercase();
        let stands = if matches!(self, Self::Draft) { "a draft".to_owned() } else { stands };
        NotNow::new(format!("This return cannot be {what} now: it is {stands}"), next)
    }
}

/// Whoever signed for the cluster does not judge for the region, whatever roles they have come by since.
fn other_side(signature: &Signature, by: PersonId) -> Result<(), NotNow> {
    if signature.act.by == by {
        return Err(NotNow::new(
            "You signed this return for the cluster",
            "Nobody acts on both sides: somebody else of the region has to.",
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

    fn signature(number: u32) -> Signature {
        Signature { act: act(1), number, fingerprint: Fingerprint::of_bytes(b"figures") }
    }

    fn every_state() -> Vec<ReturnState> {
        let signed = ReturnState::Draft.sign(signature(1)).unwrap();
        let received = signed.clone().receive(act(2)).unwrap();
        let queried = received.clone().query(act(2).by).unwrap();
        let sent_back = received.clone().send_back(act(2), "the money is missing".into()).unwrap();
        let accepted = received.clone().accept(act(2)).unwrap();
        vec![ReturnState::Draft, signed, received, queried, sent_back, accepted]
    }

    /// Tries everything everywhere, and compares what happened with the drawing.
    #[test]
    fn every_move_is_drawn_and_no_other_happens() {
        let mut happened = BTreeSet::new();
        for state in every_state() {
            let tries: [(&str, Result<ReturnState, NotNow>); 6] = [
                ("sign", state.clone().sign(signature(2))),
                ("receive", state.clone().receive(act(2))),
                ("query", state.clone().query(act(2).by)),
                ("answer the last", state.clone().answered(0)),
                ("accept", state.clone().accept(act(2))),
                ("send back", state.clone().send_back(act(2), "reason".into())),
            ];
            for (name, result) in tries {
                if let Ok(next) = result {
                    happened.insert((state.drawn(), name, next.drawn()));
                }
            }
        }
        assert_eq!(happened, MOVES.iter().copied().collect::<BTreeSet<_>>());
    }

    #[test]
    fn the_readme_draws_every_move() {
        let readme = include_str!("../../README.md");
        for (from, act, to) in MOVES {
            assert!(
                readme.contains(&format!("    {from} --> {to}: {act}\n")),
                "README.md lacks {from} --> {to}: {act}"
            );
        }
        let drawn = readme.lines().filter(|line| line.contains(" --> ") && line.contains(": ")).count();
        assert!(drawn >= MOVES.len());
    }

    #[test]
    fn whoever_signed_never_judges() {
        for state in every_state() {
            assert!(state.clone().receive(act(1)).is_err());
            assert!(state.clone().query(act(1).by).is_err());
            assert!(state.clone().accept(act(1)).is_err());
            assert!(state.clone().send_back(act(1), "reason".into()).is_err());
        }
    }

    #[test]
    fn an_answer_leaves_the_other_questions_open() {
        let queried = every_state().remove(3);
        assert_eq!(queried.clone().answered(2).unwrap(), queried);
        let why = queried.accept(act(2)).unwrap_err();
        assert!(why.title.contains("not answered"), "{why:?}");
    }

    #[test]
    fn a_refusal_says_where_it_stands() {
        let why = ReturnState::Draft.accept(act(2)).unwrap_err();
        assert_eq!(why.title, "This return cannot be accepted now: it is a draft");
        assert!(!why.next.is_empty());
    }

    #[test]
    fn a_return_sent_back_has_no_standing_signature() {
        let sent_back = every_state().remove(4);
        assert_eq!((sent_back.signature(), sent_back.last_signature().map(|one| one.number)), (None, Some(1)));
        assert!(sent_back.is_open() && sent_back.clone().sign(signature(1)).is_err(), "the same signing twice");
    }
}
