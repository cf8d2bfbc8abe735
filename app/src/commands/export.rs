//! `hiec export`: a round as a pack a stranger can check without our database: tables as JSON Lines and CSV, files, the audit chain, a manifest. It never writes a password, a session or an e-mail address column.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use hiec_files::{FileKey, FileStore};
use hiec_kernel::clock::iso;
use hiec_kernel::{Clock, Fingerprint, SystemClock};
use hiec_store::{Database, FromQueryResult, Reads, copy, values};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Outcome, audit};

const MANIFEST: &str = "manifest.json";
const CHAIN: &str = "audit.jsonl";
/// The largest file taken into a pack, bytes.
const LARGEST_FILE: u64 = 256 << 20;

/// What is in the pack: every file with its SHA-256.
#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    call: String,
    exported_at: String,
    /// By path within the pack.
    files: BTreeMap<String, Fingerprint>,
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct Upload {
    id: Uuid,
    name: String,
    object_key: String,
}

/// Writes the pack of the call with this key into a new folder.
pub async fn round(database: &Database, call: &str, to: &Path, files: Option<&FileStore>) -> Outcome {
    let found: Option<Found> = database.one("SELECT id FROM competition_call WHERE key = $1", values![call]).await?;
    let Some(Found { id }) = found else {
        return Err(format!("no call has the key {call}: see the addresses under /calls").into());
    };
    if to.exists() && std::fs::read_dir(to)?.next().is_some() {
        return Err(format!("{} is not empty: name a new folder", to.display()).into());
    }
    let mut pack = Pack { root: to, files: BTreeMap::new() };
    for table in copy::tables(database).await? {
        if let Some(condition) = condition(database, &table).await? {
            let rows = copy::rows_as_json(database, &table, condition, values![id]).await?;
            pack.table(&table, rows)?;
        }
    }
    let mut chain = Vec::new();
    audit::export(database, Some(&format!("call:{id}")), &mut chain).await?;
    pack.write(CHAIN, &chain)?;
    if let Some(store) = files {
        uploads(database, store, id, &mut pack).await?;
    }
    let manifest = Manifest {
        format: "hiec-round/1".into(),
        call: call.to_owned(),
        exported_at: iso(SystemClock.now()),
        files: pack.files,
    };
    std::fs::write(to.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
    println!("{} files in {}. Check them with hiec export verify {}", manifest.files.len(), to.display(), to.display());
    Ok(ExitCode::SUCCESS)
}

/// Which rows of a table belong to the round; `None` for tables that have none.
async fn condition(database: &Database, table: &str) -> Result<Option<&'static str>, hiec_store::StoreError> {
    if table == "competition_call" {
        return Ok(Some("id = $1"));
    }
    if !table.starts_with("competition_") {
        return Ok(None);
    }
    let columns = copy::columns(database, table).await?;
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    Ok(if has("call_id") {
        Some("call_id = $1")
    } else if has("bid_id") {
        Some("bid_id IN (SELECT id FROM competition_bid WHERE call_id = $1)")
    } else {
        None
    })
}

async fn uploads(
    database: &Database,
    store: &FileStore,
    call: Uuid,
    pack: &mut Pack<'_>,
) -> Result<(), Box<dyn std::error::Error>> {
    let bids: Vec<Found> =
        database.all("SELECT id FROM competition_bid WHERE call_id = $1 ORDER BY id", values![call]).await?;
    let owners = std::iter::once(format!("call:{call}")).chain(bids.iter().map(|bid| format!("bid:{}", bid.id)));
    for owner in owners {
        let found: Vec<Upload> = database
            .all(
                "SELECT id, name, object_key FROM base_file WHERE owner = $1 AND removed_at IS NULL ORDER BY id",
                values![owner],
            )
            .await?;
        for upload in found {
            let key: FileKey = upload.object_key.parse()?;
            let bytes = store.read(key, LARGEST_FILE).await?;
            pack.write(&format!("files/{}-{}", upload.id, upload.name), &bytes)?;
        }
    }
    Ok(())
}

/// A pack being written.
struct Pack<'a> {
    root: &'a Path,
    files: BTreeMap<String, Fingerprint>,
}

impl Pack<'_> {
    fn write(&mut self, path: &str, bytes: &[u8]) -> std::io::Result<()> {
        let file = self.root.join(path);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, bytes)?;
        self.files.insert(path.to_owned(), Fingerprint::of_bytes(bytes));
        Ok(())
    }

    /// A table twice: as JSON Lines with everything as it is, and as CSV for people.
    fn table(&mut self, table: &str, rows: Vec<Map<String, Value>>) -> Result<(), Box<dyn std::error::Error>> {
        let name = table.trim_start_matches("competition_");
        let (mut lines, mut sheet) = (Vec::new(), csv::Writer::from_writer(Vec::new()));
        for (number, mut row) in rows.into_iter().enumerate() {
            row.retain(|column, _| !column.contains("email"));
            if number == 0 {
                sheet.write_record(row.keys())?;
            }
            writeln!(lines, "{}", serde_json::to_string(&row)?)?;
            sheet.write_record(row.values().map(cell))?;
        }
        self.write(&format!("{name}.jsonl"), &lines)?;
        self.write(&format!("{name}.csv"), &sheet.into_inner()?)?;
        Ok(())
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        // A cell must not run as a formula in a spreadsheet.
        Value::String(text) => hiec_files::table::guarded(text).to_string(),
        other => other.to_string(),
    }
}

/// Checks a pack: every file as the manifest says, nothing added, the audit chain whole.
pub fn verify(folder: &Path) -> Outcome {
    let text = std::fs::read(folder.join(MANIFEST))
        .map_err(|error| format!("{} cannot be read: {error}", folder.join(MANIFEST).display()))?;
    let manifest: Manifest = serde_json::from_slice(&text)?;
    let mut faults = Vec::new();
    for (path, expected) in &manifest.files {
        match std::fs::read(folder.join(path)) {
            Ok(bytes) if Fingerprint::of_bytes(&bytes) == *expected => {}
            Ok(_) => faults.push(format!("{path} was changed after the export")),
            Err(_) => faults.push(format!("{path} is missing")),
        }
    }
    let mut there = Vec::new();
    walk(folder, folder, &mut there)?;
    for path in there {
        if path != MANIFEST && !manifest.files.contains_key(&path) {
            faults.push(format!("{path} is not in the manifest"));
        }
    }
    for fault in &faults {
        println!("{fault}");
    }
    println!("{} files of the manifest checked, {} faults.", manifest.files.len(), faults.len());
    let chain = audit::verify_file(&folder.join(CHAIN))?;
    Ok(if faults.is_empty() { chain } else { ExitCode::FAILURE })
}

fn walk(root: &Path, folder: &Path, into: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, into)?;
        } else if let Ok(inside) = path.strip_prefix(root) {
            into.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
    into.sort();
    Ok(())
}
