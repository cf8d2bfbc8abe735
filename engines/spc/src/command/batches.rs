//! Reads rows, gathers them by series, and has many series drawn at once while the next rows are read; it must never mix two series.

use std::io::{Read, Write};
use std::ops::Range;

use chrono::NaiveDate;
use hiec_tables::{Cells, Problem, Reading, Row, Writing};
use rayon::prelude::*;

use super::series_table::SeriesTable;
use super::{Failure, Notes};
use crate::xmr::{Chart, Observation, Options, Refusal};

const COLUMNS: [&str; 3] = ["series_id", "date", "value"];
const DATE: usize = 1;
const VALUE: usize = 2;

/// So many rows are drawn at once.
const BATCH: usize = 1 << 15;

/// How the rows of the input stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// The rows of each series stand together, in any order: read as a stream, whatever its length. A series that comes
    /// back after another is refused, with words on what to do.
    #[default]
    Together,
    /// Anywhere: the whole input is kept in memory, 40 bytes a row, and printed by series in the order in which they first appear.
    Scattered,
}

/// Draws every series of the input and has `print` make the rows of the answer, in the order of the input.
///
/// # Errors
/// Rows that cannot be read, with line and column; series no chart can be drawn of; an output that takes no more. What
/// was printed before is then only the beginning of the answer.
pub(super) fn draw_all<W: Write>(
    input: impl Read + Send,
    table: &SeriesTable,
    layout: Layout,
    answer: &mut Writing<W>,
    print: impl Fn(&str, &Chart, &mut Cells) + Sync,
) -> Result<(Notes, Vec<bool>), Failure> {
    let mut source = Source::new(input, table, layout).map_err(Failure::Input)?;
    let mut notes = Notes::default();
    let mut batch = source.next_batch(Batch::default()).map_err(Failure::Input)?;
    let mut spare = Batch::default();
    let mut parts: [Part; PARTS] = Default::default();
    while !batch.series.is_empty() {
        let (next, drawn) = rayon::join(|| source.next_batch(spare), || batch.draw(table, &mut parts, &print));
        for (part, drawn) in parts.iter_mut().zip(drawn) {
            drawn.map_err(Failure::Input)?;
            answer.rows(&part.rows).map_err(Failure::Answer)?;
            notes.append(std::mem::take(&mut part.notes));
        }
        spare = batch;
        batch = next.map_err(Failure::Input)?;
    }
    Ok((notes, source.seen))
}

/// Rows of some series, each series whole.
#[derive(Default)]
struct Batch {
    rows: Vec<Observation>,
    lines: Vec<u64>,
    /// Which series, and which of the rows are its.
    series: Vec<(usize, Range<usize>)>,
}

/// Small enough that two processors end at about the same time.
const PARTS: usize = 16;

/// What a part of a batch became.
#[derive(Default)]
struct Part {
    rows: Cells,
    notes: Notes,
}

impl Batch {
    /// Draws the series into the parts, in order; each part keeps the memory it had.
    fn draw(
        &self,
        table: &SeriesTable,
        parts: &mut [Part],
        print: &(impl Fn(&str, &Chart, &mut Cells) + Sync),
    ) -> Vec<Result<(), Problem>> {
        let size = self.series.len().div_ceil(parts.len()).max(1);
        let draw_part = |(series, part): (&[(usize, Range<usize>)], &mut Part)| {
            part.rows.clear();
            let mut options = Options::default();
            for (place, rows) in series {
                table.options(*place, &mut options);
                let chart = self.draw_one(rows.clone(), &options)?;
                part.notes.take(table.id(*place), &chart);
                print(table.id(*place), &chart, &mut part.rows);
            }
            Ok(())
        };
        self.series.par_chunks(size).zip(parts.par_iter_mut()).map(draw_part).collect()
    }

    fn draw_one(&self, rows: Range<usize>, options: &Options) -> Result<Chart, Problem> {
        let lines = self.lines.get(rows.clone()).unwrap_or_default();
        let rows = self.rows.get(rows).unwrap_or_default();
        Chart::draw(rows, options).map_err(|refusal| place(refusal, rows, lines))
    }
}

/// Says on which line a refused row stands.
fn place(refusal: Refusal, rows: &[Observation], lines: &[u64]) -> Problem {
    let lines_of =
        |date: NaiveDate| rows.iter().zip(lines).filter(move |(row, _)| row.date == date).map(|(_, &line)| line);
    match refusal {
        Refusal::SameDate { date } => {
            let (first, second) =
                (lines_of(date).next().unwrap_or_default(), lines_of(date).nth(1).unwrap_or_default());
            let reason = format!("line {first} has this date already; a series has one row a date");
            Problem::cell(second, COLUMNS[DATE], reason)
        }
        Refusal::Value { date } => Problem::cell(
            lines_of(date).next().unwrap_or_default(),
            COLUMNS[VALUE],
            "this number is too large for a chart",
        ),
        Refusal::Target | Refusal::Baseline { .. } => {
            Problem::Line { line: lines.first().copied().unwrap_or_default(), reason: refusal.to_string() }
        }
    }
}

/// Where rows come from, a batch at a time.
struct Source<'a, R> {
    reading: Reading<R>,
    table: &'a SeriesTable,
    layout: Layout,
    /// Whether a series has had rows.
    seen: Vec<bool>,
    /// The first row of the series that follows the batch.
    held: Option<(usize, Observation, u64)>,
}

