//! What a review must hold: a score on the published scale and a justification for every part. It never fills a gap and shows nobody another's scores early.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::states::Review;
use crate::ranking::exact::Exact;
use crate::ranking::totals::{CriterionRule, Part, PartKey};
use crate::refusal::word_count;

/// The least number of words that justify a score.
pub const JUSTIFICATION_WORDS: usize = 10;
/// The most characters of a justification.
pub const JUSTIFICATION_CHARACTERS: usize = 10_000;

/// How one part is scored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScoreRule {
    pub part: Part,
    pub name: String,
    pub max: Exact,
    /// Scores are whole numbers of these: 1, or 1/2.
    pub step: Exact,
    pub words: usize,
}

/// The parts of a call's criteria, each to be scored in this step.
pub fn score_rules(criteria: &[CriterionRule], step: Exact) -> Vec<ScoreRule> {
    criteria
        .iter()
        .flat_map(|criterion| {
            criterion.parts().into_iter().map(move |part| ScoreRule {
                name: match &part.sub {
                    Some(sub) => format!("{}, {sub}", criterion.name),
                    None => criterion.name.clone(),
                },
                part,
                max: criterion.max,
                step,
                words: JUSTIFICATION_WORDS,
            })
        })
        .collect()
}

/// A line of the review form as typed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TypedScore {
    #[serde(flatten)]
    pub part: Part,
    pub value: String,
    pub justification: String,
}

/// A line that may be submitted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReadyScore {
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
    pub justification: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScoreField {
    Value,
    Justification,
}

/// What is wrong with one field of the form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScoreFault {
    pub part: Part,
    pub field: ScoreField,
    pub message: String,
}

/// Checks a whole review before it is submitted: every part scored and justified, once, and nothing else.
pub fn check_submission(rules: &[ScoreRule], typed: &[TypedScore]) -> Result<Vec<ReadyScore>, Vec<ScoreFault>> {
    let mut faults = strays(rules, typed);
    let mut ready = Vec::with_capacity(rules.len());
    for rule in rules {
        let line = typed.iter().find(|line| line.part == rule.part);
        let (value, justification) = line.map_or(("", ""), |line| (line.value.trim(), line.justification.trim()));
        let score =
            if value.is_empty() { Err(format!("Give a score for {}", rule.name)) } else { read_score(rule, value) };
        let justified = check_justification(rule, justification);
        if let Err(message) = &justified {
            faults.push(fault(rule, ScoreField::Justification, message.clone()));
        }
        match score {
            Ok(value) => {
                ready.push(ReadyScore { part: rule.part.clone(), value, justification: justification.to_owned() })
            }
            Err(message) => faults.push(fault(rule, ScoreField::Value, message)),
        }
    }
    if faults.is_empty() { Ok(ready) } else { Err(faults) }
}

/// Checks a draft: what is there must be readable, what is missing may be. A draft with faults is kept all the same.
pub fn check_draft(rules: &[ScoreRule], typed: &[TypedScore]) -> Vec<ScoreFault> {
    let mut faults = strays(rules, typed);
    for rule in rules {
        let Some(line) = typed.iter().find(|line| line.part == rule.part) else {
            continue;
        };
        let value = line.value.trim();
        if !value.is_empty()
            && let Err(message) = read_score(rule, value)
        {
            faults.push(fault(rule, ScoreField::Value, message));
        }
    }
    faults
}

/// Reads a score on the rule's scale.
pub fn read_score(rule: &ScoreRule, typed: &str) -> Result<Exact, String> {
    let value: Exact = typed.parse().map_err(|_| format!("Enter the score for {} as a number", rule.name))?;
    check_value(rule, value)?;
    Ok(value)
}

/// Whether a score lies on the rule's scale.
pub fn check_value(rule: &ScoreRule, value: Exact) -> Result<(), String> {
    if value.is_negative() || value > rule.max {
        return Err(format!("The score for {} must be between 0 and {}", rule.name, rule.max));
    }
    if !value.is_multiple_of(rule.step) {
        return Err(format!("The score for {} must be given in steps of {}", rule.name, rule.step));
    }
    Ok(())
}

/// An assessor sees the others' scores of a bid only after their own review of it is submitted, and not again while it is
/// reopened; somebody with a conflict, or without a review of it, never does as an assessor.
pub fn may_see_other_scores(own: Option<&Review>, is_conflicted: bool) -> bool {
    !is_conflicted && own.is_some_and(Review::is_submitted)
}

