//! Certificates: a whole run without names, the public ledger of it, and one applicant's own; it must never let a name be found from what is public.
//!
//! Every applicant has a *record* (their choices, ranks, what they hold and why not better) under a token. Its
//! *commitment* is the SHA-256 of a salt and the record; who it is about is a second salted hash inside the record. The
//! *ledger* is the hosts with the ranks they admitted and all commitments; its hash is the *root* that names the run.

mod appeals;
mod checking;
mod document;
mod reading;
mod sealing;

pub use appeals::amended;
pub use checking::{Checked, check};
pub use sealing::{Sealed, personal_of};

use sha2::{Digest, Sha256};

use crate::json::push_number;
use crate::market::Bar;
use crate::reasons::Reason;
use crate::run::Rule;

/// A run as a certificate states it: tokens for applicants, names for hosts only.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ledger {
    rule: Rule,
    parts: Vec<LedgerPart>,
    /// Token and commitment, in the order of tokens.
    commitments: Vec<(String, String)>,
}

/// Places of one kind at one host, and whom they went to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LedgerPart {
    host: String,
    is_reserved: bool,
    /// For whom, where a group is meant; empty otherwise.
    reserved_for: String,
    capacity: u32,
    /// Places given before the run, not in the capacity.
    given: u32,
    is_closed: bool,
    /// Ranks of those admitted in the run, best first, from 1.
    admitted: Vec<u32>,
}

/// One applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    token: String,
    identity: String,
    /// Position in the one order, where there is one.
    position: Option<u32>,
    is_given: bool,
    /// Which of the choices is held.
    held: Option<u32>,
    choices: Vec<RecordChoice>,
    together: Option<Together>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct RecordChoice {
    part: u32,
    /// From 1; none where the host did not rank the applicant.
    rank: Option<u32>,
    place: u32,
    bar: Bar,
    reason: Reason,
}

/// With whom an applicant goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Together {
    /// The other's token, and whether this is the first of the two.
    partner: String,
    is_first: bool,
    /// Pairs of choices (the first's, the second's), none for unplaced; and for the better ones who was refused.
    options: Vec<([Option<u32>; 2], Option<u8>)>,
    /// Whether the pairs are the rule's own (two places at one host at the later one's turn).
    is_by_turn: bool,
    /// Whether such a pair was kept together.
    is_whole: bool,
}

fn hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits: Vec<u8> =
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect();
    String::from_utf8(digits).unwrap_or_default()
}

fn commitment(salt: &str, record: &str) -> String {
    hash(&[salt, "\n", record])
}

/// Who a record is about.
fn identity(salt: &str, name: &str) -> String {
    hash(&["hiec-placement-name-1\n", salt, "\n", name])
}

impl Record {
    fn commitment(&self, salt: &str) -> String {
        let mut text = String::new();
        self.write(&mut text);
        commitment(salt, &text)
    }
}

impl Ledger {
    fn root(&self) -> String {
        use std::fmt::Write;
        let mut text = format!("hiec-placement-root-1\n{}\n", self.rule.code());
        for part in &self.parts {
            let kind = match (part.is_reserved, part.reserved_for.is_empty()) {
                (true, true) => "reserved",
                (true, false) => "reserved-for",
                (false, _) => "open",
            };
            let state = if part.is_closed { "closed" } else { "running" };
            let _ = write!(text, "{kind} {state} {} {}", part.capacity, part.given);
            for rank in &part.admitted {
                text.push(' ');
                push_number(&mut text, *rank);
            }
            let _ = writeln!(text, "\n{}", part.host);
            if kind == "reserved-for" {
                let _ = writeln!(text, "{}", part.reserved_for);
            }
        }
        for (token, commitment) in &self.commitments {
            for word in [token, " ", commitment, "\n"] {
                text.push_str(word);
            }
        }
        hash(&[&text])
    }
}

fn bar_code(bar: Bar) -> &'static str {
    match bar {
        Bar::Open => "open",
        Bar::NotAcceptable => "not-acceptable",
        Bar::TooFar => "too-far",
        Bar::Unfit => "unfit",
        Bar::Closed => "closed",
    }
}
