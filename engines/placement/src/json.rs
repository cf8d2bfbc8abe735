//! Reads and writes JSON, names borrowed from the input; it must never take a text for JSON that is not.
//!
//! An instance of 20,000 applicants is 400,000 short names. Read into borrowed values they cost a few milliseconds,
//! and a value kept whole lets everything wrong with it be said at once.

use std::borrow::Cow;
use std::fmt::Write;

/// Deeper than any instance or certificate is nested.
const DEEPEST: usize = 32;

/// A JSON value; numbers keep their digits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn object(&self) -> Option<&[(Cow<'a, str>, Value<'a>)]> {
        match self {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The first field of this name, if it is an object that has one.
    pub(crate) fn field(&self, name: &str) -> Option<&Value<'a>> {
        self.object()?.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// A whole number from 0 on.
    pub(crate) fn whole(&self) -> Option<u32> {
        match self {
            Value::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// What it looks like, short, for a message.
    pub(crate) fn shown(&self) -> String {
        match self {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(digits) => crate::names::shown(digits),
            Value::Text(text) => format!("\"{}\"", crate::names::shown(text)),
            Value::List(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        }
    }
}

/// Reads one JSON value and nothing after it.
///
/// # Errors
/// Where it is not JSON, in words.
pub(crate) fn read(input: &[u8]) -> Result<Value<'_>, String> {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let text = std::str::from_utf8(input).map_err(|error| {
        format!(
            "the text is not UTF-8 (from byte {} on); save the file as UTF-8 and try again",
            error.valid_up_to() + 1
        )
    })?;
    if text.trim().is_empty() {
        return Err("there is nothing in the input".to_owned());
    }
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { Err(reader.wrong("the end of the text")) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn wrong(&self, expected: &str) -> String {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |position| position + 1);
        let column = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default()).chars().count() + 1;
        let found = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        let found = found.map_or("the text ends".to_owned(), |found| format!("{found:?} stands there"));
        format!("this is not JSON at line {line}, column {column}: expected {expected}, but {found}")
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, String> {
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Value::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.wrong("a value")),
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, String> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.wrong(word))
        }
    }

    fn number(&mut self) -> Result<Value<'a>, String> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.wrong("a digit")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(Value::Number(self.text.get(start..self.at).unwrap_or_default()))
    }

    fn some_digits(&mut self) -> Result<(), String> {
        let start = self.at;
        self.digits();
        if self.at == start { Err(self.wrong("a digit")) } else { Ok(()) }
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value<'a>, String> {
        self.deeper(depth)?;
        let mut items = Vec::new();
        if self.is_closed_by(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.goes_on(b']', "\",\" or \"]\"")? {
                return Ok(Value::List(items));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>, String> {
        self.deeper(depth)?;
        let mut fields = Vec::new();
        if self.is_closed_by(b'}') {
            return Ok(Value::Object(fields));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a field's name in double quotes"));
            }
            let name = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.wrong("\":\""));
            }
            self.at += 1;
            fields.push((name, self.value(depth + 1)?));
            if !self.goes_on(b'}', "\",\" or \"}\"")? {
                return Ok(Value::Object(fields));
            }
        }
    }

    fn deeper(&mut self, depth: usize) -> Result<(), String> {
        if depth >= DEEPEST {
            return Err(self.wrong("no more than 32 lists or objects inside one another"));
        }
        self.at += 1;
        Ok(())
    }

    fn is_closed_by(&mut self, close: u8) -> bool {
        self.space();
        let is_closed = self.peek() == Some(close);
        self.at += usize::from(is_closed);
        is_closed
    }

    fn goes_on(&mut self, close: u8, expected: &str) -> Result<bool, String> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(found) if found == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.wrong(expected)),
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, String> {
        self.at += 1;
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = plain_length(rest);
        self.at += length;
        match self.peek() {
            Some(b'"') => {
                let text = self.text.get(start..self.at).unwrap_or_default();
                self.at += 1;
                Ok(Cow::Borrowed(text))
            }
            Some(b'\\') => self.escaped(start),
            _ => Err(self.wrong("the rest of a text in double quotes")),
        }
    }

    fn escaped(&mut self, start: usize) -> Result<Cow<'a, str>, String> {
        let mut owned = self.text.get(start..self.at).unwrap_or_default().to_owned();
        loop {
            let from = self.at;
            while !matches!(self.peek(), Some(b'"' | b'\\' | 0..=0x1f) | None) {
                self.at += 1;
            }
            owned.push_str(self.text.get(from..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(owned));
                }
                Some(b'\\') => owned.push(self.escape()?),
                _ => return Err(self.wrong("the rest of a text in double quotes")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let rest = self.text.as_bytes().get(self.at + 1).copied();
        let plain = match rest {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.wrong("an escape such as \\n or \\u00e9")),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, String> {
        let expected = "four hexadecimal digits of a character after \\u";
        let first = self.hex(self.at).ok_or_else(|| self.wrong(expected))?;
        let code = match first {
            0xd800..=0xdbff => {
                let second = self.hex(self.at + 6).filter(|second| (0xdc00..=0xdfff).contains(second));
                let second = second.ok_or_else(|| self.wrong("both halves of a surrogate pair"))?;
                self.at += 6;
                0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            other => other,
        };
        let character = char::from_u32(code).ok_or_else(|| self.wrong(expected))?;
        self.at += 6;
        Ok(character)
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

/// How many bytes stand before the first quote, backslash or control character. Eight are looked at in one word: most
/// names end within it.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    let (words, tail) = bytes.as_chunks::<8>();
    for (position, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // A subtraction borrows into the high bit of a byte below what is taken away; the lowest such byte is never wrong.
        let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word & HIGHS;
        let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
        let found = below(word, 0x20) | is(b'"') | is(b'\\');
        if found != 0 {
            return position * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    bytes.len() - tail.len() + tail.iter().position(is_special).unwrap_or(tail.len())
}

/// Writes a text as JSON.
pub(crate) fn write_text(out: &mut String, text: &str) {
    let is_special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    out.push('"');
    // Nearly every text is plain; without a way out of the loop the compiler looks at many bytes at once.
    if !text.bytes().fold(false, |any, byte| any | is_special(byte)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !is_special(byte) {
            continue;
        }
        out.push_str(text.get(plain_from..at).unwrap_or_default());
        plain_from = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            _ => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(text.get(plain_from..).unwrap_or_default());
    out.push('"');
}

/// Writes a whole number. Certificates are mostly numbers, and the formatter of the standard library takes five times as long.
pub(crate) fn push_number(out: &mut String, number: u32) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// Writes items with commas between, inside the brackets given.
pub(crate) fn write_all<T>(
    out: &mut String,
    brackets: [char; 2],
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push(brackets[0]);
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(brackets[1]);
}

pub(crate) const LIST: [char; 2] = ['[', ']'];
pub(crate) const OBJECT: [char; 2] = ['{', '}'];

/// Writes `"name":`, with a comma before it unless it is the object's first.
pub(crate) fn write_key(out: &mut String, name: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    write_text(out, name);
    out.push(':');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(value: &Value<'_>) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(digits) => serde_json::from_str(digits).unwrap(),
            Value::Text(text) => text.as_ref().into(),
            Value::List(items) => items.iter().map(plain).collect(),
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.to_string(), plain(value))).collect(),
        }
    }

    proptest! {
        /// Whatever text it is, JSON's own reader takes it or refuses it likewise.
        #[test]
        fn agrees_with_another_reader(text in r#"[\[\]{}:,"a\\un0-9.eE+ \-dDtrufals😀é]{0,24}"#) {
            let theirs: Result<serde_json::Value, _> = serde_json::from_str(&text);
            match (read(text.as_bytes()), theirs) {
                (Ok(ours), Ok(theirs)) => prop_assert_eq!(plain(&ours), theirs),
                (ours, Err(error)) => prop_assert!(ours.is_err() || error.to_string().contains("out of range"), "{text}: {error}"),
                (Err(error), Ok(_)) => prop_assert!(false, "{}: {}", text, error),
            }
        }

        #[test]
        fn the_end_of_a_text_is_found(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0x1e_u8..0x24, 0x5b_u8..0x5e], 0..40)) {
            let first = bytes.iter().position(|byte| *byte < 0x20 || *byte == b'"' || *byte == b'\\');
            prop_assert_eq!(plain_length(&bytes), first.unwrap_or(bytes.len()));
        }

        #[test]
        fn a_text_written_is_read_again(text in ".*") {
            let mut written = String::new();
            write_text(&mut written, &text);
            let read_again = read(written.as_bytes()).unwrap();
            prop_assert_eq!(read_again.text(), Some(text.as_str()));
        }
    }

    #[test]
    fn says_where_it_is_not_json() {
        for (text, place) in [
            ("{\"a\": 1,\n \"b\" 2}", "line 2, column 6"),
            ("[1, NaN]", "line 1, column 5"),
            ("{} {}", "line 1, column 4"),
            ("[\"\\ud800\"]", "both halves"),
            ("\"abc", "the text ends"),
        ] {
            let problem = read(text.as_bytes()).unwrap_err();
            assert!(problem.contains(place), "{text}: {problem}");
        }
        assert!(read(&[b'"', 0xff, b'"']).unwrap_err().contains("UTF-8"));
        assert!(read("[".repeat(100_000).as_bytes()).unwrap_err().contains("inside one another"));
    }
}
