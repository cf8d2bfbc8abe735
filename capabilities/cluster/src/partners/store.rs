//! Memberships as stored: one row for each time an organisation belonged. A partner that leaves keeps its row.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_kernel::clock::london_date;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{ClusterId, OrganisationId, Problem, Scope};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, organisations, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use crate::clusters::store::{self as clusters, Cluster, PartnerRole, own_sites};

/// An organisation in a cluster, from a day, until one where it left.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Membership {
    pub id: Uuid,
    /// Its sector and settings are the register's.
    pub organisation: Organisation,
    pub role: PartnerRole,
    /// The professions of its people that take part.
    pub professions: Vec<String>,
    pub since: NaiveDate,
    /// The first day it no longer belongs; nothing while it stays.
    pub until: Option<NaiveDate>,
    pub left_reason: Option<String>,
}

impl Membership {
    pub fn is_partner_on(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    organisation_id: Uuid,
    role: String,
    professions: Option<serde_json::Value>,
    since: NaiveDate,
    until: Option<NaiveDate>,
    left_reason: Option<String>,
}

impl Row {
    fn membership(self, organisation: Organisation) -> Result<Membership, StoreError> {
        Ok(Membership {
            id: self.id,
            organisation,
            role: PartnerRole::from_key(&self.role).unwrap_or(PartnerRole::Associate),
            professions: self.professions.map(serde_json::from_value).transpose()?.unwrap_or_default(),
            since: self.since,
            until: self.until,
            left_reason: self.left_reason,
        })
    }
}

const COLUMNS: &str = "p.id, p.organisation_id, p.role, p.professions, p.since, p.until, p.left_reason";

/// Present and former partners, by name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Membership>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM cluster_partner p JOIN base_organisation o ON o.id = p.organisation_id \
         WHERE p.cluster_id = $1 ORDER BY o.name, p.since, p.id"
    );
    let rows: Vec<Row> = reads.all(&sql, values![cluster.0]).await?;
    let select = "SELECT organisation_id FROM cluster_partner WHERE cluster_id = $1";
    let register: BTreeMap<OrganisationId, Organisation> = organisations::selected(reads, select, values![cluster.0])
        .await?
        .into_iter()
        .map(|one| (one.id, one))
        .collect();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(organisation) = register.get(&OrganisationId(row.organisation_id)) {
            found.push(row.membership(organisation.clone())?);
        }
    }
    Ok(found)
}

/// One membership of a cluster.
pub(crate) async fn one(reads: &impl Reads, cluster: ClusterId, id: Uuid) -> Result<Option<Membership>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM cluster_partner p WHERE p.cluster_id = $1 AND p.id = $2");
    let Some(row) = reads.one::<Row>(&sql, values![cluster.0, id]).await? else {
        return Ok(None);
    };
    match organisations::by_id(reads, OrganisationId(row.organisation_id)).await? {
        Some(organisation) => Ok(Some(row.membership(organisation)?)),
        None => Ok(None),
    }
}

pub(crate) async fn insert(unit: &Unit, cluster: ClusterId, membership: &Membership) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_partner (id, cluster_id, organisation_id, role, professions, since) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            membership.id,
            cluster.0,
            membership.organisation.id.0,
            membership.role.key(),
            serde_json::to_value(&membership.professions)?,
            membership.since
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn set_role_and_professions(
    unit: &Unit,
    membership: Uuid,
    role: PartnerRole,
    professions: &[String],
) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE cluster_partner SET role = $2, professions = $3 WHERE id = $1",
        values![membership, role.key(), serde_json::to_value(professions)?],
    )
    .await?;
    Ok(())
}

/// Ends a membership that has not ended; answers how many rows that changed.
pub(crate) async fn end(unit: &Unit, membership: Uuid, until: NaiveDate, reason: &str) -> Result<u64, StoreError> {
    unit.execute(
        "UPDATE cluster_partner SET until = $2, left_reason = $3 WHERE id = $1 AND until IS NULL",
        values![membership, until, reason],
    )
    .await
}

/// `/clusters/{cluster}/partners/{partner}…`: an organisation in a cluster, with the cluster.
pub struct Partnership {
    pub cluster: Cluster,
    pub membership: Membership,
}

impl Partnership {
    pub fn path(&self) -> String {
        format!("{}/partners/{}", self.cluster.path(), self.membership.id)
    }

    /// Roles in the cluster count here, and roles in this one organisation while it belongs; `is_own`: it is the cluster's lead;
    /// `is_open`: it belongs today.
    pub fn target(&self, today: NaiveDate) -> Target {
        let here = self.membership.is_partner_on(today);
        let site = here.then_some(Scope::Organisation(self.membership.organisation.id.0));
        Target::new("partnership", self.membership.id)
            .scopes(self.cluster.scopes())
            .scopes(site)
            .within(self.cluster.id.0)
            .fact("is_public", true)
            .fact("is_open", here)
            .fact("is_own", self.membership.role == PartnerRole::Lead)
    }
}

impl Resource for Partnership {
    const KIND: &'static str = "partnership";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(key), Some(id)) = (loading.text("cluster"), loading.id("partner")) else {
            return Ok(None);
        };
        let Some(cluster) = clusters::by_key(&loading.database, key).await? else {
            return Ok(None);
        };
        let Some(membership) = one(&loading.database, cluster.id, id).await? else {
            return Ok(None);
        };
        let partnership = Self { cluster, membership };
        let target = partnership.target(london_date(loading.now));
        // Site leads of other partners read what partners read, and change nothing of this one.
        let target = if loading.action == "partnership.read" {
            let sites = own_sites(loading, &partnership.cluster).await?;
            target.scopes(sites)
        } else {
            target
        };
        Ok(Some((partnership, target)))
    }
}
