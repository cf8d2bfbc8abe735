//! What a region says to the ranking: confirm it, or challenge it with grounds that are answered on the record. Nothing here can touch a score.

use hiec_kernel::{BidId, PersonId};
use serde::{Deserialize, Serialize};

use crate::diagrams::{Diagram, Move};
use crate::refusal::{Reason, Refusal};

/// The least number of words in which a challenge states its grounds, and an answer its reasons.
pub const GROUNDS_WORDS: usize = 10;

/// What a region may challenge a ranking for. That it would have scored otherwise is not among them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    ProcessNotFollowed,
    InterestNotHandled,
    FactWrong,
    LocalStrategyMisread,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Region’s response to a ranking",
    start: "Awaited",
    moves: &[
        Move("Awaited", "confirm", "Confirmed"),
        Move("Awaited", "challenge", "Challenged"),
        Move("Awaited", "lapse", "Lapsed"),
        Move("Challenged", "answer", "Answered"),
        Move("Challenged", "take back", "TakenBack"),
    ],
};

impl Ground {
    pub const ALL: &'static [Self] =
        &[Self::ProcessNotFollowed, Self::InterestNotHandled, Self::FactWrong, Self::LocalStrategyMisread];

    pub fn key(self) -> &'static str {
        match self {
            Self::ProcessNotFollowed => "process_not_followed",
            Self::InterestNotHandled => "interest_not_handled",
            Self::FactWrong => "fact_wrong",
            Self::LocalStrategyMisread => "local_strategy_misread",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::ProcessNotFollowed => "The published process was not followed",
            Self::InterestNotHandled => "Somebody with an interest took part",
            Self::FactWrong => "A fact about the region or a partner is wrong",
            Self::LocalStrategyMisread => "The local strategy was misread",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// What follows when a challenge is upheld. Scores change only where their own rules let them: beside the originals.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// The reviews of the bid are reopened by the office.
    ReopenReviews,
    /// The bid is moderated again.
    ModerateAgain,
    /// The panel is told, and decides with it in mind.
    TellThePanel,
}

impl Remedy {
    pub const ALL: &'static [Self] = &[Self::ReopenReviews, Self::ModerateAgain, Self::TellThePanel];

    pub fn label(self) -> &'static str {
        match self {
            Self::ReopenReviews => "The reviews are reopened",
            Self::ModerateAgain => "The bid is moderated again",
            Self::TellThePanel => "The panel is told",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Upheld { remedy: Remedy },
    NotUpheld,
}

/// A region's challenge. It names a bid of that region, or the ranking as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Challenge {
    pub by: PersonId,
    pub bid: Option<BidId>,
    pub ground: Ground,
    pub detail: Reason,
}

/// One region's response to one ranking.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RegionResponse {
    /// The ranking lies with the region.
    Awaited,
    Confirmed {
        by: PersonId,
    },
    Challenged(Challenge),
    /// The steering group has answered.
    Answered {
        challenge: Challenge,
        by: PersonId,
        outcome: Outcome,
        reason: Reason,
    },
    /// The region took its challenge back, and so confirms.
    TakenBack {
        challenge: Challenge,
        reason: Reason,
    },
    /// The time for it passed without a word.
    Lapsed,
}

/// Who would answer a challenge, as far as the rule cares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answerer {
    pub person: PersonId,
    /// Acts for a region in this call.
    pub is_for_a_region: bool,
    /// Has an interest in the bid that is challenged.
    pub is_conflicted: bool,
}

