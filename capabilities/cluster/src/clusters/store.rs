//! Clusters and partners as stored; a cluster reaches a handler only through its extractor, which authorises.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, PartnerSeen};
use hiec_kernel::clock::london_date;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{ClusterId, Money, OrganisationId, Problem, Role, Scope, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Stream, Unit, organisations, values};
use hiec_web::{Loading, Resource};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_list! {
    /// What an organisation is in a cluster.
    PartnerRole {
        Lead = "lead", "Lead";
        Founding = "founding", "Founding partner";
        Member = "member", "Member";
        Associate = "associate", "Associate";
    }
}

impl PartnerRole {
    /// What it means, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Self::Lead => "Answers for the cluster to the region",
            Self::Founding => "Was there from the beginning, and signs the agreement",
            Self::Member => "Signs the agreement and takes part in what it decides",
            Self::Associate => "Takes part in projects, and is not bound by the agreement",
        }
    }

    /// Whether it signs the agreement.
    pub fn signs(self) -> bool {
        self != Self::Associate
    }
}

/// What the sources say of a cluster beyond its columns.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterFacts {
    /// What it set out to work on, as announced.
    pub work_programme: Vec<String>,
    /// Where these facts are published.
    pub source: String,
    /// People in the area it serves.
    pub population: Option<u32>,
    /// How it works, in its own words.
    pub approach: Vec<String>,
    /// What it has to spend over its term, where a source says so.
    pub budget: Option<Money>,
}

/// A cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub id: ClusterId,
    pub key: String,
    pub name: String,
    pub short_name: String,
    pub region: Option<Uuid>,
    pub programme: Option<Uuid>,
    /// The bid whose award founded it.
    pub award_bid: Option<Uuid>,
    pub award_amount: Option<Money>,
    pub lead: OrganisationId,
    /// A key of the legal forms in the rules it is held to, see [`crate::constitution`]; empty until one is chosen.
    pub legal_form: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub facts: ClusterFacts,
    pub is_illustrative: bool,
    pub version: i64,
}

impl Cluster {
    pub fn path(&self) -> String {
        format!("/clusters/{}", self.key)
    }

    pub fn stream(&self) -> Stream {
        Stream::cluster(self.id)
    }

    /// The scopes whose roles count in everything of this cluster.
    pub fn scopes(&self) -> Vec<Scope> {
        let mut scopes = vec![Scope::Cluster(self.id.0)];
        scopes.extend(self.region.map(Scope::Region));
        scopes.extend(self.programme.map(Scope::Programme));
        scopes
    }

    /// Something of this cluster, as the policies see it.
    pub fn target(&self, kind: &'static str) -> Target {
        Target::new(kind, self.id.0).scopes(self.scopes()).within(self.id.0)
    }

    /// As other capabilities see it.
    pub fn seen(&self, partners: Vec<PartnerSeen>) -> ClusterSeen {
        ClusterSeen {
            id: self.id,
            key: self.key.clone(),
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            region: self.region,
            programme: self.programme,
            lead: self.lead,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            is_illustrative: self.is_illustrative,
            partners,
        }
    }
}

/// `/clusters/{cluster}…`; without a cluster in the path, all of them.
impl Resource for Cluster {
    const KIND: &'static str = "cluster";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(key) = loading.text("cluster") else {
            return Ok(None);
        };
        let Some(cluster) = by_key(&loading.database, key).await? else {
            return Ok(None);
        };
        let sites = own_sites(loading, &cluster).await?;
        let target = cluster.target(Self::KIND).scopes(sites).fact("is_public", true);
        Ok(Some((cluster, target)))
    }
}

/// The organisations of the asker that are partners of the cluster today: their site leads count in what is the cluster's.
/// One that left counts no more, whatever roles are left.
pub(crate) async fn own_sites(loading: &Loading<'_>, cluster: &Cluster) -> Result<Vec<Scope>, Problem> {
    let mut sites = Vec::new();
    for held in &loading.subject.held {
        if let Scope::Organisation(id) = held.scope
            && is_partner(&loading.database, cluster.id, OrganisationId(id), london_date(loading.now)).await?
        {
            sites.push(held.scope);
        }
    }
    Ok(sites)
}

/// `/clusters`: all of them.
#[derive(Clone, Copy, Debug)]
pub struct AllClusters;

impl Resource for AllClusters {
    const KIND: &'static str = "cluster";

    /// An office counts here with the programmes it runs: it founds clusters in those.
    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let programmes = loading.subject.scopes_of(Role::ProgrammeOfficer);
        Ok(Some((Self, Target::new(Self::KIND, Uuid::nil()).scopes(programmes).fact("is_public", true))))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    key: String,
    name: String,
    short_name: String,
    region_id: Option<Uuid>,
    programme_id: Option<Uuid>,
    award_bid_id: Option<Uuid>,
    award_amount: Option<i64>,
    lead_id: Uuid,
    legal_form: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    facts: serde_json::Value,
    is_illustrative: bool,
    version: i64,
}

impl TryFrom<Row> for Cluster {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ClusterId(row.id),
            key: row.key,
            name: row.name,
            short_name: row.short_name,
            region: row.region_id,
            programme: row.programme_id,
            award_bid: row.award_bid_id,
            award_amount: row.award_amount.map(Money),
            lead: OrganisationId(row.lead_id),
            legal_form: row.legal_form,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            facts: serde_json::from_value(row.facts)?,
            is_illustrative: row.is_illustrative,
            version: row.version,
        })
    }
}

const COLUMNS: &str = "id, key, name, short_name, region_id, programme_id, award_bid_id, award_amount, lead_id, legal_form, \
                       starts_on, ends_on, facts, is_illustrative, version";

