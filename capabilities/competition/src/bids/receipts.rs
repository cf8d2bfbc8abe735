//! The receipt of a submission: what the server held, part by part, at which moment; it is issued once and never changed.
//!
//! Anyone who has the parts can check it: each part's SHA-256 is over the bytes stated in [`PartKind`], and the overall figure is
//! over the canonical JSON (sorted keys, no white space) of number, call, bid, time and parts.

use std::collections::BTreeMap;

use hiec_forms::{Answers, QuestionSet, Visibilities};
use hiec_kernel::clock::{iso, on_page};
use hiec_kernel::{BidId, Fingerprint, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::partnerships::commitments::Commitment;

/// What the server held when it took a bid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// `HIEC-2009-0042`: unique in its call.
    pub number: String,
    pub call: String,
    pub bid: BidId,
    /// By the server's clock.
    pub received_at: Timestamp,
    pub parts: Vec<Part>,
    pub overall: Fingerprint,
}

/// A part of a bid and its SHA-256.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    pub kind: PartKind,
    /// A section's key, a file's name, a partner's name; unique within its kind.
    pub name: String,
    /// Length of what was hashed.
    pub bytes: u64,
    pub sha256: Fingerprint,
}

/// What was hashed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// The canonical JSON of the answers of one section, by question key.
    Answers,
    /// The bytes of the file as uploaded.
    File,
    /// The canonical JSON of one partner's commitment.
    Commitment,
    /// The canonical JSON of what stands about the paper itself: title, regions, lead, legal form, partners, files.
    Particulars,
}

/// Where a receipt and the parts at hand do not agree.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Mismatch {
    #[error("The receipt itself was changed: its overall figure does not fit what it lists")]
    Receipt,
    #[error("“{name}” is on the receipt and not here")]
    Missing { name: String },
    #[error("“{name}” is here and not on the receipt")]
    NotListed { name: String },
    #[error("“{name}” is not what was received")]
    Changed { name: String },
}

/// The number of the nth submission of a call: `HIEC-2009-0042`.
pub fn receipt_number(call_key: &str, nth: u64) -> String {
    format!("{}-{nth:04}", call_key.to_uppercase())
}

impl Part {
    pub fn file(name: impl Into<String>, bytes: u64, sha256: Fingerprint) -> Self {
        Self { kind: PartKind::File, name: name.into(), bytes, sha256 }
    }

    pub fn commitment(partner: impl Into<String>, commitment: &Commitment) -> Result<Self, serde_json::Error> {
        Ok(Self::of_json(PartKind::Commitment, partner.into(), &serde_json::to_value(commitment)?))
    }

    /// One part for each section, with the answers to the questions that are asked.
    pub fn answers(set: &QuestionSet, answers: &Answers) -> Result<Vec<Self>, serde_json::Error> {
        let visibilities = Visibilities::of(set, answers);
        set.sections
            .iter()
            .map(|section| {
                let given: BTreeMap<&str, Value> = section
                    .questions
                    .iter()
                    .filter(|question| visibilities.is_visible(&question.key))
                    .filter_map(|question| Some((question.key.as_str(), answers.get(&question.key)?)))
                    .map(|(key, answer)| Ok((key, serde_json::to_value(answer)?)))
                    .collect::<Result<_, serde_json::Error>>()?;
                Ok(Self::of_json(PartKind::Answers, section.key.clone(), &serde_json::to_value(given)?))
            })
            .collect()
    }

    /// `particulars` is everything sealed that stands in no other part.
    pub fn particulars(particulars: &Value) -> Self {
        Self::of_json(PartKind::Particulars, "title, regions, lead and partners".into(), particulars)
    }

    fn of_json(kind: PartKind, name: String, value: &Value) -> Self {
        let text = hiec_kernel::fingerprint::canonical_json(value);
        Self {
            kind,
            name,
            bytes: u64::try_from(text.len()).unwrap_or(u64::MAX),
            sha256: Fingerprint::of_bytes(text.as_bytes()),
        }
    }
}

impl Receipt {
    pub fn issue(number: String, call: String, bid: BidId, received_at: Timestamp, parts: Vec<Part>) -> Self {
        let overall = overall(&number, &call, bid, received_at, &parts);
        Self { number, call, bid, received_at, parts, overall }
    }

    /// Whether the receipt is whole and these are the parts it was given for; says every mismatch.
    pub fn verify(&self, parts: &[Part]) -> Result<(), Vec<Mismatch>> {
        let mut mismatches = Vec::new();
        if self.overall != overall(&self.number, &self.call, self.bid, self.received_at, &self.parts) {
            mismatches.push(Mismatch::Receipt);
        }
        let find = |among: &[Part], part: &Part| {
            among.iter().find(|other| (other.kind, &other.name) == (part.kind, &part.name)).cloned()
        };
        for listed in &self.parts {
            let name = listed.name.clone();
            match find(parts, listed) {
                None => mismatches.push(Mismatch::Missing { name }),
                Some(here) if here != *listed => mismatches.push(Mismatch::Changed { name }),
                Some(_) => {}
            }
        }
        for here in parts {
            if find(&self.parts, here).is_none() {
                mismatches.push(Mismatch::NotListed { name: here.name.clone() });
            }
        }
        if mismatches.is_empty() { Ok(()) } else { Err(mismatches) }
    }

