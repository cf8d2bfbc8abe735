//! `/sign-in`: by password; the same answer and the same time whether or not the address is known.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use axum::extract::Query;
use axum::response::IntoResponse;
use chrono::Duration;
use hiec_access::{passwords, people, sessions};
use hiec_kernel::people::Actor;
use hiec_kernel::{Problem, ProblemKind, Timestamp};
use hiec_store::{AuditEvent, Stream};
use http::HeaderValue;
use http::header::SET_COOKIE;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Everyone;
use crate::components::{Button, ErrorItem, ErrorSummary, Input as TextInput};
use crate::fields::{Errors, Input};
use crate::loaded::Loaded;
use crate::page::{Answer, Done, Page, Reply};
use crate::who::session_cookie;

#[derive(Serialize)]
struct SignedIn {
    method: &'static str,
}

impl AuditEvent for SignedIn {
    const KIND: &'static str = "person.signed_in";
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    /// Where to go afterwards: a path on this site.
    #[serde(default)]
    next: String,
}

pub async fn get(_door: Loaded<Everyone>, Query(next): Query<Next>) -> Answer {
    Ok(page(&Form { next: next.next, ..Form::default() }, &Errors::none()).into())
}

pub async fn post(door: Loaded<Everyone>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let email = errors.text("email", "your e-mail address", &form.email, 254);
    if form.password.is_empty() {
        errors.add("password", "Enter your password");
    }
    let Some(email) = email.filter(|_| errors.is_empty()) else {
        return Ok(page(&form, &errors).invalid().into());
    };
    if !may_try(&email, door.now()) {
        return Err(Problem::new(
            ProblemKind::TooMany,
            "Too many attempts for this address",
            "Wait ten minutes, or ask for a new password.",
        )
        .into());
    }
    let known = people::credentials(&door.database(), &email).await?;
    let hash = known.as_ref().and_then(|(_, hash)| hash.clone());
    if !passwords::verify(form.password.clone(), hash).await {
        note_failure(&email, door.now());
        errors.add("email", "The address or the password is not right. Check both and try again");
        return Ok(page(&form, &errors).invalid().into());
    }
    let Some((person, _)) = known else {
        return Err(Problem::not_found().into());
    };
    let mut unit = door.app.begin(Actor::Person(person.id)).await?;
    let token = sessions::start(&unit, person.id, "password").await?;
    unit.audit(Stream::installation(), format!("person:{}", person.id), &SignedIn { method: "password" })?;
    unit.commit().await?;
    Ok(going_on(Done::to(safe_next(&form.next)), &session_cookie(&door.app, &token)))
}

pub async fn sign_out(door: Loaded<Everyone>, request: axum::extract::Request) -> Answer {
    let (parts, _) = request.into_parts();
    if let (Some(token), Ok(actor)) = (crate::who::session_token(&parts, &door.app), door.subject.actor()) {
        let unit = door.app.begin(actor).await?;
        sessions::end(&unit, &token).await?;
        unit.commit().await?;
    }
    Ok(going_on(Done::to("/").saying("You are signed out."), &session_cookie(&door.app, "")))
}

/// A redirect that sets the session cookie.
pub(crate) fn going_on(done: Done, cookie: &str) -> Reply {
    let mut response = Reply::from(done).into_response();
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    Reply::Raw(response)
}

/// Only paths of this site: an address elsewhere would make our sign-in page a trap.
pub(crate) fn safe_next(next: &str) -> String {
    let is_path =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.contains(char::is_control);
    if is_path { next.to_owned() } else { "/".to_owned() }
}

/// Failures by address in the last ten minutes. Kept in memory: a restart forgives.
static FAILURES: LazyLock<Mutex<HashMap<String, Vec<Timestamp>>>> = LazyLock::new(Mutex::default);

const MOST_FAILURES: usize = 10;

fn may_try(email: &str, now: Timestamp) -> bool {
    let Ok(mut failures) = FAILURES.lock() else {
        return false;
    };
    failures.retain(|_, times| {
        times.retain(|at| now - *at < Duration::minutes(10));
        !times.is_empty()
    });
    failures.get(&people::address(email)).is_none_or(|times| times.len() < MOST_FAILURES)
}

fn note_failure(email: &str, now: Timestamp) {
    if let Ok(mut failures) = FAILURES.lock() {
        failures.entry(people::address(email)).or_default().push(now);
    }
}

fn page(form: &Form, errors: &Errors) -> Page {
    Page::new("Sign in", view(form, errors))
}

fn view(form: &Form, errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| ErrorItem::for_field(&error.field, error.message.as_str()))))
        }
        h1 { "Sign in" }
        form method="post" action="/sign-in" novalidate {
            input type="hidden" name="next" value=(form.next);
            (TextInput::new("email", "E-mail address")
                .kind("email")
                .autocomplete("username")
                .value(form.email.as_str())
                .error_message(errors.of("email").unwrap_or_default()))
            (TextInput::new("password", "Password")
                .kind("password")
                .autocomplete("current-password")
                .error_message(errors.of("password").unwrap_or_default()))
            (Button::new("Sign in"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_stays_on_this_site() {
        assert_eq!(safe_next("/bids/1?x=y"), "/bids/1?x=y");
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "", "javascript:alert(1)"] {
            assert_eq!(safe_next(bad), "/", "{bad}");
        }
    }

    #[test]
    fn ten_failures_close_the_door_for_ten_minutes() {
        let start = Timestamp::UNIX_EPOCH;
        for _ in 0..MOST_FAILURES {
            assert!(may_try("knocker@example.org", start));
            note_failure("Knocker@example.org", start);
        }
        assert!(!may_try("knocker@example.org", start + Duration::minutes(9)));
        assert!(may_try("knocker@example.org", start + Duration::minutes(11)));
    }
}
