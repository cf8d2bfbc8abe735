//! Innovations, steps, plans, barriers and practices as stored; each reaches a handler only through its extractor, which authorises.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, OrganisationId, Problem, Role, Scope, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use super::barriers::{BarrierSaid, Domain, Level};
use super::curve::Planned;
use super::steps::StepSaid;
use crate::ground;

/// The door to a cluster's innovations.
#[derive(Clone, Debug)]
pub(crate) struct Innovations {
    pub cluster: ClusterSeen,
}

/// `/clusters/{cluster}/innovations`
impl Resource for Innovations {
    const KIND: &'static str = "innovation";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = ground::target(&cluster, "innovation", cluster.id.0, loading.now);
        Ok(Some((Self { cluster }, target)))
    }
}

/// An innovation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Innovation {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub project: Option<Uuid>,
    pub key: String,
    pub name: String,
    pub what: String,
    /// Where this is published.
    pub source: String,
    /// Days a site must have done it before it counts as sustained.
    pub sustained_after_days: i64,
    pub began_on: NaiveDate,
    pub is_illustrative: bool,
}

impl Innovation {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/innovations/{}", cluster.path(), self.key)
    }

    pub fn rules(&self) -> hiec_adoption::stages::Rules {
        hiec_adoption::stages::Rules { sustained_after_days: u32::try_from(self.sustained_after_days).unwrap_or(365) }
    }
}

/// An innovation with its cluster.
#[derive(Clone, Debug)]
pub(crate) struct InnovationHere {
    pub cluster: ClusterSeen,
    pub innovation: Innovation,
}

impl InnovationHere {
    pub fn path(&self) -> String {
        self.innovation.path(&self.cluster)
    }
}

async fn innovation_of(loading: &Loading<'_>) -> Result<Option<InnovationHere>, Problem> {
    let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("innovation")) else {
        return Ok(None);
    };
    let innovation = by_key(&loading.database, cluster.id, key).await?;
    Ok(innovation.map(|innovation| InnovationHere { cluster, innovation }))
}

/// `/clusters/{cluster}/innovations/{innovation}…`
impl Resource for InnovationHere {
    const KIND: &'static str = "innovation";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(innovation_of(loading).await?.map(|here| {
            let target = ground::target(&here.cluster, "innovation", here.innovation.id, loading.now);
            (here, target)
        }))
    }
}

/// A site with an innovation.
#[derive(Clone, Debug)]
pub(crate) struct SiteHere {
    pub here: InnovationHere,
    pub site: OrganisationId,
    pub name: String,
}

impl SiteHere {
    pub fn path(&self) -> String {
        format!("{}/sites/{}", self.here.path(), self.site)
    }
}

/// `/clusters/{cluster}/innovations/{innovation}/sites/{site}…`
impl Resource for SiteHere {
    const KIND: &'static str = "innovation_site";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(here), Some(site)) = (innovation_of(loading).await?, loading.id("site").map(OrganisationId)) else {
            return Ok(None);
        };
        let sites = sites(&loading.database, here.innovation.id).await?;
        if !sites.contains(&site) {
            return Ok(None);
        }
        let target = ground::target(&here.cluster, "innovation_site", here.innovation.id, loading.now)
            .fact("is_own", loading.subject.holds_in(Role::SiteLead, Scope::Organisation(site.0)));
        let name = ground::site_name(&here.cluster, site);
        Ok(Some((Self { here, site, name }, target)))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    project_id: Option<Uuid>,
    key: String,
    name: String,
    what: String,
    source: String,
    sustained_after_days: i64,
    began_on: NaiveDate,
    is_illustrative: bool,
}

impl From<Row> for Innovation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            project: row.project_id,
            key: row.key,
            name: row.name,
            what: row.what,
            source: row.source,
            sustained_after_days: row.sustained_after_days,
            began_on: row.began_on,
            is_illustrative: row.is_illustrative,
        }
    }
}

const COLUMNS: &str =
    "id, cluster_id, project_id, key, name, what, source, sustained_after_days, began_on, is_illustrative";

/// A cluster's innovations by beginning and name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Innovation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery_innovation WHERE cluster_id = $1 ORDER BY began_on, name, id");
    Ok(reads.all::<Row>(&sql, values![cluster.0]).await?.into_iter().map(Innovation::from).collect())
}

pub(crate) async fn by_key(
    reads: &impl Reads,
    cluster: ClusterId,
    key: &str,
) -> Result<Option<Innovation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery_innovation WHERE cluster_id = $1 AND key = $2");
    Ok(reads.one::<Row>(&sql, values![cluster.0, key]).await?.map(Innovation::from))
}

pub(crate) async fn insert(unit: &Unit, innovation: &Innovation) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_innovation (id, cluster_id, project_id, key, name, what, source, sustained_after_days, began_on, \
         is_illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            innovation.id,
            innovation.cluster.0,
            innovation.project,
            innovation.key.clone(),
            innovation.name.clone(),
            innovation.what.clone(),
            innovation.source.clone(),
            innovation.sustained_after_days,
            innovation.began_on,
            innovation.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// What speaks for an innovation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Evidence {
    pub words: String,
    pub link: String,
    pub is_illustrative: bool,
}

pub(crate) async fn evidence(reads: &impl Reads, innovation: Uuid) -> Result<Vec<Evidence>, StoreError> {
    let sql = "SELECT words, link, is_illustrative FROM delivery_innovation_evidence WHERE innovation_id = $1 \
               ORDER BY said_at, id";
    reads.all(sql, values![innovation]).await
}

