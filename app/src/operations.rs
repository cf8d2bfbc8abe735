//! Doors for operators and programs that stand outside the pages' frame: `/health`, `/metrics`, `/openapi.json`. They show nothing of any round.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hiec_web::AppState;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::{metrics, openapi};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/health", get(health))
        .route("/metrics", get(metrics::get))
        .route("/openapi.json", get(document))
}

/// 200 while the database answers, else 503.
async fn health(State(state): State<AppState>) -> Response {
    let database = state.database().ping().await;
    if let Err(error) = &database {
        tracing::error!(%error, "the database does not answer");
    }
    let (status, word) = match database {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    let body = json!({
        "status": word,
        "version": env!("CARGO_PKG_VERSION"),
        "database": word,
        "time": hiec_kernel::clock::iso(state.now()),
    });
    (status, axum::Json(body)).into_response()
}

async fn document() -> Response {
    let mut response = openapi::text().into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
