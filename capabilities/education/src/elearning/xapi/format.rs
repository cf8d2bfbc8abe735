//! Statements as they are asked for: as they came, with one language of each text, or with names alone (xAPI 1.0.3, part 3, section 2.1.3). Pure.

use serde_json::{Map, Value};

/// How statements are given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Format {
    #[default]
    Exact,
    Canonical,
    Ids,
}

impl Format {
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "exact" => Some(Self::Exact),
            "canonical" => Some(Self::Canonical),
            "ids" => Some(Self::Ids),
            _ => None,
        }
    }

    /// `languages` are those the reader prefers, the dearest first.
    pub fn of(self, mut statement: Value, languages: &[String]) -> Value {
        match self {
            Self::Exact => {}
            Self::Canonical => one_language(&mut statement, languages),
            Self::Ids => names_alone(&mut statement),
        }
        statement
    }
}

/// The languages of `Accept-Language`, the dearest first.
pub(crate) fn languages(header: Option<&str>) -> Vec<String> {
    let mut asked: Vec<(f32, String)> = header
        .unwrap_or_default()
        .split(',')
        .filter_map(|one| {
            let (tag, rest) = one.split_once(';').unwrap_or((one, ""));
            let dear = rest.trim().strip_prefix("q=").and_then(|figure| figure.parse().ok()).unwrap_or(1.0);
            let tag = tag.trim().to_lowercase();
            (!tag.is_empty() && tag != "*" && dear > 0.0).then_some((dear, tag))
        })
        .collect();
    asked.sort_by(|one, other| other.0.total_cmp(&one.0));
    asked.into_iter().map(|(_, tag)| tag).collect()
}

const TEXTS: [&str; 3] = ["display", "name", "description"];

/// Keeps one language of every text in several.
fn one_language(value: &mut Value, languages: &[String]) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields.iter_mut().filter(|(name, _)| *name != "extensions") {
                match inner {
                    Value::Object(texts) if TEXTS.contains(&name.as_str()) => keep_one(texts, languages),
                    _ => one_language(inner, languages),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| one_language(one, languages)),
        _ => {}
    }
}

fn keep_one(texts: &mut Map<String, Value>, languages: &[String]) {
    let fits = |tag: &String, wanted: &String| {
        let tag = tag.to_lowercase();
        tag == *wanted || tag.starts_with(&format!("{wanted}-")) || wanted.starts_with(&format!("{tag}-"))
    };
    let best =
        languages.iter().find_map(|wanted| texts.keys().find(|tag| fits(tag, wanted))).or_else(|| texts.keys().next());
    if let Some(best) = best.cloned() {
        texts.retain(|tag, _| *tag == best);
    }
}

/// Keeps of people and things only what says which they are.
fn names_alone(statement: &mut Value) {
    let Value::Object(fields) = statement else {
        return;
    };
    for name in ["actor", "authority"] {
        if let Some(who) = fields.get_mut(name) {
            who_alone(who);
        }
    }
    if let Some(verb) = fields.get_mut("verb") {
        keep(verb, &["id"]);
    }
    if let Some(object) = fields.get_mut("object") {
        match object.get("objectType").and_then(Value::as_str) {
            Some("Agent" | "Group") => who_alone(object),
            Some("SubStatement") => names_alone(object),
            Some("StatementRef") => {}
            _ => keep(object, &["objectType", "id"]),
        }
    }
    let Some(Value::Object(context)) = fields.get_mut("context") else {
        return;
    };
    for name in ["instructor", "team"] {
        if let Some(who) = context.get_mut(name) {
            who_alone(who);
        }
    }
    if let Some(Value::Object(around)) = context.get_mut("contextActivities") {
        for given in around.values_mut() {
            match given {
                Value::Array(all) => all.iter_mut().for_each(|one| keep(one, &["objectType", "id"])),
                one => keep(one, &["objectType", "id"]),
            }
        }
    }
}

fn who_alone(who: &mut Value) {
    let is_named = ["mbox", "mbox_sha1sum", "openid", "account"].iter().any(|name| who.get(name).is_some());
    if is_named {
        keep(who, &["objectType", "mbox", "mbox_sha1sum", "openid", "account"]);
        return;
    }
    keep(who, &["objectType", "member"]);
    if let Some(Value::Array(members)) = who.get_mut("member") {
        members.iter_mut().for_each(who_alone);
    }
}

fn keep(value: &mut Value, names: &[&str]) {
    if let Value::Object(fields) = value {
        fields.retain(|name, _| names.contains(&name.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn statement() -> Value {
        json!({
            "actor": {"name": "Tess", "mbox": "mailto:t@example.org"},
            "verb": {"id": "https://example.org/v", "display": {"en-GB": "did", "cy": "gwnaeth"}},
            "object": {"id": "https://example.org/o", "definition": {"name": {"de": "Ding", "en": "thing"}, "extensions": {"https://example.org/e": {"name": {"a": 1, "b": 2}}}}},
            "context": {"team": {"objectType": "Group", "name": "Team", "member": [{"name": "M", "mbox": "mailto:m@example.org"}]},
                "contextActivities": {"parent": [{"id": "https://example.org/p", "definition": {}}]}},
        })
    }

    #[test]
    fn one_language_is_the_readers_where_it_is_there() {
        let given = Format::Canonical.of(statement(), &languages(Some("fr, cy;q=0.9, en;q=0.5")));
        assert_eq!(given["verb"]["display"], json!({"cy": "gwnaeth"}));
        assert_eq!(given["object"]["definition"]["name"], json!({"en": "thing"}));
        let extension = &given["object"]["definition"]["extensions"]["https://example.org/e"]["name"];
        assert_eq!(extension.as_object().unwrap().len(), 2, "extensions are their own matter");
        let any = Format::Canonical.of(statement(), &languages(None));
        assert_eq!(any["verb"]["display"].as_object().unwrap().len(), 1);
    }

    #[test]
    fn names_alone_say_who_and_what() {
        let given = Format::Ids.of(statement(), &[]);
        assert_eq!(given["actor"], json!({"mbox": "mailto:t@example.org"}));
        assert_eq!(given["object"], json!({"id": "https://example.org/o"}));
        assert_eq!(given["verb"], json!({"id": "https://example.org/v"}));
        assert_eq!(given["context"]["team"]["member"], json!([{"mbox": "mailto:m@example.org"}]));
        assert_eq!(given["context"]["contextActivities"]["parent"], json!([{"id": "https://example.org/p"}]));
        assert_eq!(Format::Exact.of(statement(), &[]), statement());
    }
}
