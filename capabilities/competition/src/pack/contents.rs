//! The files of a pack: one JSON object a line, and a manifest with the fingerprint of every file and the heads of the audit chains. It reads and writes bytes, never a disk.

use std::collections::BTreeMap;

use hiec_kernel::audit::{AuditRecord, ChainHead};
use hiec_kernel::{BidId, Fingerprint, Money, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ranking::exact::Exact;
use crate::ranking::rules::{RankedBid, Ranking, Standing};
use crate::ranking::ties::TieBreak;
use crate::ranking::totals::{BidScores, Part, Total};

pub const MANIFEST: &str = "manifest.json";
pub const DESIGN: &str = "design.jsonl";
pub const BIDS: &str = "bids.jsonl";
pub const SCORES: &str = "scores.jsonl";
pub const MODERATION: &str = "moderation.jsonl";
pub const TOTALS: &str = "totals.jsonl";
pub const RANKING: &str = "ranking.jsonl";
pub const TIES: &str = "ties.jsonl";
pub const AUDIT: &str = "audit.jsonl";

/// The files every pack has besides its manifest; it may have others (CSV, documents), which are fingerprinted alike.
pub const FILES: &[&str] = &[DESIGN, BIDS, SCORES, MODERATION, TOTALS, RANKING, TIES, AUDIT];

/// A bid of the round.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackBid {
    pub bid: BidId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Money>,
    /// Whether it was before the assessors to the end; false for one withdrawn or found ineligible.
    pub is_ranked: bool,
}

/// One score of one edition of one review. Rows stand by bid, assessor, edition, and in the order the review gives its scores.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct PackScore {
    pub bid: BidId,
    pub assessor: String,
    pub edition: u32,
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
    /// Whether totals use it: the latest edition of a review that was neither reopened nor taken away.
    pub counts: bool,
}

/// One settled score; the last edition of each part counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct PackModeration {
    pub bid: BidId,
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
    pub edition: u32,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackTotal {
    pub bid: BidId,
    #[serde(flatten)]
    pub total: Total,
}

/// A bid's place, without the sums, which are in the totals.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackRank {
    pub bid: BidId,
    #[serde(flatten)]
    pub standing: Standing,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares_with: Vec<BidId>,
}

impl From<&RankedBid> for PackRank {
    fn from(line: &RankedBid) -> Self {
        Self { bid: line.bid, standing: line.standing.clone(), shares_with: line.shares_with.clone() }
    }
}

/// What a pack says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Pack {
    /// The call's design as published, amendments included, in the JSON that was fingerprinted.
    pub design: Value,
    pub bids: Vec<PackBid>,
    pub scores: Vec<PackScore>,
    pub moderation: Vec<PackModeration>,
    pub totals: Vec<PackTotal>,
    pub ranking: Vec<PackRank>,
    pub ties: Vec<TieBreak>,
    pub audit: Vec<AuditRecord>,
}

/// The pack's table of contents. Its own fingerprint, kept elsewhere, covers everything.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: String,
    pub call: String,
    pub made: Timestamp,
    pub files: Vec<ManifestFile>,
    pub heads: Vec<ChainHead>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ManifestFile {
    pub name: String,
    pub sha256: Fingerprint,
}

/// What [`Manifest::format`] says.
pub const FORMAT: &str = "hiec round pack 1";

/// What the audit trail keeps of a ranking: the fingerprint of the scores it was made from and of itself.
pub fn ranking_fingerprint(
    scores: &BTreeMap<BidId, BidScores>,
    ranking: &Ranking,
) -> Result<Fingerprint, serde_json::Error> {
    Fingerprint::of(&serde_json::json!({ "scores": scores, "ranking": ranking }))
}

