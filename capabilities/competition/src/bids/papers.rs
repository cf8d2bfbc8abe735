//! The two papers a partnership writes, questionnaire and bid: which questions, until when, and whether one may still write; it holds no answers.

use hiec_forms::QuestionSet;
use hiec_kernel::{Problem, Timestamp};
use serde::{Deserialize, Serialize};

use super::states::BidState;
use super::store::Bid;
use crate::calls::design::CallDesign;
use crate::calls::stages::{self, Deadline};
use crate::pqq::rules::PqqState;

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    Pqq,
    Bid,
}

impl Paper {
    /// The stored spelling.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pqq => "pqq",
            Self::Bid => "bid",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Pqq, Self::Bid].into_iter().find(|paper| paper.key() == key)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Pqq => "Pre-qualification questionnaire",
            Self::Bid => "Bid",
        }
    }

    pub fn in_words(self) -> &'static str {
        match self {
            Self::Pqq => "the questionnaire",
            Self::Bid => "the bid",
        }
    }

    pub fn questions(self, design: &CallDesign) -> &QuestionSet {
        match self {
            Self::Pqq => &design.pqq_questions,
            Self::Bid => &design.bid_questions,
        }
    }

    pub fn deadline(self, design: &CallDesign) -> Option<Deadline> {
        match self {
            Self::Pqq => stages::pqq_deadline(design),
            Self::Bid => stages::bid_deadline(design),
        }
    }

    /// The address of one section's page.
    pub fn section_path(self, bid: &Bid, section: &str) -> String {
        match self {
            Self::Pqq => format!("{}/pqq/{section}", bid.path()),
            Self::Bid => format!("{}/sections/{section}", bid.path()),
        }
    }

    /// Whether what is typed now still counts: before the deadline, or while an officer would admit the bid late.
    pub fn is_open(self, bid: &Bid, now: Timestamp) -> bool {
        let in_time = self.deadline(bid.call.design()).is_some_and(|deadline| deadline.admits(now));
        match self {
            Self::Pqq => {
                in_time
                    && pqq_state(bid).is_ok_and(|state| matches!(state, PqqState::Writing(_) | PqqState::Submitted(_)))
            }
            Self::Bid => match bid.state {
                BidState::Draft(_) | BidState::Submitted(_) | BidState::Withdrawn(_) => in_time,
                BidState::LateProposed(_) => true,
                BidState::NotSubmitted(_) | BidState::Opened(_) => false,
            },
        }
    }

    /// How long there is, or when it closed; empty where the call sets no time.
    pub fn countdown(self, bid: &Bid, now: Timestamp) -> String {
        self.deadline(bid.call.design()).map(|deadline| deadline.countdown(now)).unwrap_or_default()
    }
}

/// The questionnaire's state machine, as stored with the bid.
pub(crate) fn pqq_state(bid: &Bid) -> Result<PqqState, Problem> {
    serde_json::from_value(bid.pqq_state.clone()).map_err(Problem::internal)
}
