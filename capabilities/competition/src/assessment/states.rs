//! The life of a review, from assignment to submission; reopening keeps every earlier edition. It never changes what was submitted.

use hiec_kernel::Timestamp;
use hiec_kernel::clock::on_page;
use serde::{Deserialize, Serialize};

use super::rules::ReadyScore;
use crate::diagrams::{Diagram, Move};
use crate::refusal::{Reason, Refusal};

/// Why an assessor gives a bid back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineCause {
    /// Also declares a conflict with the bid.
    Conflict,
    NotMyArea,
    TooMany,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Review",
    start: "Assigned",
    moves: &[
        Move("Assigned", "accept", "Accepted"),
        Move("Assigned", "decline", "Declined"),
        Move("Accepted", "decline", "Declined"),
        Move("Draft", "decline", "Declined"),
        Move("Accepted", "write", "Draft"),
        Move("Draft", "write", "Draft"),
        Move("Draft", "submit", "Submitted"),
        Move("Submitted", "reopen", "Reopened"),
        Move("Reopened", "write", "Reopened"),
        Move("Reopened", "submit", "Submitted"),
        Move("Assigned", "remove", "Removed"),
        Move("Accepted", "remove", "Removed"),
        Move("Draft", "remove", "Removed"),
        Move("Submitted", "remove", "Removed"),
        Move("Reopened", "remove", "Removed"),
    ],
};

impl DeclineCause {
    pub const ALL: &'static [Self] = &[Self::Conflict, Self::NotMyArea, Self::TooMany];

    pub fn key(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::NotMyArea => "not_my_area",
            Self::TooMany => "too_many",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Conflict => "I have a conflict of interest",
            Self::NotMyArea => "It is not my area",
            Self::TooMany => "I have too many bids",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReviewState {
    Assigned,
    Accepted,
    /// Something is written, nothing is submitted.
    Draft,
    Submitted,
    /// The office asked for another edition; the one before stays.
    Reopened {
        reason: Reason,
    },
    Declined {
        cause: DeclineCause,
        note: String,
    },
    /// Taken away by the office (a conflict came up).
    Removed {
        reason: Reason,
    },
}

/// A review as submitted, kept for good.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Edition {
    /// Counted from 1.
    pub number: u32,
    pub at: Timestamp,
    pub scores: Vec<ReadyScore>,
}

/// One assessor's review of one bid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Review {
    #[serde(flatten)]
    pub state: ReviewState,
    /// Oldest first.
    pub editions: Vec<Edition>,
}

impl Review {
    pub fn assigned() -> Self {
        Self { state: ReviewState::Assigned, editions: Vec::new() }
    }

