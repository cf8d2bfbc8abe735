//! The table of series: each with its direction, target, rebases and rules; it must never give two series one id.

use std::io::Read;
use std::ops::Range;

use chrono::NaiveDate;
use hiec_tables::{Problem, Reading, Row};

use crate::xmr::{Direction, Options, Rules, RunLength};

const COLUMNS: [&str; 1] = ["series_id"];
const OPTIONAL: [&str; 8] = [
    "improvement_direction",
    "target",
    "rebase_dates",
    "fix_after_n_points",
    "screen_outliers",
    "shift_points",
    "trend_points",
    "two_in_three",
];

/// Every series that may have rows, with what was chosen about its chart. A million of them take about 60 MB.
pub struct SeriesTable {
    /// All ids, one after another.
    ids: String,
    entries: Vec<Entry>,
    rebases: Vec<NaiveDate>,
    /// Places in `entries`, in order of their ids.
    by_id: Vec<u32>,
}

/// One series, packed: most have no rebases, and many the same choices.
struct Entry {
    id: Range<u32>,
    rebases: Range<u32>,
    target: Option<f64>,
    baseline: Option<u32>,
    direction: Direction,
    screening: bool,
    rules: Rules,
}

impl SeriesTable {
    /// Reads the table. Only `series_id` is needed; an absent column and an empty cell take the default.
    ///
    /// # Errors
    /// Cells that are not what their column holds, and an id that stands there twice; with line and column.
    pub fn read(input: impl Read) -> Result<Self, Problem> {
        let mut reading = Reading::new(input, &COLUMNS, &OPTIONAL)?;
        let mut table = Self { ids: String::new(), entries: Vec::new(), rebases: Vec::new(), by_id: Vec::new() };
        let mut lines = Vec::new();
        while let Some(row) = reading.next_row()? {
            lines.push(row.line());
            table.add(row)?;
        }
        table.sort(&lines)?;
        Ok(table)
    }

    fn add(&mut self, row: Row<'_>) -> Result<(), Problem> {
        let id = row.text(0)?;
        if id.is_empty() {
            return Err(Problem::cell(row.line(), row.name(0), "this must not be empty"));
        }
        let too_many = || Problem::cell(row.line(), row.name(0), "there are more series than can be told apart");
        let place = |count: usize| u32::try_from(count).map_err(|_| too_many());
        let starts = (place(self.ids.len())?, place(self.rebases.len())?);
        self.ids.push_str(id);
        self.rebases.extend(rebases(row)?);
        let baseline = match row.whole(4)? {
            Some(points @ (0 | 1)) => {
                let reason = format!("limits cannot be fixed on {points}: give at least 2 points, better 12 or more");
                return Err(Problem::cell(row.line(), row.name(4), reason));
            }
            points => points.map(|points| u32::try_from(points).unwrap_or(u32::MAX)),
        };
        self.entries.push(Entry {
            id: starts.0..place(self.ids.len())?,
            rebases: starts.1..place(self.rebases.len())?,
            target: row.number(2)?,
            baseline,
            direction: direction(row)?,
            screening: flag(row, 5)?,
            rules: Rules { shift: length(row, 6)?, trend: length(row, 7)?, two_in_three: flag(row, 8)? },
        });
        Ok(())
    }

    fn sort(&mut self, lines: &[u64]) -> Result<(), Problem> {
        let mut by_id: Vec<u32> = (0..).take(self.entries.len()).collect();
        by_id.sort_by_key(|&place| (self.id(place as usize), place));
        let same = by_id.windows(2).find_map(|pair| match *pair {
            [first, second] if self.id(first as usize) == self.id(second as usize) => Some((first, second)),
            _ => None,
        });
        if let Some((first, second)) = same {
            let line = |place: u32| lines.get(place as usize).copied().unwrap_or_default();
            let reason = format!("“{}” stands in line {} already", self.id(first as usize), line(first));
            return Err(Problem::cell(line(second), COLUMNS[0], reason));
        }
        self.by_id = by_id;
        Ok(())
    }

    /// How many series there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The id of the series at a place.
    pub fn id(&self, place: usize) -> &str {
        let id = self.entries.get(place).map(|entry| entry.id.start as usize..entry.id.end as usize);
        id.and_then(|id| self.ids.get(id)).unwrap_or_default()
    }

    /// The place of a series. Rows mostly come in the order of the table, so that the place after the last is tried first.
    pub fn find(&self, id: &[u8], after: Option<usize>) -> Option<usize> {
        let next = after.map_or(0, |place| place + 1);
        if next < self.len() && self.id(next).as_bytes() == id {
            return Some(next);
        }
        let found = self.by_id.binary_search_by(|&place| self.id(place as usize).as_bytes().cmp(id)).ok()?;
        self.by_id.get(found).map(|&place| place as usize)
    }

