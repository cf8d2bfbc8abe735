//! A round's pack is made, then tampered with in every way we can think of; each must show, in words. It tests nothing else.

use std::collections::BTreeMap;

use hiec_forms::{Answer, Answers, FileFacts};
use hiec_kernel::audit::{AuditDraft, AuditRecord, entry_hash};
use hiec_kernel::clock::from_london;
use hiec_kernel::{BidId, Money, OrganisationId, PersonId, Timestamp};
use hiec_store::AuditEvent;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::assessment::actions::{RecordedEdition, ReviewMoved};
use crate::assessment::rules::ReadyScore;
use crate::assessment::states::Edition;
use crate::award::actions::{Awarded, LetterSent};
use crate::award::letters::Letter;
use crate::bids::papers::Paper;
use crate::bids::receipts::Receipt;
use crate::bids::sealed::SealedContent;
use crate::bids::submitting::PaperSubmitted;
use crate::calls::design::CallDesign;
use crate::calls::designing::amendment::CallAmended;
use crate::calls::publication::CallPublished;
use crate::moderation::actions::ScoreSettled;
use crate::moderation::rules::Moderated;
use crate::pack::contents::{
    BIDS, PackAward, PackBid, PackDecision, PackDesign, PackLetter, PackModeration, PackScore, PackSubmission, SCORES,
    ScoreLine, TIES, file_path, write_pack,
};
use crate::pack::recompute::{Recomputed, recompute};
use crate::panel::actions::{Decided, PutOff};
use crate::panel::decisions::{Decision, Verdict};
use crate::panel::rules::Quorum;
use crate::ranking::actions::RankingComputed;
use crate::ranking::exact::Exact;
use crate::ranking::totals::Part;
use crate::refusal::Reason;

const BIDS_IN_ALL: u128 = 6;
const WHY: &str = "the plan names each site, its lead, and a date for every step";

fn bid(number: u128) -> BidId {
    BidId(Uuid::from_u128(number))
}

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(1_000 + number))
}

/// The document of bid 1.
fn document() -> Uuid {
    Uuid::from_u128(77)
}

const DOCUMENT: &[u8] = b"%PDF-1.4 illustrative";

fn at(local: &str) -> Timestamp {
    from_london(local).unwrap()
}

struct Trail(Vec<AuditRecord>);

impl Trail {
    fn write<E: AuditEvent>(&mut self, event: &E) {
        let draft = AuditDraft {
            stream: "call:1".into(),
            at: at("2009-12-01T09:00"),
            actor: "person:1".into(),
            kind: E::KIND.into(),
            subject: "call:1".into(),
            reason: event.reason().map(str::to_owned),
            body: serde_json::to_value(event).unwrap(),
        };
        let head = self.0.last().map(AuditRecord::head);
        self.0.push(AuditRecord::seal(draft, head.as_ref()));
    }
}

fn design() -> CallDesign {
    serde_json::from_str(include_str!("../../../data/call-2009.json")).unwrap()
}

/// The design as it was published first.
fn first_design() -> CallDesign {
    CallDesign { title: "Before the amendment".into(), ..design() }
}

/// A round: an amendment, six bids of which one is still sealed, a document, three assessors, one reopened review, one taken
/// away, one settled score, a tie, a decision taken up again, letters and awards.
fn pack() -> Pack {
    let mut trail = Trail(Vec::new());
    let mut pack = Pack::default();
    for (number, design) in [(0, first_design()), (1, design())] {
        let fingerprint = design.fingerprint().unwrap();
        match number {
            0 => trail.write(&CallPublished { call: "x".into(), fingerprint }),
            _ => trail.write(&CallAmended { number, fingerprint, reason: "a date moved".into() }),
        }
        let design = serde_json::to_value(design).unwrap();
        pack.designs.push(PackDesign { number, at: at("2009-05-07T09:00"), design });
    }
    submit_bids(&mut trail, &mut pack);
    score_bids(&mut trail, &mut pack);
    let lines: Vec<ScoreLine> = pack.scores.iter().map(|row| row.line.clone()).collect();
    let Recomputed { totals, ranking, ties, fingerprint } =
        recompute(&pack.designs[1].design, &pack.bids, &lines, &pack.moderation).unwrap();
    trail.write(&RankingComputed { number: 1, fingerprint: fingerprint.to_string(), bids: 5 });
    (pack.totals, pack.ranking, pack.ties) = (totals, ranking, ties);
    decide_bids(&mut trail, &mut pack);
    pack.audit = trail.0;
    pack
}