pub(crate) async fn add_evidence(unit: &Unit, innovation: Uuid, evidence: &Evidence) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_innovation_evidence (id, innovation_id, words, link, said_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            unit.new_id(),
            innovation,
            evidence.words.clone(),
            evidence.link.clone(),
            unit.now(),
            evidence.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// The sites an innovation is for, by name.
pub(crate) async fn sites(reads: &impl Reads, innovation: Uuid) -> Result<Vec<OrganisationId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Site {
        site_id: Uuid,
    }
    let rows: Vec<Site> = reads
        .all(
            "SELECT s.site_id FROM delivery_innovation_site s JOIN base_organisation o ON o.id = s.site_id \
             WHERE s.innovation_id = $1 ORDER BY o.name, s.id",
            values![innovation],
        )
        .await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.site_id)).collect())
}

pub(crate) async fn add_site(
    unit: &Unit,
    innovation: Uuid,
    site: OrganisationId,
    since: NaiveDate,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_innovation_site (id, innovation_id, site_id, since) VALUES ($1, $2, $3, $4)",
        values![unit.new_id(), innovation, site.0, since],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct StepRow {
    id: Uuid,
    site_id: Uuid,
    stage: String,
    on_day: NaiveDate,
    evidence: String,
    replaces_id: Option<Uuid>,
    reason: String,
    said_at: Timestamp,
    is_illustrative: bool,
}

impl From<StepRow> for StepSaid {
    fn from(row: StepRow) -> Self {
        Self {
            id: row.id,
            site: OrganisationId(row.site_id),
            stage: row.stage,
            on: row.on_day,
            evidence: row.evidence,
            replaces: row.replaces_id,
            reason: row.reason,
            at: row.said_at,
            is_illustrative: row.is_illustrative,
        }
    }
}

const STEP: &str = "id, site_id, stage, on_day, evidence, replaces_id, reason, said_at, is_illustrative";

/// Everything ever said of an innovation's sites, in the order of saying.
pub(crate) async fn steps(reads: &impl Reads, innovation: Uuid) -> Result<Vec<StepSaid>, StoreError> {
    let sql = format!("SELECT {STEP} FROM delivery_adoption_step WHERE innovation_id = $1 ORDER BY said_at, id");
    Ok(reads.all::<StepRow>(&sql, values![innovation]).await?.into_iter().map(StepSaid::from).collect())
}

pub(crate) async fn add_step(unit: &Unit, innovation: Uuid, step: &StepSaid) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_adoption_step (id, innovation_id, site_id, stage, on_day, evidence, replaces_id, reason, said_by, \
         said_at, is_illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            step.id,
            innovation,
            step.site.0,
            step.stage.clone(),
            step.on,
            step.evidence.clone(),
            step.replaces,
            step.reason.clone(),
            unit.actor().person().map(|person| person.0),
            step.at,
            step.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// A plan as it was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct PlanMade {
    pub targets: Vec<Planned>,
    pub reason: String,
    pub at: Timestamp,
    pub is_illustrative: bool,
}

/// All plans, newest first: the first one holds.
pub(crate) async fn plans(reads: &impl Reads, innovation: Uuid) -> Result<Vec<PlanMade>, StoreError> {
    #[derive(FromQueryResult)]
    struct PlanRow {
        targets: serde_json::Value,
        reason: String,
        said_at: Timestamp,
        is_illustrative: bool,
    }
    let rows: Vec<PlanRow> = reads
        .all(
            "SELECT targets, reason, said_at, is_illustrative FROM delivery_adoption_plan WHERE innovation_id = $1 \
             ORDER BY said_at DESC, id DESC",
            values![innovation],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let targets = serde_json::from_value(row.targets)?;
            Ok(PlanMade { targets, reason: row.reason, at: row.said_at, is_illustrative: row.is_illustrative })
        })
        .collect()
}

pub(crate) async fn add_plan(
    unit: &Unit,
    innovation: Uuid,
    targets: &[Planned],
    reason: &str,
    is_illustrative: bool,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_adoption_plan (id, innovation_id, targets, reason, said_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![unit.new_id(), innovation, serde_json::to_value(targets)?, reason, unit.now(), is_illustrative],
    )
    .await?;
    Ok(())
}

/// Everything ever said of what hinders sites, in the order of saying.
pub(crate) async fn barriers(reads: &impl Reads, innovation: Uuid) -> Result<Vec<BarrierSaid>, StoreError> {
    #[derive(FromQueryResult)]
    struct BarrierRow {
        site_id: Uuid,
        domain: String,
        level: String,
        note: String,
        said_at: Timestamp,
        is_illustrative: bool,
    }
    let rows: Vec<BarrierRow> = reads
        .all(
            "SELECT site_id, domain, level, note, said_at, is_illustrative FROM delivery_barrier WHERE innovation_id = $1 \
             ORDER BY said_at, id",
            values![innovation],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(BarrierSaid {
                site: OrganisationId(row.site_id),
                domain: Domain::from_key(&row.domain)?,
                level: Level::from_key(&row.level)?,
                note: row.note,
                at: row.said_at,
                is_illustrative: row.is_illustrative,
            })
        })
        .collect())
}

pub(crate) async fn add_barrier(unit: &Unit, innovation: Uuid, said: &BarrierSaid) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_barrier (id, innovation_id, site_id, domain, level, note, said_by, said_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            unit.new_id(),
            innovation,
            said.site.0,
            said.domain.key(),
            said.level.key(),
            said.note.clone(),
            unit.actor().person().map(|person| person.0),
            said.at,
            said.is_illustrative
        ],
    )
    .await?;
    Ok(())
}