/// The files of a pack, manifest included. `others` are further files by name with their fingerprints, written by the
/// caller.
pub fn write_pack(
    pack: &Pack,
    call: &str,
    made: Timestamp,
    heads: Vec<ChainHead>,
    others: &BTreeMap<String, Fingerprint>,
) -> Result<BTreeMap<String, Vec<u8>>, serde_json::Error> {
    let mut files = BTreeMap::from([
        (DESIGN, lines(std::slice::from_ref(&pack.design))?),
        (BIDS, lines(&pack.bids)?),
        (SCORES, lines(&pack.scores)?),
        (MODERATION, lines(&pack.moderation)?),
        (TOTALS, lines(&pack.totals)?),
        (RANKING, lines(&pack.ranking)?),
        (TIES, lines(&pack.ties)?),
        (AUDIT, lines(&pack.audit)?),
    ]);
    let mut listed: BTreeMap<String, Fingerprint> =
        files.iter().map(|(name, bytes)| ((*name).to_owned(), Fingerprint::of_bytes(bytes))).collect();
    listed.extend(others.clone());
    let manifest = Manifest {
        format: FORMAT.into(),
        call: call.to_owned(),
        made,
        files: listed.into_iter().map(|(name, sha256)| ManifestFile { name, sha256 }).collect(),
        heads,
    };
    files.insert(MANIFEST, serde_json::to_vec_pretty(&manifest)?);
    Ok(files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect())
}

fn lines<T: Serialize>(values: &[T]) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::new();
    for value in values {
        serde_json::to_writer(&mut bytes, value)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// A line or file of a pack that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("{0} is missing")]
    Missing(String),
    #[error("{file}, line {line}, cannot be read: {why}")]
    Line { file: String, line: usize, why: String },
    #[error("{file} must have one line and has {lines}")]
    NotOneLine { file: String, lines: usize },
}

/// Reads a pack's manifest.
pub fn read_manifest(files: &BTreeMap<String, Vec<u8>>) -> Result<Manifest, Unreadable> {
    let bytes = files.get(MANIFEST).ok_or_else(|| Unreadable::Missing(MANIFEST.into()))?;
    serde_json::from_slice(bytes).map_err(|error| Unreadable::Line {
        file: MANIFEST.into(),
        line: error.line(),
        why: error.to_string(),
    })
}

/// Reads the JSON Lines files, or says everything that cannot be read.
pub fn read_pack(files: &BTreeMap<String, Vec<u8>>) -> Result<Pack, Vec<Unreadable>> {
    let mut faults = Vec::new();
    let mut designs: Vec<Value> = read_lines(files, DESIGN, &mut faults);
    let pack = Pack {
        bids: read_lines(files, BIDS, &mut faults),
        scores: read_lines(files, SCORES, &mut faults),
        moderation: read_lines(files, MODERATION, &mut faults),
        totals: read_lines(files, TOTALS, &mut faults),
        ranking: read_lines(files, RANKING, &mut faults),
        ties: read_lines(files, TIES, &mut faults),
        audit: read_lines(files, AUDIT, &mut faults),
        design: Value::Null,
    };
    if designs.len() != 1 && faults.is_empty() {
        faults.push(Unreadable::NotOneLine { file: DESIGN.into(), lines: designs.len() });
    }
    if faults.is_empty() { Ok(Pack { design: designs.pop().unwrap_or_default(), ..pack }) } else { Err(faults) }
}

fn read_lines<T: DeserializeOwned>(
    files: &BTreeMap<String, Vec<u8>>,
    name: &str,
    faults: &mut Vec<Unreadable>,
) -> Vec<T> {
    let Some(bytes) = files.get(name) else {
        faults.push(Unreadable::Missing(name.into()));
        return Vec::new();
    };
    let mut values = Vec::new();
    for (line, content) in (1_usize..).zip(bytes.split(|byte| *byte == b'\n')) {
        if content.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(content) {
            Ok(value) => values.push(value),
            Err(error) => faults.push(Unreadable::Line { file: name.into(), line, why: error.to_string() }),
        }
    }
    values
}
