//! Tests of reading forms: what people type, what they mistype and what attackers send; they render no page.

use proptest::prelude::*;

use super::*;
use crate::limits::MAX_CHARACTERS;
use crate::sample;

fn fields(pairs: &[(&str, &str)]) -> FormFields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn read(key: &str, pairs: &[(&str, &str)]) -> Result<Option<Answer>, FieldProblem> {
    let set = sample::bid();
    parse_answer(set.question(key).unwrap(), &fields(pairs))
}

/// The faults as `field: message. mend`.
fn faults(key: &str, pairs: &[(&str, &str)]) -> Vec<String> {
    let problem = read(key, pairs).unwrap_err();
    assert_eq!(problem.question(), key);
    problem.faults().iter().map(|fault| format!("{}: {fault}", fault.field)).collect()
}

#[test]
fn nothing_typed_is_no_answer() {
    for key in ["vision", "settings", "legal_form", "amount", "starts", "partners", "accounts", "share"] {
        assert_eq!(read(key, &[]), Ok(None), "{key}");
        assert_eq!(read(key, &[(key, "")]), Ok(None), "{key}");
    }
    assert_eq!(read("vision", &[("vision", " \r\n\t ")]), Ok(None));
    assert_eq!(read("amount", &[("amount", "  ")]), Ok(None));
    let empty_row = [("partners-0-name", " "), ("partners-0-cash", ""), ("partners-0-joined-day", "")];
    assert_eq!(read("partners", &empty_row), Ok(None));
}

#[test]
fn money_as_people_write_it() {
    for (typed, pence) in [
        ("£1,100,000", 110_000_000),
        ("1100000.00", 110_000_000),
        ("1000000.50", 100_000_050),
        (" £ 1 000 000 ", 100_000_000),
        ("12.5", 1_250),
        ("£1", 100),
    ] {
        assert_eq!(read("amount", &[("amount", typed)]), Ok(Some(Answer::Money(Money(pence)))), "{typed}");
    }
    for (typed, fault) in [
        ("1.1m", "This is not an amount of money. Enter pounds in figures, for example 250,000 or 1,250.50"),
        ("a million", "This is not an amount of money. Enter pounds in figures, for example 250,000 or 1,250.50"),
        ("££5", "This is not an amount of money. Enter pounds in figures, for example 250,000 or 1,250.50"),
        ("5£", "This is not an amount of money. Enter pounds in figures, for example 250,000 or 1,250.50"),
        ("€5", "This is not an amount of money. Enter pounds in figures, for example 250,000 or 1,250.50"),
        ("1,5", "Commas may only separate thousands, as in 1,250,000. Enter for example 250,000 or 1,250.50"),
        ("1.005", "Pence have two figures. Use at most two figures after the point, for example 1,250.50"),
        ("99999999999999999999", "This amount is larger than any budget here. Check the number of noughts"),
        ("0.50", "This amount is too small. Enter £1 or more"),
        ("£-5", "This amount is too small. Enter £1 or more"),
        ("1,100,000.01", "This amount is too large. Enter £1,100,000 or less"),
    ] {
        assert_eq!(faults("amount", &[("amount", typed)]), [format!("amount: {fault}")], "{typed}");
    }
}

#[test]
fn money_without_a_minimum_is_not_negative() {
    let free = Question::new("m", "M", Kind::Money { min: None, max: None });
    let problem = parse_answer(&free, &fields(&[("m", "-1")])).unwrap_err();
    assert_eq!(problem.to_string(), "This amount is too small. Enter £0 or more");
    let signed = Question::new("m", "M", Kind::Money { min: Some(Money(-500)), max: None });
    assert_eq!(parse_answer(&signed, &fields(&[("m", "-£1")])), Ok(Some(Answer::Money(Money(-100)))));
}

#[test]
fn numbers_with_units_and_limits() {
    for (typed, shown) in [("12.5", "12.5"), ("12.5 %", "12.5"), ("40%", "40"), ("0", "0")] {
        let answer = Answer::Number(Decimal::parse(shown).unwrap());
        assert_eq!(read("share", &[("share", typed)]), Ok(Some(answer)), "{typed}");
    }
    for (typed, fault) in [
        ("12.55", "This number is more exact than the question asks. Use at most one figure after the point"),
        ("101", "This number is too large. Enter 100 or less"),
        ("-1", "This number is too small. Enter 0 or more"),
        ("lots", "This is not a number. Enter figures only, for example 1,250"),
        ("NaN", "This is not a number. Enter figures only, for example 1,250"),
        ("1,0", "Commas may only separate thousands, as in 1,250,000. Enter for example 1,250"),
    ] {
        assert_eq!(faults("share", &[("share", typed)]), [format!("share: {fault}")], "{typed}");
    }
}

