//! `/xapi/statements`: takes statements with their attachments, and gives back to a provider its own. It changes none.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat};
use hiec_kernel::clock::iso;
use hiec_kernel::people::Actor;
use hiec_kernel::{Problem, Timestamp};
use hiec_store::Unit;
use hiec_web::refusal::Refusal;
use hiec_web::{AppState, Loaded};
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::format::{Format, languages};
use super::store::{self, Filter, Kept, Provider};
use super::{Asking, Statements, answer, attachments, mixed, refused, versioned, wrong};
use crate::elearning::statement::{self, Checked};

const CONSISTENT: HeaderName = HeaderName::from_static("x-experience-api-consistent-through");

/// The most statements in one request, and the most given at once.
const MOST: usize = 500;

/// What a request holds, checked.
struct Sent {
    checked: Vec<Checked>,
    is_list: bool,
    came: Vec<attachments::Came>,
}

/// Reads a body of JSON, or of several parts with JSON as the first.
fn read(headers: &HeaderMap, body: &Bytes) -> Result<Sent, String> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    let is_json =
        |kind: &str| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if let Some(boundary) = mixed::boundary(kind) {
        let parts = mixed::parts(body, boundary)?;
        let (first, rest) = parts.split_first().ok_or("The body has no part")?;
        if !first.header("content-type").is_some_and(is_json) {
            return Err("The first part is not application/json".to_owned());
        }
        let (checked, is_list) = statements(first.content)?;
        let came = attachments::matched(&checked, rest)?;
        return Ok(Sent { checked, is_list, came });
    }
    if !is_json(kind) {
        return Err("Send statements as application/json, or as multipart/mixed with their attachments".to_owned());
    }
    let (checked, is_list) = statements(body)?;
    let came = attachments::matched(&checked, &[])?;
    Ok(Sent { checked, is_list, came })
}

/// The statements of a text, each checked, or why not.
fn statements(text: &[u8]) -> Result<(Vec<Checked>, bool), String> {
    if text.contains(&0) || text.windows(6).any(|part| part == b"\\u0000") {
        return Err("The body holds a sign that no text may hold (NUL)".to_owned());
    }
    let value: Value = serde_json::from_slice(text)
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
    Ok((checked, value.is_array()))
}

/// What became of a request.
enum Outcome {
    Kept(Vec<Uuid>),
    Conflict(Uuid),
    Refused(String),
}

/// Keeps all of them or none; answers their ids.
async fn keep(state: &AppState, provider: &Provider, sent: Sent) -> Result<Outcome, Problem> {
    let put = match attachments::put(state, provider, sent.came).await? {
        Ok(put) => put,
        Err(why) => return Ok(Outcome::Refused(why)),
    };
    let unit = state.begin(Actor::System(format!("xAPI provider {}", provider.id))).await?;
    attachments::note(&unit, provider, &put).await?;
    let mut ids = Vec::with_capacity(sent.checked.len());
    for one in &sent.checked {
        let id = one.id.unwrap_or_else(|| unit.new_id());
        let stored = finished(one, id, provider, state.site(), unit.now());
        if store::keep(&unit, provider, id, one, &stored).await? == Kept::Conflict {
            return Ok(Outcome::Conflict(id));
        }
        ids.push(id);
    }
    unit.commit().await?;
    Ok(Outcome::Kept(ids))
}

/// Keeps one statement of a provider's, as if it had come by its door.
pub(crate) async fn report(
    unit: &Unit,
    provider: &Provider,
    site: &hiec_web::Site,
    statement: &Value,
) -> Result<(), Problem> {
    let checked = statement::check(statement).map_err(Problem::internal)?;
    let id = checked.id.unwrap_or_else(|| unit.new_id());
    let stored = finished(&checked, id, provider, site, unit.now());
    store::keep(unit, provider, id, &checked, &stored).await?;
    Ok(())
}

/// A statement with what a receiver sets.
fn finished(checked: &Checked, id: Uuid, provider: &Provider, site: &hiec_web::Site, now: Timestamp) -> Value {
    let mut statement = checked.statement.clone();
    if let Value::Object(fields) = &mut statement {
        let now = iso(now);
        fields.insert("id".into(), json!(id));
        fields.insert("stored".into(), json!(now));
        fields.entry("timestamp").or_insert(json!(now));
        fields.entry("version").or_insert(json!("1.0.3"));
        let home = site.base.as_str().trim_end_matches('/');
        let authority =
            json!({"objectType": "Agent", "name": provider.name, "account": {"homePage": home, "name": provider.id}});
        fields.insert("authority".into(), authority);
    }
    statement
}

