//! Open Badges 3.0 as verifiable credentials: made, signed, baked into images and verified; it must never read a file, a clock or a network.
//!
//! [`Award::document`] makes an `OpenBadgeCredential`; [`sign_jwt`] and [`sign_data_integrity`] sign it; [`verify`] judges
//! any issuer's badge (JSON, JWT, PNG or SVG) and says of each check how it went. [`StatusList`] is the Bitstring Status
//! List; [`KeyDocument`] what an issuer publishes of its keys. Time, keys and the documents of others are passed in;
//! contexts are pinned inside.

mod award;
mod canonical;
#[cfg(feature = "command")]
pub mod command;
mod contexts;
mod data_integrity;
mod dates;
mod form;
mod images;
mod jwt;
mod key_document;
mod keys;
mod reading;
mod request;
mod required;
mod status_list;
mod verify;

pub use award::{Achievement, Alignment, Award, Criteria, Evidence, Issuer, Recipient, StatusEntry, identity_hash};
pub use contexts::{CONTEXTS, pinned};
pub use data_integrity::sign_data_integrity;
pub use images::{bake, unbake};
pub use jwt::sign_jwt;
pub use key_document::{KeyDocument, PublishedKey, did_web};
pub use keys::{IssuingKey, PublicKey, seed_from};
pub use reading::{DEEPEST, LARGEST_FILE, LARGEST_TEXT, MOST_OBJECTS, read_json};
pub use status_list::{LARGEST_LIST, Purpose, SMALLEST_LIST, StatusList};
pub use verify::{Check, Format, Options, Outcome, Report, Summary, Topic, verify};

/// Why something cannot be read or made, in a sentence for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable(pub String);

impl Unusable {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Unusable {}

/// A value from somebody else's document, short enough to stand in a sentence.
pub(crate) fn quoted(words: &str) -> String {
    const LONGEST: usize = 80;
    let clean: String = words.chars().filter(|letter| !letter.is_control()).take(LONGEST + 1).collect();
    if clean.chars().count() > LONGEST {
        let short: String = clean.chars().take(LONGEST).collect();
        format!("\u{201c}{short}…\u{201d}")
    } else {
        format!("\u{201c}{clean}\u{201d}")
    }
}
