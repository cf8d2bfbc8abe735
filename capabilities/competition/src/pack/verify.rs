//! Holds a pack against itself: files against the manifest, rows against the audit chain, totals and ranking against what their scores give. It trusts nothing the pack says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use hiec_kernel::audit::{AuditRecord, ChainHead, verify_streams};
use hiec_kernel::{BidId, Fingerprint};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::contents::{
    AUDIT, BIDS, DESIGN, FILES, FORMAT, MANIFEST, MODERATION, Manifest, Pack, PackModeration, PackScore, RANKING,
    SCORES, TIES, TOTALS, read_manifest, read_pack,
};
use super::recompute::recompute;
use super::recorded::{
    CALL_AMENDED, CALL_PUBLISHED, Fingerprinted, RANKING_COMPUTED, REVIEW_MOVED, ReviewMoved, SCORE_SETTLED,
    ScoreSettled,
};

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
    /// Submitted reviews the audit trail records without their scores: their rows are held against the fingerprint of the
    /// ranking and the manifest alone. 0 when every row was held against its own entry.
    pub reviews_without_scores: usize,
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
    found.extend(design_differences(&pack));
    let recorded = replay(&pack.audit, &mut found);
    found.extend(row_differences(&pack, &recorded));
    found.extend(result_differences(&pack));
    if found.is_empty() {
        Ok(PackReport {
            call: manifest.call,
            files: manifest.files.len(),
            bids: pack.bids.len(),
            scores: pack.scores.len(),
            totals: pack.totals.len(),
            audit_entries,
            reviews_without_scores: recorded.without_scores,
            heads: manifest.heads,
        })
    } else {
        Err(found)
    }
}

