//! Assigning bids to assessors: one question to the engine, one act on the record that can be undone, and single changes by hand. It never gives a bid to somebody with a conflict.

use std::collections::{BTreeMap, BTreeSet};

use hiec_assignment::{Decimal, Draft, Id, MaxLoad, NotSolved, Pair, PerBid};
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, CallId, Fingerprint, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, FromQueryResult, Reads, Unit, values};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::matching::BidWords;
use super::pool::{self, PoolState};
use super::states::ReviewState;
use super::store::{self, StoredReview};
use crate::calls::store::Call;
use crate::interests::{actions as interests, store as conflicts};
use crate::pqq::actions::mail;
use crate::refusal::Reason;

/// Bids were given to assessors.
#[derive(Serialize)]
struct Assigned {
    assignment: Uuid,
    kind: &'static str,
    reviews: Vec<(BidId, PersonId)>,
    total_weight: String,
}

impl AuditEvent for Assigned {
    const KIND: &'static str = "assignment.made";
}

/// An act of assigning was undone.
#[derive(Serialize)]
struct AssignmentUndone {
    assignment: Uuid,
    reason: String,
}

impl AuditEvent for AssignmentUndone {
    const KIND: &'static str = "assignment.undone";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// One pair of a proposal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Given {
    pub bid: BidId,
    pub bid_title: String,
    pub assessor: PersonId,
    pub assessor_name: String,
    pub weight: String,
    /// It was there before this proposal, and stays.
    pub is_kept: bool,
}

/// How many bids somebody reads, of how many at most.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LoadLine {
    pub assessor_name: String,
    pub reviews: u32,
    pub most: u32,
}

/// The proven best assignment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Plan {
    pub pairs: Vec<Given>,
    pub loads: Vec<LoadLine>,
    pub total_weight: String,
}

/// What the office is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal {
    /// The best plan, where there is one.
    pub plan: Option<Plan>,
    /// Why there is none, in words; empty where there is one.
    pub impossible: Vec<String>,
    /// Assessors who cannot be given bids yet, and what is missing.
    pub left_out: Vec<(String, String)>,
    /// Of the plan: confirming it confirms exactly what was shown.
    pub fingerprint: String,
}

#[derive(FromQueryResult)]
struct OpenedBid {
    id: Uuid,
    title: String,
    content: Option<serde_json::Value>,
}

struct Ready {
    person: PersonId,
    name: String,
    subjects: Vec<String>,
    most: u32,
}

/// Works out the assignment for the bids that lack reviews. Reviews there are stay; a pair declined or taken away is not proposed again.
pub(crate) async fn propose_assignment(reads: &impl Reads, call: &Call) -> Result<Proposal, Problem> {
    let bids = opened_bids(reads, call.id).await?;
    let (ready, left_out) = ready_assessors(reads, call).await?;
    let barred = conflicts::standing_pairs(reads, call.id).await?;
    let reviews = store::of_call(reads, call.id).await?;
    let undone = undone(reads, call.id).await?;
    let refused: BTreeSet<(BidId, PersonId)> = reviews
        .iter()
        .filter(|review| !review.is_live() && !undone.contains(&review.assignment))
        .map(|review| (review.bid, review.assessor))
        .collect();
    let live: BTreeSet<(BidId, PersonId)> =
        reviews.iter().filter(|review| review.is_live()).map(|review| (review.bid, review.assessor)).collect();
    let (plan, impossible) = match solve(call, &bids, &ready, &barred, &refused, &live) {
        Ok(plan) => (Some(plan), vec![]),
        Err(reasons) => (None, reasons),
    };
    let fingerprint = match &plan {
        Some(plan) => Fingerprint::of(plan).map_err(Problem::internal)?.to_string(),
        None => String::new(),
    };
    Ok(Proposal { plan, impossible, left_out, fingerprint })
}

