//! The door of those who report what was learnt, each with its own secret (HTTP Basic), and what it says of itself, of people and of activities.
//!
//! It follows xAPI 1.0.3, part 3: statements with their filters and attachments, the three document resources, `about`, `agents` and
//! `activities`. A provider finds what it sent itself and nothing of another.

pub(crate) mod attachments;
pub(crate) mod document_store;
pub(crate) mod documents;
mod format;
mod mixed;
mod preconditions;
pub(crate) mod statements;
pub(crate) mod store;

use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hiec_access::limits::Counted;
use hiec_access::policy::Target;
use hiec_kernel::Problem;
use hiec_web::client::Client;
use hiec_web::refusal::Refusal;
use hiec_web::{AppState, Loaded, Loading, Resource};
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::statement;
use store::Provider;

const VERSION: HeaderName = HeaderName::from_static("x-experience-api-version");

/// The door of providers: what they may is in the request's own secret.
pub(crate) struct Statements;

impl Resource for Statements {
    const KIND: &'static str = "xapi";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("xapi", Uuid::nil()))))
    }
}

/// A request of a provider that said who it is and which version it speaks.
pub(crate) struct Asking {
    provider: Provider,
}

impl FromRequestParts<AppState> for Asking {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let version = parts.headers.get(&VERSION).and_then(|value| value.to_str().ok());
        if !statement::is_version(version) {
            return Err(refused(
                StatusCode::BAD_REQUEST,
                "Send the header X-Experience-API-Version: 1.0.3. Any 1.0.x is understood",
            ));
        }
        let client = Client::of(parts, state).key();
        let wait = client.as_ref().and_then(|client| state.limits().wait(Counted::WrongToken, client, state.now()));
        if let Some(wait) = wait {
            return Err(
                Refusal(Problem::too_many("Too many secrets were sent that open nothing", wait)).into_response()
            );
        }
        let found = match credentials(&parts.headers) {
            Some((key, secret)) => store::provider(&state.database(), key, &secret).await,
            None => Ok(None),
        };
        match found {
            Ok(Some(provider)) => Ok(Self { provider }),
            Ok(None) => {
                if let Some(client) = client {
                    state.limits().note(Counted::WrongToken, &client, state.now());
                }
                let mut response = refused(
                    StatusCode::UNAUTHORIZED,
                    "Send the key and the secret of a provider as HTTP Basic authentication",
                );
                response.headers_mut().insert("www-authenticate", HeaderValue::from_static("Basic realm=\"xAPI\""));
                Err(response)
            }
            Err(error) => Err(Refusal(Problem::from(error)).into_response()),
        }
    }
}

/// Key and secret of HTTP Basic authentication.
fn credentials(headers: &HeaderMap) -> Option<(Uuid, String)> {
    let sent = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let plain = String::from_utf8(STANDARD.decode(sent.trim()).ok()?).ok()?;
    let (key, secret) = plain.split_once(':')?;
    Some((Uuid::parse_str(key).ok()?, secret.to_owned()))
}

/// An answer in JSON with the version; a reason where something was wrong.
fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = (status, axum::Json(body.clone())).into_response();
    response.headers_mut().insert(VERSION, HeaderValue::from_static("1.0.3"));
    response
}

fn refused(status: StatusCode, why: &str) -> Response {
    answer(status, &json!({ "error": why }))
}

/// Puts the version on any answer.
fn versioned(response: impl IntoResponse) -> Response {
    let mut response = response.into_response();
    response.headers_mut().insert(VERSION, HeaderValue::from_static("1.0.3"));
    response
}

fn wrong(why: &str) -> Response {
    refused(StatusCode::BAD_REQUEST, why)
}

/// Which versions are spoken; for anybody.
pub async fn about(_: Loaded<Statements>) -> Response {
    answer(StatusCode::OK, &json!({ "version": ["1.0.3"] }))
}

/// An agent as a query names it, and the spelling it is kept by.
fn asked_agent(text: Option<&str>) -> Result<(Value, String), String> {
    let text = text.ok_or("Name the agent by ?agent= and its JSON")?;
    let value: Value = serde_json::from_str(text).map_err(|_| "agent is no JSON".to_owned())?;
    let key = statement::agent_key(&value)?;
    if key == "group" {
        return Err("agent is a group that says only who is in it: name somebody".to_owned());
    }
    Ok((value, key))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Named {
    agent: Option<String>,
    #[serde(rename = "activityId")]
    activity: Option<String>,
}

/// What is known of somebody: what was asked, for nobody's spellings are put together here.
pub async fn agents(_: Loaded<Statements>, _: Asking, Query(named): Query<Named>) -> Response {
    match asked_agent(named.agent.as_deref()).and_then(|(value, _)| statement::person(&value)) {
        Ok(person) => answer(StatusCode::OK, &person),
        Err(why) => wrong(&why),
    }
}

/// What this provider said last of an activity.
pub async fn activities(
    door: Loaded<Statements>,
    asking: Asking,
    Query(named): Query<Named>,
) -> Result<Response, Refusal> {
    let Some(id) = named.activity else {
        return Ok(wrong("Name the activity by ?activityId="));
    };
    if let Err(why) = statement::activity_id(&id) {
        return Ok(wrong(&why));
    }
    let said = store::definition(&door.database(), asking.provider.id, &id).await.map_err(Problem::from)?;
    let mut activity = json!({ "objectType": "Activity", "id": id });
    if let (Value::Object(fields), Some(definition)) = (&mut activity, said) {
        fields.insert("definition".to_owned(), definition);
    }
    Ok(answer(StatusCode::OK, &activity))
}
