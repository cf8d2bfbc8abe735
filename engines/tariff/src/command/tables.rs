//! Reads tables of comma-separated values whole; it must never stop at the first row that is wrong.

use std::collections::HashSet;

use crate::book::{Dated, Factor, Price};
use crate::placement::Placement;
use crate::quality::Weight;
use crate::reading::{
    self, Cells, FACTOR_COLUMNS, INCOME_COLUMNS, PLACEMENT_COLUMNS, PRICE_COLUMNS, QUALITY_COLUMNS, TRANSITION_COLUMNS,
};
use crate::transition::{Income, Transition};

/// The most problems that are told of one table.
const MOST_PROBLEMS: usize = 100;

/// Rows that were understood, problems with the others, columns nobody asked for.
#[derive(Debug)]
pub struct Table<T> {
    pub rows: Vec<T>,
    pub problems: Vec<String>,
    pub ignored: Vec<String>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), problems: Vec::new(), ignored: Vec::new() }
    }
}

pub fn prices(text: &[u8]) -> Table<Dated<Price>> {
    read(text, &PRICE_COLUMNS, 3, reading::price)
}

pub fn factors(text: &[u8]) -> Table<Dated<Factor>> {
    read(text, &FACTOR_COLUMNS, 3, reading::factor)
}

pub fn transitions(text: &[u8]) -> Table<Dated<Transition>> {
    read(text, &TRANSITION_COLUMNS, 1, reading::transition)
}

pub fn incomes(text: &[u8]) -> Table<Income> {
    let mut table = read(text, &INCOME_COLUMNS, 4, reading::income);
    let mut seen = HashSet::new();
    let twice: Vec<String> = table
        .rows
        .iter()
        .filter(|row| !seen.insert((row.host.clone(), row.year)))
        .map(|row| format!("{} has two lines for {}", row.host, row.year))
        .collect();
    table.problems.extend(twice);
    table
}

/// Shares by quality; one at a time for a host.
pub fn weights(text: &[u8]) -> Table<Weight> {
    let mut table = read(text, &QUALITY_COLUMNS, 4, reading::weight);
    let mut rows: Vec<&Weight> = table.rows.iter().collect();
    rows.sort_by(|one, other| (&one.host, one.days).cmp(&(&other.host, other.days)));
    let clashes: Vec<String> = rows
        .windows(2)
        .filter_map(|pair| match pair {
            [one, next] if one.host == next.host && one.days.overlaps(next.days) => {
                Some(format!("two shares of {} hold at once: {} and {}", one.host, one.days, next.days))
            }
            _ => None,
        })
        .collect();
    table.problems.extend(clashes);
    table
}

pub fn placements(text: &[u8]) -> Table<Placement> {
    let mut table = read(text, &PLACEMENT_COLUMNS, 3, reading::placement);
    let mut seen = HashSet::new();
    let twice: Vec<String> = table
        .rows
        .iter()
        .filter(|row| !row.reference.is_empty() && !seen.insert(row.reference.clone()))
        .map(|row| format!("reference {}: two placements have it; give each its own", row.reference))
        .collect();
    table.problems.extend(twice);
    table
}

/// Reads a table whose first `needed` columns must be there.
fn read<T>(
    text: &[u8],
    columns: &[&str],
    needed: usize,
    row: impl Fn(Cells<'_>) -> Result<T, Vec<String>>,
) -> Table<T> {
    let mut table = Table::default();
    let Ok(text) = std::str::from_utf8(text) else {
        table.problems.push("the table is not UTF-8 text; save it as CSV UTF-8 and try again".to_owned());
        return table;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let heading: Vec<String> = match reader.headers() {
        Ok(heading) if !heading.iter().all(str::is_empty) => heading.iter().map(str::to_owned).collect(),
        _ => {
            table
                .problems
                .push(format!("the table is empty: its first line names the columns: {}", columns.join(", ")));
            return table;
        }
    };
    let missing: Vec<&str> =
        columns.iter().take(needed).copied().filter(|column| !heading.iter().any(|name| name == column)).collect();
    if !missing.is_empty() {
        let (missing, there) = (missing.join(", "), heading.join(", "));
        table.problems.push(format!("line 1: columns are missing: {missing}. The first line names: {there}"));
    }
    for column in columns.iter().filter(|column| heading.iter().filter(|name| name == *column).count() > 1) {
        table.problems.push(format!("line 1: two columns are called {column}: which one is meant?"));
    }
    table.ignored = heading.iter().filter(|name| !columns.contains(&name.as_str())).cloned().collect();
    if !table.problems.is_empty() {
        return table;
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                table.problems.push(error.to_string());
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != heading.len() {
            let (cells, wanted) = (record.len(), heading.len());
            table.problems.push(format!("line {line}: {cells} cells, where the first line names {wanted} columns"));
            continue;
        }
        let cell = |column: &str| {
            heading.iter().position(|name| name == column).and_then(|at| record.get(at)).unwrap_or_default()
        };
        match row(Cells::new(&cell)) {
            Ok(it) => table.rows.push(it),
            Err(problems) => {
                table.problems.extend(problems.into_iter().map(|problem| format!("line {line}, {problem}")));
            }
        }
        if table.problems.len() >= MOST_PROBLEMS {
            table.problems.push(format!("and perhaps more: only the first {MOST_PROBLEMS} problems are told"));
            break;
        }
    }
    table
}
