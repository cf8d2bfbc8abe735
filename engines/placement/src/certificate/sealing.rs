//! Seals a run: tokens, salts and commitments from one secret; it must never put a name beside a token.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Ledger, LedgerPart, Record, RecordChoice, Together, commitment, hex, identity};
use crate::couples::standing;
use crate::informed::WhyBroken;
use crate::market::NONE;
use crate::question::{Priority, Question};
use crate::run::{Rule, Run};

/// A run sealed under a secret. The same run under the same secret gives the same certificates.
#[derive(Debug, Clone)]
pub struct Sealed {
    pub(super) ledger: Ledger,
    /// Records as text, in the order of tokens, in one piece: where each ends.
    texts: String,
    ends: Vec<usize>,
    salts: Vec<String>,
    /// The record of each applicant of the question.
    record_of: Vec<u32>,
    name_salts: Vec<String>,
}

impl Sealed {
    /// Seals a run of this question. `secret` is drawn once at random and kept by whoever ran it: with it anybody could
    /// find who stands behind a token.
    pub fn new(question: &Question, run: &Run, secret: &[u8; 32]) -> Self {
        let market = &run.market;
        let drawn = |what: &str, number: u32| {
            let mut hasher = Sha256::new();
            hasher.update(secret);
            hasher.update(what);
            hasher.update(number.to_le_bytes());
            hasher.finalize()
        };
        // 128 bits: as many as nobody can try.
        let salt = |what: &str, number: u32| hex(&drawn(what, number)[..16]);
        let applicants = market.applicants() as u32;
        let mut order: Vec<_> = (0..applicants).map(|number| (drawn("token", number), number)).collect();
        order.sort_unstable();
        let width = applicants.max(1).ilog10() as usize + 1;
        let mut record_of = vec![0; applicants as usize];
        let mut tokens = vec![String::new(); applicants as usize];
        for (position, (_, applicant)) in (0_u32..).zip(&order) {
            record_of[*applicant as usize] = position;
            tokens[*applicant as usize] = format!("T{:0width$}", position + 1);
        }
        let name_salts: Vec<String> = (0..applicants).map(|number| salt("name", number)).collect();
        let reasons = run.reasons();
        let together = Self::together(run, &tokens);
        let positions = match &question.priority {
            Priority::Order(order) => Some(order),
            Priority::ByHost(_) => None,
        };
        let mut texts = String::with_capacity(order.len() * 180 + market.choices.len() * 40);
        let mut ends = Vec::with_capacity(order.len());
        let mut commitments = Vec::with_capacity(order.len());
        let mut salts = Vec::with_capacity(order.len());
        for (_, applicant) in &order {
            let number = *applicant as usize;
            let range = market.range(*applicant);
            let choices = range.clone().map(|choice| {
                let line = market.choice(choice);
                RecordChoice {
                    part: line.part,
                    rank: (line.rank != NONE).then_some(line.rank.saturating_add(1)),
                    place: line.place,
                    bar: line.bar,
                    reason: reasons[choice as usize],
                }
            });
            let held = run.held[number];
            let record = Record {
                token: std::mem::take(&mut tokens[number]),
                identity: identity(&name_salts[number], &question.applicants[number]),
                position: positions.map(|order| order[number]),
                is_given: market.given[number] != NONE,
                held: (held != NONE).then(|| held - range.start),
                choices: choices.collect(),
                together: together.get(applicant).cloned(),
            };
            let begins = texts.len();
            record.write(&mut texts);
            let salt = salt("record", *applicant);
            commitments.push((record.token, commitment(&salt, &texts[begins..])));
            ends.push(texts.len());
            salts.push(salt);
        }
        let ledger = Ledger { rule: run.rule, parts: Self::parts(question, run), commitments };
        Self { ledger, texts, ends, salts, record_of, name_salts }
    }

