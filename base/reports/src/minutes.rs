//! The minutes of a panel: who was there, what was decided on each item and why.
//! They say what the record says; they never judge whether a quorum or a decision was right.

use chrono::{NaiveDate, NaiveTime};
use hiec_kernel::clock::{day_on_page, on_page};
use hiec_kernel::{Fingerprint, Timestamp};
use serde::{Deserialize, Serialize};

use crate::block::{Block, Column, Level, Table};
use crate::sheet::{Document, Mark, Sheet, Template};

/// The minutes of one meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// `Award panel, second day`.
    pub meeting: String,
    pub programme: String,
    pub call: String,
    pub reference: Option<String>,
    pub held_on: NaiveDate,
    /// Local time in England.
    pub began: Option<NaiveTime>,
    pub ended: Option<NaiveTime>,
    pub place: String,
    pub chair: String,
    /// Members of the panel who were there, the chair among them.
    pub present: Vec<Attendee>,
    /// Officers and observers, who do not vote.
    pub in_attendance: Vec<Attendee>,
    pub apologies: Vec<String>,
    /// In the order of the agenda; numbered from 1.
    pub items: Vec<MinuteItem>,
    /// Missing while the minutes are a draft.
    pub approval: Option<Approval>,
    pub illustrative: bool,
    /// Of the record of the meeting.
    pub fingerprint: Option<Fingerprint>,
}

/// A person at the meeting, and as what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    pub name: String,
    /// `Chair`, `Member`, `Secretary`.
    pub capacity: String,
}

/// One item of the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinuteItem {
    pub subject: String,
    /// Who left the room, and why.
    pub recusals: Vec<Recusal>,
    /// For items that were decided.
    pub quorum: Option<Quorum>,
    pub presentation: Option<String>,
    /// What was said, a paragraph each.
    pub discussion: Vec<String>,
    pub decision: Option<Decision>,
    pub actions: Vec<Action>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recusal {
    pub name: String,
    pub reason: String,
}

/// How many members who could vote were in the room, and how many the rules asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quorum {
    pub present: u32,
    pub needed: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// In words: `Fund`, `Reserve`, `Do not fund`.
    pub outcome: String,
    pub rank: Option<Rank>,
    pub reason: String,
    /// Why the decision departs from the rank, where it does.
    pub departure: Option<String>,
}

/// The place in the ranking, first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rank {
    pub place: u32,
    pub of: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    pub what: String,
    pub who: String,
    pub due: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub by: String,
    pub at: Timestamp,
}

impl Document for Minutes {
    fn sheet(&self) -> Sheet {
        let mut marks = Mark::illustrative_if(self.illustrative);
        if self.approval.is_none() {
            marks.push(Mark::DRAFT);
        }
        Sheet {
            template: Template::Minutes,
            lang: "en-GB",
            eyebrow: Some(format!("Minutes · {}", self.programme)),
            title: self.meeting.clone(),
            subtitle: None,
            author: self.programme.clone(),
            date: self.held_on,
            running: format!("Minutes · {} · {}", self.meeting, day_on_page(self.held_on)),
            marks,
            letter: None,
            blocks: self.blocks(),
            fingerprint: self.fingerprint.clone(),
        }
    }
}