fn submit_bids(trail: &mut Trail, pack: &mut Pack) {
    for number in 1..=BIDS_IN_ALL {
        let mut answers = Answers::new();
        answers.set("amount", Some(Answer::Money(Money(100_000_000))));
        answers.set("vision", Some(Answer::Text(format!("Vision of bid {number}"))));
        let mut content = SealedContent {
            title: format!("Bid {number}"),
            region: "LON".into(),
            other_regions: Vec::new(),
            lead_organisation: OrganisationId(Uuid::from_u128(500 + number)),
            legal_form: None,
            answers,
            files: BTreeMap::new(),
            partners: Vec::new(),
        };
        if number == 1 {
            let facts = FileFacts {
                name: "plan.pdf".into(),
                media_type: "application/pdf".into(),
                bytes: DOCUMENT.len() as u64,
            };
            content.files.insert(document(), facts);
        }
        let print = |id| (id == document()).then(|| Fingerprint::of_bytes(DOCUMENT));
        let parts = content.parts(Paper::Bid, &design(), print).unwrap();
        let receipt = Receipt::issue(format!("X-{number:04}"), "x".into(), bid(number), at("2009-10-19T12:00"), parts);
        trail.write(&PaperSubmitted {
            bid: bid(number),
            paper: Paper::Bid,
            receipt: receipt.number.clone(),
            overall: receipt.overall.clone(),
            replaces: None,
        });
        let is_opened = number != 6;
        pack.bids.push(PackBid {
            bid: bid(number),
            title: content.title.clone(),
            asks: is_opened.then_some(Money(100_000_000)),
            state: if is_opened { "Opened" } else { "Withdrawn" }.into(),
            is_ranked: is_opened,
        });
        let content = is_opened.then_some(content);
        pack.submissions.push(PackSubmission { bid: bid(number), paper: Paper::Bid, receipt, content });
    }
}

fn score_bids(trail: &mut Trail, pack: &mut Pack) {
    for number in 1..=5 {
        for (assessor, shift) in [(1, 0), (2, 1)] {
            // Bids 1 and 2 are scored alike.
            let level = i64::try_from(number.max(2) % 4).unwrap() + 1;
            review(trail, pack, number, assessor, 1, true, (level + shift).min(5));
        }
    }
    review(trail, pack, 3, 3, 1, false, 1);
    trail.write(&moved(3, 3, "Reopened"));
    review(trail, pack, 3, 3, 2, true, 2);
    review(trail, pack, 4, 3, 1, false, 5);
    trail.write(&moved(4, 3, "Removed"));
    let settled = Moderated {
        part: Part::whole("vision"),
        value: Exact::whole(4),
        reason: Reason::parse(WHY).unwrap(),
        by: person(9),
        at: at("2009-11-02T09:00"),
        edition: 1,
        attendance: Default::default(),
    };
    trail.write(&ScoreSettled { bid: bid(5), settled: settled.clone() });
    pack.moderation.push(PackModeration {
        bid: bid(5),
        part: settled.part,
        value: settled.value,
        edition: 1,
        by: person(9),
        reason: WHY.into(),
    });
}

fn moved(number: u128, assessor: u128, to: &str) -> ReviewMoved {
    ReviewMoved {
        review: Uuid::from_u128(number * 100 + assessor),
        bid: bid(number),
        assessor: person(assessor),
        to: to.into(),
        submitted: None,
        reason: None,
    }
}

