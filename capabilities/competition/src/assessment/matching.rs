//! How well an assessor's subjects fit a bid, by a rule stated in words; it compares words and claims no more.

use serde_json::Value;

/// The rule as the office reads it.
pub const STATEMENT: &str = "Every pair counts 1. To that come 2 for each of the assessor’s subjects that the bid’s title names, and 1 for each that its answers name. \
     The assignment with the greatest sum is chosen.";

/// A bid's words, prepared for many comparisons.
#[derive(Clone, Debug)]
pub struct BidWords {
    title: String,
    answers: String,
}

impl BidWords {
    /// `answers` is the submitted content; every text in it counts.
    pub fn new(title: &str, answers: &Value) -> Self {
        let mut text = String::new();
        gather(answers, &mut text);
        Self { title: spaced(title), answers: spaced(&text) }
    }

    /// The weight of giving this bid to somebody with these subjects; see [`STATEMENT`].
    pub fn weight(&self, subjects: &[String]) -> u32 {
        let points: usize = subjects
            .iter()
            .map(|subject| spaced(subject))
            .filter(|subject| !subject.trim().is_empty())
            .map(|subject| {
                2 * usize::from(self.title.contains(&subject)) + usize::from(self.answers.contains(&subject))
            })
            .sum();
        u32::try_from(1 + points).unwrap_or(u32::MAX)
    }
}

fn gather(value: &Value, text: &mut String) {
    match value {
        Value::String(part) => {
            text.push(' ');
            text.push_str(part);
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, text)),
        Value::Object(fields) => fields.values().for_each(|field| gather(field, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Words in small letters, one space around each, so that only whole words are found.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        out.push_str(&word.to_lowercase());
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_words_count_and_the_title_counts_double() {
        let bid = BidWords::new(
            "Stroke care in the north",
            &json!({"plan": {"text": "Training in tele-medicine"}, "rows": [{"a": "asthma"}]}),
        );
        let weight = |subjects: &[&str]| {
            let subjects: Vec<String> = subjects.iter().map(|s| (*s).to_owned()).collect();
            bid.weight(&subjects)
        };
        assert_eq!(weight(&[]), 1);
        assert_eq!(weight(&["STROKE care"]), 3);
        assert_eq!(weight(&["asthma", "tele medicine"]), 3);
        // Part of a word is not the word.
        assert_eq!(weight(&["train", "thma", "!"]), 1);
    }
}
