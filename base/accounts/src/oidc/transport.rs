//! How the sign-in service is asked: over TLS, without following where an answer points, with an end to the waiting and to the length of an answer. It reads nothing of what is said.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use openidconnect::AsyncHttpClient;

/// How long one question may take.
const LONGEST: Duration = Duration::from_secs(10);
/// The longest answer read.
const LARGEST: usize = 512 << 10;

/// Why there was no answer, for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(pub String);

/// An answer on its way.
pub type Asked = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, TransportError>> + Send>>;

/// Asks the service; over the network, or in a test whatever stands in for it.
#[derive(Clone)]
pub struct Transport(Arc<dyn Fn(Request<Vec<u8>>) -> Asked + Send + Sync>);

impl Transport {
    /// Whatever answers requests.
    pub fn of(answer: impl Fn(Request<Vec<u8>>) -> Asked + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }
}

impl<'c> AsyncHttpClient<'c> for Transport {
    type Error = TransportError;
    type Future = Asked;

    fn call(&'c self, request: Request<Vec<u8>>) -> Asked {
        (self.0)(request)
    }
}

/// The network.
pub(super) fn network() -> Result<Transport, TransportError> {
    // Refused only when the program chose a provider already, and then that one serves as well.
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(LONGEST / 2)
        .timeout(LONGEST)
        .build()
        .map_err(|error| failed(&error))?;
    Ok(Transport::of(move |request| Box::pin(ask(client.clone(), request))))
}

async fn ask(client: reqwest::Client, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
    let request = reqwest::Request::try_from(request).map_err(|error| failed(&error))?;
    let mut answer = client.execute(request).await.map_err(|error| failed(&error))?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + part.len() > LARGEST {
            return Err(TransportError(format!("the answer is longer than {LARGEST} bytes")));
        }
        body.extend_from_slice(&part);
    }
    let mut response = Response::new(body);
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    Ok(response)
}

/// The error with its causes: the outermost alone says little.
fn failed(error: &dyn std::error::Error) -> TransportError {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    TransportError(words)
}
