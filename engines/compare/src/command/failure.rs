//! Which table a command could not go on with, and why; it never names a file, which the command has not seen.

use std::fmt;
use std::io::ErrorKind;

use hiec_tables::Problem;

/// Why a command stopped. What it printed before is then only the beginning of the answer.
#[derive(Debug)]
pub enum Failure {
    /// The input.
    Input(Problem),
    /// The table of a funnel's axis.
    Axis(Problem),
    /// The answer could not be written.
    Answer(Problem),
}

impl Failure {
    /// Whether whoever reads the answer has had enough of it, as `head` has: no reason to complain.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Answer(Problem::Io(error)) if error.kind() == ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(problem) => write!(f, "the input: {problem}"),
            Self::Axis(problem) => write!(f, "the axis: {problem}"),
            Self::Answer(problem) => write!(f, "the answer cannot be written: {problem}"),
        }
    }
}

impl std::error::Error for Failure {}
