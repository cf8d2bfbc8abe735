//! Names of bids and assessors: natural order and lists in words; it must never change a name it was given.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// How many names or ranges a list in words shows before it says "and 12 others".
const MOST_SHOWN: usize = 20;
/// How many characters of one name are shown in words.
const LONGEST_SHOWN: usize = 60;

/// The name of a bid or of an assessor, as given: a text, or a whole number, which is printed as a number again.
///
/// `65` and `"65"` are the same name, because the keys of a JSON object can only be texts.
#[derive(Debug, Clone)]
pub struct Id<'a> {
    text: Cow<'a, str>,
    is_number: bool,
}

impl<'a> Id<'a> {
    /// A name given as a text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), is_number: false }
    }

    /// A name given as a whole number in JSON; `None` when the digits are not a whole number as JSON writes it.
    pub fn number(digits: impl Into<Cow<'a, str>>) -> Option<Self> {
        let text = digits.into();
        let unsigned = text.strip_prefix('-').unwrap_or(&text);
        let has_leading_nought = unsigned.len() > 1 && unsigned.starts_with('0');
        let is_whole = !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit());
        (is_whole && !has_leading_nought).then_some(Self { text, is_number: true })
    }

    /// The name's characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same name with its own copy of the text.
    pub fn into_owned(self) -> Id<'static> {
        Id { text: Cow::Owned(self.text.into_owned()), is_number: self.is_number }
    }
}

impl<'a> From<&'a str> for Id<'a> {
    fn from(text: &'a str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Id<'_> {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl PartialEq for Id<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Id<'_> {}

impl fmt::Display for Id<'_> {
    /// For people: control characters escaped, very long names cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.text))
    }
}

impl Serialize for Id<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_number {
            let raw = RawValue::from_string(self.text.to_string()).map_err(serde::ser::Error::custom)?;
            raw.serialize(serializer)
        } else {
            serializer.serialize_str(&self.text)
        }
    }
}

