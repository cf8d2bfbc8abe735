//! `/lti/courses/{course}/line-items…`: the lines of a course that a tool scores, by Assignment and Grade Services 2.0. A part's own line stays.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use hiec_kernel::clock::iso;
use hiec_kernel::{Problem, Timestamp};
use hiec_store::audit_event;
use hiec_web::Loaded;
use hiec_web::refusal::Refusal;
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::grades::{self, LineItem};
use super::lti::Lti;
use super::service::{Served, answer, page, refused, with_next};
use super::token::scopes;
use crate::ground;

const ONE: &str = "application/vnd.ims.lis.v2.lineitem+json";
const LIST: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
/// The longest label, tag or name of a resource.
const LONGEST: usize = 300;
/// The most lines a tool may have in a course.
const MOST_LINES: usize = 1_000;

#[derive(Serialize)]
struct LineAdded<'a> {
    line_item: Uuid,
    label: &'a str,
}
impl hiec_store::AuditEvent for LineAdded<'_> {
    const KIND: &'static str = "learning_tool.line_item_added";
}

#[derive(Serialize)]
struct LineChanged<'a> {
    line_item: Uuid,
    label: &'a str,
    maximum: &'a str,
}
impl hiec_store::AuditEvent for LineChanged<'_> {
    const KIND: &'static str = "learning_tool.line_item_changed";
}

#[derive(Serialize)]
struct LineRemoved {
    line_item: Uuid,
}
audit_event!(LineRemoved, "learning_tool.line_item_removed");

/// The line an address names, among those of the tool in the course.
pub(super) async fn named(
    served: &Served,
    path: &BTreeMap<String, String>,
) -> Result<Result<LineItem, Response>, Problem> {
    let wanted = path.get("line").and_then(|id| id.parse::<Uuid>().ok());
    let lines = grades::line_items(&served.database(), served.course.id, served.tool.id).await?;
    let found = lines.into_iter().find(|line| Some(line.id) == wanted);
    Ok(found.ok_or_else(|| refused(StatusCode::NOT_FOUND, "not_found", "There is no such line item of this tool")))
}

pub(super) fn address(served: &Served, line: Uuid) -> String {
    served.address(&format!("/line-items/{line}"))
}

fn written(served: &Served, line: &LineItem) -> Value {
    let maximum: Value = serde_json::from_str(&line.maximum).unwrap_or_default();
    let mut fields = json!({ "id": address(served, line.id), "scoreMaximum": maximum, "label": line.label });
    if let Value::Object(fields) = &mut fields {
        let texts = [("resourceId", &line.resource_id), ("tag", &line.tag)];
        fields.extend(
            texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), json!(text))),
        );
        fields.extend(line.part_id.map(|part| ("resourceLinkId".to_owned(), json!(part))));
        let moments = [("startDateTime", line.starts_at), ("endDateTime", line.ends_at)];
        fields.extend(moments.into_iter().filter_map(|(name, moment)| Some((name.to_owned(), json!(iso(moment?))))));
    }
    fields
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    resource_link_id: Option<String>,
    resource_id: Option<String>,
    tag: Option<String>,
    limit: Option<usize>,
    /// Where the last page ended: ours alone.
    skip: Option<usize>,
}

impl Wanted {
    fn takes(&self, line: &LineItem) -> bool {
        let is_or_any = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|wanted| wanted == own);
        let part = line.part_id.map(|part| part.to_string()).unwrap_or_default();
        is_or_any(&self.resource_link_id, &part)
            && is_or_any(&self.resource_id, &line.resource_id)
            && is_or_any(&self.tag, &line.tag)
    }

    fn next(&self, served: &Served, (limit, skip): (usize, usize)) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("resource_link_id", &self.resource_link_id), ("resource_id", &self.resource_id), ("tag", &self.tag)]
        {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        pairs.append_pair("limit", &limit.to_string()).append_pair("skip", &skip.to_string());
        served.address(&format!("/line-items?{}", pairs.finish()))
    }
}

