//! Traces for an operator's collector (OpenTelemetry, OTLP over HTTP with protobuf): each request by its route's template, each statement by its text without values. Nothing of it holds a person, an id or an address, and without the setting nothing of it runs.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

/// The target of the spans that are sent; no other span and no event is.
const TARGET: &str = hiec_store::query::TRACES;

/// How long the collector may take for one batch.
const LONGEST: Duration = Duration::from_secs(5);

/// Traces on their way to a collector.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Sends to the collector at this address; `/v1/traces` is put behind it. To be called within the runtime that sends.
    pub fn to(collector: &Url) -> Result<Self, String> {
        // Refused only when the program chose a provider already, and then that one serves as well.
        let _already_chosen = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(LONGEST)
            .build()
            .map_err(|error| format!("no connection to the collector of traces can be made: {error}"))?;
        let address = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender { runtime: Handle::current(), client })
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(address)
            .with_timeout(LONGEST)
            .build()
            .map_err(|error| format!("the setting otlp_endpoint cannot be used: {error}"))?;
        let resource = Resource::builder()
            .with_service_name("hiec")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Self { provider })
    }

    /// What hands the spans on, beside whatever writes the log.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        let tracer: SdkTracer = self.provider.tracer("hiec");
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_level(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(
                filter_fn(|metadata| metadata.is_span() && metadata.target() == TARGET)
                    .with_max_level_hint(LevelFilter::DEBUG),
            )
    }

    /// Sends what is left, and ends.
    pub async fn stop(self) {
        let ended = tokio::task::spawn_blocking(move || self.provider.shutdown()).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::warn!("some traces did not reach the collector");
        }
    }
}

/// Sends from the thread of the exporter by the program's runtime, which alone can.
#[derive(Debug)]
struct Sender {
    runtime: Handle,
    client: reqwest::Client,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(request.try_into()?).await?;
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await?;
            Ok::<_, reqwest::Error>(response)
        });
        Ok(sent.await??)
    }
}
