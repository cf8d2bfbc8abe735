//! What `hiec credential` does, text in and text out; it must never print a secret but in a new key file.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    Award, IssuingKey, KeyDocument, Options, Outcome, PublicKey, Report, Unusable, read_json, sign_data_integrity,
    sign_jwt, verify,
};

/// How a credential is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    VcJwt,
    DataIntegrity,
}

/// Issues the award a request describes. `id` and `salt` stand in where the request gives none; the request's issuer may
/// leave out its id, which is then the key's.
///
/// # Errors
/// Everything wrong with the request or the key, a line each.
pub fn issue(
    request: &[u8],
    key: &[u8],
    signing: Signing,
    now: DateTime<Utc>,
    id: &str,
    salt: &str,
) -> Result<String, Vec<String>> {
    let one = |problem: Unusable| vec![problem.0];
    let key = IssuingKey::from_file(&read_json(key).map_err(|problem| vec![format!("the key file: {problem}")])?)
        .map_err(one)?;
    let mut request = read_json(request).map_err(one)?;
    fill_in(&mut request, &key, now, id, salt);
    let wrong = crate::request::faults(&request);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let award: Award =
        serde_json::from_value(request).map_err(|error| vec![format!("the request cannot be used: {error}")])?;
    if award.issuer.id != key.issuer {
        return Err(vec![format!(
            "the request's issuer is {}, but the key is {}'s; a badge signed so would be refused everywhere",
            award.issuer.id, key.issuer
        )]);
    }
    let document =
        award.document().map_err(|problems| problems.into_iter().map(|problem| problem.0).collect::<Vec<_>>())?;
    match signing {
        Signing::VcJwt => sign_jwt(&document, &key, now).map_err(one),
        Signing::DataIntegrity => {
            let signed = sign_data_integrity(&document, &key, now).map_err(one)?;
            serde_json::to_string_pretty(&signed).map_err(|error| vec![error.to_string()])
        }
    }
}

fn fill_in(request: &mut Value, key: &IssuingKey, now: DateTime<Utc>, id: &str, salt: &str) {
    let Some(members) = request.as_object_mut() else { return };
    members.entry("id").or_insert_with(|| id.into());
    members.entry("valid_from").or_insert_with(|| crate::dates::write(now).into());
    if let Some(issuer) = members.get_mut("issuer").and_then(Value::as_object_mut) {
        issuer.entry("id").or_insert_with(|| key.issuer.clone().into());
    }
    if let Some(recipient) = members.get_mut("recipient").and_then(Value::as_object_mut)
        && recipient.contains_key("email")
    {
        recipient.entry("salt").or_insert_with(|| salt.into());
    }
}

/// Verifies a file. `keys` are key documents, JSON Web Keys or Multikeys; `lists` are status list credentials.
///
/// # Errors
/// A badge, key or list that cannot be read.
pub fn check(file: &[u8], at: DateTime<Utc>, keys: &[Vec<u8>], lists: &[Vec<u8>]) -> Result<Report, Unusable> {
    let mut key_documents = Vec::new();
    let mut known_keys = Vec::new();
    for key in keys {
        match known_key(key).map_err(|problem| Unusable(format!("the key: {problem}")))? {
            Known::Document(document) => key_documents.push(document),
            Known::Key(key) => known_keys.push(key),
        }
    }
    verify(file, &Options { at, key_documents: &key_documents, known_keys: &known_keys, status_lists: lists })
}

enum Known {
    Document(KeyDocument),
    Key(PublicKey),
}

fn known_key(file: &[u8]) -> Result<Known, Unusable> {
    let text = std::str::from_utf8(file).map_err(|_| Unusable::new("it is not text"))?.trim();
    if !text.starts_with('{') {
        return PublicKey::from_multikey(text.strip_prefix("did:key:").unwrap_or(text)).map(Known::Key);
    }
    let file = read_json(text.as_bytes())?;
    if file.get("secretKeyMultibase").is_some() {
        // The issuer's own key file does as well: its public part is what counts.
        return IssuingKey::from_file(&file).map(|key| Known::Key(key.public()));
    }
    if file.get("verificationMethod").is_some() || file.get("assertionMethod").is_some() {
        return KeyDocument::read(&file).map(Known::Document);
    }
    match file.get("publicKeyMultibase").and_then(Value::as_str) {
        Some(text) => PublicKey::from_multikey(text).map(Known::Key),
        None => PublicKey::from_jwk(&file).map(Known::Key),
    }
}

/// A report in words, for the terminal.
#[must_use]
pub fn words(report: &Report) -> String {
    let badge = &report.badge;
    let mut text = format!("{}\n", report.sentence);
    for (name, value) in [
        ("Achievement", &badge.achievement),
        ("Earned by", &badge.recipient),
        ("Issued by", &badge.issuer_name),
        ("Issuer", &badge.issuer),
    ] {
        if let Some(value) = value {
            text.push_str(&format!("  {name}: {}\n", value.replace('\n', " ")));
        }
    }
    for check in &report.checks {
        let mark = match check.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "FAILED",
            Outcome::NotChecked => "not checked",
        };
        text.push_str(&format!("- {} ({mark}): {}\n", check.topic.name(), check.sentence));
    }
    text
}
