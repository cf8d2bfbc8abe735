//! Taking a list: read, compared with what is loaded, taken whole or not at all; two prices that hold at once are never taken.

use std::collections::BTreeMap;

use hiec_files::import::{ImportPlan, Importable, Parsed, Placed};
use hiec_files::table::{self, Limits, ReadError, RowError};
use hiec_kernel::{ClusterId, Fingerprint, OrganisationId, Problem};
use hiec_store::{AuditEvent, Reads, Unit};
use hiec_web::uploads::ListError;
use serde::Serialize;

use super::lists::{Entry, List, Lists};
use super::store;
use crate::ground;

/// A host by id, name and code.
type Host = (OrganisationId, String, Option<String>);

/// Reads a list. Hosts are named by name or code.
pub(crate) fn parse(list: List, name: &str, bytes: &[u8], hosts: &[Host]) -> Result<Parsed<Entry>, ReadError> {
    let sheet = table::read(name, bytes, &Limits::default())?;
    let (needed, known) = list.columns();
    sheet.expect_columns(needed, known)?;
    let mut parsed = Parsed { rows: Vec::new(), errors: Vec::new() };
    for record in sheet.records() {
        let mut cells = BTreeMap::new();
        for column in list.all_columns() {
            if let Some(cell) = record.get(column).map(str::trim).filter(|cell| !cell.is_empty()) {
                cells.insert(column.to_owned(), of_a_workbook(column, cell));
            }
        }
        let mut host = None;
        if let Some(named) = cells.get("host").cloned() {
            let is_meant = |(_, name, code): &&Host| {
                name.eq_ignore_ascii_case(&named) || code.as_ref().is_some_and(|code| code.eq_ignore_ascii_case(&named))
            };
            match hosts.iter().find(is_meant) {
                Some((id, name, _)) => {
                    host = Some(*id);
                    cells.insert("host".to_owned(), name.clone());
                }
                None => parsed.errors.push(record.error(
                    "host",
                    "No post of this cluster has this host. Write its name or ODS code as the list of posts does.",
                )),
            }
        }
        let entry = Entry { list, host, cells };
        let faults = if entry.cells.contains_key("host") && host.is_none() { Vec::new() } else { entry.faults() };
        for fault in &faults {
            let (column, words) = fault.split_once(": ").unwrap_or(("", fault));
            parsed.errors.push(record.error(column, format!("{words}.")));
        }
        if faults.is_empty() && !(host.is_none() && entry.cells.contains_key("host")) {
            parsed.rows.push(Placed { line: record.line(), record: entry });
        }
    }
    Ok(parsed)
}

/// A workbook keeps a day with a time and a share as a number; the lists keep them as they are written.
fn of_a_workbook(column: &str, cell: &str) -> String {
    let is_day = ["effective_from", "effective_to", "published_on"].contains(&column);
    match cell.split_once(['T', ' ']) {
        Some((day, _)) if is_day => day.to_owned(),
        _ => cell.to_owned(),
    }
}

/// What taking a list would do. Nothing has been done yet.
pub(crate) struct Preview {
    pub plan: ImportPlan<Entry>,
    file_sha256: Fingerprint,
}

pub(crate) async fn preview(
    reads: &impl Reads,
    cluster: ClusterId,
    list: List,
    name: &str,
    bytes: &[u8],
) -> Result<Preview, ListError> {
    let hosts = store::hosts(reads, cluster).await?;
    let stored = store::entries(reads, cluster, None).await?;
    let parsed = parse(list, name, bytes, &hosts)?;
    let of_list: BTreeMap<String, Entry> =
        stored.iter().filter(|entry| entry.list == list).map(|entry| (entry.key(), entry.clone())).collect();
    let mut plan = ImportPlan::new(parsed, &of_list);
    let clashes = clashes(&plan, of_list);
    plan.row_errors.extend(clashes);
    plan.row_errors.sort();
    Ok(Preview { plan, file_sha256: Fingerprint::of_bytes(bytes) })
}

/// Lines that would hold beside another of the same price or factor. Each is said at its own line.
fn clashes(plan: &ImportPlan<Entry>, stored: BTreeMap<String, Entry>) -> Vec<RowError> {
    let added = plan.new.iter().map(|placed| (placed.line, &placed.record));
    let mut coming: Vec<(u64, &Entry)> = added.chain(plan.changed.iter().map(|row| (row.line, &row.record))).collect();
    coming.sort_by_key(|(line, _)| *line);
    let mut all = stored;
    all.extend(coming.iter().map(|(_, entry)| (entry.key(), (*entry).clone())));
    if Lists::of(&all.values().cloned().collect::<Vec<_>>()).is_ok() {
        return Vec::new();
    }
    // Something clashes: line by line, to say which. What is loaded never clashes with itself.
    for (_, entry) in &coming {
        all.remove(&entry.key());
    }
    let mut taken: Vec<Entry> = all.into_values().collect();
    let mut errors = Vec::new();
    for (line, entry) in coming.into_iter().take(1_000) {
        taken.push(entry.clone());
        if let Err(words) = Lists::of(&taken) {
            errors.extend(words.into_iter().map(|words| RowError::new(line, None, said(&words, entry))));
            taken.pop();
        }
    }
    errors
}

