//! Which questions are asked, given the answers so far; it decides nothing about whether answers are good.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::answers::Answers;
use crate::condition::{Condition, Finding, Truth, evaluate};
use crate::question_set::{Question, QuestionSet};

/// Whether a question is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    Visible,
    Hidden,
    /// Answers that decide it are missing.
    Undetermined,
}

/// The visibility of every question of a set, worked out in the order they are asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visibilities(BTreeMap<String, Visibility>);

impl Visibilities {
    /// Works in document order, so a condition sees only earlier questions; one that names a later or unknown
    /// question is undetermined. A condition that cannot be understood never hides a question: a set with one cannot be
    /// published, and a draft shows everything.
    pub fn of(set: &QuestionSet, answers: &Answers) -> Self {
        let mut known = BTreeMap::new();
        for (_, question) in set.questions() {
            if !known.contains_key(&question.key) {
                let visibility = of_question(question, &known, answers);
                known.insert(question.key.clone(), visibility);
            }
        }
        Self(known)
    }

    /// A question that is not in the set is hidden.
    pub fn of_question(&self, key: &str) -> Visibility {
        self.0.get(key).copied().unwrap_or(Visibility::Hidden)
    }

    pub fn is_visible(&self, key: &str) -> bool {
        self.of_question(key) == Visibility::Visible
    }
}

fn of_question(question: &Question, known: &BTreeMap<String, Visibility>, answers: &Answers) -> Visibility {
    let meaning = question.show_when.as_ref().map(Condition::meaning);
    let Some(Ok(expression)) = meaning else {
        return Visibility::Visible;
    };
    let find = |key: &str| {
        let answer = answers.get(key).filter(|answer| !answer.is_blank());
        match (known.get(key), answer) {
            (None, _) => Finding::Nowhere,
            (Some(Visibility::Hidden), _) => Finding::NotAsked,
            (Some(_), None) => Finding::Unanswered,
            (Some(Visibility::Visible), Some(answer)) => Finding::Answered(answer),
            (Some(Visibility::Undetermined), Some(_)) => Finding::Unsettled,
        }
    };
    match evaluate(expression, &find) {
        Truth::True => Visibility::Visible,
        Truth::False => Visibility::Hidden,
        Truth::Unknown => Visibility::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::Answer;
    use crate::question_set::{Kind, Section};

    fn chain() -> QuestionSet {
        let yes_no = || Kind::choice([("yes", "Yes"), ("no", "No")]);
        let number = || Kind::Number { min: None, max: None, unit: None, decimals: 0 };
        QuestionSet {
            key: "chain".into(),
            title: "Chain".into(),
            sections: vec![Section {
                key: "all".into(),
                title: "All".into(),
                guidance: String::new(),
                questions: vec![
                    Question::new("works_abroad", "Abroad?", yes_no()),
                    Question::new("countries", "How many countries?", number()).shown_when(r#"works_abroad = "yes""#),
                    Question::new("why_many", "Why so many?", Kind::text(50, 3)).shown_when("countries > 3"),
                    Question::new("not_few", "Not few", Kind::text(50, 3)).shown_when("not (countries <= 3)"),
                    Question::new("broken", "Broken", Kind::text(50, 3)).shown_when("countries >"),
                    Question::new("waits", "Waits", Kind::text(50, 3)).shown_when("answered(later)"),
                    Question::new("later", "Later", Kind::text(50, 3)),
                ],
            }],
        }
    }

    fn seen(answers: &Answers) -> Vec<Visibility> {
        let set = chain();
        let visibilities = Visibilities::of(&set, answers);
        set.questions().map(|(_, q)| visibilities.of_question(&q.key)).collect()
    }

    #[test]
    fn what_is_missing_leaves_the_rest_undetermined() {
        use Visibility::{Undetermined, Visible};
        assert_eq!(
            seen(&Answers::new()),
            [Visible, Undetermined, Undetermined, Undetermined, Visible, Undetermined, Visible]
        );
    }

    #[test]
    fn an_answer_kept_under_a_hidden_question_decides_nothing() {
        use Visibility::{Hidden, Undetermined, Visible};
        let mut answers = Answers::new();
        answers.set("works_abroad", Some(Answer::Choice("no".into())));
        answers.set("countries", Some(Answer::Number(crate::Decimal::whole(9))));
        assert_eq!(seen(&answers), [Visible, Hidden, Hidden, Visible, Visible, Undetermined, Visible]);
        answers.set("works_abroad", Some(Answer::Choice("yes".into())));
        assert_eq!(seen(&answers), [Visible, Visible, Visible, Visible, Visible, Undetermined, Visible]);
        answers.set("works_abroad", None);
        assert_eq!(seen(&answers)[2], Undetermined);
    }

    #[test]
    fn a_question_that_does_not_exist_is_hidden() {
        assert!(!Visibilities::of(&chain(), &Answers::new()).is_visible("nothing"));
    }
}
