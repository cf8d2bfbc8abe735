//! Trainee surveys as stored: who answered stands apart from what was answered, with no order and no time that joins the two.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_forms::{Answers, QuestionSet};
use hiec_kernel::{ClusterId, OrganisationId, PersonId};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Survey {
    pub id: Uuid,
    pub key: String,
    pub title: String,
    pub questions: QuestionSet,
    pub opens_on: NaiveDate,
    /// The last day, counted.
    pub closes_on: NaiveDate,
    pub is_illustrative: bool,
}

impl Survey {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/quality/surveys/{}", cluster.path(), self.key)
    }

    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.opens_on <= today && today <= self.closes_on
    }

    /// Results are shown once nothing more can come: results that grow would tell what the last answer was.
    pub fn is_closed(&self, today: NaiveDate) -> bool {
        today > self.closes_on
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    key: String,
    title: String,
    questions: serde_json::Value,
    opens_on: NaiveDate,
    closes_on: NaiveDate,
    is_illustrative: bool,
}

/// A cluster's surveys, the newest first.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Survey>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, key, title, questions, opens_on, closes_on, is_illustrative FROM education_survey \
             WHERE cluster_id = $1 ORDER BY opens_on DESC, id DESC",
            values![cluster.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Survey {
                id: row.id,
                key: row.key,
                title: row.title,
                questions: serde_json::from_value(row.questions)?,
                opens_on: row.opens_on,
                closes_on: row.closes_on,
                is_illustrative: row.is_illustrative,
            })
        })
        .collect()
}

pub(crate) async fn add(unit: &Unit, cluster: ClusterId, survey: &Survey) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_survey (id, cluster_id, key, title, questions, opens_on, closes_on, made_by, made_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            survey.id,
            cluster.0,
            survey.key.clone(),
            survey.title.clone(),
            serde_json::to_value(&survey.questions)?,
            survey.opens_on,
            survey.closes_on,
            unit.actor().person().map(|person| person.0),
            unit.now(),
            survey.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Which list a person stands in: the lists hold few each, and say nothing of an order.
fn bucket(person: PersonId) -> i64 {
    person.0.as_bytes().iter().fold(0_i64, |sum, byte| (sum * 31 + i64::from(*byte)) % 64)
}

async fn list(reads: &impl Reads, survey: Uuid, bucket: i64) -> Result<Option<Vec<PersonId>>, StoreError> {
    #[derive(FromQueryResult)]
    struct List {
        people: serde_json::Value,
    }
    let sql = format!(
        "SELECT people FROM education_survey_answered WHERE survey_id = $1 AND bucket = $2{}",
        reads.dialect().for_update()
    );
    let found: Option<List> = reads.one(&sql, values![survey, bucket]).await?;
    found.map(|list| Ok(serde_json::from_value(list.people)?)).transpose()
}

pub(crate) async fn has_answered(reads: &impl Reads, survey: Uuid, person: PersonId) -> Result<bool, StoreError> {
    Ok(list(reads, survey, bucket(person)).await?.is_some_and(|people| people.contains(&person)))
}

/// Notes that somebody answered; false where they had already.
pub(crate) async fn note_answered(unit: &Unit, survey: Uuid, person: PersonId) -> Result<bool, StoreError> {
    let bucket = bucket(person);
    unit.execute(
        "INSERT INTO education_survey_answered (survey_id, bucket, people) VALUES ($1, $2, $3) \
         ON CONFLICT (survey_id, bucket) DO NOTHING",
        values![survey, bucket, serde_json::json!([])],
    )
    .await?;
    let mut people = list(unit, survey, bucket).await?.unwrap_or_default();
    if people.contains(&person) {
        return Ok(false);
    }
    people.push(person);
    people.sort_unstable();
    unit.execute(
        "UPDATE education_survey_answered SET people = $3 WHERE survey_id = $1 AND bucket = $2",
        values![survey, bucket, serde_json::to_value(&people)?],
    )
    .await?;
    Ok(true)
}

/// Where somebody learnt between two days; empty where no placement of theirs is on record.
pub(crate) async fn places_of(
    reads: &impl Reads,
    cluster: ClusterId,
    person: PersonId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<OrganisationId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Place {
        host_id: Uuid,
    }
    let rows: Vec<Place> = reads
        .all(
            "SELECT DISTINCT post.host_id FROM education_trainee AS trainee \
             JOIN education_placement AS placement ON placement.trainee_id = trainee.id \
             JOIN education_post AS post ON post.id = placement.post_id \
             WHERE trainee.cluster_id = $1 AND trainee.person_id = $2 AND placement.state = 'approved' \
             AND placement.starts_on <= $4 AND placement.ends_on >= $3",
            values![cluster.0, person.0, from, to],
        )
        .await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.host_id)).collect())
}

/// What somebody answered, without who: its id is random and tells no time.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Anonymous {
    pub host: OrganisationId,
    pub profession: String,
    pub answers: Answers,
}

pub(crate) async fn add_answer(unit: &Unit, survey: Uuid, answer: &Anonymous) -> Result<(), StoreError> {
    // Not the unit's: that one begins with the moment.
    let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
    unit.execute(
        "INSERT INTO education_survey_answer (id, survey_id, host_id, profession, answers) VALUES ($1, $2, $3, $4, $5)",
        values![id, survey, answer.host.0, answer.profession.clone(), serde_json::to_value(&answer.answers)?],
    )
    .await?;
    Ok(())
}

/// In the order of their ids, which are random.
pub(crate) async fn answers(reads: &impl Reads, survey: Uuid) -> Result<Vec<Anonymous>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        host_id: Uuid,
        profession: String,
        answers: serde_json::Value,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT host_id, profession, answers FROM education_survey_answer WHERE survey_id = $1 ORDER BY id",
            values![survey],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Anonymous {
                host: OrganisationId(row.host_id),
                profession: row.profession,
                answers: serde_json::from_value(row.answers)?,
            })
        })
        .collect()
}