pub async fn list(_: Loaded<Lti>, served: Served, Query(wanted): Query<Wanted>) -> Result<Response, Refusal> {
    if let Some(refusal) = served.lacks(&[scopes::LINE_ITEMS, scopes::LINE_ITEMS_READ]) {
        return Ok(refusal);
    }
    let lines =
        grades::line_items(&served.database(), served.course.id, served.tool.id).await.map_err(Problem::from)?;
    let lines = lines.into_iter().filter(|line| wanted.takes(line)).collect();
    let (lines, rest) = page(lines, wanted.limit, wanted.skip);
    let body: Vec<Value> = lines.iter().map(|line| written(&served, line)).collect();
    let next = rest.map(|rest| wanted.next(&served, rest));
    Ok(with_next(answer(StatusCode::OK, LIST, &json!(body)), next))
}

pub async fn one(
    _: Loaded<Lti>,
    served: Served,
    Path(path): Path<BTreeMap<String, String>>,
) -> Result<Response, Refusal> {
    if let Some(refusal) = served.lacks(&[scopes::LINE_ITEMS, scopes::LINE_ITEMS_READ]) {
        return Ok(refusal);
    }
    Ok(match named(&served, &path).await? {
        Ok(line) => answer(StatusCode::OK, ONE, &written(&served, &line)),
        Err(refusal) => refusal,
    })
}

/// The fields of a body, or why not.
pub(super) fn object(body: &Bytes) -> Result<Map<String, Value>, String> {
    if body.contains(&0) || body.windows(6).any(|part| part == b"\\u0000") {
        return Err("The body holds a sign that no text may hold (NUL)".to_owned());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("The body is no JSON object".to_owned()),
        Err(error) => Err(format!("The JSON cannot be read at line {}, column {}", error.line(), error.column())),
    }
}

pub(super) fn text(fields: &Map<String, Value>, name: &str, most: usize) -> Result<String, String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) if text.chars().count() <= most => Ok(text.trim().to_owned()),
        Some(_) => Err(format!("{name} is no text of at most {most} characters")),
    }
}

/// A number as it came, so that nothing of it is lost.
pub(super) fn number(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number))
            if number.as_f64().is_some_and(|number| number.is_finite() && number.abs() < 1e12) =>
        {
            Ok(Some(number.to_string()))
        }
        Some(_) => Err(format!("{name} is no number")),
    }
}

pub(super) fn moment(fields: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let read = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            let read = read.filter(|moment| (1900..2200).contains(&chrono::Datelike::year(moment)));
            let why = || format!("{name} is no moment with its offset, such as 2010-10-04T09:30:00Z");
            read.map(|moment| Some(Timestamp::from(moment))).ok_or_else(why)
        }
    }
}

/// A line as a body describes it, over the one there is.
fn described(fields: &Map<String, Value>, before: LineItem, served: &Served) -> Result<LineItem, String> {
    let label = text(fields, "label", LONGEST)?;
    if label.is_empty() {
        return Err("It has no label".to_owned());
    }
    let maximum = number(fields, "scoreMaximum")?.ok_or("It has no scoreMaximum")?;
    if maximum.parse::<f64>().is_ok_and(|maximum| maximum <= 0.0) {
        return Err("scoreMaximum is not above nought".to_owned());
    }
    let part = text(fields, "resourceLinkId", LONGEST)?;
    let part = match part.as_str() {
        "" => None,
        id => {
            let found = served.parts.iter().find(|part| part.id.to_string() == id);
            Some(found.ok_or("resourceLinkId names no part of the course that is this tool's")?.id)
        }
    };
    Ok(LineItem {
        label,
        maximum,
        part_id: part.or(before.part_id),
        resource_id: text(fields, "resourceId", LONGEST)?,
        tag: text(fields, "tag", LONGEST)?,
        starts_at: moment(fields, "startDateTime")?,
        ends_at: moment(fields, "endDateTime")?,
        ..before
    })
}

fn wrong(why: &str) -> Response {
    refused(StatusCode::BAD_REQUEST, "invalid_request", why)
}

