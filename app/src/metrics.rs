//! What the program measures of itself, in Prometheus' text format: requests by route template, jobs and mail waiting. It never names a person or an id.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hiec_store::{Database, StoreError, jobs, mail};
use hiec_web::AppState;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use rand::Rng;
use tracing::Instrument;

/// Upper ends of the latency buckets, seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Counters of one process, from its start.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<(String, String), Series>>,
}

#[derive(Debug, Default)]
struct Series {
    by_status: BTreeMap<u16, u64>,
    /// How many took at most as long as each bucket says.
    buckets: [u64; BUCKETS.len()],
    seconds: f64,
}

/// Who may read `/metrics` on the main port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MetricsDoor {
    Closed,
    /// Whoever sends this bearer token.
    Token(String),
    /// Everybody: the demonstration, which listens on this machine alone.
    Open,
}

impl Metrics {
    fn record(&self, method: &str, route: &str, status: StatusCode, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let series = requests.entry((method.to_owned(), route.to_owned())).or_default();
        *series.by_status.entry(status.as_u16()).or_default() += 1;
        let seconds = took.as_secs_f64();
        series.seconds += seconds;
        for (count, end) in series.buckets.iter_mut().zip(BUCKETS) {
            if seconds <= end {
                *count += 1;
            }
        }
    }

    /// The whole page.
    pub async fn page(&self, database: &Database, now: hiec_kernel::Timestamp) -> Result<String, StoreError> {
        let mut page = String::new();
        let gauges = [
            ("hiec_jobs_waiting", "Jobs not done yet.", jobs::waiting(database).await?),
            (
                "hiec_jobs_given_up",
                "Jobs that failed too often: a person must look at them.",
                jobs::given_up(database).await?,
            ),
            ("hiec_mail_waiting", "Letters not sent yet.", mail::waiting(database).await?),
            ("hiec_mail_due", "Letters whose next attempt is due.", mail::due_count(database, now).await?),
        ];
        for (name, help, value) in gauges {
            let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
        let version = env!("CARGO_PKG_VERSION");
        let _ = writeln!(
            page,
            "# HELP hiec_build_info The running version.\n# TYPE hiec_build_info gauge\nhiec_build_info{{version=\"{version}\"}} 1"
        );
        self.write_requests(&mut page);
        Ok(page)
    }

    fn write_requests(&self, page: &mut String) {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let total = "hiec_http_requests_total";
        let _ = writeln!(page, "# HELP {total} Requests answered.\n# TYPE {total} counter");
        for ((method, route), series) in requests.iter() {
            for (status, count) in &series.by_status {
                let _ = writeln!(page, "{total}{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}");
            }
        }
        let took = "hiec_http_request_duration_seconds";
        let _ = writeln!(page, "# HELP {took} Time to the answer.\n# TYPE {took} histogram");
        for ((method, route), series) in requests.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            let count: u64 = series.by_status.values().sum();
            for (end, at_most) in BUCKETS.iter().zip(series.buckets) {
                let _ = writeln!(page, "{took}_bucket{{{labels},le=\"{end}\"}} {at_most}");
            }
            let _ = writeln!(page, "{took}_bucket{{{labels},le=\"+Inf\"}} {count}");
            let _ = writeln!(page, "{took}_sum{{{labels}}} {}", series.seconds);
            let _ = writeln!(page, "{took}_count{{{labels}}} {count}");
        }
    }
}

/// Measures and logs every request by its route's template, and gives it an id. Addresses, queries and people stay out of the log.
pub async fn observe(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let id = request_id(&request);
    let span = tracing::info_span!("request", id, method, route);
    // For the collector of traces, where there is one; the names are OpenTelemetry's (semantic conventions for HTTP).
    let trace = tracing::debug_span!(
        target: hiec_store::query::TRACES,
        parent: None,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        hiec.request.id = id,
    );
    let mut response = next.run(request).instrument(span.clone()).instrument(trace.clone()).await;
    let took = start.elapsed();
    trace.record("http.response.status_code", response.status().as_u16());
    if response.status().is_server_error() {
        trace.record("otel.status_code", "ERROR");
    }
    drop(trace);
    if let Some(metrics) = state.optional::<Arc<Metrics>>() {
        metrics.record(&method, &route, response.status(), took);
    }
    span.in_scope(|| {
        tracing::info!(
            status = response.status().as_u16(),
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "answered"
        );
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// The proxy's id where it sent a plain one, else a new one.
fn request_id(request: &Request) -> String {
    let sent = request.headers().get("x-request-id").and_then(|value| value.to_str().ok());
    let is_plain =
        |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    sent.filter(is_plain).map_or_else(|| format!("{:016x}", rand::rng().random::<u64>()), str::to_owned)
}

/// `GET /metrics` on the main port: 404 unless this installation opens it there.
pub async fn get(State(state): State<AppState>, request: Request) -> Response {
    let sent = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    match (state.optional::<MetricsDoor>(), sent) {
        (Some(MetricsDoor::Open), _) => {}
        (Some(MetricsDoor::Token(token)), Some(sent)) if is_same(token, sent) => {}
        (Some(MetricsDoor::Token(_)), _) => return StatusCode::UNAUTHORIZED.into_response(),
        (Some(MetricsDoor::Closed) | None, _) => return StatusCode::NOT_FOUND.into_response(),
    }
    shown(&state).await
}

/// The page itself, for a port of its own.
pub async fn shown(state: &AppState) -> Response {
    let Some(metrics) = state.optional::<Arc<Metrics>>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match metrics.page(&state.database(), state.now()).await {
        Ok(page) => {
            let mut response = page.into_response();
            let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            response
        }
        Err(error) => {
            tracing::error!(%error, "the figures cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Compares digests, so that the time taken says nothing about the token.
fn is_same(token: &str, sent: &str) -> bool {
    hiec_access::sessions::hashed(token) == hiec_access::sessions::hashed(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative() {
        let metrics = Metrics::default();
        for millis in [1, 7, 7, 600] {
            metrics.record("GET", "/bids/{bid}", StatusCode::OK, Duration::from_millis(millis));
        }
        metrics.record("GET", "/bids/{bid}", StatusCode::NOT_FOUND, Duration::from_secs(9));
        let mut page = String::new();
        metrics.write_requests(&mut page);
        for line in [
            r#"hiec_http_requests_total{method="GET",route="/bids/{bid}",status="200"} 4"#,
            r#"hiec_http_requests_total{method="GET",route="/bids/{bid}",status="404"} 1"#,
            r#"hiec_http_request_duration_seconds_bucket{method="GET",route="/bids/{bid}",le="0.005"} 1"#,
            r#"hiec_http_request_duration_seconds_bucket{method="GET",route="/bids/{bid}",le="0.01"} 3"#,
            r#"hiec_http_request_duration_seconds_bucket{method="GET",route="/bids/{bid}",le="+Inf"} 5"#,
            r#"hiec_http_request_duration_seconds_count{method="GET",route="/bids/{bid}"} 5"#,
        ] {
            assert!(page.lines().any(|one| one == line), "{line} is missing in\n{page}");
        }
    }
}
