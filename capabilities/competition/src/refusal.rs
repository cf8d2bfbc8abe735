//! Refusals and reasons: why a rule says no, in words for the person, and what counts as a reason given. It never decides who may act.

use std::fmt;

use hiec_kernel::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};

/// A rule's no: what stands in the way and what to do next, one sentence each.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    pub title: String,
    pub next: String,
}

impl Refusal {
    pub fn new(title: impl Into<String>, next: impl Into<String>) -> Self {
        Self { title: title.into(), next: next.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.title, self.next)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(ProblemKind::Conflict, refusal.title, refusal.next)
    }
}

/// A reason somebody gave, trimmed, long enough to be one. It is kept for good beside what it is for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(String);

impl Reason {
    /// What most decisions ask for: more than "ok" or "agreed".
    pub const WORDS: usize = 3;
    /// More than anybody reads; keeps a pasted document out.
    pub const CHARACTERS: usize = 10_000;

    /// Reads a reason of at least [`Self::WORDS`] words.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::parse_with(text, Self::WORDS)
    }

    /// Reads a reason of at least `words` words.
    pub fn parse_with(text: &str, words: usize) -> Result<Self, Refusal> {
        let text = text.trim();
        let given = word_count(text);
        if given == 0 {
            return Err(Refusal::new(
                "A reason is missing",
                format!("Give the reason in at least {words} words; it is kept for good."),
            ));
        }
        if given < words {
            return Err(Refusal::new(
                format!("The reason has {given} of at least {words} words"),
                "Say a little more, so that somebody who was not there understands it.",
            ));
        }
        if text.chars().count() > Self::CHARACTERS {
            return Err(Refusal::new(
                format!("The reason is longer than {} characters", Self::CHARACTERS),
                "Shorten it, and attach the rest as a document.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Words as a person counts them: parts between white space that hold a letter or a figure.
pub fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|part| part.chars().any(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_dashes_are_no_words() {
        assert_eq!(word_count(" a - b … c,d "), 3);
        assert!(Reason::parse("- - - -").is_err());
        assert!(Reason::parse("as agreed").is_err());
        assert_eq!(Reason::parse("  it fits best\n").unwrap().as_str(), "it fits best");
        assert!(Reason::parse(&"word ".repeat(3000)).is_err());
    }
}
