//! The JSON-LD contexts this crate knows, pinned inside it; it must never fetch one.

/// W3C's Verifiable Credentials, version 2: first in every credential.
pub const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";
/// 1EdTech's Open Badges 3.0, as it is written today.
pub const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// 1EdTech's extensions: the type of the schema a badge names.
pub const EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

/// Every address that is known, with its text. The address must be exactly one of these.
pub const CONTEXTS: [(&str, &str); 8] = [
    (CREDENTIALS, include_str!("../contexts/credentials-v2.json")),
    (OPEN_BADGES, include_str!("../contexts/ob-v3p0-context-3.0.3.json")),
    (
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        include_str!("../contexts/ob-v3p0-context-3.0.2.json"),
    ),
    (
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        include_str!("../contexts/ob-v3p0-context-3.0.1.json"),
    ),
    // What stands at the address without a version redefines terms that are protected, so no credential could use it.
    ("https://purl.imsglobal.org/spec/ob/v3p0/context.json", include_str!("../contexts/ob-v3p0-context-3.0.3.json")),
    (EXTENSIONS, include_str!("../contexts/ob-v3p0-extensions.json")),
    ("https://w3id.org/security/data-integrity/v2", include_str!("../contexts/security-data-integrity-v2.json")),
    ("https://w3id.org/security/multikey/v1", include_str!("../contexts/security-multikey-v1.json")),
];

/// The text of a context, where it is one of those pinned.
#[must_use]
pub fn pinned(address: &str) -> Option<&'static str> {
    CONTEXTS.iter().find(|(known, _)| *known == address).map(|(_, text)| *text)
}

/// Whether an address is one of Open Badges 3.0.
pub fn is_open_badges(address: &str) -> bool {
    address.starts_with("https://purl.imsglobal.org/spec/ob/v3p0/context") && pinned(address).is_some()
}
