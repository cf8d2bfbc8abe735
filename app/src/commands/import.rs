//! `hiec import organisations`: an ODS list into the register, with a preview, all of it or nothing. It never takes a line it cannot read.

use std::path::Path;
use std::process::ExitCode;

use hiec_accounts::organisations::importing;
use hiec_files::import::ImportPlan;
use hiec_files::ods::{self, OdsOrganisation};
use hiec_kernel::SystemClock;
use hiec_kernel::people::Actor;
use hiec_store::Database;

use super::Outcome;

pub async fn import(database: &Database, file: &Path, dry_run: bool) -> Outcome {
    let bytes = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut unit = database.begin(Actor::Operator("import organisations".into()), &SystemClock).await?;
    let preview = importing::preview(&unit, &name, &bytes).await?;
    show(&preview.plan);
    if !preview.plan.is_acceptable() {
        eprintln!("Nothing was imported: correct these lines and try again.");
        return Ok(ExitCode::FAILURE);
    }
    if dry_run {
        println!("A dry run: nothing was changed.");
        return Ok(ExitCode::SUCCESS);
    }
    let imported = importing::carry_out(&mut unit, preview, None).await?;
    unit.commit().await?;
    println!("Imported: {} new, {} changed. {}", imported.added, imported.changed, ods::CREDIT);
    Ok(ExitCode::SUCCESS)
}

fn show(plan: &ImportPlan<OdsOrganisation>) {
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
