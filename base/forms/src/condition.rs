//! Conditions: when a question is asked, in a small language lay authors can read. It never runs code and never panics.

mod check;
mod evaluation;
mod expression;
mod lexer;
mod nearest;
mod parser;
mod problem;

use serde::{Deserialize, Serialize};

pub use check::check_condition;
pub use evaluation::{Finding, Truth, evaluate};
pub use expression::{At, Expression, Name, Operand, Relation};
pub(crate) use lexer::KEYWORDS;
pub use parser::parse_condition;
pub use problem::ConditionProblem;

/// A condition as its author typed it, with what it was understood to mean.
///
/// A draft may hold one that cannot be understood, so that nothing typed is lost; in JSON it is the text alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Condition {
    source: String,
    meaning: Result<Expression, ConditionProblem>,
}

impl Condition {
    pub fn new(source: impl Into<String>) -> Self {
        let source = source.into();
        let meaning = parse_condition(&source);
        Self { source, meaning }
    }

    /// The text as typed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it means, or the first place where it cannot be understood.
    pub fn meaning(&self) -> Result<&Expression, &ConditionProblem> {
        self.meaning.as_ref()
    }
}

/// Two conditions are the same when they were typed the same: the fingerprint of a set is taken over the text.
impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Condition {}

impl From<String> for Condition {
    fn from(source: String) -> Self {
        Self::new(source)
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.source
    }
}