fn check_justification(rule: &ScoreRule, text: &str) -> Result<(), String> {
    let given = word_count(text);
    if given < rule.words {
        return Err(format!("Justify the score for {} in at least {} words ({given} so far)", rule.name, rule.words));
    }
    if text.chars().count() > JUSTIFICATION_CHARACTERS {
        return Err(format!(
            "The justification for {} is longer than {JUSTIFICATION_CHARACTERS} characters",
            rule.name
        ));
    }
    Ok(())
}

fn strays(rules: &[ScoreRule], typed: &[TypedScore]) -> Vec<ScoreFault> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for line in typed {
        let message = if !rules.iter().any(|rule| rule.part == line.part) {
            "This call has no such criterion; reload the form"
        } else if !seen.insert(PartKey::from(&line.part)) {
            "This criterion is scored twice; reload the form"
        } else {
            continue;
        };
        faults.push(ScoreFault { part: line.part.clone(), field: ScoreField::Value, message: message.into() });
    }
    faults
}

fn fault(rule: &ScoreRule, field: ScoreField, message: String) -> ScoreFault {
    ScoreFault { part: rule.part.clone(), field, message }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ranking::totals::tests::criterion;

    const WHY: &str = "the plan names each site, its lead, and a date for every step";

    fn rules(step: Exact) -> Vec<ScoreRule> {
        score_rules(&[criterion("vision", "2", "5", &[]), criterion("split", "1", "5", &["plan", "law"])], step)
    }

    fn line(criterion: &str, sub: Option<&str>, value: &str, why: &str) -> TypedScore {
        TypedScore {
            part: Part { criterion: criterion.into(), sub: sub.map(Into::into) },
            value: value.into(),
            justification: why.into(),
        }
    }

    fn whole() -> Vec<TypedScore> {
        vec![
            line("vision", None, " 4 ", WHY),
            line("split", Some("plan"), "0", WHY),
            line("split", Some("law"), "5", WHY),
        ]
    }

    #[test]
    fn a_whole_review_is_ready() {
        let ready = check_submission(&rules(Exact::ONE), &whole()).unwrap();
        assert_eq!(ready.len(), 3);
        assert_eq!(ready[0].value, Exact::whole(4));
    }

    #[test]
    fn each_fault_is_said_at_its_field() {
        for (typed, expected) in [
            (line("vision", None, "", WHY), "Give a score for VISION"),
            (line("vision", None, "six", WHY), "Enter the score for VISION as a number"),
            (line("vision", None, "6", WHY), "The score for VISION must be between 0 and 5"),
            (line("vision", None, "-1", WHY), "The score for VISION must be between 0 and 5"),
            (line("vision", None, "2.5", WHY), "The score for VISION must be given in steps of 1"),
            (
                line("vision", None, "4", "very good indeed"),
                "Justify the score for VISION in at least 10 words (3 so far)",
            ),
        ] {
            let mut lines = whole();
            lines[0] = typed;
            let faults = check_submission(&rules(Exact::ONE), &lines).unwrap_err();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert_eq!(faults[0].message, expected);
            assert_eq!(faults[0].part, Part::whole("vision"));
        }
        let mut half = whole();
        half[0].value = "2.5".into();
        assert!(check_submission(&rules(Exact::HALF), &half).is_ok());
    }

    #[test]
    fn forged_and_doubled_lines_are_refused() {
        let mut lines = whole();
        lines.push(line("price", None, "5", WHY));
        lines.push(line("vision", None, "5", WHY));
        assert_eq!(check_submission(&rules(Exact::ONE), &lines).unwrap_err().len(), 2);
        assert_eq!(check_submission(&rules(Exact::ONE), &[]).unwrap_err().len(), 6);
    }

    #[test]
    fn a_draft_may_be_unfinished_but_not_unreadable() {
        let rules = rules(Exact::ONE);
        assert!(check_draft(&rules, &[line("vision", None, "", "so far")]).is_empty());
        assert_eq!(check_draft(&rules, &[line("vision", None, "9", "")]).len(), 1);
    }

    proptest! {
        #[test]
        fn only_scores_on_the_scale_pass(value in "-?[0-9]{0,3}(\\.[0-9]{0,2})?") {
            let rule = &rules(Exact::HALF)[0];
            if let Ok(score) = read_score(rule, &value) {
                prop_assert!(!score.is_negative() && score <= rule.max);
                prop_assert!(score.times(Exact::whole(2)).unwrap().is_multiple_of(Exact::ONE));
            }
        }
    }
}
