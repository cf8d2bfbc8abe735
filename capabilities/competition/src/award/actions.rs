//! Telling bidders, complaints, and awards: nothing is awarded before the standstill is over or while a complaint holds it up.

use std::collections::BTreeMap;

use hiec_access::people;
use hiec_kernel::clock::on_page;
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Fingerprint, Money, PersonId, Problem, Role, Scope, Timestamp};
use hiec_store::{AuditEvent, Mail, Reads, Unit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::complaints::{Complaint, ComplaintOutcome};
use super::composition::{compose, standstill_from};
use super::rules::{AwardFacts, award_blockers, publication_blockers};
use super::standstill::Standstill;
use super::states::AwardState;
use super::store::{self, StoredAward};
use crate::calls::stages::Stage;
use crate::calls::store::{self as calls, Act, Call};
use crate::panel::actions::in_one;
use crate::panel::decisions::Verdict;
use crate::panel::store as panel;
use crate::ranking::actions::current;
use crate::ranking::store as rankings;

/// A letter went out. The fingerprint is of the letter as stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct LetterSent {
    pub bid: BidId,
    pub verdict: Verdict,
    pub letter: Fingerprint,
}

impl AuditEvent for LetterSent {
    const KIND: &'static str = "award.letter_sent";
}

/// All bidders were told: the standstill began.
#[derive(Serialize)]
struct DecisionsTold {
    letters: usize,
    standstill_ends: Timestamp,
}

impl AuditEvent for DecisionsTold {
    const KIND: &'static str = "award.decisions_told";
}

/// A bidder complained.
#[derive(Serialize)]
struct Complained {
    complaint: Uuid,
    bid: BidId,
    suspends: bool,
    text: String,
}

impl AuditEvent for Complained {
    const KIND: &'static str = "award.complaint";

    fn reason(&self) -> Option<&str> {
        Some(&self.text)
    }
}

/// A complaint was answered.
#[derive(Serialize)]
struct ComplaintAnswered {
    complaint: Uuid,
    outcome: &'static str,
    answer: String,
}

impl AuditEvent for ComplaintAnswered {
    const KIND: &'static str = "award.complaint_answered";

    fn reason(&self) -> Option<&str> {
        Some(&self.answer)
    }
}

/// An award was made.
#[derive(Serialize, Deserialize)]
pub(crate) struct Awarded {
    pub bid: BidId,
    pub amount: Money,
}

impl AuditEvent for Awarded {
    const KIND: &'static str = "award.made";
}

/// Sends every bidder its letter and begins the standstill. Nothing is sent while any letter holds another bidder's
/// secrets, or while the minutes are not signed. `better` holds general words on what a better bid had, by criterion.
pub(crate) async fn send_letters(
    unit: &mut Unit,
    call: &Call,
    by: &Person,
    better: &BTreeMap<String, String>,
) -> Result<(), Problem> {
    let call = current(unit, call).await?;
    if call.stage() != Stage::Panel {
        return Err(Problem::conflict(
            format!("Letters cannot be sent now: the round stands at “{}”", call.stage().label()),
            "Bidders are told once, after the panel has decided.",
        ));
    }
    let decided = panel::decisions(unit, call.id).await?;
    let intended = AwardState::Intended;
    for (bid, held) in &decided {
        if held.decision.verdict == Verdict::Fund {
            let blockers = publication_blockers(&AwardFacts {
                bid: *bid,
                state: &intended,
                verdict: Some(held.decision.verdict),
                amount: held.decision.amount,
                are_minutes_signed: held.is_signed,
                open_responses: 0,
                letters_unsent: 0,
                complaints: &[],
            });
            if !blockers.is_empty() {
                return Err(in_one(blockers));
            }
        } else if !held.is_signed {
            return Err(Problem::conflict(
                "The minutes of the panel are not signed",
                "Ask the chair to close the meeting by signing them.",
            ));
        }
    }
    let now = unit.now();
    let letters = compose(unit, &call, now, better).await?;
    let leaking: Vec<String> = letters
        .iter()
        .filter_map(|one| {
            let found = one.letter.as_ref().err()?;
            let phrases: Vec<String> = found.iter().map(|one| format!("“{}”", one.phrase)).collect();
            Some(format!("{}: {}", one.bid.title, phrases.join(", ")))
        })
        .collect();
    if !leaking.is_empty() {
        return Err(Problem::conflict(
            format!("Words of other bids stand in these letters: {}", leaking.join("; ")),
            "Nothing was sent. Reword the reason they stand in, then send again.",
        ));
    }
    let standstill = standstill_from(&call, now)?;
    let count = letters.len();
    for composed in letters {
        let Ok(letter) = composed.letter else {
            continue;
        };
        let bid = composed.bid.id;
        let print = store::insert_letter(unit, call.id, bid, by.id, &letter).await?;
        if let (Verdict::Fund, Some(held)) = (composed.verdict, decided.get(&bid)) {
            let state = AwardState::Standstill { standstill };
            store::insert_award(unit, call.id, bid, held.decision.amount, &state).await?;
        }
        tell(unit, bid, &letter.subject, &letter.plain()).await?;
        let event = LetterSent { bid, verdict: composed.verdict, letter: print };
        unit.audit(call.stream(), format!("bid:{bid}"), &event)?;
    }
    calls::record(unit, call.id, Act::DecisionsTold).await?;
    let event = DecisionsTold { letters: count, standstill_ends: standstill.ends };
    unit.audit(call.stream(), format!("call:{}", call.id), &event)?;
    Ok(())
}

