//! Programmes as stored; one reaches a handler only through its extractor, which authorises.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, OrganisationId};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use crate::words::{Level, Profession};

/// What people of one profession learn, over so many months, by a curriculum that somebody else owns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Programme {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub key: String,
    pub name: String,
    pub profession: Profession,
    pub level: Level,
    /// As posts name theirs.
    pub specialty: String,
    /// The body that owns its curriculum; nothing where nobody does yet.
    pub curriculum_owner: Option<OrganisationId>,
    /// Whole-time months from beginning to end.
    pub months: i64,
    pub starts_on: NaiveDate,
    /// The last day, where one is known.
    pub ends_on: Option<NaiveDate>,
    pub is_illustrative: bool,
}

impl Programme {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/programmes/{}", cluster.path(), self.key)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    key: String,
    name: String,
    profession: String,
    level: String,
    specialty: String,
    curriculum_owner_id: Option<Uuid>,
    months: i64,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    is_illustrative: bool,
}

impl From<Row> for Programme {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            key: row.key,
            name: row.name,
            profession: Profession::from_key(&row.profession).unwrap_or(Profession::Medical),
            level: Level::from_key(&row.level).unwrap_or(Level::Postgraduate),
            specialty: row.specialty,
            curriculum_owner: row.curriculum_owner_id.map(OrganisationId),
            months: row.months,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            is_illustrative: row.is_illustrative,
        }
    }
}

const COLUMNS: &str = "id, cluster_id, key, name, profession, level, specialty, curriculum_owner_id, months, starts_on, ends_on, \
                       is_illustrative";

/// A cluster's programmes by name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Programme>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM education_programme WHERE cluster_id = $1 ORDER BY name, id");
    Ok(reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(Programme::from).collect())
}

pub(crate) async fn by_key(reads: &impl Reads, cluster: ClusterId, key: &str) -> Result<Option<Programme>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM education_programme WHERE cluster_id = $1 AND key = $2");
    Ok(reads.one::<Row>(&sql, values![cluster.0, key]).await?.map(Programme::from))
}

pub(crate) async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<Programme>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM education_programme WHERE id = $1");
    Ok(reads.one::<Row>(&sql, values![id]).await?.map(Programme::from))
}

pub(crate) async fn insert(unit: &Unit, programme: &Programme) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_programme (id, cluster_id, key, name, profession, level, specialty, curriculum_owner_id, months, \
         starts_on, ends_on, is_illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values![
            programme.id,
            programme.cluster.0,
            programme.key.clone(),
            programme.name.clone(),
            programme.profession.key(),
            programme.level.key(),
            programme.specialty.clone(),
            programme.curriculum_owner.map(|owner| owner.0),
            programme.months,
            programme.starts_on,
            programme.ends_on,
            programme.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// What may be said of a programme again: everything but its cluster, address, profession, level, specialty and first day.
pub(crate) async fn save(unit: &Unit, programme: &Programme) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE education_programme SET name = $2, curriculum_owner_id = $3, months = $4, ends_on = $5 WHERE id = $1",
        values![
            programme.id,
            programme.name.clone(),
            programme.curriculum_owner.map(|owner| owner.0),
            programme.months,
            programme.ends_on
        ],
    )
    .await?;
    Ok(())
}
