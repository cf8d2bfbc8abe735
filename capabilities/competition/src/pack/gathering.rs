//! A round's pack read from the database: rows as stored, ready to be held against the audit trail; it writes nothing and believes no row.

use std::collections::BTreeMap;

use hiec_kernel::audit::{AuditRecord, ChainHead};
use hiec_kernel::{BidId, CallId, Fingerprint, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, audit, values};
use uuid::Uuid;

use super::contents::{
    Pack, PackAward, PackBid, PackDecision, PackDesign, PackLetter, PackModeration, PackScore, PackSubmission,
    ScoreLine,
};
use super::recompute::Recomputed;
use crate::assessment::states::Review;
use crate::assessment::store as reviews;
use crate::award::store as award;
use crate::bids::papers::Paper;
use crate::bids::sealed;
use crate::bids::states::BidState;
use crate::bids::store as bids;
use crate::calls::amendments::CallState;
use crate::calls::stages;
use crate::calls::store::{self as calls, Call};
use crate::moderation::store as moderation;
use crate::panel::store as panel;
use crate::ranking::store as rankings;

/// Entries of the audit trail read at a time.
const PAGE: i64 = 1_000;

/// A round as its database has it.
#[derive(Clone, Debug)]
pub struct Gathered {
    pub call: CallId,
    pub key: String,
    pub pack: Pack,
    /// Where the call's chain stands.
    pub heads: Vec<ChainHead>,
    /// What each upload's bytes gave when it came in, by id.
    pub files: BTreeMap<Uuid, Fingerprint>,
}

/// Everything a pack holds of the call with this key, where there is one.
pub async fn gather(reads: &impl Reads, key: &str, now: Timestamp) -> Result<Option<Gathered>, Problem> {
    match calls::by_key(reads, key, now).await? {
        Some(call) => Ok(Some(of_call(reads, &call).await?)),
        None => Ok(None),
    }
}

/// The keys of every call there is.
pub async fn keys(reads: &impl Reads) -> Result<Vec<String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
    }
    let rows: Vec<Row> = reads.all("SELECT key FROM competition_call ORDER BY key", values![]).await?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

async fn of_call(reads: &impl Reads, call: &Call) -> Result<Gathered, Problem> {
    let mut pack = Pack { designs: designs(call)?, audit: entries(reads, call).await?, ..Pack::default() };
    of_bids(reads, call, &mut pack).await?;
    pack.scores = scores(reads, call.id).await?;
    pack.moderation = settled(reads, call.id).await?;
    if let Some(stored) = rankings::latest(reads, call.id).await? {
        let made = Recomputed::of(&stored.ranking, Fingerprint::from(stored.fingerprint.clone()));
        (pack.totals, pack.ranking, pack.ties) = (made.totals, made.ranking, made.ties);
    }
    pack.decisions = decisions(reads, call.id).await?;
    pack.letters = award::letters(reads, call.id)
        .await?
        .into_iter()
        .map(|sent| PackLetter { bid: sent.bid, number: sent.number, letter: sent.letter })
        .collect();
    pack.awards = award::awards(reads, call.id)
        .await?
        .into_iter()
        .filter(|award| award.state.is_made())
        .map(|award| PackAward { bid: award.bid, amount: award.amount })
        .collect();
    let stream = call.stream();
    let heads = audit::heads(reads).await?;
    Ok(Gathered {
        call: call.id,
        key: call.key.clone(),
        pack,
        heads: heads
            .into_iter()
            .filter(|(of, ..)| *of == stream)
            .map(|(of, seq, hash)| ChainHead { stream: of.as_str().to_owned(), seq, hash })
            .collect(),
        files: uploads(reads, call.id).await?,
    })
}

fn designs(call: &Call) -> Result<Vec<PackDesign>, Problem> {
    let (published, amendments) = match call.state.as_ref() {
        CallState::Draft(_) => return Ok(Vec::new()),
        CallState::Published(published) => (published, &[][..]),
        CallState::Amended(amended) => (&amended.published, amended.amendments.as_slice()),
    };
    let versions = std::iter::once((0, published.at, &published.design))
        .chain(amendments.iter().map(|one| (one.number, one.at, &one.design)));
    versions
        .map(|(number, at, design)| {
            let design = serde_json::to_value(design).map_err(Problem::internal)?;
            Ok(PackDesign { number, at, design })
        })
        .collect()
}

