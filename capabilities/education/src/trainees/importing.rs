//! Reading a list of trainees: programmes by key or whole name; a line that would leave a placement without its trainee is refused, never guessed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::people;
use hiec_contracts::ClusterSeen;
use hiec_files::import::{ImportPlan, Importable};
use hiec_files::table::{self, Limits, Record, RowError};
use hiec_kernel::clock::london_date;
use hiec_kernel::{PersonId, Problem};
use hiec_store::Unit;
use hiec_web::uploads::ListError;
use serde::Serialize;
use uuid::Uuid;

use super::actions::{self, NewTrainee};
use super::changing::{misfits, too_early};
use super::new::is_number;
use super::store::{self, Trainee};
use crate::lists::{Incoming, lines};
use crate::posts::importing::conflicts;
use crate::posts::importing::{day_in, line_in};
use crate::programmes::store::{self as programmes, Programme};
use crate::words::Wte;

/// A line of the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Listed {
    number: String,
    name: String,
    /// Its key, however the list names it.
    programme: String,
    grade: String,
    wte: Wte,
    starts_on: NaiveDate,
    planned_end: NaiveDate,
    /// Of their account; empty where the list says nothing of it.
    email: String,
    #[serde(skip)]
    person: Option<PersonId>,
    is_illustrative: bool,
}

impl Importable for Listed {
    fn key(&self) -> String {
        self.number.clone()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", self.name.clone()),
            ("programme", self.programme.clone()),
            ("grade", self.grade.clone()),
            ("wte", self.wte.to_string()),
            ("starts_on", self.starts_on.to_string()),
            ("planned_end", self.planned_end.to_string()),
            ("email", self.email.to_lowercase()),
        ]
    }
}

struct Known {
    programmes: Vec<Programme>,
    people: BTreeMap<String, PersonId>,
}

impl Known {
    /// By key, else by whole name where one programme alone has it.
    fn programme(&self, typed: &str) -> Option<&Programme> {
        let named: Vec<&Programme> =
            self.programmes.iter().filter(|one| one.name.eq_ignore_ascii_case(typed)).collect();
        self.programmes.iter().find(|one| one.key == typed).or(match named[..] {
            [only] => Some(only),
            _ => None,
        })
    }
}

fn listed(record: Record<'_>, known: &Known) -> Result<Listed, RowError> {
    let number = line_in(record, "number")?;
    if !is_number(&number) {
        return Err(record.error("number", "Write it with letters, figures and hyphens alone, at most 40."));
    }
    let programme = known.programme(record.require("programme")?).ok_or_else(|| {
        let keys: Vec<&str> = known.programmes.iter().map(|one| one.key.as_str()).collect();
        record.error("programme", format!("This is no programme here. Known are: {}.", keys.join(", ")))
    })?;
    let wte = Wte::read(record.require("wte")?).filter(|wte| (Wte(1)..=Wte::FULL).contains(wte)).ok_or_else(|| {
        record.error("wte", "This is no share of whole-time. Write a number above 0 and up to 1, such as 0.6.")
    })?;
    let starts_on = day_in(record, "starts_on")?;
    let planned_end = day_in(record, "planned_end")?;
    if planned_end < starts_on {
        return Err(record.error("planned_end", "This comes before the first day."));
    }
    let email = record.get("email").unwrap_or_default().to_owned();
    let person = known.people.get(&email.to_lowercase()).copied();
    if !email.is_empty() && person.is_none() {
        return Err(record
            .error("email", "Nobody has an account under this address. Leave it empty, or have them invited first."));
    }
    let is_illustrative = match record.get("illustrative").map(str::to_lowercase).as_deref() {
        None | Some("no" | "false") => false,
        Some("yes" | "true") => true,
        Some(_) => return Err(record.error("illustrative", "Write yes or no.")),
    };
    Ok(Listed {
        number,
        name: line_in(record, "name")?,
        programme: programme.key.clone(),
        grade: line_in(record, "grade")?,
        wte,
        starts_on,
        planned_end,
        email,
        person,
        is_illustrative,
    })
}

/// Lists of trainees.
pub(crate) struct Trainees;

impl Incoming for Trainees {
    type Record = Listed;