fn review(trail: &mut Trail, pack: &mut Pack, number: u128, assessor: u128, edition: u32, counts: bool, value: i64) {
    let design = design();
    let given = design.criteria.iter().map(|criterion| ReadyScore {
        part: Part::whole(&criterion.key),
        value: Exact::whole(value),
        justification: WHY.into(),
    });
    let submitted = Edition { number: edition, at: at("2009-11-01T09:00"), scores: given.collect() };
    let event = moved(number, assessor, "Submitted");
    pack.scores.extend(submitted.scores.iter().map(|score| PackScore {
        line: ScoreLine {
            bid: bid(number),
            review: event.review,
            assessor: person(assessor),
            edition,
            part: score.part.clone(),
            value: score.value,
            counts,
        },
        justification: score.justification.clone(),
    }));
    trail.write(&ReviewMoved { submitted: Some(RecordedEdition::of(&submitted).unwrap()), ..event });
}

fn decide_bids(trail: &mut Trail, pack: &mut Pack) {
    let meeting = Uuid::from_u128(900);
    let decision = |number, verdict, pounds: i64| Decision {
        bid: bid(number),
        verdict,
        amount: Money(pounds * 100),
        reason: Reason::parse("as the ranking has it").unwrap(),
        departures: Vec::new(),
        quorum: Quorum { presiding: person(9), is_deputy: false, voting: vec![person(9), person(8)] },
        recused: Vec::new(),
        votes: None,
    };
    let mut decide = |trail: &mut Trail, decision: Decision, number: u32, holds: bool| {
        pack.decisions.push(PackDecision::of(meeting, number, &decision, holds));
        trail.write(&Decided { meeting, rank: None, decision });
    };
    decide(trail, decision(3, Verdict::Not, 0), 1, false);
    trail.write(&PutOff { meeting, bid: bid(3), step: "reopened".into(), reason: "a figure came in".into() });
    decide(trail, decision(3, Verdict::Fund, 500_000), 2, true);
    decide(trail, decision(1, Verdict::Not, 0), 1, true);
    for number in [1, 3] {
        let letter = Letter {
            subject: format!("The outcome for bid {number}"),
            opening: vec!["To you".into()],
            scores: Vec::new(),
            sections: Vec::new(),
        };
        let print = Fingerprint::of(&letter).unwrap();
        trail.write(&LetterSent { bid: bid(number), verdict: Verdict::Not, letter: print });
        pack.letters.push(PackLetter { bid: bid(number), number: 1, letter });
    }
    trail.write(&Awarded { bid: bid(3), amount: Money(50_000_000) });
    pack.awards.push(PackAward { bid: bid(3), amount: Money(50_000_000) });
}

fn path_of_document() -> String {
    file_path(document(), "plan.pdf")
}

fn files(pack: &Pack, document: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let heads = pack.audit.last().map(AuditRecord::head).into_iter().collect();
    let others = BTreeMap::from([(path_of_document(), Fingerprint::of_bytes(document))]);
    let mut files = write_pack(pack, "hiec-2009", at("2009-12-02T09:00"), heads, &others).unwrap();
    files.insert(path_of_document(), document.to_vec());
    files
}

/// Verifies a pack whose manifest was made after the tampering, so that only what is inside can tell.
fn differences(pack: &Pack) -> Vec<String> {
    in_words(PackSource::in_memory(files(pack, DOCUMENT)))
}

