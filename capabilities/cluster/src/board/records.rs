//! Interests, decisions, actions and what patients said, as stored. A decision's record is never written over; a number never used again.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId, PersonId, Timestamp};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, values};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rules::{DecisionRecord, Declared};

/// An interest somebody declared.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(crate) struct Interest {
    pub id: Uuid,
    pub person_id: Uuid,
    pub person: String,
    pub organisation_id: Option<Uuid>,
    pub organisation: Option<String>,
    pub about_person_id: Option<Uuid>,
    pub about: Option<String>,
    pub what: String,
    pub declared_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Interest {
    pub fn declared(&self) -> Declared {
        Declared {
            person: PersonId(self.person_id),
            organisation: self.organisation_id.map(OrganisationId),
            about: self.about_person_id.map(PersonId),
            what: self.what.clone(),
        }
    }
}

/// Every interest ever declared in a cluster: those that stand first, by person.
pub(crate) async fn interests(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Interest>, StoreError> {
    let sql = "SELECT i.id, i.person_id, p.name AS person, i.organisation_id, o.name AS organisation, i.about_person_id, \
               a.name AS about, i.what, i.declared_at, i.ended_at FROM cluster_interest i \
               JOIN base_person p ON p.id = i.person_id LEFT JOIN base_organisation o ON o.id = i.organisation_id \
               LEFT JOIN base_person a ON a.id = i.about_person_id WHERE i.cluster_id = $1 \
               ORDER BY CASE WHEN i.ended_at IS NULL THEN 0 ELSE 1 END, p.name, i.declared_at, i.id";
    reads.all(sql, values![cluster.0]).await
}

/// The interests that stand, as the rules take them.
pub(crate) async fn standing_interests(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Declared>, StoreError> {
    let all = interests(reads, cluster).await?;
    Ok(all.iter().filter(|one| one.ended_at.is_none()).map(Interest::declared).collect())
}

pub(crate) async fn insert_interest(unit: &Unit, cluster: ClusterId, new: &Declared) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO cluster_interest (id, cluster_id, person_id, organisation_id, about_person_id, what, declared_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            id,
            cluster.0,
            new.person.0,
            new.organisation.map(|one| one.0),
            new.about.map(|one| one.0),
            new.what.clone(),
            unit.now()
        ],
    )
    .await?;
    Ok(id)
}

/// Ends an interest of a person's own; answers whether it stood.
pub(crate) async fn end_interest(
    unit: &Unit,
    cluster: ClusterId,
    person: PersonId,
    id: Uuid,
) -> Result<bool, StoreError> {
    let sql = "UPDATE cluster_interest SET ended_at = $4 WHERE id = $1 AND cluster_id = $2 AND person_id = $3 AND ended_at IS NULL";
    Ok(unit.execute(sql, values![id, cluster.0, person.0, unit.now()]).await? == 1)
}

/// What was found when a decision was looked at again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Review {
    pub found: String,
    pub by: Option<PersonId>,
}

/// A decision.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Decision {
    pub id: Uuid,
    pub number: i64,
    pub meeting: Uuid,
    pub item: Option<Uuid>,
    pub record: DecisionRecord,
    pub review_on: NaiveDate,
    pub reviewed_at: Option<Timestamp>,
    pub review: Option<Review>,
    pub decided_at: Timestamp,
}

#[derive(FromQueryResult)]
struct DecisionRow {
    id: Uuid,
    number: i64,
    meeting_id: Uuid,
    item_id: Option<Uuid>,
    record: serde_json::Value,
    review_on: NaiveDate,
    reviewed_at: Option<Timestamp>,
    review: Option<serde_json::Value>,
    decided_at: Timestamp,
}

impl TryFrom<DecisionRow> for Decision {
    type Error = StoreError;

    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            number: row.number,
            meeting: row.meeting_id,
            item: row.item_id,
            record: serde_json::from_value(row.record)?,
            review_on: row.review_on,
            reviewed_at: row.reviewed_at,
            review: row.review.map(serde_json::from_value).transpose()?,
            decided_at: row.decided_at,
        })
    }
}

/// A cluster's decisions, the newest first.
pub(crate) async fn decisions(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Decision>, StoreError> {
    let sql = "SELECT id, number, meeting_id, item_id, record, review_on, reviewed_at, review, decided_at FROM cluster_decision \
               WHERE cluster_id = $1 ORDER BY number DESC";
    reads.all::<DecisionRow>(sql, values![cluster.0]).await?.into_iter().map(Decision::try_from).collect()
}

pub(crate) async fn insert_decision(
    unit: &Unit,
    cluster: ClusterId,
    meeting: Uuid,
    item: Option<Uuid>,
    record: &DecisionRecord,
    review_on: NaiveDate,
) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(MAX(number), 0) AS n FROM cluster_decision WHERE cluster_id = $1";
    let number = unit.count(sql, values![cluster.0]).await? + 1;
    unit.execute(
        "INSERT INTO cluster_decision (id, cluster_id, number, meeting_id, item_id, record, review_on, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![unit.new_id(), cluster.0, number, meeting, item, serde_json::to_value(record)?, review_on, unit.now()],
    )
    .await?;
    Ok(number)
}

