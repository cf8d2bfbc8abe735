//! A round's pack is made, then tampered with in every way we can think of; each must show. It tests nothing else.

use std::collections::BTreeMap;

use hiec_kernel::audit::{AuditDraft, entry_hash};
use hiec_kernel::clock::from_london;
use hiec_kernel::{Money, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::calls::design::CallDesign;
use crate::pack::contents::{PackBid, write_pack};
use crate::pack::recompute::Recomputed;
use crate::pack::recorded::{ScoreRecorded, SettledRecorded};
use crate::ranking::exact::Exact;
use crate::ranking::totals::Part;

const BIDS_IN_ALL: u128 = 6;

fn bid(number: u128) -> BidId {
    BidId(Uuid::from_u128(number))
}

fn now() -> Timestamp {
    from_london("2009-12-01T09:00").unwrap()
}

struct Trail(Vec<AuditRecord>);

impl Trail {
    fn write(&mut self, kind: &str, body: impl Serialize) {
        let draft = AuditDraft {
            stream: "call:1".into(),
            at: now(),
            actor: "person:1".into(),
            kind: kind.into(),
            subject: "call:1".into(),
            reason: None,
            body: serde_json::to_value(body).unwrap(),
        };
        let head = self.0.last().map(AuditRecord::head);
        self.0.push(AuditRecord::seal(draft, head.as_ref()));
    }
}

fn moved(number: u128, assessor: &str, to: &str, edition: Option<u32>, scores: Vec<ScoreRecorded>) -> ReviewMoved {
    ReviewMoved { bid: bid(number), to: to.into(), edition, assessor: Some(assessor.into()), scores }
}

fn design() -> CallDesign {
    serde_json::from_str(include_str!("../../../data/call-2009.json")).unwrap()
}

/// Six bids, three assessors, one reopened review, one taken away, one settled score, one withdrawn bid, a tie.
fn pack() -> Pack {
    let design = design();
    let mut trail = Trail(Vec::new());
    let mut scores = Vec::new();
    trail.write(CALL_PUBLISHED, json!({"call": "x", "fingerprint": Fingerprint::of_bytes(b"first")}));
    trail.write(CALL_AMENDED, json!({"number": 1, "fingerprint": design.fingerprint().unwrap()}));
    let mut submit = |trail: &mut Trail, number: u128, assessor: &str, edition: u32, counts: bool, value: i64| {
        let given: Vec<ScoreRecorded> = design
            .criteria
            .iter()
            .map(|criterion| ScoreRecorded { part: Part::whole(&criterion.key), value: Exact::whole(value) })
            .collect();
        scores.extend(given.iter().map(|score| PackScore {
            bid: bid(number),
            assessor: assessor.into(),
            edition,
            part: score.part.clone(),
            value: score.value,
            counts,
        }));
        trail.write(REVIEW_MOVED, moved(number, assessor, "Submitted", Some(edition), given));
    };
    for number in 1..=BIDS_IN_ALL {
        for (assessor, shift) in [("a", 0), ("b", 1)] {
            // Bids 1 and 2 are scored alike.
            let level = i64::try_from(number.max(2) % 4).unwrap() + 1;
            submit(&mut trail, number, assessor, 1, true, (level + shift).min(5));
        }
    }
    submit(&mut trail, 3, "c", 1, false, 1);
    trail.write(REVIEW_MOVED, moved(3, "c", "Reopened", None, Vec::new()));
    submit(&mut trail, 3, "c", 2, true, 2);
    submit(&mut trail, 4, "c", 1, false, 5);
    trail.write(REVIEW_MOVED, moved(4, "c", "Removed", None, Vec::new()));
    let settled = SettledRecorded { part: Part::whole("vision"), value: Exact::whole(4), edition: 1 };
    let settlement = ScoreSettled { bid: bid(5), settled: settled.clone() };
    trail.write(SCORE_SETTLED, settlement);
    let mut pack = Pack {
        design: serde_json::to_value(&design).unwrap(),
        bids: (1..=BIDS_IN_ALL)
            .map(|number| PackBid {
                bid: bid(number),
                title: format!("Bid {number}"),
                asks: Some(Money(100_000_000)),
                is_ranked: number != 6,
            })
            .collect(),
        scores,
        moderation: vec![PackModeration { bid: bid(5), part: settled.part, value: settled.value, edition: 1 }],
        ..Pack::default()
    };
    let Recomputed { totals, ranking, ties, fingerprint } = recompute(&pack).unwrap();
    trail.write(RANKING_COMPUTED, json!({"number": 1, "fingerprint": fingerprint, "bids": 5}));
    pack.totals = totals;
    pack.ranking = ranking;
    pack.ties = ties;
    pack.audit = trail.0;
    pack
}

fn files(pack: &Pack) -> BTreeMap<String, Vec<u8>> {
    let heads = pack.audit.last().map(AuditRecord::head).into_iter().collect();
    write_pack(pack, "hiec-2009", now(), heads, &BTreeMap::new()).unwrap()
}

/// Verifies a pack whose manifest was made after the tampering, so that only what is inside can tell.
fn differences(pack: &Pack) -> Vec<String> {
    match verify_pack(&PackSource::in_memory(files(pack)), &[]) {
        Ok(_) => Vec::new(),
        Err(found) => found.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn an_honest_pack_agrees() {
    let pack = pack();
    let head = pack.audit.last().unwrap().head();
    let source = PackSource::in_memory(files(&pack));
    let report = verify_pack(&source, std::slice::from_ref(&head)).unwrap();
    assert_eq!((report.bids, report.totals, report.heads), (6, 5, vec![head]));
    assert_eq!(report.scores, 15 * design().criteria.len());
    assert!(pack.ranking.iter().any(|line| !line.shares_with.is_empty()), "the sample needs a tie");
}

#[test]
fn every_single_score_matters_even_one_that_does_not_count() {
    let sound = pack();
    for row in 0..sound.scores.len() {
        let mut altered = sound.clone();
        let value = &mut altered.scores[row].value;
        *value = if *value == Exact::ONE { Exact::whole(2) } else { Exact::ONE };
        assert!(!differences(&altered).is_empty(), "row {row}");
    }
}

#[test]
fn whoever_recomputes_everything_after_a_changed_score_is_still_found() {
    let mut altered = pack();
    altered.scores[0].value = Exact::whole(5);
    let Recomputed { totals, ranking, ties, fingerprint } = recompute(&altered).unwrap();
    altered.totals = totals;
    altered.ranking = ranking;
    altered.ties = ties;
    let found = differences(&altered);
    assert!(found.iter().any(|one| one.contains("is not what was recorded")), "{found:?}");
    // With the entry changed as well, the chain is broken; resealed entry by entry, the head known from elsewhere tells.
    let honest_head = pack().audit.last().unwrap().head();
    let entry = altered.audit.iter().position(|entry| entry.kind == REVIEW_MOVED).unwrap();
    altered.audit[entry].body["scores"][0]["value"] = Value::String("5".into());
    assert!(differences(&altered).iter().any(|one| one.contains("was changed after it was written")));
    altered.audit.last_mut().unwrap().body = json!({ "fingerprint": fingerprint });
    let mut prev = hiec_kernel::audit::GENESIS.to_owned();
    for record in &mut altered.audit {
        record.prev = prev;
        record.hash = entry_hash(record);
        prev = record.hash.clone();
    }
    assert!(differences(&altered).is_empty(), "wholly written anew, it agrees with itself");
    let outside = verify_pack(&PackSource::in_memory(files(&altered)), &[honest_head]).unwrap_err();
    assert!(outside[0].what.contains("not the one known from elsewhere"));
}

#[test]
fn each_tampering_is_named() {
    type Tamper = fn(&mut Pack);
    let cases: [(&str, Tamper); 20] = [
        ("scores.jsonl", |pack| pack.scores[0].counts = false),
        ("scores.jsonl", |pack| {
            pack.scores.remove(3);
        }),
        ("scores.jsonl", |pack| {
            let row = pack.scores[3].clone();
            pack.scores.push(row);
        }),
        ("moderation.jsonl", |pack| pack.moderation[0].value = Exact::ONE),
        ("moderation.jsonl", |pack| pack.moderation.clear()),
        ("design.jsonl", |pack| pack.design["criteria"][0]["weight"] = json!(26)),
        ("design.jsonl", |pack| pack.design["award"]["floor_total"] = json!(0)),
        ("totals.jsonl", |pack| pack.totals[0].total.points = Exact::ONE),
        ("totals.jsonl", |pack| {
            pack.totals.pop();
        }),
        ("totals.jsonl", |pack| {
            let row = pack.totals[0].clone();
            pack.totals.push(row);
        }),
        ("ranking.jsonl", |pack| pack.ranking.swap(0, 1)),
        ("ranking.jsonl", |pack| pack.ranking[0].shares_with.push(bid(9))),
        ("ranking.jsonl", |pack| pack.bids[0].is_ranked = false),
        ("ranking.jsonl", |pack| pack.bids[0].asks = Some(Money(1))),
        ("audit.jsonl", |pack| {
            pack.audit.pop();
        }),
        ("ties.jsonl", |pack| pack.ties.push(TieBreakFor::sample())),
        ("bids.jsonl", |pack| {
            pack.bids.remove(5);
        }),
        ("audit.jsonl", |pack| pack.audit[4].actor = "person:2".into()),
        ("audit.jsonl", |pack| {
            pack.audit.remove(4);
        }),
        ("audit.jsonl", |pack| pack.audit.swap(4, 5)),
    ];
    for (number, (file, tamper)) in cases.into_iter().enumerate() {
        let mut altered = pack();
        tamper(&mut altered);
        let found = differences(&altered);
        assert!(found.iter().any(|one| one.starts_with(file)), "case {number}, {file}: {found:?}");
    }
}

struct TieBreakFor;

impl TieBreakFor {
    fn sample() -> crate::ranking::ties::TieBreak {
        crate::ranking::ties::TieBreak {
            total: "70.00".into(),
            ahead: vec![bid(1)],
            behind: vec![bid(2)],
            step: "higher score for Vision".into(),
            ahead_has: "4".into(),
            behind_has: "3".into(),
        }
    }
}

/// Where entries name no scores, the rows that count are still bound by the ranking's fingerprint, and it is said.
#[test]
fn entries_without_scores_are_counted_and_the_ranking_still_binds() {
    let mut bare = pack();
    let mut trail = Trail(Vec::new());
    for entry in &bare.audit {
        let mut body = entry.body.clone();
        if entry.kind == REVIEW_MOVED {
            body.as_object_mut().unwrap().remove("scores");
            body.as_object_mut().unwrap().remove("assessor");
        }
        trail.write(&entry.kind, body);
    }
    bare.audit = trail.0;
    let report = verify_pack(&PackSource::in_memory(files(&bare)), &[]).unwrap();
    assert_eq!(report.reviews_without_scores, 15);
    let before = bare.scores[0].value;
    bare.scores[0].value = if before == Exact::ONE { Exact::whole(2) } else { Exact::ONE };
    let Recomputed { totals, ranking, ties, .. } = recompute(&bare).unwrap();
    (bare.totals, bare.ranking, bare.ties) = (totals, ranking, ties);
    assert_eq!(
        differences(&bare),
        ["ranking.jsonl: the scores, sums and bids do not give the ranking that was recorded"]
    );
}

/// The program records rankings with the fingerprint that is recomputed here.
#[test]
fn the_fingerprint_is_the_one_the_program_records() {
    let scores = BTreeMap::from([(bid(1), crate::ranking::totals::BidScores::default())]);
    let ranking = crate::ranking::rules::Ranking::default();
    assert_eq!(
        crate::pack::contents::ranking_fingerprint(&scores, &ranking).unwrap(),
        crate::ranking::store::fingerprint(&scores, &ranking).unwrap()
    );
}

#[test]
fn files_are_held_against_the_manifest() {
    let sound = files(&pack());
    let mut cut = sound.clone();
    cut.remove(TIES);
    let mut added = sound.clone();
    added.insert("note.txt".into(), b"hello".to_vec());
    let mut blank = sound.clone();
    blank.get_mut(BIDS).unwrap().push(b'\n');
    let mut broken = sound.clone();
    broken.insert(SCORES.into(), b"{\"bid\":1}\nnot json\n".to_vec());
    let mut formless = sound.clone();
    formless.insert(MANIFEST.into(), b"{}".to_vec());
    let mut headless = sound.clone();
    let mut manifest: Value = serde_json::from_slice(&sound[MANIFEST]).unwrap();
    manifest["heads"] = json!([]);
    headless.insert(MANIFEST.into(), serde_json::to_vec(&manifest).unwrap());
    for (files, expected) in [
        (cut, "ties.jsonl: is missing"),
        (added, "note.txt: is not in the manifest"),
        (blank, "bids.jsonl: is not the file the manifest lists"),
        (broken, "scores.jsonl, line 2, cannot be read"),
        (formless, "manifest.json"),
        (headless, "has no head for call:1"),
        (BTreeMap::new(), "manifest.json is missing"),
    ] {
        let found = verify_pack(&PackSource::in_memory(files), &[]).unwrap_err();
        assert!(found.iter().any(|one| one.to_string().contains(expected)), "{expected}: {found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any byte of any file changed: never accepted, never a stumble.
    #[test]
    fn no_changed_byte_passes(file in 0_usize..9, place in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut files = files(&pack());
        let name = files.keys().nth(file).unwrap().clone();
        let bytes = files.get_mut(&name).unwrap();
        prop_assume!(!bytes.is_empty());
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != with && name != MANIFEST);
        bytes[place] = with;
        prop_assert!(verify_pack(&PackSource::in_memory(files), &[]).is_err());
    }
}
