//! Declarations of interest, renewed yearly, and the undertaking for a round. It never decides whether an interest is a conflict.

use chrono::{Days, NaiveDate};
use hiec_kernel::clock::day_on_page;
use hiec_kernel::{CallId, OrganisationId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// How many days a declaration holds, the day it was made included.
pub const VALID_DAYS: u64 = 365;

/// What somebody may have to declare.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterestKind {
    Employer,
    OtherPost,
    Shareholding,
    Family,
    Grant,
    PreviousAssociation,
}

impl InterestKind {
    pub const ALL: &'static [Self] =
        &[Self::Employer, Self::OtherPost, Self::Shareholding, Self::Family, Self::Grant, Self::PreviousAssociation];

    pub fn key(self) -> &'static str {
        match self {
            Self::Employer => "employer",
            Self::OtherPost => "other_post",
            Self::Shareholding => "shareholding",
            Self::Family => "family",
            Self::Grant => "grant",
            Self::PreviousAssociation => "previous_association",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Employer => "Employer",
            Self::OtherPost => "Another post, paid or not",
            Self::Shareholding => "Shares or another financial interest",
            Self::Family => "Family or a close friend works there",
            Self::Grant => "Grant held with it or from it",
            Self::PreviousAssociation => "Worked there or with its people in the last three years",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// One thing declared, about one organisation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Interest {
    pub kind: InterestKind,
    pub organisation: OrganisationId,
    pub note: String,
}

/// A person's declaration of a day. A new one stands beside the old ones; none is changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Declaration {
    pub person: PersonId,
    pub declared_on: NaiveDate,
    /// Empty when the person declared to have none.
    pub interests: Vec<Interest>,
}

/// A promise for one round: to keep bids in confidence, to score alone, to say so when an interest comes up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Undertaking {
    pub person: PersonId,
    pub call: CallId,
    pub given_at: Timestamp,
}

impl Declaration {
    /// The last day on which it holds.
    pub fn valid_until(&self) -> NaiveDate {
        self.declared_on.checked_add_days(Days::new(VALID_DAYS - 1)).unwrap_or(NaiveDate::MAX)
    }

    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        (self.declared_on..=self.valid_until()).contains(&day)
    }
}

/// Whether somebody may be given bids of this call today: a declaration that holds and an undertaking for the round.
/// Returns everything that is missing.
pub fn readiness(
    person: PersonId,
    call: CallId,
    declarations: &[Declaration],
    undertakings: &[Undertaking],
    today: NaiveDate,
) -> Result<(), Vec<Refusal>> {
    let mut missing = Vec::new();
    let latest = declarations
        .iter()
        .filter(|one| one.person == person && one.declared_on <= today)
        .max_by_key(|one| one.declared_on);
    match latest {
        Some(declaration) if declaration.is_valid_on(today) => {}
        Some(declaration) => missing.push(Refusal::new(
            format!("The declaration of interests ran out on {}", day_on_page(declaration.valid_until())),
            "Declare interests again; a declaration holds for a year.",
        )),
        None => missing.push(Refusal::new(
            "There is no declaration of interests yet",
            "Declare interests, or that there are none.",
        )),
    }
    if !undertakings.iter().any(|one| one.person == person && one.call == call) {
        missing.push(Refusal::new(
            "The undertaking for this round is not given yet",
            "Read and give the undertaking before any bid is opened.",
        ));
    }
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

#[cfg(test)]
mod tests {
    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;

    fn on(day: &str) -> NaiveDate {
        day.parse().unwrap()
    }

    #[test]
    fn a_declaration_holds_for_365_days() {
        let person = PersonId(Uuid::from_u128(1));
        let call = CallId(Uuid::from_u128(2));
        let old = Declaration { person, declared_on: on("2008-10-20"), interests: Vec::new() };
        let undertaking = Undertaking { person, call, given_at: from_london("2009-10-01T09:00").unwrap() };
        let check = |declarations: &[Declaration], undertakings: &[Undertaking], day: &str| {
            readiness(person, call, declarations, undertakings, on(day))
        };
        let given = [undertaking];
        assert!(check(std::slice::from_ref(&old), &given, "2009-10-19").is_ok());
        let late = check(std::slice::from_ref(&old), &given, "2009-10-20").unwrap_err();
        assert_eq!(late[0].title, "The declaration of interests ran out on 19 October 2009");
        let new = Declaration { declared_on: on("2009-10-20"), ..old.clone() };
        assert!(check(&[new.clone(), old.clone()], &given, "2009-10-20").is_ok());
        // One made tomorrow does not count today.
        assert!(check(&[new], &given, "2009-10-19").is_err());
        assert_eq!(check(&[], &[], "2009-10-19").unwrap_err().len(), 2);
        let other_call = [Undertaking { call: CallId(Uuid::from_u128(3)), ..given[0].clone() }];
        assert_eq!(check(&[old], &other_call, "2009-10-19").unwrap_err().len(), 1);
    }
}
