//! Feeds any bytes, as CSV or as a workbook, to the reading of tables and to the import of organisations; it must never accept a panic, a row of another width, or a refusal without words.
#![no_main]

use std::collections::BTreeMap;

use hiec_files::import::{ImportPlan, Importable, Parsed};
use hiec_files::ods::{self, OdsOrganisation};
use hiec_files::table::{Cell, Column, Limits, Table, read, read_rows};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // The first byte says what the file is called; small limits, so that they are met.
    let Some((first, bytes)) = input.split_first() else { return };
    let name = ["list.csv", "list.xlsx", "list.txt", "list", ""][usize::from(*first) % 5];
    let limits = Limits { bytes: 64 * 1024, rows: 50, columns: 12, cell_characters: 200, unpacked_bytes: 256 * 1024 };
    match read_rows(name, bytes, &limits) {
        Ok(rows) => assert!(rows.rows.len() <= limits.rows && rows.rows.iter().all(|row| row.line > 0)),
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
    match read(name, bytes, &limits) {
        Ok(sheet) => {
            assert!(sheet.rows().iter().all(|row| row.cells.len() == sheet.header().len()));
            let rows: Vec<&[String]> = sheet.rows().iter().map(|row| row.cells.as_slice()).collect();
            written_and_read_again(sheet.header().len(), &rows);
        }
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
    match ods::read(name, bytes, &limits) {
        Ok(parsed) => previewed(parsed),
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
});

/// What was read, written as our own CSV, is read as the same. Control characters, which a workbook may hold, are no text.
fn written_and_read_again(width: usize, rows: &[&[String]]) {
    let is_text = |cell: &String| !cell.contains(|c: char| c.is_control() && c != '\n' && c != '\t');
    if !rows.iter().all(|row| row.iter().all(is_text)) {
        return;
    }
    let mut table = Table::new("fuzz", (0..width).map(|place| Column::new(format!("c{place}"), "")).collect());
    rows.iter().for_each(|row| table.push(row.iter().map(|cell| Cell::text(cell.as_str()))));
    let again = read("again.csv", table.to_csv().as_bytes(), &Limits::default()).unwrap();
    let trimmed = |cells: &[String]| cells.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let is_said = |cells: &Vec<String>| cells.iter().any(|cell| !cell.is_empty());
    let before: Vec<_> = rows.iter().map(|row| trimmed(row)).filter(is_said).collect();
    let after: Vec<_> = again.rows().iter().map(|row| trimmed(&row.cells)).filter(is_said).collect();
    assert_eq!(before, after);
}

/// Every line is counted once, and an import is taken whole or not at all; done twice, it changes nothing.
fn previewed(parsed: Parsed<OdsOrganisation>) {
    let lines = parsed.rows.len() + parsed.errors.len();
    let plan = ImportPlan::new(parsed.clone(), &BTreeMap::new());
    assert_eq!(plan.rows_ok() + plan.row_errors.len(), lines);
    assert!(plan.row_errors.iter().all(|error| error.line > 0 && !error.message.is_empty()));
    let seen = plan.fingerprint();
    assert_eq!(plan.clone().accept_as_previewed(&seen).is_ok(), plan.is_acceptable());
    let Ok(accepted) = plan.accept() else { return };
    let stored = accepted.new.into_iter().map(|record| (record.key(), record)).collect();
    let again = ImportPlan::new(parsed, &stored);
    assert!(again.new.is_empty() && again.changed.is_empty());
}
