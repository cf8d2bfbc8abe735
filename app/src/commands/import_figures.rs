//! `hiec import figures`: a file of figures for a cluster's measures, with a preview, all of it or nothing. It never takes a line it cannot read.

use std::path::Path;
use std::process::ExitCode;

use hiec_cluster::ClusterPort;
use hiec_contracts::Clusters;
use hiec_delivery::measures::importing;
use hiec_kernel::people::Actor;
use hiec_kernel::{Clock, SystemClock, clock};
use hiec_store::Database;

use super::Outcome;

/// How the import is meant.
pub struct How {
    pub dry_run: bool,
    /// Why figures change that are stored already.
    pub reason: String,
    /// Whether somebody looked at the values outside their series' limits.
    pub confirm: bool,
}

pub async fn import(database: &Database, file: &Path, cluster: &str, how: How) -> Outcome {
    let bytes = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let cluster = ClusterPort
        .by_key(database, cluster)
        .await?
        .ok_or_else(|| format!("there is no cluster with the key {cluster}: look at its address, /clusters/KEY"))?;
    let mut unit = database.begin(Actor::Operator("import figures".into()), &SystemClock).await?;
    let entry = importing::begin(&unit, &cluster).await?;
    let today = clock::london_date(SystemClock.now());
    let preview = importing::preview(&unit, &cluster, &name, &bytes, today).await?;
    for line in preview.lines() {
        println!("{line}");
    }
    if preview.has_faults() {
        eprintln!("Nothing was imported: correct these lines and try again.");
        return Ok(ExitCode::FAILURE);
    }
    if how.dry_run {
        println!("A dry run: nothing was changed.");
        return Ok(ExitCode::SUCCESS);
    }
    let imported = importing::carry_out(&mut unit, &cluster, entry, preview, &how.reason, how.confirm).await?;
    unit.commit().await?;
    println!("Imported: {} new, {} changed, {} as they were.", imported.added, imported.changed, imported.unchanged);
    Ok(ExitCode::SUCCESS)
}
