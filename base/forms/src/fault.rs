//! What is wrong with an answer, in the words of the person who gave it; never in those of a program.

use std::fmt;

use serde::Serialize;

use crate::answers::Answer;

/// One thing wrong, at one form field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fault {
    /// The form field to mark and to link to: `starts-month`, `partners-0-cash`.
    pub field: String,
    /// What is wrong, a sentence without full stop.
    pub message: String,
    /// What to do, a sentence without full stop.
    pub mend: String,
}

/// An answer that could not be taken as it is: at least one fault (a table can have several).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FieldProblem {
    question: String,
    faults: Vec<Fault>,
    kept: Option<Answer>,
}

impl Fault {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), mend: mend.into() }
    }
}

impl FieldProblem {
    /// No problem when there are no faults.
    pub(crate) fn of(question: &str, faults: Vec<Fault>, kept: Option<Answer>) -> Option<Self> {
        (!faults.is_empty()).then(|| Self { question: question.to_owned(), faults, kept })
    }

    /// Key of the question.
    pub fn question(&self) -> &str {
        &self.question
    }

    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The form field the summary of errors links to: the first one that is wrong.
    pub fn field(&self) -> &str {
        self.faults.first().map_or(&self.question, |fault| &fault.field)
    }

    /// What to show beside one field, if it is among the wrong ones.
    pub fn at(&self, field: &str) -> Option<String> {
        self.faults.iter().find(|fault| fault.field == field).map(Fault::to_string)
    }

    /// What was understood all the same, when it is only outside a limit (a text over its words, an amount too large): a
    /// draft may keep it, and [`shortfalls`](crate::shortfalls) reports it until it is mended. What could not be read at
    /// all is only in the [`FormFields`](crate::FormFields).
    pub fn kept(&self) -> Option<&Answer> {
        self.kept.as_ref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.message, self.mend)
    }
}

/// The first fault; a page shows each beside its field.
impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.first() {
            Some(fault) => fault.fmt(f),
            None => Ok(()),
        }
    }
}

impl std::error::Error for FieldProblem {}
