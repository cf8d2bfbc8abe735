//! Writes a table: numbers with 15 significant digits, nothing for what does not exist; it must never round a flag.

use std::fmt;
use std::io::Write;

use crate::Problem;

/// A table being written.
pub struct Writing<W: Write> {
    lines: csv::Writer<W>,
    cell: String,
}

impl<W: Write> Writing<W> {
    /// Writes the names of the columns.
    ///
    /// # Errors
    /// An output that takes no more.
    pub fn new(output: W, columns: &[&str]) -> Result<Self, Problem> {
        let mut lines = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(output);
        lines.write_record(columns)?;
        Ok(Self { lines, cell: String::new() })
    }

    /// Writes a text as the row's next cell.
    ///
    /// # Errors
    /// An output that takes no more.
    pub fn text(&mut self, text: &str) -> Result<&mut Self, Problem> {
        self.lines.write_field(text)?;
        Ok(self)
    }

    /// Writes a value as the row's next cell; nothing where there is none.
    ///
    /// # Errors
    /// An output that takes no more.
    pub fn figure(&mut self, figure: impl Into<Figure>) -> Result<&mut Self, Problem> {
        self.cell.clear();
        // Writing to a text cannot fail.
        let _ = fmt::write(&mut self.cell, format_args!("{}", figure.into()));
        self.lines.write_field(&self.cell)?;
        Ok(self)
    }

    /// Ends the row.
    ///
    /// # Errors
    /// An output that takes no more, or a row with too few or too many cells: a defect of the program.
    pub fn end(&mut self) -> Result<(), Problem> {
        Ok(self.lines.write_record(None::<&[u8]>)?)
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// An output that takes no more.
    pub fn finish(mut self) -> Result<(), Problem> {
        Ok(self.lines.flush()?)
    }
}

/// What a cell can hold beside text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    Nothing,
    Number(f64),
    Whole(i64),
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

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Nothing => Ok(()),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Number(number) => digits(f, number),
        }
    }
}

/// A number with at most 15 significant digits and no trailing noughts, as `%.15g` writes it; `NaN`, `Inf`, `-Inf`.
///
/// # Errors
/// A formatter that takes no more.
pub fn digits(f: &mut fmt::Formatter<'_>, number: f64) -> fmt::Result {
    if number.is_nan() {
        return f.write_str("NaN");
    }
    if number.is_infinite() {
        return f.write_str(if number > 0.0 { "Inf" } else { "-Inf" });
    }
    // Most cells are short decimals or whole: their shortest form is already what we want.
    let shortest = Short::of(number);
    if shortest.0 <= 15 && (1e-5..1e15).contains(&number.abs()) || number == 0.0 {
        // Minus nought is nought to a reader.
        return write!(f, "{}", if number == 0.0 { 0.0 } else { number });
    }
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    match rounded.abs() {
        1e-5..1e15 => write!(f, "{rounded}"),
        _ => write!(f, "{rounded:e}"),
    }
}

/// How many significant digits the shortest text of a number has.
struct Short(usize);

impl Short {
    fn of(number: f64) -> Self {
        let mut counter = Counter(0);
        // Counting cannot fail.
        let _ = fmt::write(&mut counter, format_args!("{number:e}"));
        Self(counter.0)
    }
}

/// Counts the digits before the exponent.
struct Counter(usize);

impl fmt::Write for Counter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mantissa = text.split('e').next().unwrap_or_default();
        self.0 += mantissa.bytes().filter(u8::is_ascii_digit).count();
        if mantissa.len() < text.len() {
            return Err(fmt::Error);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_fifteen_significant_digits() {
        let shown = |number: f64| Figure::from(number).to_string();
        assert_eq!(shown(0.1 + 0.2), "0.3");
        assert_eq!(shown(1.0 / 3.0), "0.333333333333333");
        assert_eq!(shown(2.0 / 3.0 * 1000.0), "666.666666666667");
        assert_eq!(shown(100.0), "100");
        assert_eq!(shown(-0.0), "0");
        assert_eq!(shown(1.75991836184e-16), "1.75991836184e-16");
        assert_eq!(shown(f64::NAN), "NaN");
        assert_eq!(shown(f64::NEG_INFINITY), "-Inf");
    }

    #[test]
    fn what_does_not_exist_is_empty_and_a_flag_is_one_or_nought() {
        let mut output = Vec::new();
        let mut table = Writing::new(&mut output, &["id", "value", "flag", "n"]).unwrap();
        table.text("a,b").unwrap().figure(None::<f64>).unwrap().figure(true).unwrap().figure(3_usize).unwrap();
        table.end().unwrap();
        table.finish().unwrap();
        assert_eq!(String::from_utf8(output).unwrap(), "id,value,flag,n\n\"a,b\",,1,3\n");
    }

    #[test]
    fn a_row_with_too_few_cells_is_a_defect_and_said() {
        let mut table = Writing::new(Vec::new(), &["a", "b"]).unwrap();
        table.text("x").unwrap();
        assert!(table.end().is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_back_to_fifteen_digits(number in proptest::num::f64::NORMAL) {
            let text = Figure::from(number).to_string();
            let back: f64 = text.parse().unwrap();
            proptest::prop_assert!((back - number).abs() <= number.abs() * 5e-15, "{number:e} became {text}");
        }
    }
}
