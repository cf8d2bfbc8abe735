//! What a trainee survey asks: five themes on five-point scales, for any profession; how answers become scores. Free text is not asked: it would name people.

use hiec_forms::{Answer, Answers, Kind, Question, QuestionSet, Section};

use super::flags::Score;

/// Points of the answers, from the worst to the best.
const SCALE: [(&str, &str, f64); 5] = [
    ("strongly_disagree", "Strongly disagree", 0.0),
    ("disagree", "Disagree", 25.0),
    ("neither", "Neither agree nor disagree", 50.0),
    ("agree", "Agree", 75.0),
    ("strongly_agree", "Strongly agree", 100.0),
];

/// Our own words on the themes that national surveys ask about. The key of a section is the indicator.
pub(crate) fn usual() -> QuestionSet {
    let theme = |key: &str, title: &str, questions: &[&str]| Section {
        key: key.to_owned(),
        title: title.to_owned(),
        guidance: String::new(),
        questions: (1..)
            .zip(questions)
            .map(|(nth, words): (usize, &&str)| {
                let kind = Kind::choice(SCALE.iter().map(|(key, label, _)| (*key, *label)));
                Question::new(format!("{key}_{nth}"), *words, kind).required()
            })
            .collect(),
    };
    QuestionSet {
        key: "trainee_experience".to_owned(),
        title: "Your placement".to_owned(),
        sections: vec![
            theme(
                "induction",
                "Induction",
                &[
                    "When I began I was told what I needed to work safely",
                    "I knew from the first day whom to ask for help",
                ],
            ),
            theme(
                "supervision",
                "Clinical supervision",
                &["Somebody able to help was always within reach", "I was not asked to do what I was not ready for"],
            ),
            theme(
                "facilities",
                "Facilities",
                &["I had a place to rest, to eat and to study", "The systems and equipment I learn with worked"],
            ),
            theme(
                "learning",
                "Learning opportunities",
                &["I saw and did what my programme asks for", "I was released for teaching"],
            ),
            theme(
                "teamwork",
                "Teamwork",
                &["I was treated as one of the team", "People of other professions taught me"],
            ),
        ],
    }
}

/// The scores of one person's answers: of every theme answered in full, the mean of its points.
pub(crate) fn scores(set: &QuestionSet, answers: &Answers, host: &str, kind: &str) -> Vec<Score> {
    set.sections
        .iter()
        .filter_map(|section| {
            let points: Option<Vec<f64>> = section.questions.iter().map(|one| points(answers.get(&one.key))).collect();
            let points = points.filter(|points| !points.is_empty())?;
            let count = u32::try_from(points.len()).ok()?;
            Some(Score {
                host: host.to_owned(),
                kind: kind.to_owned(),
                indicator: section.title.clone(),
                score: points.iter().sum::<f64>() / f64::from(count),
            })
        })
        .collect()
}

fn points(answer: Option<&Answer>) -> Option<f64> {
    let Some(Answer::Choice(chosen)) = answer else {
        return None;
    };
    SCALE.iter().find(|(key, _, _)| key == chosen).map(|(_, _, points)| *points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_can_be_published() {
        assert_eq!(hiec_forms::design_problems(&usual()), []);
        assert_eq!(usual().sections.len(), 5);
    }

    #[test]
    fn a_theme_counts_when_it_is_answered_in_full() {
        let mut answers = Answers::new();
        answers.set("induction_1", Some(Answer::Choice("agree".into())));
        assert_eq!(scores(&usual(), &answers, "h", "k"), []);
        answers.set("induction_2", Some(Answer::Choice("strongly_agree".into())));
        let scored = scores(&usual(), &answers, "h", "k");
        assert_eq!((scored.len(), scored[0].indicator.as_str()), (1, "Induction"));
        assert!((scored[0].score - 87.5).abs() < 1e-12);
    }
}
