//! `…/line-items/{line}/scores` and `…/results`: what a tool scored somebody, and what of it counts, by Assignment and Grade Services 2.0.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use hiec_kernel::Problem;
use hiec_store::audit_event;
use hiec_web::Loaded;
use hiec_web::refusal::Refusal;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::grades::{self, LineItem, Member, Score};
use super::line_items::{self, moment, named, number, object, text};
use super::lti::Lti;
use super::service::{Served, answer, page, refused, with_next};
use super::token::scopes;
use crate::ground;

const ACTIVITY: [&str; 5] = ["Initialized", "Started", "InProgress", "Submitted", "Completed"];
const GRADING: [&str; 5] = ["NotReady", "Failed", "Pending", "PendingManual", "FullyGraded"];
/// The longest comment.
const LONGEST: usize = 5_000;

/// A tool scored somebody; the score itself stands in its own table.
#[derive(Serialize)]
struct Scored {
    line_item: Uuid,
    person: Uuid,
    activity: String,
}
audit_event!(Scored, "learning_tool.scored");

/// A score as a body says it.
fn score(fields: &Map<String, Value>, line: &LineItem, members: &[Member]) -> Result<Score, String> {
    let one_of = |name: &str, words: [&str; 5]| {
        let said = text(fields, name, 50)?;
        match words.contains(&said.as_str()) {
            true => Ok(said),
            false => Err(format!("{name} is none of {}", words.join(", "))),
        }
    };
    let who = text(fields, "userId", 100)?;
    let member = members.iter().find(|member| member.person.to_string() == who);
    let member =
        member.ok_or("userId is nobody in this course: send the number a launch or the list of members gave")?;
    let (given, maximum) = (number(fields, "scoreGiven")?, number(fields, "scoreMaximum")?);
    let figure = |number: &Option<String>| number.as_ref().and_then(|number| number.parse::<f64>().ok());
    match (figure(&given), figure(&maximum)) {
        (Some(given), _) if given < 0.0 => return Err("scoreGiven is below nought".to_owned()),
        (Some(_), None) => return Err("scoreGiven came without its scoreMaximum".to_owned()),
        (_, Some(maximum)) if maximum <= 0.0 => return Err("scoreMaximum is not above nought".to_owned()),
        _ => {}
    }
    Ok(Score {
        line_item_id: line.id,
        person_id: member.person,
        given,
        maximum,
        activity: one_of("activityProgress", ACTIVITY)?,
        grading: one_of("gradingProgress", GRADING)?,
        comment: text(fields, "comment", LONGEST)?,
        scored_at: moment(fields, "timestamp")?.ok_or("It has no timestamp")?,
    })
}

pub async fn post(
    _: Loaded<Lti>,
    served: Served,
    Path(path): Path<BTreeMap<String, String>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    if let Some(refusal) = served.lacks(&[scopes::SCORES]) {
        return Ok(refusal);
    }
    let line = match named(&served, &path).await? {
        Ok(line) => line,
        Err(refusal) => return Ok(refusal),
    };
    let mut unit = served.begin().await?;
    let members = grades::members(&unit, served.course.id, served.tool.id).await.map_err(Problem::from)?;
    let score = match object(&body).and_then(|fields| score(&fields, &line, &members)) {
        Ok(score) => score,
        Err(why) => return Ok(refused(StatusCode::BAD_REQUEST, "invalid_request", &why)),
    };
    if !grades::add_score(&unit, &score).await.map_err(Problem::from)? {
        let why = "A score with a later timestamp is here already, so this one counts no more and was not kept";
        return Ok(refused(StatusCode::CONFLICT, "conflict", why));
    }
    let event = Scored { line_item: line.id, person: score.person_id, activity: score.activity };
    unit.audit(ground::stream(served.cluster.id), format!("course:{}", served.course.id), &event)
        .map_err(Problem::from)?;
    unit.commit().await.map_err(Problem::from)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    user_id: Option<String>,
    limit: Option<usize>,
    skip: Option<usize>,
}

