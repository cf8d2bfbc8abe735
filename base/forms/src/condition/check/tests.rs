//! Tests of the design-time check against the sample bid; they evaluate nothing.

use super::*;
use crate::sample;

/// Problems of a condition put on the question `asked` of the sample bid.
fn problems(asked: &str, source: &str) -> Vec<String> {
    check_condition(&sample::bid(), asked, &Condition::new(source)).iter().map(ToString::to_string).collect()
}

#[test]
fn sound_conditions_pass() {
    for source in [
        r#"settings has "primary" and amount > 500000 and not (legal_form = "charity")"#,
        "amount > £500,000.50",
        "500000 < amount",
        "count(settings) >= 2 or count(partners) = 0",
        "words(vision) < 100",
        "sum(partners.cash) < amount",
        "sum(partners.cash) < 5.5",
        "starts >= 2010-01-01",
        "answered(accounts) and answered(partners)",
        "vision = \"none\"",
        "\"cic\" = legal_form",
    ] {
        assert_eq!(problems("share", source), [] as [&str; 0], "{source}");
    }
}

#[test]
fn unsound_conditions_are_refused_in_lay_words() {
    for (source, problem) in [
        ("amont > 5", "1: there is no question called 'amont'. Did you mean 'amount'?"),
        ("Amount > 5", "1: there is no question called 'Amount'. Did you mean 'amount'?"),
        ("budget > 5", "1: there is no question called 'budget'."),
        ("share > 5", "1: 'share' is this very question: whether it is asked cannot depend on its own answer."),
        ("amount > \"5\"", "10: \"5\" is in quotes, so it is text. Write a number without quotes."),
        ("amount > 5.005", "10: pounds have at most two figures after the point."),
        ("amount > starts", "10: amount is an amount of money and starts is a date: they cannot be compared."),
        (
            "count(partners) > £5",
            "19: count(partners) is a number and £5 is an amount of money: they cannot be compared.",
        ),
        ("starts > \"2010\"", "10: write a date as year, month and day without quotes, as in 2009-10-19."),
        ("starts > 2010", "10: write a date as year, month and day without quotes, as in 2009-10-19."),
        ("legal_form = \"charty\"", "14: 'legal_form' has no option 'charty'. Did you mean 'charity'?"),
        (
            "legal_form = \"Community interest company\"",
            "14: 'legal_form' has no option 'Community interest company'. Its key is 'cic'.",
        ),
        ("\"x\" = legal_form", "1: 'legal_form' has no option 'x'. The options are: charity, cic."),
        ("legal_form > \"cic\"", "12: a choice has no order. Use = or != here."),
        ("legal_form = 5", "14: 'legal_form' is a choice. Compare it with one of its options in quotes."),
        ("vision > \"a\"", "8: text has no order. Use = or != here."),
        (
            "settings = \"primary\"",
            "1: 'settings' takes several answers. Write settings has \"…\" or count(settings) > 1",
        ),
        ("settings has \"tertary\"", "10: 'settings' has no option 'tertary'. Did you mean 'tertiary'?"),
        ("legal_form has \"cic\"", "12: 'legal_form' takes one answer only. Write legal_form = \"cic\""),
        ("vision has \"asthma\"", "8: 'has' asks about a choice of several, and 'vision' is text."),
        (
            "partners = \"a\"",
            "1: 'partners' is a table. Write count(partners) for its rows, or sum(partners.…) for a column.",
        ),
        ("accounts = \"a\"", "1: 'accounts' is a file. Write answered(accounts)"),
        ("count(vision) > 1", "7: 'count' counts the rows of a table or the options chosen, and 'vision' is text."),
        ("words(amount) > 1", "7: 'words' counts the words of a text, and 'amount' is an amount of money."),
        ("sum(vision.x) > 1", "5: 'sum' adds up a column of a table, and 'vision' is text."),
        ("sum(partners.csh) > 1", "14: the table 'partners' has no column called 'csh'. Did you mean 'cash'?"),
        ("sum(partners.name) > 1", "14: 'sum' adds up numbers or money, and 'name' is text."),
        ("1 = 1", "1: 1 and 1 are both written out. Compare with the answer to a question."),
        (
            "legal_form = legal_form",
            "14: two choices cannot be compared with each other. Compare each with one of its options.",
        ),
        ("amount >", "9: the condition stops after '>'. Add a number, a text in quotes, a date or a question."),
    ] {
        assert_eq!(problems("share", source), [format!("line 1, character {problem}")], "{source}");
    }
}

#[test]
fn every_problem_is_reported_not_only_the_first() {
    assert_eq!(problems("share", "amont > 5 and visoin = \"x\"").len(), 2);
}

#[test]
fn later_questions_and_circles_are_refused() {
    assert_eq!(
        problems("vision", "answered(starts)"),
        ["line 1, character 10: 'starts' is asked later than this question. Move it before, or use an earlier one."]
    );
    // 'partners' is asked when 'amount' is answered, so 'amount' cannot wait for it, nor for what waits for it.
    assert_eq!(
        problems("amount", "count(partners) > 1"),
        [
            "line 1, character 7: 'partners' is itself asked depending on 'amount', so neither could ever come first. Remove one of the two conditions."
        ]
    );
    let mut set = sample::bid();
    for question in &mut set.sections[1].questions {
        if question.key == "accounts" {
            question.show_when = Some(Condition::new("answered(partners)"));
        }
    }
    let circle = check_condition(&set, "amount", &Condition::new("answered(accounts)"));
    assert!(circle[0].message.starts_with("'accounts' is itself asked depending on 'amount'"));
}

#[test]
fn a_circle_elsewhere_does_not_hang_the_check() {
    let mut set = sample::bid();
    for question in &mut set.sections[1].questions {
        match question.key.as_str() {
            "starts" => question.show_when = Some(Condition::new("answered(accounts)")),
            "accounts" => question.show_when = Some(Condition::new("answered(starts)")),
            _ => {}
        }
    }
    let problems = check_condition(&set, "vision", &Condition::new("answered(accounts)"));
    assert!(problems[0].message.contains("asked later"));
}

#[test]
fn a_question_about_to_be_added_may_use_all_others() {
    assert_eq!(problems("not_yet_there", "share > 5"), [] as [&str; 0]);
}

#[test]
fn a_condition_that_is_all_wrong_is_not_listed_for_ever() {
    let all_wrong = vec!["amont > 5"; 50].join(" or ");
    assert_eq!(problems("share", &all_wrong).len(), MOST_PROBLEMS);
}
