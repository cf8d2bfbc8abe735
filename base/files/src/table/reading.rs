//! What people's tables look like once read: text cells with the line they stood on, and errors a person can find in their own file.

use std::fmt;

use hiec_kernel::{Problem, ProblemKind};
use serde::Serialize;

use super::reading_csv::read_csv;
use super::reading_xlsx::read_xlsx;
use crate::object::size_in_words;
use crate::sniff::{FileKind, Refusal, sniff};

/// How much of a table is taken. Beyond any of these the file is refused, not cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    pub bytes: usize,
    /// Rows with something in them, the heading among them.
    pub rows: usize,
    pub columns: usize,
    /// Characters in one cell.
    pub cell_characters: usize,
    /// Bytes of a workbook once unpacked, against files made to swell.
    pub unpacked_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 10 * 1024 * 1024,
            rows: 50_000,
            columns: 200,
            cell_characters: 20_000,
            unpacked_bytes: 100 * 1024 * 1024,
        }
    }
}

/// How the file's text was spelled: to be shown in a preview where it was a guess.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextEncoding {
    Utf8,
    /// Bytes that are not UTF-8, read as older Windows programs write: look at `£` and accents in the preview.
    Windows1252,
    Workbook,
}

/// One row as it stood in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Counted from 1, as an editor or Excel shows it; where the row begins, if a cell has line breaks.
    pub line: u64,
    pub cells: Vec<String>,
}

/// All rows, for formats without a heading. Rows with nothing in them are left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rows {
    pub rows: Vec<Row>,
    pub encoding: TextEncoding,
}

/// A table with a heading. Every row has as many cells as the heading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    header: Vec<String>,
    rows: Vec<Row>,
    encoding: TextEncoding,
}

/// What is wrong with a row, and where.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct RowError {
    pub line: u64,
    /// The column's heading, or its letter where there is none.
    pub column: Option<String>,
    /// What is wrong and what to do, one or two sentences.
    pub message: String,
}

impl RowError {
    pub fn new(line: u64, column: Option<&str>, message: impl Into<String>) -> Self {
        Self { line, column: column.map(str::to_owned), message: message.into() }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "Line {}, {column}: {}", self.line, self.message),
            None => write!(f, "Line {}: {}", self.line, self.message),
        }
    }
}

/// Why a table could not be read at all.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReadError {
    #[error("The file is larger than {}. Split it into several files, then upload them one by one.", size_in_words(*.limit as u64))]
    TooLarge { limit: usize },
    #[error("The file has more than {limit} rows. Split it into several files, then upload them one by one.")]
    TooManyRows { limit: usize },
    #[error(
        "Line {line} has more than {limit} columns. Check that this is the right file, and that it uses commas between columns."
    )]
    TooManyColumns { line: u64, limit: usize },
    #[error(
        "Line {line} has a cell with more than {limit} characters. Shorten it, and check that every quotation mark is closed."
    )]
    CellTooLong { line: u64, limit: usize },
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("This is {found}, not a table. Save the table as CSV or Excel (.xlsx) and upload that.")]
    NotATable { found: &'static str },
    #[error(
        "The file is in the UTF-16 encoding. In Excel choose “Save as”, then “CSV UTF-8 (comma delimited)”, and upload that."
    )]
    Utf16,
    #[error(
        "The file has characters that no table has (line {line}). In Excel choose “Save as”, then “CSV UTF-8 (comma delimited)”, and upload that."
    )]
    NotText { line: u64 },
    #[error(
        "Line {line} opens a quotation mark that is never closed. Close it, or remove it, and upload the file again."
    )]
    UnclosedQuote { line: u64 },
    #[error("The file has no rows. Check that this is the right file; only the first sheet of a workbook is read.")]
    Empty,
    #[error("The heading (line {line}) {what}")]
    Heading { line: u64, what: String },
    #[error("{} of the rows cannot be read. First: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Rows(Vec<RowError>),
    #[error("The workbook is damaged. Open it in Excel, save it again as .xlsx and upload that.")]
    DamagedWorkbook,
    #[error("The workbook is too large once unpacked. Save only the sheet that is needed, as CSV, and upload that.")]
    WorkbookTooLarge,
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let kind = match error {
            ReadError::TooLarge { .. } | ReadError::TooManyRows { .. } | ReadError::WorkbookTooLarge => {
                ProblemKind::TooLarge
            }
            _ => ProblemKind::Invalid,
        };
        let said = error.to_string();
        let (title, next) = said.split_once(". ").unwrap_or((&said, "Correct the file and upload it again."));
        Self::new(kind, title, next)
    }
}