impl RegionResponse {
    pub fn key(&self) -> &'static str {
        match self {
            Self::Awaited => "Awaited",
            Self::Confirmed { .. } => "Confirmed",
            Self::Challenged(_) => "Challenged",
            Self::Answered { .. } => "Answered",
            Self::TakenBack { .. } => "TakenBack",
            Self::Lapsed => "Lapsed",
        }
    }

    pub fn confirm(self, by: PersonId) -> Result<Self, Refusal> {
        match self {
            Self::Awaited => Ok(Self::Confirmed { by }),
            other => Err(other.already_given()),
        }
    }

    /// `regional_bids` are the bids of the region that speaks; a challenge names no other.
    pub fn challenge(
        self,
        by: PersonId,
        bid: Option<BidId>,
        ground: Ground,
        detail: &str,
        regional_bids: &[BidId],
    ) -> Result<Self, Refusal> {
        let Self::Awaited = self else {
            return Err(self.already_given());
        };
        if bid.is_some_and(|bid| !regional_bids.contains(&bid)) {
            return Err(Refusal::new(
                "This bid is not one of your region’s",
                "Challenge a bid of your region, or the ranking as a whole.",
            ));
        }
        let detail = Reason::parse_with(detail, GROUNDS_WORDS)?;
        Ok(Self::Challenged(Challenge { by, bid, ground, detail }))
    }

    /// Answered by somebody who acts for no region and has no interest in the bid.
    pub fn answer(self, by: Answerer, outcome: Outcome, reason: &str) -> Result<Self, Refusal> {
        let Self::Challenged(challenge) = self else {
            return Err(Refusal::new(
                "There is no open challenge here",
                "Only a challenge that has not been answered can be answered.",
            ));
        };
        if by.person == challenge.by || by.is_for_a_region {
            return Err(Refusal::new(
                "A region does not answer challenges",
                "The steering group answers; ask a member who acts for no region.",
            ));
        }
        if by.is_conflicted {
            return Err(Refusal::new("You have an interest in this bid", "Leave the answer to a member without one."));
        }
        let reason = Reason::parse_with(reason, GROUNDS_WORDS)?;
        Ok(Self::Answered { challenge, by: by.person, outcome, reason })
    }

    pub fn take_back(self, reason: &str) -> Result<Self, Refusal> {
        let Self::Challenged(challenge) = self else {
            return Err(Refusal::new(
                "There is no open challenge to take back",
                "Only a challenge that has not been answered can be taken back.",
            ));
        };
        Ok(Self::TakenBack { challenge, reason: Reason::parse(reason)? })
    }

    /// At the end of the time for responses.
    pub fn lapse(self) -> Result<Self, Refusal> {
        match self {
            Self::Awaited => Ok(Self::Lapsed),
            other => Err(other.already_given()),
        }
    }

    /// Whether the panel may meet as far as this region is concerned.
    pub fn is_settled(&self) -> bool {
        !matches!(self, Self::Awaited | Self::Challenged(_))
    }

    fn already_given(&self) -> Refusal {
        Refusal::new(
            "Your region has already responded to this ranking",
            "A response stays as it was given. If the ranking is made anew, you are asked again.",
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::*;

    const LONG: &str = "the assessor of this bid was employed by its lead partner";

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn officer() -> Answerer {
        Answerer { person: person(9), is_for_a_region: false, is_conflicted: false }
    }

    fn challenged() -> RegionResponse {
        RegionResponse::Awaited.challenge(person(1), None, Ground::InterestNotHandled, LONG, &[]).unwrap()
    }

    #[test]
    fn the_diagram_is_what_the_code_does() {
        let states = || {
            [
                RegionResponse::Awaited,
                RegionResponse::Awaited.confirm(person(1)).unwrap(),
                challenged(),
                challenged().answer(officer(), Outcome::NotUpheld, LONG).unwrap(),
                challenged().take_back("we have seen it").unwrap(),
                RegionResponse::Lapsed,
            ]
        };
        let mut found = BTreeSet::new();
        for state in states() {
            let from = state.key();
            for (label, next) in [
                ("confirm", state.clone().confirm(person(1))),
                ("challenge", state.clone().challenge(person(1), None, Ground::FactWrong, LONG, &[])),
                ("answer", state.clone().answer(officer(), Outcome::NotUpheld, LONG)),
                ("take back", state.clone().take_back("we have seen it")),
                ("lapse", state.clone().lapse()),
            ] {
                if let Ok(next) = next {
                    found.insert(Move(from, label, next.key()));
                }
            }
        }
        assert_eq!(found, DIAGRAM.moves.iter().copied().collect());
    }

    #[test]
    fn a_challenge_needs_grounds_and_a_bid_of_the_region() {
        let short = RegionResponse::Awaited.challenge(person(1), None, Ground::FactWrong, "we disagree", &[]);
        assert!(short.unwrap_err().title.contains("2 of at least 10 words"));
        let own = BidId(Uuid::from_u128(5));
        let other = BidId(Uuid::from_u128(6));
        let foreign = RegionResponse::Awaited.challenge(person(1), Some(other), Ground::FactWrong, LONG, &[own]);
        assert_eq!(foreign.unwrap_err().title, "This bid is not one of your region’s");
    }

    #[test]
    fn nobody_answers_their_own_challenge() {
        for by in [
            Answerer { person: person(1), ..officer() },
            Answerer { is_for_a_region: true, ..officer() },
            Answerer { is_conflicted: true, ..officer() },
        ] {
            let upheld = Outcome::Upheld { remedy: Remedy::ModerateAgain };
            assert!(challenged().answer(by, upheld, LONG).is_err());
        }
        assert!(!challenged().is_settled());
        assert!(RegionResponse::Lapsed.is_settled());
    }
}