async fn opened_bids(reads: &impl Reads, call: CallId) -> Result<Vec<OpenedBid>, StoreError> {
    reads
        .all(
            "SELECT b.id, b.title, (SELECT s.content FROM competition_submission s WHERE s.bid_id = b.id AND s.form = 'bid' \
             ORDER BY s.submitted_at DESC, s.id DESC LIMIT 1) AS content FROM competition_bid b \
             WHERE b.call_id = $1 AND b.state_name = 'Opened' ORDER BY b.title, b.id",
            values![call.0],
        )
        .await
}

async fn ready_assessors(reads: &impl Reads, call: &Call) -> Result<(Vec<Ready>, Vec<(String, String)>), Problem> {
    let (mut ready, mut left_out) = (Vec::new(), Vec::new());
    for member in pool::of_call(reads, call.id).await? {
        if member.state != PoolState::Joined {
            left_out.push((member.name, format!("{}, has not joined", member.state.label())));
            continue;
        }
        match interests::readiness(reads, call, member.person).await? {
            Ok(()) => ready.push(Ready {
                person: member.person,
                name: member.name,
                subjects: member.expertise,
                most: member.max_load.min(call.design().award.max_load),
            }),
            Err(missing) => {
                let titles: Vec<String> = missing.into_iter().map(|one| one.title).collect();
                left_out.push((member.name, titles.join("; ")));
            }
        }
    }
    Ok((ready, left_out))
}

/// Acts of assigning that were undone: their pairs may be given again.
async fn undone(reads: &impl Reads, call: CallId) -> Result<BTreeSet<Uuid>, StoreError> {
    Ok(acts(reads, call).await?.into_iter().filter(|act| act.undone_at.is_some()).map(|act| act.id).collect())
}

fn solve(
    call: &Call,
    bids: &[OpenedBid],
    ready: &[Ready],
    barred: &BTreeSet<(BidId, PersonId)>,
    refused: &BTreeSet<(BidId, PersonId)>,
    live: &BTreeSet<(BidId, PersonId)>,
) -> Result<Plan, Vec<String>> {
    if bids.is_empty() {
        return Err(vec!["No bid is opened yet: two officers open the bids after the deadline.".into()]);
    }
    // The engine speaks of names, so that its reasons can be read; they are made unique here.
    let bid_names = unique(bids.iter().map(|bid| bid.title.clone()));
    let assessor_names = unique(ready.iter().map(|one| one.name.clone()));
    let is_ready = |person: PersonId| ready.iter().any(|one| one.person == person);
    // A review of somebody who is not ready now (their declaration ran out) still counts for its bid; reviews added by hand
    // beyond the number are kept.
    let needed = |bid: BidId| {
        let of_bid = || live.iter().filter(|(one, _)| *one == bid);
        let by_others = of_bid().filter(|(_, person)| !is_ready(*person)).count();
        let by_ready = of_bid().count() - by_others;
        let wanted = call.design().award.reviews_per_bid as usize;
        u32::try_from(wanted.saturating_sub(by_others).max(by_ready)).unwrap_or(u32::MAX)
    };
    let per_bid =
        bids.iter().zip(&bid_names).map(|(bid, name)| (Id::text(name.as_str()), needed(BidId(bid.id)))).collect();
    let mut draft =
        Draft::new(PerBid::Each(per_bid), MaxLoad::InOrder(ready.iter().map(|one| one.most).collect()), Vec::new());
    draft.bids = Some(bid_names.iter().map(|name| Id::text(name.as_str())).collect());
    draft.assessors = Some(assessor_names.iter().map(|name| Id::text(name.as_str())).collect());
    for (bid, bid_name) in bids.iter().zip(&bid_names) {
        let words = BidWords::new(&bid.title, bid.content.as_ref().unwrap_or(&serde_json::Value::Null));
        for (assessor, assessor_name) in ready.iter().zip(&assessor_names) {
            let pair = (BidId(bid.id), assessor.person);
            let (bid_id, assessor_id) = (Id::text(bid_name.as_str()), Id::text(assessor_name.as_str()));
            if live.contains(&pair) {
                draft.fixed.push((bid_id.clone(), assessor_id.clone()));
            } else if barred.contains(&pair) || refused.contains(&pair) {
                continue;
            }
            let weight = Decimal::parse(&words.weight(&assessor.subjects).to_string())
                .map_err(|error| vec![format!("{error:?}")])?;
            draft.pairs.push(Pair { bid: bid_id, assessor: assessor_id, weight });
        }
    }
    let instance = draft.check().map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let solution = instance.solve().map_err(|error| match error {
        NotSolved::Impossible(reason) => reason.to_string().lines().map(str::to_owned).collect(),
        NotSolved::Unproven => {
            vec!["The engine could not prove its answer. Tell the operator.".to_owned()]
        }
    })?;
    let by_bid: BTreeMap<&str, &OpenedBid> = bid_names.iter().map(String::as_str).zip(bids).collect();
    let by_assessor: BTreeMap<&str, &Ready> = assessor_names.iter().map(String::as_str).zip(ready).collect();
    Ok(Plan {
        pairs: solution
            .assignment
            .iter()
            .filter_map(|one| {
                let bid = by_bid.get(one.bid.as_str())?;
                let assessor = by_assessor.get(one.assessor.as_str())?;
                Some(Given {
                    bid: BidId(bid.id),
                    bid_title: bid.title.clone(),
                    assessor: assessor.person,
                    assessor_name: assessor.name.clone(),
                    weight: one.weight.to_string(),
                    is_kept: one.is_fixed,
                })
            })
            .collect(),
        loads: solution
            .loads
            .iter()
            .filter_map(|load| {
                let assessor = by_assessor.get(load.assessor.as_str())?;
                Some(LoadLine { assessor_name: assessor.name.clone(), reviews: load.reviews, most: assessor.most })
            })
            .collect(),
        total_weight: solution.total_weight.to_string(),
    })
}

