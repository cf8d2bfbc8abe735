//! A letter: to a bidder with scores and reasons, to a partner, to anyone.
//! It never carries what the caller did not put in; another bidder's secrets are the caller's to keep out.

use chrono::NaiveDate;
use hiec_kernel::Fingerprint;
use hiec_kernel::clock::day_on_page;
use serde::{Deserialize, Serialize};

use crate::block::{Block, Column, Table};
use crate::sheet::{Document, LetterFrame, Mark, Sheet, Template};

/// One letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The sending body's name, set as the letterhead.
    pub sender: String,
    /// Its address and contact.
    pub sender_lines: Vec<String>,
    /// Name, organisation, address.
    pub addressee: Vec<String>,
    pub reference: Option<String>,
    pub dated: NaiveDate,
    pub subject: String,
    /// `Dear Ada Example`; the comma is added.
    pub salutation: String,
    /// Paragraphs before the scores.
    pub opening: Vec<String>,
    pub scores: Option<ScoreSheet>,
    /// What follows the scores: what a better bid had, the standstill, how to complain.
    pub body: Vec<Block>,
    pub sign_off: SignOff,
    pub illustrative: bool,
    /// Of the record the letter tells of.
    pub fingerprint: Option<Fingerprint>,
}

/// Scores per criterion, as they stand in the record: every figure is already a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreSheet {
    pub lines: Vec<ScoreLine>,
    pub total: Option<ScoreTotal>,
    /// How the total is reckoned, from the call: one sentence.
    pub rule: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreLine {
    pub criterion: String,
    pub score: String,
    pub maximum: String,
    /// `20%`.
    pub weight: String,
    pub reasons: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreTotal {
    pub score: String,
    pub maximum: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// `Yours sincerely`; the comma is added.
    pub valediction: String,
    pub name: String,
    pub role: String,
}

impl Document for Letter {
    fn sheet(&self) -> Sheet {
        let date = day_on_page(self.dated);
        Sheet {
            template: Template::Letter,
            lang: "en-GB",
            eyebrow: None,
            title: self.subject.clone(),
            subtitle: None,
            author: self.sender.clone(),
            date: self.dated,
            running: format!("{} · {date}", self.sender),
            marks: Mark::illustrative_if(self.illustrative),
            letter: Some(LetterFrame {
                sender: self.sender.clone(),
                sender_lines: self.sender_lines.clone(),
                addressee: self.addressee.clone(),
                reference: self.reference.clone(),
                date,
            }),
            blocks: self.blocks(),
            fingerprint: self.fingerprint.clone(),
        }
    }
}

impl Letter {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::paragraph(format!("{},", self.salutation))];
        blocks.extend(self.opening.iter().map(Block::paragraph));
        if let Some(scores) = &self.scores {
            blocks.extend(scores.blocks());
        }
        blocks.extend(self.body.iter().cloned());
        let SignOff { valediction, name, role } = &self.sign_off;
        blocks.push(Block::lines([format!("{valediction},"), String::new(), name.clone(), role.clone()]));
        blocks
    }
}

impl ScoreSheet {
    /// The scores as a table, and the rule under it; a page can show them on their own.
    pub fn blocks(&self) -> Vec<Block> {
        let line = |line: &ScoreLine| {
            [&line.criterion, &line.score, &line.maximum, &line.weight, &line.reasons].map(String::clone)
        };
        let total = |total: &ScoreTotal| {
            ["Weighted total".into(), total.score.clone(), total.maximum.clone(), String::new(), String::new()]
        };
        let columns = [
            Column::wide("Criterion", 2),
            Column::figure("Score"),
            Column::figure("Out of"),
            Column::figure("Weight"),
            Column::wide("Reasons", 4),
        ];
        let rows = self.lines.iter().map(line).chain(self.total.iter().map(total));
        let mut blocks = vec![Table::of("Scores by criterion", columns, rows).into()];
        blocks.extend(self.rule.iter().map(Block::paragraph));
        blocks
    }
}