impl<'a, R: Read> Source<'a, R> {
    fn new(input: R, table: &'a SeriesTable, layout: Layout) -> Result<Self, Problem> {
        let reading = Reading::new(input, &COLUMNS, &[])?;
        Ok(Self { reading, table, layout, seen: vec![false; table.len()], held: None })
    }

    /// The next series, each with all its rows; no series at the end. The old batch lends its memory.
    fn next_batch(&mut self, mut batch: Batch) -> Result<Batch, Problem> {
        batch.rows.clear();
        batch.lines.clear();
        batch.series.clear();
        match self.layout {
            Layout::Together => self.read_together(batch),
            Layout::Scattered => self.read_scattered(batch),
        }
    }

    fn read_together(&mut self, mut batch: Batch) -> Result<Batch, Problem> {
        let mut current = None;
        let mut start = 0;
        if let Some((place, observation, line)) = self.held.take() {
            current = Some(place);
            batch.rows.push(observation);
            batch.lines.push(line);
        }
        while let Some(row) = self.reading.next_row()? {
            let (line, id) = (row.line(), trimmed(row.bytes(0)));
            let observation = observation(row)?;
            let is_same = current.is_some_and(|place| self.table.id(place).as_bytes() == id);
            if !is_same {
                let place = find(self.table, row, id, current)?;
                if self.seen.get(place).copied().unwrap_or_default() {
                    return Err(came_back(row, self.table.id(place)));
                }
                self.seen.get_mut(place).into_iter().for_each(|seen| *seen = true);
                if let Some(ended) = current.replace(place) {
                    batch.series.push((ended, start..batch.rows.len()));
                    start = batch.rows.len();
                    if start >= BATCH {
                        self.held = Some((place, observation, line));
                        return Ok(batch);
                    }
                }
            }
            batch.rows.push(observation);
            batch.lines.push(line);
        }
        if let Some(last) = current {
            batch.series.push((last, start..batch.rows.len()));
        }
        Ok(batch)
    }

    fn read_scattered(&mut self, mut batch: Batch) -> Result<Batch, Problem> {
        // When a series first appeared, in the order of which the answer is printed.
        let mut ranks: Vec<Option<usize>> = vec![None; self.table.len()];
        let mut places = Vec::new();
        let mut all: Vec<(usize, Observation, u64)> = Vec::new();
        let mut last = None;
        while let Some(row) = self.reading.next_row()? {
            let id = trimmed(row.bytes(0));
            let place = match last {
                Some(place) if self.table.id(place).as_bytes() == id => place,
                _ => find(self.table, row, id, last)?,
            };
            last = Some(place);
            let rank = ranks.get_mut(place).map_or(0, |rank| {
                *rank.get_or_insert_with(|| {
                    places.push(place);
                    places.len() - 1
                })
            });
            self.seen.get_mut(place).into_iter().for_each(|seen| *seen = true);
            all.push((rank, observation(row)?, row.line()));
        }
        all.sort_by_key(|&(rank, _, _)| rank);
        for series in all.chunk_by(|before, after| before.0 == after.0) {
            let start = batch.rows.len();
            batch.rows.extend(series.iter().map(|&(_, observation, _)| observation));
            batch.lines.extend(series.iter().map(|&(_, _, line)| line));
            let place = series.first().and_then(|&(rank, _, _)| places.get(rank)).copied().unwrap_or_default();
            batch.series.push((place, start..batch.rows.len()));
        }
        Ok(batch)
    }
}

fn observation(row: Row<'_>) -> Result<Observation, Problem> {
    let date = row.needed(DATE, row.date(DATE))?;
    match row.number(VALUE) {
        Ok(value) => Ok(Observation { date, value }),
        Err(problem) => Err(missing_word(row).unwrap_or(problem)),
    }
}

/// Words other programs write where there is no value: refused like any other, with what to do about it.
fn missing_word(row: Row<'_>) -> Option<Problem> {
    let text = row.text(VALUE).ok()?;
    ["na", "n/a", "nan", "null", "none", "-"].contains(&text.to_lowercase().as_str()).then(|| {
        let reason = format!("“{text}” is not a number; leave the cell empty where there is no value");
        Problem::cell(row.line(), COLUMNS[VALUE], reason)
    })
}

fn find(table: &SeriesTable, row: Row<'_>, id: &[u8], last: Option<usize>) -> Result<usize, Problem> {
    match table.find(id, last) {
        Some(place) => Ok(place),
        None => Err(match row.text(0)? {
            "" => Problem::cell(row.line(), COLUMNS[0], "this must not be empty"),
            id => {
                let id: String = id.chars().take(60).collect();
                Problem::cell(row.line(), COLUMNS[0], format!("“{id}” is not in the table of series (--series)"))
            }
        }),
    }
}

fn came_back(row: Row<'_>, id: &str) -> Problem {
    let reason = format!(
        "“{id}” has rows further up, and other series between: sort the table by series_id, or add --scattered, which keeps it all in memory"
    );
    Problem::cell(row.line(), COLUMNS[0], reason)
}

/// Without space around it; ids that are not plain ASCII keep theirs and are found as text.
fn trimmed(id: &[u8]) -> &[u8] {
    id.trim_ascii()
}
