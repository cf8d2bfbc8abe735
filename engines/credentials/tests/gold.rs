//! The ten credentials whose verdicts others gave, and what our own signing and verifying hold.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use hiec_credentials::{
    Achievement, Award, Criteria, Evidence, Issuer, IssuingKey, KeyDocument, Options, Outcome, PublishedKey, Purpose,
    Recipient, Report, StatusEntry, StatusList, Topic, bake, sign_data_integrity, sign_jwt, verify,
};
use serde_json::{Value, json};

fn moment(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn data(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

fn failed(report: &Report) -> Vec<Topic> {
    report.checks.iter().filter(|check| check.outcome == Outcome::Failed).map(|check| check.topic).collect()
}

#[test]
fn all_ten_are_judged_as_others_judge_them() {
    let at = moment("2026-03-01T00:00:00Z");
    let index: Vec<Value> = serde_json::from_slice(&data("index.json")).unwrap();
    assert_eq!(index.len(), 10);
    for entry in index {
        let name = entry["file"].as_str().unwrap();
        let report = verify(&data(name), &Options::at(at)).unwrap();
        assert_eq!(report.accepted, entry["expect_accept"].as_bool().unwrap(), "{name}: {report:#?}");
        let expected = match &name[..2] {
            "03" | "04" => vec![Topic::Signature],
            "06" => vec![Topic::Required, Topic::Signature],
            "07" => vec![Topic::Type, Topic::Signature],
            "08" => vec![Topic::Key],
            "09" => vec![Topic::Members],
            "10" => vec![Topic::Dates],
            _ => vec![],
        };
        assert_eq!(failed(&report), expected, "{name}: {report:#?}");
    }
}

#[test]
fn the_signature_of_the_first_is_made_anew_bit_for_bit() {
    let seed: [u8; 32] = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let at = moment("2026-01-01T00:00:00Z");
    let signed: Value = serde_json::from_slice(&data("01_valid.json")).unwrap();
    let mut document = signed.clone();
    document.as_object_mut().unwrap().remove("proof");
    assert_eq!(sign_data_integrity(&document, &IssuingKey::for_itself(&seed, at), at).unwrap(), signed);
}

const LIST: &str = "https://hiec.example/credentials/status/revocation-1";
const ISSUER: &str = "did:web:hiec.example";

fn award(issuer: &str) -> Award {
    Award {
        id: "urn:uuid:018f0000-0000-7000-8000-000000000001".to_owned(),
        issuer: Issuer {
            id: issuer.to_owned(),
            name: "Example cluster".to_owned(),
            url: Some("https://hiec.example/".to_owned()),
        },
        achievement: Achievement {
            id: "https://hiec.example/skills/1".to_owned(),
            name: "Lumbar puncture \u{201c}safe\u{201d}".to_owned(),
            description: "Open to every profession.".to_owned(),
            criteria: Criteria { narrative: Some("Ten supervised procedures.".to_owned()), url: None },
            kind: Some("Competency".to_owned()),
            alignments: vec![],
        },
        recipient: Recipient {
            email: Some("Learner@Example.org".to_owned()),
            salt: Some("0123456789abcdef".to_owned()),
            name: Some("Ada Example".to_owned()),
            id: None,
        },
        valid_from: moment("2026-01-01T00:00:00Z"),
        valid_until: Some(moment("2029-01-01T00:00:00Z")),
        evidence: vec![
            Evidence { url: None, name: Some("Log book".to_owned()), narrative: Some("Twelve entries.".to_owned()) },
            Evidence { url: Some("https://hiec.example/evidence/2".to_owned()), name: None, narrative: None },
        ],
        status: vec![StatusEntry { list: LIST.to_owned(), index: 94_567, purpose: Purpose::Revocation }],
    }
}

fn key(number: u8, name: &str) -> IssuingKey {
    IssuingKey::for_issuer(&[number; 32], ISSUER, name, moment("2025-01-01T00:00:00Z"))
}

fn published(key: &IssuingKey, expires: Option<&str>, revoked: Option<&str>) -> PublishedKey {
    PublishedKey { id: key.id.clone(), key: key.public(), expires: expires.map(moment), revoked: revoked.map(moment) }
}

/// The same award in both formats.
fn signed(key: &IssuingKey, at: &str) -> [Vec<u8>; 2] {
    let document = award(&key.issuer).document().unwrap();
    let proof = sign_data_integrity(&document, key, moment(at)).unwrap();
    [sign_jwt(&document, key, moment(at)).unwrap().into_bytes(), serde_json::to_vec(&proof).unwrap()]
}

fn options<'a>(at: &str, documents: &'a [KeyDocument], lists: &'a [Vec<u8>]) -> Options<'a> {
    Options { key_documents: documents, status_lists: lists, ..Options::at(moment(at)) }
}

#[test]
fn a_retired_key_is_good_for_what_it_signed_before_and_a_disowned_one_for_nothing() {
    let (old, new) = (key(1, "key-1"), key(2, "key-2"));
    let rotated = [KeyDocument {
        issuer: ISSUER.to_owned(),
        keys: vec![published(&old, Some("2026-02-01T00:00:00Z"), None), published(&new, None, None)],
    }];
    let disowned = [KeyDocument {
        issuer: ISSUER.to_owned(),
        keys: vec![published(&old, None, Some("2026-02-01T00:00:00Z")), published(&new, None, None)],
    }];
    for badge in signed(&old, "2026-01-05T00:00:00Z") {
        assert!(verify(&badge, &options("2026-06-01T00:00:00Z", &rotated, &[])).unwrap().accepted);
        let report = verify(&badge, &options("2026-06-01T00:00:00Z", &disowned, &[])).unwrap();
        assert_eq!(failed(&report), [Topic::Key]);
        assert!(report.sentence.contains("disowned"), "{}", report.sentence);
        let unknown = verify(&badge, &Options::at(moment("2026-06-01T00:00:00Z"))).unwrap();
        assert_eq!(failed(&unknown), [Topic::Key]);
        assert!(unknown.sentence.contains("https://hiec.example/.well-known/did.json"), "{}", unknown.sentence);
    }
    for badge in signed(&old, "2026-03-01T00:00:00Z") {
        assert!(!verify(&badge, &options("2026-06-01T00:00:00Z", &rotated, &[])).unwrap().accepted, "after retirement");
    }
    for badge in signed(&new, "2026-03-01T00:00:00Z") {
        assert!(verify(&badge, &options("2026-06-01T00:00:00Z", &rotated, &[])).unwrap().accepted);
    }
    // A key of the right name, but not the published one.
    for badge in signed(&key(9, "key-2"), "2026-03-01T00:00:00Z") {
        let report = verify(&badge, &options("2026-06-01T00:00:00Z", &rotated, &[])).unwrap();
        assert_eq!(failed(&report), [Topic::Signature]);
    }
    for badge in signed(&key(9, "key-3"), "2026-03-01T00:00:00Z") {
        assert_eq!(failed(&verify(&badge, &options("2026-06-01T00:00:00Z", &rotated, &[])).unwrap()), [Topic::Key]);
    }
}

#[test]
fn the_status_list_is_looked_up_and_only_the_issuers_own_is_believed() {
    let (ours, theirs) = (key(1, "key-1"), IssuingKey::for_itself(&[7; 32], moment("2025-01-01T00:00:00Z")));
    let documents = [KeyDocument { issuer: ISSUER.to_owned(), keys: vec![published(&ours, None, None)] }];
    let at = "2026-06-01T00:00:00Z";
    let list = |key: &IssuingKey, place: Option<usize>, purpose| {
        let mut list = StatusList::new(purpose, 0);
        if let Some(place) = place {
            list.set(place, true).unwrap();
        }
        let document = list.document(LIST, &key.issuer, moment("2026-05-01T00:00:00Z"), None).unwrap();
        let proof = sign_data_integrity(&document, key, moment("2026-05-01T00:00:00Z")).unwrap();
        [
            vec![sign_jwt(&document, key, moment("2026-05-01T00:00:00Z")).unwrap().into_bytes()],
            vec![serde_json::to_vec(&proof).unwrap()],
        ]
    };
    for badge in signed(&ours, "2026-01-05T00:00:00Z") {
        let judged = |lists: &[Vec<u8>]| verify(&badge, &options(at, &documents, lists)).unwrap();
        let report = judged(&[]);
        assert!(
            report.accepted && report.sentence.starts_with("Accepted, but: whether it was revoked"),
            "{}",
            report.sentence
        );
        for lists in list(&ours, Some(94_566), Purpose::Revocation) {
            let report = judged(&lists);
            assert_eq!(report.sentence, "Accepted: the badge is genuine and good at that moment.");
        }
        for lists in list(&ours, Some(94_567), Purpose::Revocation) {
            let report = judged(&lists);
            assert_eq!((report.accepted, report.sentence.as_str()), (false, "Refused. Its issuer has revoked it."));
        }
        for lists in list(&ours, None, Purpose::Suspension).into_iter().chain(list(&theirs, None, Purpose::Revocation))
        {
            assert_eq!(failed(&judged(&lists)), [Topic::Status]);
        }
        let mut forged: Value = serde_json::from_slice(&list(&ours, None, Purpose::Revocation)[1][0]).unwrap();
        forged["validFrom"] = json!("2026-05-02T00:00:00Z");
        assert_eq!(failed(&judged(&[serde_json::to_vec(&forged).unwrap()])), [Topic::Status]);
    }
}

#[test]
fn baked_images_are_verified_as_what_is_in_them() {
    let key = IssuingKey::for_itself(&[3; 32], moment("2025-01-01T00:00:00Z"));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><rect width=\"1\" height=\"1\"/></svg>";
    for badge in signed(&key, "2026-01-05T00:00:00Z") {
        let baked = bake(svg, std::str::from_utf8(&badge).unwrap()).unwrap();
        assert!(verify(&baked, &Options::at(moment("2026-06-01T00:00:00Z"))).unwrap().accepted);
        assert!(!verify(&baked, &Options::at(moment("2029-06-01T00:00:00Z"))).unwrap().accepted);
    }
}

#[test]
fn every_changed_member_is_noticed() {
    let key = IssuingKey::for_itself(&[3; 32], moment("2025-01-01T00:00:00Z"));
    let [_, badge] = signed(&key, "2026-01-05T00:00:00Z");
    let badge: Value = serde_json::from_slice(&badge).unwrap();
    let mut places = Vec::new();
    leaves(&badge, String::new(), &mut places);
    assert!(places.len() > 40);
    for place in places.iter().filter(|place| !place.starts_with("/@context")) {
        for value in [
            json!("urn:changed"),
            json!(7),
            json!(null),
            json!([]),
            json!({}),
            json!({"id": "urn:changed", "type": "Image"}),
        ] {
            let mut changed = badge.clone();
            *changed.pointer_mut(place).unwrap() = value.clone();
            let accepted = verify(&serde_json::to_vec(&changed).unwrap(), &Options::at(moment("2026-06-01T00:00:00Z")))
                .unwrap()
                .accepted;
            assert!(!accepted, "{place} = {value}");
        }
    }
}

fn leaves(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, format!("{place}/{name}"), places))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| leaves(value, format!("{place}/{at}"), places))
        }
        _ => places.push(place),
    }
}

