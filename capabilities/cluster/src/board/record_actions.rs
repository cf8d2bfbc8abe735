//! What is done to decisions, actions, interests and what patients say; one unit each, told to those it concerns.

use chrono::NaiveDate;
use hiec_access::people;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{OrganisationId, PersonId, Problem};
use hiec_store::{AuditEvent, Mail, Unit};
use hiec_web::Site;
use serde::Serialize;
use uuid::Uuid;

use super::meeting_actions::still_held;
use super::records::{self, Decision, Deed, Review, Said};
use super::rules::{self, DecisionRecord, Declared};
use super::store::Meeting;
use crate::clusters::store::Cluster;
use crate::desk::overtaken;

/// A decision was taken.
#[derive(Serialize)]
struct DecisionTaken<'a> {
    number: i64,
    meeting: Uuid,
    record: &'a DecisionRecord,
    review_on: NaiveDate,
}

impl AuditEvent for DecisionTaken<'_> {
    const KIND: &'static str = "board.decision_taken";

    fn reason(&self) -> Option<&str> {
        Some(&self.record.reason)
    }
}

/// A decision was looked at again.
#[derive(Serialize)]
struct DecisionReviewed {
    number: i64,
    found: String,
}

impl AuditEvent for DecisionReviewed {
    const KIND: &'static str = "board.decision_reviewed";
}

/// Somebody was given something to do.
#[derive(Serialize)]
struct ActionGiven {
    number: i64,
    what: String,
    owner: PersonId,
    due_on: NaiveDate,
}

impl AuditEvent for ActionGiven {
    const KIND: &'static str = "board.action_given";
}

/// An action is done.
#[derive(Serialize)]
struct ActionDone {
    number: i64,
    note: String,
}

impl AuditEvent for ActionDone {
    const KIND: &'static str = "board.action_done";
}

/// An interest was declared.
#[derive(Serialize)]
struct InterestDeclared {
    person: PersonId,
    organisation: Option<OrganisationId>,
    about: Option<PersonId>,
    what: String,
}

impl AuditEvent for InterestDeclared {
    const KIND: &'static str = "board.interest_declared";
}

/// An interest has ended.
#[derive(Serialize)]
struct InterestEnded {
    interest: Uuid,
}

impl AuditEvent for InterestEnded {
    const KIND: &'static str = "board.interest_ended";
}

/// A patient member said something.
#[derive(Serialize)]
struct PatientSaid {
    words: String,
}

impl AuditEvent for PatientSaid {
    const KIND: &'static str = "board.patient_said";
}

/// It was answered what was done about it.
#[derive(Serialize)]
struct PatientAnswered {
    did: String,
    decision: Option<i64>,
}

impl AuditEvent for PatientAnswered {
    const KIND: &'static str = "board.patient_answered";
}

pub(crate) async fn decide(
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: &Meeting,
    item: Option<Uuid>,
    record: &DecisionRecord,
    review_on: NaiveDate,
) -> Result<i64, Problem> {
    let held = still_held(meeting)?;
    if !held.is_quorate {
        return Err(Problem::conflict(
            "This meeting had no quorum, so it could not decide",
            "Put it on the agenda of the next meeting.",
        ));
    }
    rules::review_on(review_on, london_date(meeting.starts_at))
        .map_err(|fault| Problem::invalid(fault.to_string(), "Correct the day and send it again."))?;
    let number = records::insert_decision(unit, cluster.id, meeting.id, item, record, review_on).await?;
    let event = DecisionTaken { number, meeting: meeting.id, record, review_on };
    unit.audit(cluster.stream(), format!("decision:{number}"), &event)?;
    Ok(number)
}

pub(crate) async fn review(
    unit: &mut Unit,
    cluster: &Cluster,
    decision: &Decision,
    found: &str,
) -> Result<(), Problem> {
    let review = Review { found: found.to_owned(), by: unit.actor().person() };
    if !records::review(unit, decision.id, &review).await? {
        return Err(overtaken("this decision"));
    }
    let event = DecisionReviewed { number: decision.number, found: found.to_owned() };
    unit.audit(cluster.stream(), format!("decision:{}", decision.number), &event)?;
    Ok(())
}

