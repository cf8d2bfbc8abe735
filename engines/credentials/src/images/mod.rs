//! Badges baked into images, as Open Badges 3.0 lays down; it must never change what the picture shows.

mod png;
mod svg;

use crate::{LARGEST_FILE, Unusable};

/// What a file is by its first bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Png,
    /// Or any other XML.
    Svg,
    Text,
}

pub fn kind(file: &[u8]) -> Kind {
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).trim_ascii_start();
    if file.starts_with(png::SIGNATURE) {
        Kind::Png
    } else if text.starts_with(b"<") {
        Kind::Svg
    } else {
        Kind::Text
    }
}

/// Puts a credential (a token or JSON) into a PNG or an SVG image; one that is in it already gives way.
///
/// # Errors
/// An image that is neither, too large or damaged.
pub fn bake(image: &[u8], credential: &str) -> Result<Vec<u8>, Unusable> {
    is_small_enough(image)?;
    match kind(image) {
        Kind::Png => png::bake(image, credential),
        Kind::Svg => svg::bake(image, credential).map(String::into_bytes),
        Kind::Text => Err(Unusable::new("the image is neither PNG nor SVG; a badge can be baked into these two")),
    }
}

/// Takes the credential out of a PNG or an SVG image.
///
/// # Errors
/// An image that is neither, too large or damaged, or holds no badge.
pub fn unbake(image: &[u8]) -> Result<String, Unusable> {
    is_small_enough(image)?;
    match kind(image) {
        Kind::Png => png::unbake(image),
        Kind::Svg => svg::unbake(image),
        Kind::Text => Err(Unusable::new("the file is no PNG and no SVG image")),
    }
}

fn is_small_enough(image: &[u8]) -> Result<(), Unusable> {
    if image.len() > LARGEST_FILE {
        return Err(Unusable(format!("the file is {} bytes; at most {LARGEST_FILE} are read", image.len())));
    }
    Ok(())
}
