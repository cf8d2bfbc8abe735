//! Measures signing and verifying in seconds of one core; it must never be read as a test.
//!
//! `cargo bench -p hiec-credentials`.

use std::hint::black_box;
use std::time::Instant;

use chrono::{DateTime, Utc};
use hiec_credentials::{
    Achievement, Award, Criteria, Issuer, IssuingKey, Options, Purpose, Recipient, StatusEntry, StatusList,
    sign_data_integrity, sign_jwt, verify,
};

const TOKENS: usize = 100_000;
const PROOFS: usize = 2_000;

fn main() {
    let key = IssuingKey::for_itself(&[5; 32], DateTime::UNIX_EPOCH);
    let begun = Instant::now();
    let mut bytes = 0;
    for number in 0..TOKENS {
        bytes += token(number, &key).len();
    }
    println!("{TOKENS} credentials made and signed as VC-JWT: {:.2} s ({bytes} bytes)", begun.elapsed().as_secs_f64());

    let tokens: Vec<String> = (0..PROOFS).map(|number| token(number, &key)).collect();
    timed("verified as VC-JWT", || tokens.iter().all(|token| is_good(token.as_bytes())));
    let mut signed = Vec::new();
    timed("made and signed with Data Integrity", || {
        for number in 0..PROOFS {
            match award(number, &key)
                .document()
                .map(|document| sign_data_integrity(&document, &key, DateTime::UNIX_EPOCH))
            {
                Ok(Ok(document)) => signed.push(document.to_string()),
                _ => return false,
            }
        }
        true
    });
    timed("verified with Data Integrity", || signed.iter().all(|document| is_good(document.as_bytes())));

    let mut list = StatusList::new(Purpose::Revocation, 131_072);
    for number in (0..100_000).step_by(97) {
        let _ = list.set(number, true);
    }
    let begun = Instant::now();
    let document = list.document("https://hiec.example/list", &key.issuer, DateTime::UNIX_EPOCH, None);
    let token =
        document.and_then(|document| sign_jwt(&document, &key, DateTime::UNIX_EPOCH)).map_or(0, |token| token.len());
    println!(
        "a status list of 131,072 written and signed: {:.2} ms ({token} bytes)",
        begun.elapsed().as_secs_f64() * 1e3
    );
}

fn timed(what: &str, work: impl FnOnce() -> bool) {
    let begun = Instant::now();
    let is_fine = work();
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{PROOFS} {what}: {seconds:.2} s, {:.3} ms each{}",
        seconds * 1e3 / PROOFS as f64,
        if is_fine { "" } else { " — AND WRONG" }
    );
}

fn is_good(file: &[u8]) -> bool {
    verify(black_box(file), &Options::at(DateTime::UNIX_EPOCH)).is_ok_and(|report| report.accepted)
}

fn token(number: usize, key: &IssuingKey) -> String {
    let document = award(number, key).document().unwrap_or_default();
    sign_jwt(black_box(&document), key, DateTime::<Utc>::UNIX_EPOCH).unwrap_or_default()
}

fn award(number: usize, key: &IssuingKey) -> Award {
    Award {
        id: format!("urn:uuid:00000000-0000-7000-8000-{number:012}"),
        issuer: Issuer {
            id: key.issuer.clone(),
            name: "Example cluster".to_owned(),
            url: Some("https://hiec.example/".to_owned()),
        },
        achievement: Achievement {
            id: "https://hiec.example/skills/1".to_owned(),
            name: "Ultrasound-guided access".to_owned(),
            description: "Open to every profession that has the need.".to_owned(),
            criteria: Criteria {
                narrative: Some("Ten supervised procedures and one simulation.".to_owned()),
                url: None,
            },
            kind: Some("Competency".to_owned()),
            alignments: vec![],
        },
        recipient: Recipient {
            email: Some(format!("learner{number}@example.org")),
            salt: Some(format!("{number:016}")),
            id: None,
            name: None,
        },
        valid_from: DateTime::UNIX_EPOCH,
        valid_until: None,
        evidence: vec![],
        status: vec![StatusEntry {
            list: "https://hiec.example/list".to_owned(),
            index: number,
            purpose: Purpose::Revocation,
        }],
    }
}
