//! The door of tools that come by themselves: a token for what they signed (OAuth 2 client credentials with a JWT assertion, RFC 7523), and
//! each later request judged by it. A tool reaches the courses that have its material, and no other.

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use hiec_access::limits::Counted;
use hiec_access::sessions::{hashed, secret};
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::client::Client;
use hiec_web::refusal::Refusal;
use hiec_web::who::DOOR_TOKEN;
use hiec_web::{AppState, Input, Loaded};
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LINK};
use http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::assertion;
use super::lti::{Lti, issuer};
use super::store::{self, Tool};
use super::token::scopes;
use crate::sessions::store::{self as courses, Course, Part};

/// How long a token is good for.
const HOLDS: Duration = Duration::hours(1);

/// The most a list gives at once.
pub(super) const MOST: usize = 500;

pub(super) fn answer(status: StatusCode, kind: &'static str, body: &Value) -> Response {
    let mut response = (status, body.to_string()).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// What went wrong, in OAuth's way: a word for programs and a sentence for whoever looks after the tool.
pub(super) fn refused(status: StatusCode, error: &str, why: &str) -> Response {
    answer(status, "application/json", &json!({ "error": error, "error_description": why }))
}

/// Puts where the rest of a list is into the header `Link`.
pub(super) fn with_next(mut response: Response, next: Option<String>) -> Response {
    if let Some(Ok(value)) = next.map(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\""))) {
        response.headers_mut().insert(LINK, value);
    }
    response
}

/// One page of a list: what of it is given, and the number with which the rest begins.
pub(super) fn page<T>(all: Vec<T>, limit: Option<usize>, skip: Option<usize>) -> (Vec<T>, Option<(usize, usize)>) {
    let (limit, skip) = (limit.filter(|limit| *limit > 0).unwrap_or(MOST).min(MOST), skip.unwrap_or(0));
    let has_more = all.len() > skip.saturating_add(limit);
    let given = all.into_iter().skip(skip).take(limit).collect();
    (given, has_more.then_some((limit, skip.saturating_add(limit))))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    grant_type: String,
    client_assertion_type: String,
    client_assertion: String,
    scope: String,
}

pub async fn token(door: Loaded<Lti>, client: Client, Input(asked): Input<Asked>) -> Result<Response, Refusal> {
    let client = client.key();
    let wait = client.as_ref().and_then(|client| door.app.limits().wait(Counted::WrongToken, client, door.now()));
    if let Some(wait) = wait {
        return Err(Problem::too_many("Too many tokens were asked for that nobody may have", wait).into());
    }
    if asked.grant_type != "client_credentials" {
        return Ok(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Send grant_type=client_credentials"));
    }
    if asked.client_assertion_type != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
        let why = "Send client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        return Ok(refused(StatusCode::BAD_REQUEST, "invalid_request", why));
    }
    let granted: Vec<&str> =
        scopes::ALL.into_iter().filter(|one| asked.scope.split(' ').any(|asked| asked == *one)).collect();
    if granted.is_empty() {
        return Ok(refused(StatusCode::BAD_REQUEST, "invalid_scope", "None of the scopes asked for is known here"));
    }
    let tool = match asserted(&door, &asked.client_assertion).await? {
        Ok(tool) => tool,
        Err(why) => {
            if let Some(client) = client {
                door.app.limits().note(Counted::WrongToken, &client, door.now());
            }
            return Ok(refused(StatusCode::UNAUTHORIZED, "invalid_client", why));
        }
    };
    let token = format!("{DOOR_TOKEN}{}", secret());
    let unit = door.app.begin(tool.actor()).await?;
    if !use_up(&unit, &tool, &asked.client_assertion).await.map_err(Problem::from)? {
        return Ok(refused(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "This assertion was used before: sign a new one",
        ));
    }
    keep(&unit, &tool, &token, &granted).await.map_err(Problem::from)?;
    unit.commit().await.map_err(Problem::from)?;
    let body = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": HOLDS.num_seconds(), "scope": granted.join(" "),
    });
    Ok(answer(StatusCode::OK, "application/json", &body))
}

