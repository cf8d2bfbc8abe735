//! A document made ready for showing: what stands around its blocks, and the blocks.
//! It never knows how a page, a text or a PDF looks.

use chrono::NaiveDate;
use hiec_kernel::Fingerprint;
use serde::Serialize;

use crate::block::Block;
use crate::text;

/// Anything that can be shown as a page, as plain text and as PDF.
pub trait Document {
    /// The document as blocks: the one place where its wording stands.
    fn sheet(&self) -> Sheet;

    /// The document as plain text, wrapped at 76 characters, for mail and for people without PDF.
    fn to_text(&self) -> String {
        text::of(&self.sheet())
    }
}

/// Which frame the PDF puts around the blocks; a file of this name stands in `pdf/templates/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    Minutes,
    Letter,
    Receipt,
    Report,
}

impl Template {
    /// As people call it: `minutes`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Letter => "letter",
            Self::Receipt => "receipt",
            Self::Report => "report",
        }
    }
}

/// Something said of the whole document, on every page: draft, illustrative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// One word.
    pub label: &'static str,
    /// One sentence.
    pub text: &'static str,
}

impl Mark {
    /// For documents in which people, scores or decisions are made up.
    pub const ILLUSTRATIVE: Self = Self {
        label: "Illustrative",
        text: "Partners, people, scores and decisions that are not in the published sources are made up.",
    };
    /// For minutes the chair has not approved yet.
    pub const DRAFT: Self = Self { label: "Draft", text: "The chair has not yet approved these minutes." };

    /// The marks of a document that is illustrative or not.
    pub(crate) fn illustrative_if(illustrative: bool) -> Vec<Self> {
        if illustrative { vec![Self::ILLUSTRATIVE] } else { Vec::new() }
    }
}

/// What stands around the body of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterFrame {
    pub sender: String,
    /// Address and contact of the sender.
    pub sender_lines: Vec<String>,
    pub addressee: Vec<String>,
    pub reference: Option<String>,
    /// `19 October 2009`.
    pub date: String,
}

/// A whole document, ready for showing. Serialised, it is the `data` that `hiec-pdf` reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet {
    #[serde(skip)]
    pub template: Template,
    /// BCP 47. The fixed words are English, so English it is.
    #[serde(skip)]
    pub lang: &'static str,
    /// A short line above the title: what kind of document, of which programme.
    pub eyebrow: Option<String>,
    pub title: String,
    pub subtitle: Option<String>,
    /// Who issues it, for the PDF's properties.
    pub author: String,
    /// The document's own date, not that of its drawing.
    pub date: NaiveDate,
    /// Repeated at the head of every page but the first.
    pub running: String,
    pub marks: Vec<Mark>,
    pub letter: Option<LetterFrame>,
    pub blocks: Vec<Block>,
    /// SHA-256 of the record this was drawn from.
    pub fingerprint: Option<Fingerprint>,
}