/// Reads a CSV file or a workbook's first sheet, heading first. `name` is the file's name as sent.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Sheet, ReadError> {
    read_rows(name, bytes, limits)?.with_heading()
}

/// The same without a heading.
pub fn read_rows(name: &str, bytes: &[u8], limits: &Limits) -> Result<Rows, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge { limit: limits.bytes });
    }
    match sniff(name, bytes) {
        Ok(found) if found.kind == FileKind::Xlsx => read_xlsx(bytes, limits),
        Ok(found) if matches!(found.kind, FileKind::Csv | FileKind::Text) => read_csv(bytes, limits),
        Ok(found) => Err(ReadError::NotATable { found: found.kind.in_words() }),
        // A cell may speak of markup; only a file that begins with it is markup.
        Err(Refusal::Markup) if !bytes.trim_ascii_start().starts_with(b"<") => read_csv(bytes, limits),
        // Better advice for a table than the one for documents.
        Err(Refusal::Unknown) if FileKind::from_name(name) == Some(FileKind::Csv) => read_csv(bytes, limits),
        Err(_) if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => Err(ReadError::Utf16),
        Err(refusal) => Err(refusal.into()),
    }
}

impl Rows {
    /// Takes the first row as the heading, and holds every other row to its width.
    pub fn with_heading(self) -> Result<Sheet, ReadError> {
        let mut rows = self.rows.into_iter();
        let heading = rows.next().ok_or(ReadError::Empty)?;
        let header = heading_cells(&heading)?;
        let mut kept = Vec::new();
        let mut errors = Vec::new();
        for row in rows {
            match fitted(row, header.len(), self.encoding) {
                Ok(row) => kept.push(row),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(ReadError::Rows(errors));
        }
        Ok(Sheet { header, rows: kept, encoding: self.encoding })
    }
}

fn heading_cells(heading: &Row) -> Result<Vec<String>, ReadError> {
    let line = heading.line;
    let mut header: Vec<String> = heading.cells.iter().map(|cell| cell.trim().to_owned()).collect();
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    for (place, name) in header.iter().enumerate() {
        if name.is_empty() {
            let what = format!("has no name for column {}. Name it, or remove the column.", letter(place));
            return Err(ReadError::Heading { line, what });
        }
        let is_twice = header.iter().take(place).any(|earlier| earlier.eq_ignore_ascii_case(name));
        if is_twice {
            let what = format!("names the column “{name}” twice. Rename or remove one of them.");
            return Err(ReadError::Heading { line, what });
        }
    }
    Ok(header)
}

/// Spreadsheets leave out empty cells at the end of a row, and add some beyond it; CSV that is short has lost a comma.
fn fitted(mut row: Row, width: usize, encoding: TextEncoding) -> Result<Row, RowError> {
    while row.cells.len() > width && row.cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        row.cells.pop();
    }
    if row.cells.len() < width && encoding == TextEncoding::Workbook {
        row.cells.resize(width, String::new());
    }
    if row.cells.len() == width {
        return Ok(row);
    }
    let message = format!(
        "There are {} columns here and {width} in the heading. Check the commas and quotation marks.",
        row.cells.len()
    );
    Err(RowError::new(row.line, None, message))
}

/// `A`, `B`, … `Z`, `AA`: a column as spreadsheets name it, counted from 0.
pub(super) fn letter(place: usize) -> String {
    let mut letters = String::new();
    let mut rest = place.saturating_add(1);
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.insert(0, char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters
}

impl Sheet {
    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn encoding(&self) -> TextEncoding {
        self.encoding
    }

    /// Refuses a file whose heading lacks one of these columns, or has one that is neither needed nor known.
    pub fn expect_columns(&self, needed: &[&str], known: &[&str]) -> Result<(), ReadError> {
        let has = |wanted: &&&str| self.place(wanted).is_some();
        let missing: Vec<&str> = needed.iter().filter(|name| !has(name)).copied().collect();
        if !missing.is_empty() {
            let what = format!("lacks {}. The heading here is: {}.", missing.join(", "), self.header.join(", "));
            return Err(ReadError::Heading { line: 1, what });
        }
        let is_known = |name: &&String| needed.iter().chain(known).any(|one| one.eq_ignore_ascii_case(name));
        if let Some(unknown) = self.header.iter().find(|name| !is_known(name)) {
            let what = format!(
                "has a column we do not know, “{unknown}”. Known are: {}.",
                needed.iter().chain(known).copied().collect::<Vec<_>>().join(", ")
            );
            return Err(ReadError::Heading { line: 1, what });
        }
        Ok(())
    }

    /// The rows with their columns by name.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().map(|row| Record { sheet: self, row })
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name.eq_ignore_ascii_case(column))
    }
}

