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
        (Kind::Choice { options, .. }, Answer::Choices(keys)) => keys
            .iter()
            .map(|key| label(options, key))
            .collect::<Vec<_>>()
            .join("; "),
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
    options
        .iter()
        .find(|option| option.key == key)
        .map_or(key, |option| &option.label)
}

/// `19 October 2009`.
pub(crate) fn in_plain_date(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// The labels of up to eight options.
pub(crate) fn list_of_options(options: &[ChoiceOption]) -> String {
    let labels: Vec<&str> = options.iter().take(8).map(|o| o.label.as_str()).collect();
    let more = if options.len() > labels.len() {
        ", …"
    } else {
        ""
    };
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
                    rows.extend(columns.iter().map(|column| {
                        FlatRow {
                            section: section.key.clone(),
                            question: format!("{}.{number}.{}", question.key, column.key),
                            label: format!("{}, row {number}, {}", question.label, column.label),
                            value: row
                                .get(&column.key)
                                .map(|cell| in_words(&column.kind, cell, files))
                                .unwrap_or_default(),
                        }
                    }));
                }
            }
            _ => rows.push(FlatRow {
                section: section.key.clone(),
                question: question.key.clone(),
                label: question.label.clone(),
                value: answer
                    .map(|answer| display_with_files(question, answer, files))
                    .unwrap_or_default(),
            }),
        }
    }
    rows
}
