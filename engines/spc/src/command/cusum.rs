//! `hiec spc cusum`: cumulative sums and alerts for every row, in the columns the gold of OpenPrescribing has; a column never changes its meaning.

use std::io::{Read, Write};

use hiec_tables::{Cells, Figure, Problem, Row, Writing};

use super::gathering::{Columns, Gathered, answer_all, read_rows, read_series, unlike};
use super::{Failure, Notes};
use crate::cusum::{Options, follow, last_alert};
use crate::xmr::LARGEST;

/// The columns of the answer.
pub const CUSUM_COLUMNS: [&str; 8] =
    ["series_id", "idx0", "value", "cusum_pos", "cusum_neg", "target_mean", "alert_threshold", "alert"];

const SERIES: Columns<'_> = Columns { needed: &["series_id"], optional: &["window_size", "sensitivity", "n"] };
const INPUT: Columns<'_> = Columns { needed: &["series_id", "value"], optional: &["idx0"] };

/// A row of the input.
#[derive(Clone, Copy)]
struct Entry {
    place: Option<usize>,
    value: Option<f64>,
}

/// How a series is followed, and how many rows it should have.
struct Choices {
    options: Options,
    rows: Option<usize>,
}

/// Follows every series and prints a row for every row; an alert that is on is told in the notes.
///
/// Rows are put in order of `idx0` where all of a series have one.
///
/// # Errors
/// A table that cannot be read, with line and column; an output that takes no more. What was printed before is then only
/// the beginning of the answer.
pub fn cusum(input: impl Read, series: impl Read, output: impl Write) -> Result<Notes, Failure> {
    let series = read_series(series, &SERIES, choices).map_err(Failure::Series)?;
    let (series, without_rows) = read_rows(input, &INPUT, series, entry).map_err(Failure::Input)?;
    let mut answer = Writing::new(output, &CUSUM_COLUMNS).map_err(Failure::Answer)?;
    let mut notes = answer_all(&series, &mut answer, print)?;
    answer.finish().map_err(Failure::Answer)?;
    notes.without_rows = without_rows;
    Ok(notes)
}

fn choices(row: Row<'_>) -> Result<Choices, Problem> {
    let usual = Options::default();
    let window = match row.whole(1)? {
        Some(0) => return Err(unlike(row, 1, "0", "a number of rows")),
        window => window.unwrap_or(usual.window),
    };
    let sensitivity = match row.number(2)? {
        Some(sensitivity) if sensitivity < 0.0 => return Err(unlike(row, 2, row.text(2)?, "nought or more")),
        sensitivity => sensitivity.unwrap_or(usual.sensitivity),
    };
    Ok(Choices { options: Options { window, sensitivity }, rows: row.whole(3)? })
}

fn entry(row: Row<'_>) -> Result<Entry, Problem> {
    let value = row.number(1)?;
    if value.is_some_and(|value| value.abs() > LARGEST) {
        return Err(unlike(row, 1, row.text(1)?, "a percentile"));
    }
    Ok(Entry { place: row.whole(2)?, value })
}

fn print(series: &Gathered<Choices, Entry>, rows: &mut Cells, notes: &mut Notes) -> Result<(), Failure> {
    let (entries, _) = series.in_order(|entry| entry.place);
    let values: Vec<Option<f64>> = entries.iter().map(|entry| entry.value).collect();
    if series.choices.rows.is_some_and(|rows| rows != values.len()) {
        let said = series.choices.rows.unwrap_or_default();
        notes.say(format_args!("series {}: n says {said} rows, the input has {}", series.id, values.len()));
    }
    let steps = follow(&values, series.choices.options);
    notes.gaps += steps.iter().filter(|step| step.value.is_none()).count();
    if let Some(alert) = last_alert(&steps) {
        let name = |row: usize| entries.get(row).and_then(|entry| entry.place).unwrap_or(row);
        let sentence = alert.sentence(|row| format!("row {}", name(row)), |number| format!("{number:.1}"));
        notes.say(format_args!("series {}: {sentence}", series.id));
    }
    for (row, (step, entry)) in steps.iter().zip(&entries).enumerate() {
        rows.text(&series.id)
            .figure(entry.place.unwrap_or(row))
            .figure(step.value)
            .figure(step.mean.map_or(Figure::Nothing, |_| Figure::Number(step.up)))
            .figure(step.mean.map_or(Figure::Nothing, |_| Figure::Number(step.down)))
            .figure(step.mean)
            .figure(step.threshold)
            .figure(step.is_alert)
            .end();
    }
    Ok(())
}
