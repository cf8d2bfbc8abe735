//! Answers as a reader sees them, and as flat rows for CSV and print; what is shown is never read back.

use chrono::NaiveDate;
use serde::Serialize;

use crate::answers::{Answer, Answers, FileIndex};
use crate::limits::in_megabytes;
use crate::question_set::{ChoiceOption, Column, Kind, Question, QuestionSet};
use crate::visibility::{Visibilities, Visibility};

/// An answer in words: `£1,100,000`, `19 October 2009`, labels of options rather than keys, a table one line a row.
/// A file is shown by its id: use [`display_with_files`] for its name.
pub fn display(question: &Question, answer: &Answer) -> String {
    display_with_files(question, answer, &FileIndex::new())
}

/// As [`display`], with files by name and size.
pub fn display_with_files(question: &Question, answer: &Answer, files: &FileIndex) -> String {
    in_words(&question.kind, answer, files)
}

fn in_words(kind: &Kind, answer: &Answer, files: &FileIndex) -> String {
    match (kind, answer) {
        (_, Answer::Text(text)) => text.clone(),
        (Kind::Number { unit, .. }, Answer::Number(number)) => match unit.as_deref() {
            None | Some("") => number.grouped(),
            Some("%") => format!("{}%", number.grouped()),
            Some(unit) => format!("{} {unit}", number.grouped()),
        },
        (_, Answer::Number(number)) => number.grouped(),
        (_, Answer::Money(money)) => money.to_string(),
        (_, Answer::Date(date)) => in_plain_date(*date),
        (Kind::Choice { options, .. }, Answer::Choice(key)) => label(options, key).to_owned(),
        (Kind::Choice { options, .. }, Answer::Choices(keys)) => {
            keys.iter().map(|key| label(options, key)).collect::<Vec<_>>().join("; ")
        }
        (_, Answer::Choice(key)) => key.clone(),
        (_, Answer::Choices(keys)) => keys.join("; "),
        (_, Answer::File(id)) => match files.get(id) {
            Some(facts) => format!("{} ({})", facts.name, in_megabytes(facts.bytes)),
            None => format!("File {id}"),
        },
        (kind, Answer::Table(rows)) => {
            let columns: &[Column] = match kind {
                Kind::Table { columns, .. } => columns,
                _ => &[],
            };
            rows.iter()
                .map(|row| {
                    columns
                        .iter()
                        .filter_map(|column| {
                            let cell = row.get(&column.key)?;
                            let value = in_words(&column.kind, cell, files);
                            Some(format!("{}: {value}", column.label))
                        })
                        .collect::<Vec<_>>()
                        .join("; ")
                })
                .collect::<Vec<_>>()
                .join("\n")
        }
    }
}

fn label<'a>(options: &'a [ChoiceOption], key: &'a str) -> &'a str {
    options.iter().find(|option| option.key == key).map_or(key, |option| &option.label)
}

/// `19 October 2009`.
pub(crate) fn in_plain_date(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// The labels of up to eight options.
pub(crate) fn list_of_options(options: &[ChoiceOption]) -> String {
    let labels: Vec<&str> = options.iter().take(8).map(|o| o.label.as_str()).collect();
    let more = if options.len() > labels.len() { ", …" } else { "" };
    labels.join(", ") + more
}

/// One line of an export: a question with its answer, or a cell of a table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FlatRow {
    pub section: String,
    /// The question's key; for a cell `partners.1.cash`, rows counted from 1.
    pub question: String,
    pub label: String,
    /// As a reader sees it; empty when there is no answer.
    pub value: String,
}

/// The answers as rows in the order asked, unanswered questions with an empty value. What is not asked is left out, also
/// when an answer to it is kept; what is undetermined appears only when it was answered.
pub fn flat_rows(set: &QuestionSet, answers: &Answers, files: &FileIndex) -> Vec<FlatRow> {
    let visibilities = Visibilities::of(set, answers);
    let mut rows = Vec::new();
    for (section, question) in set.questions() {
        let answer = answers.get(&question.key).filter(|a| !a.is_blank());
        match visibilities.of_question(&question.key) {
            Visibility::Hidden => continue,
            Visibility::Undetermined if answer.is_none() => continue,
            Visibility::Undetermined | Visibility::Visible => {}
        }
        match (&question.kind, answer) {
            (Kind::Table { columns, .. }, Some(Answer::Table(table))) => {
                for (number, row) in (1..).zip(table) {
                    rows.extend(columns.iter().map(|column| FlatRow {
                        section: section.key.clone(),
                        question: format!("{}.{number}.{}", question.key, column.key),
                        label: format!("{}, row {number}, {}", question.label, column.label),
                        value: row.get(&column.key).map(|cell| in_words(&column.kind, cell, files)).unwrap_or_default(),
                    }));
                }
            }
            _ => rows.push(FlatRow {
                section: section.key.clone(),
                question: question.key.clone(),
                label: question.label.clone(),
                value: answer.map(|answer| display_with_files(question, answer, files)).unwrap_or_default(),
            }),
        }
    }
    rows
}

