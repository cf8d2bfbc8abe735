//! The fields of a JSON object, each problem kept with its place; it must never take a field it was not asked for.

use std::cell::RefCell;

use serde_json::{Map, Value};

use crate::amount::{MILLION, Uncertain};

/// What is wrong, over the whole text.
#[derive(Default)]
pub struct Problems(RefCell<Vec<String>>);

impl Problems {
    pub fn say(&self, problem: String) {
        self.0.borrow_mut().push(problem);
    }

    pub fn all(self) -> Vec<String> {
        self.0.into_inner()
    }
}

/// An object being read.
pub struct Fields<'a> {
    problems: &'a Problems,
    place: String,
    map: Option<&'a Map<String, Value>>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    pub fn of(problems: &'a Problems, place: String, value: &'a Value) -> Self {
        let map = value.as_object();
        if map.is_none() {
            problems.say(format!("{}: expected {{…}}, not {}", place_or_model(&place), kind(value)));
        }
        Self { problems, place, map, asked: RefCell::default() }
    }

    /// Every field that was not asked for is a slip of the pen.
    pub fn finish(self) {
        let mut asked = self.asked.into_inner();
        asked.sort_unstable();
        asked.dedup();
        for name in self.map.into_iter().flat_map(Map::keys).filter(|name| !asked.contains(&name.as_str())) {
            let place = place_or_model(&self.place);
            self.problems.say(format!("{place}: there is no field “{name}” here; the fields are {}", asked.join(", ")));
        }
    }

    pub fn say(&self, name: &str, problem: &str) {
        self.problems.say(format!("{}: {problem}", self.at(name)));
    }

    fn at(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}, {name}", self.place) }
    }

    pub fn get(&self, name: &'static str) -> Option<&'a Value> {
        self.asked.borrow_mut().push(name);
        self.map?.get(name).filter(|value| !value.is_null())
    }

    fn missing(&self, name: &str) {
        if self.map.is_some() {
            self.say(name, "this is missing");
        }
    }

    pub fn text(&self, name: &'static str) -> String {
        let read = self.optional_text(name);
        if read.is_none() && self.map.is_none_or(|map| map.get(name).is_none_or(Value::is_null)) {
            self.missing(name);
        }
        read.unwrap_or_default()
    }

    pub fn optional_text(&self, name: &'static str) -> Option<String> {
        let value = self.get(name)?;
        if value.as_str().is_none() {
            self.say(name, &format!("expected a text, not {}", kind(value)));
        }
        value.as_str().map(str::to_owned)
    }

    /// A text, or several.
    pub fn texts(&self, name: &'static str) -> Vec<String> {
        let values = match self.get(name) {
            None => return Vec::new(),
            Some(Value::Array(values)) => values.iter().collect(),
            Some(value) => vec![value],
        };
        let text = |value: &Value| {
            if value.as_str().is_none() {
                self.say(name, &format!("expected a text, not {}", kind(value)));
            }
            value.as_str().map(str::to_owned)
        };
        values.into_iter().filter_map(text).collect()
    }

    pub fn whole<N: TryFrom<i64>>(&self, name: &'static str, usual: Option<N>) -> Option<N> {
        let Some(value) = self.get(name) else {
            if usual.is_none() {
                self.missing(name);
            }
            return usual;
        };
        let whole = value.as_i64().and_then(|whole| N::try_from(whole).ok());
        if whole.is_none() {
            self.say(name, &format!("expected a whole number, not {}", kind(value)));
        }
        whole
    }

    /// A number, in millionths.
    pub fn number(&self, name: &'static str, usual: Option<i64>) -> i64 {
        match self.get(name) {
            Some(value) => self.millionths(name, value).unwrap_or(0),
            None => usual.unwrap_or_else(|| {
                self.missing(name);
                0
            }),
        }
    }

    /// A number, or one for each year, in millionths.
    pub fn numbers(&self, name: &'static str) -> Vec<i64> {
        match self.get(name) {
            None => Vec::new(),
            Some(Value::Array(values)) => {
                values.iter().map(|value| self.millionths(name, value).unwrap_or(0)).collect()
            }
            Some(value) => vec![self.millionths(name, value).unwrap_or(0)],
        }
    }

    fn millionths(&self, name: &str, value: &Value) -> Option<i64> {
        let Some(number) = value.as_f64() else {
            self.say(name, &format!("expected a number, not {}", kind(value)));
            return None;
        };
        if number.abs() > 1e9 {
            self.say(name, &format!("{value} is too large"));
            return None;
        }
        // Below 2⁵³ by far, so that the whole number of millionths is the nearest one.
        #[expect(clippy::cast_possible_truncation, reason = "at most 10¹⁵")]
        Some((number * MILLION as f64).round() as i64)
    }

    /// A number, or a range with its reason.
    pub fn uncertain(&self, name: &'static str, usual: Option<i64>) -> Uncertain {
        match self.get(name) {
            Some(value) => self.uncertain_value(name, value),
            None => Uncertain::certain(usual.unwrap_or_else(|| {
                self.missing(name);
                0
            })),
        }
    }

    pub fn uncertain_value(&self, name: &'static str, value: &'a Value) -> Uncertain {
        match value {
            Value::Object(_) => {
                let range = Fields::of(self.problems, self.at(name), value);
                let central = range.number("central", None);
                let number = Uncertain {
                    low: range.number("low", Some(central)),
                    central,
                    high: range.number("high", Some(central)),
                    why: range.optional_text("why"),
                };
                range.finish();
                number
            }
            value => Uncertain::certain(self.millionths(name, value).unwrap_or(0)),
        }
    }

    /// An object within this one.
    pub fn object(&self, name: &'static str) -> Option<Fields<'a>> {
        self.get(name).map(|value| Fields::of(self.problems, self.at(name), value))
    }

    /// The objects of a list, each with what it is called for errors.
    pub fn objects(&self, name: &'static str, one: &str) -> Vec<Fields<'a>> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let Some(values) = value.as_array() else {
            self.say(name, &format!("expected a list […], not {}", kind(value)));
            return Vec::new();
        };
        let object = |(at, value): (usize, &'a Value)| {
            let called = value.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
            let called = called.map_or_else(|| format!("{one} {}", at + 1), |name| format!("{one} {name}"));
            Fields::of(self.problems, if self.place.is_empty() { called } else { self.at(&called) }, value)
        };
        values.iter().enumerate().map(object).collect()
    }
}

fn place_or_model(place: &str) -> &str {
    if place.is_empty() { "the model" } else { place }
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => format!("“{}”", text.chars().take(40).collect::<String>()),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "{…}".to_owned(),
    }
}
