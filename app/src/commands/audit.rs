//! `hiec audit`: proves the trail whole, from a database or from an exported file alone; it never changes an entry.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use hiec_competition::pack;
use hiec_kernel::audit::{ChainFault, ChainHead, ChainSummary, ChainVerifier, verify_streams};
use hiec_kernel::audit_file::{AuditFile, entry_line, head_line};
use hiec_kernel::{Clock, SystemClock};
use hiec_store::{Database, audit, copy};

use super::Outcome;

/// Entries held in memory at a time.
const PAGE: i64 = 1_000;

/// Checks every chain of a database, and holds each round's rows against its chain.
pub async fn verify_database(database: &Database) -> Outcome {
    let code = say(&check(database).await?, &[]);
    let differences = record_differences(database).await?;
    for (call, difference) in &differences {
        println!("{call}: {difference}");
    }
    if differences.is_empty() {
        println!("Every score, decision, letter, submission and award is what the trail recorded.");
        return Ok(code);
    }
    println!("Rows were changed behind the trail's back: {} differences.", differences.len());
    Ok(ExitCode::FAILURE)
}

/// Where a round's rows are not what its chain recorded, with the key of its call. A row that can no longer be read is one.
pub async fn record_differences(
    database: &Database,
) -> Result<Vec<(String, pack::verify::Difference)>, hiec_store::StoreError> {
    let mut found = Vec::new();
    // A database that was never migrated to a version with calls has none.
    if !copy::tables(database).await?.iter().any(|table| table == "competition_call") {
        return Ok(found);
    }
    for key in pack::gathering::keys(database).await? {
        match pack::gathering::gather(database, &key, SystemClock.now()).await {
            Ok(Some(gathered)) => {
                let differences = pack::verify::record_differences(&gathered.pack, &gathered.files);
                found.extend(differences.into_iter().map(|difference| (key.clone(), difference)));
            }
            Ok(None) => {}
            Err(problem) => found.push((
                key,
                pack::verify::Difference {
                    file: "database".to_owned(),
                    what: problem.detail.clone().unwrap_or_else(|| problem.to_string()),
                },
            )),
        }
    }
    Ok(found)
}

/// Every chain of a database, checked against its recorded head.
pub async fn check(database: &Database) -> Result<Vec<Result<ChainSummary, Vec<ChainFault>>>, hiec_store::StoreError> {
    let heads = heads(database).await?;
    let mut results = Vec::new();
    for stream in audit::streams(database).await? {
        let mut verifier = ChainVerifier::new(stream.as_str());
        let mut after = i64::MIN;
        loop {
            let page = audit::entries_to_check(database, &stream, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for record in &page {
                verifier.push(record);
            }
        }
        let missing =
            ChainHead { stream: stream.as_str().to_owned(), seq: 0, hash: hiec_kernel::audit::GENESIS.to_owned() };
        // A stream with entries and no head was tampered with too: it is held against an empty one.
        let head = heads.iter().find(|head| head.stream == stream.as_str());
        results.push(verifier.finish(Some(head.unwrap_or(&missing))));
    }
    Ok(results)
}

async fn heads(database: &Database) -> Result<Vec<ChainHead>, hiec_store::StoreError> {
    Ok(audit::heads(database)
        .await?
        .into_iter()
        .map(|(stream, seq, hash)| ChainHead { stream: stream.as_str().to_owned(), seq, hash })
        .collect())
}

/// Checks an exported file, JSON Lines.
pub fn verify_file(file: &Path) -> Outcome {
    let text = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let AuditFile { records, heads, unread: mut notes } = AuditFile::read(&text);
    if records.is_empty() && heads.is_empty() {
        return Err(format!(
            "{} holds no audit entry. Write the trail out with `hiec audit export`, and verify that file.",
            file.display()
        )
        .into());
    }
    // Every stream that is written out ends with its head: one without was cut.
    let headless: BTreeSet<&str> = records
        .iter()
        .map(|record| record.stream.as_str())
        .filter(|stream| heads.iter().all(|head| head.stream != *stream))
        .collect();
    notes.extend(headless.iter().map(|stream| {
        format!(
            "{stream}: its head is missing, so whether its end was cut off cannot be seen: it does not count as whole"
        )
    }));
    let headless_count = headless.len();
    let is_cut = headless_count > 0;
    let is_unread = notes.iter().any(|note| note.starts_with("line"));
    let result = match verify_streams(records, &heads) {
        Ok(summaries) => summaries.into_iter().map(Ok).collect(),
        Err(faults) => vec![Err(faults)],
    };
    let code = say(&result, &notes);
    if is_cut {
        println!("The audit trail is NOT whole: {} of its streams end without a head.", headless_count);
    }
    Ok(if is_unread || is_cut { ExitCode::FAILURE } else { code })
}

/// Says what was found; exit code 1 when any chain is broken.
fn say(results: &[Result<ChainSummary, Vec<ChainFault>>], notes: &[String]) -> ExitCode {
    for note in notes {
        eprintln!("{note}");
    }
    let mut broken = 0_usize;
    for result in results {
        match result {
            Ok(summary) => println!("{}: {} entries, unbroken", summary.stream, summary.entries),
            Err(faults) => {
                broken = broken.saturating_add(faults.len());
                for fault in faults {
                    println!("{fault}");
                }
            }
        }
    }
    if broken == 0 {
        println!("The audit trail is whole: {} streams.", results.len());
        ExitCode::SUCCESS
    } else {
        println!("The audit trail is NOT whole: {broken} faults.");
        ExitCode::FAILURE
    }
}

/// Writes every entry (of one stream, where named), then the heads.
pub async fn export(database: &Database, stream: Option<&str>, mut to: impl Write) -> Outcome {
    for one in audit::streams(database).await? {
        if stream.is_some_and(|wanted| wanted != one.as_str()) {
            continue;
        }
        let mut after = i64::MIN;
        loop {
            let page = audit::entries_to_check(database, &one, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for record in &page {
                writeln!(to, "{}", entry_line(record)?)?;
            }
        }
    }
    for head in heads(database).await? {
        if stream.is_none_or(|wanted| wanted == head.stream) {
            writeln!(to, "{}", head_line(head)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