/// Notes what was found; answers whether nobody had.
pub(crate) async fn review(unit: &Unit, decision: Uuid, review: &Review) -> Result<bool, StoreError> {
    let sql = "UPDATE cluster_decision SET reviewed_at = $2, review = $3 WHERE id = $1 AND reviewed_at IS NULL";
    Ok(unit.execute(sql, values![decision, unit.now(), serde_json::to_value(review)?]).await? == 1)
}

/// Something somebody is to do.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(crate) struct Deed {
    pub id: Uuid,
    pub number: i64,
    pub meeting_id: Uuid,
    pub what: String,
    pub owner_id: Uuid,
    pub owner: String,
    pub due_on: NaiveDate,
    pub given_at: Timestamp,
    pub done_at: Option<Timestamp>,
    pub done_note: Option<String>,
}

impl Deed {
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.done_at.is_none() && self.due_on < today
    }
}

/// A cluster's actions: those not done first, the earliest due first.
pub(crate) async fn deeds(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Deed>, StoreError> {
    let sql = "SELECT a.id, a.number, a.meeting_id, a.what, a.owner_id, p.name AS owner, a.due_on, a.given_at, a.done_at, \
               a.done_note FROM cluster_action a JOIN base_person p ON p.id = a.owner_id WHERE a.cluster_id = $1 \
               ORDER BY CASE WHEN a.done_at IS NULL THEN 0 ELSE 1 END, a.due_on, a.number";
    reads.all(sql, values![cluster.0]).await
}

pub(crate) async fn insert_deed(
    unit: &Unit,
    cluster: ClusterId,
    meeting: Uuid,
    what: &str,
    owner: PersonId,
    due_on: NaiveDate,
) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(MAX(number), 0) AS n FROM cluster_action WHERE cluster_id = $1";
    let number = unit.count(sql, values![cluster.0]).await? + 1;
    unit.execute(
        "INSERT INTO cluster_action (id, cluster_id, number, meeting_id, what, owner_id, due_on, given_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![unit.new_id(), cluster.0, number, meeting, what, owner.0, due_on, unit.now()],
    )
    .await?;
    Ok(number)
}

/// Notes an action as done; answers whether it was open.
pub(crate) async fn finish_deed(unit: &Unit, deed: Uuid, note: &str) -> Result<bool, StoreError> {
    let sql = "UPDATE cluster_action SET done_at = $2, done_note = $3 WHERE id = $1 AND done_at IS NULL";
    Ok(unit.execute(sql, values![deed, unit.now(), note]).await? == 1)
}

/// Something a patient member said, and what was done about it.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(crate) struct Said {
    pub id: Uuid,
    pub person: String,
    pub person_id: Uuid,
    pub said: String,
    pub said_at: Timestamp,
    pub did: Option<String>,
    pub decision_number: Option<i64>,
    pub did_at: Option<Timestamp>,
}

/// Everything said: what waits for an answer first, then the newest.
pub(crate) async fn said(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Said>, StoreError> {
    let sql = "SELECT s.id, p.name AS person, s.person_id, s.said, s.said_at, s.did, s.decision_number, s.did_at \
               FROM cluster_said s JOIN base_person p ON p.id = s.person_id WHERE s.cluster_id = $1 \
               ORDER BY CASE WHEN s.did_at IS NULL THEN 0 ELSE 1 END, s.said_at DESC, s.id DESC";
    reads.all(sql, values![cluster.0]).await
}

pub(crate) async fn insert_said(
    unit: &Unit,
    cluster: ClusterId,
    person: PersonId,
    words: &str,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO cluster_said (id, cluster_id, person_id, said, said_at) VALUES ($1, $2, $3, $4, $5)",
        values![id, cluster.0, person.0, words, unit.now()],
    )
    .await?;
    Ok(id)
}

/// Answers what was said; answers whether nobody had.
pub(crate) async fn answer_said(unit: &Unit, said: Uuid, did: &str, decision: Option<i64>) -> Result<bool, StoreError> {
    let sql = "UPDATE cluster_said SET did = $2, decision_number = $3, did_at = $4, did_by = $5 WHERE id = $1 AND did_at IS NULL";
    let by = unit.actor().person().map(|person| person.0);
    Ok(unit.execute(sql, values![said, did, decision, unit.now(), by]).await? == 1)
}
