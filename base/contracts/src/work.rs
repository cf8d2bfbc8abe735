//! What is known of a cluster's work outside `delivery`: its projects and figures, for board papers, co-funding and succession.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_kernel::ClusterId;
use hiec_store::Database;
use hiec_store::database::StoreError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A clinical pathway of a cluster as others see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PathwaySeen {
    pub id: Uuid,
    /// As addresses name it: `copd`.
    pub key: String,
    pub name: String,
    /// `Prevention`, `Acute`, `Long-term conditions`.
    pub category: String,
    pub is_illustrative: bool,
}

/// A project as others see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProjectSeen {
    pub id: Uuid,
    pub name: String,
    pub pathway: String,
    /// `On track`, `At risk`, …
    pub status: String,
    /// Why it stands so.
    pub reason: String,
    pub path: String,
    /// What it makes that others can take away: films, tools, packages.
    pub products: Vec<String>,
}

/// A figure with the link to its evidence.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Figure {
    /// The measure, and the site where it is one site's.
    pub what: String,
    /// As people read it: `48%`.
    pub value: String,
    pub period: String,
    /// What the chart says of it: `Common cause: no significant change`.
    pub verdict: String,
    /// The page it is followed back from.
    pub path: String,
    /// Its chart on this day as an SVG for paper; empty where none is drawn.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub chart: String,
    /// What is seen on the chart, for those who do not see it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reading: String,
}

impl Figure {
    /// The figure without its picture.
    pub fn bare(&self) -> Self {
        Self { chart: String::new(), reading: String::new(), ..self.clone() }
    }
}

/// What can be asked about a cluster's work.
#[async_trait]
pub trait Work: Send + Sync {
    /// By category and name.
    async fn pathways(&self, database: &Database, cluster: ClusterId) -> Result<Vec<PathwaySeen>, StoreError>;

    /// By pathway and name.
    async fn projects(&self, database: &Database, cluster: ClusterId) -> Result<Vec<ProjectSeen>, StoreError>;

    /// The newest figures of a cluster's measures up to a day, over all its sites, by measure.
    async fn figures(
        &self,
        database: &Database,
        cluster: ClusterId,
        until: NaiveDate,
    ) -> Result<Vec<Figure>, StoreError>;
}

/// The port, as the program's services hold it.
#[derive(Clone)]
pub struct WorkPort(pub Arc<dyn Work>);
