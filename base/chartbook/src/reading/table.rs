//! A table in memory: bytes to cells. It finds out encoding and delimiter, and keeps the line of every row.

use super::refusal::{Fault, Refusal};

/// A table as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    /// Rows with too few or too many cells.
    pub faults: Vec<Fault>,
    /// Whether numbers have a decimal comma.
    pub has_decimal_comma: bool,
    /// What was found out about the file, for people.
    pub findings: Vec<String>,
}

/// One row with the line it begins on.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub line: u64,
    cells: csv::StringRecord,
}

impl Row {
    /// A cell without space around it.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default().trim()
    }
}

impl Table {
    /// Reads the whole table.
    ///
    /// # Errors
    /// No first line, no row, or two columns of one name.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut findings = Vec::new();
        let text = decoded(bytes, &mut findings);
        let delimiter = delimiter(&text, &mut findings);
        let mut lines = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut records = lines.records();
        let header = loop {
            match records.next() {
                Some(Ok(record)) if record.iter().all(|cell| cell.trim().is_empty()) => {}
                Some(Ok(record)) => break record,
                Some(Err(_)) | None => return Err(Refusal::Empty),
            }
        };
        let columns = named(&header)?;
        let (mut rows, mut faults) = (Vec::new(), Vec::new());
        for record in records {
            let line = |record: &csv::StringRecord| record.position().map_or(0, csv::Position::line);
            match record {
                Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(record) if record.len() == columns.len() => rows.push(Row { line: line(&record), cells: record }),
                Ok(record) if record.len() > columns.len() && record.iter().skip(columns.len()).all(str::is_empty) => {
                    rows.push(Row { line: line(&record), cells: record });
                }
                Ok(record) => faults.push(Fault {
                    line: line(&record),
                    column: String::new(),
                    reason: format!("{} cells, where the first line names {} columns", record.len(), columns.len()),
                }),
                Err(error) => faults.push(Fault {
                    line: error.position().map_or(0, csv::Position::line),
                    column: String::new(),
                    reason: "this is not a line of separated values".to_owned(),
                }),
            }
        }
        match (rows.is_empty(), faults.first()) {
            (true, Some(first)) => Err(Refusal::NoRow(first.clone())),
            (true, None) => Err(Refusal::Empty),
            (false, _) => Ok(Self { columns, rows, faults, has_decimal_comma: delimiter == b';', findings }),
        }
    }

    /// The place of a column, capitals and space around its name aside.
    ///
    /// # Errors
    /// No such column.
    pub fn place(&self, name: &str) -> Result<usize, Refusal> {
        let same = |column: &String| column.to_lowercase() == name.trim().to_lowercase();
        self.columns
            .iter()
            .position(same)
            .ok_or_else(|| Refusal::NoColumn { asked: name.to_owned(), found: self.columns.clone() })
    }

    /// The cells of a column, top to bottom.
    pub fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row.cell(column))
    }
}

/// UTF-8 or UTF-16 with or without its mark; what is neither is what spreadsheets on Windows save.
fn decoded(bytes: &[u8], findings: &mut Vec<String>) -> String {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default()).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            findings.push("the table is not UTF-8: read as Windows-1252".to_owned());
            encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned()
        }
    }
}

/// Comma, semicolon or tab: whichever the first line has most of.
fn delimiter(text: &str, findings: &mut Vec<String>) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |byte: u8| first.bytes().filter(|other| *other == byte).count();
    let (commas, semicolons, tabs) = (count(b','), count(b';'), count(b'\t'));
    if tabs > commas && tabs > semicolons {
        findings.push("cells are parted by tabs".to_owned());
        b'\t'
    } else if semicolons > commas {
        findings.push("cells are parted by semicolons, so numbers are read with a decimal comma".to_owned());
        b';'
    } else {
        b','
    }
}

fn named(header: &csv::StringRecord) -> Result<Vec<String>, Refusal> {
    let mut columns: Vec<String> = Vec::with_capacity(header.len());
    for (at, name) in header.iter().enumerate() {
        let name = match name.trim() {
            "" => format!("column {}", at + 1),
            name => name.to_owned(),
        };
        if columns.iter().any(|known| known.to_lowercase() == name.to_lowercase()) {
            return Err(Refusal::TwoAlike(name));
        }
        columns.push(name);
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_cell(bytes: &[u8]) -> String {
        Table::read(bytes).unwrap().rows[0].cell(0).to_owned()
    }

    #[test]
    fn what_spreadsheets_save_is_read() {
        assert_eq!(first_cell("\u{feff}a,b\nZoë,1\n".as_bytes()), "Zoë");
        assert_eq!(first_cell(b"a,b\nZo\xeb,1\n"), "Zoë");
        assert_eq!(first_cell(b"a;b\nx;1,5\n"), "x");
        assert_eq!(first_cell(b"a\tb\nx\t1\n"), "x");
        let wide: Vec<u8> =
            [0xfeff].into_iter().chain("a,b\nZoë,1\n".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(first_cell(&wide), "Zoë");
        assert_eq!(first_cell(b"\n\na,b\n\nx,1\n"), "x");
    }

    #[test]
    fn rows_of_another_length_are_reported_by_line() {
        let table = Table::read(b"a,b\nx,1\ny\nz,2,3\nw,4,,\n").unwrap();
        let told: Vec<String> = table.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "line 3: 1 cells, where the first line names 2 columns",
                "line 4: 3 cells, where the first line names 2 columns"
            ]
        );
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[1].line, 5);
    }

    #[test]
    fn a_table_without_rows_is_refused() {
        assert_eq!(Table::read(b"").unwrap_err(), Refusal::Empty);
        assert_eq!(Table::read(b"a,b\n").unwrap_err(), Refusal::Empty);
        assert_eq!(Table::read(b"a,A\n1,2\n").unwrap_err(), Refusal::TwoAlike("A".into()));
    }
}
