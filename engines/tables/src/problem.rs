//! What is wrong with a table, in words with line and column; it must never show more of a cell than a reader needs.

use std::fmt;

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The input could not be read, or the output not written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// No line at all, not even names of columns.
    #[error("the table is empty: its first line must name the columns")]
    Empty,
    /// Columns the command needs and the first line does not name.
    #[error("line 1: {}", missing(.columns, .found))]
    Columns { columns: Vec<String>, found: Vec<String> },
    /// A line that is not text, or has too few or too many cells.
    #[error("line {line}: {reason}")]
    Line { line: u64, reason: String },
    /// A cell that cannot be what its column holds.
    #[error("line {line}, column {column}: {reason}")]
    Cell { line: u64, column: String, reason: String },
}

impl Problem {
    /// A cell's content that breaks a rule of the command, told by line and column.
    pub fn cell(line: u64, column: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Cell { line, column: column.into(), reason: reason.into() }
    }

    pub(crate) fn unlike(line: u64, column: &str, found: &str, wanted: &str) -> Self {
        Self::cell(line, column, format!("“{}” is not {wanted}", Cut(found)))
    }
}

fn missing(columns: &[String], found: &[String]) -> String {
    let what = if columns.len() == 1 { "column is missing" } else { "columns are missing" };
    format!("{what}: {}. The first line names: {}", columns.join(", "), Cut(&found.join(", ")))
}

/// At most so many characters of what somebody wrote.
struct Cut<'a>(&'a str);

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 200;
        match self.0.char_indices().nth(LONGEST) {
            None => f.write_str(self.0),
            Some((end, _)) => write!(f, "{}…", self.0.get(..end).unwrap_or_default()),
        }
    }
}
