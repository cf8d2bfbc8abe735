//! File names for people and for headers; a name never becomes a path on our side.

use crate::sniff::FileKind;

/// Longest name kept, in characters.
const LONGEST: usize = 120;

/// A name fit to show and to hand out again: no folders, no control or direction characters, nothing Windows forbids, the ending of
/// its real kind. Empty names become `file`.
pub fn safe_name(name: &str, kind: FileKind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match FileKind::from_name(last) {
        Some(_) => last.rsplit_once('.').map_or(last, |(stem, _)| stem),
        None => last,
    };
    let kept: String = stem
        .chars()
        .filter(|c| !c.is_control() && !is_direction_mark(*c))
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '-',
            other => other,
        })
        .take(LONGEST)
        .collect();
    let trimmed = kept.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let stem = if trimmed.is_empty() { "file" } else { trimmed };
    format!("{stem}.{}", kind.extension())
}

/// Marks that turn the reading direction and so can hide an ending (`exe.txt` shown for `txt.exe`).
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The value of `Content-Disposition` that makes a browser save the file, never show it (RFC 6266, RFC 8187).
pub fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '-',
            c if c.is_ascii() && !c.is_ascii_control() => c,
            _ => '_',
        })
        .collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_lose_what_could_harm() {
        assert_eq!(safe_name("C:\\Users\\me\\Plan v2.PDF", FileKind::Pdf), "Plan v2.pdf");
        assert_eq!(safe_name("../../etc/passwd", FileKind::Text), "passwd.txt");
        assert_eq!(safe_name("budget\u{202e}cod.xlsx", FileKind::Xlsx), "budgetcod.xlsx");
        assert_eq!(safe_name("..\r\n.docx", FileKind::Docx), "file.docx");
        assert_eq!(safe_name("scan.jpeg", FileKind::Jpeg), "scan.jpg");
        assert_eq!(safe_name("v1.2 notes", FileKind::Text), "v1.2 notes.txt");
    }

    #[test]
    fn the_header_keeps_letters_of_every_language() {
        assert_eq!(attachment("plan.pdf"), "attachment; filename=\"plan.pdf\"");
        assert_eq!(attachment("plan é.pdf"), "attachment; filename=\"plan _.pdf\"; filename*=UTF-8''plan%20%C3%A9.pdf");
    }

    proptest! {
        #[test]
        fn a_header_value_is_always_valid(name in ".{0,200}") {
            let value = attachment(&safe_name(&name, FileKind::Pdf));
            prop_assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
            prop_assert_eq!(value.matches('"').count(), 2);
        }
    }
}
