//! Reads rows and gathers them by series, a batch at a time; it must never mix two series, nor cut one in two.

use std::io::Read;

use hiec_tables::{Problem, Reading, Row};

use super::batches::{BATCH, Batch, COLUMNS, DATE, Layout, VALUE};
use super::series_table::SeriesTable;
use crate::xmr::Observation;

/// A row: the place of its series in the table, what was observed, and its line.
type Placed = (usize, Observation, u64);

/// Where rows come from, a batch at a time.
pub struct Source<'a> {
    reading: Reading<&'a mut (dyn Read + Send)>,
    table: &'a SeriesTable,
    layout: Layout,
    /// Whether a series has had rows.
    pub seen: Vec<bool>,
    /// The line of the row for which all rows were kept in memory, though nobody had asked for it.
    pub gathered_at: Option<u64>,
    /// Whether a batch has been handed out, and may have been printed.
    is_begun: bool,
    /// The first row of the series that follows the batch.
    held: Option<Placed>,
}

impl<'a> Source<'a> {
    pub fn new(input: &'a mut (dyn Read + Send), table: &'a SeriesTable, layout: Layout) -> Result<Self, Problem> {
        let reading = Reading::new(input, &COLUMNS, &[])?;
        let seen = vec![false; table.len()];
        Ok(Self { reading, table, layout, seen, gathered_at: None, is_begun: false, held: None })
    }

    /// The next series, each with all its rows; no series at the end. The old batch lends its memory.
    pub fn next_batch(&mut self, mut batch: Batch) -> Result<Batch, Problem> {
        batch.clear();
        let batch = match self.layout {
            Layout::Together => self.read_together(batch)?,
            Layout::Scattered => self.gather(batch, None)?,
        };
        self.is_begun = true;
        Ok(batch)
    }

    fn read_together(&mut self, mut batch: Batch) -> Result<Batch, Problem> {
        let mut current = None;
        if let Some((place, observation, line)) = self.held.take() {
            current = Some(place);
            batch.add(observation, line);
        }
        while let Some(row) = self.reading.next_row()? {
            let (line, id) = (row.line(), row.bytes(0).trim_ascii());
            let observation = observation(row)?;
            if current.is_none_or(|place| self.table.id(place).as_bytes() != id) {
                let place = find(self.table, row, id, current)?;
                let is_back = self.seen.get_mut(place).is_some_and(|seen| std::mem::replace(seen, true));
                if is_back && self.is_begun {
                    return Err(came_back(row, self.table.id(place)));
                }
                if let Some(ended) = current.replace(place) {
                    batch.end(ended);
                }
                if is_back {
                    self.gathered_at = Some(line);
                    return self.gather(batch, Some((place, observation, line)));
                }
                if batch.len() >= BATCH {
                    self.held = Some((place, observation, line));
                    return Ok(batch);
                }
            }
            batch.add(observation, line);
        }
        if let Some(last) = current {
            batch.end(last);
        }
        Ok(batch)
    }

    /// All rows there are: those of a batch read before, one more, and all that follow; by series, as each first appeared.
    fn gather(&mut self, mut batch: Batch, next: Option<Placed>) -> Result<Batch, Problem> {
        let mut gathered = Gathered::new(self.table.len());
        batch.rows().chain(next).for_each(|row| gathered.add(row));
        let mut last = None;
        while let Some(row) = self.reading.next_row()? {
            let id = row.bytes(0).trim_ascii();
            let place = match last {
                Some(place) if self.table.id(place).as_bytes() == id => place,
                _ => find(self.table, row, id, last)?,
            };
            last = Some(place);
            self.seen.get_mut(place).into_iter().for_each(|seen| *seen = true);
            gathered.add((place, observation(row)?, row.line()));
        }
        batch.clear();
        gathered.put_into(&mut batch);
        Ok(batch)
    }
}

/// Rows that stand anywhere.
struct Gathered {
    /// When each series first appeared, by its place in the table.
    ranks: Vec<Option<usize>>,
    /// The series in the order in which they appeared.
    places: Vec<usize>,
    /// With the rank of the series instead of its place.
    rows: Vec<Placed>,
}

impl Gathered {
    fn new(series: usize) -> Self {
        Self { ranks: vec![None; series], places: Vec::new(), rows: Vec::new() }
    }

    fn add(&mut self, (place, observation, line): Placed) {
        let Some(rank) = self.ranks.get_mut(place) else { return };
        let rank = *rank.get_or_insert_with(|| {
            self.places.push(place);
            self.places.len() - 1
        });
        self.rows.push((rank, observation, line));
    }

    fn put_into(mut self, batch: &mut Batch) {
        self.rows.sort_by_key(|&(rank, _, _)| rank);
        for series in self.rows.chunk_by(|before, after| before.0 == after.0) {
            series.iter().for_each(|&(_, observation, line)| batch.add(observation, line));
            if let Some(&place) = series.first().and_then(|&(rank, _, _)| self.places.get(rank)) {
                batch.end(place);
            }
        }
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
        "“{id}” has rows further up, and other series between: sort the table by series_id, or add --scattered, which \
         keeps it all in memory"
    );
    Problem::cell(row.line(), COLUMNS[0], reason)
}
