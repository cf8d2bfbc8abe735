//! What the rows of a round must be by its audit trail: every entry about designs, submissions, scores, decisions, letters and awards, lived through again in order. It reads entries and nothing else.

use std::collections::BTreeMap;

use hiec_kernel::audit::AuditRecord;
use hiec_kernel::{BidId, Fingerprint};
use hiec_store::AuditEvent;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::contents::{AUDIT, PackAward, PackDecision, PackModeration, ScoreLine};
use super::verify::{Difference, difference};
use crate::assessment::actions::{RecordedEdition, ReviewMoved};
use crate::award::actions::{Awarded, LetterSent};
use crate::award::complaining::OutcomeSetAside;
use crate::bids::submitting::PaperSubmitted;
use crate::calls::designing::amendment::CallAmended;
use crate::calls::publication::CallPublished;
use crate::moderation::actions::ScoreSettled;
use crate::panel::actions::{Decided, PutOff};
use crate::ranking::actions::RankingComputed;

/// What the trail says there is.
#[derive(Default)]
pub(super) struct Recorded {
    /// By number: 0 as published, then each amendment.
    pub designs: Vec<Fingerprint>,
    pub submissions: Vec<PaperSubmitted>,
    /// Each edition ever submitted, and whether it counts in the end.
    pub scores: Vec<ScoreLine>,
    /// Of the scores of an edition with their justifications.
    pub editions: BTreeMap<(Uuid, u32), Fingerprint>,
    pub moderation: Vec<PackModeration>,
    pub decisions: Vec<PackDecision>,
    /// In the order sent; each with its number for its bid.
    pub letters: Vec<(BidId, u32, Fingerprint)>,
    pub awards: Vec<PackAward>,
}

/// Of the last ranking that was computed: what was recorded of it, and everything before it, from which it was made.
pub(super) struct RankingEntry<'a> {
    pub fingerprint: Fingerprint,
    pub before: &'a [AuditRecord],
}

pub(super) fn last_ranking<'a>(audit: &'a [AuditRecord], found: &mut Vec<Difference>) -> Option<RankingEntry<'a>> {
    let place = audit.iter().rposition(|entry| entry.kind == RankingComputed::KIND)?;
    let body: RankingComputed = body(audit.get(place)?, found)?;
    Some(RankingEntry { fingerprint: body.fingerprint.into(), before: audit.get(..place)? })
}

/// One review's life, as far as its scores go.
#[derive(Default)]
struct Life {
    editions: Vec<(ReviewMoved, RecordedEdition)>,
    /// Reopened or taken away since the last edition.
    is_stopped: bool,
}

pub(super) fn replay(audit: &[AuditRecord], found: &mut Vec<Difference>) -> Recorded {
    let mut recorded = Recorded::default();
    let mut reviews: BTreeMap<Uuid, Life> = BTreeMap::new();
    for entry in audit {
        match entry.kind.as_str() {
            CallPublished::KIND => {
                recorded.designs.extend(body::<CallPublished>(entry, found).map(|event| event.fingerprint));
            }
            CallAmended::KIND => {
                recorded.designs.extend(body::<CallAmended>(entry, found).map(|event| event.fingerprint));
            }
            PaperSubmitted::KIND => recorded.submissions.extend(body::<PaperSubmitted>(entry, found)),
            ReviewMoved::KIND => {
                if let Some(event) = body::<ReviewMoved>(entry, found) {
                    let life = reviews.entry(event.review).or_default();
                    life.is_stopped = event.submitted.is_none();
                    if let Some(edition) = event.submitted.clone() {
                        life.editions.push((event, edition));
                    }
                }
            }
            ScoreSettled::KIND => {
                recorded.moderation.extend(body::<ScoreSettled>(entry, found).map(PackModeration::from));
            }
            Decided::KIND => {
                if let Some(event) = body::<Decided>(entry, found) {
                    decided(&mut recorded.decisions, event);
                }
            }
            PutOff::KIND => {
                if let Some(event) = body::<PutOff>(entry, found)
                    && event.step == "reopened"
                {
                    no_longer_hold(&mut recorded.decisions, &[event.bid]);
                }
            }
            OutcomeSetAside::KIND => {
                if let Some(event) = body::<OutcomeSetAside>(entry, found) {
                    no_longer_hold(&mut recorded.decisions, &event.bids);
                }
            }
            LetterSent::KIND => {
                if let Some(event) = body::<LetterSent>(entry, found) {
                    let before = recorded.letters.iter().filter(|(bid, ..)| *bid == event.bid).count();
                    let number = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
                    recorded.letters.push((event.bid, number, event.letter));
                }
            }
            Awarded::KIND => {
                recorded.awards.extend(
                    body::<Awarded>(entry, found).map(|event| PackAward { bid: event.bid, amount: event.amount }),
                );
            }
            _ => {}
        }
    }
    for (review, life) in reviews {
        scores_of(review, life, &mut recorded);
    }
    recorded
}

fn scores_of(review: Uuid, life: Life, recorded: &mut Recorded) {
    let last = life.editions.len();
    for (nth, (event, edition)) in (1_usize..).zip(life.editions) {
        let counts = nth == last && !life.is_stopped;
        recorded.editions.insert((review, edition.edition), edition.fingerprint);
        recorded.scores.extend(edition.scores.into_iter().map(|score| ScoreLine {
            bid: event.bid,
            review,
            assessor: event.assessor,
            edition: edition.edition,
            part: score.part,
            value: score.value,
            counts,
        }));
    }
}

impl From<ScoreSettled> for PackModeration {
    fn from(event: ScoreSettled) -> Self {
        Self {
            bid: event.bid,
            part: event.settled.part,
            value: event.settled.value,
            edition: event.settled.edition,
            by: event.settled.by,
            reason: event.settled.reason.to_string(),
        }
    }
}

/// The last decision of a bid holds, whatever meeting it is of.
fn decided(decisions: &mut Vec<PackDecision>, event: Decided) {
    let Decided { meeting, decision, .. } = event;
    no_longer_hold(decisions, &[decision.bid]);
    let before = decisions.iter().filter(|one| one.bid == decision.bid && one.meeting == meeting).count();
    let number = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    decisions.push(PackDecision::of(meeting, number, &decision, true));
}

fn no_longer_hold(decisions: &mut [PackDecision], bids: &[BidId]) {
    for decision in decisions.iter_mut().filter(|one| bids.contains(&one.bid)) {
        decision.holds = false;
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
