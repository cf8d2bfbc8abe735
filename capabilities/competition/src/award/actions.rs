//! Telling bidders and awards: nothing is awarded before the standstill is over or while a complaint holds it up.

use std::collections::BTreeMap;

use hiec_access::people;
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Fingerprint, Money, Problem, Role, Scope, Timestamp};
use hiec_store::{AuditEvent, Mail, Reads, Unit};
use serde::{Deserialize, Serialize};

use super::complaints::Complaint;
use super::composition::{compose, standstill_from};
use super::rules::{AwardFacts, award_blockers, publication_blockers};
use super::standstill::{Standstill, StandstillRule};
use super::states::AwardState;
use super::store::{self, StoredAward};
use crate::calls::stages::Stage;
use crate::calls::store::{self as calls, Act, Call};
use crate::panel::actions::in_one;
use crate::panel::decisions::Verdict;
use crate::panel::store::{self as panel, Held};
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
    let mut existing: BTreeMap<BidId, StoredAward> =
        store::awards(unit, call.id).await?.into_iter().map(|award| (award.bid, award)).collect();
    for composed in letters {
        let Ok(letter) = composed.letter else {
            continue;
        };
        let bid = composed.bid.id;
        let print = store::insert_letter(unit, call.id, bid, by.id, &letter).await?;
        if let Some(held) = decided.get(&bid) {
            intend(unit, &call, held, existing.remove(&bid)).await?;
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

/// The award that a decision intends begins its standstill; one that it no longer intends, after an outcome was set aside,
/// is withdrawn.
async fn intend(unit: &Unit, call: &Call, held: &Held, existing: Option<StoredAward>) -> Result<(), Problem> {
    let decision = &held.decision;
    let rule = StandstillRule::from(&call.design().award.standstill);
    let begin = |state: AwardState| state.publish(rule, unit.now(), &WorkingCalendar::default());
    match (decision.verdict == Verdict::Fund, existing) {
        (true, None) => {
            let state = begin(AwardState::Intended)?;
            store::insert_award(unit, call.id, decision.bid, decision.amount, &state).await?;
        }
        (true, Some(mut award)) => {
            let intended = match award.state.clone() {
                withdrawn @ AwardState::Withdrawn { .. } => withdrawn.intend_again()?,
                other => other,
            };
            award.amount = decision.amount;
            store::save_award(unit, &award, &begin(intended)?).await?;
        }
        (false, Some(award)) if matches!(award.state, AwardState::Intended) => {
            let state = award.state.clone().withdraw(decision.reason.as_str())?;
            store::save_award(unit, &award, &state).await?;
        }
        (false, _) => {}
    }
    Ok(())
}

/// Mails the leads of a bid.
pub(super) async fn tell(unit: &Unit, bid: BidId, subject: &str, body: &str) -> Result<(), Problem> {
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

pub(super) async fn complaints_of(reads: &impl Reads, call: &Call) -> Result<Vec<Complaint>, Problem> {
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
    let told = store::told(unit, call).await?;
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
