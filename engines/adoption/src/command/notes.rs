//! What a person should know of an answer, told beside the table; it must never hold a number the table lacks the column for.

use std::fmt;

/// Sentences, one a line, each beginning with the series it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes(Vec<String>);

impl Notes {
    /// The sentences, in order.
    pub fn lines(&self) -> &[String] {
        &self.0
    }

    pub(super) fn say(&mut self, series: &str, sentence: impl fmt::Display) {
        self.0.push(format!("{series}: {sentence}"));
    }
}
