//! What protects every page: a strict content policy, safe headers, and no change from another site's page; it knows no user.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hiec_access::Subject;
use hiec_kernel::Problem;
use http::header::{AUTHORIZATION, COOKIE, HOST, HeaderName, HeaderValue, ORIGIN, REFERER};
use http::{HeaderMap, Method};
use url::Url;

use crate::refusal::Refusal;
use crate::state::{AppState, Site};
use crate::who::Who;

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

/// Refuses changes sent by another site's page (cross-site request forgery), whatever their method, form or sign of who asks.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`, `Origin` and `Referer`, which a page cannot forge: the first
/// that is there decides, and `Origin: null` (a page in a sandbox) is nobody's. A request with none of them comes from a
/// program, which has no cookie of a person to misuse: every browser since 2020 sends `Origin` with a form's `POST`.
/// Our cookies are `SameSite=Lax` besides, and reading (`GET`) changes nothing.
///
/// A few addresses take forms of other sites ([`crate::Route::from_other_sites`]): such a form arrives as nobody's, without cookie and token.
pub async fn same_origin(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && is_foreign(request.headers(), guard.state.site()) {
        if guard.is_open(&request) {
            make_nobodys(&mut request);
            return next.run(request).await;
        }
        return Refusal(Problem::forbidden(
            "This was sent from a page of another site, so nothing was done",
            "Open the page on this site and send the form from there.",
        ))
        .into_response();
    }
    next.run(request).await
}

/// What stands between other sites' pages and ours.
#[derive(Clone)]
pub struct Guard {
    pub(crate) state: AppState,
    /// The addresses that take their forms.
    pub(crate) open: Arc<[&'static str]>,
}

impl Guard {
    /// Exactly one of the open addresses, and only a form's way of sending.
    fn is_open(&self, request: &Request) -> bool {
        request.method() == Method::POST && self.open.contains(&request.uri().path())
    }
}

/// Whoever the browser says it is: another site's page may have made it say so.
fn make_nobodys(request: &mut Request) {
    request.headers_mut().remove(COOKIE);
    request.headers_mut().remove(AUTHORIZATION);
    request.extensions_mut().insert(Who(Subject::anonymous()));
}

fn is_foreign(headers: &HeaderMap, site: &Site) -> bool {
    if let Some(from) = headers.get("sec-fetch-site") {
        return !matches!(from.as_bytes(), b"same-origin" | b"none");
    }
    let Some(from) = headers.get(ORIGIN).or_else(|| headers.get(REFERER)) else {
        return false;
    };
    let from = from.to_str().ok().and_then(|from| Url::parse(from).ok());
    !from.is_some_and(|from| is_ours(&from, headers, site))
}

/// Over https the installation's own address and no other, the scheme included: a page that came without TLS may be anybody's.
/// Without TLS (one machine, a test) the address asked is as good.
fn is_ours(from: &Url, headers: &HeaderMap, site: &Site) -> bool {
    if from.origin() == site.base.origin() && from.origin().is_tuple() {
        return true;
    }
    let asked = headers.get(HOST).and_then(|value| value.to_str().ok());
    let asked = asked.and_then(|host| Url::parse(&format!("http://{host}/")).ok());
    !site.is_secure() && asked.is_some_and(|asked| asked.origin() == from.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    fn foreign(base: &str, pairs: &[(&'static str, &'static str)]) -> bool {
        let site = Site { name: "hiec".into(), base: base.parse().unwrap(), is_demo: false };
        is_foreign(&with(pairs), &site)
    }

    const PLAIN: &str = "http://hiec.example/";
    const SECURE: &str = "https://hiec.example/";

    #[test]
    fn what_the_browser_says_first_decides() {
        assert!(foreign(PLAIN, &[("sec-fetch-site", "cross-site")]));
        assert!(foreign(PLAIN, &[("sec-fetch-site", "same-site"), ("origin", PLAIN), ("host", "hiec.example")]));
        assert!(!foreign(SECURE, &[("sec-fetch-site", "same-origin")]));
        assert!(!foreign(SECURE, &[("sec-fetch-site", "none")]), "typed or from a bookmark");
        assert!(foreign(SECURE, &[("sec-fetch-site", "rubbish")]));
    }

    #[test]
    fn without_it_origin_decides_and_then_referer() {
        for base in [PLAIN, SECURE] {
            assert!(foreign(base, &[("origin", "https://evil.example"), ("host", "hiec.example")]));
            assert!(foreign(base, &[("origin", "null"), ("host", "hiec.example")]), "a page in a sandbox");
            assert!(foreign(base, &[("origin", "null"), ("referer", base), ("host", "hiec.example")]));
            assert!(foreign(base, &[("referer", "https://evil.example/hiec.example"), ("host", "hiec.example")]));
            assert!(foreign(base, &[("referer", "rubbish"), ("host", "hiec.example")]));
            assert!(foreign(base, &[("origin", "https://hiec.example.evil.example"), ("host", "hiec.example")]));
            assert!(!foreign(base, &[("host", "hiec.example")]), "a program");
        }
        assert!(!foreign(SECURE, &[("origin", "https://hiec.example"), ("host", "10.0.0.3:8080")]), "behind a proxy");
        assert!(!foreign(SECURE, &[("referer", "https://hiec.example/calls"), ("host", "hiec.example")]));
        assert!(!foreign(PLAIN, &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
    }

    #[test]
    fn over_tls_no_page_without_it_is_ours() {
        assert!(foreign(SECURE, &[("origin", "http://hiec.example"), ("host", "hiec.example")]));
        assert!(foreign(SECURE, &[("origin", "https://hiec.example:8443"), ("host", "hiec.example:8443")]));
        assert!(
            foreign(SECURE, &[("origin", "https://evil.example"), ("host", "evil.example")]),
            "a name that leads here"
        );
    }

    #[test]
    fn a_foreign_form_is_nobodys() {
        let mut request = Request::builder()
            .method(Method::POST)
            .header(COOKIE, "hiec_session=of-somebody")
            .header(AUTHORIZATION, "Bearer hiec_of-somebody")
            .body(axum::body::Body::empty())
            .unwrap();
        make_nobodys(&mut request);
        assert!(request.headers().is_empty());
        let who = request.extensions().get::<Who>().unwrap();
        assert!(!who.is_signed_in(), "whoever asked before the guard looked");
    }
}