#[test]
fn a_token_is_refused_when_any_part_is_changed() {
    let key = IssuingKey::for_itself(&[3; 32], moment("2025-01-01T00:00:00Z"));
    let [token, _] = signed(&key, "2026-01-05T00:00:00Z");
    for place in (0..token.len()).step_by(7) {
        let mut changed = token.clone();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let verdict = verify(&changed, &Options::at(moment("2026-06-01T00:00:00Z")));
        assert!(verdict.is_err() || verdict.is_ok_and(|report| !report.accepted), "changed at {place}");
    }
}

#[test]
fn what_is_no_badge_is_said_to_be_none() {
    let at = Options::at(moment("2026-06-01T00:00:00Z"));
    for (file, words) in [
        (vec![b' '; 5_000_001], "at most 5000000"),
        (format!("{{\"a\": \"{}\"}}", "x".repeat(4_900_000)).into_bytes(), "bytes of text"),
        (b"".to_vec(), "nothing in it"),
        (b"hello".to_vec(), "neither JSON"),
        (b"a.b.c".to_vec(), "neither JSON"),
        (b"\xff\xfe".to_vec(), "neither an image"),
        ("{\"a\":".repeat(200_000).into_bytes(), "nested deeper"),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), "holds no badge"),
        (b"\x89PNG\r\n\x1a\nxx".to_vec(), "damaged"),
    ] {
        let error = verify(&file, &at).unwrap_err();
        assert!(error.0.contains(words), "{error}");
    }
    for wrong in [
        json!({}),
        json!([]),
        json!({"@context": 7, "type": {"a": 1}, "issuer": [], "credentialSubject": "x", "proof": 7}),
    ] {
        let report = verify(wrong.to_string().as_bytes(), &at).unwrap();
        assert!(!report.accepted && report.checks.len() >= 5, "{report:#?}");
    }
}