    /// For the mail and for `sha256sum`-like reading: one line for each part.
    pub fn in_lines(&self) -> String {
        let mut lines = vec![
            format!("Receipt {}", self.number),
            format!("Received {} ({})", on_page(self.received_at), iso(self.received_at)),
            format!("Overall SHA-256 {}", self.overall),
            String::new(),
        ];
        for part in &self.parts {
            lines.push(format!("{}  {} {} ({} bytes)", part.sha256, part.kind.label(), part.name, part.bytes));
        }
        lines.join("\n")
    }
}

impl PartKind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::File => "file",
            Self::Commitment => "commitment",
            Self::Particulars => "particulars",
        }
    }
}

fn overall(number: &str, call: &str, bid: BidId, received_at: Timestamp, parts: &[Part]) -> Fingerprint {
    let parts: Vec<Value> = parts
        .iter()
        .map(|part| {
            json!({
                "kind": part.kind.label(),
                "name": part.name,
                "bytes": part.bytes,
                "sha256": part.sha256.as_str(),
            })
        })
        .collect();
    let covered = json!({
        "number": number,
        "call": call,
        "bid": bid.to_string(),
        "received_at": iso(received_at),
        "parts": parts,
    });
    Fingerprint::of_bytes(hiec_kernel::fingerprint::canonical_json(&covered).as_bytes())
}

#[cfg(test)]
mod tests {
    use hiec_forms::Answer;
    use hiec_kernel::clock::from_london;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::calls::facts::call_2009;

    fn parts(vision: &str) -> Vec<Part> {
        let mut answers = Answers::new();
        answers.set("vision", Some(Answer::Text(vision.into())));
        let mut parts = Part::answers(&call_2009().unwrap().bid_questions, &answers).unwrap();
        parts.push(Part::file("letter.pdf", 3, Fingerprint::of_bytes(b"abc")));
        parts.push(Part::commitment("Example Trust", &Commitment::default()).unwrap());
        parts
    }

    fn receipt() -> Receipt {
        let at = from_london("2009-10-19 16:59:59").unwrap();
        let number = receipt_number("hiec-2009", 42);
        Receipt::issue(number, "hiec-2009".into(), BidId(Uuid::from_u128(5)), at, parts("Better care"))
    }

    #[test]
    fn it_states_every_part_and_the_time() {
        let receipt = receipt();
        assert_eq!(receipt.number, "HIEC-2009-0042");
        assert_eq!(receipt.verify(&parts("Better care")), Ok(()));
        let lines = receipt.in_lines();
        assert!(lines.contains("19 October 2009 at 4:59pm (2009-10-19T15:59:59.000Z)"), "{lines}");
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  file letter.pdf (3 bytes)";
        assert!(lines.contains(abc), "{lines}");
    }

    #[test]
    fn a_section_is_hashed_as_canonical_json() {
        let cluster = parts("Better care").into_iter().find(|part| part.name == "cluster").unwrap();
        let bytes = br#"{"vision":{"text":"Better care"}}"#;
        assert_eq!(cluster.sha256, Fingerprint::of_bytes(bytes));
        assert_eq!(cluster.bytes, 33);
    }

    #[test]
    fn every_kind_of_mismatch_is_named() {
        let name = |text: &str| text.to_owned();
        assert_eq!(receipt().verify(&parts("Other")), Err(vec![Mismatch::Changed { name: name("cluster") }]));
        let mut fewer = parts("Better care");
        let gone = fewer.remove(0);
        assert_eq!(receipt().verify(&fewer), Err(vec![Mismatch::Missing { name: gone.name }]));
        let mut more = parts("Better care");
        more.push(Part::file("late.pdf", 3, Fingerprint::of_bytes(b"abc")));
        assert_eq!(receipt().verify(&more), Err(vec![Mismatch::NotListed { name: name("late.pdf") }]));
        let mut earlier = receipt();
        earlier.received_at -= chrono::Duration::seconds(1);
        assert_eq!(earlier.verify(&parts("Better care")), Err(vec![Mismatch::Receipt]));
    }

    proptest! {
        #[test]
        fn a_receipt_fits_its_own_parts_and_no_others(one in "\\PC{1,40}", two in "\\PC{1,40}") {
            let at = from_london("2009-10-01 12:00").unwrap();
            let receipt = Receipt::issue("N".into(), "c".into(), BidId(Uuid::nil()), at, parts(&one));
            prop_assert_eq!(receipt.verify(&parts(&one)), Ok(()));
            prop_assert_eq!(receipt.verify(&parts(&two)).is_ok(), one == two);
            let json = serde_json::to_string(&receipt).unwrap();
            let again: Receipt = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(again.verify(&parts(&one)), Ok(()));
        }
    }
}
