//! Launches by LTI 1.3: begun on a course's page, brought back by the tool, answered with a signed token in a window of its own. State is kept here, never in a third party's cookie.
//!
//! The steps are those of the 1EdTech Security Framework 1.0, section 5.1.1 (OpenID Connect launch): the platform begins a login at the tool, the
//! tool asks for a token at `/lti/authorize`, and the browser carries the token to one of the tool's registered addresses by a form.

use std::collections::BTreeMap;

use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::{ClusterId, Problem, Role};
use hiec_store::{FromQueryResult, Reads, audit_event, values};
use hiec_web::{Answer, AppState, Loaded, Loading, Page, Reply, Resource};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use maud::{DOCTYPE, PreEscaped, html};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::store::{self, Key, Tool};
use super::token::{self, Launch};
use crate::ground;
use crate::sessions::doors::CourseHere;
use crate::sessions::store::{self as courses, Course, Part};

/// The door of tools and of whoever reads the keys.
pub(crate) struct Lti;

impl Resource for Lti {
    const KIND: &'static str = "lti";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("lti", Uuid::nil()))))
    }
}

#[derive(Serialize)]
struct MaterialOpened {
    part: Uuid,
    tool: Uuid,
}
audit_event!(MaterialOpened, "learning_tool.material_opened");

/// What this installation is called as a platform: its address without a stroke at its end.
pub(super) fn issuer(state: &AppState) -> String {
    state.site().base.as_str().trim_end_matches('/').to_owned()
}

pub async fn launch(door: Loaded<CourseHere>, Path(parts): Path<BTreeMap<String, String>>) -> Answer {
    let wanted = parts.get("part").and_then(|id| id.parse::<Uuid>().ok());
    let part = door.parts.iter().find(|part| Some(part.id) == wanted).ok_or_else(Problem::not_found)?;
    let tool = match part.tool {
        Some(id) => store::tool(&door.database(), id).await?,
        None => None,
    };
    let Some(tool) = tool.filter(|tool| !tool.is_retired) else {
        return Err(Problem::conflict(
            "This material cannot be opened any more",
            "Its learning tool was ended. Ask the education lead of the cluster.",
        )
        .into());
    };
    let unit = door.begin().await?;
    let hint = store::begin_launch(&unit, part.id, door.person()?.id).await?;
    unit.commit().await?;
    let mut to = Url::parse(&tool.login_url).map_err(Problem::internal)?;
    to.query_pairs_mut()
        .append_pair("iss", &issuer(&door.app))
        .append_pair("login_hint", &hint)
        .append_pair("target_link_uri", &part.target_url)
        .append_pair("lti_message_hint", &part.id.to_string())
        .append_pair("client_id", &tool.client_id)
        .append_pair("lti_deployment_id", &tool.deployment_id);
    let view = html! {
        h1 { "Opening " (part.title) }
        p { "It is kept by " (tool.name) ", which is told a number for you, the course and the part, and neither your name nor your address." }
        p { a.nhsuk-link href=(to) { "Go on to " (tool.name) } }
    };
    let page = Page::new(format!("Opening {}", part.title), view).data(&json!({ "login": to.as_str() }))?;
    Ok(page.leading_on(to).into())
}

/// What a tool asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    scope: String,
    response_type: String,
    response_mode: String,
    prompt: String,
    client_id: String,
    redirect_uri: String,
    login_hint: String,
    nonce: String,
    state: Option<String>,
}

impl Asked {
    /// What is wrong with the request itself, for whoever looks after the tool.
    fn fault(&self) -> Option<&'static str> {
        let faults = [
            (!self.scope.split(' ').any(|scope| scope == "openid"), "its scope is not openid"),
            (self.response_type != "id_token", "its response_type is not id_token"),
            (self.response_mode != "form_post", "its response_mode is not form_post"),
            (!matches!(self.prompt.as_str(), "" | "none"), "its prompt is not none"),
            (self.nonce.is_empty() || self.nonce.len() > 500, "it has no nonce"),
            (self.client_id.is_empty(), "it has no client_id"),
            (self.redirect_uri.is_empty(), "it has no redirect_uri"),
            (self.login_hint.is_empty(), "it has no login_hint"),
            (self.state.as_ref().is_some_and(|state| state.len() > 4_000), "its state is too long"),
        ];
        faults.into_iter().find(|(is_wrong, _)| *is_wrong).map(|(_, why)| why)
    }
}

fn refused(why: &str) -> Problem {
    Problem::invalid(
        "The learning tool's request cannot be answered",
        format!(
            "{why}. Open the material again from its course; if it happens again, tell the education lead of the cluster."
        ),
    )
}

/// The cluster, the course and the part of a launch.
async fn place(state: &AppState, part: Uuid) -> Result<Option<(ClusterSeen, Course, Part)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        cluster_id: Uuid,
    }
    let database = state.database();
    let row: Option<Row> = database
        .one(
            "SELECT c.cluster_id FROM education_course c JOIN education_course_part p ON p.course_id = c.id WHERE p.id = $1",
            values![part],
        )
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let port = state.service::<ClustersPort>()?;
    let Some(cluster) = port.0.by_id(&database, ClusterId(row.cluster_id)).await? else {
        return Ok(None);
    };
    let part = courses::parts(&database, cluster.id).await?.into_iter().find(|one| one.id == part);
    let all = courses::courses(&database, cluster.id).await?;
    Ok(part.and_then(|part| {
        let course = all.into_iter().find(|course| course.id == part.course)?;
        Some((cluster, course, part))
    }))
}

