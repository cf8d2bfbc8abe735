//! In what context it happened: registration, people, other activities, language.

use serde_json::Value;

use super::Checking;
use super::agent::agent;
use super::fields::{extensions, is_language, is_text_or_absent, known, object, uuid};
use super::thing::{activity, reference};

const AROUND: [&str; 4] = ["parent", "grouping", "category", "other"];

pub(super) fn context(value: &Value, place: &str, is_without_activity: bool) -> Checking<()> {
    let fields = object(value, place)?;
    known(
        fields,
        place,
        &[
            "registration",
            "instructor",
            "team",
            "contextActivities",
            "revision",
            "platform",
            "language",
            "statement",
            "extensions",
        ],
    )?;
    if let Some(registration) = fields.get("registration") {
        uuid(registration, &format!("{place}.registration"))?;
    }
    for name in ["instructor", "team"] {
        if let Some(who) = fields.get(name) {
            agent(who, &format!("{place}.{name}"))?;
        }
    }
    if fields.get("team").is_some_and(|team| team.get("objectType").and_then(Value::as_str) != Some("Group")) {
        return Err(format!("{place}.team is no Group"));
    }
    for name in ["revision", "platform"] {
        is_text_or_absent(fields, place, name)?;
        if fields.contains_key(name) && is_without_activity {
            return Err(format!("{place}.{name} is for statements about an activity"));
        }
    }
    if fields.get("language").is_some_and(|tag| !tag.as_str().is_some_and(is_language)) {
        return Err(format!("{place}.language is no language such as en-GB"));
    }
    if let Some(statement) = fields.get("statement") {
        let place = format!("{place}.statement");
        let fields = object(statement, &place)?;
        if fields.get("objectType").and_then(Value::as_str) != Some("StatementRef") {
            return Err(format!("{place} is no StatementRef"));
        }
        reference(fields, &place)?;
    }
    if let Some(activities) = fields.get("contextActivities") {
        let place = format!("{place}.contextActivities");
        let around = object(activities, &place)?;
        known(around, &place, &AROUND)?;
        for (name, given) in around {
            let place = format!("{place}.{name}");
            let all = given.as_array().map_or_else(|| std::slice::from_ref(given), Vec::as_slice);
            for one in all {
                let fields = object(one, &place)?;
                if fields.get("objectType").is_some_and(|kind| kind != "Activity") {
                    return Err(format!("{place} holds something else than activities"));
                }
                activity(fields, &place)?;
            }
        }
    }
    extensions(fields, place)
}