    /// Writes into the options what was chosen about the chart of the series at a place.
    pub fn options(&self, place: usize, options: &mut Options) {
        let Some(entry) = self.entries.get(place) else { return };
        options.direction = entry.direction;
        options.target = entry.target;
        options.baseline = entry.baseline.map(|points| points as usize);
        options.screening = entry.screening;
        options.rules = entry.rules;
        options.rebases.clear();
        let rebases = entry.rebases.start as usize..entry.rebases.end as usize;
        options.rebases.extend_from_slice(self.rebases.get(rebases).unwrap_or_default());
    }
}

fn direction(row: Row<'_>) -> Result<Direction, Problem> {
    match row.text(1)? {
        "increase" => Ok(Direction::Increase),
        "decrease" => Ok(Direction::Decrease),
        "neutral" | "" => Ok(Direction::Neutral),
        other => Err(unlike(row, 1, other, "increase, decrease or neutral")),
    }
}

fn rebases(row: Row<'_>) -> Result<Vec<NaiveDate>, Problem> {
    let dates = row.text(3)?.split(';').map(str::trim).filter(|date| !date.is_empty());
    dates.map(|date| date.parse().map_err(|_| unlike(row, 3, date, "a date such as 2019-01-31"))).collect()
}

/// A flag that is on unless it is switched off.
fn flag(row: Row<'_>, column: usize) -> Result<bool, Problem> {
    match row.text(column)? {
        "1" | "" | "true" | "TRUE" => Ok(true),
        "0" | "false" | "FALSE" => Ok(false),
        other => Err(unlike(row, column, other, "1 or 0")),
    }
}

fn length(row: Row<'_>, column: usize) -> Result<RunLength, Problem> {
    match row.text(column)? {
        "7" | "" => Ok(RunLength::Seven),
        "6" => Ok(RunLength::Six),
        other => Err(unlike(row, column, other, "6 or 7")),
    }
}

fn unlike(row: Row<'_>, column: usize, found: &str, wanted: &str) -> Problem {
    Problem::cell(
        row.line(),
        row.name(column),
        format!("“{}” is not {wanted}", found.chars().take(60).collect::<String>()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(table: &str) -> String {
        SeriesTable::read(table.as_bytes()).err().map_or_else(String::new, |problem| problem.to_string())
    }

    fn options(table: &str) -> Options {
        let table = SeriesTable::read(table.as_bytes()).unwrap();
        let mut options = Options::default();
        table.options(table.len() - 1, &mut options);
        options
    }

    #[test]
    fn an_id_is_enough_and_the_rest_takes_defaults() {
        assert_eq!(options("series_id\na\n"), Options::default());
        assert_eq!(options("series_id,target,screen_outliers,rebase_dates\na,,,\n"), Options::default());
    }

    #[test]
    fn every_choice_is_read() {
        let table = "series_id,improvement_direction,target,rebase_dates,fix_after_n_points,screen_outliers,\
                     shift_points,trend_points,two_in_three\n\
                     a,increase,1,2019-01-01,12,1,7,7,1\n\
                     b,decrease,-0.5,2020-01-01;2021-02-03,24,0,6,6,0\n";
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let wanted = Options {
            direction: Direction::Decrease,
            target: Some(-0.5),
            rebases: vec![day(2020, 1, 1), day(2021, 2, 3)],
            baseline: Some(24),
            screening: false,
            rules: Rules { shift: RunLength::Six, trend: RunLength::Six, two_in_three: false },
            ..Options::default()
        };
        assert_eq!(options(table), wanted);
    }

    #[test]
    fn series_are_found_whatever_their_order() {
        let table = SeriesTable::read(&b"series_id\nb\na\n\"c,d\"\n"[..]).unwrap();
        assert_eq!(table.find(b"b", None), Some(0));
        assert_eq!(table.find(b"a", None), Some(1));
        assert_eq!(table.find(b"c,d", Some(0)), Some(2));
        assert_eq!(table.find(b"e", Some(2)), None);
    }

    #[test]
    fn refusals_say_line_and_column() {
        assert_eq!(refusal("series_id\na\nb\na\n"), "line 4, column series_id: “a” stands in line 2 already");
        assert_eq!(refusal("series_id,target\n,1\n"), "line 2, column series_id: this must not be empty");
        assert_eq!(
            refusal("series_id,improvement_direction\na,up\n"),
            "line 2, column improvement_direction: “up” is not increase, decrease or neutral"
        );
        assert_eq!(
            refusal("series_id,rebase_dates\na,2019-01-01;soon\n"),
            "line 2, column rebase_dates: “soon” is not a date such as 2019-01-31"
        );
        assert_eq!(
            refusal("series_id,fix_after_n_points\na,1\n"),
            "line 2, column fix_after_n_points: limits cannot be fixed on 1: give at least 2 points, better 12 or more"
        );
        assert_eq!(refusal("series_id,shift_points\na,8\n"), "line 2, column shift_points: “8” is not 6 or 7");
    }
}
