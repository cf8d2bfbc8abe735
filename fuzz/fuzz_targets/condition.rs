//! Feeds any text to the conditions of question sets and evaluates what is understood over any answers; it must never accept a panic, a problem without words, or a tree that is not read as it was written.
#![no_main]

use hiec_forms::{
    Answer, Answers, Condition, Finding, Kind, Question, QuestionSet, Section, Truth, Visibilities, check_condition,
    evaluate, parse_condition,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // The answers, as JSON, stand after a NUL.
    let split = input.iter().position(|&byte| byte == 0).unwrap_or(input.len());
    let (text, rest) = input.split_at(split);
    let Ok(text) = std::str::from_utf8(text) else { return };
    let answers: Answers = serde_json::from_slice(rest.get(1..).unwrap_or_default()).unwrap_or_default();
    in_a_set(text, &answers);
    match parse_condition(text) {
        Err(problem) => assert!(!problem.to_string().is_empty()),
        Ok(expression) => {
            let written = expression.to_string();
            // Written out, it may be longer than conditions may be.
            if written.chars().count() <= 2000 {
                assert_eq!(parse_condition(&written).as_ref(), Ok(&expression), "{written}");
            }
            let find = |key: &str| answers.get(key).map_or(Finding::Unanswered, Finding::Answered);
            let truth = evaluate(&expression, &find);
            let negated = parse_condition(&format!("not ({written})"));
            // Deeper than conditions may be, by one.
            if let Ok(negated) = negated {
                let opposite = match truth {
                    Truth::True => Truth::False,
                    Truth::False => Truth::True,
                    Truth::Unknown => Truth::Unknown,
                };
                assert_eq!(evaluate(&negated, &find), opposite, "{written}");
            }
            evaluate(&expression, &|_| Finding::Nowhere);
            evaluate(&expression, &|_| Finding::NotAsked);
        }
    }
});

/// The same as a question's condition, with questions of most kinds before it.
fn in_a_set(text: &str, answers: &Answers) {
    let kinds = [
        ("a", Kind::text(5, 1)),
        ("b", Kind::choices([("x", "X"), ("y", "Y")])),
        ("c", Kind::choice([("x", "X"), ("y", "Y")])),
        ("d", Kind::Money { min: None, max: None }),
        ("e", Kind::Date { earliest: None, latest: None }),
    ];
    let mut questions: Vec<Question> = kinds.into_iter().map(|(key, kind)| Question::new(key, key, kind)).collect();
    questions.push(Question::new("asked", "Asked", Kind::text(5, 1)).shown_when(text));
    let set = QuestionSet {
        key: "fuzz".into(),
        title: "Fuzz".into(),
        sections: vec![Section { key: "all".into(), title: "All".into(), guidance: String::new(), questions }],
    };
    for problem in check_condition(&set, "asked", &Condition::new(text)) {
        assert!(!problem.to_string().is_empty());
    }
    let mut filled = answers.clone();
    filled.set("b", Some(Answer::Choices(vec!["x".into()])));
    for given in [answers, &filled] {
        Visibilities::of(&set, given).of_question("asked");
        hiec_forms::shortfalls(&set, given, &Default::default());
    }
}