/// The tool that signed an assertion, or why it is nobody's.
async fn asserted(door: &Loaded<Lti>, token: &str) -> Result<Result<Tool, &'static str>, Problem> {
    let said = assertion::unverified(token);
    let client = said.as_ref().and_then(|said| said.get("sub")).and_then(Value::as_str);
    let Some(client) = client else {
        return Ok(Err("The client_assertion is no JSON web token with a sub"));
    };
    let Some(tool) = store::tool_of_client(&door.database(), client).await? else {
        return Ok(Err("No tool of this platform has the assertion's sub as its client id"));
    };
    let Some(key_set) = &tool.key_set else {
        return Ok(Err("This platform has no keys of the tool: ask the education lead of the cluster to enter them"));
    };
    let claims = match assertion::verified(token, key_set) {
        Ok(claims) => claims,
        Err(why) => return Ok(Err(why)),
    };
    if claims.get("iss").and_then(Value::as_str) != Some(&tool.client_id) {
        return Ok(Err("The assertion's iss is not its sub"));
    }
    let own = issuer(&door.app);
    let endpoint = format!("{own}/lti/token");
    if let Err(why) = assertion::holds(&claims, &[&endpoint, &own], door.now()) {
        return Ok(Err(why));
    }
    if claims.get("jti").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Ok(Err("The assertion has no jti"));
    }
    Ok(Ok(tool))
}

/// Notes an assertion; false where it came before.
async fn use_up(unit: &Unit, tool: &Tool, token: &str) -> Result<bool, StoreError> {
    let said = assertion::unverified(token).unwrap_or_default();
    let word = said.get("jti").and_then(Value::as_str).unwrap_or_default();
    // An assertion holds for a day at most: after two it is refused without this.
    let ends_at = unit.now() + Duration::days(2);
    unit.execute("DELETE FROM education_lti_assertion WHERE ends_at < $1", values![unit.now()]).await?;
    let added = unit
        .execute(
            "INSERT INTO education_lti_assertion (tool_id, word_hash, ends_at) VALUES ($1, $2, $3) ON CONFLICT (tool_id, word_hash) DO NOTHING",
            values![tool.id, hashed(word), ends_at],
        )
        .await?;
    Ok(added > 0)
}

async fn keep(unit: &Unit, tool: &Tool, token: &str, granted: &[&str]) -> Result<(), StoreError> {
    unit.execute("DELETE FROM education_lti_token WHERE ends_at < $1", values![unit.now()]).await?;
    unit.execute(
        "INSERT INTO education_lti_token (token_hash, tool_id, scopes, ends_at) VALUES ($1, $2, $3, $4)",
        values![hashed(token), tool.id, serde_json::to_value(granted)?, unit.now() + HOLDS],
    )
    .await?;
    Ok(())
}

impl Tool {
    /// Who writes what a tool sends.
    pub(super) fn actor(&self) -> Actor {
        Actor::System(format!("LTI tool {}", self.id))
    }
}

/// A request of a tool with a token, about a course that has its material.
pub(crate) struct Served {
    pub tool: Tool,
    pub cluster: ClusterSeen,
    pub course: Course,
    /// The parts of the course that are this tool's.
    pub parts: Vec<Part>,
    scopes: Vec<String>,
    app: AppState,
}

impl Served {
    /// The refusal where the token was given out for none of these.
    pub fn lacks(&self, any: &[&str]) -> Option<Response> {
        if self.scopes.iter().any(|scope| any.contains(&scope.as_str())) {
            return None;
        }
        let why = format!("The token is good for other scopes. Ask for one with {}", any.join(" or "));
        Some(refused(StatusCode::FORBIDDEN, "insufficient_scope", &why))
    }

    /// The address of something of this course.
    pub fn address(&self, rest: &str) -> String {
        format!("{}{rest}", course_address(&self.app, self.course.id))
    }

    pub async fn begin(&self) -> Result<Unit, Problem> {
        Ok(self.app.begin(self.tool.actor()).await?)
    }

    pub fn database(&self) -> hiec_store::Database {
        self.app.database()
    }
}

