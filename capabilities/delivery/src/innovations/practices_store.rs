//! Practices and their copies as stored; one reaches a handler only through its extractor, which authorises.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, OrganisationId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use crate::ground;

/// The door to a cluster's practices.
#[derive(Clone, Debug)]
pub(crate) struct Practices {
    pub cluster: ClusterSeen,
}

/// `/clusters/{cluster}/practices`
impl Resource for Practices {
    const KIND: &'static str = "practice";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = ground::target(&cluster, "practice", cluster.id.0, loading.now);
        Ok(Some((Self { cluster }, target)))
    }
}

/// What one site does better than expected, written so that others can do it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Practice {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub innovation: Option<Uuid>,
    /// The site it was found at, where it is one of the register.
    pub site: Option<OrganisationId>,
    pub measure: Option<Uuid>,
    pub key: String,
    pub title: String,
    /// The site as it is named here: a published one need not be in the register.
    pub where_found: String,
    pub what: String,
    /// How to do it, and what it takes.
    pub how: String,
    pub result: String,
    pub source: String,
    pub at: Timestamp,
    pub is_illustrative: bool,
}

impl Practice {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/practices/{}", cluster.path(), self.key)
    }
}

/// A practice with its cluster.
#[derive(Clone, Debug)]
pub(crate) struct PracticeHere {
    pub cluster: ClusterSeen,
    pub practice: Practice,
}

/// `/clusters/{cluster}/practices/{practice}…`
impl Resource for PracticeHere {
    const KIND: &'static str = "practice";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("practice")) else {
            return Ok(None);
        };
        let all = of_cluster(&loading.database, cluster.id).await?;
        let Some(practice) = all.into_iter().find(|practice| practice.key == key) else {
            return Ok(None);
        };
        let target = ground::target(&cluster, "practice", practice.id, loading.now);
        Ok(Some((Self { cluster, practice }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    innovation_id: Option<Uuid>,
    site_id: Option<Uuid>,
    measure_id: Option<Uuid>,
    key: String,
    title: String,
    where_found: String,
    what: String,
    how: String,
    result: String,
    source: String,
    written_at: Timestamp,
    is_illustrative: bool,
}

impl From<Row> for Practice {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            innovation: row.innovation_id,
            site: row.site_id.map(OrganisationId),
            measure: row.measure_id,
            key: row.key,
            title: row.title,
            where_found: row.where_found,
            what: row.what,
            how: row.how,
            result: row.result,
            source: row.source,
            at: row.written_at,
            is_illustrative: row.is_illustrative,
        }
    }
}

/// A cluster's practices, newest first.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Practice>, StoreError> {
    let sql = "SELECT id, cluster_id, innovation_id, site_id, measure_id, key, title, where_found, what, how, result, source, \
               written_at, is_illustrative FROM delivery_practice WHERE cluster_id = $1 ORDER BY written_at DESC, id DESC";
    Ok(reads.all::<Row>(sql, values![cluster.0]).await?.into_iter().map(Practice::from).collect())
}

pub(crate) async fn insert(unit: &Unit, practice: &Practice) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_practice (id, cluster_id, innovation_id, site_id, measure_id, key, title, where_found, what, how, \
         result, source, written_at, is_illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        values![
            practice.id,
            practice.cluster.0,
            practice.innovation,
            practice.site.map(|site| site.0),
            practice.measure,
            practice.key.clone(),
            practice.title.clone(),
            practice.where_found.clone(),
            practice.what.clone(),
            practice.how.clone(),
            practice.result.clone(),
            practice.source.clone(),
            practice.at,
            practice.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// "Tried here, adapted so, with this result."
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Copy {
    pub practice: Uuid,
    pub site: OrganisationId,
    pub tried_on: NaiveDate,
    pub adapted: String,
    pub result: String,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct CopyRow {
    practice_id: Uuid,
    site_id: Uuid,
    tried_on: NaiveDate,
    adapted: String,
    result: String,
    is_illustrative: bool,
}

/// All copies of a cluster's practices, by when they were tried.
pub(crate) async fn copies(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Copy>, StoreError> {
    let rows: Vec<CopyRow> = reads
        .all(
            "SELECT c.practice_id, c.site_id, c.tried_on, c.adapted, c.result, c.is_illustrative \
             FROM delivery_practice_copy c JOIN delivery_practice p ON p.id = c.practice_id \
             WHERE p.cluster_id = $1 ORDER BY c.tried_on, c.said_at, c.id",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Copy {
            practice: row.practice_id,
            site: OrganisationId(row.site_id),
            tried_on: row.tried_on,
            adapted: row.adapted,
            result: row.result,
            is_illustrative: row.is_illustrative,
        })
        .collect())
}

pub(crate) async fn add_copy(unit: &Unit, copy: &Copy) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_practice_copy (id, practice_id, site_id, tried_on, adapted, result, said_by, said_at, \
         is_illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            unit.new_id(),
            copy.practice,
            copy.site.0,
            copy.tried_on,
            copy.adapted.clone(),
            copy.result.clone(),
            unit.actor().person().map(|person| person.0),
            unit.now(),
            copy.is_illustrative
        ],
    )
    .await?;
    Ok(())
}
