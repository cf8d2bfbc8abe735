//! Styles, scripts and icons: built by `make web`, carried in the program, served by us and by nobody else.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// What `make web` built. Without it pages work unstyled, so that a check of the code needs no Node.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Built;

/// One figure for all of it: addresses change with the content, so browsers may keep what they have for ever.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for name in Built::iter() {
        if let Some(file) = Built::get(&name) {
            digest.update(file.metadata.sha256_hash());
        }
    }
    hex::encode(digest.finalize()).chars().take(12).collect()
});

/// The address of a built file: `href("hiec.css")`.
pub fn href(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// Whether `make web` had run when the program was built.
pub fn are_built() -> bool {
    Built::get("hiec.css").is_some()
}

pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{*name}", get(serve)).route("/favicon.ico", get(mark))
}

async fn mark() -> Response {
    serve(Path((VERSION.clone(), "images/mark.svg".to_owned()))).await
}

async fn serve(Path((version, name)): Path<(String, String)>) -> Response {
    let Some(file) = Built::get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = file.data.into_owned().into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}
