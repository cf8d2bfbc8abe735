//! `hiec export`: a round as a pack a stranger can check without our database: what was published, submitted, scored and decided, files, the audit chain, a manifest. It never writes a password, a session or an e-mail address column, nor what is still sealed.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use hiec_competition::pack::contents::{MANIFEST, Pack, as_csv, file_path, write_pack};
use hiec_competition::pack::gathering::gather;
use hiec_competition::pack::verify::{Difference, PackReport, PackSource, record_differences, verify_pack};
use hiec_files::{FileKey, FileStore};
use hiec_kernel::audit::ChainHead;
use hiec_kernel::{Clock, Fingerprint, SystemClock};
use hiec_store::{Database, FromQueryResult, Reads, copy, values};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Outcome;

/// The largest file taken into a pack, bytes.
const LARGEST_FILE: u64 = 256 << 20;

/// Tables that are not in a pack as they are: their rows stand in its own files as far as they are public to the round, and
/// what a partnership or an assessor is still writing is theirs.
const OWN_FILES: &[&str] = &[
    "competition_bid",
    "competition_submission",
    "competition_review",
    "competition_moderation",
    "competition_outcome_letter",
    "competition_award",
    "competition_answer",
    "competition_answer_history",
    "competition_comment",
    "competition_section_lock",
    "competition_reminder",
    "competition_proposal",
];

#[derive(FromQueryResult)]
struct Upload {
    id: Uuid,
    name: String,
    object_key: String,
}

/// Writes the pack of the call with this key into a new folder, and holds it against its own audit trail.
pub async fn round(database: &Database, key: &str, to: &Path, files: Option<&FileStore>) -> Outcome {
    let now = SystemClock.now();
    let Some(gathered) = gather(database, key, now).await? else {
        return Err(format!("no call has the key {key}: see the addresses under /calls").into());
    };
    if to.exists() && std::fs::read_dir(to)?.next().is_some() {
        return Err(format!("{} is not empty: name a new folder", to.display()).into());
    }
    let mut folder = Folder { root: to, files: BTreeMap::new() };
    for table in copy::tables(database).await? {
        if let Some(condition) = condition(database, &table).await? {
            let rows = copy::rows_as_json(database, &table, condition, values![gathered.call.0]).await?;
            folder.table(&table, rows)?;
        }
    }
    match files {
        Some(store) => uploads(database, store, &gathered.pack, &mut folder).await?,
        None => println!("No folder of uploads was named (--files): the pack has no documents."),
    }
    let written = write_pack(&gathered.pack, key, now, gathered.heads, &folder.files)?;
    for (path, bytes) in &written {
        folder.write(path, bytes)?;
    }
    let count = folder.files.len();
    println!("{count} files in {}. Check them anywhere with hiec export verify {}", to.display(), to.display());
    let differences = record_differences(&gathered.pack, &gathered.files);
    Ok(said("The database does not agree with its own audit trail", &differences))
}

/// Which rows of a table belong to the round; `None` for tables that have none. Of bids, only what was opened.
async fn condition(database: &Database, table: &str) -> Result<Option<&'static str>, hiec_store::StoreError> {
    if table == "competition_call" {
        return Ok(Some("id = $1"));
    }
    if !table.starts_with("competition_") || OWN_FILES.contains(&table) {
        return Ok(None);
    }
    let columns = copy::columns(database, table).await?;
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    Ok(if has("call_id") {
        Some("call_id = $1")
    } else if has("bid_id") {
        Some("bid_id IN (SELECT id FROM competition_bid WHERE call_id = $1 AND state_name = 'Opened')")
    } else {
        None
    })
}

/// The documents of what is no longer sealed.
async fn uploads(
    database: &Database,
    store: &FileStore,
    pack: &Pack,
    folder: &mut Folder<'_>,
) -> Result<(), Box<dyn std::error::Error>> {
    for id in pack.documents() {
        let found: Option<Upload> =
            database.one("SELECT id, name, object_key FROM base_file WHERE id = $1", values![id]).await?;
        if let Some(upload) = found {
            let key: FileKey = upload.object_key.parse()?;
            let bytes = store.read(key, LARGEST_FILE).await?;
            folder.write(&file_path(upload.id, &upload.name), &bytes)?;
        }
    }
    Ok(())
}

/// A pack being written.
struct Folder<'a> {
    root: &'a Path,
    files: BTreeMap<String, Fingerprint>,
}

