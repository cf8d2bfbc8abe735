//! What every Open Badge must have, as Open Badges 3.0 and the VC data model require it; it must never take a wrong kind of value for a missing one.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::award::is_address;
use crate::dates;

/// Whether the credential says it is an Open Badge.
pub fn check_type(credential: &Value) -> Result<(), String> {
    let types = types(credential)?;
    if !types.contains(&"VerifiableCredential") {
        return Err("It does not say it is a verifiable credential (type).".to_owned());
    }
    if !types.contains(&"OpenBadgeCredential") && !types.contains(&"AchievementCredential") {
        return Err(
            "It does not say it is an Open Badge (type OpenBadgeCredential or AchievementCredential).".to_owned()
        );
    }
    Ok(())
}

/// Whether a credential says it is a status list.
pub fn check_list_type(credential: &Value) -> Result<(), String> {
    let types = types(credential)?;
    if types.contains(&"VerifiableCredential") && types.contains(&"BitstringStatusListCredential") {
        Ok(())
    } else {
        Err("it does not say it is a BitstringStatusListCredential".to_owned())
    }
}

/// Whether all required members are there and of the right kind.
pub fn check_members(credential: &Value) -> Result<(), String> {
    let badge = object(Some(credential), "The credential")?;
    address(badge, "id", "The credential")?;
    let issuer = badge.get("issuer").ok_or("It does not say who issued it (issuer).")?;
    match issuer {
        Value::String(id) if is_address(id) => {}
        Value::Object(profile) => {
            address(profile, "id", "The issuer")?;
            has_type(issuer, "Profile", "The issuer")?;
        }
        _ => return Err("Its issuer is neither an address nor a profile.".to_owned()),
    }
    let subject_value = badge.get("credentialSubject");
    if subject_value.is_some_and(Value::is_array) {
        return Err("It is about several people at once (credentialSubject); a badge is about one.".to_owned());
    }
    let subject = object(subject_value, "Its subject (credentialSubject)")?;
    has_type(subject_value.unwrap_or(&Value::Null), "AchievementSubject", "The subject")?;
    if subject.contains_key("id") {
        address(subject, "id", "The subject")?;
    } else if subject.get("identifier").is_none_or(is_empty) {
        return Err("It does not say who earned it: the subject has neither an id nor an identifier.".to_owned());
    }
    let achievement_value = subject.get("achievement");
    let achievement = object(achievement_value, "The achievement")?;
    address(achievement, "id", "The achievement")?;
    has_type(achievement_value.unwrap_or(&Value::Null), "Achievement", "The achievement")?;
    text(achievement, "name", "The achievement")?;
    text(achievement, "description", "The achievement")?;
    let criteria = object(achievement.get("criteria"), "What had to be done for the achievement (criteria)")?;
    if criteria.contains_key("id") {
        address(criteria, "id", "The criteria")?;
    } else {
        text(criteria, "narrative", "The criteria")?;
    }
    Ok(())
}

/// From when and until when the credential says it is good.
pub fn window(credential: &Value) -> Result<(DateTime<Utc>, Option<DateTime<Utc>>), String> {
    let moment = |name: &str| match credential.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(dates::read)
            .map(Some)
            .ok_or_else(|| format!("Its {name} is no moment with a time zone, such as 2026-01-01T00:00:00Z.")),
    };
    let from = moment("validFrom")?.ok_or("It does not say from when it is good (validFrom).")?;
    // Signed dates that nobody could read would be taken for whatever suits.
    moment("awardedDate")?;
    Ok((from, moment("validUntil")?))
}

/// Whether a moment lies in the window, in a sentence either way.
pub fn check_window(credential: &Value, at: DateTime<Utc>) -> Result<String, String> {
    let (from, until) = window(credential)?;
    if at < from {
        return Err(format!("It is good only from {}.", dates::in_words(from)));
    }
    match until {
        Some(until) if at > until => Err(format!("It expired on {}.", dates::in_words(until))),
        Some(until) => Ok(format!("It is good from {} until {}.", dates::in_words(from), dates::in_words(until))),
        None => Ok(format!("It is good from {}, without an end.", dates::in_words(from))),
    }
}

fn types(value: &Value) -> Result<Vec<&str>, String> {
    match value.get("type") {
        Some(Value::String(one)) => Ok(vec![one]),
        Some(Value::Array(several)) => {
            several.iter().map(|one| one.as_str().ok_or_else(|| "One of its types is no name.".to_owned())).collect()
        }
        _ => Err("It does not say what it is (type).".to_owned()),
    }
}

fn has_type(value: &Value, name: &str, whose: &str) -> Result<(), String> {
    if types(value).is_ok_and(|types| types.contains(&name)) {
        Ok(())
    } else {
        Err(format!("{whose} does not say it is of the type {name}."))
    }
}

fn object<'a>(value: Option<&'a Value>, what: &str) -> Result<&'a Map<String, Value>, String> {
    match value {
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(format!("{what} is not an object.")),
        None => Err(format!("{what} is missing.")),
    }
}

fn address(members: &Map<String, Value>, name: &str, whose: &str) -> Result<(), String> {
    match members.get(name) {
        Some(Value::String(text)) if is_address(text) => Ok(()),
        Some(_) => Err(format!("{whose} has a {name} that is no whole address.")),
        None => Err(format!("{whose} has no {name}.")),
    }
}

/// Text, or text with its language, or several of them.
fn text(members: &Map<String, Value>, name: &str, whose: &str) -> Result<(), String> {
    let is_text = |value: &Value| match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Object(text) => text.get("@value").and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty()),
        _ => false,
    };
    match members.get(name) {
        None | Some(Value::Null) => Err(format!("{whose} has no {name}.")),
        Some(Value::Array(several)) if !several.is_empty() && several.iter().all(is_text) => Ok(()),
        Some(value) if is_text(value) => Ok(()),
        Some(_) => Err(format!("{whose} has a {name} that is no text.")),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
