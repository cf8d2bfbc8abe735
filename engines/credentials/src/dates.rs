//! Moments as credentials write them; it must never take a date without a time zone for a moment.

use chrono::{DateTime, SecondsFormat, Utc};

/// Reads a moment: RFC 3339 with its zone, as `xsd:dateTimeStamp` wants it.
pub fn read(text: &str) -> Option<DateTime<Utc>> {
    // chrono takes a space and small letters too, which the standard does not.
    let bytes = text.as_bytes();
    let is_strict = text.len() <= 40 && bytes.get(10) == Some(&b'T') && !bytes.contains(&b'z');
    if !is_strict {
        return None;
    }
    DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.with_timezone(&Utc))
}

/// Writes a moment, to the second.
pub fn write(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A moment in a sentence.
pub fn in_words(moment: DateTime<Utc>) -> String {
    moment.format("%-d %B %Y at %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_moments_are_read() {
        assert_eq!(read("2026-01-01T01:00:00+01:00").map(write).as_deref(), Some("2026-01-01T00:00:00Z"));
        for bad in
            ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-01-01 00:00:00Z", ""]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
