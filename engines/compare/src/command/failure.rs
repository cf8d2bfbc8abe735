//! Which of two tables a command could not go on with, and why; it never names a file, which the command has not seen.

use std::fmt;

use hiec_tables::Problem;

/// Why a command stopped. What it printed before is then only the beginning of the answer.
#[derive(Debug)]
pub enum Failure {
    /// The table of units.
    Units(Problem),
    /// The table of a funnel's axis.
    Axis(Problem),
    /// The answer could not be written.
    Answer(Problem),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Units(problem) => write!(f, "the units: {problem}"),
            Self::Axis(problem) => write!(f, "the axis: {problem}"),
            Self::Answer(problem) => write!(f, "the answer cannot be written: {problem}"),
        }
    }
}

impl std::error::Error for Failure {}
