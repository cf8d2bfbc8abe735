//! The opening of the bids: two officers turn a key each, together, after the deadline; one alone opens nothing.

use chrono::Duration;
use hiec_kernel::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calls::stages::Deadline;
use crate::diagrams::{Diagram, Move};

/// "Together": the second key is turned within this time of the first.
pub const TOGETHER_MINUTES: i64 = 15;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum OpeningState {
    Sealed(Sealed),
    FirstKey(FirstKey),
    Opened(Opened),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Sealed {}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FirstKey {
    pub first: PersonId,
    pub at: Timestamp,
}

/// On the record for good: who opened, and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Opened {
    pub first: PersonId,
    pub second: PersonId,
    pub at: Timestamp,
}

/// An officer as the rules see one.
#[derive(Clone, Copy, Debug)]
pub struct Officer {
    pub person: PersonId,
    /// Has an interest, declared or detected, in a partner of any bid to be opened.
    pub is_interested: bool,
}

#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpeningRefusal {
    #[error("Bids stay sealed until the deadline. {countdown}")]
    BeforeDeadline { countdown: String },
    #[error("You have an interest in one of the bids: ask another officer to open them")]
    Interested,
    #[error("The second key needs another officer: nobody opens bids alone")]
    SamePerson,
    #[error("The first key was turned more than {TOGETHER_MINUTES} minutes ago and has lapsed. Begin again together")]
    Lapsed,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Opening",
    start: "Sealed",
    moves: &[
        Move("Sealed", "first key", "FirstKey"),
        Move("FirstKey", "second key", "Opened"),
        Move("FirstKey", "lapse", "Sealed"),
    ],
};

impl Sealed {
    pub fn first_key(self, officer: Officer, deadline: Deadline, now: Timestamp) -> Result<FirstKey, OpeningRefusal> {
        if deadline.admits(now) {
            return Err(OpeningRefusal::BeforeDeadline { countdown: deadline.countdown(now) });
        }
        if officer.is_interested {
            return Err(OpeningRefusal::Interested);
        }
        Ok(FirstKey { first: officer.person, at: now })
    }
}

impl FirstKey {
    pub fn second_key(self, officer: Officer, now: Timestamp) -> Result<Opened, OpeningRefusal> {
        if officer.person == self.first {
            return Err(OpeningRefusal::SamePerson);
        }
        if officer.is_interested {
            return Err(OpeningRefusal::Interested);
        }
        if self.has_lapsed(now) {
            return Err(OpeningRefusal::Lapsed);
        }
        Ok(Opened { first: self.first, second: officer.person, at: now })
    }

    /// Back to sealed once its time is over; before, the first key stays turned.
    pub fn lapse(self, now: Timestamp) -> Result<Sealed, Self> {
        if self.has_lapsed(now) { Ok(Sealed {}) } else { Err(self) }
    }

    fn has_lapsed(&self, now: Timestamp) -> bool {
        now - self.at > Duration::minutes(TOGETHER_MINUTES)
    }
}

impl OpeningState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sealed(_) => "Sealed",
            Self::FirstKey(_) => "FirstKey",
            Self::Opened(_) => "Opened",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;

    fn deadline() -> Deadline {
        Deadline(from_london("2009-10-19 17:00").unwrap())
    }

    fn minutes_after(minutes: i64) -> Timestamp {
        deadline().0 + Duration::minutes(minutes)
    }

    fn officer(number: u128) -> Officer {
        Officer { person: PersonId(Uuid::from_u128(number)), is_interested: false }
    }

    fn first() -> FirstKey {
        Sealed {}.first_key(officer(1), deadline(), minutes_after(1)).unwrap()
    }

    #[test]
    fn every_move_of_the_diagram_happens() {
        use OpeningState as S;
        let opened = first().second_key(officer(2), minutes_after(5)).unwrap();
        let lapsed = first().lapse(minutes_after(17)).unwrap();
        let mut walked = BTreeSet::new();
        for (from, act, to) in [
            (S::Sealed(Sealed {}), "first key", S::FirstKey(first())),
            (S::FirstKey(first()), "second key", S::Opened(opened)),
            (S::FirstKey(first()), "lapse", S::Sealed(lapsed)),
        ] {
            walked.insert(Move(from.name(), act, to.name()));
        }
        assert_eq!(walked, DIAGRAM.moves.iter().copied().collect());
    }

    #[test]
    fn nothing_opens_before_the_deadline_alone_with_an_interest_or_apart() {
        let before = deadline().0 - Duration::milliseconds(1);
        assert!(matches!(
            Sealed {}.first_key(officer(1), deadline(), before),
            Err(OpeningRefusal::BeforeDeadline { .. })
        ));
        assert!(Sealed {}.first_key(officer(1), deadline(), deadline().0).is_ok());
        let interested = Officer { is_interested: true, ..officer(3) };
        assert_eq!(Sealed {}.first_key(interested, deadline(), minutes_after(1)), Err(OpeningRefusal::Interested));
        assert_eq!(first().second_key(interested, minutes_after(2)), Err(OpeningRefusal::Interested));
        assert_eq!(first().second_key(officer(1), minutes_after(2)), Err(OpeningRefusal::SamePerson));
        assert!(first().second_key(officer(2), minutes_after(16)).is_ok());
        let too_late = minutes_after(16) + Duration::milliseconds(1);
        assert_eq!(first().second_key(officer(2), too_late), Err(OpeningRefusal::Lapsed));
        assert_eq!(first().lapse(minutes_after(16)), Err(first()));
    }

    proptest::proptest! {
        #[test]
        fn an_opening_has_two_officers_after_the_deadline_and_together(
            one in 0_u128..3, two in 0_u128..3, first_at in -30_i64..30, apart in 0_i64..30,
            interested in proptest::collection::vec(proptest::bool::ANY, 2)
        ) {
            let officer = |number, is_interested| Officer { is_interested, ..officer(number) };
            let opened = Sealed {}
                .first_key(officer(one, interested[0]), deadline(), minutes_after(first_at))
                .and_then(|key| key.second_key(officer(two, interested[1]), minutes_after(first_at + apart)));
            let may = one != two && first_at >= 0 && apart <= TOGETHER_MINUTES && interested == [false, false];
            proptest::prop_assert_eq!(opened.is_ok(), may, "{:?}", opened);
        }
    }
}