/// Names in order, a repeated one with its number behind it.
fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names
        .map(|name| {
            let mut candidate = name.clone();
            let mut number = 2;
            while !seen.insert(candidate.clone()) {
                candidate = format!("{name} ({number})");
                number += 1;
            }
            candidate
        })
        .collect()
}

/// Gives the bids as proposed: conflicts are looked for first, then everything is stored as one act and every assessor gets a
/// letter. `shown` is the fingerprint of the proposal that was confirmed; when the plan has changed since, nothing is stored.
pub(crate) async fn assign(unit: &mut Unit, call: &Call, shown: Option<&str>) -> Result<Uuid, Problem> {
    interests::detect_conflicts(unit, call).await?;
    let proposal = propose_assignment(unit, call).await?;
    let Some(plan) = proposal.plan else {
        return Err(Problem::conflict(
            format!("There is no assignment that keeps all the rules: {}", proposal.impossible.join(" ")),
            "Invite more assessors, raise what some can take, or dismiss soft conflicts with a reason; then try again.",
        ));
    };
    if shown.is_some_and(|shown| shown != proposal.fingerprint) {
        return Err(Problem::conflict(
            "Something changed since this proposal was made",
            "Look at the new proposal, and confirm that one.",
        ));
    }
    let new: Vec<&Given> = plan.pairs.iter().filter(|given| !given.is_kept).collect();
    if new.is_empty() {
        return Err(Problem::conflict("Every bid has its reviews already", "There is nothing to assign."));
    }
    let pairs: Vec<(BidId, PersonId)> = new.iter().map(|given| (given.bid, given.assessor)).collect();
    let content = serde_json::to_value(&plan).map_err(Problem::internal)?;
    let id = record(unit, call, "engine", content, &plan.total_weight, &pairs).await?;
    tell(unit, call, &new).await?;
    Ok(id)
}

