//! Tests of the design check: each is one change to a sound set and what is said of it; they answer no question.

use chrono::NaiveDate;
use hiec_kernel::Money;

use super::*;
use crate::Decimal;
use crate::sample;

/// Problems of the sample bid after a change to it.
fn after(change: impl FnOnce(&mut QuestionSet)) -> Vec<String> {
    let mut set = sample::bid();
    change(&mut set);
    design_problems(&set).into_iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

/// Problems of a question of this kind, put first.
fn of_kind(kind: Kind) -> Vec<String> {
    after(|set| {
        set.sections[0].questions.insert(0, Question::new("new", "New", kind));
    })
}

#[test]
fn a_sound_set_has_none() {
    assert_eq!(after(|_| {}), [] as [&str; 0]);
}

#[test]
fn keys_must_be_words_of_their_own() {
    for (key, problem) in [
        ("", "Question 'Vision' needs a key, for example 'legal_form'."),
        (
            "Vision",
            "Question 'Vision' has the key 'Vision'. A key begins with a small letter and holds small letters, figures and underscores only.",
        ),
        (
            "my-vision",
            "Question 'Vision' has the key 'my-vision'. A key begins with a small letter and holds small letters, figures and underscores only.",
        ),
        (
            "_v",
            "Question 'Vision' has the key '_v'. A key begins with a small letter and holds small letters, figures and underscores only.",
        ),
        (
            "and",
            "Question 'Vision' has the key 'and', a word the program itself uses. Choose another, for example 'the_and'.",
        ),
        (
            "csrf",
            "Question 'Vision' has the key 'csrf', a word the program itself uses. Choose another, for example 'the_csrf'.",
        ),
    ] {
        assert_eq!(
            after(|set| set.sections[0].questions[0].key = key.into()),
            [format!("sections.0.questions.0.key: {problem}")]
        );
    }
    assert!(key_problem(&"k".repeat(61)).is_some_and(|p| p.contains("61 characters")));
    assert_eq!(
        after(|set| set.sections[1].questions[5].key = "vision".into()),
        [
            "sections.1.questions.5.key: 'vision' is also the key of the question 'Vision'. Give each question a key of its own."
        ]
    );
    assert_eq!(
        after(|set| set.sections[1].key = "about".into()),
        ["sections.1.key: There is more than one section 'about'. Change or remove one."]
    );
}

#[test]
fn conditions_are_checked_with_their_place() {
    assert_eq!(
        after(|set| {
            let question = &mut set.sections[1].questions[1];
            *question = question.clone().shown_when("amont > 5 and settings has \"home\"");
        }),
        [
            "sections.1.questions.1.show_when: Line 1, character 1: there is no question called 'amont'. Did you mean 'amount'?",
            "sections.1.questions.1.show_when: Line 1, character 24: 'settings' has no option 'home'. The options are: primary, secondary, tertiary.",
        ]
    );
}

#[test]
fn limits_must_leave_room_for_an_answer() {
    let day = |day| NaiveDate::from_ymd_opt(2010, 1, day);
    for (kind, problem) in [
        (Kind::text(0, 3), "word_limit: Question 'New' has a limit of 0 words. It must be from 1 to 15000."),
        (Kind::text(5, 0), "lines: Question 'New' shows 0 lines. It must be from 1 to 100."),
        (
            Kind::Number { min: Some(Decimal::whole(5)), max: Some(Decimal::whole(4)), unit: None, decimals: 0 },
            ": Question 'New' has a lower limit above its upper limit, so nothing could be answered. Change one.",
        ),
        (
            Kind::Number { min: Decimal::parse("0.5").ok(), max: None, unit: None, decimals: 0 },
            "decimals: Question 'New' has the limit 0.5, more exact than an answer may be. Round it, or allow more figures after the point.",
        ),
        (
            Kind::Number { min: None, max: None, unit: None, decimals: 7 },
            "decimals: Question 'New' allows 7 figures after the point; at most 6 are possible.",
        ),
        (
            Kind::Money { min: None, max: Some(Money(-1)) },
            ": Question 'New' has a lower limit above its upper limit, so nothing could be answered. Change one.",
        ),
        (
            Kind::Date { earliest: day(2), latest: day(1) },
            ": Question 'New' has a lower limit above its upper limit, so nothing could be answered. Change one.",
        ),
        (Kind::choice([]), "options: Question 'New' offers no options. Add some."),
        (
            Kind::choice([("a b", "A")]),
            "options.0.key: Question 'New' has an option with the key 'a b'. Use letters, figures, '_', '-' and '.', up to 60 in all.",
        ),
        (
            Kind::choice([("a", "A"), ("a", "B")]),
            "options.1.key: There is more than one option 'a'. Change or remove one.",
        ),
        (
            Kind::choice([("a", "A"), ("b", "A ")]),
            "options.1.label: There is more than one option 'A'. Change or remove one.",
        ),
        (
            Kind::choice([("a", " ")]),
            "options.0.label: An option of Question 'New' has no title. Write what people should read.",
        ),
        (
            Kind::Table { columns: vec![], min_rows: None, max_rows: None },
            "columns: Question 'New' is a table without columns. Add some.",
        ),
        (
            Kind::Table {
                columns: vec![Column::new("f", "F", Kind::File { accept: vec![], max_bytes: 5 })],
                min_rows: None,
                max_rows: None,
            },
            "columns.0.kind: Column 'F' of Question 'New' is a file. A column takes text, a number, money, a date or a choice of one.",
        ),
        (
            Kind::Table { columns: vec![Column::new("f", "F", Kind::text(0, 1))], min_rows: None, max_rows: None },
            "columns.0.kind.word_limit: Column 'F' of Question 'New' has a limit of 0 words. It must be from 1 to 15000.",
        ),
        (
            Kind::Table {
                columns: vec![Column::new("f", "F", Kind::text(5, 1))],
                min_rows: Some(4),
                max_rows: Some(3),
            },
            ": Question 'New' has a lower limit above its upper limit, so nothing could be answered. Change one.",
        ),
        (
            Kind::Table {
                columns: vec![Column::new("f", "F", Kind::text(5, 1))],
                min_rows: None,
                max_rows: Some(1_001),
            },
            "max_rows: Question 'New' has a limit of 1001 rows. It must be from 1 to 1000.",
        ),
        (
            Kind::File { accept: vec![], max_bytes: 0 },
            "max_bytes: Question 'New' takes files of up to 0 bytes. It must be from 1 to 500000000.",
        ),
        (
            Kind::File { accept: vec!["pdf".into()], max_bytes: 5 },
            "accept.0: Question 'New' accepts 'pdf', which is no kind of file. Write for example 'application/pdf', 'image/*' or '.pdf'.",
        ),
    ] {
        let dot = if problem.starts_with(':') { "" } else { "." };
        assert_eq!(of_kind(kind), [format!("sections.0.questions.0.kind{dot}{problem}")]);
    }
}

#[test]
fn texts_must_be_there_readable_and_not_endless() {
    assert_eq!(
        after(|set| {
            set.title = " ".into();
            set.sections[0].questions[0].label = String::new();
            set.sections[0].questions[1].guidance = "a\u{0}".into();
            set.sections[0].questions[2].label = "x".repeat(501);
            set.sections[1].questions.clear();
            set.sections[0].questions[0].serves = vec!["a".into(), "a".into()];
            set.sections[0].questions[1].principle = Some(String::new());
        })
        .len(),
        7
    );
}

#[test]
fn a_set_has_a_size() {
    let mut questions = Vec::new();
    for number in 0..=MAX_QUESTIONS {
        questions.push(Question::new(format!("q{number}"), "Q", Kind::text(5, 1)));
    }
    let problems = after(|set| set.sections[0].questions = questions);
    assert_eq!(problems, ["sections: There are 507 questions; at most 500 are allowed."]);
    let sections = vec![Section::default(); MAX_SECTIONS + 1];
    assert!(
        after(|set| set.sections = sections)
            .contains(&"sections: There are 51 sections; at most 50 are allowed.".to_owned())
    );
}

#[test]
fn a_set_whose_conditions_are_all_in_circles_is_judged_without_end_of_list() {
    let names: Vec<String> = (0..MAX_QUESTIONS).map(|n| format!("q{n:03}")).collect();
    let all: Vec<String> = names.iter().rev().map(|n| format!("answered({n})")).collect();
    let condition = all[..100].join(" or ");
    let problems = after(|set| {
        set.sections.truncate(1);
        set.sections[0].questions =
            names.iter().map(|name| Question::new(name, name, Kind::text(5, 1)).shown_when(&condition)).collect();
    });
    assert!((MOST_PROBLEMS..=MOST_PROBLEMS + 10).contains(&problems.len()));
}
