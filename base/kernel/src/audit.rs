//! The audit chain: how an entry is sealed and how a chain is checked, from a database or from an exported file alone. It never reads or writes a store.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::{Timestamp, iso};
use crate::fingerprint::{Fingerprint, canonical_json};

/// What the first entry of every stream names as the entry before it.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The number of the first entry in a stream; each next one is one more.
pub const FIRST_SEQ: i64 = 1;

/// An entry before it is sealed: who did what, to what, when and why.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditDraft {
    /// The chain it belongs to (`call:…`, `cluster:…`).
    pub stream: String,
    pub at: Timestamp,
    /// [`crate::people::Actor::key`].
    pub actor: String,
    /// What happened, as a stable key (`bid.submitted`).
    pub kind: String,
    /// What it happened to (`bid:…`).
    pub subject: String,
    /// The reason the person gave, where one is asked for.
    pub reason: Option<String>,
    /// The facts of the event, typed by its kind.
    pub body: Value,
}

/// One sealed entry, spelt the same in the database and in an exported file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AuditRecord {
    pub stream: String,
    pub seq: i64,
    /// [`iso`]: UTC with milliseconds.
    pub at: String,
    pub actor: String,
    pub kind: String,
    pub subject: String,
    pub reason: Option<String>,
    pub body: Value,
    /// The hash of the entry before, or [`GENESIS`].
    pub prev: String,
    /// SHA-256 in hexadecimal of the canonical JSON of all the fields above.
    pub hash: String,
}

impl AuditRecord {
    /// Seals an entry behind the stream's present head; `None` begins the stream.
    pub fn seal(draft: AuditDraft, after: Option<&ChainHead>) -> Self {
        let (seq, prev) = match after {
            Some(head) => (head.seq.saturating_add(1), head.hash.clone()),
            None => (FIRST_SEQ, GENESIS.to_owned()),
        };
        let mut record = Self {
            stream: draft.stream,
            seq,
            at: iso(draft.at),
            actor: draft.actor,
            kind: draft.kind,
            subject: draft.subject,
            reason: draft.reason,
            body: draft.body,
            prev,
            hash: String::new(),
        };
        record.hash = entry_hash(&record);
        record
    }

    /// Where the stream stands once this entry is its last.
    pub fn head(&self) -> ChainHead {
        ChainHead { stream: self.stream.clone(), seq: self.seq, hash: self.hash.clone() }
    }
}

/// The hash an entry must carry: SHA-256 over the canonical JSON of everything but the hash itself. A stranger gets
/// the same with `jq -cjS 'del(.hash)' | sha256sum`.
pub fn entry_hash(record: &AuditRecord) -> String {
    let sealed = json!({
        "stream": record.stream,
        "seq": record.seq,
        "at": record.at,
        "actor": record.actor,
        "kind": record.kind,
        "subject": record.subject,
        "reason": record.reason,
        "body": record.body,
        "prev": record.prev,
    });
    Fingerprint::of_bytes(canonical_json(&sealed).as_bytes()).as_str().to_owned()
}

/// The last entry of a stream. Kept apart from the entries (in the manifest of a pack, on paper), it shows when a chain
/// was cut short or written anew from end to end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChainHead {
    pub stream: String,
    pub seq: i64,
    pub hash: String,
}

/// A sound chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChainSummary {
    pub stream: String,
    pub entries: u64,
    /// `None` when the stream is empty.
    pub head: Option<ChainHead>,
}

/// What is wrong at one place of a chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChainFault {
    pub stream: String,
    /// The entry at which it shows.
    pub seq: i64,
    pub kind: ChainFaultKind,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum ChainFaultKind {
    /// The content does not give the hash the entry carries.
    Changed,
    /// The content agrees with its hash, but it does not follow the entry before it.
    Unlinked,
    /// No entries from this one up to and including `to`.
    Missing { to: i64 },
    /// Stands after an entry with a higher number.
    Reordered { after: i64 },
    /// A second entry with a number already seen.
    Duplicated,
    /// A number below the first.
    Misnumbered,
    /// Belongs to another stream than the one being checked.
    Stray { of: String },
    /// The chain ends here, though its recorded head lies further on.
    Truncated { expected: i64 },
    /// The chain is longer than its recorded head.
    Overlong { expected: i64 },
    /// The chain ends with the right number and another hash than its recorded head.
    Rewritten,
}

impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stream, seq, kind } = self;
        write!(f, "{stream}, entry {seq}: ")?;
        match kind {
            ChainFaultKind::Changed => write!(f, "was changed after it was written"),
            ChainFaultKind::Unlinked => write!(f, "does not follow the entry before it"),
            ChainFaultKind::Missing { to } if to == seq => write!(f, "is missing"),
            ChainFaultKind::Missing { to } => write!(f, "and all up to entry {to} are missing"),
            ChainFaultKind::Reordered { after } => {
                write!(f, "stands after entry {after}, out of order")
            }
            ChainFaultKind::Duplicated => write!(f, "is there more than once"),
            ChainFaultKind::Misnumbered => write!(f, "has a number no entry can have"),
            ChainFaultKind::Stray { of } => write!(f, "belongs to another stream, {of}"),
            ChainFaultKind::Truncated { expected } => {
                write!(f, "is the last, but the recorded head is entry {expected}: the end was cut off")
            }
            ChainFaultKind::Overlong { expected } => {
                write!(f, "is the last, but the recorded head is entry {expected}")
            }
            ChainFaultKind::Rewritten => {
                write!(f, "is the last, but its hash is not the recorded head's: the chain was written anew")
            }
        }
    }
}

/// Checks one stream, entry by entry in the order they are kept, in constant memory while all is well.
#[derive(Debug)]
pub struct ChainVerifier {
    stream: String,
    entries: u64,
    head: Option<ChainHead>,
    /// Numbers not yet seen below the head, as ranges from first to last.
    gaps: BTreeMap<i64, i64>,
    faults: Vec<ChainFault>,
}

impl ChainVerifier {
    pub fn new(stream: impl Into<String>) -> Self {
        Self { stream: stream.into(), entries: 0, head: None, gaps: BTreeMap::new(), faults: Vec::new() }
    }

    /// Takes the next entry.
    pub fn push(&mut self, record: &AuditRecord) {
        if record.stream != self.stream {
            let of = record.stream.clone();
            self.fault(record.seq, ChainFaultKind::Stray { of });
            return;
        }
        self.entries += 1;
        if entry_hash(record) != record.hash {
            self.fault(record.seq, ChainFaultKind::Changed);
        }
        if record.seq < FIRST_SEQ {
            self.fault(record.seq, ChainFaultKind::Misnumbered);
            return;
        }
        let last = self.head.as_ref().map_or(FIRST_SEQ - 1, |head| head.seq);
        if record.seq <= last {
            if self.fill_gap(record.seq) {
                self.fault(record.seq, ChainFaultKind::Reordered { after: last });
            } else {
                self.fault(record.seq, ChainFaultKind::Duplicated);
            }
            return;
        }
        if record.seq == last + 1 {
            let prev = self.head.as_ref().map_or(GENESIS, |head| &head.hash);
            if record.prev != prev {
                self.fault(record.seq, ChainFaultKind::Unlinked);
            }
        } else {
            self.gaps.insert(last + 1, record.seq - 1);
        }
        self.head = Some(record.head());
    }

    /// Ends the stream, and holds its end against the head recorded elsewhere, where there is one.
    pub fn finish(mut self, expected: Option<&ChainHead>) -> Result<ChainSummary, Vec<ChainFault>> {
        for (from, to) in std::mem::take(&mut self.gaps) {
            self.fault(from, ChainFaultKind::Missing { to });
        }
        if let Some(expected) = expected {
            let (seq, hash) =
                self.head.as_ref().map_or((FIRST_SEQ - 1, GENESIS.to_owned()), |head| (head.seq, head.hash.clone()));
            let expected_seq = expected.seq;
            if seq < expected_seq {
                let expected = expected_seq;
                self.fault(seq, ChainFaultKind::Truncated { expected });
            } else if seq > expected_seq {
                let expected = expected_seq;
                self.fault(seq, ChainFaultKind::Overlong { expected });
            } else if hash != expected.hash {
                self.fault(seq, ChainFaultKind::Rewritten);
            }
        }
        if self.faults.is_empty() {
            Ok(ChainSummary { stream: self.stream, entries: self.entries, head: self.head })
        } else {
            Err(self.faults)
        }
    }

    /// Takes a number out of the gaps; false when it was in none, which means it was seen before.
    fn fill_gap(&mut self, seq: i64) -> bool {
        let Some((&from, &to)) = self.gaps.range(..=seq).next_back() else {
            return false;
        };
        if seq > to {
            return false;
        }
        self.gaps.remove(&from);
        if from < seq {
            self.gaps.insert(from, seq - 1);
        }
        if seq < to {
            self.gaps.insert(seq + 1, to);
        }
        true
    }

    fn fault(&mut self, seq: i64, kind: ChainFaultKind) {
        self.faults.push(ChainFault { stream: self.stream.clone(), seq, kind });
    }
}