pub(crate) async fn by_key(reads: &impl Reads, key: &str) -> Result<Option<Cluster>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM cluster_cluster WHERE key = $1");
    reads.one::<Row>(&sql, values![key]).await?.map(Cluster::try_from).transpose()
}

pub(crate) async fn by_id(reads: &impl Reads, id: ClusterId) -> Result<Option<Cluster>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM cluster_cluster WHERE id = $1");
    reads.one::<Row>(&sql, values![id.0]).await?.map(Cluster::try_from).transpose()
}

/// The cluster founded from the award on this bid.
pub(crate) async fn by_award(reads: &impl Reads, bid: Uuid) -> Result<Option<Cluster>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM cluster_cluster WHERE award_bid_id = $1");
    reads.one::<Row>(&sql, values![bid]).await?.map(Cluster::try_from).transpose()
}

/// All clusters, by name.
pub(crate) async fn all(reads: &impl Reads) -> Result<Vec<Cluster>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM cluster_cluster ORDER BY name, id");
    reads.all::<Row>(&sql, values![]).await?.into_iter().map(Cluster::try_from).collect()
}

/// The clusters an organisation belongs or belonged to, by name.
pub(crate) async fn of_organisation(
    reads: &impl Reads,
    organisation: OrganisationId,
) -> Result<Vec<Cluster>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM cluster_cluster WHERE id IN (SELECT cluster_id FROM cluster_partner WHERE organisation_id = $1) \
         ORDER BY name, id"
    );
    reads.all::<Row>(&sql, values![organisation.0]).await?.into_iter().map(Cluster::try_from).collect()
}

pub(crate) async fn insert(unit: &Unit, cluster: &Cluster) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_cluster (id, key, name, short_name, region_id, programme_id, award_bid_id, award_amount, lead_id, \
         legal_form, starts_on, ends_on, facts, is_illustrative, founded_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)",
        values![
            cluster.id.0,
            cluster.key.clone(),
            cluster.name.clone(),
            cluster.short_name.clone(),
            cluster.region,
            cluster.programme,
            cluster.award_bid,
            cluster.award_amount.map(|amount| amount.0),
            cluster.lead.0,
            cluster.legal_form.clone(),
            cluster.starts_on,
            cluster.ends_on,
            serde_json::to_value(&cluster.facts)?,
            cluster.is_illustrative,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct PartnerRow {
    organisation_id: Uuid,
    role: String,
    since: NaiveDate,
    until: Option<NaiveDate>,
}

/// Present and former partners, by name.
pub(crate) async fn partners(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<PartnerSeen>, StoreError> {
    let rows: Vec<PartnerRow> = reads
        .all(
            "SELECT p.organisation_id, p.role, p.since, p.until \
             FROM cluster_partner p JOIN base_organisation o ON o.id = p.organisation_id \
             WHERE p.cluster_id = $1 ORDER BY o.name, p.since, p.id",
            values![cluster.0],
        )
        .await?;
    let of_cluster = "SELECT organisation_id FROM cluster_partner WHERE cluster_id = $1";
    let register: BTreeMap<OrganisationId, Organisation> =
        organisations::selected(reads, of_cluster, values![cluster.0])
            .await?
            .into_iter()
            .map(|one| (one.id, one))
            .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(PartnerSeen {
                organisation: register.get(&OrganisationId(row.organisation_id))?.clone(),
                role: PartnerRole::from_key(&row.role).map_or("Partner", PartnerRole::label),
                since: row.since,
                until: row.until,
            })
        })
        .collect())
}

pub(crate) async fn insert_partner(
    unit: &Unit,
    cluster: ClusterId,
    organisation: OrganisationId,
    role: PartnerRole,
    since: NaiveDate,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_partner (id, cluster_id, organisation_id, role, since) VALUES ($1, $2, $3, $4, $5)",
        values![unit.new_id(), cluster.0, organisation.0, role.key(), since],
    )
    .await?;
    Ok(())
}

/// Whether an organisation belongs to a cluster on a day.
pub(crate) async fn is_partner(
    reads: &impl Reads,
    cluster: ClusterId,
    organisation: OrganisationId,
    day: NaiveDate,
) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM cluster_partner WHERE cluster_id = $1 AND organisation_id = $2 AND since <= $3 \
               AND (until IS NULL OR until > $3)";
    Ok(reads.count(sql, values![cluster.0, organisation.0, day]).await? > 0)
}

/// Gives a present partner another role; answers how many rows that changed.
pub(crate) async fn set_partner_role(
    unit: &Unit,
    cluster: ClusterId,
    organisation: OrganisationId,
    role: PartnerRole,
) -> Result<u64, StoreError> {
    unit.execute(
        "UPDATE cluster_partner SET role = $3 WHERE cluster_id = $1 AND organisation_id = $2 AND until IS NULL",
        values![cluster.0, organisation.0, role.key()],
    )
    .await
}

/// How many partners each cluster has on a day.
pub(crate) async fn partner_counts(
    reads: &impl Reads,
    day: NaiveDate,
) -> Result<BTreeMap<ClusterId, usize>, StoreError> {
    #[derive(FromQueryResult)]
    struct Count {
        cluster_id: Uuid,
        n: i64,
    }
    let rows: Vec<Count> = reads
        .all(
            "SELECT cluster_id, COUNT(*) AS n FROM cluster_partner WHERE since <= $1 AND (until IS NULL OR until > $1) \
             GROUP BY cluster_id ORDER BY cluster_id",
            values![day],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (ClusterId(row.cluster_id), usize::try_from(row.n).unwrap_or_default())).collect())
}