/// Where the services of a course are.
pub(super) fn course_address(state: &AppState, course: Uuid) -> String {
    format!("{}/lti/courses/{course}", issuer(state))
}

#[derive(FromQueryResult)]
struct TokenRow {
    tool_id: Uuid,
    scopes: Value,
}

async fn token_row(reads: &impl Reads, token: &str, now: Timestamp) -> Result<Option<TokenRow>, StoreError> {
    let sql = "SELECT tool_id, scopes FROM education_lti_token WHERE token_hash = $1 AND ends_at > $2";
    reads.one(sql, values![hashed(token), now]).await
}

impl FromRequestParts<AppState> for Served {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let failed = |problem: Problem| Refusal(problem).into_response();
        let client = Client::of(parts, state).key();
        let wait = client.as_ref().and_then(|client| state.limits().wait(Counted::WrongToken, client, state.now()));
        if let Some(wait) = wait {
            return Err(failed(Problem::too_many("Too many tokens were sent that open nothing", wait)));
        }
        let sent = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let sent = sent.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().trim().to_owned();
        let database = state.database();
        let row = token_row(&database, &sent, state.now()).await.map_err(|error| failed(error.into()))?;
        let tool = match &row {
            Some(row) => store::tool(&database, row.tool_id).await.map_err(|error| failed(error.into()))?,
            None => None,
        };
        let (Some(row), Some(tool)) = (row, tool.filter(|tool| !tool.is_retired)) else {
            if let Some(client) = client {
                state.limits().note(Counted::WrongToken, &client, state.now());
            }
            let mut response = refused(
                StatusCode::UNAUTHORIZED,
                "invalid_token",
                "Send a token of /lti/token that is not over, as a bearer token",
            );
            response.headers_mut().insert("www-authenticate", HeaderValue::from_static("Bearer realm=\"LTI\""));
            return Err(response);
        };
        let path = Path::<BTreeMap<String, String>>::from_request_parts(parts, state).await;
        let wanted = path.ok().and_then(|Path(names)| names.get("course").and_then(|id| id.parse::<Uuid>().ok()));
        let place = match wanted {
            Some(course) => course_of(state, course).await.map_err(failed)?,
            None => None,
        };
        let theirs = place.filter(|(cluster, ..)| cluster.id == tool.cluster).map(|(cluster, course, parts)| {
            let parts: Vec<Part> = parts.into_iter().filter(|part| part.tool == Some(tool.id)).collect();
            (cluster, course, parts)
        });
        let Some((cluster, course, parts)) = theirs.filter(|(.., parts)| !parts.is_empty()) else {
            return Err(refused(
                StatusCode::NOT_FOUND,
                "not_found",
                "There is no such course with material of this tool",
            ));
        };
        let scopes = serde_json::from_value(row.scopes).unwrap_or_default();
        Ok(Self { tool, cluster, course, parts, scopes, app: state.clone() })
    }
}

/// A course by its id alone, with its cluster and its parts.
pub(super) async fn course_of(
    state: &AppState,
    course: Uuid,
) -> Result<Option<(ClusterSeen, Course, Vec<Part>)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        cluster_id: Uuid,
    }
    let database = state.database();
    let row: Option<Row> =
        database.one("SELECT cluster_id FROM education_course WHERE id = $1", values![course]).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let port = state.service::<ClustersPort>()?;
    let Some(cluster) = port.0.by_id(&database, ClusterId(row.cluster_id)).await? else {
        return Ok(None);
    };
    let parts = courses::parts(&database, cluster.id).await?.into_iter().filter(|part| part.course == course).collect();
    let found = courses::courses(&database, cluster.id).await?.into_iter().find(|one| one.id == course);
    Ok(found.map(|found| (cluster, found, parts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_given_in_pages_that_end() {
        let all: Vec<usize> = (0..5).collect();
        assert_eq!(page(all.clone(), None, None), (all.clone(), None));
        assert_eq!(page(all.clone(), Some(2), None), (vec![0, 1], Some((2, 2))));
        assert_eq!(page(all.clone(), Some(2), Some(4)), (vec![4], None));
        assert_eq!(page(all.clone(), Some(0), Some(usize::MAX)), (vec![], None));
    }
}