/// Checks one stream. It is named by the expected head where there is one, else by its first entry. Without an expected
/// head a chain cut short at its end still verifies: nothing inside it can tell.
pub fn verify_chain(
    records: impl IntoIterator<Item = AuditRecord>,
    expected: Option<&ChainHead>,
) -> Result<ChainSummary, Vec<ChainFault>> {
    let mut records = records.into_iter().peekable();
    let stream = expected
        .map(|head| head.stream.clone())
        .or_else(|| records.peek().map(|record| record.stream.clone()))
        .unwrap_or_default();
    let mut verifier = ChainVerifier::new(stream);
    for record in records {
        verifier.push(&record);
    }
    verifier.finish(expected)
}

/// Checks entries of many streams, interleaved as they may be in a file, each stream against its expected head where
/// there is one. A stream that is only among the heads is found to be cut off whole.
pub fn verify_streams(
    records: impl IntoIterator<Item = AuditRecord>,
    expected: &[ChainHead],
) -> Result<Vec<ChainSummary>, Vec<ChainFault>> {
    let mut verifiers: BTreeMap<String, ChainVerifier> =
        expected.iter().map(|head| (head.stream.clone(), ChainVerifier::new(head.stream.clone()))).collect();
    for record in records {
        verifiers
            .entry(record.stream.clone())
            .or_insert_with(|| ChainVerifier::new(record.stream.clone()))
            .push(&record);
    }
    let mut summaries = Vec::new();
    let mut faults = Vec::new();
    for (stream, verifier) in verifiers {
        let head = expected.iter().find(|head| head.stream == stream);
        match verifier.finish(head) {
            Ok(summary) => summaries.push(summary),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(summaries) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::from_london;

    fn chain(stream: &str, length: i64) -> Vec<AuditRecord> {
        let mut records: Vec<AuditRecord> = Vec::new();
        for number in 0..length {
            let draft = AuditDraft {
                stream: stream.into(),
                at: from_london("2009-10-19T17:00").unwrap() + chrono::Duration::seconds(number),
                actor: "person:ada".into(),
                kind: "score.given".into(),
                subject: format!("bid:{number}"),
                reason: (number % 2 == 0).then(|| format!("reason {number}")),
                body: json!({"criterion": "vision", "score": number}),
            };
            let head = records.last().map(AuditRecord::head);
            records.push(AuditRecord::seal(draft, head.as_ref()));
        }
        records
    }

    fn faults(records: Vec<AuditRecord>, head: Option<&ChainHead>) -> Vec<(i64, ChainFaultKind)> {
        verify_chain(records, head).unwrap_err().into_iter().map(|fault| (fault.seq, fault.kind)).collect()
    }

    #[test]
    fn a_known_entry_has_the_hash_a_stranger_computes() {
        // printf '%s' '{"actor":…}' | sha256sum, over the line spelt out here.
        let record = chain("call:1", 1).remove(0);
        let spelt = concat!(
            r#"{"actor":"person:ada","at":"2009-10-19T16:00:00.000Z","body":{"criterion":"vision","score":0},"#,
            r#""kind":"score.given","prev":"0000000000000000000000000000000000000000000000000000000000000000","#,
            r#""reason":"reason 0","seq":1,"stream":"call:1","subject":"bid:0"}"#
        );
        assert_eq!(record.hash, Fingerprint::of_bytes(spelt.as_bytes()).as_str());
        assert_eq!(record.hash, "611c8e83929ea3be4d068c0dd9ce9f096349599f4b616c47066808966518aca4");
    }

    #[test]
    fn a_sound_chain_verifies_and_survives_a_file() {
        let records = chain("call:1", 4);
        let lines: Vec<AuditRecord> = records
            .iter()
            .map(|record| serde_json::from_str(&serde_json::to_string(record).unwrap()).unwrap())
            .collect();
        let head = records[3].head();
        let summary = verify_chain(lines, Some(&head)).unwrap();
        assert_eq!(summary.entries, 4);
        assert_eq!(summary.head, Some(head));
        assert_eq!(verify_chain([], None).unwrap().entries, 0);
    }

    #[test]
    fn each_kind_of_tampering_is_named() {
        let sound = chain("call:1", 5);
        let head = sound[4].head();

        let mut changed = sound.clone();
        changed[2].body = json!({"criterion": "vision", "score": 5});
        assert_eq!(faults(changed, None), [(3, ChainFaultKind::Changed)]);

        let mut resealed = sound.clone();
        resealed[2].reason = Some("a better one".into());
        resealed[2].hash = entry_hash(&resealed[2]);
        assert_eq!(faults(resealed, None), [(4, ChainFaultKind::Unlinked)]);

        let mut missing = sound.clone();
        missing.drain(1..3);
        assert_eq!(faults(missing, None), [(2, ChainFaultKind::Missing { to: 3 })]);

        let mut headless = sound.clone();
        headless.remove(0);
        assert_eq!(faults(headless, None), [(1, ChainFaultKind::Missing { to: 1 })]);

        let mut reordered = sound.clone();
        reordered.swap(1, 2);
        assert_eq!(faults(reordered, None), [(2, ChainFaultKind::Reordered { after: 3 })]);

        let mut doubled = sound.clone();
        doubled.insert(3, sound[2].clone());
        assert_eq!(faults(doubled, None), [(3, ChainFaultKind::Duplicated)]);

        let mut cut = sound.clone();
        cut.pop();
        assert!(verify_chain(cut.clone(), None).is_ok());
        assert_eq!(faults(cut, Some(&head)), [(4, ChainFaultKind::Truncated { expected: 5 })]);
        assert_eq!(faults(Vec::new(), Some(&head)), [(0, ChainFaultKind::Truncated { expected: 5 })]);
        assert_eq!(faults(sound.clone(), Some(&sound[3].head())), [(5, ChainFaultKind::Overlong { expected: 4 })]);

        let mut anew = sound.clone();
        anew.truncate(4);
        let draft = AuditDraft {
            stream: "call:1".into(),
            at: from_london("2009-10-19T17:00").unwrap(),
            actor: "person:mallory".into(),
            kind: "score.given".into(),
            subject: "bid:4".into(),
            reason: None,
            body: Value::Null,
        };
        let forged = AuditRecord::seal(draft, Some(&anew[3].head()));
        anew.push(forged);
        assert_eq!(faults(anew, Some(&head)), [(5, ChainFaultKind::Rewritten)]);

        let mut stray = sound;
        stray.insert(2, chain("call:2", 1).remove(0));
        assert_eq!(faults(stray, None), [(1, ChainFaultKind::Stray { of: "call:2".into() })]);
    }

    #[test]
    fn numbers_at_the_edge_do_not_overflow() {
        let mut records = chain("call:1", 2);
        records[1].seq = i64::MAX;
        assert_eq!(faults(records.clone(), None).len(), 2);
        records[1].seq = i64::MIN;
        assert!(faults(records, None).contains(&(i64::MIN, ChainFaultKind::Misnumbered)));
    }

    #[test]
    fn interleaved_streams_are_checked_apart() {
        let (one, two) = (chain("call:1", 3), chain("call:2", 3));
        let heads = [one[2].head(), two[2].head()];
        let mixed: Vec<AuditRecord> = one.iter().zip(&two).flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
        assert_eq!(verify_streams(mixed, &heads).unwrap().len(), 2);
        let faults = verify_streams(one, &heads).unwrap_err();
        assert_eq!(faults[0].stream, "call:2");
        assert_eq!(faults[0].kind, ChainFaultKind::Truncated { expected: 3 });
    }

    proptest! {
        /// A hash holds after a trip through a file, whatever number or text the body has.
        #[test]
        fn a_file_changes_no_hash(number in any::<f64>().prop_filter("finite", |n| n.is_finite()), text in "\\PC*") {
            let mut record = chain("call:1", 1).remove(0);
            record.body = json!({"number": number, "text": text});
            record.hash = entry_hash(&record);
            let read: AuditRecord = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
            prop_assert!(verify_chain([read], None).is_ok());
        }

        /// Whatever single thing is done to a chain whose head is known, it shows.
        #[test]
        fn any_single_edit_shows(length in 2_i64..12, at in 0_usize..12, edit in 0_u8..9) {
            let sound = chain("call:1", length);
            let head = sound.last().unwrap().head();
            let at = at % sound.len();
            let mut edited = sound.clone();
            match edit {
                0 => { edited.remove(at); }
                1 => { let other = (at + 1) % edited.len(); edited.swap(at, other); }
                2 => { let copy = edited[at].clone(); edited.push(copy); }
                3 => edited[at].actor.push('x'),
                4 => edited[at].at.push('x'),
                5 => edited[at].reason = Some("other".into()),
                6 => edited[at].body = json!({"criterion": "vision", "score": 99}),
                7 => { edited[at].kind.push('x'); edited[at].hash = entry_hash(&edited[at]); }
                _ => edited[at].prev = "f".repeat(64),
            }
            prop_assert!(verify_chain(edited, Some(&head)).is_err());
        }
    }
}
