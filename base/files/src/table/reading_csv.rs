//! Reads CSV: finds its encoding and separator, keeps line numbers, and takes nothing it does not understand.

use super::comma_separated::unguarded;
use super::reading::{Limits, ReadError, Row, Rows, TextEncoding};

/// Reads CSV bytes, whatever the file is called. Commas separate; where the first line has none, semicolons or tabs do.
/// A text [`super::guarded`] against running as a formula comes back as it was.
pub fn read_csv(bytes: &[u8], limits: &Limits) -> Result<Rows, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge { limit: limits.bytes });
    }
    let (text, encoding) = decoded(bytes)?;
    let separator = separator(&text);
    let mut lines = LineCounter::new(&text);
    if let Some(at) = unclosed_quote(&text, separator) {
        let line = lines.line_at(at);
        return Err(ReadError::UnclosedQuote { line });
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| ReadError::NotText { line: 1 })?;
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.line_at(usize::try_from(start).unwrap_or(usize::MAX));
        if let Some(row) = taken(&record, line, rows.len(), limits)? {
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(Rows { rows, encoding })
}

/// The record as a row, or nothing when every cell is blank.
fn taken(record: &csv::StringRecord, line: u64, before: usize, limits: &Limits) -> Result<Option<Row>, ReadError> {
    let limit = limits.columns;
    if record.len() > limit {
        return Err(ReadError::TooManyColumns { line, limit });
    }
    let limit = limits.cell_characters;
    let is_long = |cell: &str| cell.len() > limit && cell.chars().count() > limit;
    if record.iter().any(is_long) {
        return Err(ReadError::CellTooLong { line, limit });
    }
    let cells: Vec<String> = record.iter().map(|cell| unguarded(cell).to_owned()).collect();
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(None);
    }
    if before >= limits.rows {
        return Err(ReadError::TooManyRows { limit: limits.rows });
    }
    Ok(Some(Row { line, cells }))
}

/// UTF-8, with or without its mark; else Windows-1252 when every byte stands for a character there. UTF-16 and binary are refused.
fn decoded(bytes: &[u8]) -> Result<(String, TextEncoding), ReadError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(ReadError::Utf16);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        // Every second byte zero: UTF-16 without its mark.
        let zeros = bytes.iter().filter(|byte| **byte == 0).count();
        if zeros.saturating_mul(3) > bytes.len() {
            return Err(ReadError::Utf16);
        }
        return Err(not_text(bytes, at));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), TextEncoding::Utf8)),
        Err(_) => windows_1252(bytes),
    }
}

fn windows_1252(bytes: &[u8]) -> Result<(String, TextEncoding), ReadError> {
    let stands_for_nothing =
        |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d | 0x01..=0x08 | 0x0e..=0x1f | 0x7f);
    if let Some(at) = bytes.iter().position(stands_for_nothing) {
        return Err(not_text(bytes, at));
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok((text.into_owned(), TextEncoding::Windows1252))
}

fn not_text(bytes: &[u8], at: usize) -> ReadError {
    let before = bytes.get(..at).unwrap_or_default();
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    ReadError::NotText { line: u64::try_from(lines).unwrap_or(u64::MAX).saturating_add(1) }
}

/// Some programs write semicolons where the comma is the decimal point, and some write tabs.
fn separator(text: &str) -> u8 {
    let mut is_quoted = false;
    let mut seen = None;
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b',' => return b',',
            b';' | b'\t' if seen.is_none() => seen = Some(byte),
            b'\n' | b'\r' => break,
            _ => {}
        }
    }
    seen.unwrap_or(b',')
}

/// Where a quotation mark opens that nothing closes: it would swallow the rest of the file into one cell.
fn unclosed_quote(text: &str, separator: u8) -> Option<usize> {
    enum In {
        FieldStart,
        Field,
        Quotes(usize),
        QuoteInQuotes(usize),
    }
    let mut state = In::FieldStart;
    for (at, byte) in text.bytes().enumerate() {
        let ends_field = byte == separator || byte == b'\n' || byte == b'\r';
        state = match (state, byte) {
            (In::FieldStart, b'"') => In::Quotes(at),
            (In::Quotes(opened), b'"') => In::QuoteInQuotes(opened),
            (In::QuoteInQuotes(opened), b'"') | (In::Quotes(opened), _) => In::Quotes(opened),
            (_, _) if ends_field => In::FieldStart,
            (_, _) => In::Field,
        };
    }
    match state {
        In::Quotes(opened) => Some(opened),
        In::FieldStart | In::Field | In::QuoteInQuotes(_) => None,
    }
}

