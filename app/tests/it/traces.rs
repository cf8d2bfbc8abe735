//! Traces as an OpenTelemetry collector gets them: each request by its route's template, its statements below it, and nobody in it. The collector is ours, on this machine.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use hiec::traces::Traces;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_testkit::for_each_database;
use http::HeaderMap;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tracing_subscriber::layer::SubscriberExt;

use crate::product::Product;

#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Bytes>>>);

impl Collector {
    /// Listens, and answers where.
    async fn start(&self) -> String {
        let got = self.0.clone();
        let take = move |headers: HeaderMap, body: Bytes| async move {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            got.lock().expect("not poisoned").push(body);
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/v1/traces", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/")
    }

    fn spans(&self) -> Vec<Span> {
        let got = self.0.lock().expect("not poisoned");
        got.iter()
            .map(|body| ExportTraceServiceRequest::decode(body.as_ref()).expect("OTLP"))
            .flat_map(|request| request.resource_spans)
            .flat_map(|resource| resource.scope_spans)
            .flat_map(|scope| scope.spans)
            .collect()
    }
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|one| one.key == key)?.value.clone()?.value?;
    Some(match found {
        Value::StringValue(text) => text,
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}

#[tokio::test]
async fn requests_are_traced_by_their_route_and_nobody_is_in_it() {
    for_each_database(|url| async move {
        let collector = Collector::default();
        let traces = Traces::to(&collector.start().await.parse().expect("an address")).expect("an exporter");
        let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(traces.layer()));
        let clock = FixedClock::at(from_london("2009-06-15 10:00").expect("a time"));
        let product = Product::start(&url, clock).await;
        let admin = product.administrator().await;
        let mut browser = product.browser_of(admin.id).await;
        browser.get(&format!("/people/{}?find=Zebedee", admin.id)).await.expect_status(200);
        browser.get("/people/zebedee").await.expect_status(404);
        product.browser().post("/sign-in", &[("email", "zebedee@example.org"), ("password", "Zebedee's")]).await;
        drop(listening);
        traces.stop().await;

        let spans = collector.spans();
        let named = |name: &str| spans.iter().filter(|span| span.name == name).collect::<Vec<_>>();
        let mut pages = named("GET /people/{person}");
        let status = |span: &Span| attribute(span, "http.response.status_code").unwrap_or_default();
        // A span ends when the last who worked for it lets go, so they come in any order.
        pages.sort_by_key(|span| status(span));
        assert_eq!(pages.iter().map(|span| status(span)).collect::<Vec<_>>(), ["200", "404"]);
        assert_eq!(attribute(pages[0], "http.route").as_deref(), Some("/people/{person}"));
        assert!(attribute(pages[0], "hiec.request.id").is_some_and(|id| id.len() == 16));
        assert!(pages[0].parent_span_id.is_empty());
        let below: Vec<_> = spans.iter().filter(|span| span.parent_span_id == pages[0].span_id).collect();
        let system = if url.starts_with("postgres") { "postgresql" } else { "sqlite" };
        assert!(below.len() >= 3, "{} statements", below.len());
        for span in &below {
            assert_eq!(attribute(span, "db.system.name").as_deref(), Some(system));
        }
        let texts: Vec<_> = below.iter().filter_map(|span| attribute(span, "db.query.text")).collect();
        assert!(texts.iter().any(|text| text.contains("FROM base_person WHERE id = $1")), "{texts:?}");
        assert_eq!(named("POST /sign-in").len(), 1);

        let session = browser.cookie("hiec_session").expect("signed in").to_owned();
        let all = format!("{spans:?}").to_lowercase();
        for personal in [
            "zebedee",
            "ada administrator",
            "ada.administrator",
            "example.org",
            &admin.id.to_string(),
            &session.to_lowercase(),
        ] {
            assert!(!all.contains(personal), "{personal} in a trace");
        }
        assert!(spans.iter().all(|span| span.events.is_empty()), "a line of the log in a trace");
    })
    .await;
}

#[tokio::test]
async fn a_collector_that_does_not_answer_stops_nobody() {
    let traces = Traces::to(&"http://127.0.0.1:9/".parse().expect("an address")).expect("an exporter");
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(traces.layer()));
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let clock = FixedClock::at(from_london("2009-06-15 10:00").expect("a time"));
    let product = Product::start(&url, clock).await;
    product.browser().get("/").await.expect_status(200);
    drop(listening);
    let begun = std::time::Instant::now();
    traces.stop().await;
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "the end waited for the collector");
}
