//! What a browser sent: every field with all its values, as typed; it interprets nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Fields of a form by name, each with its values in the order sent. Kept as typed, so that a page with a problem
/// shows what the person wrote. Reads from and writes to a list of `(name, value)` pairs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(String, String)>", into = "Vec<(String, String)>")]
pub struct FormFields(BTreeMap<String, Vec<String>>);

impl FormFields {
    /// All values sent under a name.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first value under a name, or nothing: what an input shows again.
    pub fn first(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Whether an option was ticked: for showing checkboxes and radios again.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|sent| sent == value)
    }

    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.entry(name.into()).or_default().push(value.into());
    }

    /// Row numbers sent for a table, in order: `2` when there is a field `partners-2-name`. Gaps are allowed, since rows
    /// can be taken away on the page.
    pub fn rows(&self, table: &str) -> Vec<u32> {
        let prefix = format!("{table}-");
        let mut rows: Vec<u32> = self
            .0
            .range(prefix.clone()..)
            .map_while(|(name, _)| name.strip_prefix(&prefix))
            .filter_map(|rest| row_number(rest.split_once('-')?.0))
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// Only the one usual spelling, so that `1` and `01` are not two names for one row.
fn row_number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number: &u32| number.to_string() == text)
}

impl FromIterator<(String, String)> for FormFields {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        let mut fields = Self::default();
        for (name, value) in pairs {
            fields.push(name, value);
        }
        fields
    }
}

impl From<Vec<(String, String)>> for FormFields {
    fn from(pairs: Vec<(String, String)>) -> Self {
        pairs.into_iter().collect()
    }
}

impl From<FormFields> for Vec<(String, String)> {
    fn from(fields: FormFields) -> Self {
        fields
            .0
            .into_iter()
            .flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_number_order_with_gaps_and_without_rubbish() {
        let mut fields = FormFields::default();
        for name in [
            "partners-10-name",
            "partners-2-name",
            "partners-2-cash",
            "partners-02-cash",
            "partners--1-cash",
            "partners-99999999999-cash",
            "partners-3",
            "partnersx-5-name",
            "partners",
        ] {
            fields.push(name, "x");
        }
        assert_eq!(fields.rows("partners"), [2, 10]);
        assert_eq!(fields.rows("nothing"), [] as [u32; 0]);
    }

    #[test]
    fn repeated_names_keep_every_value_through_json() {
        let pairs = r#"[["a","1"],["a","2"],["b",""]]"#;
        let fields: FormFields = serde_json::from_str(pairs).unwrap();
        assert_eq!(fields.all("a"), ["1", "2"]);
        assert!(fields.holds("a", "2") && !fields.holds("a", "3"));
        assert_eq!(fields.first("c"), "");
        assert_eq!(serde_json::to_string(&fields).unwrap(), pairs);
    }
}