/// Gives one bid to one assessor by hand, with the same checks.
pub(crate) async fn add_review(unit: &mut Unit, call: &Call, bid: BidId, assessor: PersonId) -> Result<Uuid, Problem> {
    interests::detect_conflicts(unit, call).await?;
    let opened = opened_bids(unit, call.id).await?;
    let Some(opened) = opened.into_iter().find(|one| one.id == bid.0) else {
        return Err(Problem::conflict("This bid is not opened", "Choose a bid that was opened."));
    };
    let (ready, left_out) = ready_assessors(unit, call).await?;
    let Some(ready) = ready.into_iter().find(|one| one.person == assessor) else {
        let why = match pool::member(unit, call.id, assessor).await? {
            Some(member) => left_out
                .into_iter()
                .find(|(name, _)| *name == member.name)
                .map_or_else(String::new, |(name, why)| format!("{name}: {why}")),
            None => "This person is not in the pool".into(),
        };
        return Err(Problem::conflict(
            format!("This assessor cannot be given a bid yet. {why}"),
            "Choose another assessor, or wait until nothing is missing.",
        ));
    };
    if conflicts::stands(unit, bid, assessor).await? {
        return Err(Problem::conflict(
            "A conflict of interest stands between this assessor and this bid",
            "Choose another assessor. A soft conflict can be dismissed with a reason by another officer.",
        ));
    }
    let live: Vec<StoredReview> = store::of_call(unit, call.id)
        .await?
        .into_iter()
        .filter(|review| review.is_live() && review.assessor == assessor)
        .collect();
    if live.iter().any(|review| review.bid == bid) {
        return Err(Problem::conflict("This assessor has this bid already", "Choose another assessor."));
    }
    if live.len() >= ready.most as usize {
        return Err(Problem::conflict(
            format!("This assessor has {} bids, as many as they can take", live.len()),
            "Choose another assessor, or take another bid off their list first.",
        ));
    }
    let weight = BidWords::new(&opened.title, opened.content.as_ref().unwrap_or(&serde_json::Value::Null))
        .weight(&ready.subjects)
        .to_string();
    let given = Given {
        bid,
        bid_title: opened.title,
        assessor,
        assessor_name: ready.name,
        weight: weight.clone(),
        is_kept: false,
    };
    let content = serde_json::json!({ "pairs": [&given] });
    let id = record(unit, call, "manual", content, &weight, &[(bid, assessor)]).await?;
    tell(unit, call, &[&given]).await?;
    Ok(id)
}

async fn record(
    unit: &mut Unit,
    call: &Call,
    kind: &'static str,
    content: serde_json::Value,
    total_weight: &str,
    pairs: &[(BidId, PersonId)],
) -> Result<Uuid, Problem> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO competition_assignment (id, call_id, kind, content, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            id,
            call.id.0,
            kind,
            content,
            unit.now(),
            unit.actor().person().map(|person| person.0).unwrap_or_default()
        ],
    )
    .await?;
    for (bid, assessor) in pairs {
        store::insert(unit, call.id, *bid, *assessor, id).await?;
    }
    let event = Assigned { assignment: id, kind, reviews: pairs.to_vec(), total_weight: total_weight.to_owned() };
    unit.audit(call.stream(), format!("assignment:{id}"), &event)?;
    Ok(id)
}

/// One letter for each assessor, however many bids they got. Titles stay behind sign-in.
async fn tell(unit: &Unit, call: &Call, given: &[&Given]) -> Result<(), Problem> {
    let mut by_assessor: BTreeMap<PersonId, usize> = BTreeMap::new();
    for one in given {
        *by_assessor.entry(one.assessor).or_default() += 1;
    }
    for (assessor, bids) in by_assessor {
        let what = if bids == 1 { "1 bid".to_owned() } else { format!("{bids} bids") };
        let body = format!(
            "You are asked to review {what} of \"{}\". Accept or decline each of them:\n/reviews\n",
            call.title
        );
        mail(unit, call, assessor, &format!("{what} to review"), body).await?;
    }
    Ok(())
}

