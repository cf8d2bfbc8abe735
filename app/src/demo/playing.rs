//! Plays the demonstration into files: the round by the competition, then the life of clusters by the capabilities that own it. A half-played file is never taken for a whole one.

use std::path::Path;
use std::sync::Arc;

use hiec_competition::Stage;
use hiec_competition::demo;
use hiec_contracts::demonstration::Period;
use hiec_files::FileStore;
use hiec_kernel::clock::FixedClock;
use hiec_kernel::{Clock, Problem};
use hiec_reports::Reports;
use hiec_store::Database;
use hiec_web::Site;
use url::Url;

use super::standing::Standing;
use crate::{program, worker};

/// Plays into the migrated database what lies between [`Standing::goes_on_from`] and this standing, or the round from its first day.
/// `base` is where it will be found: badges say where their status is looked up.
pub async fn play(
    database: Database,
    files: FileStore,
    until: Standing,
    base: &Url,
    tell: &(dyn Fn(Stage) + Sync),
) -> Result<(), Problem> {
    match until {
        Standing::Round(stage) => demo::play(database, files, stage, tell).await,
        Standing::Clusters(period) => live(database, files, period, base).await,
    }
}

async fn live(database: Database, files: FileStore, period: Period, base: &Url) -> Result<(), Problem> {
    let from = Standing::Clusters(period).goes_on_from().unwrap_or(Standing::DEFAULT);
    let clock = FixedClock::at(from.moment());
    let site = Site { name: "hiec".into(), base: base.clone(), is_demo: true };
    let mut services = http::Extensions::new();
    services.insert(files);
    services.insert(Reports::new(None));
    services.extend(hiec_education::demo::services());
    let state = program::state(database, Arc::new(clock.clone()), site, services).map_err(Problem::internal)?;
    let handlers = worker::handlers(&program::capabilities());
    // What the round left to do: its awards found their clusters.
    while worker::round(&state, &handlers, None).await? {}
    hiec_cluster::demo::live_until(&state, &clock, period).await?;
    hiec_delivery::demo::live_until(&state, &clock, period).await?;
    hiec_education::demo::live_until(&state, &clock, period).await?;
    clock.set(period.moment());
    while worker::round(&state, &handlers, None).await? {}
    Ok(())
}

/// A database of the demonstration at `draft`, opened for playing: a copy of the one it goes on from, or empty.
pub async fn draft(url: &str, before: Option<&Path>, draft: &Path, clock: &dyn Clock) -> Result<Database, Problem> {
    if let Some(before) = before {
        std::fs::copy(before, draft).map_err(Problem::internal)?;
    }
    let database = Database::connect_disposable(url).await?;
    program::migrate(&database, clock).await?;
    Ok(database)
}
