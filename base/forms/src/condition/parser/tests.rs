//! Tests of the parser: what is understood, what is refused and where, and that writing and reading agree; they look up no question.

use chrono::NaiveDate;
use hiec_kernel::Money;
use proptest::prelude::*;

use super::*;
use crate::decimal::Decimal;

fn said(source: &str) -> String {
    match parse_condition(source) {
        Ok(expression) => expression.to_string(),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn written_again_in_one_way() {
    for (source, written) in [
        (
            r#"settings has "primary" and amount > 500000 and not (legal_form = "charity")"#,
            r#"settings has "primary" and amount > 500000 and not legal_form = "charity""#,
        ),
        ("a=1 OR b=2 And c=3", "a = 1 or b = 2 and c = 3"),
        ("(a=1 or b=2) and c=3", "(a = 1 or b = 2) and c = 3"),
        ("((a = 1))", "a = 1"),
        ("a = 1 and (b = 2 and c = 3)", "a = 1 and (b = 2 and c = 3)"),
        ("not not answered(a)", "not not answered(a)"),
        ("not (a = 1 or b = 2)", "not (a = 1 or b = 2)"),
        ("amount >= £1,250.50", "amount >= £1250.50"),
        ("amount > -£5", "amount > -£5"),
        ("amount>£-5", "amount > -£5"),
        (
            "a ≥ 1.50 and b ≠ .5",
            "line 1, character 18: '.' is out of place: a question, a number, a date or a text in quotes goes here.",
        ),
        ("a ≥ 1.50 and b ≠ 0.50", "a >= 1.5 and b != 0.5"),
        ("starts < 2009-10-19", "starts < 2009-10-19"),
        ("name = “Ada's \\“Example\\””", "name = \"Ada's “Example”\""),
        (r#"name = "say \"x\" \\""#, r#"name = "say \"x\" \\""#),
        ("count(partners) >= 3", "count(partners) >= 3"),
        ("WORDS(vision) < 10", "words(vision) < 10"),
        ("sum(partners.cash) <= amount", "sum(partners.cash) <= amount"),
        ("500000 < amount", "500000 < amount"),
        ("a\n =\t1", "a = 1"),
    ] {
        assert_eq!(said(source), written, "{source}");
    }
}

#[test]
fn what_cannot_be_understood_is_named_with_its_place() {
    for (source, problem) in [
        ("", "1, character 1: the condition is empty. Write for example: amount > 500000"),
        ("  \n ", "1, character 1: the condition is empty. Write for example: amount > 500000"),
        (
            "amount >",
            "1, character 9: the condition stops after '>'. Add a number, a text in quotes, a date or a question.",
        ),
        (
            "answered(a) and",
            "1, character 16: the condition stops here. Add a number, a text in quotes, a date or a question.",
        ),
        ("a = 1\nand b == 2", "2, character 7: write a single = for 'is the same as'."),
        ("a <> 1", "1, character 3: write != for 'is not the same as'."),
        ("a = 1 && b = 2", "1, character 7: '&' is not used here. Write the word 'and'."),
        ("a = 1 | b = 2", "1, character 7: '|' is not used here. Write the word 'or'."),
        ("!answered(a)", "1, character 1: '!' on its own means nothing here. Write the word 'not'."),
        (
            "legal-form = \"x\"",
            "1, character 6: there is no subtraction, and names of questions have underscores, not hyphens: 'legal_…'.",
        ),
        ("a = 'charity'", "1, character 5: put text between double quotes, as in \"charity\"."),
        ("a = \"charity", "1, character 5: this quote is never closed. Add a \" where the text ends."),
        ("a = \"cha\nrity\"", "1, character 5: this quote is not closed on its line. Add a \" where the text ends."),
        ("a = \"\\n\"", "1, character 6: inside quotes a backslash goes only before a quote or another backslash."),
        ("(a = 1", "1, character 1: this bracket is never closed. Add a )."),
        ("(a = 1 b = 2)", "1, character 8: a ) is missing before 'b', or 'and' or 'or'."),
        ("a = 1)", "1, character 6: this bracket closes nothing. Delete it, or add a ( before."),
        ("a = 1 b = 2", "1, character 7: write 'and' or 'or' before 'b'."),
        ("1 < a < 3", "1, character 7: compare two things at a time, and join comparisons with 'and'."),
        (
            "amount",
            "1, character 1: say what 'amount' should be compared with, as in amount = \"…\" or amount > 500000, or write answered(amount).",
        ),
        (
            "s has \"a\" or \"b\"",
            "1, character 14: \"b\" stands alone. Repeat the question before it, as in: settings has \"b\"",
        ),
        ("s has primary", "1, character 7: after 'has' comes an option in double quotes, as in: s has \"primary\""),
        ("s has", "1, character 6: after 'has' comes an option in double quotes, as in: s has \"primary\""),
        ("\"a\" has \"b\"", "1, character 5: 'has' goes after the name of a question, as in: settings has \"primary\""),
        (
            "anserd(a)",
            "1, character 1: there is no function called 'anserd'. The functions are answered, count, words and sum. Did you mean 'answered'?",
        ),
        ("answered(a) = 1", "1, character 13: compare two things at a time, and join comparisons with 'and'."),
        (
            "1 = answered(a)",
            "1, character 5: 'answered(…)' is already true or false: it is not compared with anything.",
        ),
        ("answered a", "1, character 10: after 'answered' comes a name in brackets, as in answered(…)."),
        ("answered(\"a\")", "1, character 10: 'answered' needs the name of a question."),
        ("sum(partners) > 1", "1, character 13: 'sum' needs a table and a column, as in sum(partners.cash)."),
        ("sum(partners.cash > 1", "1, character 19: a ) is missing before '>', or 'and' or 'or'."),
        (
            "a = and",
            "1, character 5: 'and' is out of place: a question, a number, a date or a text in quotes goes here.",
        ),
        ("a = 10%", "1, character 7: '%' is not used here: a condition compares, it does not calculate."),
        ("a = 1.2.3", "1, character 5: '1.2.3' is not a number. Write figures, as in 500000 or 2.5."),
        ("a = 5m", "1, character 5: '5m' is not a number. Write figures, as in 500000 or 2.5."),
        ("a = 1,50", "1, character 5: '1,50': commas may only separate thousands, as in 1,250,000."),
        ("a = £1.005", "1, character 5: pounds have at most two figures after the point."),
        ("a = 2009-02-30", "1, character 5: '2009-02-30' is not a date. Write year, month and day, as in 2009-10-19."),
        ("a = 1 \u{0} ", "1, character 7: there is a character here that cannot be seen. Delete it."),
        ("é = 1 ; b = 2", "1, character 7: ';' is not used here. Delete it."),
    ] {
        assert_eq!(said(source), format!("line {problem}"), "{source:?}");
    }
}

#[test]
fn depth_and_length_have_limits() {
    let nested = |depth: usize| format!("{}a = 1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(said(&nested(MAX_DEPTH)), "a = 1");
    assert_eq!(
        said(&nested(MAX_DEPTH + 1)),
        "line 1, character 21: brackets and 'not' are nested more than 20 deep. Write it more simply."
    );
    assert!(said(&"not ".repeat(400)).contains("nested more than 20 deep"));
    assert!(said(&"(".repeat(MAX_LENGTH)).contains("nested more than 20 deep"));
    assert!(said(&" ".repeat(MAX_LENGTH + 1)).contains("2001 characters; at most 2000"));
    let long = vec!["a = 1"; 190].join(" or ");
    assert_eq!(said(&long), long);
}

fn name() -> impl Strategy<Value = Name> {
    "[a-z][a-z0-9_]{0,8}"
        .prop_filter("a word of the language", |key| !KEYWORDS.contains(&key.as_str()))
        .prop_map(|key| Name { key, at: At::START })
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,6}".prop_filter("control characters", |text| !text.chars().any(char::is_control))
}

fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        name().prop_map(Operand::Answer),
        name().prop_map(Operand::Count),
        name().prop_map(Operand::Words),
        (name(), name()).prop_map(|(table, column)| Operand::Sum { table, column }),
        text().prop_map(|text| Operand::Text(text, At::START)),
        "-?[0-9]{1,12}(\\.[0-9]{1,6})?"
            .prop_filter_map("a number", |n| Decimal::parse(&n).ok())
            .prop_map(|n| Operand::Number(n, At::START)),
        (-100_000_000_000i64..100_000_000_000).prop_map(|pence| Operand::Money(Money(pence), At::START)),
        (1000i32..9999, 1u32..366).prop_filter_map("a date", |(year, day)| {
            Some(Operand::Date(NaiveDate::from_yo_opt(year, day)?, At::START))
        }),
    ]
}

fn relation() -> impl Strategy<Value = Relation> {
    prop::sample::select(vec![
        Relation::Is,
        Relation::IsNot,
        Relation::Below,
        Relation::AtMost,
        Relation::Above,
        Relation::AtLeast,
    ])
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        (operand(), relation(), operand())
            .prop_map(|(left, relation, right)| { Expression::Compare { left, relation, right, at: At::START } }),
        (name(), text()).prop_map(|(question, option)| Expression::Has { question, option, at: At::START }),
        name().prop_map(Expression::Answered),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::Any),
            inner.prop_map(|inner| Expression::Not(Box::new(inner))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(expression in expression()) {
        let written = expression.to_string();
        prop_assume!(written.chars().count() <= MAX_LENGTH);
        prop_assert_eq!(parse_condition(&written), Ok(expression), "{}", written);
    }

    #[test]
    fn any_text_is_understood_or_refused_at_a_place_inside_it(source in "(?s).{0,60}") {
        if let Err(problem) = parse_condition(&source) {
            let lines: Vec<&str> = source.split('\n').collect();
            let line = lines.get(problem.line as usize - 1);
            prop_assert!(line.is_some());
            prop_assert!(problem.character as usize <= line.unwrap().chars().count() + 1);
        }
    }

    #[test]
    fn any_jumble_of_words_is_understood_or_refused(words in prop::collection::vec(
        prop::sample::select(vec![
            "and", "or", "not", "has", "answered", "count", "sum", "(", ")", ".", "=", "!=", "<", "a", "b_1",
            "\"x\"", "£5", "-3", "2009-10-19", "2009-", "-", "£", "“", "\\",
        ]), 0..30)) {
        if let Ok(expression) = parse_condition(&words.join(" ")) {
            prop_assert_eq!(parse_condition(&expression.to_string()), Ok(expression));
        }
    }
}