/// An act of assigning as stored.
#[derive(Clone, Debug, Serialize)]
pub struct AssigningAct {
    pub id: Uuid,
    pub kind: String,
    pub pairs: Vec<Given>,
    pub made_at: Timestamp,
    pub made_by: String,
    pub undone_at: Option<Timestamp>,
    pub undone_reason: Option<String>,
}

#[derive(FromQueryResult)]
struct ActRow {
    id: Uuid,
    kind: String,
    content: serde_json::Value,
    made_at: Timestamp,
    made_by: Option<String>,
    undone_at: Option<Timestamp>,
    undone_reason: Option<String>,
}

/// Acts of assigning of a call, newest first.
pub(crate) async fn acts(reads: &impl Reads, call: CallId) -> Result<Vec<AssigningAct>, StoreError> {
    let rows: Vec<ActRow> = reads
        .all(
            "SELECT a.id, a.kind, a.content, a.made_at, p.name AS made_by, a.undone_at, a.undone_reason \
             FROM competition_assignment a LEFT JOIN base_person p ON p.id = a.made_by WHERE a.call_id = $1 \
             ORDER BY a.made_at DESC, a.id DESC",
            values![call.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let pairs: Vec<Given> = match row.content.get("pairs") {
                Some(pairs) => serde_json::from_value(pairs.clone())?,
                None => vec![],
            };
            Ok(AssigningAct {
                id: row.id,
                kind: row.kind,
                pairs: pairs.into_iter().filter(|given| !given.is_kept).collect(),
                made_at: row.made_at,
                made_by: row.made_by.unwrap_or_default(),
                undone_at: row.undone_at,
                undone_reason: row.undone_reason,
            })
        })
        .collect()
}

/// Takes a whole act of assigning back, with a reason, as long as nobody has begun to write one of its reviews.
pub(crate) async fn undo_assignment(
    unit: &mut Unit,
    call: &Call,
    assignment: Uuid,
    by: &Person,
    reason: &str,
) -> Result<(), Problem> {
    let reason = Reason::parse(reason)?;
    let act = acts(unit, call.id).await?.into_iter().find(|act| act.id == assignment).ok_or_else(Problem::not_found)?;
    if act.undone_at.is_some() {
        return Err(Problem::conflict("This assignment was undone already", "There is nothing to undo."));
    }
    let reviews: Vec<StoredReview> = store::of_call(unit, call.id)
        .await?
        .into_iter()
        .filter(|review| review.assignment == assignment && review.is_live())
        .collect();
    let begun = reviews
        .iter()
        .filter(|review| !matches!(review.review.state, ReviewState::Assigned | ReviewState::Accepted))
        .count();
    if begun > 0 {
        return Err(Problem::conflict(
            format!("{begun} of its reviews are being written or submitted"),
            "Take single reviews off instead, each with its reason.",
        ));
    }
    let mut told = BTreeSet::new();
    for mut review in reviews {
        review.review = review.review.remove(reason.as_str())?;
        store::save(unit, &review).await?;
        told.insert(review.assessor);
    }
    unit.execute(
        "UPDATE competition_assignment SET undone_at = $2, undone_by = $3, undone_reason = $4 WHERE id = $1",
        values![assignment, unit.now(), by.id.0, reason.as_str()],
    )
    .await?;
    let event = AssignmentUndone { assignment, reason: reason.to_string() };
    unit.audit(call.stream(), format!("assignment:{assignment}"), &event)?;
    for assessor in told {
        let body = format!(
            "The programme office took back the reviews it had asked you for in \"{}\":\n{reason}\n",
            call.title
        );
        mail(unit, call, assessor, "Reviews were taken back", body).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_unique_in_order() {
        let names = ["A", "B", "A", "A (2)", "A"].map(str::to_owned);
        assert_eq!(unique(names.into_iter()), ["A", "B", "A (2)", "A (2) (2)", "A (3)"]);
    }
}
