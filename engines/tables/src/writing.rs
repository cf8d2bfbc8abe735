//! Writes a table: numbers with 15 significant digits, nothing for what does not exist; it must never round a flag.

use std::fmt;
use std::io::{Error, ErrorKind, Write};

use chrono::NaiveDate;

use crate::{Problem, date, number};

/// Rows of cells, made in memory: many threads can make some each, and [`Writing::rows`] writes them in order.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    bytes: Vec<u8>,
    /// Cells of the row that has not ended.
    open: usize,
    /// How many cells a row has: told by the first that ended.
    width: Option<usize>,
    is_ragged: bool,
}

impl Cells {
    /// No cells yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text as the row's next cell, quoted where it has to be.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.separate();
        let bytes = text.as_bytes();
        if !bytes.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            self.bytes.extend_from_slice(bytes);
            return self;
        }
        self.bytes.push(b'"');
        for &byte in bytes {
            if byte == b'"' {
                self.bytes.push(b'"');
            }
            self.bytes.push(byte);
        }
        self.bytes.push(b'"');
        self
    }

    /// A word of ours as the row's next cell: one that holds no comma, quote or end of line, and is not looked at for any.
    pub fn word(&mut self, word: &'static str) -> &mut Self {
        debug_assert!(!word.contains([',', '"', '\n', '\r']), "{word} has to be quoted");
        self.separate();
        self.bytes.extend_from_slice(word.as_bytes());
        self
    }

    /// A value as the row's next cell; nothing where there is none.
    pub fn figure(&mut self, figure: impl Into<Figure>) -> &mut Self {
        self.separate();
        figure.into().write(&mut self.bytes);
        self
    }

    /// A day as the row's next cell: 2019-01-31.
    pub fn date(&mut self, date: NaiveDate) -> &mut Self {
        self.separate();
        date::write(&mut self.bytes, date);
        self
    }

    /// Cells made before, of a row that has not ended, as the next cells of this one: what many rows share is made once.
    pub fn cells(&mut self, cells: &Self) -> &mut Self {
        if cells.open > 0 {
            self.separate();
            self.bytes.extend_from_slice(&cells.bytes);
            self.open += cells.open - 1;
        }
        self
    }

    /// Ends the row.
    pub fn end(&mut self) {
        // A row of one empty cell would otherwise be an empty line, which readers pass over.
        if self.open == 1 && matches!(self.bytes.last(), None | Some(b'\n')) {
            self.bytes.extend_from_slice(b"\"\"");
        }
        self.bytes.push(b'\n');
        self.is_ragged |= *self.width.get_or_insert(self.open) != self.open;
        self.open = 0;
    }

    /// Takes everything away, to be used again.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.open = 0;
    }

    fn separate(&mut self) {
        if self.open > 0 {
            self.bytes.push(b',');
        }
        self.open += 1;
    }
}

/// A table being written.
pub struct Writing<W: Write> {
    output: W,
    cells: Cells,
    width: usize,
}

impl<W: Write> Writing<W> {
    /// Begins with the names of the columns. They are held back with the first rows, so that a command that cannot make any
    /// prints nothing.
    ///
    /// # Errors
    /// None yet; the output is not touched.
    pub fn new(output: W, columns: &[&str]) -> Result<Self, Problem> {
        let mut cells = Cells::new();
        for column in columns {
            cells.text(column);
        }
        cells.end();
        Ok(Self { output, cells, width: columns.len() })
    }

    /// Writes a text as the row's next cell.
    ///
    /// # Errors
    /// An output that takes no more.
    pub fn text(&mut self, text: &str) -> Result<&mut Self, Problem> {
        self.cells.text(text);
        Ok(self)
    }

    /// Writes a value as the row's next cell; nothing where there is none.
    ///
    /// # Errors
    /// An output that takes no more.
    pub fn figure(&mut self, figure: impl Into<Figure>) -> Result<&mut Self, Problem> {
        self.cells.figure(figure);
        Ok(self)
    }

    /// Writes a day as the row's next cell: 2019-01-31.
    ///
    /// # Errors
    /// An output that takes no more.
    pub fn date(&mut self, date: NaiveDate) -> Result<&mut Self, Problem> {
        self.cells.date(date);
        Ok(self)
    }

    /// Ends the row.
    ///
    /// # Errors
    /// An output that takes no more, or a row with too few or too many cells: a defect of the program.
    pub fn end(&mut self) -> Result<(), Problem> {
        self.cells.end();
        const HELD_BACK: usize = 1 << 16;
        self.pour(HELD_BACK)
    }

