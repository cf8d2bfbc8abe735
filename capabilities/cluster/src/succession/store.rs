//! What outlives a cluster, as stored, and the products its projects name that nobody has planned for yet.

use hiec_access::policy::Target;
use hiec_contracts::WorkPort;
use hiec_kernel::{ClusterId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{AppState, Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use super::rules::{LegacyKind, lacking};
use crate::clusters::store::{self as clusters, Cluster};

/// One thing that outlives the cluster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Legacy {
    pub id: Uuid,
    pub kind: LegacyKind,
    pub name: String,
    /// The project it comes from, where it comes from one.
    pub project: Option<Uuid>,
    /// Who owns it after the last day.
    pub owner: String,
    /// Who pays for it then.
    pub funding: String,
    /// On which terms others use it.
    pub licence: String,
    /// Where what is known of it lies.
    pub record: String,
    pub is_illustrative: bool,
    pub version: i64,
}

impl Legacy {
    pub fn lacking(&self) -> Vec<&'static str> {
        lacking(&self.owner, &self.funding, &self.licence, &self.record)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    name: String,
    project_id: Option<Uuid>,
    owner: String,
    funding: String,
    licence: String,
    record: String,
    is_illustrative: bool,
    version: i64,
}

impl Row {
    fn legacy(self) -> Option<Legacy> {
        Some(Legacy {
            id: self.id,
            kind: LegacyKind::from_key(&self.kind)?,
            name: self.name,
            project: self.project_id,
            owner: self.owner,
            funding: self.funding,
            licence: self.licence,
            record: self.record,
            is_illustrative: self.is_illustrative,
            version: self.version,
        })
    }
}

/// Everything planned for, by kind and name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Legacy>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, kind, name, project_id, owner, funding, licence, record, is_illustrative, version FROM cluster_legacy \
             WHERE cluster_id = $1 ORDER BY kind, name, id",
            values![cluster.0],
        )
        .await?;
    Ok(rows.into_iter().filter_map(Row::legacy).collect())
}

/// A product a project names, that nobody has planned for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Unplanned {
    pub product: String,
    pub project: Uuid,
    pub project_name: String,
    pub project_path: String,
}

/// The products of the cluster's projects without an entry. Where no capability knows projects, there are none.
pub(crate) async fn unplanned(
    state: &AppState,
    cluster: ClusterId,
    planned: &[Legacy],
) -> Result<Vec<Unplanned>, StoreError> {
    let Some(work) = state.optional::<WorkPort>() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for project in work.0.projects(&state.database(), cluster).await? {
        for product in &project.products {
            let is_planned =
                planned.iter().any(|one| one.name == *product && one.project.is_none_or(|id| id == project.id));
            if !is_planned {
                found.push(Unplanned {
                    product: product.clone(),
                    project: project.id,
                    project_name: project.name.clone(),
                    project_path: project.path.clone(),
                });
            }
        }
    }
    Ok(found)
}

pub(crate) async fn insert(unit: &Unit, cluster: ClusterId, legacy: &Legacy) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_legacy (id, cluster_id, kind, name, project_id, owner, funding, licence, record, is_illustrative, \
         changed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        values![
            legacy.id,
            cluster.0,
            legacy.kind.key(),
            legacy.name.clone(),
            legacy.project,
            legacy.owner.clone(),
            legacy.funding.clone(),
            legacy.licence.clone(),
            legacy.record.clone(),
            legacy.is_illustrative,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// Changes an entry as it was at this version; answers how many rows that changed.
pub(crate) async fn change(unit: &Unit, legacy: &Legacy) -> Result<u64, StoreError> {
    unit.execute(
        "UPDATE cluster_legacy SET kind = $3, name = $4, owner = $5, funding = $6, licence = $7, record = $8, changed_at = $9, \
         version = version + 1 WHERE id = $1 AND version = $2",
        values![
            legacy.id,
            legacy.version,
            legacy.kind.key(),
            legacy.name.clone(),
            legacy.owner.clone(),
            legacy.funding.clone(),
            legacy.licence.clone(),
            legacy.record.clone(),
            unit.now()
        ],
    )
    .await
}

/// `/clusters/{cluster}/succession/{legacy}`: one thing that outlives a cluster, with the cluster.
pub struct Bequest {
    pub cluster: Cluster,
    pub legacy: Legacy,
}

impl Resource for Bequest {
    const KIND: &'static str = "legacy";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(key), Some(id)) = (loading.text("cluster"), loading.id("legacy")) else {
            return Ok(None);
        };
        let Some(cluster) = clusters::by_key(&loading.database, key).await? else {
            return Ok(None);
        };
        let all = of_cluster(&loading.database, cluster.id).await?;
        let Some(legacy) = all.into_iter().find(|one| one.id == id) else {
            return Ok(None);
        };
        let target =
            Target::new(Self::KIND, legacy.id).scopes(cluster.scopes()).within(cluster.id.0).fact("is_public", true);
        Ok(Some((Self { cluster, legacy }, target)))
    }
}
