//! Coming in: a session is begun, its beginning stands in the trail, the cookie goes on the answer; how the person proved who they are was judged before.

use axum::response::IntoResponse;
use hiec_access::sessions;
use hiec_kernel::{PersonId, Problem};
use hiec_store::{AuditEvent, Stream, Unit};
use hiec_web::who::session_cookie;
use hiec_web::{AppState, Client, Done, Reply};
use http::HeaderValue;
use http::header::SET_COOKIE;
use serde::Serialize;

/// Somebody signed in.
#[derive(Serialize)]
struct SignedIn {
    method: &'static str,
}

impl AuditEvent for SignedIn {
    const KIND: &'static str = "person.signed_in";
}

/// How somebody proved who they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Method {
    Password,
    Passkey,
    /// The organisation's sign-in service.
    Oidc,
    /// A letter to their address.
    Link,
}

impl Method {
    /// The stored spelling.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Oidc => "oidc",
            Self::Link => "link",
        }
    }
}

/// What the list of sessions says of a method.
pub(crate) fn method_words(key: &str) -> &str {
    match key {
        "password" => "with a password",
        "passkey" => "with a passkey",
        "oidc" => "by the organisation's sign-in",
        "link" => "by a link in a letter",
        "demo" => "as the demonstration's guest",
        other => other,
    }
}

/// A session begun, to be given to the browser once the unit is committed.
pub(crate) struct Begun {
    cookie: String,
}

impl Begun {
    /// The answer with the session's cookie.
    pub(crate) fn going_on(&self, done: Done) -> Reply {
        with_cookie(done, &self.cookie)
    }
}

/// Begins a session for a person.
pub(crate) async fn begin(
    unit: &mut Unit,
    app: &AppState,
    person: PersonId,
    method: Method,
    client: &Client,
) -> Result<Begun, Problem> {
    let token = sessions::start_on(unit, person, method.key(), &client.device()).await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &SignedIn { method: method.key() })?;
    Ok(Begun { cookie: session_cookie(app, &token) })
}

/// An answer that sets a cookie too.
pub(crate) fn with_cookie(reply: impl Into<Reply>, cookie: &str) -> Reply {
    let mut response = reply.into().into_response();
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    Reply::Raw(response)
}

/// Only paths of this site: an address elsewhere would make our sign-in page a trap.
pub(crate) fn safe_next(next: &str) -> &str {
    let is_path =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.contains(char::is_control);
    if is_path { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_stays_on_this_site() {
        assert_eq!(safe_next("/bids/1?x=y"), "/bids/1?x=y");
        for bad in
            ["https://evil.example", "//evil.example", "/\\evil.example", "", "javascript:alert(1)", "/\t/evil.example"]
        {
            assert_eq!(safe_next(bad), "/", "{bad}");
        }
    }
}