pub async fn add(_: Loaded<Lti>, served: Served, body: Bytes) -> Result<Response, Refusal> {
    if let Some(refusal) = served.lacks(&[scopes::LINE_ITEMS]) {
        return Ok(refusal);
    }
    let mut unit = served.begin().await?;
    let lines = grades::line_items(&unit, served.course.id, served.tool.id).await.map_err(Problem::from)?;
    if lines.len() >= MOST_LINES {
        return Ok(wrong("The course has as many line items of this tool as it can have: remove some first"));
    }
    let empty = LineItem {
        id: unit.new_id(),
        course_id: served.course.id,
        tool_id: served.tool.id,
        part_id: None,
        label: String::new(),
        resource_id: String::new(),
        tag: String::new(),
        maximum: String::new(),
        starts_at: None,
        ends_at: None,
        made_at: unit.now(),
    };
    let line = match object(&body).and_then(|fields| described(&fields, empty, &served)) {
        Ok(line) => line,
        Err(why) => return Ok(wrong(&why)),
    };
    grades::add_line_item(&unit, &line).await.map_err(Problem::from)?;
    let event = LineAdded { line_item: line.id, label: &line.label };
    unit.audit(ground::stream(served.cluster.id), format!("course:{}", served.course.id), &event)
        .map_err(Problem::from)?;
    unit.commit().await.map_err(Problem::from)?;
    let mut response = answer(StatusCode::CREATED, ONE, &written(&served, &line));
    if let Ok(value) = HeaderValue::from_str(&address(&served, line.id)) {
        response.headers_mut().insert(LOCATION, value);
    }
    Ok(response)
}

pub async fn change(
    _: Loaded<Lti>,
    served: Served,
    Path(path): Path<BTreeMap<String, String>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    if let Some(refusal) = served.lacks(&[scopes::LINE_ITEMS]) {
        return Ok(refusal);
    }
    let before = match named(&served, &path).await? {
        Ok(line) => line,
        Err(refusal) => return Ok(refusal),
    };
    let part = before.part_id;
    let line = match object(&body).and_then(|fields| described(&fields, before, &served)) {
        Ok(line) if line.part_id == part => line,
        Ok(_) => return Ok(wrong("resourceLinkId is another than the line item's, which cannot be changed")),
        Err(why) => return Ok(wrong(&why)),
    };
    let mut unit = served.begin().await?;
    grades::change_line_item(&unit, &line).await.map_err(Problem::from)?;
    let event = LineChanged { line_item: line.id, label: &line.label, maximum: &line.maximum };
    unit.audit(ground::stream(served.cluster.id), format!("course:{}", served.course.id), &event)
        .map_err(Problem::from)?;
    unit.commit().await.map_err(Problem::from)?;
    Ok(answer(StatusCode::OK, ONE, &written(&served, &line)))
}

pub async fn remove(
    _: Loaded<Lti>,
    served: Served,
    Path(path): Path<BTreeMap<String, String>>,
) -> Result<Response, Refusal> {
    if let Some(refusal) = served.lacks(&[scopes::LINE_ITEMS]) {
        return Ok(refusal);
    }
    let line = match named(&served, &path).await? {
        Ok(line) => line,
        Err(refusal) => return Ok(refusal),
    };
    if line.is_of_part() {
        let why = "This line item belongs to a part of the course, which its planner alone ends";
        return Ok(refused(StatusCode::FORBIDDEN, "access_denied", why));
    }
    let mut unit = served.begin().await?;
    grades::remove_line_item(&unit, line.id).await.map_err(Problem::from)?;
    let event = LineRemoved { line_item: line.id };
    unit.audit(ground::stream(served.cluster.id), format!("course:{}", served.course.id), &event)
        .map_err(Problem::from)?;
    unit.commit().await.map_err(Problem::from)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_body_are_read_or_refused() {
        let read = |text: &str| object(&Bytes::copy_from_slice(text.as_bytes()));
        assert!(read("[]").unwrap_err().contains("no JSON object"));
        assert!(read("{\"a\": \"\\u0000\"}").unwrap_err().contains("NUL"));
        assert!(read("{").unwrap_err().contains("line 1"));
        let fields = read("{\"n\": 0.1, \"t\": \" x \", \"m\": \"2010-10-04T09:30:00.123+01:00\", \"bad\": [], \"late\": \"2010-10-04\"}").unwrap();
        assert_eq!(number(&fields, "n").unwrap().as_deref(), Some("0.1"));
        assert_eq!(text(&fields, "t", 9).unwrap(), "x");
        assert_eq!(moment(&fields, "m").unwrap().unwrap().timestamp_subsec_millis(), 123);
        assert!(
            number(&fields, "bad").is_err() && text(&fields, "bad", 9).is_err() && moment(&fields, "late").is_err()
        );
        assert_eq!((number(&fields, "none"), moment(&fields, "none")), (Ok(None), Ok(None)));
    }
}
