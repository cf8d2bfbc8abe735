//! The receipt for a submission: who handed in what, when by the server's clock, and the fingerprint of every part.
//! It never says that a submission was accepted or eligible: only that it arrived.

use hiec_kernel::clock::{iso, london_date, on_page};
use hiec_kernel::{Fingerprint, Timestamp};
use serde::{Deserialize, Serialize};

use crate::block::{Block, Column, Level, Table};
use crate::sheet::{Document, Mark, Sheet, Template};

/// One receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The receipt's own number.
    pub reference: String,
    pub programme: String,
    pub call: String,
    /// What was handed in: `Bid: Example cluster`.
    pub subject: String,
    pub submitted_by: String,
    /// The lead organisation.
    pub on_behalf_of: String,
    /// By the server's clock.
    pub received_at: Timestamp,
    pub deadline: Option<Timestamp>,
    /// The reference of the receipt this one replaces.
    pub replaces: Option<String>,
    pub parts: Vec<ReceiptPart>,
    pub illustrative: bool,
    /// Of the submission as a whole.
    pub fingerprint: Option<Fingerprint>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptPart {
    pub name: String,
    pub bytes: u64,
    pub sha256: Fingerprint,
}

impl Document for Receipt {
    fn sheet(&self) -> Sheet {
        Sheet {
            template: Template::Receipt,
            lang: "en-GB",
            eyebrow: Some(format!("Receipt · {}", self.programme)),
            title: format!("Receipt for {}", self.subject),
            subtitle: None,
            author: self.programme.clone(),
            date: london_date(self.received_at),
            running: format!("Receipt {} · {}", self.reference, self.call),
            marks: Mark::illustrative_if(self.illustrative),
            letter: None,
            blocks: self.blocks(),
            fingerprint: self.fingerprint.clone(),
        }
    }
}

impl Receipt {
    fn blocks(&self) -> Vec<Block> {
        let both = |moment: Timestamp| format!("{} ({})", on_page(moment), iso(moment));
        let parts =
            self.parts.iter().map(|part| [part.name.clone(), in_thousands(part.bytes), part.sha256.to_string()]);
        vec![
            Block::facts([
                ("Receipt", Some(self.reference.clone())),
                ("Call", Some(self.call.clone())),
                ("Received", Some(both(self.received_at))),
                ("Deadline", self.deadline.map(both)),
                ("Submitted by", Some(self.submitted_by.clone())),
                ("On behalf of", Some(self.on_behalf_of.clone())),
                ("Replaces", self.replaces.clone()),
            ]),
            Block::heading(Level::One, "What was received"),
            Table::of(
                "Every part with its fingerprint",
                [Column::words("Part"), Column::figure("Bytes"), Column::code("SHA-256")],
                parts,
            )
            .into(),
            Block::paragraph(
                "The time is that of the server's clock, in England and (in brackets) as universal time. A part whose \
                 SHA-256 is the one above is, to the last letter, the part that was received. This receipt says that \
                 the submission arrived; whether it is eligible is decided later.",
            ),
        ]
    }
}

/// `1234567` as `1,234,567`.
fn in_thousands(number: u64) -> String {
    let figures = number.to_string();
    let mut out = String::new();
    for (at, figure) in figures.chars().enumerate() {
        if at > 0 && (figures.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(figure);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        assert_eq!([0, 999, 1000, 1_234_567].map(in_thousands), ["0", "999", "1,000", "1,234,567"]);
    }
}