    const NAME: &'static str = "trainees";
    const TITLE: &'static str = "Import trainees";
    const NEEDED: &'static [&'static str] =
        &["number", "name", "programme", "grade", "wte", "starts_on", "planned_end"];
    const KNOWN: &'static [&'static str] =
        &["email", "illustrative", "programme_name", "expected_end", "today", "missing"];
    const ABOUT: &'static str = "A line whose number is known changes the name, grade, share and dates of that trainee; the programme stays. An address in \
                                 email gives somebody who has none the account of that address. A new line that says yes in illustrative is marked as made up. \
                                 programme_name, expected_end, today and missing are worked out here: they may stand in the list and are not read.";

    async fn read(
        unit: &Unit,
        cluster: &ClusterSeen,
        name: &str,
        bytes: &[u8],
    ) -> Result<ImportPlan<Listed>, ListError> {
        let sheet = table::read(name, bytes, &Limits::default())?;
        sheet.expect_columns(Self::NEEDED, Self::KNOWN)?;
        let addresses: Vec<String> =
            sheet.records().filter_map(|record| record.get("email").map(people::address)).collect();
        let found = people::by_addresses(unit, &addresses).await?;
        let known = Known {
            programmes: programmes::of_cluster(unit, cluster.id).await?,
            people: found.into_iter().map(|(person, _)| (person.email.to_lowercase(), person.id)).collect(),
        };
        let parsed = lines(&sheet, |record| listed(record, &known));
        let keys: BTreeMap<Uuid, String> = known.programmes.into_iter().map(|one| (one.id, one.key)).collect();
        let lines: BTreeMap<&str, &Listed> =
            parsed.rows.iter().map(|row| (row.record.number.as_str(), &row.record)).collect();
        let stored = store::of_cluster(unit, cluster.id)
            .await?
            .into_iter()
            .map(|one| {
                let line = lines.get(one.number.as_str()).copied();
                (one.number.clone(), as_listed(&one, &keys, line))
            })
            .collect();
        Ok(ImportPlan::new(parsed, &stored))
    }

    async fn write(
        unit: &mut Unit,
        cluster: &ClusterSeen,
        plan: &ImportPlan<Listed>,
    ) -> Result<Vec<RowError>, Problem> {
        let programmes = programmes::of_cluster(unit, cluster.id).await?;
        let begun: BTreeMap<Uuid, NaiveDate> = programmes.iter().map(|one| (one.id, one.starts_on)).collect();
        let programmes: BTreeMap<String, Uuid> = programmes.into_iter().map(|one| (one.key, one.id)).collect();
        let today = london_date(unit.now());
        let mut refused = Vec::new();
        for row in &plan.changed {
            let one = &row.record;
            let Some(stored) = store::by_number(unit, cluster.id, &one.number).await? else { continue };
            let before = |field: &str| row.fields.iter().find(|change| change.field == field);
            if let Some(change) = before("programme") {
                let message = format!(
                    "They are enrolled in “{}”. Leave it so, or give the new record another number.",
                    change.before
                );
                refused.push(RowError::new(row.line, Some("programme"), message));
                continue;
            }
            if before("email").is_some() && stored.person.is_some() {
                let message = "This record belongs to another account. Leave the address empty.";
                refused.push(RowError::new(row.line, Some("email"), message));
                continue;
            }
            let changed = Trainee {
                name: one.name.clone(),
                grade: one.grade.clone(),
                wte: one.wte,
                starts_on: one.starts_on,
                ends_on: one.planned_end,
                person: stored.person.or(one.person),
                ..stored.clone()
            };
            let wrong = misfits(unit, &stored, &changed, today).await?;
            if wrong.is_empty() {
                actions::change(unit, &changed, "An imported list".to_owned()).await?;
            }
            refused.extend(
                wrong.into_iter().map(|(field, what)| RowError::new(row.line, Some(field), format!("{what}."))),
            );
        }
        for row in &plan.new {
            let one = row.record.clone();
            let Some(programme) = programmes.get(&one.programme).copied() else { continue };
            let new = NewTrainee {
                programme,
                person: one.person,
                number: one.number,
                name: one.name,
                grade: one.grade,
                wte: one.wte,
                starts_on: one.starts_on,
                ends_on: one.planned_end,
                is_illustrative: one.is_illustrative,
            };
            if let Some(words) = begun.get(&programme).and_then(|first| too_early(*first, new.starts_on)) {
                refused.push(RowError::new(row.line, Some("starts_on"), format!("{words}.")));
                continue;
            }
            conflicts(&mut refused, row.line, actions::enrol(unit, cluster.id, new).await)?;
        }
        refused.sort();
        Ok(refused)
    }
}

/// The stored trainee as the list would give them; a list that is silent about the account, or names the same, changes nothing of it.
fn as_listed(one: &Trainee, keys: &BTreeMap<Uuid, String>, line: Option<&Listed>) -> Listed {
    let is_same = |line: &&Listed| line.email.is_empty() || line.person == one.person;
    Listed {
        number: one.number.clone(),
        name: one.name.clone(),
        programme: keys.get(&one.programme).cloned().unwrap_or_default(),
        grade: one.grade.clone(),
        wte: one.wte,
        starts_on: one.starts_on,
        planned_end: one.ends_on,
        email: line.filter(is_same).map(|line| line.email.clone()).unwrap_or_default(),
        person: one.person,
        is_illustrative: one.is_illustrative,
    }
}
