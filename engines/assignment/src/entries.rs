//! The fields of a JSON object, still unread; it must never lose a field it does not know.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::names::shown;
use crate::problems::Findings;

/// The fields of the format; the first three must be there.
const FIELDS: [&str; 9] =
    ["per_bid", "max_load", "pairs", "conflicts", "fixed", "bids", "assessors", "seed", "balance"];

/// Names and values of an object, values still unread.
pub(crate) struct Entries<'a>(pub Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor)
    }
}

impl<'a> Entries<'a> {
    /// Notes on unknown fields. A field that is nearly a known one is a problem: a conflict misspelt must not be lost.
    pub(crate) fn strangers(&self, findings: &mut Findings) -> Vec<String> {
        let plain = |name: &str| {
            name.chars()
                .filter(char::is_ascii_alphabetic)
                .collect::<String>()
                .to_ascii_lowercase()
                .trim_end_matches('s')
                .to_owned()
        };
        let mut notes = Vec::new();
        for (name, _) in self.0.iter().filter(|(name, _)| !FIELDS.contains(&name.as_ref())) {
            match FIELDS.iter().find(|field| plain(field) == plain(name)) {
                Some(field) => {
                    findings.add(format!("\"{}\" is not a field of the format. Write it \"{field}\".", shown(name)))
                }
                None => {
                    notes.push(format!("note: \"{}\" is not a field of the format and was left aside.", shown(name)))
                }
            }
        }
        notes
    }

    pub(crate) fn required<T>(
        &self,
        field: &str,
        findings: &mut Findings,
        read: impl Fn(&'a str, &str, &mut Findings) -> Option<T>,
    ) -> Option<T> {
        if !self.0.iter().any(|(name, value)| name == field && value.get() != "null") {
            findings.add(format!("\"{field}\" is missing. {}", usage(field)));
            return None;
        }
        self.optional(field, findings, read)
    }

    pub(crate) fn optional<T>(
        &self,
        field: &str,
        findings: &mut Findings,
        read: impl Fn(&'a str, &str, &mut Findings) -> Option<T>,
    ) -> Option<T> {
        let mut values = self.0.iter().filter(|(name, _)| name == field).map(|(_, value)| value.get());
        let value = values.next()?;
        if values.next().is_some() {
            findings.add(format!("\"{field}\" is there twice. Keep one of them."));
            return None;
        }
        if value == "null" { None } else { read(value, field, findings) }
    }
}

/// What a field should hold.
pub(crate) fn usage(field: &str) -> &'static str {
    match field {
        "per_bid" => {
            "It says how many assessors each bid needs: a whole number such as 3, or an object of one number for each bid."
        }
        "max_load" => {
            "It says how many bids an assessor takes at most: a whole number such as 6, or an object of one number for each assessor."
        }
        "pairs" => "It lists the pairs that are allowed: [{\"bid\": \"1\", \"assessor\": \"r1\", \"weight\": 5}].",
        "conflicts" | "fixed" => "It is a list of pairs: [[\"bid\", \"assessor\"]].",
        "seed" => "It is a whole number from 0 to 18446744073709551615.",
        "balance" => "It is true or false.",
        _ => "It is a list of names: [\"a\", \"b\"].",
    }
}

pub(crate) fn wrong_kind<T>(field: &str, findings: &mut Findings) -> Option<T> {
    findings.add(format!("\"{field}\" is not as it should be. {}", usage(field)));
    None
}
