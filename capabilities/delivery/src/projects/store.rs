//! Projects as stored; one reaches a handler only through its extractor, which authorises.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, OrganisationId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use super::cycles::Cycle;
use super::standing::Standing;
use crate::ground;

/// The door to a cluster's projects.
#[derive(Clone, Debug)]
pub(crate) struct Projects {
    pub cluster: ClusterSeen,
}

/// `/clusters/{cluster}/projects`, `/clusters/{cluster}/pathways/new`
impl Resource for Projects {
    const KIND: &'static str = "project";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = ground::target(&cluster, "project", cluster.id.0, loading.now);
        Ok(Some((Self { cluster }, target)))
    }
}

/// A project.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Project {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub pathway: Uuid,
    pub key: String,
    pub name: String,
    pub what: String,
    /// Who works on it, inside the cluster and out.
    pub partners: Vec<String>,
    pub starts_on: NaiveDate,
    /// Where this is published.
    pub source: String,
    pub standing: Standing,
    pub is_illustrative: bool,
    #[serde(skip)]
    pub version: i64,
}

impl Project {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/projects/{}", cluster.path(), self.key)
    }
}

/// A project with its cluster.
#[derive(Clone, Debug)]
pub(crate) struct ProjectHere {
    pub cluster: ClusterSeen,
    pub project: Project,
}

impl ProjectHere {
    pub fn path(&self) -> String {
        self.project.path(&self.cluster)
    }
}

/// `/clusters/{cluster}/projects/{project}…`
impl Resource for ProjectHere {
    const KIND: &'static str = "project";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("project")) else {
            return Ok(None);
        };
        let Some(project) = by_key(&loading.database, cluster.id, key).await? else {
            return Ok(None);
        };
        let target = ground::target(&cluster, "project", project.id, loading.now);
        Ok(Some((Self { cluster, project }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    pathway_id: Uuid,
    key: String,
    name: String,
    what: String,
    partners: serde_json::Value,
    starts_on: NaiveDate,
    source: String,
    standing: serde_json::Value,
    is_illustrative: bool,
    version: i64,
}

impl TryFrom<Row> for Project {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            pathway: row.pathway_id,
            key: row.key,
            name: row.name,
            what: row.what,
            partners: serde_json::from_value(row.partners)?,
            starts_on: row.starts_on,
            source: row.source,
            standing: serde_json::from_value(row.standing)?,
            is_illustrative: row.is_illustrative,
            version: row.version,
        })
    }
}

const COLUMNS: &str =
    "id, cluster_id, pathway_id, key, name, what, partners, starts_on, source, standing, is_illustrative, version";

/// A cluster's projects by beginning and name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Project>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery_project WHERE cluster_id = $1 ORDER BY starts_on, name, id");
    reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(Project::try_from).collect()
}

pub(crate) async fn by_key(reads: &impl Reads, cluster: ClusterId, key: &str) -> Result<Option<Project>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery_project WHERE cluster_id = $1 AND key = $2");
    reads.one::<Row>(&sql, values![cluster.0, key]).await?.map(Project::try_from).transpose()
}

