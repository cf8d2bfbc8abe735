//! Fields of a design's entries: how one value of the design's JSON is typed and read again; it knows no page and no rule of a call.

use hiec_kernel::Money;
use hiec_kernel::clock::{from_london, iso, london_field};
use serde_json::{Map, Value, json};

/// How a value is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Line,
    Text,
    /// A whole number.
    Whole,
    /// Pounds on the page, pence in the design.
    Pounds,
    /// A moment: local time in England on the page.
    Moment,
    Flag,
    /// One of these, by key and label.
    Pick(&'static [(&'static str, &'static str)]),
    /// Keys separated by commas.
    Keys,
    /// One entry per line, its parts separated by `|`, in the order of these keys; a key with `#` is a number.
    Lines(&'static [&'static str]),
    /// As it stands in the design file.
    Json,
}

/// One field of an entry.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Where it stands within the entry: `citation/source`.
    pub place: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub shape: Shape,
}

pub const fn field(place: &'static str, label: &'static str, shape: Shape) -> FieldSpec {
    FieldSpec { place, label, hint: "", shape }
}

pub const fn hinted(place: &'static str, label: &'static str, shape: Shape, hint: &'static str) -> FieldSpec {
    FieldSpec { place, label, hint, shape }
}

impl FieldSpec {
    /// The field's name in the form: `citation-source`.
    pub fn name(&self) -> String {
        self.place.replace('/', "-")
    }

    /// The value as the form shows it.
    pub fn typed(&self, entry: &Value) -> String {
        let Some(value) = entry.pointer(&format!("/{}", self.place)) else {
            return String::new();
        };
        match (self.shape, value) {
            (_, Value::Null) => String::new(),
            (Shape::Pounds, value) => value.as_i64().map(|pence| Money(pence).plain()).unwrap_or_default(),
            (Shape::Moment, Value::String(text)) => text.parse().map(london_field).unwrap_or_else(|_| text.clone()),
            (Shape::Keys, Value::Array(items)) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
            (Shape::Lines(keys), Value::Array(items)) => {
                items.iter().map(|item| line(item, keys)).collect::<Vec<_>>().join("\n")
            }
            (Shape::Json, value) => serde_json::to_string_pretty(value).unwrap_or_default(),
            (_, value) => plain(value),
        }
    }

    /// Reads what was typed; empty means the value is not there. Errors in the words of the form.
    pub fn read(&self, typed: &str) -> Result<Option<Value>, String> {
        let typed = typed.trim();
        if self.shape == Shape::Flag {
            return Ok((typed == "yes").then_some(Value::Bool(true)));
        }
        if typed.is_empty() {
            return Ok(None);
        }
        let label = self.label;
        Ok(Some(match self.shape {
            Shape::Line | Shape::Text | Shape::Flag => Value::String(typed.replace("\r\n", "\n")),
            Shape::Whole => {
                json!(typed.replace(',', "").parse::<u64>().map_err(|_| format!("{label}: enter a whole number"))?)
            }
            Shape::Pounds => json!(Money::parse(typed).map_err(|error| format!("{label}: {error}"))?.0),
            Shape::Moment => json!(iso(from_london(typed).map_err(|error| format!("{label}: {error}"))?)),
            Shape::Pick(choices) => {
                if choices.iter().all(|(key, _)| *key != typed) {
                    return Err(format!("{label}: choose one of the list"));
                }
                json!(typed)
            }
            Shape::Keys => {
                json!(typed.split([',', '\n']).map(str::trim).filter(|key| !key.is_empty()).collect::<Vec<_>>())
            }
            Shape::Lines(keys) => Value::Array(
                typed
                    .lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(|text| parts(text, keys, label))
                    .collect::<Result<_, _>>()?,
            ),
            Shape::Json => serde_json::from_str(typed).map_err(|error| {
                format!("{label}: not readable at line {}, column {}", error.line(), error.column())
            })?,
        }))
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => String::new(),
        other => other.to_string(),
    }
}

fn line(item: &Value, keys: &[&str]) -> String {
    let mut cells: Vec<String> =
        keys.iter().map(|key| item.get(key.trim_end_matches('#')).map(plain).unwrap_or_default()).collect();
    while cells.len() > 1 && cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells.join(" | ")
}

fn parts(text: &str, keys: &[&str], label: &str) -> Result<Value, String> {
    let mut fields = Map::new();
    for (key, cell) in keys.iter().zip(text.split('|').map(str::trim)) {
        if cell.is_empty() {
            continue;
        }
        let value = if key.ends_with('#') {
            json!(cell.parse::<u64>().map_err(|_| format!("{label}: \"{cell}\" should be a whole number"))?)
        } else {
            json!(cell)
        };
        fields.insert(key.trim_end_matches('#').to_owned(), value);
    }
    Ok(Value::Object(fields))
}

/// Puts a value at a place within the entry, making the objects on the way; `None` takes it out.
pub fn put(entry: &mut Value, place: &str, value: Option<Value>) {
    match place.split_once('/') {
        Some((first, rest)) => {
            let inner = member(entry, first);
            put(inner, rest, value);
        }
        None => {
            let fields = object(entry);
            match value {
                Some(value) => fields.insert(place.to_owned(), value),
                None => fields.remove(place),
            };
        }
    }
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(fields) => fields,
        // Just made one above; a fresh map keeps this total without a panic.
        other => {
            *other = Value::Object(Map::new());
            object(other)
        }
    }
}

fn member<'a>(value: &'a mut Value, key: &str) -> &'a mut Value {
    object(value).entry(key.to_owned()).or_insert_with(|| Value::Object(Map::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back_as_it_was() {
        let entry = json!({
            "name": "Bids", "closes": "2009-10-19T16:00:00.000Z", "budget": 1_000_000_000, "many": true,
            "serves": ["vision", "alignment"], "published": [{"value": "7 May", "source": "Prospectus"}],
            "descriptors": [{"score": 0, "meaning": "Nothing"}], "citation": {"source": "Prospectus"}
        });
        let specs = [
            field("name", "Name", Shape::Line),
            field("closes", "Closes", Shape::Moment),
            field("budget", "Budget", Shape::Pounds),
            field("many", "Many", Shape::Flag),
            field("serves", "Serves", Shape::Keys),
            field("published", "Sources", Shape::Lines(&["value", "source", "note"])),
            field("descriptors", "Scores", Shape::Lines(&["score#", "meaning"])),
            field("citation/source", "Source", Shape::Line),
        ];
        let mut again = json!({});
        for spec in specs {
            put(&mut again, spec.place, spec.read(&spec.typed(&entry)).unwrap());
        }
        assert_eq!(again, entry);
    }

    #[test]
    fn mistakes_name_the_field() {
        assert_eq!(field("w", "Weight", Shape::Whole).read("ten"), Err("Weight: enter a whole number".into()));
        assert!(field("c", "Closes", Shape::Moment).read("2009-10-25 01:30").unwrap_err().contains("happens twice"));
        assert!(field("r", "Rule", Shape::Json).read("{").unwrap_err().contains("line 1"));
    }
}
