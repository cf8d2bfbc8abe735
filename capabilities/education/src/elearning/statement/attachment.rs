//! What a statement says of its attachments: what each is for, how long, its hash, and where it lies if not in the request.

use serde_json::Value;

use super::Checking;
use super::fields::{iri, known, language_map, object};

/// A signature over a statement, which a receiver would have to verify.
const SIGNATURE: &str = "http://adlnet.gov/expapi/attachments/signature";

/// An attachment as its statement describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Attachment {
    pub content_type: String,
    pub length: u64,
    /// Of the content, in hexadecimal.
    pub sha2: String,
    /// Whether it lies elsewhere, so that the content need not come along.
    pub has_address: bool,
}

pub(super) fn attachments(value: &Value) -> Checking<Vec<Attachment>> {
    let all = value.as_array().ok_or("attachments is no list")?;
    all.iter().map(attachment).collect()
}

fn attachment(value: &Value) -> Checking<Attachment> {
    let place = "attachments";
    let fields = object(value, place)?;
    known(fields, place, &["usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"])?;
    let usage = iri(fields.get("usageType").ok_or("An attachment has no usageType")?, "attachments.usageType")?;
    if usage == SIGNATURE {
        return Err("Signed statements are not taken, for signatures are not verified here: send it without".to_owned());
    }
    language_map(fields.get("display").ok_or("An attachment has no display")?, "attachments.display")?;
    if let Some(words) = fields.get("description") {
        language_map(words, "attachments.description")?;
    }
    let content_type = fields.get("contentType").and_then(Value::as_str).filter(|kind| is_media_type(kind));
    let content_type = content_type.ok_or("attachments.contentType is no media type such as text/plain")?;
    let length = fields.get("length").and_then(Value::as_u64).ok_or("attachments.length is no whole number")?;
    let sha2 = fields.get("sha2").and_then(Value::as_str).filter(|sum| is_sha256(sum));
    let sha2 = sha2.ok_or("attachments.sha2 is no SHA-256 sum in hexadecimal")?;
    if let Some(address) = fields.get("fileUrl") {
        iri(address, "attachments.fileUrl")?;
    }
    Ok(Attachment {
        content_type: content_type.to_owned(),
        length,
        sha2: sha2.to_lowercase(),
        has_address: fields.contains_key("fileUrl"),
    })
}

fn is_media_type(kind: &str) -> bool {
    let is_plain = kind.len() <= 200 && kind.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    is_plain && kind.split_once('/').is_some_and(|(main, sub)| !main.is_empty() && !sub.is_empty())
}

fn is_sha256(sum: &str) -> bool {
    sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit())
}
