//! `hiec backup` and `hiec restore`: a SQLite installation in one file and back; it never overwrites a database unasked.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use hiec_store::{Database, copy};

use super::{Outcome, audit};

pub async fn backup(url: &str, file: &Path) -> Outcome {
    if file.exists() {
        return Err(format!("{} is there already: name a new file", file.display()).into());
    }
    let database = Database::connect_existing(url).await?;
    copy::backup(&database, file).await?;
    println!("{} holds the whole database. Uploaded files are not in it: copy their folder too.", file.display());
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup in the place of the database, once it is found whole.
pub async fn restore(url: &str, file: &Path, replace: bool) -> Outcome {
    let Some(target) = url.strip_prefix("sqlite://").map(PathBuf::from) else {
        return Err("this is a PostgreSQL database: use pg_restore with what pg_dump wrote".into());
    };
    if target.exists() && !replace {
        return Err(format!(
            "{} is there already. Stop hiec, and say --replace to put the backup in its place",
            target.display()
        )
        .into());
    }
    let draft = target.with_extension("restoring");
    std::fs::copy(file, &draft).map_err(|error| format!("{} cannot be copied: {error}", file.display()))?;
    let database = Database::connect(&format!("sqlite://{}", draft.display())).await?;
    let faults = copy::integrity(&database).await?;
    let chains = audit::check(&database).await;
    database.settle().await?;
    database.close().await?;
    let is_whole = faults.is_empty() && chains.is_ok_and(|chains| chains.iter().all(Result::is_ok));
    if !is_whole {
        std::fs::remove_file(&draft)?;
        return Err(format!(
            "{} is not whole, so nothing was restored: {}",
            file.display(),
            faults.first().map_or("its audit trail is broken", String::as_str)
        )
        .into());
    }
    for end in ["-wal", "-shm"] {
        let mut name = target.clone().into_os_string();
        name.push(end);
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
    std::fs::rename(&draft, &target)?;
    println!("{} holds the backup now. Start hiec serve.", target.display());
    Ok(ExitCode::SUCCESS)
}