fn in_words(source: PackSource) -> Vec<String> {
    match verify_pack(&source, &[]) {
        Ok(_) => Vec::new(),
        Err(found) => found.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn an_honest_pack_agrees() {
    let pack = pack();
    let head = pack.audit.last().unwrap().head();
    let source = PackSource::in_memory(files(&pack, DOCUMENT));
    let report = verify_pack(&source, std::slice::from_ref(&head)).unwrap();
    assert_eq!((report.bids, report.totals, report.sealed, report.heads), (6, 5, 1, vec![head]));
    assert_eq!(report.scores, 13 * design().criteria.len());
    assert!(pack.ranking.iter().any(|line| !line.shares_with.is_empty()), "the sample needs a tie");
}

#[test]
fn every_single_score_and_justification_matters_even_one_that_does_not_count() {
    let sound = pack();
    for row in 0..sound.scores.len() {
        let mut altered = sound.clone();
        let value = &mut altered.scores[row].line.value;
        *value = if *value == Exact::ONE { Exact::whole(2) } else { Exact::ONE };
        assert!(differences(&altered).iter().any(|one| one.contains("is not what was recorded")), "row {row}");
        let mut altered = sound.clone();
        altered.scores[row].justification.push('!');
        assert!(differences(&altered)[0].contains("justifications or their order were changed"), "row {row}");
    }
}

#[test]
fn whoever_recomputes_everything_after_a_changed_score_is_still_found() {
    let mut altered = pack();
    altered.scores[0].line.value = Exact::whole(5);
    let lines: Vec<ScoreLine> = altered.scores.iter().map(|row| row.line.clone()).collect();
    let Recomputed { totals, ranking, ties, fingerprint } =
        recompute(&altered.designs[1].design, &altered.bids, &lines, &altered.moderation).unwrap();
    (altered.totals, altered.ranking, altered.ties) = (totals, ranking, ties);
    let found = differences(&altered);
    assert!(found.iter().any(|one| one.contains("is not what was recorded")), "{found:?}");
    // With the entry changed as well, the chain is broken; resealed entry by entry, the head known from elsewhere tells.
    let honest_head = pack().audit.last().unwrap().head();
    let place = altered.audit.iter().position(|entry| entry.kind == ReviewMoved::KIND).unwrap();
    let mut edition = Edition { number: 1, at: at("2009-11-01T09:00"), scores: Vec::new() };
    edition.scores = altered.scores.iter().take(design().criteria.len()).map(ready).collect();
    altered.audit[place].body["submitted"] = serde_json::to_value(RecordedEdition::of(&edition).unwrap()).unwrap();
    assert!(differences(&altered).iter().any(|one| one.contains("was changed after it was written")));
    let place = altered.audit.iter().position(|entry| entry.kind == RankingComputed::KIND).unwrap();
    altered.audit[place].body["fingerprint"] = json!(fingerprint);
    reseal(&mut altered);
    assert_eq!(differences(&altered), Vec::<String>::new(), "wholly written anew, it agrees with itself");
    let outside = verify_pack(&PackSource::in_memory(files(&altered, DOCUMENT)), &[honest_head]).unwrap_err();
    assert!(outside[0].what.contains("not the one known from elsewhere"));
}

fn ready(row: &PackScore) -> ReadyScore {
    ReadyScore { part: row.line.part.clone(), value: row.line.value, justification: row.justification.clone() }
}

fn reseal(pack: &mut Pack) {
    let mut prev = hiec_kernel::audit::GENESIS.to_owned();
    for record in &mut pack.audit {
        record.prev = prev;
        record.hash = entry_hash(record);
        prev = record.hash.clone();
    }
}

#[test]
fn each_tampering_is_named() {
    type Tamper = fn(&mut Pack);
    let cases: &[(&str, Tamper)] = &[
        ("scores.jsonl: bid 00000000-0000-0000-0000-000000000001, assessor", |pack| pack.scores[0].line.counts = false),
        ("scores.jsonl", |pack| {
            pack.scores.remove(3);
        }),
        ("scores.jsonl", |pack| {
            let row = pack.scores[3].clone();
            pack.scores.push(row);
        }),
        ("scores.jsonl: review", |pack| pack.scores.swap(0, 1)),
        ("moderation.jsonl", |pack| pack.moderation[0].value = Exact::ONE),
        ("moderation.jsonl", |pack| pack.moderation[0].reason.push('.')),
        ("moderation.jsonl", |pack| pack.moderation.clear()),
        ("design.jsonl: the call after amendment 1 is not", |pack| {
            pack.designs[1].design["criteria"][0]["weight"] = json!(26);
        }),
        ("design.jsonl: the call as published is not", |pack| pack.designs[0].design["title"] = json!("Another")),
        ("design.jsonl", |pack| pack.designs[1].design["award"]["floor_total"] = json!(0)),
        ("design.jsonl", |pack| {
            pack.designs.pop();
        }),
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
        ("bids.jsonl", |pack| pack.bids[0].asks = Some(Money(1))),
        ("bids.jsonl", |pack| pack.bids[0].title = "Another".into()),
        ("bids.jsonl", |pack| {
            pack.bids.remove(5);
        }),
        ("ties.jsonl", |pack| pack.ties.push(tie_break())),
        ("submissions.jsonl: receipt X-0002: “", |pack| {
            let content = pack.submissions[1].content.as_mut().unwrap();
            content.answers.set("vision", Some(Answer::Text("Better words".into())));
        }),
        ("submissions.jsonl: receipt X-0006: The receipt itself", |pack| {
            pack.submissions[5].receipt.received_at = at("2009-10-19T11:00");
        }),
        ("submissions.jsonl: receipt X-0003 of bid", |pack| {
            pack.submissions.remove(2);
        }),
        ("decisions.jsonl", |pack| pack.decisions[1].verdict = Verdict::Reserve),
        ("decisions.jsonl", |pack| pack.decisions[1].amount = Money(60_000_000)),
        ("decisions.jsonl", |pack| pack.decisions[0].reason.push('.')),
        ("decisions.jsonl", |pack| pack.decisions[0].holds = true),
        ("decisions.jsonl: decision 1 on bid", |pack| {
            pack.decisions.pop();
        }),
        ("letters.jsonl: letter 1 to bid", |pack| pack.letters[0].letter.opening[0].push('!')),
        ("awards.jsonl", |pack| pack.awards[0].amount = Money(1)),
        ("awards.jsonl", |pack| pack.awards.clear()),
        ("audit.jsonl: call:1, entry 5: was changed", |pack| pack.audit[4].actor = "person:2".into()),
        ("audit.jsonl: call:1, entry 5: is missing", |pack| {
            pack.audit.remove(4);
        }),
        ("audit.jsonl", |pack| pack.audit.swap(4, 5)),
    ];
    for (number, (named, tamper)) in cases.iter().enumerate() {
        let mut altered = pack();
        tamper(&mut altered);
        let found = differences(&altered);
        assert!(found.iter().any(|one| one.starts_with(named)), "case {number}, {named}: {found:?}");
    }
}

/// The last entries cut off, the manifest's head corrected: rows that no entry tells of any more give it away.
#[test]
fn a_chain_cut_short_is_found_by_the_rows_it_no_longer_tells_of() {
    let mut cut = pack();
    cut.audit.pop();
    let found = differences(&cut);
    assert!(found.iter().any(|one| one.starts_with("awards.jsonl")), "{found:?}");
}

fn tie_break() -> crate::ranking::ties::TieBreak {
    crate::ranking::ties::TieBreak {
        total: "70.00".into(),
        ahead: vec![bid(1)],
        behind: vec![bid(2)],
        step: "higher score for Vision".into(),
        ahead_has: "4".into(),
        behind_has: "3".into(),
    }
}

#[test]
fn an_award_the_panel_did_not_decide_is_found_though_it_is_recorded() {
    let mut altered = pack();
    let place = altered.audit.iter().position(|entry| entry.kind == Awarded::KIND).unwrap();
    altered.audit[place].body["amount"] = json!(60_000_000);
    altered.awards[0].amount = Money(60_000_000);
    reseal(&mut altered);
    let found = differences(&altered);
    assert!(found.iter().all(|one| one.ends_with("is not what the panel decided")) && found.len() == 1, "{found:?}");
}

#[test]
fn a_document_is_held_against_its_receipt() {
    let pack = pack();
    let mut changed = files(&pack, b"%PDF-1.4 other words");
    let found = in_words(PackSource::in_memory(changed.clone()));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("submissions.jsonl: receipt X-0001: “plan.pdf"), "{found:?}");
    changed.remove(&path_of_document());
    let found = in_words(PackSource::in_memory(changed));
    assert!(found.iter().any(|one| one.ends_with("is on the receipt and not here")), "{found:?}");
}

#[test]
fn a_ranking_made_before_a_score_changed_is_held_against_the_scores_of_its_time() {
    let mut later = pack();
    let mut trail = Trail(later.audit.clone());
    let place = trail.0.iter().position(|entry| entry.kind == RankingComputed::KIND).unwrap();
    trail.0.truncate(place + 1);
    (later.decisions, later.letters, later.awards) = Default::default();
    trail.write(&moved(1, 1, "Reopened"));
    for row in later.scores.iter_mut().filter(|row| row.line.bid == bid(1) && row.line.assessor == person(1)) {
        row.line.counts = false;
    }
    review(&mut trail, &mut later, 1, 1, 2, true, 1);
    later.audit = trail.0;
    assert_eq!(differences(&later), Vec::<String>::new());
}

#[test]
fn a_round_without_a_ranking_agrees_and_a_forged_ranking_does_not() {
    let mut early = pack();
    let forged = std::mem::take(&mut early.ranking);
    (early.totals, early.ties) = Default::default();
    (early.decisions, early.letters, early.awards) = Default::default();
    let place = early.audit.iter().position(|entry| entry.kind == RankingComputed::KIND).unwrap();
    early.audit.truncate(place);
    assert_eq!(differences(&early), Vec::<String>::new());
    early.ranking = forged;
    assert_eq!(differences(&early), ["audit.jsonl: no ranking is recorded"]);
}

#[test]
fn files_are_held_against_the_manifest() {
    let sound = files(&pack(), DOCUMENT);
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
    let mut sheet = sound.clone();
    sheet.insert("scores.csv".into(), b"bid,value\r\n".to_vec());
    let listed = manifest_of(&sheet);
    sheet.insert(MANIFEST.into(), listed);
    for (files, expected) in [
        (cut, "ties.jsonl: is missing"),
        (added, "note.txt: is not in the manifest"),
        (blank, "bids.jsonl: is not the file the manifest lists"),
        (broken, "scores.jsonl, line 2, cannot be read"),
        (formless, "manifest.json"),
        (headless, "has no head for call:1"),
        (sheet, "scores.csv: does not say what scores.jsonl says"),
        (BTreeMap::new(), "manifest.json is missing"),
    ] {
        let found = verify_pack(&PackSource::in_memory(files), &[]).unwrap_err();
        assert!(found.iter().any(|one| one.to_string().contains(expected)), "{expected}: {found:?}");
    }
}

/// The manifest with the fingerprints of the files as they are now.
fn manifest_of(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut manifest: Manifest = serde_json::from_slice(&files[MANIFEST]).unwrap();
    for file in &mut manifest.files {
        file.sha256 = Fingerprint::of_bytes(&files[&file.name]);
    }
    serde_json::to_vec(&manifest).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any byte of any file changed: never accepted, never a stumble.
    #[test]
    fn no_changed_byte_passes(file in 0_usize..20, place in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut files = files(&pack(), DOCUMENT);
        let name = files.keys().nth(file).unwrap().clone();
        let bytes = files.get_mut(&name).unwrap();
        prop_assume!(!bytes.is_empty());
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != with && name != MANIFEST);
        bytes[place] = with;
        prop_assert!(verify_pack(&PackSource::in_memory(files), &[]).is_err());
    }
}