/// The key that signs, made where there is none yet.
async fn signing_key(door: &Loaded<Lti>) -> Result<Key, Problem> {
    if let Some(key) = store::keys(&door.database()).await?.into_iter().next() {
        return Ok(key);
    }
    let id = door.begin().await?.new_id();
    let made = tokio::task::spawn_blocking(move || token::new_key(&id.to_string())).await.map_err(Problem::internal)?;
    let (private_key, public_jwk) = made.ok_or_else(|| Problem::internal("no key could be made"))?;
    let key = Key { id, private_key, public_jwk };
    let unit = door.begin().await?;
    // Whoever was first meanwhile keeps the word.
    if let Some(first) = store::keys(&unit).await?.into_iter().next() {
        return Ok(first);
    }
    store::add_key(&unit, &key).await?;
    unit.commit().await?;
    Ok(key)
}

pub async fn authorize(door: Loaded<Lti>, Query(asked): Query<Asked>) -> Answer {
    let person = door.person()?.clone();
    if let Some(fault) = asked.fault() {
        return Err(refused(&format!("What it asks for is not LTI 1.3: {fault}")).into());
    }
    let over = || refused("This launch is over: it is good for five minutes, once, and for whoever began it");
    let begun = store::begun(&door.database(), &asked.login_hint, door.now()).await?.ok_or_else(over)?;
    if begun.person_id != person.id.0 {
        return Err(over().into());
    }
    let (cluster, course, part) = place(&door.app, begun.part_id).await?.ok_or_else(over)?;
    let tool: Option<Tool> = match part.tool {
        Some(id) => store::tool(&door.database(), id).await?.filter(|tool| !tool.is_retired),
        None => None,
    };
    let tool = tool.ok_or_else(over)?;
    if tool.client_id != asked.client_id {
        return Err(refused("Its client_id is not that of the tool this launch is for").into());
    }
    // Exactly one of those registered: a token goes nowhere else.
    if !tool.redirect_urls.contains(&asked.redirect_uri) {
        return Err(refused("Its redirect_uri is not registered here").into());
    }
    let key = signing_key(&door).await?;
    let launch = Launch {
        issuer: issuer(&door.app),
        client_id: tool.client_id.clone(),
        deployment_id: tool.deployment_id.clone(),
        learner: person.id.to_string(),
        nonce: asked.nonce.clone(),
        target: part.target_url.clone(),
        link: (part.id.to_string(), part.title.clone()),
        course: (course.id.to_string(), course.name.clone()),
        is_instructor: door.subject.holds_in(Role::EducationLead, hiec_kernel::Scope::Cluster(cluster.id.0)),
        back_to: door.app.site().link(&course.path(&cluster)),
    };
    let signed = token::signed(&launch.claims(door.now()), &key.private_key, &key.id.to_string())
        .ok_or_else(|| Problem::internal("the launch cannot be signed"))?;
    let mut unit = door.begin().await?;
    if !store::use_launch(&unit, &asked.login_hint).await? {
        return Err(over().into());
    }
    let event = MaterialOpened { part: part.id, tool: tool.id };
    unit.audit(ground::stream(cluster.id), format!("course:{}", course.id), &event)?;
    unit.commit().await?;
    Ok(carried(&asked, &tool, &signed)?.into())
}

/// Sends the form below by itself; without scripts its button does.
const SEND: &str = "document.forms[0].submit()";

/// A page that carries the token to the tool by a form, as OpenID Connect's `form_post` has it.
fn carried(asked: &Asked, tool: &Tool, token: &str) -> Result<axum::response::Response, Problem> {
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width, initial-scale=1"; title { "Opening " (tool.name) } }
            body {
                main {
                    h1 { "Opening " (tool.name) }
                    form method="post" action=(asked.redirect_uri) {
                        input type="hidden" name="id_token" value=(token);
                        @if let Some(state) = &asked.state { input type="hidden" name="state" value=(state); }
                        button type="submit" { "Go on to " (tool.name) }
                    }
                }
                script { (PreEscaped(SEND)) }
            }
        }
    };
    let origin = Url::parse(&asked.redirect_uri).map_err(Problem::internal)?.origin().ascii_serialization();
    let script = STANDARD.encode(Sha256::digest(SEND.as_bytes()));
    // The tool may send the browser on to another of its hosts.
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{script}'; form-action {origin} https:; frame-ancestors 'none'; base-uri 'none'"
    );
    let mut response = page.into_string().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy).map_err(Problem::internal)?);
    Ok(response)
}

pub async fn jwks(door: Loaded<Lti>) -> Answer {
    let keys: Vec<serde_json::Value> =
        store::keys(&door.database()).await?.into_iter().map(|key| key.public_jwk).collect();
    Reply::json(&json!({ "keys": keys })).map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_are_not_lti_say_what_is_wrong() {
        let good = Asked {
            scope: "openid".into(),
            response_type: "id_token".into(),
            response_mode: "form_post".into(),
            prompt: "none".into(),
            client_id: "c".into(),
            redirect_uri: "https://t.example/launch".into(),
            login_hint: "h".into(),
            nonce: "n".into(),
            state: Some("s".into()),
        };
        assert_eq!(good.fault(), None);
        assert_eq!(Asked { scope: "profile".into(), ..good.clone() }.fault(), Some("its scope is not openid"));
        assert_eq!(Asked { nonce: String::new(), ..good.clone() }.fault(), Some("it has no nonce"));
        assert_eq!(Asked { response_mode: "query".into(), ..good }.fault(), Some("its response_mode is not form_post"));
    }
}