pub async fn results(
    _: Loaded<Lti>,
    served: Served,
    Path(path): Path<BTreeMap<String, String>>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    if let Some(refusal) = served.lacks(&[scopes::RESULTS]) {
        return Ok(refusal);
    }
    let line = match named(&served, &path).await? {
        Ok(line) => line,
        Err(refusal) => return Ok(refusal),
    };
    let scores = grades::scores(&served.database(), line.id, None).await.map_err(Problem::from)?;
    let of_line = line_items::address(&served, line.id);
    let results: Vec<Value> = scores
        .iter()
        .filter(|score| wanted.user_id.as_ref().is_none_or(|wanted| *wanted == score.person_id.to_string()))
        .filter_map(|score| {
            let result = score.result(line.maximum())?;
            let mut fields = json!({
                "id": format!("{of_line}/results?user_id={}", score.person_id),
                "scoreOf": of_line,
                "userId": score.person_id,
                "resultScore": result,
                "resultMaximum": line.maximum(),
            });
            if let (Value::Object(fields), false) = (&mut fields, score.comment.is_empty()) {
                fields.insert("comment".to_owned(), json!(score.comment));
            }
            Some(fields)
        })
        .collect();
    let (results, rest) = page(results, wanted.limit, wanted.skip);
    let next = rest.map(|(limit, skip)| format!("{of_line}/results?limit={limit}&skip={skip}"));
    let kind = "application/vnd.ims.lis.v2.resultcontainer+json";
    Ok(with_next(answer(StatusCode::OK, kind, &json!(results)), next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hiec_kernel::Timestamp;

    #[test]
    fn scores_that_say_too_little_or_nonsense_are_refused_with_the_reason() {
        let person = Uuid::from_u128(5);
        let members = [Member { person, name: "Tess Trainee".into(), is_instructor: false }];
        let line = LineItem {
            id: Uuid::from_u128(1),
            course_id: Uuid::nil(),
            tool_id: Uuid::nil(),
            part_id: None,
            label: "Quiz".into(),
            resource_id: String::new(),
            tag: String::new(),
            maximum: "10".into(),
            starts_at: None,
            ends_at: None,
            made_at: Timestamp::UNIX_EPOCH,
        };
        let good = json!({
            "userId": person, "scoreGiven": 8.5, "scoreMaximum": 10, "timestamp": "2010-10-04T09:30:00.123Z",
            "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        });
        let judged = |fields: &Value| score(fields.as_object().unwrap(), &line, &members);
        let kept = judged(&good).unwrap();
        assert_eq!((kept.given.as_deref(), kept.maximum.as_deref()), (Some("8.5"), Some("10")));
        for (name, value, says) in [
            ("userId", json!(Uuid::nil()), "nobody in this course"),
            ("userId", json!(5), "no text"),
            ("scoreGiven", json!(-1), "below nought"),
            ("scoreGiven", json!("8"), "no number"),
            ("scoreMaximum", Value::Null, "without its scoreMaximum"),
            ("scoreMaximum", json!(0), "not above nought"),
            ("timestamp", json!("yesterday"), "no moment"),
            ("timestamp", Value::Null, "no timestamp"),
            ("activityProgress", json!("Done"), "none of Initialized"),
            ("gradingProgress", Value::Null, "none of NotReady"),
            ("comment", json!("x".repeat(LONGEST + 1)), "at most"),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            let why = judged(&bad).unwrap_err();
            assert!(why.contains(says), "{bad}: {why}");
        }
        let mut open = good.clone();
        open.as_object_mut().unwrap().remove("scoreGiven");
        open.as_object_mut().unwrap().remove("scoreMaximum");
        assert_eq!(judged(&open).unwrap().given, None, "progress may come without a score");
    }
}