pub(crate) async fn give(
    site: &Site,
    unit: &mut Unit,
    cluster: &Cluster,
    meeting: &Meeting,
    what: &str,
    owner: PersonId,
    due_on: NaiveDate,
) -> Result<i64, Problem> {
    still_held(meeting)?;
    let number = records::insert_deed(unit, cluster.id, meeting.id, what, owner, due_on).await?;
    let event = ActionGiven { number, what: what.to_owned(), owner, due_on };
    unit.audit(cluster.stream(), format!("action:{number}"), &event)?;
    let link = site.link(&format!("{}/board/actions", cluster.path()));
    let body = format!(
        "At {} you took on:\n\n{what}\n\nDue on {}.\nWhen it is done, say so here: {link}\n",
        meeting.title(),
        day_on_page(due_on)
    );
    tell(unit, cluster, owner, format!("To do by {}: {}", day_on_page(due_on), cluster.short_name), body).await?;
    Ok(number)
}

async fn tell(unit: &Unit, cluster: &Cluster, person: PersonId, subject: String, body: String) -> Result<(), Problem> {
    if let Some(person) = people::open_by_id(unit, person).await? {
        let about = Some(format!("cluster:{}", cluster.id));
        unit.mail(Mail { to: person.email, person: Some(person.id), subject, body, about }).await?;
    }
    Ok(())
}

pub(crate) async fn finish(unit: &mut Unit, cluster: &Cluster, deed: &Deed, note: &str) -> Result<(), Problem> {
    if !records::finish_deed(unit, deed.id, note).await? {
        return Err(overtaken("this action"));
    }
    let event = ActionDone { number: deed.number, note: note.to_owned() };
    unit.audit(cluster.stream(), format!("action:{}", deed.number), &event)?;
    Ok(())
}

pub(crate) async fn declare(unit: &mut Unit, cluster: &Cluster, new: &Declared) -> Result<(), Problem> {
    let id = records::insert_interest(unit, cluster.id, new).await?;
    let event = InterestDeclared {
        person: new.person,
        organisation: new.organisation,
        about: new.about,
        what: new.what.clone(),
    };
    unit.audit(cluster.stream(), format!("interest:{id}"), &event)?;
    Ok(())
}

pub(crate) async fn end_interest(
    unit: &mut Unit,
    cluster: &Cluster,
    person: PersonId,
    interest: Uuid,
) -> Result<(), Problem> {
    if !records::end_interest(unit, cluster.id, person, interest).await? {
        return Err(Problem::not_found());
    }
    unit.audit(cluster.stream(), format!("interest:{interest}"), &InterestEnded { interest })?;
    Ok(())
}

pub(crate) async fn say(unit: &mut Unit, cluster: &Cluster, person: PersonId, words: &str) -> Result<Uuid, Problem> {
    let id = records::insert_said(unit, cluster.id, person, words).await?;
    unit.audit(cluster.stream(), format!("said:{id}"), &PatientSaid { words: words.to_owned() })?;
    Ok(id)
}

pub(crate) async fn answer(
    unit: &mut Unit,
    cluster: &Cluster,
    said: &Said,
    did: &str,
    decision: Option<i64>,
) -> Result<(), Problem> {
    if !records::answer_said(unit, said.id, did, decision).await? {
        return Err(overtaken("this"));
    }
    unit.audit(cluster.stream(), format!("said:{}", said.id), &PatientAnswered { did: did.to_owned(), decision })?;
    let mut body = format!("You said:\n{}\n\nWe did:\n{did}\n", said.said);
    if let Some(number) = decision {
        body.push_str(&format!("\nIt is decision {number}.\n"));
    }
    tell(unit, cluster, PersonId(said.person_id), format!("You said, we did: {}", cluster.short_name), body).await
}
