//! Answers, typed and with stable JSON, and what is known of attached files; they know no question and no page.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_kernel::Money;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::decimal::Decimal;

/// Answers by question key. An answer to a question that is not asked, or no longer in the set, is kept and ignored.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, Answer>);

/// One answer. In JSON it names its sort: `{"money":110000000}`, `{"choices":["primary"]}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// With `\n` between lines.
    Text(String),
    Number(Decimal),
    /// Pence.
    Money(Money),
    Date(NaiveDate),
    /// The key of the option.
    Choice(String),
    /// Keys of options, in the order the question offers them.
    Choices(Vec<String>),
    Table(Vec<Row>),
    /// The id of a stored file.
    File(Uuid),
}

/// A table's row: cells by column key; an empty cell is left out.
pub type Row = BTreeMap<String, Answer>;

impl Answers {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// Sets or, with `None`, clears an answer; gives back the one before.
    pub fn set(&mut self, question: impl Into<String>, answer: Option<Answer>) -> Option<Answer> {
        let question = question.into();
        match answer {
            Some(answer) => self.0.insert(question, answer),
            None => self.0.remove(&question),
        }
    }

    /// In order of question key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(key, answer)| (key.as_str(), answer))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Answer)> for Answers {
    fn from_iter<T: IntoIterator<Item = (String, Answer)>>(answers: T) -> Self {
        Self(answers.into_iter().collect())
    }
}

impl Answer {
    /// Whether it says nothing: white space only, no option, no row with anything in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Choice(option) => option.is_empty(),
            Self::Choices(options) => options.is_empty(),
            Self::Table(rows) => rows.iter().all(|row| row.values().all(Self::is_blank)),
            Self::Number(_) | Self::Money(_) | Self::Date(_) | Self::File(_) => false,
        }
    }
}

/// What the file store knows of each attached file, by id. A file that is not here does not count as attached.
pub type FileIndex = BTreeMap<Uuid, FileFacts>;

/// What the file store knows of one file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileFacts {
    pub name: String,
    /// As sniffed from the bytes, for instance `application/pdf`.
    pub media_type: String,
    pub bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_stable() {
        let mut answers = Answers::new();
        answers.set("vision", Some(Answer::Text("Two\nlines".into())));
        answers.set("amount", Some(Answer::Money(Money(110_000_000))));
        answers.set(
            "partners",
            Some(Answer::Table(vec![Row::from([
                ("name".into(), Answer::Text("Example Trust".into())),
                ("cash".into(), Answer::Money(Money(500))),
            ])])),
        );
        answers.set("starts", NaiveDate::from_ymd_opt(2010, 4, 1).map(Answer::Date));
        answers.set("settings", Some(Answer::Choices(vec!["primary".into()])));
        answers.set("share", Decimal::parse("12.50").ok().map(Answer::Number));
        let json = r#"{"amount":{"money":110000000},"partners":{"table":[{"cash":{"money":500},"name":{"text":"Example Trust"}}]},"settings":{"choices":["primary"]},"share":{"number":"12.5"},"starts":{"date":"2010-04-01"},"vision":{"text":"Two\nlines"}}"#;
        assert_eq!(serde_json::to_string(&answers).unwrap(), json);
        assert_eq!(serde_json::from_str::<Answers>(json).unwrap(), answers);
    }

    #[test]
    fn clearing_an_answer_removes_it_and_gives_it_back() {
        let mut answers = Answers::new();
        answers.set("a", Some(Answer::Choice("x".into())));
        assert_eq!(answers.set("a", None), Some(Answer::Choice("x".into())));
        assert!(answers.is_empty());
    }

    #[test]
    fn a_table_of_empty_rows_is_blank() {
        let row = Row::from([("name".into(), Answer::Text(" ".into()))]);
        assert!(Answer::Table(vec![row, Row::new()]).is_blank());
        assert!(!Answer::Number(Decimal::ZERO).is_blank());
    }
}