/// A row whose cells are found by their column's name.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    sheet: &'a Sheet,
    row: &'a Row,
}

impl<'a> Record<'a> {
    /// The trimmed cell, or nothing where it is empty or the column is absent.
    pub fn get(&self, column: &str) -> Option<&'a str> {
        let cell = self.row.cells.get(self.sheet.place(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// Whether the table has this column at all.
    pub fn has(&self, column: &str) -> bool {
        self.sheet.place(column).is_some()
    }

    /// The trimmed cell, or an error that asks for it.
    pub fn require(&self, column: &str) -> Result<&'a str, RowError> {
        self.get(column).ok_or_else(|| self.error(column, "This is empty. Fill it in."))
    }

    pub fn line(&self) -> u64 {
        self.row.line
    }

    pub fn error(&self, column: &str, message: impl Into<String>) -> RowError {
        RowError::new(self.row.line, Some(column), message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &str) -> Result<Sheet, ReadError> {
        read("t.csv", text.as_bytes(), &Limits::default())
    }

    #[test]
    fn cells_are_found_by_name_with_their_line() {
        let sheet = csv("ODS_Code,Name\r\n\r\nR1H,\"Barts\nHealth\"\r\nRAL, Royal Free \r\n").unwrap();
        let found: Vec<_> =
            sheet.records().map(|record| (record.line(), record.get("ods_code"), record.get("name"))).collect();
        assert_eq!(found, [(3, Some("R1H"), Some("Barts\nHealth")), (5, Some("RAL"), Some("Royal Free"))]);
        assert_eq!(sheet.records().next().unwrap().get("nowhere"), None);
        sheet.expect_columns(&["ods_code"], &["name"]).unwrap();
        let missing = sheet.expect_columns(&["ods_code", "postcode"], &["name"]).unwrap_err();
        assert_eq!(missing.to_string(), "The heading (line 1) lacks postcode. The heading here is: ODS_Code, Name.");
        let unknown = sheet.expect_columns(&["ods_code"], &[]).unwrap_err();
        assert!(unknown.to_string().contains("“Name”"));
    }

    #[test]
    fn headings_and_widths_are_checked() {
        assert_eq!(csv("").unwrap_err(), ReadError::Refused(Refusal::Empty));
        assert_eq!(csv(" \n\n").unwrap_err(), ReadError::Empty);
        assert!(csv("a,,b\n1,2,3").unwrap_err().to_string().contains("column B"));
        assert!(csv("a,b,A\n1,2,3").unwrap_err().to_string().contains("“A” twice"));
        let ReadError::Rows(errors) = csv("a,b\n1\n1,2\n1,2,3\n1,2,,\n").unwrap_err() else {
            panic!("rows of the wrong width must be named");
        };
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 4]);
        assert!(errors[0].to_string().starts_with("Line 2: There are 1 columns here and 2"));
    }

    #[test]
    fn other_files_are_refused_with_advice() {
        let limits = Limits::default();
        assert!(matches!(read("a.pdf", b"%PDF-1.7", &limits), Err(ReadError::NotATable { .. })));
        assert!(matches!(read("a.csv", b"<html>", &limits), Err(ReadError::Refused(Refusal::Markup))));
        assert!(read("a.csv", b"name\n<script>", &limits).is_ok());
        assert!(matches!(
            read("a.xlsx", b"PK\x03\x04rubbish", &limits),
            Err(ReadError::Refused(Refusal::Damaged { .. }))
        ));
        assert!(matches!(read("a.csv", b"name\na\0", &limits), Err(ReadError::NotText { line: 2 })));
        assert!(matches!(read("a.csv", b"\xff\xfea\0", &limits), Err(ReadError::Utf16)));
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(letter), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
