//! `hiec compare wilson`: proportions and their Wilson intervals; it must never answer for a row it cannot read.

use std::io::{Read, Write};

use hiec_tables::{Problem, Reading, Row, Writing};

use crate::interval;
use crate::{Confidence, Interval};

/// The columns of the answer.
pub const WILSON_COLUMNS: [&str; 6] = ["x", "n", "confidence", "value", "lower", "upper"];

const X: usize = 0;
const N: usize = 1;
const CONFIDENCE: usize = 2;

/// Reads x, n and confidence, and prints each with its proportion and Wilson interval; nothing where n is 0.
///
/// # Errors
/// A row that cannot be read, or an output that takes no more.
pub fn wilson(input: impl Read, output: impl Write) -> Result<(), Problem> {
    let mut rows = Reading::new(input, &["x", "n", "confidence"], &[])?;
    // All rows are read before the first is printed: a refused table prints no half of an answer.
    let mut asked = Vec::new();
    while let Some(row) = rows.next_row()? {
        asked.push(Asked::read(row)?);
    }
    let mut answer = Writing::new(output, &WILSON_COLUMNS)?;
    for each in &asked {
        each.answer(&mut answer)?;
    }
    answer.finish()
}

struct Asked {
    x: f64,
    n: f64,
    confidence: Confidence,
}

impl Asked {
    fn read(row: Row<'_>) -> Result<Self, Problem> {
        let (x, n) = (size(row, X)?, size(row, N)?);
        if x > n {
            return Err(Problem::cell(row.line(), row.name(X), format!("{x} is more than the {n} of column n")));
        }
        Ok(Self { x, n, confidence: confidence(row, CONFIDENCE)? })
    }

    fn answer(&self, answer: &mut Writing<impl Write>) -> Result<(), Problem> {
        let interval = interval::wilson(self.x, self.n, self.confidence);
        answer.figure(self.x)?.figure(self.n)?.figure(self.confidence.share())?;
        answer.figure(interval.map(|_| self.x / self.n))?;
        limits(answer, interval)?;
        answer.end()
    }
}

/// A lower and an upper limit as the row's next cells.
pub(super) fn limits(answer: &mut Writing<impl Write>, interval: Option<Interval>) -> Result<(), Problem> {
    answer.figure(interval.map(|found| found.lower))?.figure(interval.map(|found| found.upper))?;
    Ok(())
}

/// A number that must be there and not be below nought.
pub(super) fn size(row: Row<'_>, column: usize) -> Result<f64, Problem> {
    let number = row.needed(column, row.number(column))?;
    if number < 0.0 {
        return Err(Problem::cell(row.line(), row.name(column), format!("{number} is below 0")));
    }
    Ok(number)
}

/// A share above 0 and below 1.
pub(super) fn confidence(row: Row<'_>, column: usize) -> Result<Confidence, Problem> {
    let share = row.needed(column, row.number(column))?;
    Confidence::new(share).ok_or_else(|| {
        let reason = format!("{share} is no confidence: write a share above 0 and below 1, such as 0.95");
        Problem::cell(row.line(), row.name(column), reason)
    })
}
