//! Feeds any form fields and any JSON to the reading of answers, for questions of every kind; it must never accept a panic, a fault without words, or an answer that is not kept as it was read.
#![no_main]

use hiec_forms::{Answer, Answers, Column, Decimal, FormFields, Kind, Question, accept_answer, display, parse_answer};
use hiec_kernel::Money;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    typed(input);
    sent(input);
});

/// As a browser sends it: names and values, each ended by a NUL.
fn typed(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let parts: Vec<&str> = text.split('\0').collect();
    let fields: FormFields = parts.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect();
    for question in questions() {
        match parse_answer(&question, &fields) {
            Ok(Some(answer)) => kept(&question, answer),
            Ok(None) => {}
            Err(problem) => assert!(!problem.faults().is_empty() && !problem.to_string().is_empty()),
        }
    }
}

/// As a program sends it.
fn sent(input: &[u8]) {
    let Ok(answers) = serde_json::from_slice::<Answers>(input) else { return };
    let written = serde_json::to_vec(&answers).unwrap();
    assert_eq!(serde_json::from_slice::<Answers>(&written).unwrap(), answers);
    for (_, answer) in answers.iter() {
        for question in questions() {
            match accept_answer(&question, answer.clone()) {
                Ok(Some(answer)) => kept(&question, answer),
                Ok(None) => {}
                Err(problem) => assert!(!problem.to_string().is_empty()),
            }
            // Also what does not fit is shown: an answer may be older than its question.
            display(&question, answer);
        }
    }
}

/// An answer within its limits is taken again as it is.
fn kept(question: &Question, answer: Answer) {
    display(question, &answer);
    assert_eq!(accept_answer(question, answer.clone()).as_ref(), Ok(&Some(answer)), "{}", question.key);
}

fn questions() -> Vec<Question> {
    let money = Kind::Money { min: Some(Money(1)), max: Some(Money::pounds(1_100_000)) };
    let number = Kind::Number { min: Some(Decimal::ZERO), max: Some(Decimal::whole(100)), unit: None, decimals: 1 };
    let date = Kind::Date { earliest: None, latest: None };
    let columns = vec![
        Column::new("t", "Text", Kind::Text { word_limit: Some(3), lines: 1 }).required(),
        Column::new("m", "Money", Kind::Money { min: None, max: None }),
        Column::new("d", "Date", date.clone()),
        Column::new("c", "Choice", Kind::choice([("x", "X"), ("y", "Y")])),
    ];
    [
        ("t", Kind::text(5, 3)),
        ("n", number),
        ("m", money),
        ("d", date),
        ("c", Kind::choice([("x", "X"), ("y", "Y")])),
        ("s", Kind::choices([("x", "X"), ("y", "Y")])),
        ("f", Kind::File { accept: vec![".pdf".into()], max_bytes: 5 }),
        ("r", Kind::Table { columns, min_rows: Some(1), max_rows: Some(3) }),
    ]
    .into_iter()
    .map(|(key, kind)| Question::new(key, key, kind))
    .collect()
}