fn manifest_differences(manifest: &Manifest, source: &PackSource) -> Vec<Difference> {
    let mut found = Vec::new();
    if manifest.format != FORMAT {
        found.push(difference(MANIFEST, format!("the format is “{}”, this program reads “{FORMAT}”", manifest.format)));
    }
    let listed: BTreeSet<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    for name in FILES.iter().filter(|name| !listed.contains(**name)) {
        found.push(difference(name, "is not in the manifest"));
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

/// The design must be the one last published or amended.
fn design_differences(pack: &Pack) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut recorded: Option<Fingerprint> = None;
    for entry in &pack.audit {
        if matches!(entry.kind.as_str(), CALL_PUBLISHED | CALL_AMENDED) {
            recorded = body::<Fingerprinted>(entry, &mut found).map(|body| body.fingerprint);
        }
    }
    match (recorded, Fingerprint::of(&pack.design)) {
        (Some(recorded), Ok(design)) if recorded == design => {}
        (None, _) => found.push(difference(AUDIT, "the publication of the call is not recorded")),
        (Some(_), _) => found.push(difference(DESIGN, "is not the design that was published")),
    }
    found
}

/// Every score row must be what the chain recorded, and everything recorded must have its row.
fn row_differences(pack: &Pack, recorded: &Recorded) -> Vec<Difference> {
    let mut found = Vec::new();
    let rows: Vec<PackScore> = pack
        .scores
        .iter()
        .filter(|row| recorded.without_scores == 0 || recorded.reviews.contains(&(row.bid, row.assessor.clone())))
        .cloned()
        .collect();
    compare_rows(SCORES, &rows, &recorded.scores, &mut found, |row: &PackScore| {
        let part = row
            .part
            .sub
            .as_ref()
            .map_or_else(|| row.part.criterion.clone(), |sub| format!("{}/{sub}", row.part.criterion));
        let counts = if row.counts { "" } else { " (not counting)" };
        format!("bid {}, assessor {}, edition {}, {part}: {}{counts}", row.bid, row.assessor, row.edition, row.value)
    });
    compare_rows(MODERATION, &pack.moderation, &recorded.moderation, &mut found, |row: &PackModeration| {
        format!("bid {}, {}, edition {}: {}", row.bid, row.part.criterion, row.edition, row.value)
    });
    let known: BTreeSet<BidId> = pack.bids.iter().map(|bid| bid.bid).collect();
    if known.len() != pack.bids.len() {
        found.push(difference(BIDS, "a bid is listed twice"));
    }
    let scored: BTreeSet<BidId> = pack.scores.iter().map(|row| row.bid).collect();
    for bid in scored.difference(&known) {
        found.push(difference(BIDS, format!("bid {bid} has scores and is not listed")));
    }
    found
}

/// What the scores and settlements are by the audit trail.
#[derive(Default)]
struct Recorded {
    /// Each edition, and whether it counts in the end.
    scores: Vec<PackScore>,
    moderation: Vec<PackModeration>,
    /// Reviews whose scores are recorded.
    reviews: BTreeSet<(BidId, String)>,
    without_scores: usize,
}

fn replay(audit: &[AuditRecord], found: &mut Vec<Difference>) -> Recorded {
    let mut recorded = Recorded::default();
    let mut editions: BTreeMap<(BidId, String), Vec<ReviewMoved>> = BTreeMap::new();
    let mut stopped: BTreeSet<(BidId, String)> = BTreeSet::new();
    for entry in audit {
        match entry.kind.as_str() {
            REVIEW_MOVED => {
                let Some(review) = body::<ReviewMoved>(entry, found) else {
                    continue;
                };
                let is_submitted = review.to == "Submitted";
                match review.assessor.clone() {
                    Some(assessor) if is_submitted && !review.scores.is_empty() => {
                        let key = (review.bid, assessor);
                        stopped.remove(&key);
                        editions.entry(key).or_default().push(review);
                    }
                    Some(assessor) if !is_submitted => {
                        stopped.insert((review.bid, assessor));
                    }
                    _ if is_submitted => recorded.without_scores += 1,
                    _ => {}
                }
            }
            SCORE_SETTLED => {
                if let Some(ScoreSettled { bid, settled }) = body(entry, found) {
                    recorded.moderation.push(PackModeration {
                        bid,
                        part: settled.part,
                        value: settled.value,
                        edition: settled.edition,
                    });
                }
            }
            _ => {}
        }
    }
    for (key, reviews) in editions {
        let last = reviews.len();
        for (count, review) in (1_u32..).zip(reviews) {
            let counts = usize::try_from(count) == Ok(last) && !stopped.contains(&key);
            let edition = review.edition.unwrap_or(count);
            recorded.scores.extend(review.scores.into_iter().map(|score| PackScore {
                bid: key.0,
                assessor: key.1.clone(),
                edition,
                part: score.part,
                value: score.value,
                counts,
            }));
        }
        recorded.reviews.insert(key);
    }
    recorded
}

fn compare_rows<T: Ord + Clone>(
    file: &str,
    rows: &[T],
    recorded: &[T],
    found: &mut Vec<Difference>,
    named: impl Fn(&T) -> String,
) {
    let mut rows = rows.to_vec();
    let mut recorded = recorded.to_vec();
    rows.sort();
    recorded.sort();
    for pair in rows.windows(2) {
        if let [one, two] = pair
            && one == two
        {
            found.push(difference(file, format!("{} is there twice", named(one))));
        }
    }
    for row in &rows {
        if recorded.binary_search(row).is_err() {
            found.push(difference(file, format!("{} is not what was recorded", named(row))));
        }
    }
    for row in &recorded {
        if rows.binary_search(row).is_err() {
            found.push(difference(file, format!("{} was recorded and is missing", named(row))));
        }
    }
}

/// Totals, ranking and ties must be what the scores give, and the ranking what was recorded when it was made.
fn result_differences(pack: &Pack) -> Vec<Difference> {
    let expected = match recompute(pack) {
        Ok(expected) => expected,
        Err(errors) => {
            return errors.into_iter().map(|error| difference(SCORES, error)).collect();
        }
    };
    let mut found = Vec::new();
    compare_by_bid(
        TOTALS,
        "total",
        &by_bid(&pack.totals, |total| total.bid),
        &by_bid(&expected.totals, |total| total.bid),
        |total| format!("{}%", total.total.percent),
        &mut found,
    );
    compare_by_bid(
        RANKING,
        "place",
        &by_bid(&pack.ranking, |line| line.bid),
        &by_bid(&expected.ranking, |line| line.bid),
        |line| match &line.standing {
            crate::ranking::rules::Standing::Ranked { rank } => format!("rank {rank}"),
            crate::ranking::rules::Standing::BelowFloor { .. } => "below a floor".into(),
            crate::ranking::rules::Standing::Incomplete { .. } => "not fully scored".into(),
        },
        &mut found,
    );
    if found.is_empty() && pack.totals != expected.totals {
        found.push(difference(TOTALS, "a bid is listed twice or out of order"));
    }
    if found.is_empty() && pack.ranking != expected.ranking {
        found.push(difference(RANKING, "a bid is listed twice or out of order"));
    }
    if pack.ties != expected.ties {
        found.push(difference(TIES, "the tie breaks are not what the ladder of the call gives"));
    }
    let mut recorded: Option<Fingerprint> = None;
    for entry in pack.audit.iter().filter(|entry| entry.kind == RANKING_COMPUTED) {
        recorded = body::<Fingerprinted>(entry, &mut found).map(|body| body.fingerprint);
    }
    match recorded {
        None => found.push(difference(AUDIT, "no ranking is recorded")),
        Some(recorded) if recorded != expected.fingerprint => {
            found.push(difference(RANKING, "the scores, sums and bids do not give the ranking that was recorded"))
        }
        Some(_) => {}
    }
    found
}

fn by_bid<T>(rows: &[T], bid: impl Fn(&T) -> BidId) -> BTreeMap<BidId, &T> {
    rows.iter().map(|row| (bid(row), row)).collect()
}

fn compare_by_bid<T: PartialEq>(
    file: &str,
    what: &str,
    given: &BTreeMap<BidId, &T>,
    expected: &BTreeMap<BidId, &T>,
    shown: impl Fn(&T) -> String,
    found: &mut Vec<Difference>,
) {
    for (bid, expected_row) in expected {
        match given.get(bid) {
            None => found
                .push(difference(file, format!("bid {bid} has no {what}; its scores give {}", shown(expected_row)))),
            Some(row) if row != expected_row => found.push(difference(
                file,
                format!(
                    "bid {bid}: the pack says {}, the scores give {} (or its parts differ)",
                    shown(row),
                    shown(expected_row)
                ),
            )),
            Some(_) => {}
        }
    }
    for bid in given.keys().filter(|bid| !expected.contains_key(bid)) {
        found.push(difference(file, format!("bid {bid} has a {what} that no scores give")));
    }
}

fn body<T: DeserializeOwned>(entry: &AuditRecord, found: &mut Vec<Difference>) -> Option<T> {
    match serde_json::from_value(entry.body.clone()) {
        Ok(body) => Some(body),
        Err(error) => {
            found.push(difference(
                AUDIT,
                format!("{}, entry {} ({}) cannot be read: {error}", entry.stream, entry.seq, entry.kind),
            ));
            None
        }
    }
}

fn difference(file: &str, what: impl fmt::Display) -> Difference {
    Difference { file: file.to_owned(), what: what.to_string() }
}

#[cfg(test)]
mod tests;
