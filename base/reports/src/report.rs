//! A report of any kind: a title and blocks.
//! It never adds words of its own to what the caller wrote.

use chrono::NaiveDate;
use hiec_kernel::Fingerprint;
use hiec_kernel::clock::day_on_page;
use serde::{Deserialize, Serialize};

use crate::block::Block;
use crate::sheet::{Document, Mark, Sheet, Template};

/// One report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// A short line above the title, such as the programme.
    pub eyebrow: Option<String>,
    pub title: String,
    pub subtitle: Option<String>,
    /// Who issues it.
    pub author: String,
    pub dated: NaiveDate,
    pub body: Vec<Block>,
    pub illustrative: bool,
    /// Of the record the report was drawn from.
    pub fingerprint: Option<Fingerprint>,
}

impl Document for Report {
    fn sheet(&self) -> Sheet {
        Sheet {
            template: Template::Report,
            lang: "en-GB",
            eyebrow: self.eyebrow.clone(),
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            author: self.author.clone(),
            date: self.dated,
            running: format!("{} · {}", self.title, day_on_page(self.dated)),
            marks: Mark::illustrative_if(self.illustrative),
            letter: None,
            blocks: self.body.clone(),
            fingerprint: self.fingerprint.clone(),
        }
    }
}
