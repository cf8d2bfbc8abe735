//! `/xapi/statements`: takes statements of those who report what was learnt, each with its own secret, and gives them back their own. It changes none.
//!
//! Of xAPI 1.0.3 (part 3, the statement resource) it has PUT, POST and GET with their filters; it has no state, no profiles and no attachments.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use hiec_access::limits::Counted;
use hiec_access::policy::Target;
use hiec_kernel::clock::iso;
use hiec_kernel::people::Actor;
use hiec_kernel::{Problem, Timestamp};
use hiec_web::client::Client;
use hiec_web::refusal::Refusal;
use hiec_web::{AppState, Loaded, Loading, Resource};
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::statement::{self, Checked};
use super::store::{self, Filter, Kept, Provider};

const VERSION: HeaderName = HeaderName::from_static("x-experience-api-version");
const CONSISTENT: HeaderName = HeaderName::from_static("x-experience-api-consistent-through");

/// The most statements in one request, and the most given at once.
const MOST: usize = 500;

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

/// The statements of a body, each checked, or why not.
fn read(body: &Bytes) -> Result<Vec<Checked>, String> {
    if body.contains(&0) || body.windows(6).any(|part| part == b"\\u0000") {
        return Err("The body holds a sign that no text may hold (NUL)".to_owned());
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| format!("The JSON cannot be read at line {}, column {}", error.line(), error.column()))?;
    let statements = match &value {
        Value::Array(statements) => statements.iter().collect(),
        one => vec![one],
    };
    if statements.is_empty() {
        return Err("There is no statement in the body".to_owned());
    }
    if statements.len() > MOST {
        return Err(format!("{} statements came at once: send at most {MOST}", statements.len()));
    }
    let checked: Result<Vec<Checked>, String> = (1_usize..)
        .zip(statements)
        .map(|(nth, one)| {
            statement::check(one).map_err(|why| if value.is_array() { format!("Statement {nth}: {why}") } else { why })
        })
        .collect();
    let checked = checked?;
    let mut ids = BTreeSet::new();
    if let Some(twice) = checked.iter().filter_map(|one| one.id).find(|id| !ids.insert(*id)) {
        return Err(format!("The id {twice} stands twice in the body"));
    }
    Ok(checked)
}

/// Keeps all of them or none; answers their ids.
async fn keep(
    state: &AppState,
    provider: &Provider,
    checked: Vec<Checked>,
) -> Result<Result<Vec<Uuid>, Uuid>, Problem> {
    let unit = state.begin(Actor::System(format!("xAPI provider {}", provider.id))).await?;
    let mut ids = Vec::with_capacity(checked.len());
    for one in &checked {
        let id = one.id.unwrap_or_else(|| unit.new_id());
        let mut statement = one.statement.clone();
        if let Value::Object(fields) = &mut statement {
            let now = iso(unit.now());
            fields.insert("id".into(), json!(id));
            fields.insert("stored".into(), json!(now));
            fields.entry("timestamp").or_insert(json!(now));
            fields.entry("version").or_insert(json!("1.0.3"));
            let home = state.site().base.as_str().trim_end_matches('/');
            let authority = json!({"objectType": "Agent", "name": provider.name, "account": {"homePage": home, "name": provider.id}});
            fields.insert("authority".into(), authority);
        }
        if store::keep(&unit, provider, id, one, &statement).await? == Kept::Conflict {
            return Ok(Err(id));
        }
        ids.push(id);
    }
    unit.commit().await?;
    Ok(Ok(ids))
}

fn conflict(id: Uuid) -> Response {
    refused(StatusCode::CONFLICT, &format!("Another statement has the id {id}. Nothing of this request was kept"))
}

