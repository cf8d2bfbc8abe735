//! The preview of an import: what is new, what would change, what is wrong and where; it is taken whole or not at all.

use std::collections::BTreeMap;

use hiec_kernel::{Fingerprint, Problem, ProblemKind};
use serde::Serialize;

use crate::table::RowError;

/// Something that can be imported: known by a key that the file gives, compared by its fields.
pub trait Importable {
    /// What tells it from every other, for instance its ODS code.
    fn key(&self) -> String;

    /// Name and value of everything an import may change, as a person reads it. Always the same names in the same order.
    fn fields(&self) -> Vec<(&'static str, String)>;
}

/// A record with the line it came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Placed<T> {
    pub line: u64,
    pub record: T,
}

/// What reading a file gave: records, and the lines that are none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parsed<T> {
    pub rows: Vec<Placed<T>>,
    pub errors: Vec<RowError>,
}

/// One field that would change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FieldChange {
    pub field: &'static str,
    pub before: String,
    pub after: String,
}

/// A record that is there already and would change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Changed<T> {
    pub line: u64,
    pub record: T,
    pub fields: Vec<FieldChange>,
}

/// What an import would do. Nothing has been done yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ImportPlan<T> {
    pub new: Vec<Placed<T>>,
    pub changed: Vec<Changed<T>>,
    pub unchanged: Vec<Placed<T>>,
    /// In order of lines. While there is one, nothing can be imported.
    pub row_errors: Vec<RowError>,
}

/// The records to write, all of them or none, in one transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted<T> {
    pub new: Vec<T>,
    pub changed: Vec<T>,
    pub unchanged: usize,
}

/// Why a plan cannot be carried out.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAccepted {
    #[error("{} of the file's lines need correcting, so nothing was imported. Correct them and upload the file again. First: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    RowErrors(Vec<RowError>),
    #[error(
        "What is stored has changed since the preview, so nothing was imported. Look at the new preview and confirm again."
    )]
    Stale,
}

impl From<NotAccepted> for Problem {
    fn from(refusal: NotAccepted) -> Self {
        let kind = match refusal {
            NotAccepted::RowErrors(_) => ProblemKind::Invalid,
            NotAccepted::Stale => ProblemKind::Conflict,
        };
        let said = refusal.to_string();
        let (title, next) = said.split_once(". ").unwrap_or((&said, ""));
        Self::new(kind, title, next)
    }
}

impl<T: Importable> ImportPlan<T> {
    /// Compares what was read with what is stored, by key. A key that stands twice in the file is an error of its later line.
    pub fn new(parsed: Parsed<T>, stored: &BTreeMap<String, T>) -> Self {
        let mut plan = Self { new: Vec::new(), changed: Vec::new(), unchanged: Vec::new(), row_errors: parsed.errors };
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for Placed { line, record } in parsed.rows {
            let key = record.key();
            if let Some(first) = seen.get(&key) {
                let message = format!("“{key}” stands on line {first} already. Keep one of the two.");
                plan.row_errors.push(RowError::new(line, None, message));
                continue;
            }
            match stored.get(&key).map(|before| differences(before, &record)) {
                None => plan.new.push(Placed { line, record }),
                Some(fields) if fields.is_empty() => plan.unchanged.push(Placed { line, record }),
                Some(fields) => plan.changed.push(Changed { line, record, fields }),
            }
            seen.insert(key, line);
        }
        plan.row_errors.sort();
        plan
    }

    /// How many lines can be imported as they are.
    pub fn rows_ok(&self) -> usize {
        self.new.len() + self.changed.len() + self.unchanged.len()
    }

    pub fn is_acceptable(&self) -> bool {
        self.row_errors.is_empty()
    }

    /// Stands for this very preview: send it with the form and compare on confirming (see [`Self::accept_as_previewed`]).
    pub fn fingerprint(&self) -> Fingerprint {
        let mut said: Vec<String> = Vec::new();
        for row in self.new.iter().chain(&self.unchanged) {
            said.push(format!("{}\0{:?}", row.record.key(), row.record.fields()));
        }
        for row in &self.changed {
            said.push(format!("{}\0{:?}", row.record.key(), row.fields));
        }
        for error in &self.row_errors {
            said.push(error.to_string());
        }
        let counts = [self.new.len(), self.changed.len(), self.unchanged.len()];
        Fingerprint::of_bytes(format!("{counts:?}{}", said.join("\n")).as_bytes())
    }

