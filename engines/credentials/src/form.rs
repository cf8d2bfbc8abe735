//! Whether a document's JSON says exactly what a signature over its RDF covers; it must never let a member through that the signature does not hold.
//!
//! `eddsa-rdfc-2022` signs the graph that JSON-LD makes of a document, while everybody reads the JSON. Between the two,
//! members can be dropped (no context defines them), spelt otherwise (a whole address for a name) or moved to another
//! object with the same id. Each would let somebody change what is read and keep the signature, so each is refused.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::contexts::{CREDENTIALS, is_open_badges, pinned};
use crate::quoted;

/// The addresses in `@context`, where all are known and W3C's comes first.
pub fn contexts(document: &Value) -> Result<Vec<&str>, String> {
    let Some(Value::Array(listed)) = document.get("@context") else {
        return Err(
            "The credential has no list of contexts (@context), so nothing says what its members mean.".to_owned()
        );
    };
    let mut addresses = Vec::new();
    for context in listed {
        let Some(address) = context.as_str() else {
            return Err(
                "One of its contexts is written into the credential itself; only published ones are trusted here."
                    .to_owned(),
            );
        };
        if pinned(address).is_none() {
            return Err(format!(
                "It uses the context {}, which is not among those kept here. Contexts are never fetched, so what its \
                 members mean cannot be told.",
                quoted(address)
            ));
        }
        addresses.push(address);
    }
    if addresses.first() != Some(&CREDENTIALS) {
        return Err(format!("Its first context must be {CREDENTIALS}: it may be a badge of an older version."));
    }
    if addresses.len() > crate::CONTEXTS.len() {
        return Err("It lists its contexts more than once.".to_owned());
    }
    Ok(addresses)
}

/// Whether Open Badges 3.0 is among the contexts.
pub fn speaks_open_badges(addresses: &[&str]) -> bool {
    addresses.iter().any(|address| is_open_badges(address))
}

/// Whether every object is written by the names of the contexts alone, and none twice.
pub fn check(document: &Value) -> Result<(), String> {
    let Value::Object(members) = document else { return Err("The credential is not one JSON object.".to_owned()) };
    let mut ids = HashSet::new();
    for (name, value) in members {
        if name != "@context" {
            member(name, value, &mut ids)?;
        }
    }
    own_id(members, &mut ids)
}

fn member<'a>(name: &str, value: &'a Value, ids: &mut HashSet<&'a str>) -> Result<(), String> {
    if name.starts_with('@') || name.contains(':') || name.is_empty() {
        return Err(format!(
            "The member {} is not written by its name in the contexts, so a signature can hold while readers see something else.",
            quoted(name)
        ));
    }
    within(name, value, ids)
}

fn within<'a>(name: &str, value: &'a Value, ids: &mut HashSet<&'a str>) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| match item {
            Value::Array(_) => Err(format!("The member {} holds a list in a list.", quoted(name))),
            item => within(name, item, ids),
        }),
        Value::Object(members) if is_text_with_language(members) => Ok(()),
        Value::Object(members) => {
            for (inner, value) in members {
                member(inner, value, ids)?;
            }
            own_id(members, ids)
        }
        _ => Ok(()),
    }
}

fn is_text_with_language(members: &Map<String, Value>) -> bool {
    members.get("@value").is_some_and(Value::is_string)
        && members.iter().all(|(name, value)| name == "@value" || (name == "@language" && value.is_string()))
}

fn own_id<'a>(members: &'a Map<String, Value>, ids: &mut HashSet<&'a str>) -> Result<(), String> {
    let Some(id) = members.get("id") else { return Ok(()) };
    let Some(id) = id.as_str() else { return Err("An id in the credential is not one address.".to_owned()) };
    if id.starts_with("_:") {
        return Err(format!("The id {} stands for nothing outside the credential.", quoted(id)));
    }
    // A mere mention of something described elsewhere has its id alone.
    if members.len() > 1 && !ids.insert(id) {
        return Err(format!(
            "Two parts of the credential carry the id {}, so members could be moved from one to the other.",
            quoted(id)
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_documents_pass_and_respelt_ones_do_not() {
        let fine = json!({"@context": [], "id": "urn:a", "name": {"@value": "Nom", "@language": "fr"},
            "b": [{"id": "urn:c", "d": 1}, {"id": "urn:c"}, null, "x"]});
        assert_eq!(check(&fine), Ok(()));
        for (wrong, words) in [
            (json!({"@id": "urn:a"}), "not written by its name"),
            (json!({"a": {"https://www.w3.org/2018/credentials#validUntil": "2026"}}), "not written by its name"),
            (json!({"a": {"@context": {}}}), "not written by its name"),
            (json!({"a": {"@value": "x", "@direction": "ltr"}}), "not written by its name"),
            (json!({"id": "urn:a", "b": {"id": "urn:a", "c": 1}}), "Two parts"),
            (json!({"id": "_:a"}), "stands for nothing"),
            (json!({"id": ["urn:a"]}), "not one address"),
            (json!({"a": [["b"]]}), "list in a list"),
            (json!([]), "not one JSON object"),
        ] {
            let error = check(&wrong).unwrap_err();
            assert!(error.contains(words), "{wrong}: {error}");
        }
    }

    #[test]
    fn contexts_must_be_known_and_in_order() {
        let document = |contexts: Value| contexts_of(&json!({ "@context": contexts }));
        assert_eq!(document(json!([CREDENTIALS, crate::contexts::OPEN_BADGES])), Ok(2));
        assert!(document(json!([crate::contexts::OPEN_BADGES, CREDENTIALS])).is_err());
        assert!(document(json!([CREDENTIALS, "https://example.org/mine"])).unwrap_err().contains("never fetched"));
        assert!(document(json!([CREDENTIALS, {"name": "urn:x"}])).is_err());
        assert!(document(json!(CREDENTIALS)).is_err());
    }

    fn contexts_of(document: &Value) -> Result<usize, String> {
        contexts(document).map(|addresses| addresses.len())
    }
}
