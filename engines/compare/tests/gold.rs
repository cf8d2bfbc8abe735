//! Holds the commands to answers other packages gave (`gold/README.md`); the answers must never come from this engine.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_compare::command::{funnel_lines, funnel_summary, funnel_units, rate, wilson};

const UNITS: &str = include_str!("gold/funnel_units.csv");

/// The first columns of a table, as a table: what the command is given.
fn columns(table: &str, first: usize) -> String {
    table.lines().map(|line| line.split(',').take(first).collect::<Vec<_>>().join(",") + "\n").collect()
}

/// Compares two tables cell by cell: texts and empty cells exactly, numbers within a relative tolerance.
fn assert_same(found: &[u8], known: &str, tolerance: f64) {
    let found = std::str::from_utf8(found).unwrap();
    assert_eq!(found.lines().count(), known.lines().count());
    for (at, (found, known)) in found.lines().zip(known.lines()).enumerate() {
        let (found_cells, known_cells): (Vec<&str>, Vec<&str>) =
            (found.split(',').collect(), known.split(',').collect());
        assert_eq!(found_cells.len(), known_cells.len(), "line {}", at + 1);
        for (found_cell, known_cell) in found_cells.iter().zip(&known_cells) {
            let same = match (found_cell.parse::<f64>(), known_cell.parse::<f64>()) {
                (Ok(found), Ok(known)) => (found - known).abs() <= tolerance * known.abs().max(1e-9),
                _ => found_cell == known_cell,
            };
            assert!(same, "line {}: {found_cell} is not {known_cell}\nfound {found}\nknown {known}", at + 1);
        }
    }
}

#[test]
fn wilson_intervals_are_met() {
    let known = include_str!("gold/wilson.csv");
    let mut found = Vec::new();
    wilson(columns(known, 3).as_bytes(), &mut found).unwrap();
    assert_same(&found, known, 1e-12);
}

#[test]
fn rates_are_met() {
    let known = include_str!("gold/rate.csv");
    let mut found = Vec::new();
    rate(columns(known, 4).as_bytes(), &mut found).unwrap();
    assert_same(&found, known, 1e-12);
}

#[test]
fn units_of_funnels_are_met() {
    let mut found = Vec::new();
    funnel_units(columns(UNITS, 5).as_bytes(), &mut found).unwrap();
    assert_same(&found, UNITS, 1e-10);
}

#[test]
fn funnels_in_a_row_are_met() {
    let mut found = Vec::new();
    funnel_summary(columns(UNITS, 5).as_bytes(), &mut found).unwrap();
    assert_same(&found, include_str!("gold/funnel_summary.csv"), 1e-10);
}

#[test]
fn curves_are_met() {
    let known = include_str!("gold/funnel_lines_phe.csv");
    let mut found = Vec::new();
    funnel_lines(columns(UNITS, 5).as_bytes(), columns(known, 2).as_bytes(), &mut found).unwrap();
    assert_same(&found, known, 1e-12);
}