#[cfg(test)]
mod tests {

    use hiec_kernel::Money;
    use uuid::Uuid;

    use super::*;
    use crate::answers::{FileFacts, Row};
    use crate::decimal::Decimal;
    use crate::sample;

    fn answers() -> Answers {
        let partner = |name: &str, cash: Option<i64>| {
            let mut row = Row::from([("name".to_owned(), Answer::Text(name.to_owned()))]);
            if let Some(pounds) = cash {
                row.insert("cash".into(), Answer::Money(Money::pounds(pounds)));
            }
            row
        };
        [
            ("vision", Answer::Text("Two\nlines".into())),
            ("settings", Answer::Choices(vec!["primary".into(), "tertiary".into()])),
            ("amount", Answer::Money(Money(50_000_050))),
            ("match_reason", Answer::Text("Kept though not asked".into())),
            ("starts", NaiveDate::from_ymd_opt(2010, 4, 1).map(Answer::Date).unwrap()),
            (
                "partners",
                Answer::Table(vec![partner("Example Trust", Some(1_000)), partner("Example University", None)]),
            ),
            ("accounts", Answer::File(Uuid::nil())),
            ("share", Answer::Number(Decimal::parse("12.5").unwrap())),
            ("legal_form", Answer::Choice("charity".into())),
            ("gone", Answer::Text("A question that was removed".into())),
        ]
        .into_iter()
        .map(|(key, answer)| (key.to_owned(), answer))
        .collect()
    }

    #[test]
    fn shown_as_a_reader_likes_it() {
        let (set, answers) = (sample::bid(), answers());
        for (key, shown) in [
            ("vision", "Two\nlines"),
            ("settings", "Primary care; Tertiary care"),
            ("legal_form", "Charity"),
            ("amount", "£500,000.50"),
            ("starts", "1 April 2010"),
            ("partners", "Name: Example Trust; Cash: £1,000\nName: Example University"),
            ("accounts", "File 00000000-0000-0000-0000-000000000000"),
            ("share", "12.5%"),
        ] {
            let question = set.question(key).unwrap();
            assert_eq!(display(question, answers.get(key).unwrap()), shown);
        }
    }

    #[test]
    fn an_option_or_sort_that_is_gone_is_shown_as_it_was_stored() {
        let set = sample::bid();
        let show = |key: &str, answer: Answer| display(set.question(key).unwrap(), &answer);
        assert_eq!(show("legal_form", Answer::Choice("trust".into())), "trust");
        assert_eq!(show("vision", Answer::Number(Decimal::whole(1_250))), "1,250");
        assert_eq!(show("vision", Answer::Choices(vec!["a".into(), "b".into()])), "a; b");
    }

    #[test]
    fn flat_rows_hold_what_is_asked_in_order() {
        let files = FileIndex::from([(
            Uuid::nil(),
            FileFacts { name: "accounts.pdf".into(), media_type: "application/pdf".into(), bytes: 2_000_000 },
        )]);
        let rows: Vec<String> = flat_rows(&sample::bid(), &answers(), &files)
            .into_iter()
            .map(|row| format!("{}|{}|{}|{}", row.section, row.question, row.label, row.value))
            .collect();
        assert_eq!(
            rows,
            [
                "about|vision|Vision|Two\nlines",
                "about|settings|Settings|Primary care; Tertiary care",
                "about|legal_form|Legal form|Charity",
                "money|amount|Amount asked for|£500,000.50",
                "money|starts|Start|1 April 2010",
                "money|partners.1.name|Partners, row 1, Name|Example Trust",
                "money|partners.1.cash|Partners, row 1, Cash|£1,000",
                "money|partners.1.joined|Partners, row 1, Joined|",
                "money|partners.2.name|Partners, row 2, Name|Example University",
                "money|partners.2.cash|Partners, row 2, Cash|",
                "money|partners.2.joined|Partners, row 2, Joined|",
                "money|accounts|Accounts|accounts.pdf (2 MB)",
                "money|share|Share of time|12.5%",
            ]
        );
    }

    #[test]
    fn flat_rows_of_nothing_are_the_questions_surely_asked() {
        let rows = flat_rows(&sample::bid(), &Answers::new(), &FileIndex::new());
        let keys: Vec<&str> = rows.iter().map(|row| row.question.as_str()).collect();
        assert_eq!(keys, ["vision", "settings", "legal_form", "amount", "starts", "accounts", "share"]);
        assert!(rows.iter().all(|row| row.value.is_empty()));
    }
}
