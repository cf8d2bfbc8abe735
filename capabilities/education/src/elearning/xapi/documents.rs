//! `/xapi/activities/state`, `/xapi/activities/profile`, `/xapi/agents/profile`: what packaged content keeps for itself, with its rules
//! against overwriting what one has not seen. It never reads a document's meaning.

use axum::body::Bytes;
use axum::extract::Query;
use axum::response::Response;
use chrono::DateTime;
use hiec_kernel::people::Actor;
use hiec_kernel::{Problem, Timestamp};
use hiec_web::Loaded;
use hiec_web::refusal::Refusal;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderValue, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::document_store::{self, Document, Kind, Shelf};
use super::preconditions::{self, Stale};
use super::{Asking, Statements, answer, asked_agent, refused, versioned, wrong};
use crate::elearning::statement;

/// The longest name of a document.
const LONGEST: usize = 500;

/// What names documents; what does not belong to a resource is refused rather than ignored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    #[serde(rename = "activityId")]
    activity: Option<String>,
    agent: Option<String>,
    registration: Option<String>,
    #[serde(rename = "stateId")]
    state: Option<String>,
    #[serde(rename = "profileId")]
    profile: Option<String>,
    since: Option<String>,
}

type Asked = Result<Query<Wanted>, axum::extract::rejection::QueryRejection>;

/// The shelf, and the name of one of its documents where one is named.
struct Place {
    shelf: Shelf,
    name: Option<String>,
    since: Option<Timestamp>,
}

fn place(kind: Kind, provider: Uuid, asked: Asked) -> Result<Place, String> {
    let Query(wanted) = asked.map_err(|_| {
        "Documents are named by activityId, agent, registration and stateId, or by profileId, and listed since a moment".to_owned()
    })?;
    let is_of = |has: bool, name: &str, given: &Option<String>| match (has, given) {
        (false, Some(_)) => Err(format!("{name} does not belong to this resource")),
        _ => Ok(()),
    };
    is_of(kind != Kind::AgentProfile, "activityId", &wanted.activity)?;
    is_of(kind != Kind::ActivityProfile, "agent", &wanted.agent)?;
    is_of(kind == Kind::State, "registration", &wanted.registration)?;
    is_of(kind == Kind::State, "stateId", &wanted.state)?;
    is_of(kind != Kind::State, "profileId", &wanted.profile)?;
    let activity = match kind {
        Kind::AgentProfile => String::new(),
        _ => statement::activity_id(wanted.activity.as_deref().ok_or("Name the activity by ?activityId=")?)?,
    };
    let agent = match kind {
        Kind::ActivityProfile => String::new(),
        _ => asked_agent(wanted.agent.as_deref())?.1,
    };
    let registration = match wanted.registration.as_deref() {
        Some(text) => Some(Uuid::parse_str(text).map_err(|_| "registration is no UUID".to_owned())?.to_string()),
        None => None,
    };
    let name = wanted.state.or(wanted.profile);
    if name.as_ref().is_some_and(|name| name.is_empty() || name.len() > LONGEST || name.contains('\0')) {
        return Err(format!("The document's name is empty or longer than {LONGEST} bytes"));
    }
    let since = match wanted.since.as_deref().map(DateTime::parse_from_rfc3339) {
        Some(Ok(since)) => Some(Timestamp::from(since)),
        Some(Err(_)) => return Err("since is no moment such as 2010-10-04T09:30:00Z".to_owned()),
        None => None,
    };
    Ok(Place { shelf: Shelf { provider, kind, activity, agent, registration }, name, since })
}

impl Place {
    /// For one document: without a registration, the one that has none.
    fn one(self) -> Option<(Shelf, String)> {
        Some((self.shelf, self.name?))
    }
}

fn nameless() -> Response {
    wrong("Name the document by ?stateId= or ?profileId=")
}

fn stale(stale: Stale) -> Response {
    match stale {
        Stale::Failed => refused(
            StatusCode::PRECONDITION_FAILED,
            "The document is another than If-Match or If-None-Match says. Nothing was changed",
        ),
        Stale::Unseen => refused(
            StatusCode::CONFLICT,
            "The document is there already. Get it first, and send its ETag as If-Match with the change. Nothing was changed",
        ),
    }
}

fn nothing() -> Response {
    versioned(StatusCode::NO_CONTENT)
}

async fn get(kind: Kind, door: Loaded<Statements>, asking: Asking, asked: Asked) -> Result<Response, Refusal> {
    let place = match place(kind, asking.provider.id, asked) {
        Ok(place) => place,
        Err(why) => return Ok(wrong(&why)),
    };
    let database = door.database();
    let Some(name) = &place.name else {
        let names = document_store::names(&database, &place.shelf, place.since).await.map_err(Problem::from)?;
        return Ok(answer(StatusCode::OK, &json!(names)));
    };
    let found = document_store::document(&database, &place.shelf, name).await.map_err(Problem::from)?;
    Ok(match found {
        Some(document) => given(document),
        None => refused(StatusCode::NOT_FOUND, "There is no such document of yours"),
    })
}

