//! Who sent the request: the cookie's or the bearer token's subject, found once per request; it never decides what they may do.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use hiec_access::limits::Counted;
use hiec_access::policy::Target;
use hiec_access::subject::Held;
use hiec_access::{Engine, Subject, sessions, tokens};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{PersonId, Problem, Role};
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Parts;
use std::ops::Deref;

use crate::client::Client;
use crate::refusal::Refusal;
use crate::state::AppState;

/// The subject of the request. `Who` is anybody; `Option<Who>` is never empty and only for symmetry.
#[derive(Clone, Debug)]
pub struct Who(pub Subject);

impl Who {
    /// The signed-in person, or a problem that leads to the sign-in page.
    pub fn person(&self) -> Result<&Person, Problem> {
        self.0.person.as_ref().ok_or_else(Problem::sign_in)
    }

    pub fn actor(&self) -> Result<Actor, Problem> {
        self.0.actor()
    }
}

impl Deref for Who {
    type Target = Subject;

    fn deref(&self) -> &Subject {
        &self.0
    }
}

impl FromRequestParts<AppState> for Who {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        if let Some(known) = parts.extensions.get::<Who>() {
            return Ok(known.clone());
        }
        let subject = if let Some(token) = bearer(parts) {
            by_token(parts, state, token).await?
        } else if let Some(token) = session_token(parts, state) {
            sessions::subject(&state.database(), state.clock().as_ref(), &token).await?
        } else {
            Subject::anonymous()
        };
        let who = Who(subject);
        parts.extensions.insert(who.clone());
        Ok(who)
    }
}

/// The subject of a program's token. Whoever sends too many that open nothing waits, also with one that would.
async fn by_token(parts: &Parts, state: &AppState, token: &str) -> Result<Subject, Problem> {
    let client = Client::of(parts, state).key();
    if let Some(wait) = client.as_ref().and_then(|client| state.limits().wait(Counted::WrongToken, client, state.now()))
    {
        return Err(Problem::too_many("Too many tokens were sent that open nothing", wait));
    }
    let subject = tokens::subject(&state.database(), state.clock().as_ref(), token).await?;
    if subject.is_signed_in() {
        return Ok(subject);
    }
    if let Some(client) = client {
        state.limits().note(Counted::WrongToken, &client, state.now());
    }
    Err(Problem::sign_in().with_detail("unknown bearer token"))
}

impl OptionalFromRequestParts<AppState> for Who {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, Refusal> {
        <Who as FromRequestParts<AppState>>::from_request_parts(parts, state).await.map(Some)
    }
}

/// How bearer tokens begin that a door gave out and reads itself, such as those of another organisation's program. Nobody is signed in by one.
pub const DOOR_TOKEN: &str = "door_";

fn bearer(parts: &Parts) -> Option<&str> {
    let token = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?.trim();
    (!token.starts_with(DOOR_TOKEN)).then_some(token)
}

/// The session cookie's name. Over https it carries the `__Host-` prefix, which ties it to this host and to TLS.
pub fn cookie_name(state: &AppState) -> &'static str {
    if state.site().is_secure() { "__Host-hiec" } else { "hiec_session" }
}

/// The session token the browser sent, if any.
pub fn session_token(parts: &Parts, state: &AppState) -> Option<String> {
    cookie(&parts.headers, cookie_name(state))
}

/// A cookie's value.
pub fn cookie(headers: &http::HeaderMap, name: &str) -> Option<String> {
    headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok()).find_map(|header| {
        header.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then(|| value.to_owned())
        })
    })
}

/// The `Set-Cookie` for a new session, or for none (`token` empty).
pub fn session_cookie(state: &AppState, token: &str) -> String {
    let secure = if state.site().is_secure() { "; Secure" } else { "" };
    let age = if token.is_empty() { "; Max-Age=0" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", cookie_name(state))
}

/// Which roles alone would allow the action on the sample target; `everyone` when nobody needs to be signed in, `signed in` when any account will do.
pub fn roles_allowed(engine: &Engine, action: &str, target: &Target) -> Vec<String> {
    if engine.decide(&Subject::anonymous(), action, target).allowed {
        return vec!["everyone".into()];
    }
    if engine.decide(&sample_person(vec![]), action, target).allowed {
        return vec!["signed in".into()];
    }
    Role::ALL
        .iter()
        .filter(|role| {
            target.scopes.iter().chain([&hiec_kernel::Scope::Installation]).any(|scope| {
                let fits = **role == Role::Administrator || *scope != hiec_kernel::Scope::Installation;
                let held = vec![Held { role: **role, scope: *scope, within: target.within }];
                fits && engine.decide(&sample_person(held), action, target).allowed
            })
        })
        .map(|role| role.key().to_owned())
        .collect()
}

fn sample_person(held: Vec<Held>) -> Subject {
    let person = Person {
        id: PersonId(uuid::Uuid::nil()),
        name: "Sample Person".into(),
        email: "sample@example.org".into(),
        employer: None,
        is_illustrative: true,
    };
    Subject { person: Some(person), held, token_scopes: None }
}