impl Minutes {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![self.particulars(), Block::heading(Level::One, "Who was there")];
        blocks.extend(self.attendance());
        if let Some(summary) = self.summary() {
            blocks.push(Block::heading(Level::One, "Decisions in short"));
            blocks.push(summary.into());
        }
        blocks.push(Block::heading(Level::One, "Items"));
        for (number, item) in (1..).zip(&self.items) {
            blocks.extend(item.blocks(number));
        }
        if let Some(actions) = self.actions() {
            blocks.push(Block::heading(Level::One, "Actions"));
            blocks.push(actions.into());
        }
        if let Some(approval) = &self.approval {
            blocks.push(Block::heading(Level::One, "Approval"));
            blocks.push(Block::paragraph(format!(
                "Approved as a true record by {}, {}.",
                approval.by,
                on_page(approval.at)
            )));
        }
        blocks
    }

    fn particulars(&self) -> Block {
        Block::facts([
            ("Call", Some(self.call.clone())),
            ("Date", Some(day_on_page(self.held_on))),
            ("Time", self.hours()),
            ("Place", Some(self.place.clone())),
            ("Chair", Some(self.chair.clone())),
            ("Reference", self.reference.clone()),
        ])
    }

    fn hours(&self) -> Option<String> {
        let spoken = |time: NaiveTime| time.format("%-I:%M%P").to_string();
        match (self.began, self.ended) {
            (Some(began), Some(ended)) => Some(format!("{} to {}", spoken(began), spoken(ended))),
            (Some(began), None) => Some(format!("from {}", spoken(began))),
            (None, Some(ended)) => Some(format!("until {}", spoken(ended))),
            (None, None) => None,
        }
    }

    fn attendance(&self) -> Vec<Block> {
        let people = |caption: &str, people: &[Attendee]| {
            let rows = people.iter().map(|person| [person.name.clone(), person.capacity.clone()]);
            Block::from(Table::of(caption, [Column::words("Name"), Column::words("Capacity")], rows))
        };
        let mut blocks = vec![people("Members present", &self.present)];
        if !self.in_attendance.is_empty() {
            blocks.push(people("In attendance, without a vote", &self.in_attendance));
        }
        let apologies = (!self.apologies.is_empty()).then(|| self.apologies.join("; "));
        blocks.push(Block::facts([("Apologies", Some(apologies.unwrap_or_else(|| "None".into())))]));
        blocks
    }

    fn summary(&self) -> Option<Table> {
        let rows: Vec<[String; 4]> = (1..)
            .zip(&self.items)
            .filter_map(|(number, item): (u32, _)| {
                let decision = item.decision.as_ref()?;
                let rank = decision.rank.map(|rank| rank.place.to_string()).unwrap_or_default();
                let departs = if decision.departure.is_some() { " (departs from the rank)" } else { "" };
                Some([number.to_string(), item.subject.clone(), rank, format!("{}{departs}", decision.outcome)])
            })
            .collect();
        let columns =
            [Column::figure("Item"), Column::wide("Subject", 3), Column::figure("Rank"), Column::wide("Decision", 2)];
        (!rows.is_empty()).then(|| Table::of("What the panel decided", columns, rows))
    }

    fn actions(&self) -> Option<Table> {
        let rows: Vec<[String; 4]> = (1..)
            .zip(&self.items)
            .flat_map(|(number, item): (u32, _)| item.actions.iter().map(move |action| (number, action)))
            .map(|(number, action)| {
                let due = action.due.map(day_on_page).unwrap_or_else(|| "No date".into());
                [number.to_string(), action.what.clone(), action.who.clone(), due]
            })
            .collect();
        let columns = [Column::figure("Item"), Column::wide("Action", 3), Column::words("Who"), Column::words("By")];
        (!rows.is_empty()).then(|| Table::of("Who does what by when", columns, rows))
    }
}

impl MinuteItem {
    fn blocks(&self, number: u32) -> Vec<Block> {
        let mut blocks = vec![Block::heading(Level::Two, format!("{number}. {}", self.subject))];
        let recused = match self.recusals.as_slice() {
            // Of an undecided item silence says enough; of a decided one "none" is part of the record.
            [] if self.decision.is_none() => None,
            [] => Some("None".into()),
            recusals => {
                let each: Vec<String> = recusals.iter().map(|r| format!("{}: {}", r.name, r.reason)).collect();
                Some(each.join("\n"))
            }
        };
        let room = [("Recused", recused), ("Quorum", self.quorum.map(Quorum::in_words))];
        if room.iter().any(|(_, value)| value.is_some()) {
            blocks.push(Block::facts(room));
        }
        if let Some(presentation) = &self.presentation {
            blocks.push(Block::paragraph(format!("Presentation: {presentation}")));
        }
        blocks.extend(self.discussion.iter().map(Block::paragraph));
        if let Some(decision) = &self.decision {
            blocks.extend(decision.blocks());
        }
        blocks
    }
}

impl Quorum {
    fn in_words(self) -> String {
        let Self { present, needed } = self;
        if present >= needed {
            format!("Met: {present} members who could vote were in the room, {needed} needed")
        } else {
            format!("Not met: {present} members who could vote were in the room, {needed} needed")
        }
    }
}

impl Decision {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::facts([
            ("Decision", Some(self.outcome.clone())),
            ("Rank", self.rank.map(|rank| format!("{} of {}", rank.place, rank.of))),
            ("Reason", Some(self.reason.clone())),
        ])];
        if let Some(departure) = &self.departure {
            blocks.push(Block::note("Departure from the rank", departure));
        }
        blocks
    }
}