pub async fn post(door: Loaded<Statements>, asking: Asking, body: Bytes) -> Result<Response, Refusal> {
    let checked = match read(&body) {
        Ok(checked) => checked,
        Err(why) => return Ok(refused(StatusCode::BAD_REQUEST, &why)),
    };
    Ok(match keep(&door.app, &asking.provider, checked).await? {
        Ok(ids) => answer(StatusCode::OK, &json!(ids)),
        Err(id) => conflict(id),
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Named {
    #[serde(rename = "statementId")]
    statement: Option<String>,
}

pub async fn put(
    door: Loaded<Statements>,
    asking: Asking,
    Query(named): Query<Named>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let id = match named.statement.as_deref().map(Uuid::parse_str) {
        Some(Ok(id)) => id,
        _ => return Ok(refused(StatusCode::BAD_REQUEST, "Name the statement by ?statementId= and a UUID")),
    };
    let mut checked = match read(&body) {
        Ok(checked) => checked,
        Err(why) => return Ok(refused(StatusCode::BAD_REQUEST, &why)),
    };
    let (Some(one), true) = (checked.first_mut(), body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{'))
    else {
        return Ok(refused(StatusCode::BAD_REQUEST, "PUT takes one statement, not a list"));
    };
    if one.id.is_some_and(|own| own != id) {
        return Ok(refused(StatusCode::BAD_REQUEST, "The statement's own id is not the one in the address"));
    }
    if one.voids == Some(id) {
        return Ok(refused(StatusCode::BAD_REQUEST, "A statement cannot void itself"));
    }
    one.id = Some(id);
    Ok(match keep(&door.app, &asking.provider, checked).await? {
        Ok(_) => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            response.headers_mut().insert(VERSION, HeaderValue::from_static("1.0.3"));
            response
        }
        Err(id) => conflict(id),
    })
}

/// The filters that are understood; others are refused rather than ignored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(rename = "statementId")]
    statement: Option<String>,
    #[serde(rename = "voidedStatementId")]
    voided: Option<String>,
    agent: Option<String>,
    verb: Option<String>,
    activity: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<i64>,
    ascending: Option<bool>,
    /// Only `exact` is given.
    format: Option<String>,
    /// Where the last answer ended: ours alone.
    skip: Option<i64>,
}

impl Wanted {
    fn filter(&self) -> Result<Filter, String> {
        let moment = |name: &str, typed: &Option<String>| -> Result<Option<Timestamp>, String> {
            let read = typed.as_deref().map(DateTime::parse_from_rfc3339).transpose();
            let read = read.map_err(|_| format!("{name} is no moment such as 2010-10-04T09:30:00Z"))?;
            Ok(read.map(Timestamp::from))
        };
        let agent = match &self.agent {
            Some(agent) => {
                let value: Value = serde_json::from_str(agent).map_err(|_| "agent is no JSON".to_owned())?;
                Some(statement::agent_key(&value)?)
            }
            None => None,
        };
        let limit = match self.limit {
            None | Some(0) => MOST as i64,
            Some(limit) if limit > 0 => limit.min(MOST as i64),
            Some(_) => return Err("limit is below nought".to_owned()),
        };
        Ok(Filter {
            agent,
            verb: self.verb.clone(),
            activity: self.activity.clone(),
            since: moment("since", &self.since)?,
            until: moment("until", &self.until)?,
            is_ascending: self.ascending.unwrap_or(false),
            skip: self.skip.unwrap_or(0).max(0),
            limit,
        })
    }

    /// The address of what comes next.
    fn more(&self, filter: &Filter) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("agent", &self.agent),
            ("verb", &self.verb),
            ("activity", &self.activity),
            ("since", &self.since),
            ("until", &self.until),
        ] {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        pairs.append_pair("ascending", if filter.is_ascending { "true" } else { "false" });
        pairs.append_pair("limit", &filter.limit.to_string());
        pairs.append_pair("skip", &(filter.skip + filter.limit).to_string());
        format!("/xapi/statements?{}", pairs.finish())
    }
}

pub async fn get(
    door: Loaded<Statements>,
    asking: Asking,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Refusal> {
    let Ok(Query(wanted)) = wanted else {
        return Ok(refused(
            StatusCode::BAD_REQUEST,
            "Filters are statementId, voidedStatementId, agent, verb, activity, since, until, limit, ascending and format=exact",
        ));
    };
    let (database, provider) = (door.database(), asking.provider.id);
    if wanted.format.as_deref().is_some_and(|format| format != "exact") {
        return Ok(refused(StatusCode::BAD_REQUEST, "Only format=exact is given"));
    }
    let one = match (&wanted.statement, &wanted.voided) {
        (Some(_), Some(_)) => {
            return Ok(refused(StatusCode::BAD_REQUEST, "Ask for statementId or voidedStatementId, not for both"));
        }
        (Some(id), None) => Some((id, false)),
        (None, Some(id)) => Some((id, true)),
        (None, None) => None,
    };
    let mut response = match one {
        Some((id, is_voided)) => {
            let Ok(id) = Uuid::parse_str(id) else {
                return Ok(refused(StatusCode::BAD_REQUEST, "The statement's id is no UUID"));
            };
            match store::statement(&database, provider, id, is_voided).await.map_err(Problem::from)? {
                Some(statement) => answer(StatusCode::OK, &statement),
                None => refused(StatusCode::NOT_FOUND, "There is no such statement of yours"),
            }
        }
        None => {
            let filter = match wanted.filter() {
                Ok(filter) => filter,
                Err(why) => return Ok(refused(StatusCode::BAD_REQUEST, &why)),
            };
            // One more than is given tells whether there is more.
            let ask = Filter { limit: filter.limit + 1, ..filter.clone() };
            let mut found = store::statements(&database, provider, &ask).await.map_err(Problem::from)?;
            let has_more = found.len() as i64 > filter.limit;
            found.truncate(usize::try_from(filter.limit).unwrap_or(MOST));
            let more = if has_more { wanted.more(&filter) } else { String::new() };
            answer(StatusCode::OK, &json!({ "statements": found, "more": more }))
        }
    };
    if let Ok(moment) = HeaderValue::from_str(&iso(door.now())) {
        response.headers_mut().insert(CONSISTENT, moment);
    }
    Ok(response)
}
