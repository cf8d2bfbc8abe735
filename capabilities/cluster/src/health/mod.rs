//! How the partnership is: who works with whom, and how partners trust and value each other, each saying its own view every quarter.

pub(crate) mod asking;
mod pages;
mod picture;
pub mod rules;
pub(crate) mod store;
pub(crate) mod telling;

use hiec_access::policy::Target;
use hiec_contracts::PartnerSeen;
use hiec_kernel::{Problem, Scope};
use hiec_web::{Loading, Resource, Route};

use crate::clusters::store::{self as clusters, Cluster};
use crate::desk::AtDesk;

/// `/clusters/{cluster}/health`: all partners see it, so the roles held in each of them count.
#[derive(Clone, Debug)]
pub struct HealthDesk {
    pub cluster: Cluster,
    /// Present and former partners, by name.
    pub(crate) partners: Vec<PartnerSeen>,
}

impl AtDesk for HealthDesk {
    fn cluster(&self) -> &Cluster {
        &self.cluster
    }
}

impl Resource for HealthDesk {
    const KIND: &'static str = "health";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(key) = loading.text("cluster") else {
            return Ok(None);
        };
        let Some(cluster) = clusters::by_key(&loading.database, key).await? else {
            return Ok(None);
        };
        let partners = clusters::partners(&loading.database, cluster.id).await?;
        let scopes = partners.iter().map(|one| Scope::Organisation(one.organisation.id.0));
        let target = cluster.target(Self::KIND).scopes(scopes);
        Ok(Some((Self { cluster, partners }, target)))
    }
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/health", "health.view", "How the partnership is", pages::get),
        Route::get("/clusters/{cluster}/health.csv", "health.export", "Ties between partners, CSV", pages::csv),
        Route::get("/clusters/{cluster}/health.xlsx", "health.export", "Ties between partners, workbook", pages::xlsx),
        Route::post(
            "/clusters/{cluster}/health/questions",
            "health.ask",
            "Ask the partners that have not spoken",
            asking::post,
        )
        .takes::<asking::Form>(),
        Route::get(
            "/clusters/{cluster}/health/{partner}",
            "tie.tell",
            "What a partner says of the others",
            telling::get,
        ),
        Route::post("/clusters/{cluster}/health/{partner}", "tie.tell", "Say what a partner says", telling::post)
            .takes::<telling::Form>(),
    ]
}