#[test]
fn dates_in_three_fields_or_one() {
    let october = |year| chrono::NaiveDate::from_ymd_opt(year, 10, 19).map(Answer::Date);
    for month in ["10", "October", "oct"] {
        let typed = [("starts-day", "19"), ("starts-month", month), ("starts-year", " 2010 ")];
        assert_eq!(read("starts", &typed), Ok(october(2010)), "{month}");
    }
    assert_eq!(read("starts", &[("starts", "2010-10-19")]), Ok(october(2010)));
    for (day, month, year, fault) in [
        ("", "10", "2010", "starts-day: The date has no day. Enter the day"),
        ("1", "", "2010", "starts-month: The date has no month. Enter the month"),
        ("1", "10", "", "starts-year: The date has no year. Enter the year"),
        ("x", "10", "2010", "starts-day: The day is not a number. Enter a day from 1 to 31"),
        ("1", "13", "2010", "starts-month: The month is not one we know. Enter a month from 1 to 12, or its name"),
        ("1", "ma", "2010", "starts-month: The month is not one we know. Enter a month from 1 to 12, or its name"),
        (
            "1",
            "10",
            "10",
            "starts-year: The year is not four figures. Enter all four figures of the year, for example 2009",
        ),
        (
            "1",
            "10",
            "0010",
            "starts-year: The year is not four figures. Enter all four figures of the year, for example 2009",
        ),
        ("31", "2", "2010", "starts-day: There is no such day. Check the day and the month"),
        ("29", "2", "2010", "starts-day: There is no such day. Check the day and the month"),
        ("0", "2", "2010", "starts-day: There is no such day. Check the day and the month"),
        ("30", "11", "2009", "starts: This date is too early. Enter 1 December 2009 or later"),
        ("1", "1", "2011", "starts: This date is too late. Enter 31 December 2010 or earlier"),
    ] {
        let typed = [("starts-day", day), ("starts-month", month), ("starts-year", year)];
        assert_eq!(faults("starts", &typed), [fault], "{day} {month} {year}");
    }
    for typed in ["2010-02-30", "19/10/2010", "+2010-10-1", "2010-1-1"] {
        assert_eq!(
            faults("starts", &[("starts", typed)]),
            ["starts: This is not a real date. Enter year, month and day, for example 2009-10-19"]
        );
    }
}

#[test]
fn text_keeps_what_was_typed_with_plain_line_ends() {
    assert_eq!(
        read("vision", &[("vision", "  One\r\ntwo\rthree\t“four” ")]),
        Ok(Some(Answer::Text("  One\ntwo\nthree\t“four” ".into())))
    );
}

#[test]
fn text_over_its_limit_says_by_how_much_and_is_kept() {
    let typed = "one two three\u{a0}four\u{2003}five six\nseven";
    let problem = read("vision", &[("vision", typed)]).unwrap_err();
    assert_eq!(problem.to_string(), "This answer has 7 words; the limit is 5. Remove 2 words");
    assert_eq!(problem.kept(), Some(&Answer::Text(typed.into())));
    let problem = read("vision", &[("vision", "a b c d e f")]).unwrap_err();
    assert_eq!(problem.to_string(), "This answer has 6 words; the limit is 5. Remove 1 word");
}

#[test]
fn text_that_cannot_be_shown_or_is_endless_is_refused() {
    for bad in ["\0", "\u{8}", "\u{1b}[31m", "\u{7f}", "\u{9f}"] {
        let problem = read("vision", &[("vision", &format!("our own words {bad}"))]).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "This text holds a character that cannot be shown, after 'our own words'. Delete it, or paste the text again as plain text"
        );
        assert_eq!(problem.kept(), None);
    }
    let longest = "x".repeat(MAX_CHARACTERS);
    assert!(read("vision", &[("vision", &longest)]).is_ok());
    let problem = read("vision", &[("vision", &format!("{longest}é"))]).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "This text has 100,001 characters, more than any answer may have. Remove 1 character"
    );
    assert_eq!(problem.kept(), None);
    for key in ["amount", "share", "legal_form", "accounts"] {
        assert!(read(key, &[(key, &longest)]).is_err(), "{key}");
        assert!(read(key, &[(key, "5\0")]).is_err(), "{key}");
    }
}

#[test]
fn choices_are_of_the_options_in_their_order() {
    assert_eq!(read("legal_form", &[("legal_form", "cic")]), Ok(Some(Answer::Choice("cic".into()))));
    assert_eq!(
        read(
            "settings",
            &[("settings", "tertiary"), ("settings", ""), ("settings", "primary"), ("settings", "tertiary")]
        ),
        Ok(Some(Answer::Choices(vec!["primary".into(), "tertiary".into()])))
    );
    let forged = "The option sent is not one of those offered. Choose from:";
    for (key, value, options) in [
        ("legal_form", "Charity", "Charity, Community interest company"),
        ("legal_form", "charity ", "Charity, Community interest company"),
        ("settings", "primary,tertiary", "Primary care, Secondary care, Tertiary care"),
    ] {
        assert_eq!(faults(key, &[(key, value)]), [format!("{key}: {forged} {options}")]);
    }
}

