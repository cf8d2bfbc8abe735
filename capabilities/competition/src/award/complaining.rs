//! Complaints received, answered, taken back; an upheld one may set the outcome aside. Nothing here changes a score, and no award is made over an open complaint.

use std::collections::BTreeSet;

use hiec_access::people;
use hiec_kernel::clock::on_page;
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Mail, Unit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions::{complaints_of, standstill_of, tell};
use super::complaints::{Complaint, ComplaintOutcome, ComplaintState};
use super::setting_aside::{BackTo, Facts, SettingAside, Wish, check};
use super::states::AwardState;
use super::store;
use crate::calls::stages::Stage;
use crate::calls::store::{self as calls, Act, Call};
use crate::panel::actions::{in_one, set_decisions_aside};
use crate::panel::store as panel;
use crate::ranking::actions::current;
use crate::ranking::store as rankings;

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

/// The outcome that was told is set aside.
#[derive(Serialize, Deserialize)]
pub(crate) struct OutcomeSetAside {
    pub complaint: Uuid,
    pub number: u32,
    pub back_to: BackTo,
    /// Whose decisions no longer hold.
    pub bids: Vec<BidId>,
    pub reason: String,
}

impl From<&SettingAside> for OutcomeSetAside {
    fn from(one: &SettingAside) -> Self {
        Self {
            complaint: one.complaint,
            number: one.number,
            back_to: one.back_to,
            bids: one.bids.clone(),
            reason: one.reason.clone(),
        }
    }
}

impl AuditEvent for OutcomeSetAside {
    const KIND: &'static str = "award.outcome_set_aside";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
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
    let subject = format!("A complaint came in: {}", call.title);
    let body = format!("Look into it and answer it: {}/complaints\n", call.path());
    tell_roles(unit, call, &[Role::ProgrammeOfficer], &subject, &body).await
}

/// Mails everybody who holds one of these roles for the call or its programme, each once.
async fn tell_roles(unit: &Unit, call: &Call, roles: &[Role], subject: &str, body: &str) -> Result<(), Problem> {
    let mut told = BTreeSet::new();
    for scope in [Scope::Programme(call.programme_id), Scope::Call(call.id.0)] {
        for (holder, role) in hiec_access::grants::in_scope(unit, scope).await? {
            if !roles.contains(&role) || !told.insert(holder) {
                continue;
            }
            if let Some(person) = people::by_id(unit, holder).await? {
                unit.mail(Mail {
                    to: person.email,
                    person: Some(holder),
                    subject: subject.to_owned(),
                    body: body.to_owned(),
                    about: Some(format!("call:{}", call.id)),
                })
                .await?;
            }
        }
    }
    Ok(())
}

/// Answers a complaint, by somebody who took no part in the round's scores and decisions, and sets the outcome aside where
/// that is wished. The last open one answered, the standstill goes on.
pub(crate) async fn answer_complaint(
    unit: &mut Unit,
    call: &Call,
    complaint: Uuid,
    by: &Person,
    outcome: ComplaintOutcome,
    answer: &str,
    wish: Option<Wish>,
) -> Result<(), Problem> {
    let call = current(unit, call).await?;
    let all = store::complaints(unit, call.id).await?;
    let stored = all.iter().find(|one| one.id == complaint).ok_or_else(Problem::not_found)?;
    let apart = store::took_part(unit, call.id).await?;
    let state = stored
        .complaint
        .clone()
        .take_up(by.id, &apart)
        .or_else(|refusal| match &stored.complaint.state {
            ComplaintState::InReview { .. } => Ok(stored.complaint.clone()),
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
    match wish {
        Some(wish) => set_aside(unit, &call, complaint, by, outcome, wish).await,
        None => resume(unit, &call).await,
    }
}

/// Sets the outcome that was told aside: the decisions named lose their force, every award goes back to the intention, the
/// standstill ends, and the round goes on at the panel or at the assessment. Every bidder, the panel and the office are told.
async fn set_aside(
    unit: &mut Unit,
    call: &Call,
    complaint: Uuid,
    by: &Person,
    outcome: ComplaintOutcome,
    wish: Wish,
) -> Result<(), Problem> {
    let awards = store::awards(unit, call.id).await?;
    let decided = panel::decisions(unit, call.id).await?.into_keys().collect();
    let facts = Facts {
        outcome,
        told_at: call.acts.decisions_told.filter(|_| call.stage() == Stage::Standstill),
        awards_made: awards.iter().filter(|award| award.state.is_made()).count(),
        decided: &decided,
    };
    let reason = check(&wish, &facts, unit.now()).map_err(in_one)?;
    set_decisions_aside(unit, call, &wish.bids, reason.as_str()).await?;
    for award in &awards {
        if matches!(award.state, AwardState::Standstill { .. } | AwardState::Suspended { .. }) {
            let state = award.state.clone().set_aside(reason.as_str())?;
            store::save_award(unit, award, &state).await?;
        }
    }
    calls::retract(unit, call.id, Act::DecisionsTold).await?;
    if wish.back_to == BackTo::Assessment {
        calls::retract(unit, call.id, Act::RankingFinal).await?;
    }
    let before = store::settings_aside(unit, call.id).await?.len();
    let one = SettingAside {
        number: u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1),
        complaint,
        back_to: wish.back_to,
        bids: wish.bids,
        reason: reason.to_string(),
        told_at: facts.told_at.unwrap_or_else(|| unit.now()),
        regions_until: wish.regions_until.filter(|_| wish.back_to == BackTo::Assessment),
        at: unit.now(),
        by: by.id,
    };
    store::insert_setting_aside(unit, call.id, &one).await?;
    unit.audit(call.stream(), format!("call:{}", call.id), &OutcomeSetAside::from(&one))?;
    tell_all(unit, call, &one).await
}

/// Tells every bidder who had a letter, the panel and the office.
async fn tell_all(unit: &Unit, call: &Call, one: &SettingAside) -> Result<(), Problem> {
    let subject = format!("The outcome of {} is set aside", call.title);
    let body = format!(
        "The outcome you were told on {} is set aside after a complaint.\n\nThe reason: {}\n\n\
         No award is made from it. You will get a new letter when the panel has decided anew; a new standstill begins with it.\n",
        on_page(one.told_at),
        one.reason
    );
    for bid in rankings::opened_bids(unit, call.id).await? {
        tell(unit, bid.id, &subject, &body).await?;
    }
    let desk = match one.back_to {
        BackTo::Panel => "panel",
        BackTo::Assessment => "ranking",
    };
    let body = format!(
        "The outcome told on {} is set aside after a complaint; {} decisions are taken anew.\n\nThe reason: {}\n\nGo on: {}/{desk}\n",
        on_page(one.told_at),
        one.bids.len(),
        one.reason,
        call.path()
    );
    tell_roles(unit, call, &[Role::PanelChair, Role::PanelMember, Role::ProgrammeOfficer], &subject, &body).await
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
