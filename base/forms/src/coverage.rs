//! Which questions serve no criterion and which criteria no question serves; it judges neither.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::question_set::QuestionSet;

/// Where a question is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct QuestionPlace {
    pub set: String,
    pub section: String,
    pub question: String,
    pub label: String,
}

/// What does not meet between questions and criteria.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Coverage {
    /// Questions that serve none of the criteria, in the order asked.
    pub questions_without_criterion: Vec<QuestionPlace>,
    /// Criteria no question serves, in the order given.
    pub criteria_without_question: Vec<String>,
    /// Questions with a criterion there is not, for instance after it was renamed.
    pub unknown_criteria: Vec<(QuestionPlace, String)>,
}

/// Compares question sets with the keys of the criteria they are assessed under.
pub fn coverage(sets: &[&QuestionSet], criteria: &[&str]) -> Coverage {
    let mut found = Coverage::default();
    let mut served = BTreeSet::new();
    for set in sets {
        for (section, question) in set.questions() {
            let place = || QuestionPlace {
                set: set.key.clone(),
                section: section.key.clone(),
                question: question.key.clone(),
                label: question.label.clone(),
            };
            let (known, unknown): (Vec<&String>, Vec<&String>) =
                question.serves.iter().partition(|criterion| criteria.contains(&criterion.as_str()));
            if known.is_empty() {
                found.questions_without_criterion.push(place());
            }
            served.extend(known);
            found.unknown_criteria.extend(unknown.into_iter().map(|c| (place(), c.clone())));
        }
    }
    found.criteria_without_question = criteria
        .iter()
        .map(|criterion| (*criterion).to_owned())
        .filter(|criterion| !served.contains(criterion))
        .collect();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn both_sides_that_do_not_meet_are_named() {
        let set = sample::bid();
        let found = coverage(&[&set], &["vision", "split", "principles"]);
        assert_eq!(found.criteria_without_question, ["split"]);
        let without: Vec<&str> =
            found.questions_without_criterion.iter().map(|place| place.question.as_str()).collect();
        assert_eq!(without, ["legal_form", "match_reason", "starts", "partners", "accounts", "share"]);
        let unknown: Vec<(&str, &str)> = found
            .unknown_criteria
            .iter()
            .map(|(place, criterion)| (place.question.as_str(), criterion.as_str()))
            .collect();
        assert_eq!(unknown, [("match_reason", "money")]);
    }

    #[test]
    fn nothing_to_say_when_all_meet() {
        assert_eq!(coverage(&[], &[]), Coverage::default());
    }
}
