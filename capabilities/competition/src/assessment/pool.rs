//! The assessors of a call: invited, joined with their subjects and their time, or declined; it gives nobody a bid.

use hiec_access::subject::Held;
use hiec_access::{grants, people};
use hiec_kernel::people::Person;
use hiec_kernel::{CallId, PersonId, Problem, Role, Scope, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use crate::calls::store::Call;
use crate::pqq::actions::mail;
use crate::refusal::Reason;

/// The most subjects one assessor names.
pub const MOST_SUBJECTS: usize = 20;

/// Somebody was asked to assess.
#[derive(Serialize)]
struct AssessorInvited {
    person: PersonId,
}

impl AuditEvent for AssessorInvited {
    const KIND: &'static str = "assessor.invited";
}

/// An assessor joined the pool, or changed what they offer.
#[derive(Serialize)]
struct AssessorJoined {
    person: PersonId,
    subjects: usize,
    max_load: u32,
}

impl AuditEvent for AssessorJoined {
    const KIND: &'static str = "assessor.joined";
}

/// The office wrote down what an assessor offers.
#[derive(Serialize)]
struct AssessorOfferNoted {
    person: PersonId,
    subjects: usize,
    max_load: u32,
}

impl AuditEvent for AssessorOfferNoted {
    const KIND: &'static str = "assessor.offer_noted";
}

/// Somebody declined to assess.
#[derive(Serialize)]
struct AssessorDeclined {
    person: PersonId,
    reason: String,
}

impl AuditEvent for AssessorDeclined {
    const KIND: &'static str = "assessor.declined";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// Where somebody stands with the pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolState {
    Invited,
    Joined,
    Declined,
}

impl PoolState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Invited => "Invited",
            Self::Joined => "Joined",
            Self::Declined => "Declined",
        }
    }

    fn from_key(key: &str) -> Self {
        match key {
            "joined" => Self::Joined,
            "declined" => Self::Declined,
            _ => Self::Invited,
        }
    }
}

/// One person of the pool.
#[derive(Clone, Debug, Serialize)]
pub struct PoolMember {
    pub person: PersonId,
    pub name: String,
    pub state: PoolState,
    /// Subjects in their own words.
    pub expertise: Vec<String>,
    pub max_load: u32,
    pub note: String,
    pub invited_at: Timestamp,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct Row {
    person_id: Uuid,
    name: String,
    state_name: String,
    expertise: serde_json::Value,
    max_load: i64,
    note: String,
    invited_at: Timestamp,
    is_illustrative: bool,
}

impl TryFrom<Row> for PoolMember {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            person: PersonId(row.person_id),
            name: row.name,
            state: PoolState::from_key(&row.state_name),
            expertise: serde_json::from_value(row.expertise)?,
            max_load: u32::try_from(row.max_load).unwrap_or(0),
            note: row.note,
            invited_at: row.invited_at,
            is_illustrative: row.is_illustrative,
        })
    }
}

const SELECT: &str = "SELECT m.person_id, p.name, m.state_name, m.expertise, m.max_load, m.note, m.invited_at, \
     p.is_illustrative FROM competition_pool m JOIN base_person p ON p.id = m.person_id";

/// The pool of a call, by name.
pub(crate) async fn of_call(reads: &impl Reads, call: CallId) -> Result<Vec<PoolMember>, StoreError> {
    let sql = format!("{SELECT} WHERE m.call_id = $1 ORDER BY p.name, m.person_id");
    let rows: Vec<Row> = reads.all(&sql, values![call.0]).await?;
    rows.into_iter().map(PoolMember::try_from).collect()
}

pub(crate) async fn member(
    reads: &impl Reads,
    call: CallId,
    person: PersonId,
) -> Result<Option<PoolMember>, StoreError> {
    let sql = format!("{SELECT} WHERE m.call_id = $1 AND m.person_id = $2");
    reads.one::<Row>(&sql, values![call.0, person.0]).await?.map(PoolMember::try_from).transpose()
}

/// Asks somebody to assess: they get the role for this call and a letter. Refused when they act for a bidder of it.
pub(crate) async fn invite_assessor(unit: &mut Unit, call: &Call, person: PersonId) -> Result<(), Problem> {
    if member(unit, call.id, person).await?.is_some_and(|member| member.state != PoolState::Declined) {
        return Err(Problem::conflict("This person is in the pool already", "Look for them in the list."));
    }
    if bids_in(&grants::of_person(unit, person).await?, call.id) {
        return Err(Problem::conflict(
            "This person writes or signs for a bid of this call",
            "Nobody assesses a round they bid in. Ask somebody else.",
        ));
    }
    grants::give(unit, person, Role::Assessor, Scope::Call(call.id.0), Some(call.id.0)).await?;
    unit.execute(
        "INSERT INTO competition_pool (call_id, person_id, state_name, expertise, max_load, note, invited_at, invited_by) \
         VALUES ($1, $2, 'invited', $3, $4, '', $5, $6) ON CONFLICT (call_id, person_id) DO UPDATE SET \
         state_name = 'invited', note = '', answered_at = NULL, invited_at = excluded.invited_at, invited_by = excluded.invited_by",
        values![
            call.id.0,
            person.0,
            serde_json::json!([]),
            i64::from(call.design().award.max_load),
            unit.now(),
            unit.actor().person().map(|person| person.0).unwrap_or_default()
        ],
    )
    .await?;
    unit.audit(call.stream(), format!("person:{person}"), &AssessorInvited { person })?;
    let body = format!(
        "You are asked to assess bids of \"{}\".\n\nSay whether you will, with your subjects and your time, and give the undertaking:\n{}/assessor-invitation\n",
        call.title,
        call.path()
    );
    mail(unit, call, person, "You are asked to assess bids", body).await
}

