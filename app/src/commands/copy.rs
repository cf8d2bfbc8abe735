//! `hiec db copy`: everything from one database into another, empty one, compared at the end. It never changes the source's rows.

use std::process::ExitCode;

use hiec_kernel::SystemClock;
use hiec_kernel::people::Actor;
use hiec_store::{Reads, audit, copy, values};

use super::{Outcome, open, open_existing};
use crate::program;

pub async fn copy(from: &str, to: &str) -> Outcome {
    let (source, target) = (open_existing(from).await?, open(to).await?);
    let unit = target.begin(Actor::Operator("db copy".into()), &SystemClock).await?;
    let copied = copy::copy_all(&source, &unit, &program::all_migrations()).await?;
    for (table, rows) in &copied {
        let count = format!("SELECT COUNT(*) AS n FROM {table}");
        let (before, after) = (source.count(&count, values![]).await?, unit.count(&count, values![]).await?);
        if before != after || after != *rows {
            return Err(format!(
                "{table} has {before} rows and {after} would be in the copy, so nothing was copied. Stop hiec on the source and try again"
            )
            .into());
        }
    }
    if audit::heads(&source).await? != audit::heads(&unit).await? {
        return Err(
            "the audit trails would differ, so nothing was copied. Stop hiec on the source and try again".into()
        );
    }
    unit.commit().await?;
    if super::audit::check(&target).await?.iter().any(Result::is_err) {
        return Err(
            "the copy is there, but its audit trail does not verify: check the source with hiec audit verify".into()
        );
    }
    let rows: i64 = copied.iter().map(|(_, rows)| rows).sum();
    println!("{rows} rows in {} tables copied; the audit trail verifies.", copied.len());
    Ok(ExitCode::SUCCESS)
}
