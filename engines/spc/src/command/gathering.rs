//! Gathers the rows of each series, wherever they stand, and has many series answered at once; it must never mix two series.

use std::collections::HashMap;
use std::io::{Read, Write};

use hiec_tables::{Cells, Problem, Reading, Row, Writing};
use rayon::prelude::*;

use super::{Failure, Notes};

/// A series: what was chosen about it, and its rows with the lines they stand on.
pub(super) struct Gathered<Choices, Entry> {
    pub id: String,
    pub choices: Choices,
    /// The line of the table of series.
    pub line: u64,
    pub rows: Vec<Entry>,
    pub lines: Vec<u64>,
}

/// Columns of a table: those that must be there, then those that may.
pub(super) struct Columns<'a> {
    pub needed: &'a [&'a str],
    pub optional: &'a [&'a str],
}

/// Reads the table of series, of which the first column is the id.
pub(super) fn read_series<Choices, Entry>(
    input: impl Read,
    columns: &Columns<'_>,
    choices: impl Fn(Row<'_>) -> Result<Choices, Problem>,
) -> Result<Vec<Gathered<Choices, Entry>>, Problem> {
    let mut reading = Reading::new(input, columns.needed, columns.optional)?;
    let mut all = Vec::new();
    let mut lines: HashMap<String, u64> = HashMap::new();
    while let Some(row) = reading.next_row()? {
        let id = id(row)?.to_owned();
        if let Some(first) = lines.insert(id.clone(), row.line()) {
            let reason = format!("“{id}” stands in line {first} already");
            return Err(Problem::cell(row.line(), row.name(0), reason));
        }
        all.push(Gathered { id, choices: choices(row)?, line: row.line(), rows: Vec::new(), lines: Vec::new() });
    }
    Ok(all)
}

/// Reads the rows, of which the first column is the id, into their series. Answers with the series that have rows, in the
/// order in which they first appear, and with how many have none.
pub(super) fn read_rows<Choices, Entry>(
    input: impl Read,
    columns: &Columns<'_>,
    mut series: Vec<Gathered<Choices, Entry>>,
    entry: impl Fn(Row<'_>) -> Result<Entry, Problem>,
) -> Result<(Vec<Gathered<Choices, Entry>>, usize), Problem> {
    let places: HashMap<String, usize> =
        series.iter().enumerate().map(|(place, series)| (series.id.clone(), place)).collect();
    let mut order = vec![usize::MAX; series.len()];
    let mut appeared = 0;
    let mut reading = Reading::new(input, columns.needed, columns.optional)?;
    let mut last = usize::MAX;
    while let Some(row) = reading.next_row()? {
        let id = id(row)?;
        if series.get(last).is_none_or(|series| series.id != id) {
            last = places.get(id).copied().ok_or_else(|| {
                let id: String = id.chars().take(60).collect();
                Problem::cell(row.line(), row.name(0), format!("“{id}” is not in the table of series (--series)"))
            })?;
        }
        if let Some((series, order)) = series.get_mut(last).zip(order.get_mut(last)) {
            if series.rows.is_empty() {
                *order = appeared;
                appeared += 1;
            }
            series.rows.push(entry(row)?);
            series.lines.push(row.line());
        }
    }
    let without = series.len() - appeared;
    let mut with: Vec<_> = series.into_iter().zip(order).filter(|(series, _)| !series.rows.is_empty()).collect();
    with.sort_by_key(|&(_, order)| order);
    Ok((with.into_iter().map(|(series, _)| series).collect(), without))
}

/// Has every series answered, several at once, and prints the answers in their order.
pub(super) fn answer_all<W: Write, Choices: Sync, Entry: Sync>(
    series: &[Gathered<Choices, Entry>],
    answer: &mut Writing<W>,
    answer_one: impl Fn(&Gathered<Choices, Entry>, &mut Cells, &mut Notes) -> Result<(), Failure> + Sync,
) -> Result<Notes, Failure> {
    /// Few enough that what waits to be printed stays small, many enough for several processors.
    const BATCH: usize = 4096;
    const PART: usize = 64;
    let answer_part = |part: &[Gathered<Choices, Entry>]| {
        let (mut rows, mut notes) = (Cells::new(), Notes::default());
        part.iter().try_for_each(|series| answer_one(series, &mut rows, &mut notes)).map(|()| (rows, notes))
    };
    let mut notes = Notes::default();
    for batch in series.chunks(BATCH) {
        let parts: Vec<_> = batch.par_chunks(PART).map(answer_part).collect();
        for part in parts {
            let (rows, said) = part?;
            answer.rows(&rows).map_err(Failure::Answer)?;
            notes.append(said);
        }
    }
    Ok(notes)
}

impl<Choices, Entry: Copy> Gathered<Choices, Entry> {
    /// Rows and their lines in order of a key where all rows have one; else as they stand.
    pub fn in_order<K: Ord + Copy>(&self, key: impl Fn(&Entry) -> Option<K>) -> (Vec<Entry>, Vec<u64>) {
        let mut all: Vec<(Entry, u64)> = self.rows.iter().copied().zip(self.lines.iter().copied()).collect();
        if self.rows.iter().all(|row| key(row).is_some()) {
            all.sort_by_key(|(row, _)| key(row));
        }
        all.into_iter().unzip()
    }
}

/// A flag that is on unless it is switched off.
pub(super) fn flag(row: Row<'_>, column: usize) -> Result<bool, Problem> {
    match row.text(column)? {
        "1" | "" | "true" | "TRUE" => Ok(true),
        "0" | "false" | "FALSE" => Ok(false),
        other => Err(unlike(row, column, other, "1 or 0")),
    }
}

/// Whole numbers with semicolons, commas or space between.
pub(super) fn list(row: Row<'_>, column: usize) -> Result<Vec<usize>, Problem> {
    let numbers = row.text(column)?.split([';', ',', ' ']).filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().map_err(|_| unlike(row, column, number, "a whole number"))).collect()
}

/// What a cell holds, and what it should have held.
pub(super) fn unlike(row: Row<'_>, column: usize, found: &str, wanted: &str) -> Problem {
    let found: String = found.chars().take(60).collect();
    Problem::cell(row.line(), row.name(column), format!("“{found}” is not {wanted}"))
}

fn id(row: Row<'_>) -> Result<&str, Problem> {
    match row.text(0)? {
        "" => Err(Problem::cell(row.line(), row.name(0), "this must not be empty")),
        id => Ok(id),
    }
}
