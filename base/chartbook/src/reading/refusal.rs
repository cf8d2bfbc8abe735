//! Why a table cannot be drawn, and which rows of it could not: in words, with line, column and what to do next.

use serde::Serialize;

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line the row begins on; the first line of the table is 1.
    pub line: u64,
    /// Empty where the whole row is at fault.
    pub column: String,
    pub reason: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.reason),
            column => write!(f, "line {}, column {column}: {}", self.line, self.reason),
        }
    }
}

/// Why nothing can be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the table is empty: its first line must name the columns, and rows must follow")]
    Empty,
    #[error("the first line of the table names two columns “{0}”: rename one of them")]
    TwoAlike(String),
    #[error("there is no column “{asked}”. The first line names: {}", .found.join(", "))]
    NoColumn { asked: String, found: Vec<String> },
    #[error("no column holds dates. Name the one that does with --date COLUMN; the first line names: {}", .found.join(", "))]
    NoDate { found: Vec<String> },
    #[error("no column holds numbers to draw. Name it with --value COLUMN; the first line names: {}", .found.join(", "))]
    NoValue { found: Vec<String> },
    #[error("{} columns could be {what}: {}. Say which: {flag}", .candidates.len(), .candidates.join(", "))]
    Ambiguous { what: &'static str, candidates: Vec<String>, flag: String },
    #[error("--numerator and --denominator go together: {0} is missing")]
    Half(&'static str),
    #[error("--complement and --per need --numerator and --denominator")]
    NothingToDivide,
    #[error("--value cannot stand beside --numerator and --denominator")]
    ValueTwice,
    #[error(
        "{rows} rows share one date in one series, for instance lines {} and {} ({series}). {hint}", .lines.0, .lines.1
    )]
    SameDate { rows: usize, lines: (u64, u64), series: String, hint: String },
    #[error("no row could be read. The first fault: {0}")]
    NoRow(Fault),
    #[error("{0}")]
    Strict(String),
    #[error("{0}")]
    Engine(String),
}
