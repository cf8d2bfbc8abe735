//! The product assembled: capabilities, policies, migrations, router. The one place that names every capability.

use std::sync::Arc;

use axum::Router;
use hiec_access::places::AllPlaces;
use hiec_access::policy::{self, Engine, PolicyError};
use hiec_contracts::{AwardsPort, ClustersPort, WorkPort};
use hiec_kernel::Clock;
use hiec_store::database::StoreError;
use hiec_store::{Database, Migration, migrations};
use hiec_web::{AppState, Capability, Site, capability, security};
use tower_http::normalize_path::NormalizePath;

use crate::{metrics, operations};

/// Everything the program can do.
pub fn capabilities() -> Vec<Capability> {
    vec![
        hiec_accounts::capability(),
        hiec_competition::capability(),
        hiec_cluster::capability(),
        hiec_delivery::capability(),
        hiec_education::capability(),
    ]
}

/// All migrations, the base's first.
pub fn all_migrations() -> Vec<Migration> {
    let mut all = migrations::BASE.to_vec();
    for capability in capabilities() {
        all.extend_from_slice(capability.migrations);
    }
    all
}

/// Brings a database up to this program's version; answers the ids applied.
pub async fn migrate(database: &Database, clock: &dyn Clock) -> Result<Vec<&'static str>, StoreError> {
    migrations::migrate(database, &all_migrations(), clock).await
}

/// The policies of the base and of every capability.
pub fn engine() -> Result<Engine, PolicyError> {
    let mut texts = vec![policy::BASE];
    for capability in capabilities() {
        texts.extend_from_slice(capability.policies);
    }
    Engine::new(texts)
}

/// Everything that can name places in which roles are held.
pub fn places() -> AllPlaces {
    AllPlaces(vec![
        Arc::new(hiec_accounts::RegisterPlaces),
        Arc::new(hiec_competition::places::CompetitionPlaces),
        Arc::new(hiec_cluster::places::ClusterPlaces),
    ])
}

/// The shared state over an open, migrated database.
pub fn state(
    database: Database,
    clock: Arc<dyn Clock>,
    site: Site,
    mut services: http::Extensions,
) -> Result<AppState, PolicyError> {
    services.insert(places());
    services.insert(AwardsPort(Arc::new(hiec_competition::AnnouncedAwards)));
    services.insert(ClustersPort(Arc::new(hiec_cluster::ClusterPort)));
    services.insert(WorkPort(Arc::new(hiec_delivery::DeliveryWork)));
    let navigation = capabilities().into_iter().map(|capability| capability.navigation).collect();
    Ok(AppState::new(database, clock, engine()?, site, navigation, services))
}

/// The router of the whole product, framed and protected. `extra` adds doors of this start (the demo's).
pub fn router(state: &AppState, extra: Router<AppState>) -> Router {
    let framed = capability::framed(state, &mut capabilities(), extra);
    let product = framed
        .merge(operations::router())
        .layer(axum::middleware::from_fn_with_state(state.clone(), security::headers))
        .layer(axum::middleware::from_fn_with_state(state.clone(), metrics::observe))
        .with_state(state.clone());
    // `/open-data/` is `/open-data`: people and programs type both, and no page differs by a stroke at its end.
    Router::new().fallback_service(NormalizePath::trim_trailing_slash(product))
}
