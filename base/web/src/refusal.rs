//! A problem on its way to the person: status, page or problem+json; the cause goes to the log and never to the page.

use axum::response::{IntoResponse, Response};
use hiec_kernel::{Problem, ProblemKind};
use http::StatusCode;
use rand::Rng;

/// The error of every handler. Anything that can become a [`Problem`] becomes one with `?`.
#[derive(Debug)]
pub struct Refusal(pub Problem);

impl<E: Into<Problem>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// What the layout needs to show a problem: put beside the response, rendered once the reader's wishes are known.
#[derive(Clone, Debug)]
pub struct Shown {
    pub problem: Problem,
    /// What the person can quote and the operator can find.
    pub reference: String,
}

pub fn status(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::NotFound => StatusCode::NOT_FOUND,
        ProblemKind::SignIn => StatusCode::UNAUTHORIZED,
        ProblemKind::Forbidden => StatusCode::FORBIDDEN,
        ProblemKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemKind::Conflict => StatusCode::CONFLICT,
        ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let reference = reference();
        match self.0.kind {
            ProblemKind::Internal | ProblemKind::Unavailable => {
                tracing::error!(reference, detail = self.0.detail.as_deref(), "request failed");
            }
            _ => tracing::debug!(reference, title = self.0.title, detail = self.0.detail.as_deref(), "refused"),
        }
        let mut response = status(self.0.kind).into_response();
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert(http::header::RETRY_AFTER, http::HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Shown { problem: self.0, reference });
        response
    }
}

/// Eight letters a person can read over the telephone.
fn reference() -> String {
    const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
    let mut rng = rand::rng();
    (0..8).map(|_| char::from(LETTERS.get(rng.random_range(0..LETTERS.len())).copied().unwrap_or(b'X'))).collect()
}
