//! Bids to outside funders as stored; a moved bid is stored only where nobody else moved it in the meantime.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, Money, OrganisationId, Problem};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::states::FundingState;
use crate::desk::{ProjectNamed, overtaken};
use crate::money::store::project;

/// A bid of a consortium to an outside funder.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FundingBid {
    pub id: Uuid,
    pub title: String,
    pub funder: String,
    pub asked: Money,
    pub project: Option<ProjectNamed>,
    /// Who bids together.
    pub consortium: Vec<OrganisationId>,
    /// Where the facts are published, where they are.
    pub source: String,
    /// Who holds the grant when the cluster has ended.
    pub host: Option<OrganisationId>,
    pub host_name: Option<String>,
    /// The grant's last day.
    pub ends_on: Option<NaiveDate>,
    pub state: FundingState,
    pub version: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    title: String,
    funder: String,
    asked: i64,
    project_id: Option<Uuid>,
    project_name: Option<String>,
    consortium: serde_json::Value,
    source: String,
    host_id: Option<Uuid>,
    host_name: Option<String>,
    ends_on: Option<NaiveDate>,
    state: serde_json::Value,
    version: i64,
}

impl TryFrom<Row> for FundingBid {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            title: row.title,
            funder: row.funder,
            asked: Money(row.asked),
            project: project(row.project_id, row.project_name),
            consortium: serde_json::from_value(row.consortium)?,
            source: row.source,
            host: row.host_id.map(OrganisationId),
            host_name: row.host_name,
            ends_on: row.ends_on,
            state: serde_json::from_value(row.state)?,
            version: row.version,
        })
    }
}

const SELECT: &str = "SELECT b.id, b.title, b.funder, b.asked, b.project_id, b.project_name, b.consortium, b.source, b.host_id, \
                      o.name AS host_name, b.ends_on, b.state, b.version \
                      FROM cluster_funding_bid b LEFT JOIN base_organisation o ON o.id = b.host_id";

/// A cluster's bids, in the order they were thought of.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<FundingBid>, StoreError> {
    let sql = format!("{SELECT} WHERE b.cluster_id = $1 ORDER BY b.opened_at, b.id");
    reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(FundingBid::try_from).collect()
}

pub(crate) async fn by_id(reads: &impl Reads, cluster: ClusterId, id: Uuid) -> Result<Option<FundingBid>, StoreError> {
    let sql = format!("{SELECT} WHERE b.cluster_id = $1 AND b.id = $2");
    reads.one::<Row>(&sql, values![cluster.0, id]).await?.map(FundingBid::try_from).transpose()
}

/// What was won for a project.
pub(crate) async fn won_for_projects(
    reads: &impl Reads,
    cluster: ClusterId,
) -> Result<Vec<(ProjectNamed, Money)>, StoreError> {
    let bids = of_cluster(reads, cluster).await?;
    Ok(bids.into_iter().filter_map(|bid| Some((bid.project.clone()?, bid.state.won()?))).collect())
}

/// What an idea for a bid says.
#[derive(Clone, Debug)]
pub(crate) struct NewBid {
    pub title: String,
    pub funder: String,
    pub asked: Money,
    pub project: Option<ProjectNamed>,
    pub consortium: Vec<OrganisationId>,
    pub source: String,
}

pub(crate) async fn insert(
    unit: &Unit,
    cluster: ClusterId,
    new: &NewBid,
    state: &FundingState,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO cluster_funding_bid (id, cluster_id, title, funder, asked, project_id, project_name, consortium, source, \
         state_name, state, opened_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        values![
            id,
            cluster.0,
            new.title.clone(),
            new.funder.clone(),
            new.asked.0,
            new.project.as_ref().map(|project| project.id),
            new.project.as_ref().map(|project| project.name.clone()),
            serde_json::to_value(&new.consortium)?,
            new.source.clone(),
            state.stage.name(),
            serde_json::to_value(state)?,
            unit.now()
        ],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn save(unit: &Unit, bid: &FundingBid, state: &FundingState) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE cluster_funding_bid SET state_name = $3, state = $4, version = version + 1 WHERE id = $1 AND version = $2",
            values![
                bid.id,
                bid.version,
                state.stage.name(),
                serde_json::to_value(state).map_err(Problem::internal)?
            ],
        )
        .await?;
    if changed == 0 { Err(overtaken("this bid")) } else { Ok(()) }
}

pub(crate) async fn set_host(
    unit: &Unit,
    bid: &FundingBid,
    host: OrganisationId,
    ends_on: NaiveDate,
) -> Result<(), Problem> {
    let changed = unit
        .execute(
            "UPDATE cluster_funding_bid SET host_id = $3, ends_on = $4, version = version + 1 WHERE id = $1 AND version = $2",
            values![bid.id, bid.version, host.0, ends_on],
        )
        .await?;
    if changed == 0 { Err(overtaken("this bid")) } else { Ok(()) }
}
