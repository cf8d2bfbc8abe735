//! Reads a workbook's first sheet, cell by cell; a small file that would swell, or a cell in a far corner, is refused before it costs memory.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::reading::{Limits, ReadError, Row, RowError, Rows, TextEncoding, letter};

/// Excel's last day, 31 December 9999, as the number it is stored as.
const LAST_DAY: f64 = 2_958_465.0;

pub(super) fn read_xlsx(bytes: &[u8], limits: &Limits) -> Result<Rows, ReadError> {
    refuse_if_swelling(bytes, limits.unpacked_bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| ReadError::DamagedWorkbook)?;
    let first = book.sheet_names().first().cloned().ok_or(ReadError::Empty)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| ReadError::DamagedWorkbook)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut errors = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| ReadError::DamagedWorkbook)? {
        let (row, column) = cell.get_position();
        let (line, place) = (u64::from(row).saturating_add(1), usize::try_from(column).unwrap_or(usize::MAX));
        match spelled(cell.get_value()) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => put(&mut rows, line, place, text, limits)?,
            Err(message) => errors.push(RowError::new(line, Some(&format!("column {}", letter(place))), message)),
        }
    }
    if !errors.is_empty() {
        return Err(ReadError::Rows(errors));
    }
    rows.retain(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    if rows.is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(Rows { rows, encoding: TextEncoding::Workbook })
}

/// Unpacks every part into nothing and counts, since the sizes a ZIP states about itself may be false.
fn refuse_if_swelling(bytes: &[u8], limit: u64) -> Result<(), ReadError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::DamagedWorkbook)?;
    let mut left = limit;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| ReadError::DamagedWorkbook)?;
        let unpacked = std::io::copy(&mut part.take(left.saturating_add(1)), &mut std::io::sink())
            .map_err(|_| ReadError::DamagedWorkbook)?;
        left = left.checked_sub(unpacked).ok_or(ReadError::WorkbookTooLarge)?;
    }
    Ok(())
}

/// Cells come in order of rows; one that does not is a damaged file.
fn put(rows: &mut Vec<Row>, line: u64, place: usize, text: String, limits: &Limits) -> Result<(), ReadError> {
    if place >= limits.columns {
        return Err(ReadError::TooManyColumns { line, limit: limits.columns });
    }
    if text.chars().count() > limits.cell_characters {
        return Err(ReadError::CellTooLong { line, limit: limits.cell_characters });
    }
    match rows.last().map(|row| row.line) {
        Some(last) if last == line => {}
        Some(last) if last > line => return Err(ReadError::DamagedWorkbook),
        _ if rows.len() >= limits.rows => {
            return Err(ReadError::TooManyRows { limit: limits.rows });
        }
        _ => rows.push(Row { line, cells: Vec::new() }),
    }
    if let Some(row) = rows.last_mut() {
        if row.cells.len() <= place {
            row.cells.resize(place.saturating_add(1), String::new());
        }
        if let Some(cell) = row.cells.get_mut(place) {
            *cell = text;
        }
    }
    Ok(())
}

/// The cell's text as CSV would have it, or what is wrong with it.
fn spelled(value: &DataRef<'_>) -> Result<String, String> {
    match value {
        DataRef::Empty => Ok(String::new()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Ok(text.clone()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::Int(number) => Ok(number.to_string()),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(true) => Ok("yes".to_owned()),
        DataRef::Bool(false) => Ok("no".to_owned()),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::Error(error) => {
            Err(format!("This cell shows the error {error}. Correct its formula, or type the value."))
        }
    }
}

/// Excel shows at most 15 figures, so 0.1 + 0.2 is 0.3 there and here.
fn number_text(number: f64) -> Result<String, String> {
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if shown.is_finite() {
        Ok(shown.to_string())
    } else {
        Err("This is not a number Excel can show. Type the value again.".to_owned())
    }
}

/// A date, a time, or both; the time zone is not in the file.
fn moment_text(moment: &ExcelDateTime) -> Result<String, String> {
    let stored = moment.as_f64();
    if moment.is_duration() || !(0.0..LAST_DAY + 1.0).contains(&stored) {
        return Err("This is a length of time, or no date that we know. Type the date as YYYY-MM-DD.".to_owned());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    Ok(match (stored < 1.0, stored.fract() == 0.0) {
        (true, _) => time,
        (false, true) => date,
        (false, false) => format!("{date}T{time}"),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use rust_xlsxwriter::{Formula, Workbook};

    use super::super::read;
    use super::*;

    fn saved(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut book = Workbook::new();
        fill(book.add_worksheet());
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn gaps_are_filled_and_empty_rows_left_out() {
        let bytes = saved(|sheet| {
            sheet.write_row(0, 0, ["name", "amount", "note"]).unwrap();
            sheet.write_string(2, 0, "a").unwrap();
            sheet.write_number(4, 1, 0.1 + 0.2).unwrap();
        });
        let sheet = read("t.xlsx", &bytes, &Limits::default()).unwrap();
        let found: Vec<_> = sheet.rows().iter().map(|row| (row.line, row.cells.clone())).collect();
        assert_eq!(
            found,
            [
                (3, vec!["a".into(), String::new(), String::new()]),
                (5, vec![String::new(), "0.3".into(), String::new()])
            ]
        );
    }

    #[test]
    fn a_cell_in_a_far_corner_costs_nothing() {
        let bytes = saved(|sheet| {
            sheet.write_string(0, 0, "name").unwrap();
            sheet.write_string(1_048_575, 3, "far").unwrap();
            sheet.write_string(1_048_575, 16_383, "corner").unwrap();
        });
        let error = read("t.xlsx", &bytes, &Limits::default()).unwrap_err();
        assert_eq!(error, ReadError::TooManyColumns { line: 1_048_576, limit: 200 });
    }

    #[test]
    fn a_small_file_that_swells_is_refused() {
        let honest = saved(|sheet| {
            sheet.write_string(0, 0, "name").unwrap();
        });
        let mut writer = zip::ZipWriter::new_append(Cursor::new(honest)).unwrap();
        writer.start_file("xl/media/huge.bin", zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..24 {
            writer.write_all(&vec![0; 1024 * 1024]).unwrap();
        }
        let bytes = writer.finish().unwrap().into_inner();
        assert!(bytes.len() < 200_000, "{}", bytes.len());
        let limits = Limits { unpacked_bytes: 8 * 1024 * 1024, ..Limits::default() };
        assert_eq!(read("t.xlsx", &bytes, &limits).unwrap_err(), ReadError::WorkbookTooLarge);
    }

    #[test]
    fn an_error_in_a_cell_is_named() {
        let bytes = saved(|sheet| {
            sheet.write_string(0, 0, "name").unwrap();
            sheet.write_formula(1, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        });
        let said = read("t.xlsx", &bytes, &Limits::default()).unwrap_err().to_string();
        assert!(said.contains("Line 2, column C") && said.contains("#DIV/0!"), "{said}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn damage_never_panics(changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..20)) {
            let mut bytes = saved(|sheet| {
                sheet.write_row(0, 0, ["name", "amount"]).unwrap();
                sheet.write_number(1, 1, 42.5).unwrap();
            });
            for (at, byte) in changes {
                let length = bytes.len();
                bytes[at as usize % length] = byte;
            }
            let _outcome = read_xlsx(&bytes, &Limits::default());
        }
    }
}