async fn entries(reads: &impl Reads, call: &Call) -> Result<Vec<AuditRecord>, StoreError> {
    let stream = call.stream();
    let mut all: Vec<AuditRecord> = Vec::new();
    loop {
        let after = all.last().map_or(i64::MIN, |last| last.seq);
        let page = audit::entries_to_check(reads, &stream, after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// The bids with what was submitted. What is sealed stays so: of it the pack has the receipt alone.
async fn of_bids(reads: &impl Reads, call: &Call, pack: &mut Pack) -> Result<(), Problem> {
    let is_pqq_over = stages::pqq_deadline(call.design()).is_none_or(|deadline| !deadline.admits(call.now));
    for bid in bids::of_call(reads, call).await? {
        let is_opened = matches!(bid.state, BidState::Opened(_));
        let mut asks = None;
        for sealed in sealed::of_bid(reads, bid.id).await? {
            let is_readable = match sealed.paper {
                Paper::Pqq => is_pqq_over,
                Paper::Bid => is_opened,
            };
            if sealed.paper == Paper::Bid && is_opened {
                asks = rankings::sum_asked(&sealed.content);
            }
            pack.submissions.push(PackSubmission {
                bid: bid.id,
                paper: sealed.paper,
                receipt: sealed.receipt,
                content: is_readable.then_some(sealed.content),
            });
        }
        pack.bids.push(PackBid {
            bid: bid.id,
            title: bid.title,
            asks,
            state: bid.state.name().to_owned(),
            is_ranked: is_opened,
        });
    }
    Ok(())
}

async fn scores(reads: &impl Reads, call: CallId) -> Result<Vec<PackScore>, StoreError> {
    let mut rows = Vec::new();
    for stored in reviews::of_call(reads, call).await? {
        let counting = Review::counts(&stored.review).map(|edition| edition.number);
        for edition in &stored.review.editions {
            rows.extend(edition.scores.iter().map(|score| PackScore {
                line: ScoreLine {
                    bid: stored.bid,
                    review: stored.id,
                    assessor: stored.assessor,
                    edition: edition.number,
                    part: score.part.clone(),
                    value: score.value,
                    counts: counting == Some(edition.number),
                },
                justification: score.justification.clone(),
            }));
        }
    }
    Ok(rows)
}

async fn settled(reads: &impl Reads, call: CallId) -> Result<Vec<PackModeration>, StoreError> {
    let by_bid = moderation::of_call(reads, call).await?;
    Ok(by_bid
        .into_iter()
        .flat_map(|(bid, history)| {
            history.into_iter().map(move |one| PackModeration {
                bid,
                part: one.part,
                value: one.value,
                edition: one.edition,
                by: one.by,
                reason: one.reason.to_string(),
            })
        })
        .collect())
}

async fn decisions(reads: &impl Reads, call: CallId) -> Result<Vec<PackDecision>, StoreError> {
    let mut rows: Vec<PackDecision> = Vec::new();
    let mut last: BTreeMap<BidId, usize> = BTreeMap::new();
    for item in panel::items_of_call(reads, call).await? {
        for (number, decision) in (1_u32..).zip(&item.item.decisions) {
            rows.push(PackDecision::of(item.meeting, number, decision, false));
        }
        if item.item.holds().is_some() {
            last.insert(item.item.bid, rows.len().saturating_sub(1));
        } else if !item.item.decisions.is_empty() {
            last.remove(&item.item.bid);
        }
    }
    for place in last.into_values() {
        if let Some(row) = rows.get_mut(place) {
            row.holds = true;
        }
    }
    Ok(rows)
}

async fn uploads(reads: &impl Reads, call: CallId) -> Result<BTreeMap<Uuid, Fingerprint>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        sha256: String,
    }
    let mut found = BTreeMap::new();
    let ids: Vec<Id> =
        reads.all("SELECT id FROM competition_bid WHERE call_id = $1 ORDER BY id", values![call.0]).await?;
    for Id { id } in ids {
        let rows: Vec<Row> = reads
            .all("SELECT id, sha256 FROM base_file WHERE owner = $1 ORDER BY id", values![format!("bid:{id}")])
            .await?;
        found.extend(rows.into_iter().map(|row| (row.id, Fingerprint::from(row.sha256))));
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}
