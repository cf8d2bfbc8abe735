//! Tables as an Excel workbook: one sheet each, heading frozen, numbers and dates kept as such, and every text written as text.

use chrono::{DateTime, NaiveDate};
use hiec_kernel::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Cell, Table};

/// Excel holds no longer text in a cell.
const LONGEST_TEXT: usize = 32_767;
const CUT: &str = " [cut here: the CSV file has the whole text]";

/// The workbook could not be made; for the log.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be made: {0}")]
pub struct WorkbookError(#[from] XlsxError);

/// The bytes of an `.xlsx` with these tables, in this order. The same tables and moment give the same bytes.
pub fn workbook(tables: &[&Table], made: Timestamp) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(made.timestamp())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let mut names: Vec<String> = Vec::new();
    for table in tables {
        let name = sheet_name(table.name(), &names);
        let sheet = book.add_worksheet().set_name(&name)?;
        names.push(name);
        fill(sheet, table)?;
    }
    Ok(book.save_to_buffer()?)
}

/// At most 31 characters, none that Excel forbids, and no name twice (Excel compares without regard to case).
fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let cleaned: String =
        wanted.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).take(27).collect();
    let base = if cleaned.trim().is_empty() || cleaned.trim().eq_ignore_ascii_case("history") {
        "Table"
    } else {
        cleaned.trim()
    };
    let is_taken = |name: &str| taken.iter().any(|one| one.to_lowercase() == name.to_lowercase());
    std::iter::once(base.to_owned())
        .chain((2..=taken.len().saturating_add(1)).map(|number| format!("{base} {number}")))
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| base.to_owned())
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold();
    for (column, place) in table.columns().iter().zip(0u16..) {
        sheet.write_string_with_format(0, place, fitted(&column.key), &heading)?;
        let width = column.key.chars().count().clamp(10, 40);
        sheet.set_column_width(place, u32::try_from(width).unwrap_or(10))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, line) in table.rows().iter().zip(1u32..) {
        for (cell, place) in row.iter().zip(0u16..) {
            write_cell(sheet, line, place, cell)?;
        }
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, fitted(text))?;
        }
        Cell::Integer(number) => {
            sheet.write_number_with_format(row, column, as_number(*number, 0), &Format::new().set_num_format("0"))?;
        }
        Cell::Decimal { units, places } => {
            let format = Format::new().set_num_format(decimal_format(*places));
            sheet.write_number_with_format(row, column, as_number(*units, *places), &format)?;
        }
        Cell::Money(money) => {
            let format = Format::new().set_num_format("[$£-809]#,##0.00");
            sheet.write_number_with_format(row, column, as_number(money.0, 2), &format)?;
        }
        Cell::YesNo(answer) => {
            sheet.write_boolean(row, column, *answer)?;
        }
        Cell::Day(day) if is_excel_day(*day) => {
            sheet.write_datetime_with_format(row, column, day, &Format::new().set_num_format("yyyy-mm-dd"))?;
        }
        Cell::Moment(moment) if is_excel_day(moment.date_naive()) => {
            let format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
            sheet.write_datetime_with_format(row, column, utc(moment), &format)?;
        }
        Cell::Day(_) | Cell::Moment(_) => {
            sheet.write_string(row, column, cell.plain())?;
        }
    }
    Ok(())
}

fn utc(moment: &DateTime<chrono::Utc>) -> chrono::NaiveDateTime {
    moment.naive_utc()
}

/// Excel's calendar begins in 1900 and ends in 9999.
fn is_excel_day(day: NaiveDate) -> bool {
    use chrono::Datelike;
    (1900..=9999).contains(&day.year())
}

fn decimal_format(places: u8) -> String {
    match places {
        0 => "0".to_owned(),
        places => format!("0.{}", "0".repeat(usize::from(places))),
    }
}

/// A workbook knows only floats; up to 15 figures they show exactly what we hold.
#[expect(clippy::cast_precision_loss, reason = "a workbook knows only floats")]
fn as_number(units: i64, places: u8) -> f64 {
    units as f64 / 10f64.powi(i32::from(places))
}

fn fitted(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(LONGEST_TEXT / 2).collect();
    kept.push_str(CUT);
    kept
}

#[cfg(test)]
mod tests {
    use hiec_kernel::{Money, clock};

    use super::super::{Limits, read};
    use super::*;

    fn moment() -> Timestamp {
        clock::from_london("2009-12-01 09:00").unwrap()
    }

    #[test]
    fn types_survive_and_text_never_runs() {
        let mut table = Table::with_columns(
            "awards: 2009/10",
            [("name", ""), ("amount", ""), ("score", ""), ("first", ""), ("day", ""), ("when", ""), ("count", "")],
        );
        table.push([
            Cell::from("=1+1"),
            Cell::from(Money(110_000_050)),
            Cell::Decimal { units: 7150, places: 2 },
            Cell::from(true),
            Cell::from(clock::london_date(moment())),
            Cell::from(moment()),
            Cell::from(-3),
        ]);
        let bytes = workbook(&[&table, &table], moment()).unwrap();
        assert_eq!(bytes, workbook(&[&table, &table], moment()).unwrap());
        let sheet = read("awards.xlsx", &bytes, &Limits::default()).unwrap();
        assert_eq!(sheet.header(), ["name", "amount", "score", "first", "day", "when", "count"]);
        assert_eq!(
            sheet.rows()[0].cells,
            ["=1+1", "1100000.5", "71.5", "yes", "2009-12-01", "2009-12-01T09:00:00", "-3"]
        );
    }

    #[test]
    fn sheet_names_are_what_excel_takes() {
        let taken = vec!["Awards".to_owned()];
        assert_eq!(sheet_name("awards", &taken), "awards 2");
        assert_eq!(sheet_name("a/b:c", &[]), "a b c");
        assert_eq!(sheet_name("", &[]), "Table");
        assert!(sheet_name(&"x".repeat(80), &[]).chars().count() <= 31);
    }

    #[test]
    fn a_text_too_long_for_excel_says_where_the_rest_is() {
        let mut table = Table::with_columns("t", [("text", "")]);
        table.push([Cell::from("é".repeat(40_000))]);
        let bytes = workbook(&[&table], moment()).unwrap();
        let sheet = read("t.xlsx", &bytes, &Limits { cell_characters: 40_000, ..Limits::default() }).unwrap();
        assert!(sheet.rows()[0].cells[0].ends_with(CUT));
    }
}
