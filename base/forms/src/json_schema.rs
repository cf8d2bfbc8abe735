//! The JSON Schema (2020-12) of a set's answers, for users of the API; limits it cannot state are still checked when answers arrive.

use serde_json::{Map, Value, json};

use crate::question_set::{Kind, QuestionSet};

/// A schema that every JSON of [`Answers`](crate::Answers) to this set fits. It states sorts, options and limits;
/// word limits, conditions and what is required are not in it, because a draft may be unfinished.
pub fn json_schema(set: &QuestionSet) -> Value {
    let properties: Map<String, Value> = set
        .questions()
        .map(|(_, question)| {
            let mut schema = of_kind(&question.kind);
            if let Value::Object(fields) = &mut schema {
                fields.insert("title".to_owned(), json!(question.label));
                if !question.guidance.is_empty() {
                    fields.insert("description".to_owned(), json!(question.guidance));
                }
            }
            (question.key.clone(), schema)
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": set.title,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Text { .. } => tagged("text", json!({"type": "string", "maxLength": crate::limits::MAX_CHARACTERS})),
        Kind::Number { .. } => {
            tagged("number", json!({"type": ["string", "number"], "pattern": "^-?[0-9]+(\\.[0-9]{1,6})?$"}))
        }
        Kind::Money { min, max } => {
            let mut pence = json!({"type": "integer", "minimum": min.unwrap_or_default().0});
            if let (Some(max), Value::Object(fields)) = (max, &mut pence) {
                fields.insert("maximum".to_owned(), json!(max.0));
            }
            tagged("money", pence)
        }
        Kind::Date { .. } => tagged("date", json!({"type": "string", "format": "date"})),
        Kind::Choice { options, many } => {
            let keys: Vec<&str> = options.iter().map(|option| option.key.as_str()).collect();
            if *many {
                let items = json!({"type": "array", "items": {"enum": keys}, "uniqueItems": true});
                tagged("choices", items)
            } else {
                tagged("choice", json!({"enum": keys}))
            }
        }
        Kind::Table { columns, max_rows, .. } => {
            let cells: Map<String, Value> =
                columns.iter().map(|column| (column.key.clone(), of_kind(&column.kind))).collect();
            let row = json!({"type": "object", "properties": cells, "additionalProperties": false});
            let mut rows = json!({"type": "array", "items": row});
            if let (Some(max), Value::Object(fields)) = (max_rows, &mut rows) {
                fields.insert("maxItems".to_owned(), json!(max));
            }
            tagged("table", rows)
        }
        Kind::File { .. } => tagged("file", json!({"type": "string", "format": "uuid"})),
    }
}

/// An object with one field, which names the sort of answer.
fn tagged(sort: &str, value: Value) -> Value {
    json!({
        "type": "object",
        "properties": {sort: value},
        "required": [sort],
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn each_question_has_its_sort_options_and_limits() {
        let schema = json_schema(&sample::bid());
        assert_eq!(
            schema.pointer("/properties/amount/properties/money"),
            Some(&json!({"type": "integer", "minimum": 100, "maximum": 110_000_000}))
        );
        assert_eq!(
            schema.pointer("/properties/settings/properties/choices/items/enum"),
            Some(&json!(["primary", "secondary", "tertiary"]))
        );
        assert_eq!(
            schema.pointer("/properties/partners/properties/table/items/properties/name/required"),
            Some(&json!(["text"]))
        );
        assert_eq!(schema.pointer("/properties/vision/title"), Some(&json!("Vision")));
    }
}