    fn parts(question: &Question, run: &Run) -> Vec<LedgerPart> {
        let market = &run.market;
        let mut parts: Vec<LedgerPart> = market
            .parts
            .iter()
            .map(|part| LedgerPart {
                host: question.hosts[part.host as usize].clone(),
                is_reserved: part.reserved.is_some(),
                reserved_for: part
                    .reserved
                    .and_then(|reserve| question.reserves.get(reserve as usize))
                    .map(|reserve| reserve.label.clone())
                    .unwrap_or_default(),
                capacity: part.capacity,
                given: 0,
                is_closed: run.closed.contains(&part.host),
                admitted: Vec::new(),
            })
            .collect();
        for (applicant, choice) in run.held.iter().enumerate() {
            if *choice == NONE {
                continue;
            }
            let line = market.choice(*choice);
            let part = &mut parts[line.part as usize];
            if market.given[applicant] == NONE {
                part.admitted.push(line.rank.saturating_add(1));
            } else {
                part.given += 1;
            }
        }
        parts.iter_mut().for_each(|part| part.admitted.sort_unstable());
        parts
    }

    fn together(run: &Run, tokens: &[String]) -> HashMap<u32, Together> {
        let market = &run.market;
        let mut together = HashMap::new();
        for (position, couple) in market.couples.iter().enumerate() {
            let refused = run.couple_refusals(position);
            let local = |member: u32, choice: u32| (choice != NONE).then(|| choice - market.range(member).start);
            let options: Vec<_> = couple
                .options
                .iter()
                .enumerate()
                .map(|(place, option)| {
                    let pair = [local(couple.members[0], option[0]), local(couple.members[1], option[1])];
                    (pair, refused.get(place).copied())
                })
                .collect();
            let is_whole = standing(couple, &run.held) < couple.options.len();
            for (is_first, [one, other]) in [(true, couple.members), (false, [couple.members[1], couple.members[0]])] {
                let partner = tokens[other as usize].clone();
                let entry = Together { partner, is_first, options: options.clone(), is_by_turn: false, is_whole };
                together.insert(one, entry);
            }
        }
        if run.rule == Rule::Informed {
            let whole = run.together.iter().map(|link| (*link, true));
            let broken = run.broken.iter().filter(|broken| broken.why == WhyBroken::NoTwoPlaces);
            for (link, is_whole) in whole.chain(broken.map(|broken| (broken.link, false))) {
                for (is_first, [one, other]) in [(true, link), (false, [link[1], link[0]])] {
                    let partner = tokens[other as usize].clone();
                    let entry = Together { partner, is_first, options: Vec::new(), is_by_turn: true, is_whole };
                    together.insert(one, entry);
                }
            }
        }
        together
    }

    /// Each record as text with its salt, in the order of tokens.
    pub(super) fn records(&self) -> impl Iterator<Item = (&str, &str)> {
        (0..self.ends.len()).map(|position| (self.text(position), self.salts[position].as_str()))
    }

    fn text(&self, position: usize) -> &str {
        let begins = position.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[begins..self.ends[position]]
    }

    /// The hash that names the run: hosts, ranks admitted and commitments.
    pub fn root(&self) -> String {
        self.ledger.root()
    }

    /// The token of an applicant of the question.
    pub fn token(&self, applicant: u32) -> &str {
        &self.ledger.commitments[self.record_of[applicant as usize] as usize].0
    }

    /// The ledger alone, for everybody: no choices, so nobody sees how anybody ranked.
    pub fn public(&self) -> String {
        self.ledger.written("public", |_| {})
    }

    /// All records without names, for whoever checks the whole run. Records tell choices: not for hosts.
    pub fn whole(&self) -> String {
        self.ledger.written("whole", |out| self.write_records(out))
    }

    /// One applicant's own: the ledger, their record opened, and the salt that proves it is theirs.
    pub fn personal(&self, applicant: u32, name: &str) -> String {
        personal_of(&self.public(), &self.mine(applicant, name)).unwrap_or_default()
    }

    /// What a personal certificate has beside the ledger, to be kept apart and put together by [`personal_of`].
    pub fn mine(&self, applicant: u32, name: &str) -> String {
        let position = self.record_of[applicant as usize] as usize;
        let salts = (self.salts[position].as_str(), self.name_salts[applicant as usize].as_str());
        let mut out = String::with_capacity(1024);
        super::document::write_mine(&mut out, self.text(position), name, salts);
        out
    }
}

/// The personal certificate of a ledger and one applicant's part; nothing where the first is no ledger of ours.
pub fn personal_of(public: &str, mine: &str) -> Option<String> {
    const KIND: &str = "\"kind\":\"public\"";
    let (before, after) = public.split_once(KIND)?;
    let after = after.trim_end().strip_suffix('}')?;
    Some(format!("{before}\"kind\":\"personal\"{after},\"mine\":{mine}}}\n"))
}
