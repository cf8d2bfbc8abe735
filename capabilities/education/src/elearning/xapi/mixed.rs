//! `multipart/mixed`, as xAPI sends attachments: parts with headers, read and written by their bytes (RFC 2046). Pure; it believes no header.

/// The most parts in one body.
const MOST: usize = 100;

/// One part as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Part<'a> {
    pub headers: Vec<(String, String)>,
    pub content: &'a [u8],
}

impl Part<'_> {
    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// The boundary a content type names, where it is `multipart/mixed`.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    let named = rest.split(';').map(str::trim).find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then_some(value.trim())
    })?;
    let plain = named.strip_prefix('"').and_then(|named| named.strip_suffix('"')).unwrap_or(named);
    let is_good =
        (1..=70).contains(&plain.len()) && plain.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'"');
    is_good.then_some(plain)
}

/// The parts of a body, or why it cannot be read.
pub(crate) fn parts<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<Part<'a>>, String> {
    let line = format!("--{boundary}");
    let mut places = places(body, line.as_bytes());
    let Some((_, mut from)) = places.next() else {
        return Err("The body does not hold the boundary that its content type names".to_owned());
    };
    let mut parts = Vec::new();
    loop {
        if body[from..].starts_with(b"--") {
            return Ok(parts);
        }
        let Some((end, next)) = places.next() else {
            return Err("The body breaks off before its last boundary".to_owned());
        };
        if parts.len() == MOST {
            return Err(format!("The body has more than {MOST} parts"));
        }
        let inner = body.get(from..end).unwrap_or_default();
        parts.push(part(inner.strip_suffix(b"\r\n").or_else(|| inner.strip_suffix(b"\n")).unwrap_or(inner))?);
        from = next;
    }
}

/// Where lines that begin with the boundary begin, and where they go on.
fn places<'a>(body: &'a [u8], line: &'a [u8]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut from = 0;
    std::iter::from_fn(move || {
        while from + line.len() <= body.len() {
            let found = body[from..].windows(line.len()).position(|window| window == line)?;
            let (start, end) = (from + found, from + found + line.len());
            from = end;
            let begins_line = start == 0 || body[start - 1] == b'\n';
            let ends_well = body[end..].is_empty() || matches!(body[end], b'\r' | b'\n' | b'-' | b' ' | b'\t');
            if begins_line && ends_well {
                return Some((start, end));
            }
        }
        None
    })
}

/// One part, from the end of its boundary's line.
fn part(inner: &[u8]) -> Result<Part<'_>, String> {
    let wrong = || "A part has no empty line between its headers and its content".to_owned();
    let after = inner.iter().position(|byte| *byte == b'\n').ok_or_else(wrong)? + 1;
    let mut rest = &inner[after..];
    let mut headers = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(wrong)?;
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        rest = &rest[end + 1..];
        if line.is_empty() {
            return Ok(Part { headers, content: rest });
        }
        let text = std::str::from_utf8(line).map_err(|_| "A header of a part is not in UTF-8".to_owned())?;
        let (name, value) = text.split_once(':').ok_or("A header of a part has no colon")?;
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// A part to be written: its headers and its content.
pub(crate) type Written<'a> = (Vec<(&'a str, &'a str)>, &'a [u8]);

/// A body of parts.
pub(crate) fn written(boundary: &str, parts: &[Written<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (headers, content) in parts {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        for (name, value) in headers {
            body.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn boundaries_are_those_of_mixed_parts() {
        assert_eq!(boundary("multipart/mixed; boundary=abc"), Some("abc"));
        assert_eq!(boundary("Multipart/Mixed; charset=x; Boundary=\"a b\""), Some("a b"));
        for bad in
            ["multipart/form-data; boundary=abc", "multipart/mixed", "multipart/mixed; boundary=", "application/json"]
        {
            assert_eq!(boundary(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_written_is_read_again_byte_by_byte() {
        let content = b"--other\r\n\x00\xff --abc in a line\r\n".as_slice();
        let body = written(
            "abc",
            &[(vec![("Content-Type", "application/json")], b"{}"), (vec![("X-A", "1")], content), (vec![], b"")],
        );
        let read = parts(&body, "abc").unwrap();
        assert_eq!(read.len(), 3);
        assert_eq!((read[0].header("content-type"), read[0].content), (Some("application/json"), b"{}".as_slice()));
        assert_eq!((read[1].header("x-a"), read[1].content), (Some("1"), content));
        assert!(read[2].content.is_empty());
        let cut = &body[..body.len() - 10];
        assert!(parts(cut, "abc").unwrap_err().contains("breaks off"));
        assert!(parts(b"nothing", "abc").unwrap_err().contains("does not hold"));
        assert!(parts(b"--abc\r\nno empty line\r\n--abc--", "abc").unwrap_err().contains("no empty line"));
    }

    proptest! {
        #[test]
        fn rubbish_is_read_or_refused(body in proptest::collection::vec(prop_oneof![Just(b'-'), Just(b'a'), Just(b'\n'), Just(b'\r'), Just(b':')], 0..60)) {
            if let Ok(read) = parts(&body, "a") {
                prop_assert!(read.iter().all(|part| part.content.len() < body.len()));
            }
        }
    }
}
