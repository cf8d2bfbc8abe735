//! Question sets: what a PQQ, a bid, a survey or an interview asks. They say nothing about who answered or how it looks.

use chrono::NaiveDate;
use hiec_kernel::Money;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::decimal::Decimal;

/// A set of questions in sections. Its JSON is stable, because a published set is fingerprinted: a field that is
/// not used is left out, so that adding an optional field later leaves old fingerprints as they were.
///
/// Keys are plain text here, since a draft may hold anything that was typed;
/// [`design_problems`](crate::design_problems) says what must change before it can be published.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionSet {
    /// Names the set within its call, for instance `pqq` or `bid`.
    pub key: String,
    pub title: String,
    pub sections: Vec<Section>,
}

/// Questions that stand together on one page and one line of the task list.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub key: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guidance: String,
    #[serde(default)]
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Unique in the set: small letters, figures and underscores. It names the answer, the form field and the operand of conditions.
    pub key: String,
    pub label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guidance: String,
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Keys of the award or PQQ criteria this question is assessed under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<String>,
    /// Key of the principle this question gives evidence on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principle: Option<String>,
    /// Asked only when this holds; always asked without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_when: Option<Condition>,
    /// Whether partners other than the lead may write the answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub partner_editable: bool,
}

/// What sort of answer a question takes, with its limits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    Text {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        word_limit: Option<u32>,
        /// Lines shown on the page. With 1 the answer is a single line.
        lines: u16,
    },
    Number {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<Decimal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<Decimal>,
        /// What is counted, shown after the number: `%`, `patients`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
        /// Figures allowed after the point, 0 to 6.
        #[serde(default, skip_serializing_if = "is_zero")]
        decimals: u8,
    },
    /// Limits in pence. Without a minimum an amount may not be negative.
    Money {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<Money>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<Money>,
    },
    Date {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earliest: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<NaiveDate>,
    },
    Choice {
        options: Vec<ChoiceOption>,
        /// Whether several may be chosen.
        #[serde(default, skip_serializing_if = "is_false")]
        many: bool,
    },
    Table {
        columns: Vec<Column>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min_rows: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_rows: Option<u32>,
    },
    File {
        /// What is accepted: media types (`application/pdf`, `image/*`) or endings (`.pdf`). Empty: anything.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        accept: Vec<String>,
        max_bytes: u64,
    },
}

/// One of the answers a choice offers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    pub key: String,
    pub label: String,
}

/// A column of a table: text, number, money, date or a choice of one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub key: String,
    pub label: String,
    pub kind: Kind,
    /// Whether each row must have it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
}

impl QuestionSet {
    /// All questions with their sections, in the order they are asked.
    pub fn questions(&self) -> impl Iterator<Item = (&Section, &Question)> {
        self.sections.iter().flat_map(|section| section.questions.iter().map(move |q| (section, q)))
    }

    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions().map(|(_, question)| question).find(|question| question.key == key)
    }

    pub fn section(&self, key: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.key == key)
    }
}

impl Question {
    /// A question that is optional, always asked and serves no criterion; the methods below change that.
    ///
    /// ```
    /// use hiec_forms::{Kind, Question};
    /// let vision = Question::new("vision", "What is your vision?", Kind::text(500, 12))
    ///     .required()
    ///     .serving("vision")
    ///     .shown_when("amount > 500000");
    /// assert!(vision.required);
    /// ```
    pub fn new(key: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            guidance: String::new(),
            kind,
            required: false,
            serves: Vec::new(),
            principle: None,
            show_when: None,
            partner_editable: false,
        }
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub fn guided(mut self, guidance: impl Into<String>) -> Self {
        self.guidance = guidance.into();
        self
    }

    /// Adds a criterion this question is assessed under.
    #[must_use]
    pub fn serving(mut self, criterion: impl Into<String>) -> Self {
        self.serves.push(criterion.into());
        self
    }

    #[must_use]
    pub fn on_principle(mut self, principle: impl Into<String>) -> Self {
        self.principle = Some(principle.into());
        self
    }

    /// Asks the question only when the condition holds; `condition` is checked with the set, not here.
    #[must_use]
    pub fn shown_when(mut self, condition: impl Into<String>) -> Self {
        self.show_when = Some(Condition::new(condition));
        self
    }

    #[must_use]
    pub fn open_to_partners(mut self) -> Self {
        self.partner_editable = true;
        self
    }
}

impl Kind {
    /// Text with a word limit.
    pub fn text(word_limit: u32, lines: u16) -> Self {
        Self::Text { word_limit: Some(word_limit), lines }
    }

    /// A choice of one from `(key, label)` pairs.
    pub fn choice<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::Choice { options: options.into_iter().map(ChoiceOption::from).collect(), many: false }
    }

    /// A choice of several from `(key, label)` pairs.
    pub fn choices<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::Choice { options: options.into_iter().map(ChoiceOption::from).collect(), many: true }
    }

    /// What it is called in sentences: "a date".
    pub fn in_words(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Number { .. } => "a number",
            Self::Money { .. } => "an amount of money",
            Self::Date { .. } => "a date",
            Self::Choice { many: false, .. } => "a choice",
            Self::Choice { many: true, .. } => "a choice of several",
            Self::Table { .. } => "a table",
            Self::File { .. } => "a file",
        }
    }

    /// Whether it can be a column of a table.
    pub fn is_simple(&self) -> bool {
        !matches!(self, Self::Choice { many: true, .. } | Self::Table { .. } | Self::File { .. })
    }
}

impl From<(&str, &str)> for ChoiceOption {
    fn from((key, label): (&str, &str)) -> Self {
        Self { key: key.to_owned(), label: label.to_owned() }
    }
}

impl Column {
    pub fn new(key: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        Self { key: key.into(), label: label.into(), kind, required: false }
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(number: &u8) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn json_is_stable_and_leaves_out_what_is_not_used() {
        let question = Question::new("amount", "Amount", Kind::Money { min: None, max: Some(Money(5)) })
            .required()
            .shown_when("answered(vision)");
        assert_eq!(
            serde_json::to_string(&question).unwrap(),
            r#"{"key":"amount","label":"Amount","kind":{"type":"money","max":5},"required":true,"show_when":"answered(vision)"}"#
        );
    }

    #[test]
    fn json_read_back_is_the_same_set() {
        let set = sample::bid();
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(serde_json::from_str::<QuestionSet>(&json).unwrap(), set);
    }

    #[test]
    fn unknown_fields_are_refused_at_every_level() {
        for json in [
            r#"{"key":"a","title":"A","sections":[],"extra":1}"#,
            r#"{"key":"a","title":"A","sections":[{"key":"s","title":"S","questions":[{"key":"q","label":"Q","kind":{"type":"text","lines":1,"wordlimit":5}}]}]}"#,
        ] {
            assert!(serde_json::from_str::<QuestionSet>(json).is_err(), "{json}");
        }
    }
}
