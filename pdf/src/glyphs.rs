//! Makes any text from people settable: what no font shows is written as its code, what steers a screen is
//! dropped. It never drops a visible character.

use serde_json::Value;

use crate::fonts::Shown;

/// Goes through every string of the document, keys excepted.
pub fn settable(value: &mut Value, shown: &Shown) {
    match value {
        Value::String(text) => *text = plain(text, shown),
        Value::Array(items) => items.iter_mut().for_each(|item| settable(item, shown)),
        Value::Object(fields) => fields.values_mut().for_each(|field| settable(field, shown)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text that can be set.
pub fn plain(text: &str, shown: &Shown) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' => out.push('\n'),
            '\r' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push(' '),
            c if is_steering(c) => {}
            c if c.is_whitespace() && !shown.has(c) => out.push(' '),
            c if is_private(c) || !shown.has(c) => {
                out.push_str(&format!("[U+{:04X}]", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// Controls, and the invisible characters that reorder or join what is seen: a record must read
/// as it is stored, and PDF/A forbids most of them.
fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> String {
        plain(text, &Shown::by(&crate::fonts::all()))
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["#strong[*x*] _y_ $z$ `code` @ref <a> // \\", "two\nlines", "Zoë Łukasiewicz", "Ελλάδα"] {
            assert_eq!(set(text), text);
        }
    }

    #[test]
    fn what_cannot_be_set_is_named_by_its_code() {
        assert_eq!(set("a🐟b"), "a[U+1F41F]b");
        assert_eq!(set("\u{E001}"), "[U+E001]");
    }

    #[test]
    fn steering_characters_go_and_line_ends_become_one() {
        assert_eq!(set("a\0b\u{202E}c\u{FEFF}d\u{FFFE}"), "abcd");
        assert_eq!(set("a\r\nb\rc\u{2028}d\te"), "a\nb\nc\nd e");
    }
}
