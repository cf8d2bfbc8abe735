//! Whom and what a checked statement names besides its actor and its activity, for those who ask for what is related.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::agent::agent;

/// Somebody or something a statement names, in the spelling it is looked for by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Mention {
    /// `object_agent`, `agent` or `activity`.
    pub kind: &'static str,
    pub name: String,
}

pub(super) fn mentions(fields: &Map<String, Value>) -> Vec<Mention> {
    let mut found = BTreeSet::new();
    if let Some(object) = fields.get("object").filter(|object| is_somebody(object)) {
        people(object, "object_agent", &mut found);
    }
    of_statement(fields, &mut found);
    if let Some(authority) = fields.get("authority") {
        people(authority, "agent", &mut found);
    }
    found.into_iter().collect()
}

fn is_somebody(object: &Value) -> bool {
    matches!(object.get("objectType").and_then(Value::as_str), Some("Agent" | "Group"))
}

/// What a statement, or one within, names anywhere.
fn of_statement(fields: &Map<String, Value>, found: &mut BTreeSet<Mention>) {
    let context = fields.get("context");
    let somebody = [
        fields.get("actor"),
        context.and_then(|context| context.get("instructor")),
        context.and_then(|context| context.get("team")),
    ];
    for who in somebody.into_iter().flatten() {
        people(who, "agent", found);
    }
    match fields.get("object") {
        Some(object) if is_somebody(object) => people(object, "agent", found),
        Some(Value::Object(object)) if object.get("objectType").and_then(Value::as_str) == Some("SubStatement") => {
            of_statement(object, found);
        }
        Some(object) if object.get("objectType").and_then(Value::as_str) != Some("StatementRef") => {
            activity(object, found)
        }
        _ => {}
    }
    let around = context.and_then(|context| context.get("contextActivities")).and_then(Value::as_object);
    for given in around.into_iter().flat_map(Map::values) {
        match given {
            Value::Array(all) => all.iter().for_each(|one| activity(one, found)),
            one => activity(one, found),
        }
    }
}

/// Somebody, and for a group its members too.
fn people(who: &Value, kind: &'static str, found: &mut BTreeSet<Mention>) {
    let members = who.get("member").and_then(Value::as_array);
    for one in std::iter::once(who).chain(members.into_iter().flatten()) {
        if let Ok(name) = agent(one, "agent").map_err(drop)
            && name != "group"
        {
            found.insert(Mention { kind, name });
        }
    }
}

fn activity(one: &Value, found: &mut BTreeSet<Mention>) {
    if let Some(id) = one.get("id").and_then(Value::as_str) {
        found.insert(Mention { kind: "activity", name: id.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_that_is_named_is_found() {
        let statement = json!({
            "actor": {"mbox": "mailto:a@example.org"},
            "object": {"objectType": "SubStatement", "actor": {"mbox": "mailto:b@example.org"}, "object": {"id": "https://example.org/in"}},
            "context": {
                "team": {"objectType": "Group", "member": [{"mbox": "mailto:c@example.org"}]},
                "contextActivities": {"parent": [{"id": "https://example.org/up"}], "other": {"id": "https://example.org/by"}},
            },
        });
        let found = mentions(statement.as_object().unwrap());
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "https://example.org/by",
                "https://example.org/in",
                "https://example.org/up",
                "mbox:a@example.org",
                "mbox:b@example.org",
                "mbox:c@example.org",
            ]
        );
        let about = json!({"actor": {"mbox": "mailto:a@example.org"}, "object": {"objectType": "Agent", "mbox": "mailto:d@example.org"}});
        let found = mentions(about.as_object().unwrap());
        assert!(found.contains(&Mention { kind: "object_agent", name: "mbox:d@example.org".into() }));
    }
}