fn given(document: Document) -> Response {
    let moment = document.updated_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let (tag, kind) = (document.tag.clone(), document.content_type.clone());
    let mut response = versioned(document.content);
    let headers = response.headers_mut();
    // Whatever somebody put here, no browser shows it as a page of ours.
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    for (name, value) in [(CONTENT_TYPE, kind), (ETAG, tag), (LAST_MODIFIED, moment)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}

/// What is sent, to be put in place of what is there or into it.
struct Sent {
    headers: HeaderMap,
    body: Bytes,
    is_merged: bool,
}

async fn store(
    kind: Kind,
    door: Loaded<Statements>,
    asking: Asking,
    asked: Asked,
    sent: Sent,
) -> Result<Response, Refusal> {
    let Sent { headers, body, is_merged } = sent;
    let place = match place(kind, asking.provider.id, asked) {
        Ok(place) => place,
        Err(why) => return Ok(wrong(&why)),
    };
    let Some((shelf, name)) = place.one() else {
        return Ok(nameless());
    };
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("application/octet-stream").to_owned();
    if is_json(&content_type) && serde_json::from_slice::<Value>(&body).is_err() {
        return Ok(wrong("The content type is JSON, but the content cannot be read as JSON"));
    }
    let unit =
        door.app.begin(Actor::System(format!("xAPI provider {}", asking.provider.id))).await.map_err(Problem::from)?;
    let before = document_store::held(&unit, &shelf, &name).await.map_err(Problem::from)?;
    // Where somebody stands is one learner's matter, so packaged content puts it blindly; profiles are shared.
    let must_say = kind != Kind::State && !is_merged;
    if let Err(why) = preconditions::judge(&headers, before.as_ref().map(|before| before.tag.as_str()), must_say) {
        return Ok(stale(why));
    }
    let (content_type, content) = match (&before, is_merged) {
        (Some(before), true) => match merged(before, &content_type, &body) {
            Ok(content) => ("application/json".to_owned(), content),
            Err(why) => return Ok(wrong(why)),
        },
        (None, true) if object(&content_type, &body).is_none() => {
            return Ok(wrong(
                "POST puts together JSON objects: send one with Content-Type: application/json, or use PUT",
            ));
        }
        _ => (content_type, body.to_vec()),
    };
    let document = Document { tag: preconditions::tag(&content), content_type, content, updated_at: unit.now() };
    let seen = before.as_ref().map(|before| before.tag.as_str());
    if !document_store::put(&unit, &shelf, &name, &document, seen).await.map_err(Problem::from)? {
        return Ok(stale(Stale::Unseen));
    }
    unit.commit().await.map_err(Problem::from)?;
    Ok(nothing())
}

fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn object(content_type: &str, content: &[u8]) -> Option<serde_json::Map<String, Value>> {
    if !is_json(content_type) {
        return None;
    }
    match serde_json::from_slice(content).ok()? {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// Fields that come take the place of those there; the others stay. Only the outermost are looked at.
fn merged(before: &Document, content_type: &str, sent: &[u8]) -> Result<Vec<u8>, &'static str> {
    let new = object(content_type, sent)
        .ok_or("POST puts together JSON objects, and what was sent is none. Nothing was changed")?;
    let mut fields = object(&before.content_type, &before.content).ok_or(
        "POST puts together JSON objects, and the document that is there is none: use PUT. Nothing was changed",
    )?;
    fields.extend(new);
    Ok(Value::Object(fields).to_string().into_bytes())
}

async fn delete(
    kind: Kind,
    door: Loaded<Statements>,
    asking: Asking,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let place = match place(kind, asking.provider.id, asked) {
        Ok(place) => place,
        Err(why) => return Ok(wrong(&why)),
    };
    let unit =
        door.app.begin(Actor::System(format!("xAPI provider {}", asking.provider.id))).await.map_err(Problem::from)?;
    if place.name.is_none() && kind == Kind::State {
        document_store::clear(&unit, &place.shelf).await.map_err(Problem::from)?;
        unit.commit().await.map_err(Problem::from)?;
        return Ok(nothing());
    }
    let Some((shelf, name)) = place.one() else {
        return Ok(nameless());
    };
    let before = document_store::held(&unit, &shelf, &name).await.map_err(Problem::from)?;
    if let Err(why) = preconditions::judge(&headers, before.as_ref().map(|before| before.tag.as_str()), false) {
        return Ok(stale(why));
    }
    document_store::remove(&unit, &shelf, &name).await.map_err(Problem::from)?;
    unit.commit().await.map_err(Problem::from)?;
    Ok(nothing())
}

macro_rules! resource {
    ($room:ident, $kind:expr, $about:literal) => {
        #[doc = $about]
        pub mod $room {
            use super::*;

            pub async fn get(door: Loaded<Statements>, asking: Asking, asked: Asked) -> Result<Response, Refusal> {
                super::get($kind, door, asking, asked).await
            }

            pub async fn put(
                door: Loaded<Statements>,
                asking: Asking,
                asked: Asked,
                headers: HeaderMap,
                body: Bytes,
            ) -> Result<Response, Refusal> {
                super::store($kind, door, asking, asked, Sent { headers, body, is_merged: false }).await
            }

            pub async fn post(
                door: Loaded<Statements>,
                asking: Asking,
                asked: Asked,
                headers: HeaderMap,
                body: Bytes,
            ) -> Result<Response, Refusal> {
                super::store($kind, door, asking, asked, Sent { headers, body, is_merged: true }).await
            }

            pub async fn delete(
                door: Loaded<Statements>,
                asking: Asking,
                asked: Asked,
                headers: HeaderMap,
            ) -> Result<Response, Refusal> {
                super::delete($kind, door, asking, asked, headers).await
            }
        }
    };
}

resource!(state, Kind::State, "Where somebody stands in an activity.");
resource!(activity_profile, Kind::ActivityProfile, "What is kept of an activity.");
resource!(agent_profile, Kind::AgentProfile, "What is kept of somebody.");
