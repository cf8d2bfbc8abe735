//! `hiec serve` and `hiec demo`: services put together, the worker beside the server, both stopped in order. It decides nothing about any request.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use chrono::Duration;
use hiec_access::limits::{Allowance, Allowances};
use hiec_accounts::oidc::SignInService;
use hiec_files::FileStore;
use hiec_kernel::{ShiftedClock, SystemClock};
use hiec_reports::Reports;
use hiec_store::Database;
use hiec_web::layout::Banner;
use hiec_web::{AppState, Site};
use url::Url;

use crate::demo::standing::Standing;
use crate::demo::{self, Demo, StageBanner};
use crate::metrics::{self, Metrics, MetricsDoor};
use crate::post::Post;
use crate::settings::Settings;
use crate::worker::Worker;
use crate::{program, serving};

type Ended = Result<(), Box<dyn std::error::Error>>;

/// Runs an installation until it is told to stop.
pub async fn serve(settings: Settings) -> Ended {
    let post = settings
        .smtp
        .as_deref()
        .map(|address| {
            let from = settings.mail_from.as_deref().unwrap_or_default();
            Post::new(address, from).map(Arc::new)
        })
        .transpose()?;
    let files = match &settings.s3 {
        Some(s3) => FileStore::s3(s3)?,
        None => FileStore::folder(&settings.files)?,
    };
    let database = Database::connect(&settings.database).await?;
    let clock = Arc::new(SystemClock);
    program::migrate(&database, clock.as_ref()).await?;
    let listener = serving::bind(settings.listen).await?;
    let address = listener.local_addr()?;
    let site = Site {
        name: settings.name,
        base: match settings.base {
            Some(base) => base,
            None => format!("http://{address}/").parse()?,
        },
        is_demo: false,
    };
    let mut services = http::Extensions::new();
    services.insert(files);
    services.insert(Reports::new(settings.pdf));
    services.insert(Arc::new(Metrics::default()));
    services.insert(settings.metrics_token.map_or(MetricsDoor::Closed, MetricsDoor::Token));
    services.insert(settings.allowances);
    if let Some(oidc) = settings.oidc {
        services.insert(SignInService::new(oidc, &site.base)?);
    }
    if let Some(secret) = settings.credential_secret {
        services.insert(secret);
    }
    if let Some(header) = settings.client_header {
        services.insert(header);
    }
    let state = program::state(database, clock, site, services)?;
    if let Some(address) = settings.metrics_listen {
        let figures = serving::bind(address).await?;
        let state = state.clone();
        tokio::spawn(async move { axum::serve(figures, figures_alone(state)).await });
    }
    let worker = Worker::start(state.clone(), &program::capabilities(), post);
    println!("hiec is ready at http://{address}/");
    serving::serve(listener, program::router(&state, Router::new())).await?;
    worker.stop().await;
    Ok(())
}

/// `/metrics` on a port of its own.
fn figures_alone(state: AppState) -> Router {
    Router::new().route(
        "/metrics",
        get(move || {
            let state = state.clone();
            async move { metrics::shown(&state).await }
        }),
    )
}

/// Runs the demonstration until it is told to stop. Everything it writes lies in `dir`.
pub async fn demonstrate(at: Standing, port: u16, dir: PathBuf) -> Ended {
    std::fs::create_dir_all(&dir).map_err(|error| format!("cannot make the folder {}: {error}", dir.display()))?;
    let listener = serving::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?;
    let address = listener.local_addr()?;
    let clock = Arc::new(ShiftedClock::starting_at(at.moment()));
    let base: Url = format!("http://{address}/").parse()?;
    let demo = Demo::new(dir, clock.clone(), base.clone());
    let database = demo.database(at).await?;
    let site = Site { name: "hiec".into(), base, is_demo: true };
    let mut services = http::Extensions::new();
    services.insert(demo.files()?);
    services.insert(demo);
    services.insert(Reports::new(std::env::var_os("HIEC_PDF").map(PathBuf::from)));
    services.extend(hiec_education::demo::services());
    services.insert(Arc::new(Metrics::default()));
    // It listens on this machine alone: whoever looks as everybody, and fast, is one visitor.
    services.insert(MetricsDoor::Open);
    services.insert(Allowances { write: Allowance::new(0, Duration::minutes(1)), ..Allowances::default() });
    services.insert::<Arc<dyn Banner>>(Arc::new(StageBanner { clock: clock.clone() }));
    let state = program::state(database, clock, site, services)?;
    let worker = Worker::start(state.clone(), &program::capabilities(), None);
    println!("hiec is ready at http://{address}/");
    serving::serve(listener, program::router(&state, demo::routes())).await?;
    worker.stop().await;
    Ok(())
}