impl Folder<'_> {
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
        let rows: Vec<Map<String, Value>> = rows
            .into_iter()
            .map(|mut row| {
                row.retain(|column, _| !column.contains("email"));
                row
            })
            .collect();
        let mut lines = Vec::new();
        for row in &rows {
            writeln!(lines, "{}", serde_json::to_string(row)?)?;
        }
        self.write(&format!("tables/{name}.jsonl"), &lines)?;
        self.write(&format!("tables/{name}.csv"), as_csv(&rows).as_bytes())?;
        Ok(())
    }
}

/// Checks a pack from its folder alone: files against the manifest, rows against the audit chain, totals and ranking against
/// what the scores give. `heads` are known from elsewhere: a pack written anew from end to end agrees with itself.
pub fn verify(folder: &Path, heads: &[ChainHead]) -> Outcome {
    match verify_pack(&source(folder)?, heads) {
        Ok(report) => {
            println!("{}", in_words(&report, heads.is_empty()));
            Ok(ExitCode::SUCCESS)
        }
        Err(differences) => Ok(said("The pack does NOT agree with itself", &differences)),
    }
}

/// Everything that does not agree, and the exit code for it.
fn said(title: &str, differences: &[Difference]) -> ExitCode {
    if differences.is_empty() {
        return ExitCode::SUCCESS;
    }
    for difference in differences {
        println!("{difference}");
    }
    println!("{title}: {} differences.", differences.len());
    ExitCode::FAILURE
}

fn in_words(report: &PackReport, is_headless: bool) -> String {
    let mut lines = vec![
        format!("The pack of {} agrees with itself.", report.call),
        format!("{} files are as the manifest lists them.", report.files),
        format!("The audit chain of {} entries is whole.", report.audit_entries),
        format!(
            "{} scores, {} totals, the ranking, {} decisions and {} awards of {} bids are what the chain and the call’s rules give.",
            report.scores, report.totals, report.decisions, report.awards, report.bids
        ),
    ];
    if report.sealed > 0 {
        lines.push(format!("{} submissions are still sealed: of them only the receipts were checked.", report.sealed));
    }
    lines.extend(report.heads.iter().map(|head| format!("Head: {}", spelled(head))));
    if is_headless {
        lines.push(
            "Hold the head against one known from elsewhere (--head): a pack written anew from end to end agrees with itself too."
                .to_owned(),
        );
    }
    lines.join("\n")
}

/// `call:0190…/412/5f3a…`: stream, number of the last entry, its hash.
fn spelled(head: &ChainHead) -> String {
    format!("{}/{}/{}", head.stream, head.seq, head.hash)
}

/// Reads a head as [`spelled`].
pub fn read_head(text: &str) -> Result<ChainHead, String> {
    let mut parts = text.rsplitn(3, '/');
    let (hash, seq, stream) = (parts.next(), parts.next(), parts.next());
    match (stream, seq.and_then(|seq| seq.parse().ok()), hash) {
        (Some(stream), Some(seq), Some(hash)) if hash.len() == 64 => {
            Ok(ChainHead { stream: stream.to_owned(), seq, hash: hash.to_owned() })
        }
        _ => Err("a head is written stream/number/hash, as the export prints it".to_owned()),
    }
}

/// A pack as read from its folder: tables of its own whole, everything else by fingerprint.
fn source(folder: &Path) -> Result<PackSource, Box<dyn std::error::Error>> {
    if !folder.join(MANIFEST).is_file() {
        return Err(format!("{} holds no pack: it has no {MANIFEST}", folder.display()).into());
    }
    let mut paths = Vec::new();
    walk(folder, folder, &mut paths)?;
    let mut source = PackSource::default();
    for path in paths {
        let file = folder.join(&path);
        if path.contains('/') {
            source.fingerprints.insert(path, fingerprint(&file)?);
        } else {
            let bytes = std::fs::read(&file)?;
            source.fingerprints.insert(path.clone(), Fingerprint::of_bytes(&bytes));
            source.contents.insert(path, bytes);
        }
    }
    Ok(source)
}

fn fingerprint(file: &Path) -> std::io::Result<Fingerprint> {
    let mut reader = std::fs::File::open(file)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(Fingerprint::from_digest(&digest.finalize().into())),
            count => digest.update(buffer.get(..count).unwrap_or_default()),
        }
    }
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