/// Mails the leads of a bid.
async fn tell(unit: &Unit, bid: BidId, subject: &str, body: &str) -> Result<(), Problem> {
    for (lead, role) in hiec_access::grants::in_scope(unit, Scope::Bid(bid.0)).await? {
        if role != Role::BidLead {
            continue;
        }
        if let Some(person) = people::by_id(unit, lead).await? {
            unit.mail(Mail {
                to: person.email,
                person: Some(lead),
                subject: subject.to_owned(),
                body: format!("{body}\n\nThis letter on its page: /bids/{bid}/letter\n"),
                about: Some(format!("bid:{bid}")),
            })
            .await?;
        }
    }
    Ok(())
}

/// The standstill of a call whose bidders have been told.
pub(crate) fn standstill_of(call: &Call) -> Result<Option<Standstill>, Problem> {
    call.acts.decisions_told.map(|told| standstill_from(call, told)).transpose()
}

/// Enters a bidder's complaint. One that comes in the standstill holds up every award of the call.
pub(crate) async fn complain(
    unit: &mut Unit,
    call: &Call,
    bid: BidId,
    by: &Person,
    text: &str,
) -> Result<Uuid, Problem> {
    let call = current(unit, call).await?;
    let standstill = standstill_of(&call)?.ok_or_else(|| {
        Problem::conflict(
            "There is no outcome to complain about yet",
            "You hear of the outcome by letter; until then put a question to the programme office.",
        )
    })?;
    let complaint = Complaint::receive(bid, text, unit.now(), &standstill)?;
    let id = store::insert_complaint(unit, call.id, by.id, &complaint).await?;
    if complaint.holds_up() {
        for award in store::awards(unit, call.id).await? {
            if matches!(award.state, AwardState::Standstill { .. }) {
                let state = award.state.clone().suspend(&complaint)?;
                store::save_award(unit, &award, &state).await?;
            }
        }
    }
    let event = Complained { complaint: id, bid, suspends: complaint.suspends, text: complaint.text.to_string() };
    unit.audit(call.stream(), format!("bid:{bid}"), &event)?;
    tell_office(unit, &call).await?;
    Ok(id)
}

async fn tell_office(unit: &Unit, call: &Call) -> Result<(), Problem> {
    for (officer, role) in hiec_access::grants::in_scope(unit, Scope::Programme(call.programme_id)).await? {
        if role != Role::ProgrammeOfficer {
            continue;
        }
        if let Some(person) = people::by_id(unit, officer).await? {
            unit.mail(Mail {
                to: person.email,
                person: Some(officer),
                subject: format!("A complaint came in: {}", call.title),
                body: format!("Look into it and answer it: {}/complaints\n", call.path()),
                about: Some(format!("call:{}", call.id)),
            })
            .await?;
        }
    }
    Ok(())
}

/// Answers a complaint, by somebody who took no part in the round's scores and decisions. The last open one answered, the
/// standstill goes on.
pub(crate) async fn answer_complaint(
    unit: &mut Unit,
    call: &Call,
    complaint: Uuid,
    by: &Person,
    outcome: ComplaintOutcome,
    answer: &str,
) -> Result<(), Problem> {
    let all = store::complaints(unit, call.id).await?;
    let stored = all.iter().find(|one| one.id == complaint).ok_or_else(Problem::not_found)?;
    let apart = store::took_part(unit, call.id).await?;
    let state = stored
        .complaint
        .clone()
        .take_up(by.id, &apart)
        .or_else(|refusal| match &stored.complaint.state {
            super::complaints::ComplaintState::InReview { .. } => Ok(stored.complaint.clone()),
            _ => Err(refusal),
        })?
        .answer(by.id, &apart, outcome, answer)?;
    store::save_complaint(unit, stored, &state).await?;
    let event = ComplaintAnswered { complaint, outcome: outcome.key(), answer: answer.trim().to_owned() };
    unit.audit(call.stream(), format!("bid:{}", state.from), &event)?;
    let body = format!(
        "Your complaint of {} is answered: {}.\n\n{}\n",
        on_page(state.received),
        outcome.label().to_lowercase(),
        answer.trim()
    );
    tell(unit, state.from, "Your complaint is answered", &body).await?;
    resume(unit, call).await
}

