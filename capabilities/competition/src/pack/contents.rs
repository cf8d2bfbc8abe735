//! The files of a pack: one JSON object a line, the same as CSV for people, and a manifest with the fingerprint of every file and the heads of the audit chains. It reads and writes bytes, never a disk.

use std::collections::{BTreeMap, BTreeSet};

use hiec_files::table::guarded;
use hiec_kernel::audit::{AuditRecord, ChainHead};
use hiec_kernel::{BidId, Fingerprint, Money, PersonId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::award::letters::Letter;
use crate::bids::papers::Paper;
use crate::bids::receipts::Receipt;
use crate::bids::sealed::SealedContent;
use crate::panel::decisions::{Decision, Verdict, Votes};
use crate::ranking::exact::Exact;
use crate::ranking::rules::{RankedBid, Standing};
use crate::ranking::ties::TieBreak;
use crate::ranking::totals::{Part, Total};

pub const MANIFEST: &str = "manifest.json";
pub const DESIGN: &str = "design.jsonl";
pub const BIDS: &str = "bids.jsonl";
pub const SUBMISSIONS: &str = "submissions.jsonl";
pub const SCORES: &str = "scores.jsonl";
pub const MODERATION: &str = "moderation.jsonl";
pub const TOTALS: &str = "totals.jsonl";
pub const RANKING: &str = "ranking.jsonl";
pub const TIES: &str = "ties.jsonl";
pub const DECISIONS: &str = "decisions.jsonl";
pub const LETTERS: &str = "letters.jsonl";
pub const AWARDS: &str = "awards.jsonl";
pub const AUDIT: &str = "audit.jsonl";

/// The files every pack has besides its manifest; it may have others (tables, documents), which are fingerprinted alike.
pub const FILES: &[&str] =
    &[DESIGN, BIDS, SUBMISSIONS, SCORES, MODERATION, TOTALS, RANKING, TIES, DECISIONS, LETTERS, AWARDS, AUDIT];

/// Those that stand as CSV besides: what people read in a spreadsheet.
pub const AS_CSV: &[&str] = &[BIDS, SCORES, MODERATION, TOTALS, RANKING, TIES, DECISIONS, AWARDS];

/// The design at one time: number 0 as published, then each amendment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackDesign {
    pub number: u32,
    pub at: Timestamp,
    /// The JSON that was fingerprinted.
    pub design: Value,
}

/// A bid of the round.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackBid {
    pub bid: BidId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Money>,
    /// Where it stands, by the name of its state.
    pub state: String,
    /// Whether it was before the assessors to the end; false for one withdrawn or never submitted.
    pub is_ranked: bool,
}

/// One submission of a bid or a questionnaire, replaced ones included.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PackSubmission {
    pub bid: BidId,
    pub(crate) paper: Paper,
    pub receipt: Receipt,
    /// Empty while it is sealed: then only the receipt is in the pack.
    pub(crate) content: Option<SealedContent>,
}

/// Which score a row is about, and whether totals use it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct ScoreLine {
    pub bid: BidId,
    pub review: Uuid,
    pub assessor: PersonId,
    pub edition: u32,
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
    /// Of the latest edition of a review that was neither reopened nor taken away.
    pub counts: bool,
}

/// One score of one edition of one review. Rows stand in the order the review gives its scores.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackScore {
    #[serde(flatten)]
    pub line: ScoreLine,
    pub justification: String,
}

/// One settled score; the last edition of each part counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct PackModeration {
    pub bid: BidId,
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
    pub edition: u32,
    pub by: PersonId,
    pub reason: String,
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

/// One decision of the panel, as it was first written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackDecision {
    pub bid: BidId,
    pub meeting: Uuid,
    /// Counted from 1 for this bid in this meeting.
    pub number: u32,
    pub verdict: Verdict,
    pub amount: Money,
    pub reason: String,
    pub departures: Vec<String>,
    pub presiding: PersonId,
    pub voting: Vec<PersonId>,
    pub recused: Vec<PersonId>,
    pub votes: Option<Votes>,
    /// Whether it holds in the end: the last one, not taken up again and not set aside.
    pub holds: bool,
}

impl PackDecision {
    pub(crate) fn of(meeting: Uuid, number: u32, decision: &Decision, holds: bool) -> Self {
        Self {
            bid: decision.bid,
            meeting,
            number,
            verdict: decision.verdict,
            amount: decision.amount,
            reason: decision.reason.to_string(),
            departures: decision.departures.clone(),
            presiding: decision.quorum.presiding,
            voting: decision.quorum.voting.clone(),
            recused: decision.recused.clone(),
            votes: decision.votes.clone(),
            holds,
        }
    }

    /// `decision 1 on bid …: Fund, £500,000, holds`, for a difference.
    pub(crate) fn in_words(&self) -> String {
        let holds = if self.holds { "holds" } else { "no longer holds" };
        let verdict = self.verdict.label();
        format!("decision {} on bid {}: {verdict}, {}, {holds}, “{}”", self.number, self.bid, self.amount, self.reason)
    }
}

/// A letter as it was sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PackLetter {
    pub bid: BidId,
    /// Counted from 1 for each bid; there is a second one only where an outcome was set aside.
    pub number: u32,
    pub letter: Letter,
}

/// An award that was made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct PackAward {
    pub bid: BidId,
    pub amount: Money,
}

