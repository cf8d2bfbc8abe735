//! What a statement is about: an activity with its definition, somebody, another statement, or a statement within.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::agent::agent;
use super::context::context;
use super::fields::{extensions, iri, is_text_or_absent, known, language_map, object, timestamp, uuid};
use super::outcome::outcome;
use super::{Checking, verb};

const INTERACTIONS: [&str; 10] = [
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
];
const COMPONENTS: [&str; 5] = ["choices", "scale", "source", "target", "steps"];

/// The id of the activity, or the statement it refers to.
pub(super) fn thing(value: &Value, place: &str) -> Checking<(String, Option<Uuid>)> {
    let fields = object(value, place)?;
    match fields.get("objectType").map_or(Some("Activity"), Value::as_str) {
        Some("Activity") => Ok((activity(fields, place)?, None)),
        Some("Agent" | "Group") => agent(value, place).map(|_| (String::new(), None)),
        Some("StatementRef") => Ok((String::new(), Some(reference(fields, place)?))),
        Some("SubStatement") if place == "object" => within(fields).map(|()| (String::new(), None)),
        _ => Err(format!("{place}.objectType is none of Activity, Agent, Group, StatementRef and SubStatement")),
    }
}

pub(super) fn reference(fields: &Map<String, Value>, place: &str) -> Checking<Uuid> {
    known(fields, place, &["objectType", "id"])?;
    uuid(fields.get("id").ok_or_else(|| format!("{place} has no id"))?, &format!("{place}.id"))
}

/// The id of an activity.
pub(super) fn activity(fields: &Map<String, Value>, place: &str) -> Checking<String> {
    known(fields, place, &["objectType", "id", "definition"])?;
    let id = fields.get("id").ok_or_else(|| format!("{place} has no id"))?;
    if let Some(definition) = fields.get("definition") {
        self::definition(definition, &format!("{place}.definition"))?;
    }
    iri(id, &format!("{place}.id"))
}

fn definition(value: &Value, place: &str) -> Checking<()> {
    let fields = object(value, place)?;
    known(
        fields,
        place,
        &[
            "name",
            "description",
            "type",
            "moreInfo",
            "interactionType",
            "correctResponsesPattern",
            "choices",
            "scale",
            "source",
            "target",
            "steps",
            "extensions",
        ],
    )?;
    for name in ["name", "description"] {
        if let Some(words) = fields.get(name) {
            language_map(words, &format!("{place}.{name}"))?;
        }
    }
    for name in ["type", "moreInfo"] {
        if let Some(address) = fields.get(name) {
            iri(address, &format!("{place}.{name}"))?;
        }
    }
    let interaction = fields.get("interactionType").map(|kind| kind.as_str().unwrap_or_default());
    if interaction.is_some_and(|kind| !INTERACTIONS.contains(&kind)) {
        return Err(format!("{place}.interactionType is none of {}", INTERACTIONS.join(", ")));
    }
    let of_interactions = COMPONENTS.iter().chain(["correctResponsesPattern"].iter());
    if let (None, Some(name)) = (interaction, of_interactions.into_iter().find(|name| fields.contains_key(**name))) {
        return Err(format!("{place}.{name} is for interactions: it has no interactionType"));
    }
    if let Some(pattern) = fields.get("correctResponsesPattern") {
        let is_list = pattern.as_array().is_some_and(|answers| answers.iter().all(Value::is_string));
        if !is_list {
            return Err(format!("{place}.correctResponsesPattern is no list of texts"));
        }
    }
    for name in COMPONENTS.iter().filter(|name| fields.contains_key(**name)) {
        components(&fields[*name], &format!("{place}.{name}"))?;
    }
    extensions(fields, place)
}

fn components(value: &Value, place: &str) -> Checking<()> {
    let mut seen = Vec::new();
    for component in value.as_array().ok_or_else(|| format!("{place} is no list"))? {
        let fields = object(component, place)?;
        known(fields, place, &["id", "description"])?;
        let id = fields.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| format!("{place} holds one without an id"))?;
        if seen.contains(&id) {
            return Err(format!("{place} holds '{id}' twice"));
        }
        seen.push(id);
        if let Some(words) = fields.get("description") {
            language_map(words, &format!("{place}.description"))?;
        }
    }
    Ok(())
}

/// A statement within a statement: as another, but without id, receiver's fields and a further one within.
fn within(fields: &Map<String, Value>) -> Checking<()> {
    known(
        fields,
        "object",
        &["objectType", "actor", "verb", "object", "result", "context", "timestamp", "attachments"],
    )?;
    agent(fields.get("actor").ok_or("object has no actor")?, "object.actor")?;
    verb(fields.get("verb").ok_or("object has no verb")?, "object.verb")?;
    let (activity, _) = thing(fields.get("object").ok_or("object has no object")?, "object.object")?;
    if let Some(result) = fields.get("result") {
        outcome(result, "object.result")?;
    }
    if let Some(about) = fields.get("context") {
        context(about, "object.context", activity.is_empty())?;
    }
    if let Some(moment) = fields.get("timestamp") {
        timestamp(moment, "object.timestamp")?;
    }
    is_text_or_absent(fields, "object", "objectType")
}
