//! Has many series drawn at once while the next rows are read, and prints them in order; a row it cannot draw is told by its line.

use std::io::{Read, Write};
use std::ops::Range;

use chrono::NaiveDate;
use hiec_tables::{Cells, Problem, Writing};
use rayon::prelude::*;

use super::series_table::SeriesTable;
use super::source::Source;
use super::{Failure, Notes};
use crate::xmr::{Chart, Observation, Options, Refusal};

pub const COLUMNS: [&str; 3] = ["series_id", "date", "value"];
pub const DATE: usize = 1;
pub const VALUE: usize = 2;

/// So many rows are drawn at once.
pub const BATCH: usize = 1 << 15;

/// How the rows of the input stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// The rows of each series stand together, in any order: read as a stream, whatever its length. Where a series comes back
    /// after another before anything was printed, all rows are kept in memory instead, and the notes say so; later it is
    /// refused, with words on what to do.
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
pub fn draw_all(
    input: &mut (dyn Read + Send),
    table: &SeriesTable,
    layout: Layout,
    answer: &mut Writing<&mut dyn Write>,
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
    notes.gathered_at = source.gathered_at;
    Ok((notes, source.seen))
}

/// Rows of some series, each series whole.
#[derive(Default)]
pub struct Batch {
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
    pub fn clear(&mut self) {
        self.rows.clear();
        self.lines.clear();
        self.series.clear();
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// One more row, of a series that ends later.
    pub fn add(&mut self, observation: Observation, line: u64) {
        self.rows.push(observation);
        self.lines.push(line);
    }

    /// All rows since the last end are of this series.
    pub fn end(&mut self, place: usize) {
        let start = self.series.last().map_or(0, |(_, rows)| rows.end);
        self.series.push((place, start..self.rows.len()));
    }

    /// The rows of all series that have ended, with the places of their series and their lines.
    pub fn rows(&self) -> impl Iterator<Item = (usize, Observation, u64)> {
        let places = self.series.iter().flat_map(|(place, rows)| rows.clone().map(|_| *place));
        places.zip(&self.rows).zip(&self.lines).map(|((place, &row), &line)| (place, row, line))
    }

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
