//! What is wrong with a condition and where, in words for the person who wrote it; never the parser's own terms.

use std::fmt;

use serde::Serialize;

use super::expression::At;

/// One thing wrong with a condition, at a line and character counted from 1 (a character is a Unicode scalar value).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConditionProblem {
    pub line: u32,
    pub character: u32,
    /// What is wrong, then what to do.
    pub message: String,
}

impl ConditionProblem {
    pub(super) fn new(at: At, message: impl Into<String>) -> Self {
        Self { line: at.line, character: at.character, message: message.into() }
    }
}

impl fmt::Display for ConditionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, character {}: {}", self.line, self.character, self.message)
    }
}

impl std::error::Error for ConditionProblem {}