pub(crate) async fn insert(unit: &Unit, project: &Project) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_project (id, cluster_id, pathway_id, key, name, what, partners, starts_on, source, standing, \
         is_illustrative, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        values![
            project.id,
            project.cluster.0,
            project.pathway,
            project.key.clone(),
            project.name.clone(),
            project.what.clone(),
            serde_json::to_value(&project.partners)?,
            project.starts_on,
            project.source.clone(),
            serde_json::to_value(&project.standing)?,
            project.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// A standing as it was given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct StandingGiven {
    pub standing: Standing,
    pub at: Timestamp,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct StandingRow {
    standing: serde_json::Value,
    said_at: Timestamp,
    is_illustrative: bool,
}

/// How a project stood before and stands now, newest first.
pub(crate) async fn standings(reads: &impl Reads, project: Uuid) -> Result<Vec<StandingGiven>, StoreError> {
    let rows: Vec<StandingRow> = reads
        .all(
            "SELECT standing, said_at, is_illustrative FROM delivery_project_standing WHERE project_id = $1 \
             ORDER BY said_at DESC, id DESC",
            values![project],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let standing = serde_json::from_value(row.standing)?;
            Ok(StandingGiven { standing, at: row.said_at, is_illustrative: row.is_illustrative })
        })
        .collect()
}

/// Adds a standing to those that were.
pub(crate) async fn add_standing(
    unit: &Unit,
    project: Uuid,
    standing: &Standing,
    is_illustrative: bool,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_project_standing (id, project_id, standing, said_by, said_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            unit.new_id(),
            project,
            serde_json::to_value(standing)?,
            unit.actor().person().map(|person| person.0),
            unit.now(),
            is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Stores how a project stands now. Refused when somebody else said so since it was read.
pub(crate) async fn turn(unit: &Unit, project: &Project, standing: &Standing) -> Result<(), Problem> {
    let json = serde_json::to_value(standing).map_err(Problem::internal)?;
    let changed = unit
        .execute(
            "UPDATE delivery_project SET standing = $3, version = version + 1 WHERE id = $1 AND version = $2",
            values![project.id, project.version, json],
        )
        .await?;
    if changed == 0 { Err(ground::changed_meanwhile("how this project stands")) } else { Ok(()) }
}

/// Something to be reached by a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Milestone {
    pub id: Uuid,
    pub title: String,
    /// The first promise.
    pub first_due_on: NaiveDate,
    pub due_on: NaiveDate,
    pub done_on: Option<NaiveDate>,
    /// Why it was moved; empty while it was not.
    pub moved_because: String,
    pub is_illustrative: bool,
}

impl Milestone {
    /// How it stands on a day.
    pub fn says(&self, today: NaiveDate) -> &'static str {
        match self.done_on {
            Some(done) if done <= self.due_on => "Reached",
            Some(_) => "Reached late",
            None if self.due_on < today => "Overdue",
            None => "To come",
        }
    }
}

const MILESTONE: &str = "id, title, first_due_on, due_on, done_on, moved_because, is_illustrative";

/// By when they are due.
pub(crate) async fn milestones(reads: &impl Reads, project: Uuid) -> Result<Vec<Milestone>, StoreError> {
    let sql = format!("SELECT {MILESTONE} FROM delivery_milestone WHERE project_id = $1 ORDER BY due_on, title, id");
    reads.all(&sql, values![project]).await
}

/// The milestones of all projects of a cluster that are not reached, by when they are due, with the project.
pub(crate) async fn open_milestones(
    reads: &impl Reads,
    cluster: ClusterId,
) -> Result<BTreeMap<Uuid, Vec<Milestone>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Open {
        project_id: Uuid,
        id: Uuid,
        title: String,
        first_due_on: NaiveDate,
        due_on: NaiveDate,
        moved_because: String,
        is_illustrative: bool,
    }
    let rows: Vec<Open> = reads
        .all(
            "SELECT m.project_id, m.id, m.title, m.first_due_on, m.due_on, m.moved_because, m.is_illustrative \
             FROM delivery_milestone m JOIN delivery_project p ON p.id = m.project_id \
             WHERE p.cluster_id = $1 AND m.done_on IS NULL ORDER BY m.due_on, m.title, m.id",
            values![cluster.0],
        )
        .await?;
    let mut open: BTreeMap<Uuid, Vec<Milestone>> = BTreeMap::new();
    for row in rows {
        open.entry(row.project_id).or_default().push(Milestone {
            id: row.id,
            title: row.title,
            first_due_on: row.first_due_on,
            due_on: row.due_on,
            done_on: None,
            moved_because: row.moved_because,
            is_illustrative: row.is_illustrative,
        });
    }
    Ok(open)
}

pub(crate) async fn add_milestone(
    unit: &Unit,
    project: Uuid,
    title: &str,
    due_on: NaiveDate,
    is_illustrative: bool,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO delivery_milestone (id, project_id, title, first_due_on, due_on, moved_because, is_illustrative) \
         VALUES ($1, $2, $3, $4, $4, '', $5)",
        values![id, project, title, due_on, is_illustrative],
    )
    .await?;
    Ok(id)
}

/// Stores a milestone that was reached or moved.
pub(crate) async fn save_milestone(unit: &Unit, milestone: &Milestone) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE delivery_milestone SET due_on = $2, done_on = $3, moved_because = $4 WHERE id = $1",
        values![milestone.id, milestone.due_on, milestone.done_on, milestone.moved_because.clone()],
    )
    .await?;
    Ok(())
}

/// What a project makes that others can take away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Product {
    pub id: Uuid,
    pub name: String,
    /// Who owns it; empty where nobody does, which succession shows.
    pub owner: String,
    pub licence: String,
    pub link: String,
    pub is_illustrative: bool,
}

