//! Whether a document may be changed as somebody last saw it: `If-Match` and `If-None-Match` (RFC 9110, as xAPI 1.0.3, part 3, section 3.1 asks for). Pure.

use http::HeaderMap;
use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// Why a document stays as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stale {
    /// What the headers ask for does not hold: 412.
    Failed,
    /// It is there, and the request does not say which state of it was seen: 409.
    Unseen,
}

/// The tag of a content: its SHA-1 sum in quotes, as the specification has it. It guards against mistakes, not against forgers.
pub(crate) fn tag(content: &[u8]) -> String {
    let sum: String =
        digest(&SHA1_FOR_LEGACY_USE_ONLY, content).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{sum}\"")
}

/// Judges a change. `must_say` where an existing document may not be replaced blindly.
pub(crate) fn judge(headers: &HeaderMap, existing: Option<&str>, must_say: bool) -> Result<(), Stale> {
    let (wanted, unwanted) = (tags(headers, &IF_MATCH), tags(headers, &IF_NONE_MATCH));
    if let Some(wanted) = &wanted
        && !existing.is_some_and(|own| names(wanted, own))
    {
        return Err(Stale::Failed);
    }
    if let Some(unwanted) = &unwanted
        && existing.is_some_and(|own| names(unwanted, own))
    {
        return Err(Stale::Failed);
    }
    if wanted.is_none() && unwanted.is_none() && must_say && existing.is_some() {
        return Err(Stale::Unseen);
    }
    Ok(())
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<String>> {
    let all: Vec<String> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().to_owned())
        .filter(|one| !one.is_empty())
        .collect();
    headers.contains_key(name).then_some(all)
}

/// Old content sends tags without their quotes.
fn names(tags: &[String], own: &str) -> bool {
    let plain = |tag: &str| tag.trim_start_matches("W/").trim_matches('"').to_lowercase();
    tags.iter().any(|tag| tag == "*" || plain(tag) == plain(own))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn with(pairs: &[(&HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| ((*name).clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn tags_are_sha1_in_quotes() {
        assert_eq!(tag(b"abc"), "\"a9993e364706816aba3e25717850c26c9cd0d89d\"");
    }

    #[test]
    fn only_what_was_seen_is_changed() {
        let own = tag(b"abc");
        let bare = own.trim_matches('"').to_owned();
        for (headers, existing, must_say, judged) in [
            (with(&[]), None, true, Ok(())),
            (with(&[]), Some(&own), true, Err(Stale::Unseen)),
            (with(&[]), Some(&own), false, Ok(())),
            (with(&[(&IF_MATCH, &own)]), Some(&own), true, Ok(())),
            (with(&[(&IF_MATCH, &bare)]), Some(&own), true, Ok(())),
            (with(&[(&IF_MATCH, "\"x\", *")]), Some(&own), true, Ok(())),
            (with(&[(&IF_MATCH, "\"x\"")]), Some(&own), true, Err(Stale::Failed)),
            (with(&[(&IF_MATCH, "*")]), None, true, Err(Stale::Failed)),
            (with(&[(&IF_NONE_MATCH, "*")]), None, true, Ok(())),
            (with(&[(&IF_NONE_MATCH, "*")]), Some(&own), false, Err(Stale::Failed)),
            (with(&[(&IF_NONE_MATCH, "\"x\"")]), Some(&own), true, Ok(())),
        ] {
            assert_eq!(judge(&headers, existing.map(String::as_str), must_say), judged, "{headers:?} {existing:?}");
        }
    }
}