/// Takes a complaint back, by who made it.
pub(crate) async fn take_complaint_back(
    unit: &mut Unit,
    call: &Call,
    complaint: Uuid,
    by: PersonId,
) -> Result<(), Problem> {
    let all = store::complaints(unit, call.id).await?;
    let stored = all.iter().find(|one| one.id == complaint && one.made_by == by).ok_or_else(Problem::not_found)?;
    let state = stored.complaint.clone().take_back()?;
    store::save_complaint(unit, stored, &state).await?;
    let event = ComplaintAnswered { complaint, outcome: "taken_back", answer: "taken back by the bidder".into() };
    unit.audit(call.stream(), format!("bid:{}", state.from), &event)?;
    resume(unit, call).await
}

async fn resume(unit: &Unit, call: &Call) -> Result<(), Problem> {
    let complaints = complaints_of(unit, call).await?;
    if complaints.iter().any(Complaint::holds_up) {
        return Ok(());
    }
    for award in store::awards(unit, call.id).await? {
        if matches!(award.state, AwardState::Suspended { .. }) {
            let state = award.state.clone().resume(&complaints)?;
            store::save_award(unit, &award, &state).await?;
        }
    }
    Ok(())
}

async fn complaints_of(reads: &impl Reads, call: &Call) -> Result<Vec<Complaint>, Problem> {
    Ok(store::complaints(reads, call.id).await?.into_iter().map(|one| one.complaint).collect())
}

/// Makes the award of one bid, or says everything that stands in the way.
pub(crate) async fn award(unit: &mut Unit, call: &Call, bid: BidId) -> Result<(), Problem> {
    let call = current(unit, call).await?;
    let stored = store::awards(unit, call.id).await?.into_iter().find(|award| award.bid == bid).ok_or_else(|| {
        Problem::conflict(
            "No award of this bid is intended",
            "Only a bid the panel decided to fund, and whose bidder has been told, is awarded.",
        )
    })?;
    make(unit, &call, &stored).await
}

/// Makes every award of the call that is still to be made; answers how many.
pub(crate) async fn award_all(unit: &mut Unit, call: &Call) -> Result<usize, Problem> {
    let call = current(unit, call).await?;
    let waiting: Vec<StoredAward> = store::awards(unit, call.id)
        .await?
        .into_iter()
        .filter(|award| matches!(award.state, AwardState::Standstill { .. } | AwardState::Suspended { .. }))
        .collect();
    if waiting.is_empty() {
        return Err(Problem::conflict(
            "There is no award left to make",
            "Every intended award has been made or withdrawn.",
        ));
    }
    for stored in &waiting {
        make(unit, &call, stored).await?;
    }
    Ok(waiting.len())
}

async fn make(unit: &mut Unit, call: &Call, stored: &StoredAward) -> Result<(), Problem> {
    let decided = panel::decisions(unit, call.id).await?;
    let held = decided.get(&stored.bid);
    let told = store::told(unit, call.id).await?;
    let unsent = rankings::opened_bids(unit, call.id).await?.iter().filter(|bid| !told.contains_key(&bid.id)).count();
    let complaints = complaints_of(unit, call).await?;
    let blockers = award_blockers(
        &AwardFacts {
            bid: stored.bid,
            state: &stored.state,
            verdict: held.map(|held| held.decision.verdict),
            amount: stored.amount,
            are_minutes_signed: held.is_some_and(|held| held.is_signed),
            open_responses: 0,
            letters_unsent: unsent,
            complaints: &complaints,
        },
        unit.now(),
    );
    if !blockers.is_empty() {
        return Err(in_one(blockers));
    }
    let state = stored.state.clone().award(unit.now(), &complaints)?;
    store::save_award(unit, stored, &state).await?;
    let event = Awarded { bid: stored.bid, amount: stored.amount };
    unit.audit(call.stream(), format!("bid:{}", stored.bid), &event)?;
    tell(
        unit,
        stored.bid,
        &format!("Award made: {}", call.title),
        &format!(
            "The award of {} to your bid is made. The region will be in touch about the contract.\n",
            stored.amount
        ),
    )
    .await
}
