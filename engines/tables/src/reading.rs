//! Reads a table row by row, its cells found by the names of their columns; it must never guess what a cell means.

use std::io::Read;

use chrono::NaiveDate;

use crate::lines::{Cells, Lines};
use crate::{Problem, date, number};

/// A table being read: one row in memory at a time, whatever its length.
pub struct Reading<R> {
    lines: Lines<R>,
    width: usize,
    columns: Vec<Option<usize>>,
    names: Vec<String>,
}

impl<R: Read> Reading<R> {
    /// Reads the first line and finds the columns: first those that must be there, then those that may.
    ///
    /// A column is then named by its place in the two lists taken together. Columns not named are left unread.
    ///
    /// # Errors
    /// No first line, or one that lacks a column that must be there, names one of ours twice, or is not UTF-8.
    pub fn new(input: R, needed: &[&str], optional: &[&str]) -> Result<Self, Problem> {
        let mut lines = Lines::new(input);
        let found = header(&mut lines)?;
        let place = |name: &&str| found.iter().position(|at| at == name);
        let absent: Vec<String> =
            needed.iter().filter(|name| place(name).is_none()).map(|&name| name.to_owned()).collect();
        if !absent.is_empty() {
            return Err(Problem::Columns { columns: absent, found });
        }
        if let Some(twice) =
            needed.iter().chain(optional).find(|&name| found.iter().filter(|at| at == name).count() > 1)
        {
            return Err(Problem::Line {
                line: 1,
                reason: format!("two columns are called {twice}: which one is meant?"),
            });
        }
        let columns = needed.iter().chain(optional).map(place).collect();
        let names = needed.iter().chain(optional).map(|&name| name.to_owned()).collect();
        Ok(Self { lines, width: found.len(), columns, names })
    }

    /// The next row, or nothing at the end.
    ///
    /// # Errors
    /// A line with too few or too many cells, or an input that breaks off.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Problem> {
        let Some(cells) = self.lines.next_line()? else { return Ok(None) };
        if cells.len() != self.width {
            let (line, count, width) = (cells.line(), cells.len(), self.width);
            return Err(Problem::Line {
                line,
                reason: format!("{count} cells, where the first line names {width} columns"),
            });
        }
        Ok(Some(Row { cells, columns: &self.columns, names: &self.names }))
    }
}

/// The names of the columns, as the first line has them.
fn header<R: Read>(lines: &mut Lines<R>) -> Result<Vec<String>, Problem> {
    let first = lines.next_line()?.ok_or(Problem::Empty)?;
    let found: Result<Vec<String>, _> = first
        .iter()
        .map(|name| str::from_utf8(name).map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()))
        .collect();
    let found = found.map_err(|_| Problem::Line { line: first.line(), reason: NOT_UTF_8.to_owned() })?;
    if found.iter().all(String::is_empty) { Err(Problem::Empty) } else { Ok(found) }
}

const NOT_UTF_8: &str = "this is not UTF-8 text; save the table as UTF-8 and try again";

/// One row. Cells are named by the place of their column in the lists given to [`Reading::new`].
#[derive(Clone, Copy)]
pub struct Row<'a> {
    cells: Cells<'a>,
    columns: &'a [Option<usize>],
    names: &'a [String],
}

impl<'a> Row<'a> {
    /// The line the row begins on, the first line of the table being 1.
    pub fn line(&self) -> u64 {
        self.cells.line()
    }