/// Turns byte positions, asked in rising order, into line numbers.
struct LineCounter<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the first character at or after `position` that is no line break, since readers skip empty lines.
    fn line_at(&mut self, position: usize) -> u64 {
        while let Some(byte) = self.text.get(self.at) {
            let is_break = matches!(byte, b'\n' | b'\r');
            if self.at >= position && !is_break {
                break;
            }
            let is_first_half = *byte == b'\r' && self.text.get(self.at.saturating_add(1)) == Some(&b'\n');
            if is_break && !is_first_half {
                self.line = self.line.saturating_add(1);
            }
            self.at = self.at.saturating_add(1);
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, ReadError> {
        let read = read_csv(bytes, &Limits::default())?;
        Ok(read.rows.into_iter().map(|row| (row.line, row.cells)).collect())
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn every_line_ending_and_empty_line_keeps_the_count() {
        let expected = vec![row(1, &["a", "b"]), row(3, &["c\nd", "e"]), row(5, &["f", "g"])];
        assert_eq!(rows(b"a,b\n\n\"c\nd\",e\nf,g").unwrap(), expected);
        assert_eq!(rows(b"a,b\n , \n\"c\nd\",e\nf,g\n\n").unwrap(), expected);
        let windows = vec![row(2, &["a", "b"]), row(4, &["c\r\nd", "e"]), row(6, &["f", "g"])];
        assert_eq!(rows(b"\r\na,b\r\n\r\n\"c\r\nd\",e\r\nf,g\r\n").unwrap(), windows);
    }

    #[test]
    fn encodings_are_told_apart() {
        let with = |bytes: &[u8]| decoded(bytes);
        assert_eq!(with("\u{feff}£".as_bytes()), Ok(("£".to_owned(), TextEncoding::Utf8)));
        assert_eq!(with(b"\xa3 caf\xe9 \x80"), Ok(("£ café €".to_owned(), TextEncoding::Windows1252)));
        assert_eq!(with(b"\xff\xfea\0"), Err(ReadError::Utf16));
        assert_eq!(with(b"a\0b\0,\0"), Err(ReadError::Utf16));
        assert_eq!(with(b"name\n\x81\xe9"), Err(ReadError::NotText { line: 2 }));
    }

    #[test]
    fn semicolons_and_tabs_are_found_and_commas_win() {
        assert_eq!(rows(b"a;b\n1,5;2").unwrap()[1].1, ["1,5", "2"]);
        assert_eq!(rows(b"a\tb\n1\t2").unwrap()[1].1, ["1", "2"]);
        assert_eq!(rows(b"\"a;x\",b\n1,2").unwrap()[0].1, ["a;x", "b"]);
    }

    #[test]
    fn an_open_quotation_mark_is_found_where_it_opens() {
        let error = rows(b"a,b\n1,2\n\"3,4\n5,6\n").unwrap_err();
        assert_eq!(error, ReadError::UnclosedQuote { line: 3 });
        assert_eq!(rows(b"a,b\n6\" pipe,\"say \"\"hi\"\"\"\n").unwrap()[1].1, ["6\" pipe", "say \"hi\""]);
    }

    #[test]
    fn limits_refuse_rather_than_cut() {
        let limits = Limits { bytes: 100, rows: 2, columns: 2, cell_characters: 3, ..Limits::default() };
        let outcome = |text: &str| read_csv(text.as_bytes(), &limits).map(|_| ()).unwrap_err();
        assert_eq!(outcome(&"x".repeat(101)), ReadError::TooLarge { limit: 100 });
        assert_eq!(outcome("a\nb\nc"), ReadError::TooManyRows { limit: 2 });
        assert_eq!(outcome("a,b\n1,2,3"), ReadError::TooManyColumns { line: 2, limit: 2 });
        assert_eq!(outcome("a\nlong"), ReadError::CellTooLong { line: 2, limit: 3 });
        assert!(read_csv("a\nééé".as_bytes(), &limits).is_ok());
    }

    proptest! {
        #[test]
        fn rubbish_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _outcome = read_csv(&bytes, &Limits::default());
        }

        #[test]
        fn quotes_and_breaks_never_panic_and_lines_rise(text in "[\"',;\t\r\n ab=]{0,60}") {
            if let Ok(read) = read_csv(text.as_bytes(), &Limits::default()) {
                prop_assert!(read.rows.is_sorted_by_key(|row| row.line));
                prop_assert!(read.rows.iter().all(|row| row.line >= 1));
            }
        }
    }
}
