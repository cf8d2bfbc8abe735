//! What is known of clusters outside their own capability: who they are, who belongs to them, how they stand.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{ClusterId, Money, OrganisationId, Scope};
use hiec_store::Database;
use hiec_store::database::StoreError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A cluster with its partners.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClusterSeen {
    pub id: ClusterId,
    /// As addresses name it: `necles`.
    pub key: String,
    pub name: String,
    /// The name people say: `NECLES`.
    pub short_name: String,
    /// The region that contracts with it.
    pub region: Option<Uuid>,
    /// The programme whose award founded it; its office sees it.
    pub programme: Option<Uuid>,
    pub lead: OrganisationId,
    pub starts_on: NaiveDate,
    /// The last day of its term.
    pub ends_on: NaiveDate,
    pub is_illustrative: bool,
    /// Present and former partners, by name.
    pub partners: Vec<PartnerSeen>,
}

impl ClusterSeen {
    /// `/clusters/necles`
    pub fn path(&self) -> String {
        format!("/clusters/{}", self.key)
    }

    /// The scopes whose roles count in everything of this cluster: its own, its region's, its programme's.
    pub fn scopes(&self) -> Vec<Scope> {
        let mut scopes = vec![Scope::Cluster(self.id.0)];
        scopes.extend(self.region.map(Scope::Region));
        scopes.extend(self.programme.map(Scope::Programme));
        scopes
    }

    /// The partner that this organisation is, present or former.
    pub fn partner(&self, organisation: OrganisationId) -> Option<&PartnerSeen> {
        self.partners.iter().find(|partner| partner.organisation.id == organisation)
    }

    /// Who belongs to it on a day, by name.
    pub fn partners_on(&self, day: NaiveDate) -> impl Iterator<Item = &PartnerSeen> {
        self.partners.iter().filter(move |partner| partner.is_partner_on(day))
    }
}

/// An organisation in a cluster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PartnerSeen {
    pub organisation: Organisation,
    /// `Lead`, `Founding partner`, `Member`, `Associate`.
    pub role: &'static str,
    pub since: NaiveDate,
    /// The first day it no longer belongs; nothing while it stays.
    pub until: Option<NaiveDate>,
}

impl PartnerSeen {
    pub fn is_partner_on(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

/// How a cluster's money stands over some days.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MoneyStanding {
    /// Budgeted for these days.
    pub budget: Money,
    pub actual: Money,
    /// Expected by the end of these days, the actual among it.
    pub forecast: Money,
    /// What partners committed, in cash and in kind.
    pub committed: Money,
}

/// A risk as a report shows it. Scores are likelihood × impact, 1 to 25.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RiskSeen {
    pub title: String,
    /// Before anything is done about it.
    pub before: u8,
    /// With what is done.
    pub after: u8,
    pub owner: String,
    pub path: String,
}

/// A principle the cluster does not meet, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Breach {
    pub principle: String,
    pub why: String,
}

/// How a cluster stands, for its return and for those who look at all clusters.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Standing {
    /// Of the days asked about.
    pub money: MoneyStanding,
    /// Of the whole term.
    pub term: MoneyStanding,
    pub risks: Vec<RiskSeen>,
    pub breaches: Vec<Breach>,
}

/// What can be asked about clusters.
#[async_trait]
pub trait Clusters: Send + Sync {
    async fn by_key(&self, database: &Database, key: &str) -> Result<Option<ClusterSeen>, StoreError>;

    async fn by_id(&self, database: &Database, id: ClusterId) -> Result<Option<ClusterSeen>, StoreError>;

    /// All clusters, by name, without their partners.
    async fn all(&self, database: &Database) -> Result<Vec<ClusterSeen>, StoreError>;

    /// The clusters an organisation belongs or belonged to, by name, without their partners.
    async fn of_organisation(
        &self,
        database: &Database,
        organisation: OrganisationId,
    ) -> Result<Vec<ClusterSeen>, StoreError>;

    /// How a cluster stands; money from the first day to the last, both counted.
    async fn standing(
        &self,
        database: &Database,
        id: ClusterId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Standing, StoreError>;
}

/// The port, as the program's services hold it.
#[derive(Clone)]
pub struct ClustersPort(pub Arc<dyn Clusters>);
