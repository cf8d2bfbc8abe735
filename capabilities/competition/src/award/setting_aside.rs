//! Setting an outcome aside after an upheld complaint: which decisions are taken anew, and from where the round goes on. It touches no award that was made.

use std::collections::BTreeSet;

use hiec_kernel::{BidId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::complaints::ComplaintOutcome;
use crate::refusal::{Reason, Refusal};

/// The least number of words of the reason; every bidder reads it.
pub const REASON_WORDS: usize = 10;

/// Where the round goes on from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackTo {
    /// The ranking stands; the panel decides anew.
    Panel,
    /// Scores are moderated and bids ranked anew, the regions have their word, then the panel decides.
    Assessment,
}

impl BackTo {
    pub const ALL: &'static [Self] = &[Self::Panel, Self::Assessment];

    /// The stored spelling.
    pub fn key(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Assessment => "assessment",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Panel => "Decisions are set aside: the panel decides anew",
            Self::Assessment => {
                "Decisions and ranking are set aside: scores are settled and ranked anew, then the panel decides"
            }
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// An outcome that was set aside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SettingAside {
    /// Counted from 1 for the call.
    pub number: u32,
    pub complaint: Uuid,
    pub back_to: BackTo,
    /// The bids that are decided anew.
    pub bids: Vec<BidId>,
    pub reason: String,
    /// When the bidders had been told what is now set aside.
    pub told_at: Timestamp,
    /// Until when the regions may respond to the new ranking.
    pub regions_until: Option<Timestamp>,
    pub at: Timestamp,
    pub by: PersonId,
}

/// What somebody wants set aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish {
    pub back_to: BackTo,
    pub bids: Vec<BidId>,
    pub reason: String,
    pub regions_until: Option<Timestamp>,
}

/// What it is held against.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub outcome: ComplaintOutcome,
    /// When the bidders were told; `None` where no outcome stands.
    pub told_at: Option<Timestamp>,
    /// Awards of the call that were made.
    pub awards_made: usize,
    /// Bids with a decision that holds.
    pub decided: &'a BTreeSet<BidId>,
}

/// Checks a wish; answers the reason, or everything that stands in the way.
pub fn check(wish: &Wish, facts: &Facts<'_>, now: Timestamp) -> Result<Reason, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut refuse = |title: &str, next: &str| refusals.push(Refusal::new(title, next));
    if facts.outcome == ComplaintOutcome::NotUpheld {
        refuse("A complaint that is not upheld sets nothing aside", "Let the outcome stand, or uphold the complaint.");
    }
    if facts.told_at.is_none() {
        refuse("No outcome has been told that could be set aside", "The panel can still take the item up again.");
    }
    if facts.awards_made > 0 {
        refuse("Awards of this call have been made", "An award that was made is changed by its agreement, not here.");
    }
    if wish.bids.is_empty() {
        refuse("No decision to be taken anew is chosen", "Choose the bids that the panel decides anew.");
    }
    if wish.bids.iter().any(|bid| !facts.decided.contains(bid)) {
        refuse("A bid chosen has no decision that holds", "Choose among the bids the panel decided.");
    }
    match (wish.back_to, wish.regions_until) {
        (BackTo::Assessment, None) => refuse(
            "It is not said until when the regions may respond to the new ranking",
            "Enter the date and time; their first one has passed.",
        ),
        (BackTo::Assessment, Some(until)) if until <= now => {
            refuse("The regions’ time would be over before it begins", "Choose a time still to come.");
        }
        _ => {}
    }
    match Reason::parse_with(&wish.reason, REASON_WORDS) {
        Ok(reason) if refusals.is_empty() => Ok(reason),
        Ok(_) => Err(refusals),
        Err(refusal) => {
            refusals.push(refusal);
            Err(refusals)
        }
    }
}

#[cfg(test)]
mod tests {
    use hiec_kernel::clock::from_london;

    use super::*;

    fn at(local: &str) -> Timestamp {
        from_london(local).unwrap()
    }

    fn bid(number: u128) -> BidId {
        BidId(Uuid::from_u128(number))
    }

    fn wish() -> Wish {
        Wish {
            back_to: BackTo::Panel,
            bids: vec![bid(1)],
            reason: "the plan for the separation was read as later than it says it is".into(),
            regions_until: None,
        }
    }

    fn refused(wish: Wish, change: fn(&mut Facts<'_>)) -> usize {
        let decided = [bid(1), bid(2)].into();
        let mut facts = Facts {
            outcome: ComplaintOutcome::Upheld,
            told_at: Some(at("2009-11-13 10:00")),
            awards_made: 0,
            decided: &decided,
        };
        change(&mut facts);
        check(&wish, &facts, at("2009-11-20 10:00")).err().map_or(0, |refusals| refusals.len())
    }

    #[test]
    fn only_a_told_outcome_without_awards_is_set_aside_for_an_upheld_complaint() {
        assert_eq!(refused(wish(), |_| {}), 0);
        assert_eq!(refused(wish(), |facts| facts.outcome = ComplaintOutcome::PartlyUpheld), 0);
        assert_eq!(refused(wish(), |facts| facts.outcome = ComplaintOutcome::NotUpheld), 1);
        assert_eq!(refused(wish(), |facts| facts.told_at = None), 1);
        assert_eq!(refused(wish(), |facts| facts.awards_made = 1), 1);
    }

    #[test]
    fn bids_reason_and_the_regions_time_are_needed() {
        assert_eq!(refused(Wish { bids: vec![], ..wish() }, |_| {}), 1);
        assert_eq!(refused(Wish { bids: vec![bid(9)], ..wish() }, |_| {}), 1);
        assert_eq!(refused(Wish { reason: "it was wrong".into(), ..wish() }, |_| {}), 1);
        let again = |until: Option<&str>| Wish { back_to: BackTo::Assessment, regions_until: until.map(at), ..wish() };
        assert_eq!(refused(again(None), |_| {}), 1);
        assert_eq!(refused(again(Some("2009-11-20 10:00")), |_| {}), 1);
        assert_eq!(refused(again(Some("2009-11-27 17:00")), |_| {}), 0);
        assert_eq!(refused(Wish { bids: vec![], reason: String::new(), ..wish() }, |facts| facts.told_at = None), 3);
    }
}
