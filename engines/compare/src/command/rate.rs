//! `hiec compare rate`: crude rates with exact or Byar's intervals; it must never answer for a row it cannot read.

use std::io::{Read, Write};

use hiec_tables::{Problem, Reading, Row, Writing};

use super::wilson::{confidence, limits, size};
use crate::Confidence;
use crate::interval::{self, Method};
use crate::rates::crude;

/// The columns of the answer.
pub const RATE_COLUMNS: [&str; 8] = ["x", "n", "confidence", "multiplier", "value", "lower", "upper", "method"];

const X: usize = 0;
const N: usize = 1;
const CONFIDENCE: usize = 2;
const MULTIPLIER: usize = 3;

/// Reads x events in n, the confidence and the multiplier, and prints each with its rate, its interval and how that was found;
/// no rate where n is 0.
///
/// # Errors
/// A row that cannot be read, or an output that takes no more.
pub fn rate(input: impl Read, output: impl Write) -> Result<(), Problem> {
    let mut rows = Reading::new(input, &["x", "n", "confidence", "multiplier"], &[])?;
    // All rows are read before the first is printed: a refused table prints no half of an answer.
    let mut asked = Vec::new();
    while let Some(row) = rows.next_row()? {
        asked.push(Asked::read(row)?);
    }
    let mut answer = Writing::new(output, &RATE_COLUMNS)?;
    for each in &asked {
        each.answer(&mut answer)?;
    }
    answer.finish()
}

struct Asked {
    x: f64,
    n: f64,
    confidence: Confidence,
    multiplier: f64,
}

impl Asked {
    fn read(row: Row<'_>) -> Result<Self, Problem> {
        let multiplier = size(row, MULTIPLIER)?;
        if multiplier == 0.0 {
            return Err(Problem::cell(
                row.line(),
                row.name(MULTIPLIER),
                "a rate per 0 is none: write 1, 1000 or 100000",
            ));
        }
        Ok(Self { x: size(row, X)?, n: size(row, N)?, confidence: confidence(row, CONFIDENCE)?, multiplier })
    }

    fn answer(&self, answer: &mut Writing<impl Write>) -> Result<(), Problem> {
        let rate = crude(self.x, self.n, self.multiplier, self.confidence);
        let method = interval::count(self.x, self.confidence).map(|(_, method)| method);
        answer.figure(self.x)?.figure(self.n)?.figure(self.confidence.share())?.figure(self.multiplier)?;
        answer.figure(rate.map(|found| found.value))?;
        limits(answer, rate.map(|found| found.interval))?;
        answer.text(match method {
            Some(Method::Exact) => "Exact",
            Some(Method::Byar) => "Byars",
            None => "",
        })?;
        answer.end()
    }
}
