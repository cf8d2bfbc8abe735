//! What a file is, judged by its content; a name or a header sent by the browser is only ever compared with it, never believed.

mod archive;
mod content;

pub use content::{Sniffer, sniff};

use serde::{Deserialize, Serialize};

/// The kinds of file people may attach. Anything else is refused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Pdf,
    Docx,
    Xlsx,
    Odt,
    Png,
    Jpeg,
    Csv,
    Text,
}

impl FileKind {
    pub const ALL: &'static [Self] =
        &[Self::Pdf, Self::Docx, Self::Xlsx, Self::Odt, Self::Png, Self::Jpeg, Self::Csv, Self::Text];

    /// The stored spelling.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Odt => "odt",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Csv => "csv",
            Self::Text => "text",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The name people know it by.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF document",
            Self::Docx => "Word document",
            Self::Xlsx => "Excel workbook",
            Self::Odt => "OpenDocument text",
            Self::Png => "PNG picture",
            Self::Jpeg => "JPEG picture",
            Self::Csv => "CSV table",
            Self::Text => "plain text",
        }
    }

    /// The name inside a sentence: "this is …".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Pdf => "a PDF document",
            Self::Docx => "a Word document",
            Self::Xlsx => "an Excel workbook",
            Self::Odt => "an OpenDocument text",
            Self::Png => "a PNG picture",
            Self::Jpeg => "a JPEG picture",
            Self::Csv => "a CSV table",
            Self::Text => "plain text",
        }
    }

    /// The extension we give it when it is handed out again.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Text => "txt",
            other => other.key(),
        }
    }

    /// The media type to serve it with, always together with `X-Content-Type-Options: nosniff`. Text names its encoding with
    /// [`Sniffed::content_type`].
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
        }
    }

    /// The kind a file name claims, by its last extension.
    pub fn from_name(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        if stem.is_empty() {
            return None;
        }
        match extension.trim().to_ascii_lowercase().as_str() {
            "pdf" => Some(Self::Pdf),
            "docx" => Some(Self::Docx),
            "xlsx" => Some(Self::Xlsx),
            "odt" => Some(Self::Odt),
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "csv" => Some(Self::Csv),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// How a text file spells its characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    Utf8,
    /// What older Windows programs write; bytes that are not UTF-8 and hold no control characters.
    Windows1252,
}

/// A file's kind as its content shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sniffed {
    pub kind: FileKind,
    /// For CSV and text only.
    pub charset: Option<Charset>,
}

impl Sniffed {
    /// The value of the `Content-Type` header.
    pub fn content_type(self) -> String {
        let media_type = self.kind.media_type();
        match self.charset {
            Some(Charset::Utf8) => format!("{media_type}; charset=utf-8"),
            Some(Charset::Windows1252) => format!("{media_type}; charset=windows-1252"),
            None => media_type.to_owned(),
        }
    }
}

/// Why a file is not taken, in the user's words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    #[error("The file is empty. Choose the file again, and check that it opens on your computer.")]
    Empty,
    #[error("This file is {what}, which we do not accept. {advice}")]
    NotAccepted { what: &'static str, advice: &'static str },
    #[error(
        "This file is a web page, a drawing (SVG) or other markup, which we do not accept. Print or save it as PDF and upload that."
    )]
    Markup,
    #[error(
        "We cannot tell what kind of file this is. Use a PDF, Word (.docx), Excel (.xlsx), OpenDocument (.odt), PNG, JPEG, CSV or text file."
    )]
    Unknown,
    #[error(
        "The file's name ends in .{claimed}, but what is in it is {found}. Save it again with the right ending (.{extension}), then upload it."
    )]
    Mismatch { claimed: String, found: &'static str, extension: &'static str },
    #[error(
        "The file's name has no ending that says what it is. Rename it so that it ends in .{extension} (it is {found}), then upload it."
    )]
    NoExtension { found: &'static str, extension: &'static str },
    #[error("The file is damaged: {what}. Open it on your computer, save it again and upload that.")]
    Damaged { what: &'static str },
}