#[test]
fn one_question_takes_one_answer() {
    assert_eq!(
        faults("legal_form", &[("legal_form", "cic"), ("legal_form", "charity")]),
        ["legal_form: This was answered more than once, in different ways. Give one answer"]
    );
    assert!(read("legal_form", &[("legal_form", "cic"), ("legal_form", "cic")]).is_ok());
}

#[test]
fn files_are_ids() {
    let id = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
    assert_eq!(read("accounts", &[("accounts", id)]), Ok(Some(Answer::File(Uuid::parse_str(id).unwrap()))));
    assert_eq!(
        faults("accounts", &[("accounts", "../../etc/passwd")]),
        ["accounts: The attached file did not arrive. Attach it again"]
    );
}

#[test]
fn tables_keep_their_rows_and_mark_each_wrong_cell() {
    let answer = read(
        "partners",
        &[
            ("partners-7-name", "Example Trust"),
            ("partners-7-cash", "£5"),
            ("partners-2-name", "Example University"),
            ("partners-2-joined-day", "1"),
            ("partners-2-joined-month", "4"),
            ("partners-2-joined-year", "2009"),
            ("partners-3-name", ""),
        ],
    );
    let json = serde_json::to_string(&answer.unwrap()).unwrap();
    assert_eq!(
        json,
        r#"{"table":[{"joined":{"date":"2009-04-01"},"name":{"text":"Example University"}},{"cash":{"money":500},"name":{"text":"Example Trust"}}]}"#
    );

    let wrong = [
        ("partners-0-name", "one two three four five six seven"),
        ("partners-4-cash", "lots"),
        ("partners-4-joined-day", "1"),
    ];
    assert_eq!(
        faults("partners", &wrong),
        [
            "partners-0-name: This answer has 7 words; the limit is 6. Remove 1 word",
            "partners-4-cash: This is not an amount of money. Enter pounds in figures, for example 250,000 or 1,250.50",
            "partners-4-joined-month: The date has no month. Enter the month",
        ]
    );
    assert_eq!(read("partners", &wrong).unwrap_err().kept(), None);
    assert!(read("partners", &wrong[..1]).unwrap_err().kept().is_some());
}

#[test]
fn tables_have_a_most_of_rows() {
    let many = |count: usize| -> FormFields {
        (0..count).map(|row| (format!("partners-{row}-name"), "x".to_owned())).collect()
    };
    let set = sample::bid();
    let question = set.question("partners").unwrap();
    assert!(parse_answer(question, &many(3)).is_ok());
    let problem = parse_answer(question, &many(5)).unwrap_err();
    assert_eq!(problem.to_string(), "The table has 5 rows; at most 3 are allowed. Remove 2 rows");
    assert!(problem.kept().is_some());
    let problem = parse_answer(question, &many(1_001)).unwrap_err();
    assert!(problem.kept().is_none());
}

proptest! {
    /// Whatever is sent, reading ends with an answer within limits, no answer, or a problem at a field of the question.
    #[test]
    fn any_rubbish_is_read_or_refused(
        sent in prop::collection::vec((
            prop::sample::select(vec![
                "vision", "amount", "share", "legal_form", "settings", "accounts", "starts", "starts-day",
                "starts-month", "starts-year", "partners", "partners-0-name", "partners-1-cash",
                "partners-0-joined-day", "partners-x-name",
            ]),
            prop_oneof![
                "(?s).{0,12}",
                "[-£0-9,. ]{0,8}",
                prop::sample::select(vec!["primary".to_owned(), "cic".to_owned(), "10".to_owned(), "2010".to_owned()]),
            ],
        ), 0..20)) {
        let sent: FormFields = sent.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        for (_, question) in sample::bid().questions() {
            match parse_answer(question, &sent) {
                Ok(None) => {}
                Ok(Some(answer)) => {
                    prop_assert!(!answer.is_blank());
                    prop_assert_eq!(crate::accept_answer(question, answer.clone()), Ok(Some(answer)));
                }
                Err(problem) => {
                    prop_assert!(!problem.faults().is_empty());
                    prop_assert!(problem.faults().iter().all(|fault| fault.field.starts_with(&question.key)));
                }
            }
        }
    }

    #[test]
    fn words_are_counted_as_they_are_written(words in prop::collection::vec("[a-zé’-]{1,6}", 0..30), gap in "[ \n\t\u{a0}]{1,3}") {
        prop_assert_eq!(crate::word_count(&words.join(&gap)), words.len());
    }
}
