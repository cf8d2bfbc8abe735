//! Who has an interest in what an item touches, and what makes a decision complete. No web, no SQL.

use chrono::NaiveDate;
use hiec_contracts::Figure;
use hiec_kernel::{Fingerprint, OrganisationId, PersonId, closed_list};
use serde::{Deserialize, Serialize};

closed_list! {
    /// What a body is.
    BodyKind {
        Board = "board", "Board";
        Forum = "forum", "Partnership forum";
        AnnualMeeting = "annual_meeting", "Annual meeting of members";
    }
}

closed_list! {
    /// What somebody is in a body.
    Capacity {
        Chair = "chair", "Chair";
        Member = "member", "Member";
        Patient = "patient", "Patient member";
        Attends = "attends", "In attendance";
    }
}

closed_list! {
    /// What an item of an agenda is for.
    ItemKind {
        Information = "information", "For information";
        Discussion = "discussion", "For discussion";
        Decision = "decision", "For decision";
    }
}

/// What an item is about, as far as interests go.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Touches {
    pub organisations: Vec<OrganisationId>,
    pub people: Vec<PersonId>,
}

/// Somebody who sits in the body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sitting {
    pub person: PersonId,
    /// Where they work, as they declared it.
    pub employer: Option<OrganisationId>,
}

/// An interest somebody declared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declared {
    pub person: PersonId,
    pub organisation: Option<OrganisationId>,
    pub about: Option<PersonId>,
    pub what: String,
}

/// Somebody with an interest in an item, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Interested {
    pub person: PersonId,
    pub because: Vec<String>,
}

/// Pulls the interests in an item, by the order of those who sit there.
pub fn interested(sitting: &[Sitting], declared: &[Declared], touches: &Touches) -> Vec<Interested> {
    sitting
        .iter()
        .filter_map(|one| {
            let mut because = Vec::new();
            if touches.people.contains(&one.person) {
                because.push("it is about them".to_owned());
            }
            if one.employer.is_some_and(|employer| touches.organisations.contains(&employer)) {
                because.push("works for an organisation it touches".to_owned());
            }
            for interest in declared.iter().filter(|interest| interest.person == one.person) {
                let touches_it = interest.organisation.is_some_and(|it| touches.organisations.contains(&it))
                    || interest.about.is_some_and(|it| touches.people.contains(&it));
                if touches_it && !because.contains(&interest.what) {
                    because.push(interest.what.clone());
                }
            }
            (!because.is_empty()).then_some(Interested { person: one.person, because })
        })
        .collect()
}

/// A decision as it was taken; never changed afterwards.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DecisionRecord {
    pub title: String,
    /// At least two, doing nothing among them where that was one.
    pub options: Vec<String>,
    /// One of the options.
    pub chosen: String,
    pub reason: String,
    /// Figures as they stood in the papers.
    pub evidence: Vec<Figure>,
    /// Of the papers they stood in.
    pub papers: Option<Fingerprint>,
    /// Who was against, and why; empty where nobody was.
    pub dissent: String,
}

/// What is lacking of a decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DecisionFault {
    #[error("Write down at least two options, one to a line: a decision is a choice")]
    OneOption,
    #[error("Two options are the same")]
    Twice,
    #[error("Write the option that was chosen as it stands in the list")]
    NotAnOption,
    #[error("Enter a day after the decision on which it is looked at again")]
    ReviewTooEarly,
}

/// Reads the options, one to a line.
pub fn options(typed: &str) -> Result<Vec<String>, DecisionFault> {
    let options: Vec<String> =
        typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if options.len() < 2 {
        return Err(DecisionFault::OneOption);
    }
    let is_twice = options.iter().enumerate().any(|(at, one)| options.iter().take(at).any(|other| other == one));
    if is_twice { Err(DecisionFault::Twice) } else { Ok(options) }
}

/// The option that was chosen, as the list spells it.
pub fn chosen(options: &[String], typed: &str) -> Result<String, DecisionFault> {
    let typed = typed.trim();
    options.iter().find(|one| one.eq_ignore_ascii_case(typed)).cloned().ok_or(DecisionFault::NotAnOption)
}

/// A decision is looked at again after the day it was taken.
pub fn review_on(review: NaiveDate, decided: NaiveDate) -> Result<NaiveDate, DecisionFault> {
    if review > decided { Ok(review) } else { Err(DecisionFault::ReviewTooEarly) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    #[test]
    fn interests_are_pulled_where_an_item_touches_them() {
        let sitting = [
            Sitting { person: person(1), employer: Some(organisation(10)) },
            Sitting { person: person(2), employer: None },
            Sitting { person: person(3), employer: Some(organisation(11)) },
        ];
        let declared = [
            Declared {
                person: person(2),
                organisation: Some(organisation(10)),
                about: None,
                what: "holds shares".into(),
            },
            Declared {
                person: person(3),
                organisation: None,
                about: Some(person(1)),
                what: "is married to them".into(),
            },
        ];
        let touches = Touches { organisations: vec![organisation(10)], people: vec![] };
        let pulled = interested(&sitting, &declared, &touches);
        assert_eq!(
            pulled,
            [
                Interested { person: person(1), because: vec!["works for an organisation it touches".into()] },
                Interested { person: person(2), because: vec!["holds shares".into()] },
            ]
        );
        let about = Touches { organisations: vec![], people: vec![person(1)] };
        let pulled: Vec<PersonId> = interested(&sitting, &declared, &about).into_iter().map(|one| one.person).collect();
        assert_eq!(pulled, [person(1), person(3)]);
    }

    #[test]
    fn a_decision_is_a_choice_among_options() {
        assert_eq!(options("Start three\n\n"), Err(DecisionFault::OneOption));
        assert_eq!(options("A\nA"), Err(DecisionFault::Twice));
        let options = options(" Start six at once \nStart three now, three later").unwrap();
        assert_eq!(chosen(&options, "start SIX at once").unwrap(), "Start six at once");
        assert_eq!(chosen(&options, "Start two"), Err(DecisionFault::NotAnOption));
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(review_on(day("2010-02-23"), day("2010-02-23")), Err(DecisionFault::ReviewTooEarly));
        assert!(review_on(day("2010-09-01"), day("2010-02-23")).is_ok());
    }

    proptest! {
        #[test]
        fn nobody_is_pulled_who_has_nothing_to_do_with_it(
            employers in prop::collection::vec(prop::option::of(0_u128..4), 0..6),
            touched in prop::collection::vec(0_u128..4, 0..3),
            holdings in prop::collection::vec((0_u128..6, 0_u128..4), 0..5),
        ) {
            let sitting: Vec<Sitting> = employers
                .iter()
                .zip(0_u128..)
                .map(|(employer, nth)| Sitting { person: person(nth), employer: employer.map(organisation) })
                .collect();
            let declared: Vec<Declared> = holdings
                .iter()
                .map(|(who, what)| Declared { person: person(*who), organisation: Some(organisation(*what)), about: None, what: format!("holds {what}") })
                .collect();
            let touches = Touches { organisations: touched.iter().map(|one| organisation(*one)).collect(), people: vec![] };
            let pulled: Vec<PersonId> = interested(&sitting, &declared, &touches).into_iter().map(|one| one.person).collect();
            for (one, nth) in sitting.iter().zip(0_u128..) {
                let works = one.employer.is_some_and(|employer| touches.organisations.contains(&employer));
                let holds = holdings.iter().any(|(who, what)| *who == nth && touched.contains(what));
                prop_assert_eq!(pulled.contains(&one.person), works || holds);
            }
        }
    }
}
