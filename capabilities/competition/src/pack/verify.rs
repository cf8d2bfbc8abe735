//! Holds a pack against itself: files against the manifest, rows against the audit chain, totals and ranking against what their scores give. It trusts nothing the pack says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use hiec_kernel::Fingerprint;
use hiec_kernel::audit::{ChainHead, verify_streams};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contents::{
    AS_CSV, AUDIT, FILES, FORMAT, MANIFEST, Manifest, Pack, csv_twins, file_id, read_manifest, read_pack, sheet_name,
};
use super::replay::replay;
use super::results::result_differences;
use super::rows::row_differences;

/// Something that does not agree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Difference {
    pub file: String,
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.what)
    }
}

/// What was checked of a pack in which everything agrees.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackReport {
    pub call: String,
    pub files: usize,
    pub bids: usize,
    pub scores: usize,
    pub totals: usize,
    pub audit_entries: u64,
    /// Submissions that are still sealed: of them only the receipts are in the pack.
    pub sealed: usize,
    pub decisions: usize,
    pub awards: usize,
    /// The heads of the chains. Hold them against a receipt or the announcement: a pack written anew from end to end
    /// agrees with itself, but not with those.
    pub heads: Vec<ChainHead>,
}

/// A pack as read from its folder: the contents of the JSON files, and the fingerprints of all files there are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PackSource {
    pub contents: BTreeMap<String, Vec<u8>>,
    pub fingerprints: BTreeMap<String, Fingerprint>,
}

impl PackSource {
    /// A pack that is wholly in memory.
    pub fn in_memory(contents: BTreeMap<String, Vec<u8>>) -> Self {
        let fingerprints = contents.iter().map(|(name, bytes)| (name.clone(), Fingerprint::of_bytes(bytes))).collect();
        Self { contents, fingerprints }
    }
}

/// Checks a whole pack and lists every difference. `known_heads` are chain heads from outside the pack, where the checker
/// has any.
pub fn verify_pack(source: &PackSource, known_heads: &[ChainHead]) -> Result<PackReport, Vec<Difference>> {
    let manifest = read_manifest(&source.contents).map_err(|error| vec![difference(MANIFEST, error)])?;
    let mut found = manifest_differences(&manifest, source);
    let pack = match read_pack(&source.contents) {
        Ok(pack) => pack,
        Err(unreadable) => {
            found.extend(unreadable.into_iter().map(|fault| difference("pack", fault)));
            return Err(found);
        }
    };
    let audit_entries = chain_differences(&pack, &manifest, known_heads, &mut found);
    found.extend(record_differences(&pack, &uploads(source)));
    found.extend(csv_differences(source));
    if found.is_empty() {
        Ok(PackReport {
            call: manifest.call,
            files: manifest.files.len(),
            bids: pack.bids.len(),
            scores: pack.scores.len(),
            totals: pack.totals.len(),
            audit_entries,
            sealed: pack.submissions.iter().filter(|one| one.content.is_none()).count(),
            decisions: pack.decisions.len(),
            awards: pack.awards.len(),
            heads: manifest.heads,
        })
    } else {
        Err(found)
    }
}

fn uploads(source: &PackSource) -> BTreeMap<Uuid, Fingerprint> {
    source.fingerprints.iter().filter_map(|(path, print)| Some((file_id(path)?, print.clone()))).collect()
}

fn manifest_differences(manifest: &Manifest, source: &PackSource) -> Vec<Difference> {
    let mut found = Vec::new();
    if manifest.format != FORMAT {
        found.push(difference(MANIFEST, format!("the format is “{}”, this program reads “{FORMAT}”", manifest.format)));
    }
    let listed: BTreeSet<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    let sheets = AS_CSV.iter().map(|name| sheet_name(name));
    for name in FILES.iter().map(|name| (*name).to_owned()).chain(sheets) {
        if !listed.contains(name.as_str()) {
            found.push(difference(&name, "is not in the manifest"));
        }
    }
    for file in &manifest.files {
        match source.fingerprints.get(&file.name) {
            None => found.push(difference(&file.name, "is missing")),
            Some(fingerprint) if *fingerprint != file.sha256 => {
                found.push(difference(&file.name, "is not the file the manifest lists"));
            }
            Some(_) => {}
        }
    }
    for name in source.fingerprints.keys() {
        if name != MANIFEST && !listed.contains(name.as_str()) {
            found.push(difference(name, "is not in the manifest"));
        }
    }
    found
}

fn chain_differences(pack: &Pack, manifest: &Manifest, known_heads: &[ChainHead], found: &mut Vec<Difference>) -> u64 {
    for known in known_heads {
        if !manifest.heads.contains(known) {
            found.push(difference(
                MANIFEST,
                format!("the head of {} is not the one known from elsewhere (entry {})", known.stream, known.seq),
            ));
        }
    }
    // A stream without a head could be cut short unseen.
    let streams: BTreeSet<&str> = pack.audit.iter().map(|entry| entry.stream.as_str()).collect();
    for stream in streams {
        if !manifest.heads.iter().any(|head| head.stream == stream) {
            found.push(difference(MANIFEST, format!("has no head for {stream}")));
        }
    }
    match verify_streams(pack.audit.iter().cloned(), &manifest.heads) {
        Ok(summaries) => summaries.iter().map(|summary| summary.entries).sum(),
        Err(faults) => {
            found.extend(faults.into_iter().map(|fault| difference(AUDIT, fault)));
            0
        }
    }
}

/// What the rows of a round say against its audit trail, and its results against its scores: everything that can be
/// checked without the files of a pack. `files` are the fingerprints of the uploads at hand, by id.
pub fn record_differences(pack: &Pack, files: &BTreeMap<Uuid, Fingerprint>) -> Vec<Difference> {
    let mut found = Vec::new();
    let recorded = replay(&pack.audit, &mut found);
    found.extend(row_differences(pack, &recorded, files));
    found.extend(result_differences(pack));
    found
}

/// The CSV beside a file must say what the file says.
fn csv_differences(source: &PackSource) -> Vec<Difference> {
    let Ok(twins) = csv_twins(&source.contents) else {
        return Vec::new();
    };
    twins
        .into_iter()
        .filter(|(name, wanted)| source.contents.get(name).is_some_and(|bytes| bytes != wanted.as_bytes()))
        .map(|(name, _)| {
            let lines = name.replace(".csv", ".jsonl");
            difference(&name, format!("does not say what {lines} says"))
        })
        .collect()
}

pub(super) fn difference(file: &str, what: impl fmt::Display) -> Difference {
    Difference { file: file.to_owned(), what: what.to_string() }
}

#[cfg(test)]
mod tests;
