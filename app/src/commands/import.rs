//! `hiec import`: organisations into the register, assessors into a call's pool, with a preview, all of it or nothing. It never takes a line it cannot read.

use std::path::Path;
use std::process::ExitCode;

use hiec_accounts::organisations::importing;
use hiec_competition::assessment::importing as pool;
use hiec_files::import::{ImportPlan, Importable};
use hiec_files::ods;
use hiec_kernel::SystemClock;
use hiec_kernel::people::Actor;
use hiec_store::Database;

use super::Outcome;

pub async fn organisations(database: &Database, file: &Path, dry_run: bool) -> Outcome {
    let (name, bytes) = read(file)?;
    let mut unit = database.begin(Actor::Operator("import organisations".into()), &SystemClock).await?;
    let preview = importing::preview(&unit, &name, &bytes).await?;
    show(&preview.plan);
    if !preview.plan.is_acceptable() {
        return Ok(to_correct());
    }
    if dry_run {
        return Ok(only_shown());
    }
    let imported = importing::carry_out(&mut unit, preview, None).await?;
    unit.commit().await?;
    println!("Imported: {} new, {} changed. {}", imported.added, imported.changed, ods::CREDIT);
    Ok(ExitCode::SUCCESS)
}

pub async fn assessors(database: &Database, file: &Path, call: &str, dry_run: bool) -> Outcome {
    let (name, bytes) = read(file)?;
    let mut unit = database.begin(Actor::Operator("import assessors".into()), &SystemClock).await?;
    let (plan, imported) = pool::from_file(&mut unit, call, &name, &bytes, dry_run).await?;
    show(&plan);
    if !plan.is_acceptable() {
        return Ok(to_correct());
    }
    let Some(imported) = imported else {
        return Ok(only_shown());
    };
    unit.commit().await?;
    println!(
        "Imported: {} invited, {} changed. Letters to those invited are on their way.",
        imported.invited, imported.changed
    );
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<(String, Vec<u8>), String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok((name, bytes))
}

fn to_correct() -> ExitCode {
    eprintln!("Nothing was imported: correct these lines and try again.");
    ExitCode::FAILURE
}

fn only_shown() -> ExitCode {
    println!("A dry run: nothing was changed.");
    ExitCode::SUCCESS
}

fn show<T: Importable>(plan: &ImportPlan<T>) {
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
                row.line,
                row.record.key(),
                field.field,
                field.before,
                field.after
            );
        }
    }
    for error in &plan.row_errors {
        eprintln!("{error}");
    }
}
