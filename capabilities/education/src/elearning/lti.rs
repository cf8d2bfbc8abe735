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
use hiec_contracts::ClusterSeen;
use hiec_kernel::{Problem, Role};
use hiec_store::{FromQueryResult, Reads, audit_event, values};
use hiec_web::{Answer, AppState, Done, Input, Loaded, Loading, Page, Reply, Resource};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use maud::{DOCTYPE, PreEscaped, html};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::choices::{self, Choice};
use super::service::{course_address, course_of};
use super::store::{self, Tool};
use super::token::{self, Launch, Message, Services};
use super::{grades, signing};
use crate::ground;
use crate::sessions::doors::CourseHere;
use crate::sessions::store::{Course, Part};

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
        p {
            "It is kept by " (tool.name) ", which is told "
            @if tool.tells_names { "your name and a number for you, the course and the part, but not your address, as your cluster agreed with it." }
            @else { "a number for you, the course and the part, and neither your name nor your address." }
        }
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

/// What comes back: a part of a course to be opened, or material to be picked.
enum Errand {
    Part(Box<Part>),
    Choice(Choice),
}

/// A launch that came back, with all it is about.
struct Back {
    cluster: ClusterSeen,
    course: Course,
    tool: Tool,
    errand: Errand,
}

/// The launch of a hint that this person began, while it may still come back.
async fn back(door: &Loaded<Lti>, hint: &str) -> Result<Option<Back>, Problem> {
    let (database, now) = (door.database(), door.now());
    let person = door.person()?.id.0;
    let choice = choices::begun(&database, hint, now).await?.filter(|choice| choice.person_id == person);
    let begun = store::begun(&database, hint, now).await?.filter(|begun| begun.person_id == person);
    let course = match (&choice, &begun) {
        (Some(choice), _) => Some(choice.course_id),
        (None, Some(begun)) => course_of_part(&database, begun.part_id).await?,
        (None, None) => None,
    };
    let Some((cluster, course, parts)) = (match course {
        Some(course) => course_of(&door.app, course).await?,
        None => None,
    }) else {
        return Ok(None);
    };
    let errand = match (choice, begun) {
        (Some(choice), _) => Some((Some(choice.tool_id), Errand::Choice(choice))),
        (None, Some(begun)) => {
            let part = parts.into_iter().find(|part| part.id == begun.part_id);
            part.map(|part| (part.tool, Errand::Part(Box::new(part))))
        }
        (None, None) => None,
    };
    let Some((Some(tool), errand)) = errand else {
        return Ok(None);
    };
    let tool = store::tool(&database, tool).await?.filter(|tool| !tool.is_retired);
    Ok(tool.map(|tool| Back { cluster, course, tool, errand }))
}

async fn course_of_part(reads: &impl Reads, part: Uuid) -> Result<Option<Uuid>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        course_id: Uuid,
    }
    let sql = "SELECT course_id FROM education_course_part WHERE id = $1";
    Ok(reads.one::<Row>(sql, values![part]).await?.map(|row| row.course_id))
}

/// The same by a form, as OpenID Connect allows it. It comes from the tool's page, so it is nobody's here: the browser is sent to ask again
/// by its address, and only then is anybody known and anything done.
pub async fn authorize_by_form(_: Loaded<Lti>, Input(asked): Input<Asked>) -> Answer {
    if let Some(fault) = asked.fault() {
        return Err(refused(&format!("What it asks for is not LTI 1.3: {fault}")).into());
    }
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("scope", &asked.scope),
        ("response_type", &asked.response_type),
        ("response_mode", &asked.response_mode),
        ("prompt", &asked.prompt),
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("login_hint", &asked.login_hint),
        ("nonce", &asked.nonce),
    ] {
        pairs.append_pair(name, value);
    }
    if let Some(state) = &asked.state {
        pairs.append_pair("state", state);
    }
    Ok(Done::to(format!("/lti/authorize?{}", pairs.finish())).into())
}

pub async fn authorize(door: Loaded<Lti>, Query(asked): Query<Asked>) -> Answer {
    let person = door.person()?.clone();
    if let Some(fault) = asked.fault() {
        return Err(refused(&format!("What it asks for is not LTI 1.3: {fault}")).into());
    }
    let over = || refused("This launch is over: it is good for five minutes, once, and for whoever began it");
    let Back { cluster, course, tool, errand } = back(&door, &asked.login_hint).await?.ok_or_else(over)?;
    if tool.client_id != asked.client_id {
        return Err(refused("Its client_id is not that of the tool this launch is for").into());
    }
    // Exactly one of those registered: a token goes nowhere else.
    if !tool.redirect_urls.contains(&asked.redirect_uri) {
        return Err(refused("Its redirect_uri is not registered here").into());
    }
    let key = signing::key(&door.app).await?;
    let is_instructor = door.subject.holds_in(Role::EducationLead, hiec_kernel::Scope::Cluster(cluster.id.0));
    let mut unit = door.begin().await?;
    let (target, message, line_item) = match &errand {
        Errand::Part(part) => {
            if !store::use_launch(&unit, &asked.login_hint).await? {
                return Err(over().into());
            }
            grades::tell_of(&unit, course.id, tool.id, person.id, is_instructor).await?;
            unit.audit(
                ground::stream(cluster.id),
                format!("course:{}", course.id),
                &MaterialOpened { part: part.id, tool: tool.id },
            )?;
            let custom = choices::custom(&unit, part.id).await?;
            let message = Message::Link { id: part.id.to_string(), title: part.title.clone(), custom };
            // Named only where there is no doubt which line is meant.
            let has_one = grades::lines_of_part(&unit, part.id).await? == 1;
            (part.target_url.clone(), message, has_one.then_some(part.id))
        }
        Errand::Choice(choice) => {
            let word = choices::open(&unit, choice.id).await?.ok_or_else(over)?;
            let message = Message::Choice { return_to: format!("{}/lti/choices", issuer(&door.app)), word };
            (tool.choosing_url.clone(), message, None)
        }
    };
    let of_course = course_address(&door.app, course.id);
    let services = tool.key_set.is_some().then(|| Services {
        line_items: format!("{of_course}/line-items"),
        line_item: line_item.map(|line| format!("{of_course}/line-items/{line}")),
        members: format!("{of_course}/members"),
    });
    let launch = Launch {
        issuer: issuer(&door.app),
        client_id: tool.client_id.clone(),
        deployment_id: tool.deployment_id.clone(),
        learner: person.id.to_string(),
        name: tool.tells_names.then(|| person.name.clone()),
        nonce: asked.nonce.clone(),
        target,
        course: (course.id.to_string(), course.name.clone()),
        is_instructor,
        back_to: door.app.site().link(&course.path(&cluster)),
        message,
        services,
    };
    let signed = token::signed(&launch.claims(door.now()), &key.private_key, &key.id.to_string())
        .ok_or_else(|| Problem::internal("the launch cannot be signed"))?;
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