    /// Writes whole rows made elsewhere.
    ///
    /// # Errors
    /// An output that takes no more, or a row with too few or too many cells: a defect of the program.
    pub fn rows(&mut self, rows: &Cells) -> Result<(), Problem> {
        self.pour(0)?;
        if rows.is_ragged || rows.open > 0 || rows.width.is_some_and(|width| width != self.width) {
            return Err(ragged());
        }
        Ok(self.output.write_all(&rows.bytes)?)
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// An output that takes no more.
    pub fn finish(mut self) -> Result<(), Problem> {
        self.pour(0)?;
        Ok(self.output.flush()?)
    }

    /// Writes what is held, when it is more than so many bytes.
    fn pour(&mut self, more_than: usize) -> Result<(), Problem> {
        if self.cells.is_ragged || self.cells.width != Some(self.width) {
            return Err(ragged());
        }
        if self.cells.bytes.len() > more_than {
            self.output.write_all(&self.cells.bytes)?;
            self.cells.clear();
        }
        Ok(())
    }
}

fn ragged() -> Problem {
    Problem::Io(Error::new(
        ErrorKind::InvalidData,
        "a row of the answer has too few or too many cells: please report this",
    ))
}

/// What a cell can hold beside text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    Nothing,
    Number(f64),
    Whole(i64),
}

impl Figure {
    fn write(self, to: &mut Vec<u8>) {
        match self {
            Self::Nothing => {}
            Self::Whole(flag @ (0 | 1)) => to.push(if flag == 1 { b'1' } else { b'0' }),
            Self::Whole(whole) => number::write_whole(to, whole),
            Self::Number(number) => number::write(to, number),
        }
    }
}

impl From<f64> for Figure {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<Option<f64>> for Figure {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

impl From<usize> for Figure {
    fn from(number: usize) -> Self {
        i64::try_from(number).map_or(Self::Nothing, Self::Whole)
    }
}

impl From<Option<usize>> for Figure {
    fn from(number: Option<usize>) -> Self {
        number.map_or(Self::Nothing, Self::from)
    }
}

impl From<i64> for Figure {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

/// Flags are 1 and 0.
impl From<bool> for Figure {
    fn from(flag: bool) -> Self {
        Self::Whole(i64::from(flag))
    }
}

/// A flag that was not judged is nothing.
impl From<Option<bool>> for Figure {
    fn from(flag: Option<bool>) -> Self {
        flag.map_or(Self::Nothing, Self::from)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write(&mut text);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// A number with at most 15 significant digits and no trailing noughts, as `%.15g` writes it; `NaN`, `Inf`, `-Inf`.
///
/// # Errors
/// A formatter that takes no more.
pub fn digits(f: &mut fmt::Formatter<'_>, number: f64) -> fmt::Result {
    write!(f, "{}", Figure::Number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_exist_is_empty_and_a_flag_is_one_or_nought() {
        let mut output = Vec::new();
        let mut table = Writing::new(&mut output, &["id", "value", "flag", "n", "when"]).unwrap();
        table.text("a,b").unwrap().figure(None::<f64>).unwrap().figure(true).unwrap().figure(3_usize).unwrap();
        table.date(NaiveDate::from_ymd_opt(2019, 1, 31).unwrap()).unwrap();
        table.end().unwrap();
        table.finish().unwrap();
        assert_eq!(String::from_utf8(output).unwrap(), "id,value,flag,n,when\n\"a,b\",,1,3,2019-01-31\n");
    }

    #[test]
    fn a_row_with_too_few_cells_is_a_defect_and_said() {
        let mut table = Writing::new(Vec::new(), &["a", "b"]).unwrap();
        table.text("x").unwrap();
        assert!(table.end().is_err());
        let mut table = Writing::new(Vec::new(), &["a", "b"]).unwrap();
        let mut rows = Cells::new();
        rows.text("x").end();
        assert!(table.rows(&rows).is_err());
    }

    #[test]
    fn rows_made_elsewhere_stand_between_those_made_here() {
        let mut output = Vec::new();
        let mut table = Writing::new(&mut output, &["a", "b", "c"]).unwrap();
        table.text("1").unwrap().text("2").unwrap().text("3").unwrap().end().unwrap();
        let (mut shared, mut rows) = (Cells::new(), Cells::new());
        shared.text("x,y").figure(0.5);
        rows.figure(1_i64).cells(&shared).end();
        rows.cells(&shared).figure(2_i64).end();
        table.rows(&rows).unwrap();
        table.text("4").unwrap().text("5").unwrap().text("6").unwrap().end().unwrap();
        table.finish().unwrap();
        assert_eq!(String::from_utf8(output).unwrap(), "a,b,c\n1,2,3\n1,\"x,y\",0.5\n\"x,y\",0.5,2\n4,5,6\n");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_written_as_the_peer_writes_it(
            row in proptest::collection::vec("[ab,\"\r\n é]{0,4}", 1..4),
        ) {
            let names: Vec<&str> = row.iter().map(|_| "x").collect();
            let (mut ours, mut theirs) = (Vec::new(), csv::Writer::from_writer(Vec::new()));
            let mut table = Writing::new(&mut ours, &names).unwrap();
            for cell in &row {
                table.text(cell).unwrap();
            }
            table.end().unwrap();
            table.finish().unwrap();
            theirs.write_record(&names).unwrap();
            theirs.write_record(&row).unwrap();
            proptest::prop_assert_eq!(ours, theirs.into_inner().unwrap());
        }
    }
}
