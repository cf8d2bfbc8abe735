//! The shape of a request to issue: which fields it has, and of which kind; each fault names its field and what to write there.

use serde_json::{Map, Value};

use crate::dates;

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Moment,
    Number,
    Purpose,
    Object(&'static [Field]),
    List(&'static [Field]),
}

/// A field: its name, what it holds, whether it must be there.
type Field = (&'static str, Kind, bool);

const ISSUER: &[Field] = &[("id", Kind::Text, true), ("name", Kind::Text, true), ("url", Kind::Text, false)];
const CRITERIA: &[Field] = &[("narrative", Kind::Text, false), ("url", Kind::Text, false)];
const ALIGNMENT: &[Field] = &[
    ("name", Kind::Text, true),
    ("url", Kind::Text, true),
    ("framework", Kind::Text, false),
    ("code", Kind::Text, false),
];
const ACHIEVEMENT: &[Field] = &[
    ("id", Kind::Text, true),
    ("name", Kind::Text, true),
    ("description", Kind::Text, true),
    ("criteria", Kind::Object(CRITERIA), true),
    ("kind", Kind::Text, false),
    ("alignments", Kind::List(ALIGNMENT), false),
];
const RECIPIENT: &[Field] = &[
    ("id", Kind::Text, false),
    ("email", Kind::Text, false),
    ("salt", Kind::Text, false),
    ("name", Kind::Text, false),
];
const EVIDENCE: &[Field] = &[("url", Kind::Text, false), ("name", Kind::Text, false), ("narrative", Kind::Text, false)];
const STATUS: &[Field] = &[("list", Kind::Text, true), ("index", Kind::Number, true), ("purpose", Kind::Purpose, true)];
const REQUEST: &[Field] = &[
    ("id", Kind::Text, true),
    ("issuer", Kind::Object(ISSUER), true),
    ("achievement", Kind::Object(ACHIEVEMENT), true),
    ("recipient", Kind::Object(RECIPIENT), true),
    ("valid_from", Kind::Moment, true),
    ("valid_until", Kind::Moment, false),
    ("evidence", Kind::List(EVIDENCE), false),
    ("status", Kind::List(STATUS), false),
];

/// Everything wrong with the shape of a request.
pub fn faults(request: &Value) -> Vec<String> {
    let Value::Object(members) = request else {
        return vec!["the request must be one JSON object with issuer, achievement and recipient".to_owned()];
    };
    let mut faults = Vec::new();
    object(members, REQUEST, "", &mut faults);
    faults
}

fn object(members: &Map<String, Value>, fields: &[Field], within: &str, faults: &mut Vec<String>) {
    for name in members.keys().filter(|name| !fields.iter().any(|(own, ..)| own == name)) {
        let known: Vec<&str> = fields.iter().map(|(own, ..)| *own).collect();
        let name: String = name.chars().take(60).collect();
        faults.push(format!("{within}{name} is no field: write one of {}", known.join(", ")));
    }
    for (name, kind, is_needed) in fields {
        let place = format!("{within}{name}");
        match members.get(*name) {
            None | Some(Value::Null) if *is_needed => {
                faults.push(format!("{place} is missing: write {}", wanted(*kind)))
            }
            None | Some(Value::Null) => {}
            Some(value) => one(value, *kind, &place, faults),
        }
    }
}

fn one(value: &Value, kind: Kind, place: &str, faults: &mut Vec<String>) {
    match (kind, value) {
        (Kind::Text, Value::String(_)) => {}
        (Kind::Moment, Value::String(text)) if dates::read(text).is_some() => {}
        (Kind::Number, Value::Number(number)) if number.is_u64() => {}
        (Kind::Purpose, Value::String(text)) if matches!(text.as_str(), "revocation" | "suspension") => {}
        (Kind::Object(fields), Value::Object(members)) => object(members, fields, &format!("{place}."), faults),
        (Kind::List(fields), Value::Array(items)) => {
            for (nth, item) in items.iter().enumerate() {
                one(item, Kind::Object(fields), &format!("{place}[{}]", nth + 1), faults);
            }
        }
        _ => faults.push(format!("{place} must be {}", wanted(kind))),
    }
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Moment => "a moment with its time zone, such as 2026-01-01T00:00:00Z",
        Kind::Number => "a whole number",
        Kind::Purpose => "revocation or suspension",
        Kind::Object(_) => "an object with fields",
        Kind::List(_) => "a list of objects",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_fault_names_its_field_and_what_to_write() {
        let good = json!({
            "id": "urn:uuid:1", "issuer": {"id": "did:key:z", "name": "Cluster"}, "recipient": {"email": "a@example.org"},
            "achievement": {"id": "https://example.org/a", "name": "A", "description": "B", "criteria": {"narrative": "C"}},
            "valid_from": "2026-01-01T00:00:00Z", "status": [{"list": "https://example.org/1", "index": 1, "purpose": "revocation"}],
        });
        assert_eq!(faults(&good), Vec::<String>::new());
        for (pointer, value, says) in [
            ("/valid_until", json!("soon"), "valid_until must be a moment with its time zone"),
            ("/valid_from", json!(5), "valid_from must be a moment"),
            ("/issuer", json!("me"), "issuer must be an object"),
            ("/issuer/name", Value::Null, "issuer.name is missing: write a text"),
            ("/colour", json!("red"), "colour is no field"),
            ("/evidence", json!({}), "evidence must be a list"),
            ("/evidence", json!([{"narrative": 5}]), "evidence[1].narrative must be a text"),
            ("/status/0/index", json!(-1), "status[1].index must be a whole number"),
            ("/status/0/purpose", json!("refresh"), "status[1].purpose must be revocation or suspension"),
        ] {
            let mut bad = good.clone();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            match bad.pointer_mut(parent).unwrap() {
                Value::Object(members) => members.insert(name.to_owned(), value),
                _ => unreachable!(),
            };
            let found = faults(&bad);
            assert!(found.len() == 1 && found[0].contains(says), "{found:?}");
        }
        assert!(faults(&json!([]))[0].contains("one JSON object"));
    }
}
