//! Trainees as stored; one reaches a handler only through its extractor, which authorises.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, PersonId};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use crate::words::Wte;

/// Somebody who learns in a programme, from the first day of its membership to the last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Trainee {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub programme: Uuid,
    /// Their account, where they have one.
    #[serde(skip)]
    pub person: Option<PersonId>,
    /// What addresses and lists know them by.
    pub number: String,
    pub name: String,
    pub grade: String,
    /// How much of whole-time work they do.
    pub wte: Wte,
    pub starts_on: NaiveDate,
    /// The last day as first planned; the expected one is worked out from their placements.
    pub ends_on: NaiveDate,
    pub is_illustrative: bool,
}

impl Trainee {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/trainees/{}", cluster.path(), self.number)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    programme_id: Uuid,
    person_id: Option<Uuid>,
    number: String,
    name: String,
    grade: String,
    wte: i64,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    is_illustrative: bool,
}

impl From<Row> for Trainee {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            programme: row.programme_id,
            person: row.person_id.map(PersonId),
            number: row.number,
            name: row.name,
            grade: row.grade,
            wte: Wte(row.wte),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            is_illustrative: row.is_illustrative,
        }
    }
}

const COLUMNS: &str =
    "id, cluster_id, programme_id, person_id, number, name, grade, wte, starts_on, ends_on, is_illustrative";

/// A cluster's trainees by number.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Trainee>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM education_trainee WHERE cluster_id = $1 ORDER BY number, id");
    Ok(reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(Trainee::from).collect())
}

pub(crate) async fn by_number(
    reads: &impl Reads,
    cluster: ClusterId,
    number: &str,
) -> Result<Option<Trainee>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM education_trainee WHERE cluster_id = $1 AND number = $2");
    Ok(reads.one::<Row>(&sql, values![cluster.0, number]).await?.map(Trainee::from))
}

pub(crate) async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<Trainee>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM education_trainee WHERE id = $1");
    Ok(reads.one::<Row>(&sql, values![id]).await?.map(Trainee::from))
}

/// What somebody is learning, newest first: their own records in a cluster.
pub(crate) async fn of_person(
    reads: &impl Reads,
    cluster: ClusterId,
    person: PersonId,
) -> Result<Vec<Trainee>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM education_trainee WHERE person_id = $1 AND cluster_id = $2 ORDER BY starts_on DESC, number, id"
    );
    Ok(reads.all::<Row>(&sql, values![person.0, cluster.0]).await?.into_iter().map(Trainee::from).collect())
}

pub(crate) async fn insert(unit: &Unit, trainee: &Trainee) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_trainee (id, cluster_id, programme_id, person_id, number, name, grade, wte, starts_on, ends_on, \
         is_illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            trainee.id,
            trainee.cluster.0,
            trainee.programme,
            trainee.person.map(|person| person.0),
            trainee.number.clone(),
            trainee.name.clone(),
            trainee.grade.clone(),
            trainee.wte.0,
            trainee.starts_on,
            trainee.ends_on,
            trainee.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Stores what may change of a trainee.
pub(crate) async fn save(unit: &Unit, trainee: &Trainee) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE education_trainee SET name = $2, grade = $3, wte = $4, starts_on = $5, ends_on = $6, person_id = $7 WHERE id = $1",
        values![
            trainee.id,
            trainee.name.clone(),
            trainee.grade.clone(),
            trainee.wte.0,
            trainee.starts_on,
            trainee.ends_on,
            trainee.person.map(|person| person.0)
        ],
    )
    .await?;
    Ok(())
}
