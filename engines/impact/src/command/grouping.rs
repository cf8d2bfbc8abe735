//! Rows gathered by the series they belong to, in the order series were first seen; it must never lose a row's line.

use std::collections::HashMap;

use hiec_tables::{Problem, Row};

/// Series with what was read of each.
pub(super) struct Grouping<T> {
    places: HashMap<String, usize>,
    pub(super) series: Vec<(String, Vec<T>)>,
}

impl<T> Grouping<T> {
    pub(super) fn new() -> Self {
        Self { places: HashMap::new(), series: Vec::new() }
    }

    pub(super) fn add(&mut self, series: &str, row: T) {
        let place = match self.places.get(series) {
            Some(&place) => place,
            None => {
                self.places.insert(series.to_owned(), self.series.len());
                self.series.push((series.to_owned(), Vec::new()));
                self.series.len() - 1
            }
        };
        if let Some((_, rows)) = self.series.get_mut(place) {
            rows.push(row);
        }
    }
}

/// A name that must be there.
pub(super) fn name<'a>(row: Row<'a>, column: usize) -> Result<&'a str, Problem> {
    let text = row.text(column)?;
    row.needed(column, Ok((!text.is_empty()).then_some(text)))
}

/// A flag that must be there: 1 or 0.
pub(super) fn flag(row: Row<'_>, column: usize) -> Result<bool, Problem> {
    match row.needed(column, row.number(column))? {
        0.0 => Ok(false),
        1.0 => Ok(true),
        other => Err(Problem::cell(row.line(), row.name(column), format!("“{other}” is neither 1 nor 0"))),
    }
}