/// Whether somebody with these roles writes or signs for a bid of this call.
pub(crate) fn bids_in(held: &[Held], call: CallId) -> bool {
    held.iter().any(|one| one.role.is_bidder() && one.within == Some(call.0))
}

/// Writes down the subjects and the time of somebody in the pool, as the office knows them; they may change both.
pub(crate) async fn note_offer(
    unit: &mut Unit,
    call: &Call,
    person: PersonId,
    expertise: &[String],
    max_load: u32,
) -> Result<(), Problem> {
    unit.execute(
        "UPDATE competition_pool SET expertise = $3, max_load = $4 WHERE call_id = $1 AND person_id = $2",
        values![call.id.0, person.0, serde_json::to_value(expertise).map_err(Problem::internal)?, i64::from(max_load)],
    )
    .await?;
    let event = AssessorOfferNoted { person, subjects: expertise.len(), max_load };
    unit.audit(call.stream(), format!("person:{person}"), &event)?;
    Ok(())
}

/// Adds an account for somebody new, to be invited. They set their password by a link.
pub(crate) async fn add_person(unit: &mut Unit, name: &str, email: &str) -> Result<PersonId, Problem> {
    let person = Person {
        id: PersonId(unit.new_id()),
        name: name.to_owned(),
        email: people::address(email),
        employer: None,
        is_illustrative: false,
    };
    people::add(unit, &person, None).await?;
    Ok(person.id)
}

/// Joins the pool with subjects and the most bids one has time for, or changes either. The undertaking is given beside.
pub(crate) async fn join_pool(
    unit: &mut Unit,
    call: &Call,
    by: &Person,
    expertise: Vec<String>,
    max_load: u32,
) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE competition_pool SET state_name = 'joined', expertise = $3, max_load = $4, answered_at = $5 \
             WHERE call_id = $1 AND person_id = $2",
            values![
                call.id.0,
                by.id.0,
                serde_json::to_value(&expertise).map_err(Problem::internal)?,
                i64::from(max_load),
                unit.now()
            ],
        )
        .await?;
    if changed == 0 {
        return Err(not_invited());
    }
    let event = AssessorJoined { person: by.id, subjects: expertise.len(), max_load };
    unit.audit(call.stream(), format!("person:{}", by.id), &event)?;
    Ok(())
}

/// Says no to assessing; the role ends. Refused while reviews are open.
pub(crate) async fn decline_pool(unit: &mut Unit, call: &Call, by: &Person, reason: &str) -> Result<(), Problem> {
    let reason = Reason::parse(reason)?;
    let open = unit
        .count(
            "SELECT COUNT(*) AS n FROM competition_review WHERE call_id = $1 AND assessor_id = $2 \
             AND state_name NOT IN ('declined', 'removed')",
            values![call.id.0, by.id.0],
        )
        .await?;
    if open > 0 {
        return Err(Problem::conflict(
            format!("You have {open} reviews in this call"),
            "Decline each of them first, or talk to the programme office.",
        ));
    }
    let changed = unit
        .execute(
            "UPDATE competition_pool SET state_name = 'declined', note = $3, answered_at = $4 \
             WHERE call_id = $1 AND person_id = $2",
            values![call.id.0, by.id.0, reason.as_str(), unit.now()],
        )
        .await?;
    if changed == 0 {
        return Err(not_invited());
    }
    grants::end(unit, by.id, Role::Assessor, Scope::Call(call.id.0), Some(call.id.0), reason.as_str()).await?;
    let event = AssessorDeclined { person: by.id, reason: reason.to_string() };
    unit.audit(call.stream(), format!("person:{}", by.id), &event)?;
    Ok(())
}

fn not_invited() -> Problem {
    Problem::conflict("You are not invited to assess this call", "Ask the programme office to invite you.")
}

/// Reads subjects written with commas or on lines of their own; empty and repeated ones fall away.
pub(crate) fn subjects(typed: &str) -> Vec<String> {
    let mut subjects: Vec<String> = Vec::new();
    for part in typed.split([',', '\n', ';']) {
        let subject = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let known = subjects.iter().any(|other| other.to_lowercase() == subject.to_lowercase());
        if !subject.is_empty() && !known {
            subjects.push(subject);
        }
    }
    subjects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_read_once_each() {
        assert_eq!(subjects("Stroke care,  informatics\nstroke  CARE;, "), ["Stroke care", "informatics"]);
        assert!(subjects(" ,\n;").is_empty());
    }
}