/// A text fit for one line on a terminal: control characters escaped, cut after 60 characters.
pub(crate) fn shown(text: &str) -> String {
    let mut line = String::new();
    for (position, character) in text.chars().enumerate() {
        if position == LONGEST_SHOWN {
            line.push('…');
            break;
        }
        // Bidirectional controls can make a line read as something else.
        let reorders = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || reorders {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    line
}

/// The order people expect: digits in a name count as a number, so `r2` stands before `r10`.
pub fn natural_order(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left, right);
    while !a.is_empty() && !b.is_empty() {
        let (digits_a, digits_b) = (leading_digits(a), leading_digits(b));
        let order = if digits_a > 0 && digits_b > 0 {
            let (number_a, rest_a) = a.split_at(digits_a);
            let (number_b, rest_b) = b.split_at(digits_b);
            (a, b) = (rest_a, rest_b);
            compare_digits(number_a, number_b)
        } else {
            let (character_a, character_b) = (a.chars().next(), b.chars().next());
            a = a.get(character_a.map_or(0, char::len_utf8)..).unwrap_or_default();
            b = b.get(character_b.map_or(0, char::len_utf8)..).unwrap_or_default();
            character_a.cmp(&character_b)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    // `r07` and `r7` differ only in the noughts: the plain text decides.
    a.len().cmp(&b.len()).then_with(|| left.cmp(right))
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn compare_digits(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Names in natural order as words, runs of three or more as a range: `1, B4 and 65 to 68`.
///
/// At most 20 names or ranges are written; then follows how many are left out.
pub fn in_words(names: &[Id<'_>]) -> String {
    let mut sorted: Vec<&str> = names.iter().map(Id::as_str).collect();
    sorted.sort_by(|left, right| natural_order(left, right));
    let mut parts = Vec::new();
    let mut rest = sorted.as_slice();
    while let Some((first, _)) = rest.split_first() {
        let length = run_length(rest);
        let (run, after) = rest.split_at(length);
        match run.last() {
            Some(last) if length >= 3 => parts.push((format!("{} to {}", shown(first), shown(last)), length)),
            _ => parts.extend(run.iter().map(|name| (shown(name), 1))),
        }
        rest = after;
    }
    join(&parts)
}

/// How many names from the start of the list count up by one with the same letters before the number.
fn run_length(names: &[&str]) -> usize {
    1 + names.windows(2).take_while(|pair| matches!(pair, [before, after] if follows(before, after))).count()
}

fn follows(before: &str, after: &str) -> bool {
    let (Some((prefix, number)), Some((next_prefix, next_number))) = (split_number(before), split_number(after)) else {
        return false;
    };
    prefix == next_prefix && number.checked_add(1) == Some(next_number) && has_same_padding(before, after, prefix)
}

/// The letters before the digits at a name's end, and those digits as a number.
fn split_number(name: &str) -> Option<(&str, u64)> {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, number) = name.split_at_checked(name.len().checked_sub(digits)?)?;
    Some((prefix, number.parse().ok()?))
}

/// `B09` and `B10` belong to one run, `B9` and `B010` do not.
fn has_same_padding(before: &str, after: &str, prefix: &str) -> bool {
    let is_padded =
        |name: &str| name.get(prefix.len()..).is_some_and(|digits| digits.len() > 1 && digits.starts_with('0'));
    before.len() == after.len() || (!is_padded(before) && !is_padded(after))
}

fn join(parts: &[(String, usize)]) -> String {
    let (listed, left_out) = if parts.len() > MOST_SHOWN { parts.split_at(MOST_SHOWN) } else { (parts, [].as_slice()) };
    let mut words: Vec<String> = listed.iter().map(|(text, _)| text.clone()).collect();
    match left_out.iter().map(|(_, count)| count).sum::<usize>() {
        0 => {}
        1 => words.push("1 other".to_owned()),
        others => words.push(format!("{others} others")),
    }
    match words.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(names: &[&str]) -> String {
        in_words(&names.iter().map(|name| Id::text(*name)).collect::<Vec<_>>())
    }

    #[test]
    fn runs_become_ranges() {
        assert_eq!(words(&["65", "66", "67", "68"]), "65 to 68");
        assert_eq!(words(&["B68", "B65", "B67", "B66"]), "B65 to B68");
        assert_eq!(words(&["r4", "r5"]), "r4 and r5");
        assert_eq!(words(&["10", "9", "8", "4", "1"]), "1, 4 and 8 to 10");
        assert_eq!(words(&["B008", "B009", "B010", "C011"]), "B008 to B010 and C011");
        assert_eq!(words(&["B8", "B9", "B010"]), "B8, B9 and B010");
        assert_eq!(words(&["Ada", "Bea", "Cy"]), "Ada, Bea and Cy");
        assert_eq!(
            words(&["18446744073709551615", "99999999999999999999999"]),
            "18446744073709551615 and 99999999999999999999999"
        );
        assert_eq!(words(&[]), "none");
    }

    #[test]
    fn long_lists_are_cut_and_say_so() {
        let names: Vec<String> = (0..25).map(|n| format!("x{}", n * 2)).collect();
        let text = words(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(text.ends_with("x38 and 5 others"), "{text}");
    }

    #[test]
    fn natural_order_reads_numbers() {
        let mut names = vec!["r10", "r2", "r1", "a", "r02", "10", "9", "é2", "é10", ""];
        names.sort_by(|left, right| natural_order(left, right));
        assert_eq!(names, ["", "9", "10", "a", "r1", "r02", "r2", "r10", "é2", "é10"]);
    }

    #[test]
    fn names_cannot_write_on_the_terminal() {
        assert_eq!(Id::text("a\u{1b}[31m\n").to_string(), "a\\u{1b}[31m\\u{a}");
        assert_eq!(Id::text("x".repeat(100)).to_string().chars().count(), 61);
    }

    #[test]
    fn only_whole_numbers_are_numbers() {
        assert!(Id::number("65").is_some() && Id::number("-3").is_some() && Id::number("0").is_some());
        assert!(Id::number("1.0").is_none() && Id::number("1e3").is_none() && Id::number("").is_none());
    }
}