/// The engine knows hosts by their ids.
fn said(words: &str, entry: &Entry) -> String {
    let words = match entry.host {
        Some(host) => words.replace(&host.to_string(), entry.cell("host")),
        None => words.to_owned(),
    };
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str() + ".").unwrap_or_default()
}

/// A list was taken. Changed lines keep what stood before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct TariffLoaded {
    list: List,
    pub added: usize,
    pub changed: Vec<EntryChanged>,
    file_sha256: Fingerprint,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct EntryChanged {
    key: String,
    /// Column, before, after.
    cells: Vec<(&'static str, String, String)>,
}

impl AuditEvent for TariffLoaded {
    const KIND: &'static str = "education.tariff.loaded";
}

/// Does what was previewed, all of it or nothing. The caller commits.
pub(crate) async fn carry_out(
    unit: &mut Unit,
    cluster: ClusterId,
    list: List,
    preview: Preview,
    seen: Option<&Fingerprint>,
    is_illustrative: bool,
) -> Result<TariffLoaded, Problem> {
    let Preview { plan, file_sha256 } = preview;
    let change = |row: &hiec_files::import::Changed<Entry>| EntryChanged {
        key: row.record.key(),
        cells: row.fields.iter().map(|field| (field.field, field.before.clone(), field.after.clone())).collect(),
    };
    let changed = plan.changed.iter().map(change).collect();
    let accepted = match seen {
        Some(seen) => plan.accept_as_previewed(seen)?,
        None => plan.accept()?,
    };
    for entry in accepted.new.iter().chain(&accepted.changed) {
        store::keep(unit, cluster, entry, &file_sha256, is_illustrative).await?;
    }
    let event = TariffLoaded { list, added: accepted.new.len(), changed, file_sha256 };
    unit.audit(ground::stream(cluster), format!("tariff:{}", list.key()), &event)?;
    Ok(event)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn hosts() -> Vec<Host> {
        vec![(OrganisationId(Uuid::from_u128(1)), "Hospital 01".into(), Some("R1H".into()))]
    }

    fn read(list: List, text: &str) -> Parsed<Entry> {
        parse(list, "list.csv", text.as_bytes(), &hosts()).unwrap()
    }

    #[test]
    fn hosts_are_found_by_name_or_code_and_kept_by_name() {
        let parsed =
            read(List::Factors, "host,factor,effective_from\nr1h,1.08,2010-04-01\nHospital 01,1.09,2011-04-01\n");
        assert_eq!(parsed.errors, []);
        assert!(parsed.rows.iter().all(|row| row.record.cell("host") == "Hospital 01"));
        let parsed = read(List::Factors, "host,factor,effective_from\nElsewhere,12,2010-04-01\n");
        assert!(
            parsed.errors[0].to_string().starts_with("Line 2, host: No post of this cluster"),
            "{:?}",
            parsed.errors
        );
    }

    #[test]
    fn every_fault_is_named_by_line_and_column() {
        let parsed = read(List::Prices, "tariff,price,effective_from\n,free,soon\nclinical,5000,2010-04-01\n");
        let said: Vec<String> = parsed.errors.iter().map(ToString::to_string).collect();
        for wanted in ["Line 2, effective_from:", "Line 2, tariff:", "Line 2, price:"] {
            assert!(said.iter().any(|line| line.starts_with(wanted)), "{wanted} {said:?}");
        }
        assert_eq!(parsed.rows.len(), 1);
        let parsed = read(List::Salaries, "grade,basic_salary,effective_from\nST3,much,\n");
        assert_eq!(parsed.errors.len(), 2);
    }

    #[test]
    fn prices_that_hold_at_once_are_said_at_their_lines() {
        let text = "tariff,price,effective_from,effective_to\nclinical,1,2010-04-01,2011-03-31\nclinical,2,2011-03-31,2012-03-31\n";
        let plan = ImportPlan::new(read(List::Prices, text), &BTreeMap::new());
        let errors = clashes(&plan, BTreeMap::new());
        assert_eq!(errors.len(), 1);
        assert!(
            errors[0].to_string().contains("Line 3") && errors[0].to_string().contains("Two hold at once"),
            "{errors:?}"
        );
    }
}