#[test]
fn an_award_that_lacks_something_is_refused_with_all_that_is_wrong() {
    let mut lacking = award("did:web:hiec.example");
    lacking.achievement.criteria = Criteria::default();
    lacking.recipient = Recipient::default();
    lacking.valid_until = Some(lacking.valid_from);
    lacking.id = "not an address".to_owned();
    assert_eq!(lacking.document().unwrap_err().len(), 4);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn no_bytes_make_it_panic_or_speechless(
        number in 0..10_usize,
        changes in proptest::collection::vec((0..1_600_usize, proptest::prelude::any::<u8>()), 0..6),
        cut in 0..1_700_usize,
    ) {
        let names = ["01_valid", "02_valid_expiring", "03_tampered_name", "04_tampered_recipient", "05_proof_object",
            "06_no_criteria", "07_wrong_type", "08_wrong_issuer_key", "09_undefined_member", "10_expired"];
        let mut file = data(&format!("{}.json", names[number]));
        file.truncate(cut);
        for (place, byte) in changes {
            if let Some(there) = file.get_mut(place) {
                *there = byte;
            }
        }
        match verify(&file, &Options { status_lists: &[file.clone()], ..Options::at(moment("2026-03-01T00:00:00Z")) }) {
            Ok(report) => proptest::prop_assert!(!report.sentence.is_empty() && !report.checks.is_empty()),
            Err(problem) => proptest::prop_assert!(!problem.0.is_empty()),
        }
    }
}
