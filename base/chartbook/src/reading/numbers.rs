//! Numbers as people write them: with thousands set apart, per cent and pound signs, brackets for less than nought; and the
//! many ways to say there is none. A number that could be read in two ways is refused.

/// A number with what was written around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    pub value: f64,
    pub is_percent: bool,
    pub is_pounds: bool,
}

/// Reads a number. Where tables use a decimal comma (with `;` between cells), say so.
pub(crate) fn number(text: &str, has_decimal_comma: bool) -> Option<Number> {
    let text = text.trim();
    let (text, is_bracketed) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inside) => (inside.trim(), true),
        None => (text, false),
    };
    let (text, is_negative) = match text.strip_prefix(['-', '−', '–']) {
        Some(rest) => (rest.trim_start(), true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    let (text, is_percent) = match text.strip_suffix('%') {
        Some(rest) => (rest.trim_end(), true),
        None => (text, false),
    };
    let (text, is_pounds) = match text.strip_prefix('£') {
        Some(rest) => (rest.trim_start(), true),
        None => (text, false),
    };
    let (group, point) = if has_decimal_comma { ('.', ',') } else { (',', '.') };
    let plain = ungrouped(text, group, point)?;
    let value: f64 = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
    let is_below = is_negative != is_bracketed;
    Some(Number { value: if is_below { -value } else { value }, is_percent, is_pounds })
}

/// Digits with a full stop, without what set thousands apart; nothing where the groups are not of three.
fn ungrouped(text: &str, group: char, point: char) -> Option<String> {
    let (mantissa, power) = match text.find(['e', 'E']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let (whole, rest) = match mantissa.split_once(point) {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (mantissa, None),
    };
    let is_gap = |letter: char| letter == group || matches!(letter, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'');
    let groups: Vec<&str> = whole.split(is_gap).collect();
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_even = groups.len() == 1
        || (groups.first().is_some_and(|first| (1..=3).contains(&first.len()))
            && groups.iter().skip(1).all(|part| part.len() == 3));
    let has_digit = mantissa.bytes().any(|byte| byte.is_ascii_digit());
    if !is_even || !has_digit || !groups.iter().all(|part| are_digits(part)) || !rest.is_none_or(are_digits) {
        return None;
    }
    let whole = groups.concat();
    let whole = if whole.is_empty() { "0" } else { &whole };
    Some(match rest {
        Some(rest) if !rest.is_empty() => format!("{whole}.{rest}{power}"),
        _ => format!("{whole}{power}"),
    })
}

/// Whether a cell says that there is no value.
pub(crate) fn is_none(text: &str) -> bool {
    const NONE: [&str; 14] = ["", "na", "n/a", "#n/a", "null", "none", "nan", "missing", "-", "–", "—", ".", "..", ":"];
    NONE.contains(&text.trim().to_lowercase().as_str()) || is_hidden(text)
}

/// Whether a cell says that its value was suppressed.
pub(crate) fn is_hidden(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "*" | "[c]" | "c" | "suppressed" | "[x]" | "x")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<f64> {
        number(text, false).map(|number| number.value)
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("12", 12.0),
            ("1,234", 1234.0),
            ("1,234,567.5", 1_234_567.5),
            ("1 234", 1234.0),
            ("92.4%", 92.4),
            ("92.4 %", 92.4),
            ("£1,200.50", 1200.5),
            ("-£5", -5.0),
            ("(1,200)", -1200.0),
            ("−3", -3.0),
            ("+3", 3.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("1.5E-2", 0.015),
        ] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        assert_eq!(number("1.234,5", true).map(|number| number.value), Some(1234.5));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for text in
            ["92,4", "1,23,456", "12,34", "1.2.3", "", "-", "e5", "abc", "1,2345", "inf", "nan", "0x10", "%", "£"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_ways_to_say_there_is_none() {
        for text in ["", " ", "NA", "n/a", "-", "*", "[c]", "NULL"] {
            assert!(is_none(text), "{text}");
        }
        assert!(!is_none("0") && is_hidden("*") && !is_hidden("NA"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_an_accident(text in "\\PC{0,40}") {
            let _ = number(&text, false);
            let _ = number(&text, true);
        }

        #[test]
        fn what_rust_writes_is_read_back(value in -1e12..1e12_f64) {
            proptest::prop_assert_eq!(read(&value.to_string()), Some(value));
        }
    }
}