    pub fn key(&self) -> &'static str {
        match self.state {
            ReviewState::Assigned => "Assigned",
            ReviewState::Accepted => "Accepted",
            ReviewState::Draft => "Draft",
            ReviewState::Submitted => "Submitted",
            ReviewState::Reopened { .. } => "Reopened",
            ReviewState::Declined { .. } => "Declined",
            ReviewState::Removed { .. } => "Removed",
        }
    }

    pub fn is_submitted(&self) -> bool {
        matches!(self.state, ReviewState::Submitted)
    }

    /// Whether somebody still has to do something before the bid can be moderated.
    pub fn is_awaited(&self) -> bool {
        matches!(
            self.state,
            ReviewState::Assigned | ReviewState::Accepted | ReviewState::Draft | ReviewState::Reopened { .. }
        )
    }

    /// The edition that counts: the latest, of a review that is submitted.
    pub fn counts(&self) -> Option<&Edition> {
        if self.is_submitted() { self.editions.last() } else { None }
    }

    pub fn accept(self) -> Result<Self, Refusal> {
        match self.state {
            ReviewState::Assigned => Ok(self.with(ReviewState::Accepted)),
            _ => Err(self.not_now("Only a review that was just assigned is accepted.")),
        }
    }

    /// Given back by the assessor, before anything is submitted.
    pub fn decline(self, cause: DeclineCause, note: &str) -> Result<Self, Refusal> {
        match self.state {
            ReviewState::Assigned | ReviewState::Accepted | ReviewState::Draft => {
                let note = note.trim().to_owned();
                Ok(self.with(ReviewState::Declined { cause, note }))
            }
            _ => Err(self.not_now("Tell the programme office if an interest came up later.")),
        }
    }

    /// Something was saved.
    pub fn write(self) -> Result<Self, Refusal> {
        match self.state {
            ReviewState::Accepted | ReviewState::Draft => Ok(self.with(ReviewState::Draft)),
            ReviewState::Reopened { .. } => Ok(self),
            ReviewState::Assigned => Err(self.not_now("Accept the review first.")),
            _ => Err(self.not_now("Ask the programme office to reopen it if it must change.")),
        }
    }

    /// Submits another edition. `closes` is the end of assessment, or the later one the office gave when it reopened the
    /// review; at that moment it is too late. The scores have passed [`super::rules::check_submission`].
    pub fn submit(
        mut self,
        scores: Vec<ReadyScore>,
        now: Timestamp,
        closes: Option<Timestamp>,
    ) -> Result<Self, Refusal> {
        match self.state {
            ReviewState::Draft | ReviewState::Reopened { .. } => {}
            ReviewState::Assigned | ReviewState::Accepted => {
                return Err(self.not_now("Accept the review and score the bid first."));
            }
            _ => {
                return Err(self.not_now("Ask the programme office to reopen it if it must change."));
            }
        }
        if let Some(closes) = closes
            && now >= closes
        {
            return Err(Refusal::new(
                format!("Assessment closed on {}", on_page(closes)),
                "What you wrote is kept. Ask the programme office for more time.",
            ));
        }
        let number = u32::try_from(self.editions.len() + 1).unwrap_or(u32::MAX);
        self.editions.push(Edition { number, at: now, scores });
        Ok(self.with(ReviewState::Submitted))
    }

    /// By the office, with a reason the assessor sees. What was submitted stays.
    pub fn reopen(self, reason: &str) -> Result<Self, Refusal> {
        match self.state {
            ReviewState::Submitted => {
                let reason = Reason::parse(reason)?;
                Ok(self.with(ReviewState::Reopened { reason }))
            }
            _ => Err(self.not_now("Only a submitted review is reopened.")),
        }
    }

    /// By the office, with a reason; a submitted review then no longer counts, and stays on the record.
    pub fn remove(self, reason: &str) -> Result<Self, Refusal> {
        match self.state {
            ReviewState::Declined { .. } | ReviewState::Removed { .. } => {
                Err(self.not_now("There is nothing to take away."))
            }
            _ => {
                let reason = Reason::parse(reason)?;
                Ok(self.with(ReviewState::Removed { reason }))
            }
        }
    }

    fn with(self, state: ReviewState) -> Self {
        Self { state, ..self }
    }

    fn not_now(&self, next: &str) -> Refusal {
        let title = match self.state {
            ReviewState::Assigned => "The review is not accepted yet",
            ReviewState::Accepted => "The review is accepted and not begun",
            ReviewState::Draft => "The review is being written",
            ReviewState::Submitted => "The review is submitted",
            ReviewState::Reopened { .. } => "The review is reopened",
            ReviewState::Declined { .. } => "The review was declined",
            ReviewState::Removed { .. } => "The review was taken away",
        };
        Refusal::new(title, next)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hiec_kernel::clock::from_london;

    use super::*;
    use crate::assessment::rules::may_see_other_scores;
    use crate::ranking::exact::Exact;
    use crate::ranking::totals::Part;

    fn at(text: &str) -> Timestamp {
        from_london(text).unwrap()
    }

    fn scores(value: i64) -> Vec<ReadyScore> {
        vec![ReadyScore { part: Part::whole("vision"), value: Exact::whole(value), justification: "because".into() }]
    }

    fn draft() -> Review {
        Review::assigned().accept().unwrap().write().unwrap()
    }

    fn submitted() -> Review {
        draft().submit(scores(3), at("2009-11-01T12:00"), None).unwrap()
    }

    const WHY: &str = "a page was missing";

    #[test]
    fn the_diagram_is_what_the_code_does() {
        let mut found = BTreeSet::new();
        for review in [
            Review::assigned(),
            Review::assigned().accept().unwrap(),
            draft(),
            submitted(),
            submitted().reopen(WHY).unwrap(),
            draft().decline(DeclineCause::TooMany, "").unwrap(),
            draft().remove(WHY).unwrap(),
        ] {
            for (label, next) in [
                ("accept", review.clone().accept()),
                ("decline", review.clone().decline(DeclineCause::Conflict, "")),
                ("write", review.clone().write()),
                ("submit", review.clone().submit(scores(1), at("2009-11-01T12:00"), None)),
                ("reopen", review.clone().reopen(WHY)),
                ("remove", review.clone().remove(WHY)),
            ] {
                if let Ok(next) = next {
                    found.insert(Move(review.key(), label, next.key()));
                }
            }
        }
        assert_eq!(found, DIAGRAM.moves.iter().copied().collect());
    }

    #[test]
    fn reopening_keeps_the_first_edition_beside_the_second() {
        let reopened = submitted().reopen(WHY).unwrap();
        assert!(reopened.counts().is_none());
        assert!(submitted().reopen(" ").is_err());
        let again = reopened.submit(scores(4), at("2009-11-02T12:00"), None).unwrap();
        assert_eq!(again.editions.len(), 2);
        assert_eq!(again.editions[0], submitted().editions[0]);
        assert_eq!(again.counts().unwrap().scores, scores(4));
    }

    #[test]
    fn too_late_is_too_late_to_the_millisecond() {
        let closes = at("2009-11-06T17:00");
        let before = closes - chrono::Duration::milliseconds(1);
        assert!(draft().submit(scores(3), before, Some(closes)).is_ok());
        let refused = draft().submit(scores(3), closes, Some(closes)).unwrap_err();
        assert_eq!(refused.title, "Assessment closed on 6 November 2009 at 5:00pm");
    }

    #[test]
    fn others_scores_show_only_after_ones_own() {
        assert!(!may_see_other_scores(None, false));
        assert!(!may_see_other_scores(Some(&Review::assigned()), false));
        assert!(!may_see_other_scores(Some(&draft()), false));
        assert!(may_see_other_scores(Some(&submitted()), false));
        assert!(!may_see_other_scores(Some(&submitted()), true));
        assert!(!may_see_other_scores(Some(&submitted().reopen(WHY).unwrap()), false));
        assert!(!may_see_other_scores(Some(&submitted().remove(WHY).unwrap()), false));
        assert!(!may_see_other_scores(Some(&draft().decline(DeclineCause::Conflict, "").unwrap()), false));
    }
}
