//! `hiec import organisations`: an ODS list into the register, with a preview, all of it or nothing. It never takes a line it cannot read.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use hiec_files::import::{ImportPlan, Importable};
use hiec_files::ods::{self, OdsOrganisation};
use hiec_files::table::Limits;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::people::Actor;
use hiec_kernel::{Fingerprint, OrganisationId, SystemClock};
use hiec_store::{AuditEvent, Database, Stream, organisations};
use serde::Serialize;

use super::Outcome;

/// A list of organisations was imported.
#[derive(Serialize)]
struct OrganisationsImported {
    added: usize,
    changed: usize,
    /// Of the file, so that it can be shown which one it was.
    file_sha256: Fingerprint,
}

impl AuditEvent for OrganisationsImported {
    const KIND: &'static str = "organisations.imported";
}

pub async fn import(database: &Database, file: &Path, dry_run: bool) -> Outcome {
    let bytes = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let parsed = ods::read(&name, &bytes, &Limits::default())?;
    let mut unit = database.begin(Actor::Operator("import organisations".into()), &SystemClock).await?;
    let mut before = BTreeMap::new();
    let mut stored = BTreeMap::new();
    for row in &parsed.rows {
        if let Some(organisation) = organisations::by_ods_code(&unit, &row.record.ods_code).await? {
            stored.insert(row.record.key(), as_listed(&organisation, &row.record));
            before.insert(row.record.key(), organisation);
        }
    }
    let plan = ImportPlan::new(parsed, &stored);
    preview(&plan);
    if !plan.is_acceptable() {
        eprintln!("Nothing was imported: correct these lines and try again.");
        return Ok(ExitCode::FAILURE);
    }
    if dry_run {
        println!("A dry run: nothing was changed.");
        return Ok(ExitCode::SUCCESS);
    }
    let accepted = plan.accept()?;
    let event = OrganisationsImported {
        added: accepted.new.len(),
        changed: accepted.changed.len(),
        file_sha256: Fingerprint::of_bytes(&bytes),
    };
    for record in accepted.new {
        let id = OrganisationId(unit.new_id());
        organisations::add(&unit, &record.into_organisation(id)).await?;
    }
    for record in accepted.changed {
        if let Some(known) = before.remove(&record.ods_code) {
            let changed = Organisation {
                name: record.name,
                settings: record.settings,
                region: record.region,
                postcode: record.postcode,
                ..known
            };
            organisations::change(&unit, &changed).await?;
        }
    }
    unit.audit(Stream::installation(), "register:organisations", &event)?;
    unit.commit().await?;
    println!("Imported: {} new, {} changed. {}", event.added, event.changed, ods::CREDIT);
    Ok(ExitCode::SUCCESS)
}

/// The stored organisation as the list would give it; what the register does not keep counts as the same.
fn as_listed(stored: &Organisation, listed: &OdsOrganisation) -> OdsOrganisation {
    OdsOrganisation {
        name: stored.name.clone(),
        settings: stored.settings.clone(),
        region: stored.region.clone(),
        postcode: stored.postcode.clone(),
        ..listed.clone()
    }
}

fn preview(plan: &ImportPlan<OdsOrganisation>) {
    println!(
        "{} new, {} changed, {} as they are, {} lines to correct.",
        plan.new.len(),
        plan.changed.len(),
        plan.unchanged.len(),
        plan.row_errors.len()
    );
    for row in &plan.changed {
        for field in &row.fields {
            println!(
                "line {}: {} {}: “{}” becomes “{}”",
                row.line, row.record.ods_code, field.field, field.before, field.after
            );
        }
    }
    for error in &plan.row_errors {
        eprintln!("{error}");
    }
}
