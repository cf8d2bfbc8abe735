//! Reading a list of what was spent and comparing it with what is booked; it is taken whole or not at all, and a line that cannot be read is never guessed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use hiec_contracts::ProjectSeen;
use hiec_files::import::{ImportPlan, Importable, Parsed, Placed};
use hiec_files::table::{self, Limits, ReadError, Record, RowError};
use hiec_kernel::{Fingerprint, Money, Problem};
use hiec_store::{AuditEvent, Reads, StoreError, Unit};
use serde::Serialize;

use super::rules::RUNNING;
use super::store;
use crate::clusters::store::Cluster;
use crate::desk::ProjectNamed;

/// Something spent, as the ledger of the host has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Booked {
    /// The ledger's own reference: what tells it from every other.
    pub reference: String,
    pub on: NaiveDate,
    pub pathway: String,
    pub what: String,
    /// Negative where something was paid back.
    pub amount: Money,
    pub project: Option<ProjectNamed>,
}

impl Importable for Booked {
    fn key(&self) -> String {
        self.reference.clone()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("date", self.on.to_string()),
            ("pathway", self.pathway.clone()),
            ("what", self.what.clone()),
            ("amount", self.amount.to_string()),
            ("project", self.project.as_ref().map(|project| project.name.clone()).unwrap_or_default()),
        ]
    }
}

/// The columns a list must have, and those it may.
pub(crate) const NEEDED: &[&str] = &["reference", "date", "what", "amount"];
pub(crate) const KNOWN: &[&str] = &["pathway", "project"];

/// Longest reference and words taken.
const LONGEST: usize = 200;

