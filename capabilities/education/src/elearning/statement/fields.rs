//! The fields of a statement by themselves: objects without strangers, IRIs, UUIDs, languages, moments. Each says in one reason what is wrong.

use chrono::DateTime;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Checking;

/// The longest name of a thing or a person: both must fit one entry of an index, on every database.
pub(super) const LONGEST_NAME: usize = 1_000;

pub(super) fn object<'a>(value: &'a Value, place: &str) -> Checking<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| format!("{place} is no JSON object"))
}

pub(super) fn known(fields: &Map<String, Value>, place: &str, names: &[&str]) -> Checking<()> {
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(format!("{place} has no field '{name}'")),
        None => Ok(()),
    }
}

/// Null stands nowhere but in extensions.
pub(super) fn no_nulls(value: &Value, place: &str) -> Checking<()> {
    match value {
        Value::Null => Err(format!("{place} is null: leave it out instead")),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "extensions")
            .try_for_each(|(name, inner)| no_nulls(inner, &format!("{place}.{name}"))),
        Value::Array(items) => items.iter().try_for_each(|inner| no_nulls(inner, place)),
        _ => Ok(()),
    }
}

pub(super) fn uuid(value: &Value, place: &str) -> Checking<Uuid> {
    let text = value.as_str().unwrap_or_default();
    let read = (text.len() == 36).then(|| Uuid::parse_str(text).ok()).flatten();
    read.ok_or_else(|| format!("{place} is no UUID"))
}

pub(super) fn iri(value: &Value, place: &str) -> Checking<String> {
    let text = value.as_str().unwrap_or_default();
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let has_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    let is_plain =
        !text.chars().any(|letter| letter.is_whitespace() || letter.is_control() || "<>\"{}|\\^`".contains(letter));
    if has_scheme && is_plain && text.len() > scheme.len() + 1 && text.len() <= LONGEST_NAME {
        return Ok(text.to_owned());
    }
    if text.len() > LONGEST_NAME {
        return Err(format!("{place} is longer than {LONGEST_NAME} bytes"));
    }
    Err(format!("{place} is no IRI with a scheme, such as https://example.org/course"))
}

pub(super) fn language_map(value: &Value, place: &str) -> Checking<()> {
    match object(value, place)?.iter().find(|(tag, words)| !is_language(tag) || !words.is_string()) {
        Some((tag, _)) => Err(format!("{place} has no words for the language '{tag}'")),
        None => Ok(()),
    }
}

pub(super) fn timestamp(value: &Value, place: &str) -> Checking<()> {
    let text = value.as_str().unwrap_or_default();
    match DateTime::parse_from_rfc3339(text) {
        Ok(_) if !text.ends_with("-00:00") => Ok(()),
        _ => Err(format!("{place} is no moment such as 2010-10-04T09:30:00Z")),
    }
}

/// A language as RFC 5646 spells it: `en-GB`.
pub(super) fn is_language(tag: &str) -> bool {
    tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Extensions are named by IRIs; what they hold is their own matter.
pub(super) fn extensions(fields: &Map<String, Value>, place: &str) -> Checking<()> {
    let Some(extensions) = fields.get("extensions") else {
        return Ok(());
    };
    let place = format!("{place}.extensions");
    object(extensions, &place)?
        .keys()
        .try_for_each(|name| iri(&Value::from(name.as_str()), &format!("{place}: '{name}'")).map(|_| ()))
}

pub(super) fn is_text_or_absent(fields: &Map<String, Value>, place: &str, name: &str) -> Checking<()> {
    if fields.get(name).is_some_and(|text| !text.is_string()) {
        return Err(format!("{place}.{name} is no text"));
    }
    Ok(())
}
