//! What protects every page: a strict content policy, safe headers, and no change from another site's page; it knows no user.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hiec_kernel::Problem;
use http::header::{HeaderName, HeaderValue, ORIGIN};
use http::{HeaderMap, Method};

use crate::refusal::Refusal;
use crate::state::AppState;

/// Headers of every response. Everything is served by us; no inline script or style is allowed.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Adds the headers, and keeps signed-in pages out of shared caches.
pub async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if state.site().is_secure() {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    headers.entry("cache-control").or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses changes sent by another site's page (cross-site request forgery).
///
/// Browsers say where a request comes from in `Sec-Fetch-Site` and `Origin`, which a page cannot forge; a request with neither comes
/// from a program, which has no cookie of a person to misuse. Our cookie is `SameSite=Lax` besides.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && is_foreign(request.headers()) {
        return Refusal(Problem::forbidden(
            "This was sent from a page of another site, so nothing was done",
            "Open the page on this site and send the form from there.",
        ))
        .into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(ORIGIN).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let host = headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    origin.split_once("://").is_none_or(|(_, from)| from != host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_our_own_pages_change_things() {
        assert!(is_foreign(&with(&[("sec-fetch-site", "cross-site")])));
        assert!(is_foreign(&with(&[("sec-fetch-site", "same-site")])));
        assert!(is_foreign(&with(&[("origin", "https://evil.example"), ("host", "hiec.example")])));
        assert!(is_foreign(&with(&[("origin", "null"), ("host", "hiec.example")])));
        assert!(!is_foreign(&with(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_foreign(&with(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")])));
        assert!(!is_foreign(&with(&[("host", "hiec.example")])));
    }
}