    /// All or nothing.
    pub fn accept(self) -> Result<Accepted<T>, NotAccepted> {
        if !self.row_errors.is_empty() {
            return Err(NotAccepted::RowErrors(self.row_errors));
        }
        Ok(Accepted {
            new: self.new.into_iter().map(|row| row.record).collect(),
            changed: self.changed.into_iter().map(|row| row.record).collect(),
            unchanged: self.unchanged.len(),
        })
    }

    /// The same, and only if the plan is still the one the person saw.
    pub fn accept_as_previewed(self, previewed: &Fingerprint) -> Result<Accepted<T>, NotAccepted> {
        if self.fingerprint() != *previewed {
            return Err(NotAccepted::Stale);
        }
        self.accept()
    }
}

fn differences<T: Importable>(before: &T, after: &T) -> Vec<FieldChange> {
    before
        .fields()
        .into_iter()
        .zip(after.fields())
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| FieldChange { field, before, after })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, PartialEq, Eq, Debug)]
    struct Site(&'static str, &'static str);

    impl Importable for Site {
        fn key(&self) -> String {
            self.0.to_owned()
        }

        fn fields(&self) -> Vec<(&'static str, String)> {
            vec![("name", self.1.to_owned())]
        }
    }

    fn plan(rows: &[Site], errors: Vec<RowError>) -> ImportPlan<Site> {
        let stored = [Site("A", "Ash"), Site("B", "Birch")].map(|site| (site.key(), site));
        let rows = rows.iter().cloned().zip(2..).map(|(record, line)| Placed { line, record }).collect();
        ImportPlan::new(Parsed { rows, errors }, &BTreeMap::from(stored))
    }

    #[test]
    fn the_preview_tells_new_changed_and_unchanged_apart() {
        let plan = plan(&[Site("A", "Ash"), Site("B", "Beech"), Site("C", "Cedar")], vec![]);
        assert_eq!(plan.rows_ok(), 3);
        assert_eq!(plan.unchanged, [Placed { line: 2, record: Site("A", "Ash") }]);
        let change = FieldChange { field: "name", before: "Birch".into(), after: "Beech".into() };
        assert_eq!(plan.changed[0].fields, [change]);
        let accepted = plan.accept().unwrap();
        assert_eq!(accepted.new, [Site("C", "Cedar")]);
        assert_eq!(accepted.changed, [Site("B", "Beech")]);
        assert_eq!(accepted.unchanged, 1);
    }

    #[test]
    fn one_bad_line_stops_all_of_it() {
        let bad = RowError::new(9, Some("name"), "This is empty. Fill it in.");
        let refused = plan(&[Site("C", "Cedar")], vec![bad.clone()]).accept().unwrap_err();
        assert_eq!(refused, NotAccepted::RowErrors(vec![bad]));
        let twice = plan(&[Site("C", "Cedar"), Site("C", "Cherry")], vec![]);
        assert_eq!(twice.row_errors[0].to_string(), "Line 3: “C” stands on line 2 already. Keep one of the two.");
        assert!(!twice.is_acceptable());
    }

    #[test]
    fn a_plan_gone_stale_is_not_carried_out() {
        let seen = plan(&[Site("B", "Beech")], vec![]).fingerprint();
        assert!(plan(&[Site("B", "Beech")], vec![]).accept_as_previewed(&seen).is_ok());
        let stored_since = BTreeMap::from([("B".to_owned(), Site("B", "Box"))]);
        let rows = vec![Placed { line: 2, record: Site("B", "Beech") }];
        let now = ImportPlan::new(Parsed { rows, errors: vec![] }, &stored_since);
        assert_eq!(now.accept_as_previewed(&seen), Err(NotAccepted::Stale));
    }
}