    /// What a column is called.
    pub fn name(&self, column: usize) -> &'a str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// A cell as it stands, without space around it; empty where the table has no such column.
    ///
    /// # Errors
    /// Text that is not UTF-8.
    pub fn text(&self, column: usize) -> Result<&'a str, Problem> {
        str::from_utf8(self.bytes(column))
            .map(str::trim)
            .map_err(|_| Problem::cell(self.line(), self.name(column), NOT_UTF_8))
    }

    /// A finite number, or nothing where the cell is empty.
    ///
    /// # Errors
    /// Anything that is not a number, and numbers that are not finite.
    pub fn number(&self, column: usize) -> Result<Option<f64>, Problem> {
        self.read(column, number::parse, "a number")
    }

    /// A whole number that is not negative, or nothing where the cell is empty.
    ///
    /// # Errors
    /// Anything else.
    pub fn whole(&self, column: usize) -> Result<Option<usize>, Problem> {
        self.read(column, |bytes| str::from_utf8(bytes).ok()?.parse().ok(), "a whole number")
    }

    /// A date written year-month-day, or nothing where the cell is empty.
    ///
    /// # Errors
    /// Anything else, and days that no calendar has.
    pub fn date(&self, column: usize) -> Result<Option<NaiveDate>, Problem> {
        self.read(column, date::parse, "a date such as 2019-01-31")
    }

    /// A value that must be there.
    ///
    /// # Errors
    /// An empty cell, or what the reading of it already refused.
    pub fn needed<T>(&self, column: usize, cell: Result<Option<T>, Problem>) -> Result<T, Problem> {
        cell?.ok_or_else(|| Problem::cell(self.line(), self.name(column), "this must not be empty"))
    }

    /// A cell's bytes as they stand, empty where the table has no such column.
    pub fn bytes(&self, column: usize) -> &'a [u8] {
        self.columns.get(column).copied().flatten().and_then(|at| self.cells.get(at)).unwrap_or_default()
    }

    /// Most cells are plain and read from their bytes; whatever is not is looked at again as text, and refused as such.
    fn read<T>(&self, column: usize, parse: impl Fn(&[u8]) -> Option<T>, wanted: &str) -> Result<Option<T>, Problem> {
        let bytes = self.bytes(column);
        if bytes.is_empty() {
            return Ok(None);
        }
        if let Some(value) = parse(bytes) {
            return Ok(Some(value));
        }
        match self.text(column)? {
            "" => Ok(None),
            text => match parse(text.as_bytes()) {
                Some(value) => Ok(Some(value)),
                None => Err(Problem::unlike(self.line(), self.name(column), text, wanted)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(table: &[u8], read: impl Fn(Row<'_>) -> Result<(), Problem>) -> String {
        let mut reading = match Reading::new(table, &["id", "value"], &["when"]) {
            Ok(reading) => reading,
            Err(problem) => return problem.to_string(),
        };
        loop {
            match reading.next_row() {
                Ok(None) => return String::new(),
                Ok(Some(row)) => match read(row) {
                    Ok(()) => {}
                    Err(problem) => return problem.to_string(),
                },
                Err(problem) => return problem.to_string(),
            }
        }
    }

    #[test]
    fn columns_are_found_by_name_wherever_they_stand() {
        let mut reading =
            Reading::new("\u{feff}when,more,value,id\n2019-02-28,x, 1.5 ,a\n".as_bytes(), &["id", "value"], &["when"])
                .unwrap();
        let row = reading.next_row().unwrap().unwrap();
        assert_eq!(row.line(), 2);
        assert_eq!(row.text(0).unwrap(), "a");
        assert_eq!(row.number(1).unwrap(), Some(1.5));
        assert_eq!(row.date(2).unwrap(), NaiveDate::from_ymd_opt(2019, 2, 28));
        assert!(reading.next_row().unwrap().is_none());
    }

    #[test]
    fn an_empty_cell_is_nothing_and_an_absent_column_is_empty() {
        let mut reading = Reading::new(&b"id,value\na,\n"[..], &["id", "value"], &["when"]).unwrap();
        let row = reading.next_row().unwrap().unwrap();
        assert_eq!(row.number(1).unwrap(), None);
        assert_eq!(row.date(2).unwrap(), None);
        let problem = row.needed(1, row.number(1)).unwrap_err();
        assert_eq!(problem.to_string(), "line 2, column value: this must not be empty");
    }

    #[test]
    fn refusals_say_line_and_column() {
        let number = |row: Row<'_>| row.number(1).map(drop);
        assert_eq!(refusal(b"id,value\na,1\nb,1o5\n", number), "line 3, column value: “1o5” is not a number");
        assert_eq!(refusal(b"id,value\na,inf\n", number), "line 2, column value: “inf” is not a number");
        assert_eq!(refusal(b"id,value\na\n", number), "line 2: 1 cells, where the first line names 2 columns");
        assert_eq!(
            refusal(b"id,value,when\na,1,2019-02-29\n", |row| row.date(2).map(drop)),
            "line 2, column when: “2019-02-29” is not a date such as 2019-01-31"
        );
        assert_eq!(
            refusal(b"id,value\n\xff,1\n", |row| row.text(0).map(drop)),
            "line 2, column id: this is not UTF-8 text; save the table as UTF-8 and try again"
        );
    }

    #[test]
    fn a_first_line_must_name_what_is_needed() {
        let nothing = |_: Row<'_>| Ok(());
        assert_eq!(refusal(b"", nothing), "the table is empty: its first line must name the columns");
        assert_eq!(
            refusal(b"a,b\n1,2\n", nothing),
            "line 1: columns are missing: id, value. The first line names: a, b"
        );
        assert_eq!(refusal(b"id,value,id\n1,2,3\n", nothing), "line 1: two columns are called id: which one is meant?");
    }
}
