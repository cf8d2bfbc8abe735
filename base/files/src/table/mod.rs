//! Tables in and out: typed cells to CSV and XLSX, and people's CSV and XLSX back to text with positions; a cell never runs as a formula.

mod comma_separated;
mod reading;
mod reading_csv;
mod reading_xlsx;
mod workbook;

use chrono::NaiveDate;
use hiec_kernel::{Money, Timestamp, clock};

pub use comma_separated::{guarded, unguarded};
pub use reading::{Limits, ReadError, Record, Row, RowError, Rows, Sheet, TextEncoding, read, read_rows};
pub use reading_csv::read_csv;
pub use workbook::{WorkbookError, workbook};

/// One value, typed, so that CSV spells it one way and a workbook keeps it a number or a date.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Integer(i64),
    /// A number to a fixed count of places: `Decimal { units: 7150, places: 2 }` is 71.50. Exact, unlike a float.
    Decimal {
        units: i64,
        places: u8,
    },
    /// Pounds in both files, with pence where there are any.
    Money(Money),
    YesNo(bool),
    Day(NaiveDate),
    /// UTC in both files.
    Moment(Timestamp),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A count; more than fits saturates.
    pub fn count(count: usize) -> Self {
        Self::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// As CSV spells it, before quoting.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Decimal { units, places } => decimal(*units, *places),
            Self::Money(money) => money.plain(),
            Self::YesNo(true) => "yes".to_owned(),
            Self::YesNo(false) => "no".to_owned(),
            Self::Day(day) => day.format("%Y-%m-%d").to_string(),
            Self::Moment(moment) => clock::iso(*moment),
        }
    }
}

/// `71.50`; no places means no point.
fn decimal(units: i64, places: u8) -> String {
    let digits = units.unsigned_abs().to_string();
    let sign = if units < 0 { "-" } else { "" };
    let places = usize::from(places);
    if places == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = places.saturating_add(1));
    let (whole, fraction) = padded.split_at(padded.len().saturating_sub(places));
    format!("{sign}{whole}.{fraction}")
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Money> for Cell {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<Timestamp> for Cell {
    fn from(moment: Timestamp) -> Self {
        Self::Moment(moment)
    }
}

impl From<bool> for Cell {
    fn from(answer: bool) -> Self {
        Self::YesNo(answer)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A column: the key that stands in the heading, and what it means, for the index that goes with the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    pub key: String,
    pub about: String,
}

impl Column {
    pub fn new(key: impl Into<String>, about: impl Into<String>) -> Self {
        Self { key: key.into(), about: about.into() }
    }
}

/// A named table; every row has as many cells as there are columns.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    name: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(name: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { name: name.into(), columns, rows: Vec::new() }
    }

    /// A table from `(key, what it means)` pairs.
    pub fn with_columns<const N: usize>(name: &str, columns: [(&str, &str); N]) -> Self {
        let columns = columns.map(|(key, about)| Column::new(key, about));
        Self::new(name, columns.into())
    }

    /// Adds a row. Missing cells are empty; cells beyond the last column are dropped.
    pub fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut row: Vec<Cell> = cells.into_iter().take(self.columns.len()).collect();
        row.resize(self.columns.len(), Cell::Empty);
        self.rows.push(row);
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// CSV by RFC 4180: UTF-8, CRLF, heading first. Text that a spreadsheet would run is guarded (see [`guarded`]).
    pub fn to_csv(&self) -> String {
        comma_separated::written(self)
    }

    /// The same with a byte order mark, without which Excel takes UTF-8 for an older encoding.
    pub fn to_csv_for_excel(&self) -> String {
        format!("\u{feff}{}", self.to_csv())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(decimal(7150, 2), "71.50");
        assert_eq!(decimal(5, 2), "0.05");
        assert_eq!(decimal(-5, 1), "-0.5");
        assert_eq!(decimal(12, 0), "12");
        assert_eq!(decimal(i64::MIN, 2), "-92233720368547758.08");
    }

    #[test]
    fn rows_are_as_wide_as_the_heading() {
        let mut table = Table::with_columns("t", [("a", "first"), ("b", "second")]);
        table.push([Cell::from("x")]);
        table.push([Cell::from(1), Cell::from(true), Cell::from("dropped")]);
        assert_eq!(table.to_csv(), "a,b\r\nx,\r\n1,yes\r\n");
    }
}