/// What a pack says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Pack {
    /// As published, then every amendment.
    pub designs: Vec<PackDesign>,
    pub bids: Vec<PackBid>,
    pub submissions: Vec<PackSubmission>,
    pub scores: Vec<PackScore>,
    pub moderation: Vec<PackModeration>,
    pub totals: Vec<PackTotal>,
    pub ranking: Vec<PackRank>,
    pub ties: Vec<TieBreak>,
    pub decisions: Vec<PackDecision>,
    pub letters: Vec<PackLetter>,
    pub awards: Vec<PackAward>,
    pub audit: Vec<AuditRecord>,
}

impl Pack {
    /// The ids of the documents that stand in what is no longer sealed.
    pub fn documents(&self) -> BTreeSet<Uuid> {
        self.submissions
            .iter()
            .filter_map(|one| one.content.as_ref())
            .flat_map(|content| content.files.keys().copied())
            .collect()
    }
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

/// Where a file of a submission stands in a pack.
pub fn file_path(id: Uuid, name: &str) -> String {
    format!("files/{id}/{name}")
}

/// The id of a file of a submission, from where it stands in a pack.
pub fn file_id(path: &str) -> Option<Uuid> {
    path.strip_prefix("files/")?.split_once('/')?.0.parse().ok()
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
        (DESIGN.to_owned(), lines(&pack.designs)?),
        (BIDS.to_owned(), lines(&pack.bids)?),
        (SUBMISSIONS.to_owned(), lines(&pack.submissions)?),
        (SCORES.to_owned(), lines(&pack.scores)?),
        (MODERATION.to_owned(), lines(&pack.moderation)?),
        (TOTALS.to_owned(), lines(&pack.totals)?),
        (RANKING.to_owned(), lines(&pack.ranking)?),
        (TIES.to_owned(), lines(&pack.ties)?),
        (DECISIONS.to_owned(), lines(&pack.decisions)?),
        (LETTERS.to_owned(), lines(&pack.letters)?),
        (AWARDS.to_owned(), lines(&pack.awards)?),
        (AUDIT.to_owned(), lines(&pack.audit)?),
    ]);
    let sheets: Vec<(String, Vec<u8>)> =
        csv_twins(&files)?.into_iter().map(|(name, sheet)| (name, sheet.into_bytes())).collect();
    files.extend(sheets);
    let mut listed: BTreeMap<String, Fingerprint> =
        files.iter().map(|(name, bytes)| (name.clone(), Fingerprint::of_bytes(bytes))).collect();
    listed.extend(others.clone());
    let manifest = Manifest {
        format: FORMAT.into(),
        call: call.to_owned(),
        made,
        files: listed.into_iter().map(|(name, sha256)| ManifestFile { name, sha256 }).collect(),
        heads,
    };
    files.insert(MANIFEST.to_owned(), serde_json::to_vec_pretty(&manifest)?);
    Ok(files)
}

fn lines<T: Serialize>(values: &[T]) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::new();
    for value in values {
        serde_json::to_writer(&mut bytes, value)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// The CSV each of these files stands as besides, by name: a column for each field that any of its lines has.
pub fn csv_twins(files: &BTreeMap<String, Vec<u8>>) -> Result<BTreeMap<String, String>, serde_json::Error> {
    let mut twins = BTreeMap::new();
    for name in AS_CSV {
        let rows: Vec<Map<String, Value>> = files
            .get(*name)
            .into_iter()
            .flat_map(|bytes| bytes.split(|byte| *byte == b'\n'))
            .filter(|line| !line.trim_ascii().is_empty())
            .map(serde_json::from_slice)
            .collect::<Result<_, _>>()?;
        twins.insert(sheet_name(name), as_csv(&rows));
    }
    Ok(twins)
}

/// `bids.csv` of `bids.jsonl`.
pub fn sheet_name(name: &str) -> String {
    name.replace(".jsonl", ".csv")
}

/// JSON objects as CSV; what is no text or number stands as JSON, and no cell runs as a formula in a spreadsheet.
pub fn as_csv(rows: &[Map<String, Value>]) -> String {
    let mut seen = BTreeSet::new();
    let columns: Vec<&String> = rows.iter().flat_map(Map::keys).filter(|key| seen.insert((*key).clone())).collect();
    let mut sheet = String::new();
    let mut record = |fields: Vec<String>| {
        sheet.push_str(&fields.join(","));
        sheet.push_str("\r\n");
    };
    record(columns.iter().map(|column| quoted(column)).collect());
    for row in rows {
        record(columns.iter().map(|column| quoted(&cell(row.get(*column)))).collect());
    }
    sheet
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => guarded(text),
        Some(other) => other.to_string(),
    }
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// A line or file of a pack that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("{0} is missing")]
    Missing(String),
    #[error("{file}, line {line}, cannot be read: {why}")]
    Line { file: String, line: usize, why: String },
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
    let pack = Pack {
        designs: read_lines(files, DESIGN, &mut faults),
        bids: read_lines(files, BIDS, &mut faults),
        submissions: read_lines(files, SUBMISSIONS, &mut faults),
        scores: read_lines(files, SCORES, &mut faults),
        moderation: read_lines(files, MODERATION, &mut faults),
        totals: read_lines(files, TOTALS, &mut faults),
        ranking: read_lines(files, RANKING, &mut faults),
        ties: read_lines(files, TIES, &mut faults),
        decisions: read_lines(files, DECISIONS, &mut faults),
        letters: read_lines(files, LETTERS, &mut faults),
        awards: read_lines(files, AWARDS, &mut faults),
        audit: read_lines(files, AUDIT, &mut faults),
    };
    if faults.is_empty() { Ok(pack) } else { Err(faults) }
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