/// Why a file cannot even be previewed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    #[error("{0}")]
    Unreadable(#[from] ReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads a list. Projects are named as the cluster names them.
pub(crate) fn parse(
    name: &str,
    bytes: &[u8],
    term: (NaiveDate, NaiveDate),
    projects: &[ProjectSeen],
) -> Result<Parsed<Booked>, ReadError> {
    let sheet = table::read(name, bytes, &Limits::default())?;
    sheet.expect_columns(NEEDED, KNOWN)?;
    let mut parsed = Parsed { rows: Vec::new(), errors: Vec::new() };
    for record in sheet.records() {
        match booked(record, term, projects) {
            Ok(one) => parsed.rows.push(Placed { line: record.line(), record: one }),
            Err(mut errors) => parsed.errors.append(&mut errors),
        }
    }
    Ok(parsed)
}

fn booked(
    record: Record<'_>,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
    projects: &[ProjectSeen],
) -> Result<Booked, Vec<RowError>> {
    let mut errors = Vec::new();
    let mut keep = |result: Result<&str, RowError>| match result {
        Ok(text) if text.chars().count() <= LONGEST => Some(text.to_owned()),
        Ok(_) => {
            errors.push(RowError::new(
                record.line(),
                None,
                format!("A cell here is longer than {LONGEST} characters. Shorten it."),
            ));
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    };
    let reference = keep(record.require("reference"));
    let what = keep(record.require("what"));
    let pathway = record.get("pathway").unwrap_or(RUNNING);
    let pathway = keep(Ok(pathway));
    let on = match record.require("date").map(read_day) {
        Ok(Some(day)) if day < starts_on => {
            errors.push(record.error("date", "This day is before the cluster began. Check the year."));
            None
        }
        // Bills come in for a while after the last day.
        Ok(Some(day)) if ends_on.checked_add_days(Days::new(366)).is_some_and(|last| day > last) => {
            errors.push(record.error("date", "This day is more than a year after the cluster’s last. Check the year."));
            None
        }
        Ok(Some(day)) => Some(day),
        Ok(None) => {
            errors.push(record.error("date", "This is no day. Write it as 2010-09-30 or 30/09/2010."));
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    };
    let amount = match record.require("amount").map(Money::parse) {
        Ok(Ok(amount)) if amount.0 == 0 => {
            errors.push(record.error("amount", "This is nought. Leave the line out."));
            None
        }
        Ok(Ok(amount)) => Some(amount),
        Ok(Err(error)) => {
            errors.push(record.error("amount", format!("{error}.")));
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    };
    let project = match record.get("project") {
        None => Some(None),
        Some(named) => match projects.iter().find(|one| one.name.eq_ignore_ascii_case(named)) {
            Some(project) => Some(Some(ProjectNamed { id: project.id, name: project.name.clone() })),
            None => {
                errors.push(record.error("project", "The cluster has no project of this name. Write it as the list of projects does, or leave it empty."));
                None
            }
        },
    };
    match (reference, on, pathway, what, amount, project) {
        (Some(reference), Some(on), Some(pathway), Some(what), Some(amount), Some(project)) if errors.is_empty() => {
            Ok(Booked { reference, on, pathway, what, amount, project })
        }
        _ => Err(errors),
    }
}

/// `2010-09-30`, as tables keep a day, or `30/09/2010`, as people in England write one.
fn read_day(text: &str) -> Option<NaiveDate> {
    let date = text.split(['T', ' ']).next().unwrap_or(text);
    ["%Y-%m-%d", "%d/%m/%Y"].iter().find_map(|format| NaiveDate::parse_from_str(date, format).ok())
}

/// What an import would do. Nothing has been done yet.
pub(crate) struct Preview {
    pub plan: ImportPlan<Booked>,
    file_sha256: Fingerprint,
}

/// Reads a file and compares it with the books.
pub(crate) async fn preview(
    reads: &impl Reads,
    cluster: &Cluster,
    projects: &[ProjectSeen],
    name: &str,
    bytes: &[u8],
) -> Result<Preview, ImportError> {
    let parsed = parse(name, bytes, (cluster.starts_on, cluster.ends_on), projects)?;
    let stored: BTreeMap<String, Booked> =
        store::actuals(reads, cluster.id).await?.into_iter().map(|one| (one.key(), one)).collect();
    Ok(Preview { plan: ImportPlan::new(parsed, &stored), file_sha256: Fingerprint::of_bytes(bytes) })
}

/// A list of what was spent was taken into the books. Changed lines keep what stood before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct ActualsImported {
    pub added: usize,
    pub changed: Vec<BookingChanged>,
    /// Of the file, so that it can be shown which one it was.
    file_sha256: Fingerprint,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct BookingChanged {
    reference: String,
    /// Field, before, after.
    fields: Vec<(&'static str, String, String)>,
}

impl AuditEvent for ActualsImported {
    const KIND: &'static str = "money.actuals_imported";
}

/// Does what was previewed, all of it or nothing. Refused where the books have changed since the preview somebody saw. The caller commits.
pub(crate) async fn carry_out(
    unit: &mut Unit,
    cluster: &Cluster,
    preview: Preview,
    seen: Option<&Fingerprint>,
) -> Result<ActualsImported, Problem> {
    let Preview { plan, file_sha256 } = preview;
    let changed: Vec<BookingChanged> = plan
        .changed
        .iter()
        .map(|row| BookingChanged {
            reference: row.record.reference.clone(),
            fields: row.fields.iter().map(|field| (field.field, field.before.clone(), field.after.clone())).collect(),
        })
        .collect();
    let accepted = match seen {
        Some(seen) => plan.accept_as_previewed(seen)?,
        None => plan.accept()?,
    };
    for one in accepted.new.iter().chain(&accepted.changed) {
        store::keep_actual(unit, cluster.id, one, &file_sha256).await?;
    }
    let event = ActualsImported { added: accepted.new.len(), changed, file_sha256 };
    unit.audit(cluster.stream(), "money:actuals", &event)?;
    Ok(event)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read(text: &str) -> Parsed<Booked> {
        let project = ProjectSeen {
            id: Uuid::from_u128(7),
            name: "Country of Birth".into(),
            pathway: "Migrant health".into(),
            status: "On track".into(),
            reason: String::new(),
            path: "/clusters/x/projects/7".into(),
            products: vec![],
        };
        parse("spent.csv", text.as_bytes(), (day("2010-01-01"), day("2011-12-31")), &[project]).unwrap()
    }

    #[test]
    fn reads_days_amounts_and_projects() {
        let parsed = read(
            "reference,date,what,amount,pathway,project\nA1,2010-09-30,Workshop,\"£1,250.50\",Migrant health,country of birth\nA2,01/10/2010,Rent,300,,\n",
        );
        assert_eq!(parsed.errors, []);
        let first = &parsed.rows[0].record;
        assert_eq!(first.amount, Money(125_050));
        assert_eq!(first.project.as_ref().unwrap().name, "Country of Birth");
        assert_eq!(parsed.rows[1].record.pathway, RUNNING);
        assert_eq!(parsed.rows[1].record.on, day("2010-10-01"));
    }

    #[test]
    fn every_fault_is_named_by_line_and_column() {
        let parsed = read(
            "reference,date,what,amount,project\n,2010-09-30,Workshop,5,\nA2,2009-10-01,Rent,0,Unknown\nA3,soon,Rent,five,\n",
        );
        assert_eq!(parsed.rows, []);
        let said: Vec<String> = parsed.errors.iter().map(ToString::to_string).collect();
        for wanted in [
            "Line 2, reference:",
            "Line 3, date:",
            "Line 3, amount:",
            "Line 3, project:",
            "Line 4, date:",
            "Line 4, amount:",
        ] {
            assert!(said.iter().any(|line| line.starts_with(wanted)), "{wanted} {said:?}");
        }
    }

    #[test]
    fn a_list_without_its_columns_is_refused() {
        let term = (day("2010-01-01"), day("2011-12-31"));
        assert!(parse("x.csv", b"reference,date\nA,2010-01-01\n", term, &[]).is_err());
    }
}