const PRODUCT: &str = "id, name, owner, licence, link, is_illustrative";

pub(crate) async fn products(reads: &impl Reads, project: Uuid) -> Result<Vec<Product>, StoreError> {
    let sql = format!("SELECT {PRODUCT} FROM delivery_product WHERE project_id = $1 ORDER BY name, id");
    reads.all(&sql, values![project]).await
}

/// Names of all products of a cluster, by project.
pub(crate) async fn product_names(
    reads: &impl Reads,
    cluster: ClusterId,
) -> Result<BTreeMap<Uuid, Vec<String>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Named {
        project_id: Uuid,
        name: String,
    }
    let rows: Vec<Named> = reads
        .all(
            "SELECT o.project_id, o.name FROM delivery_product o JOIN delivery_project p ON p.id = o.project_id \
             WHERE p.cluster_id = $1 ORDER BY o.name, o.id",
            values![cluster.0],
        )
        .await?;
    let mut names: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for row in rows {
        names.entry(row.project_id).or_default().push(row.name);
    }
    Ok(names)
}

pub(crate) async fn add_product(unit: &Unit, project: Uuid, product: &Product) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_product (id, project_id, name, owner, licence, link, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            product.id,
            project,
            product.name.clone(),
            product.owner.clone(),
            product.licence.clone(),
            product.link.clone(),
            product.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// A cycle as stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct StoredCycle {
    pub id: Uuid,
    pub title: String,
    /// The measure it is to move, where one is meant.
    pub measure: Option<Uuid>,
    pub site: Option<OrganisationId>,
    pub cycle: Cycle,
    pub is_illustrative: bool,
    #[serde(skip)]
    pub version: i64,
}

#[derive(FromQueryResult)]
struct CycleRow {
    id: Uuid,
    title: String,
    measure_id: Option<Uuid>,
    site_id: Option<Uuid>,
    state: serde_json::Value,
    is_illustrative: bool,
    version: i64,
}

impl TryFrom<CycleRow> for StoredCycle {
    type Error = StoreError;

    fn try_from(row: CycleRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            title: row.title,
            measure: row.measure_id,
            site: row.site_id.map(OrganisationId),
            cycle: serde_json::from_value(row.state)?,
            is_illustrative: row.is_illustrative,
            version: row.version,
        })
    }
}

const CYCLE: &str = "id, title, measure_id, site_id, state, is_illustrative, version";

/// A project's cycles, oldest first.
pub(crate) async fn cycles(reads: &impl Reads, project: Uuid) -> Result<Vec<StoredCycle>, StoreError> {
    let sql = format!("SELECT {CYCLE} FROM delivery_cycle WHERE project_id = $1 ORDER BY planned_on, title, id");
    reads.all::<CycleRow>(&sql, values![project]).await?.into_iter().map(StoredCycle::try_from).collect()
}

pub(crate) async fn cycle(reads: &impl Reads, project: Uuid, id: Uuid) -> Result<Option<StoredCycle>, StoreError> {
    let sql = format!("SELECT {CYCLE} FROM delivery_cycle WHERE project_id = $1 AND id = $2");
    reads.one::<CycleRow>(&sql, values![project, id]).await?.map(StoredCycle::try_from).transpose()
}

pub(crate) async fn add_cycle(
    unit: &Unit,
    project: Uuid,
    cycle: &StoredCycle,
    planned_on: NaiveDate,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_cycle (id, project_id, title, measure_id, site_id, state, planned_on, is_illustrative, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
        values![
            cycle.id,
            project,
            cycle.title.clone(),
            cycle.measure,
            cycle.site.map(|site| site.0),
            serde_json::to_value(&cycle.cycle)?,
            planned_on,
            cycle.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Stores a cycle's next step. Refused when somebody else took it since it was read.
pub(crate) async fn save_cycle(unit: &Unit, stored: &StoredCycle, next: &Cycle) -> Result<(), Problem> {
    let json = serde_json::to_value(next).map_err(Problem::internal)?;
    let changed = unit
        .execute(
            "UPDATE delivery_cycle SET state = $3, version = version + 1 WHERE id = $1 AND version = $2",
            values![stored.id, stored.version, json],
        )
        .await?;
    if changed == 0 { Err(ground::changed_meanwhile("this cycle")) } else { Ok(()) }
}
