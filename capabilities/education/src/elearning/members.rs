//! `/lti/courses/{course}/members`: who is in a course, by number and role, by Names and Role Provisioning Services 2.0. Names only where the cluster agreed to it.

use axum::extract::Query;
use axum::response::Response;
use hiec_kernel::Problem;
use hiec_web::Loaded;
use hiec_web::refusal::Refusal;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::grades::{self, Member};
use super::lti::Lti;
use super::service::{Served, answer, page, refused, with_next};
use super::token::scopes;

const ROLES: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    role: Option<String>,
    /// A part of the course: who may open it, which is everybody in the course.
    rlid: Option<String>,
    limit: Option<usize>,
    skip: Option<usize>,
}

fn role(member: &Member) -> &'static str {
    if member.is_instructor { "Instructor" } else { "Learner" }
}

pub async fn get(_: Loaded<Lti>, served: Served, Query(wanted): Query<Wanted>) -> Result<Response, Refusal> {
    if let Some(refusal) = served.lacks(&[scopes::MEMBERS]) {
        return Ok(refusal);
    }
    if wanted.rlid.as_ref().is_some_and(|wanted| !served.parts.iter().any(|part| part.id.to_string() == *wanted)) {
        return Ok(refused(StatusCode::NOT_FOUND, "not_found", "rlid names no part of the course that is this tool's"));
    }
    let members = grades::members(&served.database(), served.course.id, served.tool.id).await.map_err(Problem::from)?;
    let is_wanted = |member: &Member| {
        wanted.role.as_ref().is_none_or(|wanted| wanted.strip_prefix(ROLES).unwrap_or(wanted) == role(member))
    };
    let members: Vec<Value> =
        members.iter().filter(|member| is_wanted(member)).map(|member| told(member, &served, &wanted)).collect();
    let (members, rest) = page(members, wanted.limit, wanted.skip);
    let next = rest.map(|(limit, skip)| {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("role", &wanted.role), ("rlid", &wanted.rlid)] {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        pairs.append_pair("limit", &limit.to_string()).append_pair("skip", &skip.to_string());
        served.address(&format!("/members?{}", pairs.finish()))
    });
    let body = json!({
        "id": served.address("/members"),
        "context": { "id": served.course.id, "title": served.course.name },
        "members": members,
    });
    Ok(with_next(answer(StatusCode::OK, "application/vnd.ims.lti-nrps.v2.membershipcontainer+json", &body), next))
}

fn told(member: &Member, served: &Served, wanted: &Wanted) -> Value {
    let mut fields =
        json!({ "status": "Active", "user_id": member.person, "roles": [format!("{ROLES}{}", role(member))] });
    if let Value::Object(fields) = &mut fields {
        if served.tool.tells_names {
            fields.insert("name".to_owned(), json!(member.name));
        }
        if wanted.rlid.is_some() {
            let message =
                json!([{ "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest" }]);
            fields.insert("message".to_owned(), message);
        }
    }
    fields
}
