//! JSON of strangers, with limits on size, depth and number, and no member twice; it must never follow what it has not bounded.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::Unusable;

/// The largest file that is looked at, an image or not, in bytes.
pub const LARGEST_FILE: usize = 5_000_000;
/// The largest credential, as text, in bytes.
pub const LARGEST_TEXT: usize = 1_000_000;
/// How deep objects and lists may stand in each other.
pub const DEEPEST: usize = 32;
/// How many objects and lists a document may hold.
pub const MOST_OBJECTS: usize = 1_000;
/// How many values of any kind.
const MOST_VALUES: usize = 20_000;

/// Reads JSON within the limits.
///
/// # Errors
/// Text that is too large, too deep, holds too much, says one member twice, or is no JSON.
pub fn read_json(text: &[u8]) -> Result<Value, Unusable> {
    if text.len() > LARGEST_TEXT {
        return Err(Unusable(format!(
            "the credential is {} bytes of text; at most {LARGEST_TEXT} are read. A credential is a few thousand: \
             check that this is the right file",
            text.len()
        )));
    }
    let budget = Budget { objects: Cell::new(MOST_OBJECTS), values: Cell::new(MOST_VALUES) };
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = Strict { budget: &budget, room: DEEPEST }.deserialize(&mut reader).map_err(|error| in_words(&error))?;
    reader.end().map_err(|error| in_words(&error))?;
    Ok(value)
}

fn in_words(error: &serde_json::Error) -> Unusable {
    let text = error.to_string();
    let deep = text.starts_with("recursion limit exceeded");
    if deep {
        return Unusable(too_deep());
    }
    Unusable(format!("the text is no JSON that can be used: {text}"))
}

fn too_deep() -> String {
    format!("the JSON is nested deeper than {DEEPEST} levels; a badge needs about eight")
}

struct Budget {
    objects: Cell<usize>,
    values: Cell<usize>,
}

impl Budget {
    fn take<E: Error>(count: &Cell<usize>, what: &str) -> Result<(), E> {
        match count.get().checked_sub(1) {
            Some(rest) => {
                count.set(rest);
                Ok(())
            }
            None => Err(E::custom(format!("it holds too many {what} for a badge"))),
        }
    }
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    budget: &'a Budget,
    room: usize,
}

impl Strict<'_> {
    fn enter<E: Error>(self) -> Result<Self, E> {
        Budget::take(&self.budget.objects, "objects and lists")?;
        let room = self.room.checked_sub(1).ok_or_else(|| E::custom(too_deep()))?;
        Ok(Self { room, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        Budget::take(&self.budget.values, "values")?;
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.enter()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.enter()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                // Two readers could take a different one for the truth.
                return Err(A::Error::custom(format!(
                    "the member {} stands twice in one object",
                    crate::quoted(&name)
                )));
            }
            let value = members.next_value_seed(inside)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_serde_reads() {
        let text = br#"{"a": [1, -2, 3.5, "x", null, true, {}], "b": {"c": []}}"#;
        assert_eq!(read_json(text).unwrap(), serde_json::from_slice::<Value>(text).unwrap());
    }

    #[test]
    fn refuses_what_is_too_large_too_deep_too_much_or_twice() {
        let says = |text: &[u8], words: &str| {
            let error = read_json(text).unwrap_err();
            assert!(error.0.contains(words), "{error}");
        };
        says(&vec![b' '; LARGEST_TEXT + 1], "bytes of text");
        says("[".repeat(40).as_bytes(), "nested deeper");
        says("[".repeat(400_000).as_bytes(), "nested deeper");
        says(format!("[{}[]]", "[],".repeat(MOST_OBJECTS)).as_bytes(), "too many objects");
        says(format!("[{}0]", "0,".repeat(MOST_VALUES)).as_bytes(), "too many values");
        says(br#"{"a": 1, "a": 2}"#, "stands twice");
        says(br#"{"a": 1} {"#, "no JSON");
        says(b"\xff", "no JSON");
    }
}