fn conflict(id: Uuid) -> Response {
    refused(StatusCode::CONFLICT, &format!("Another statement has the id {id}. Nothing of this request was kept"))
}

pub async fn post(
    door: Loaded<Statements>,
    asking: Asking,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let sent = match read(&headers, &body) {
        Ok(sent) => sent,
        Err(why) => return Ok(wrong(&why)),
    };
    Ok(match keep(&door.app, &asking.provider, sent).await? {
        Outcome::Kept(ids) => answer(StatusCode::OK, &json!(ids)),
        Outcome::Conflict(id) => conflict(id),
        Outcome::Refused(why) => wrong(&why),
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
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let id = match named.statement.as_deref().map(Uuid::parse_str) {
        Some(Ok(id)) => id,
        _ => return Ok(wrong("Name the statement by ?statementId= and a UUID")),
    };
    let mut sent = match read(&headers, &body) {
        Ok(sent) => sent,
        Err(why) => return Ok(wrong(&why)),
    };
    let (Some(one), false) = (sent.checked.first_mut(), sent.is_list) else {
        return Ok(wrong("PUT takes one statement, not a list"));
    };
    if one.id.is_some_and(|own| own != id) {
        return Ok(wrong("The statement's own id is not the one in the address"));
    }
    if one.voids == Some(id) {
        return Ok(wrong("A statement cannot void itself"));
    }
    one.id = Some(id);
    Ok(match keep(&door.app, &asking.provider, sent).await? {
        Outcome::Kept(_) => versioned(StatusCode::NO_CONTENT),
        Outcome::Conflict(id) => conflict(id),
        Outcome::Refused(why) => wrong(&why),
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
    registration: Option<String>,
    related_agents: Option<bool>,
    related_activities: Option<bool>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<i64>,
    ascending: Option<bool>,
    /// `exact`, `canonical` or `ids`.
    format: Option<String>,
    attachments: Option<bool>,
    /// Where the last answer ended: ours alone.
    skip: Option<i64>,
}

impl Wanted {
    fn filter(&self, now: Timestamp) -> Result<Filter, String> {
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
        let registration = match self.registration.as_deref().map(Uuid::parse_str) {
            Some(Ok(registration)) => Some(registration.to_string()),
            Some(Err(_)) => return Err("registration is no UUID".to_owned()),
            None => None,
        };
        for (name, iri) in [("verb", &self.verb), ("activity", &self.activity)] {
            if let Some(iri) = iri {
                statement::activity_id(iri).map_err(|why| why.replace("activityId", name))?;
            }
        }
        Ok(Filter {
            agent,
            has_related_agents: self.related_agents.unwrap_or(false),
            has_related_activities: self.related_activities.unwrap_or(false),
            registration,
            verb: self.verb.clone(),
            activity: self.activity.clone(),
            since: moment("since", &self.since)?,
            // What comes while somebody turns the pages moves none of them.
            until: Some(moment("until", &self.until)?.unwrap_or(now)),
            is_ascending: self.ascending.unwrap_or(false),
            skip: self.skip.unwrap_or(0).max(0),
            limit,
        })
    }

    /// The address of what comes next.
    fn more(&self, filter: &Filter) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        // To the last figure, so that the last page ends where the first did.
        let until = filter.until.map(|until| until.to_rfc3339_opts(SecondsFormat::Nanos, true));
        for (name, value) in [
            ("agent", &self.agent),
            ("verb", &self.verb),
            ("activity", &self.activity),
            ("registration", &self.registration),
            ("since", &self.since),
            ("until", &until),
            ("format", &self.format),
        ] {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        let flags = [
            ("related_agents", filter.has_related_agents),
            ("related_activities", filter.has_related_activities),
            ("attachments", self.attachments.unwrap_or(false)),
            ("ascending", filter.is_ascending),
        ];
        for (name, flag) in flags {
            pairs.append_pair(name, if flag { "true" } else { "false" });
        }
        pairs.append_pair("limit", &filter.limit.to_string());
        pairs.append_pair("skip", &(filter.skip + filter.limit).to_string());
        format!("/xapi/statements?{}", pairs.finish())
    }

    /// Whether anything is asked beside one statement and its form.
    fn has_filter(&self) -> bool {
        let texts = [&self.agent, &self.verb, &self.activity, &self.registration, &self.since, &self.until];
        texts.iter().any(|text| text.is_some())
            || self.limit.or(self.skip).is_some()
            || self.ascending.or(self.related_agents).or(self.related_activities).is_some()
    }
}

pub async fn get(
    door: Loaded<Statements>,
    asking: Asking,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Refusal> {
    let Ok(Query(wanted)) = wanted else {
        return Ok(wrong(
            "Filters are statementId, voidedStatementId, agent, verb, activity, registration, related_agents, related_activities, since, until, limit, ascending, format and attachments",
        ));
    };
    let (database, provider) = (door.database(), asking.provider.id);
    let Some(format) = wanted.format.as_deref().map_or(Some(Format::Exact), Format::from_key) else {
        return Ok(wrong("format is exact, canonical or ids"));
    };
    let one = match (&wanted.statement, &wanted.voided) {
        (Some(_), Some(_)) => return Ok(wrong("Ask for statementId or voidedStatementId, not for both")),
        (Some(_), None) | (None, Some(_)) if wanted.has_filter() => {
            return Ok(wrong("One statement is asked for by its id alone, with format and attachments at most"));
        }
        (Some(id), None) => Some((id, false)),
        (None, Some(id)) => Some((id, true)),
        (None, None) => None,
    };
    let (found, more) = match one {
        Some((id, is_voided)) => {
            let Ok(id) = Uuid::parse_str(id) else {
                return Ok(wrong("The statement's id is no UUID"));
            };
            match store::statement(&database, provider, id, is_voided).await.map_err(Problem::from)? {
                Some(statement) => (vec![statement], None),
                None => {
                    return Ok(consistent(
                        refused(StatusCode::NOT_FOUND, "There is no such statement of yours"),
                        door.now(),
                    ));
                }
            }
        }
        None => {
            let filter = match wanted.filter(door.now()) {
                Ok(filter) => filter,
                Err(why) => return Ok(wrong(&why)),
            };
            // One more than is given tells whether there is more.
            let ask = Filter { limit: filter.limit + 1, ..filter.clone() };
            let mut found = store::statements(&database, provider, &ask).await.map_err(Problem::from)?;
            let has_more = found.len() as i64 > filter.limit;
            found.truncate(usize::try_from(filter.limit).unwrap_or(MOST));
            (found, Some(if has_more { wanted.more(&filter) } else { String::new() }))
        }
    };
    let sums = sums(&found);
    let preferred = languages(headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()));
    let mut found: Vec<Value> = found.into_iter().map(|one| format.of(one, &preferred)).collect();
    let body = match more {
        Some(more) => json!({ "statements": found, "more": more }),
        None => found.pop().unwrap_or_default(),
    };
    let response = if wanted.attachments.unwrap_or(false) {
        match attachments::given(&door.app, provider, &sums).await? {
            Ok(contents) => in_parts(&body, &contents)?,
            Err(why) => wrong(&why),
        }
    } else {
        answer(StatusCode::OK, &body)
    };
    Ok(consistent(response, door.now()))
}

fn consistent(mut response: Response, now: Timestamp) -> Response {
    if let Ok(moment) = HeaderValue::from_str(&iso(now)) {
        response.headers_mut().insert(CONSISTENT, moment);
    }
    response
}

/// The hashes of all attachments that statements speak of.
fn sums(statements: &[Value]) -> BTreeSet<String> {
    let of = |pointer: &str, statement: &Value| {
        let all = statement.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
        all.into_iter()
            .filter_map(|one| one.get("sha2").and_then(Value::as_str).map(str::to_lowercase))
            .collect::<Vec<_>>()
    };
    statements.iter().flat_map(|one| [of("/attachments", one), of("/object/attachments", one)].concat()).collect()
}

/// Statements with the contents of their attachments behind them.
fn in_parts(body: &Value, contents: &[attachments::Came]) -> Result<Response, Problem> {
    // No content can hold it, for it is drawn after they are there.
    let boundary = hiec_access::sessions::secret();
    let text = body.to_string();
    let mut parts: Vec<mixed::Written<'_>> = vec![(vec![("Content-Type", "application/json")], text.as_bytes())];
    for one in contents {
        let headers = vec![
            ("Content-Type", one.content_type.as_str()),
            ("Content-Transfer-Encoding", "binary"),
            ("X-Experience-API-Hash", one.sha2.as_str()),
        ];
        parts.push((headers, one.content.as_ref()));
    }
    let mut response = versioned(mixed::written(&boundary, &parts));
    let kind = HeaderValue::from_str(&format!("multipart/mixed; boundary={boundary}")).map_err(Problem::internal)?;
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}
