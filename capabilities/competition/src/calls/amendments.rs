//! A call's life on paper: drafted, published with a fingerprint, amended by number; what was published is never changed in place.

use hiec_kernel::clock::on_page;
use hiec_kernel::{Fingerprint, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::design::{CallDesign, Milestone, MilestoneKey};
use super::differences::{Difference, differences};
use super::problems::{DesignProblem, blocking, design_problems};
use super::settled::changed_parts;
use crate::diagrams::{Diagram, Move};

/// A deadline brought forward must leave bidders at least this long, unless the amendment says it means it.
pub const SHORT_NOTICE_DAYS: i64 = 10;

/// A call and everything that was ever published of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CallState {
    Draft(Draft),
    Published(Published),
    Amended(Amended),
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub design: CallDesign,
}

/// What everyone is told, frozen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Published {
    pub design: CallDesign,
    pub fingerprint: Fingerprint,
    pub by: PersonId,
    pub at: Timestamp,
}

/// What was published first, and every amendment since, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amended {
    pub published: Published,
    pub amendments: Vec<Amendment>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amendment {
    /// 1 for the first.
    pub number: u32,
    pub reason: String,
    pub differences: Vec<Difference>,
    pub design: CallDesign,
    pub fingerprint: Fingerprint,
    pub by: PersonId,
    pub at: Timestamp,
}

/// A change somebody wants to make to a published call.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub design: CallDesign,
    pub reason: String,
    /// Ticked when a deadline may be brought forward to less than [`SHORT_NOTICE_DAYS`] from now.
    pub accepts_short_notice: bool,
}

/// Why a call was not published or amended.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CallRefusal {
    #[error("{}", .0.message)]
    Design(DesignProblem),
    #[error("Give the reason for the amendment: it is sent to everyone registered, with the difference")]
    NoReason,
    #[error("Nothing would change. Change the call first, or leave it as it is")]
    NoDifference,
    #[error(
        "The deadline of “{milestone}” has passed and cannot be moved any more: some kept to it. Start a new call instead"
    )]
    DeadlinePassed { milestone: String },
    #[error("“{milestone}” would close in the past. Choose a time still to come")]
    ClosesInThePast { milestone: String },
    #[error(
        "“{milestone}” would close sooner than before, in less than {SHORT_NOTICE_DAYS} days. Choose a later time, or tick that you mean it"
    )]
    ShortNotice { milestone: String },
    #[error(
        "{what} cannot change any more: “{milestone}” closed on {closed}, and bidders wrote to what stood then. Take this out of the proposal; dates to come, guidance, sources and the summary may still change"
    )]
    Settled { what: String, milestone: String, closed: String },
    #[error("The call’s key names it in receipts and addresses and stays as published")]
    KeyChanged,
    #[error("The design could not be written down for its fingerprint. Tell the operator")]
    NotFingerprinted,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Call",
    start: "Draft",
    moves: &[
        Move("Draft", "publish", "Published"),
        Move("Published", "amend", "Amended"),
        Move("Amended", "amend", "Amended"),
    ],
};

impl Draft {
    /// Freezes the design, unless something blocks.
    pub fn publish(self, by: PersonId, now: Timestamp) -> Result<Published, Vec<CallRefusal>> {
        let mut refusals = design_refusals(&self.design);
        for milestone in deadlines(&self.design) {
            if milestone.closes.is_some_and(|at| at <= now) {
                refusals.push(CallRefusal::ClosesInThePast { milestone: milestone.name.clone() });
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        Ok(Published { fingerprint: fingerprint(&self.design)?, design: self.design, by, at: now })
    }
}

impl Published {
    pub fn amend(self, proposal: Proposal, by: PersonId, now: Timestamp) -> Result<Amended, Vec<CallRefusal>> {
        let first = amendment(&self.design, 1, proposal, by, now)?;
        Ok(Amended { published: self, amendments: vec![first] })
    }
}

impl Amended {
    pub fn amend(mut self, proposal: Proposal, by: PersonId, now: Timestamp) -> Result<Self, Vec<CallRefusal>> {
        let number = u32::try_from(self.amendments.len()).unwrap_or(u32::MAX).saturating_add(1);
        let next = amendment(self.design(), number, proposal, by, now)?;
        self.amendments.push(next);
        Ok(self)
    }

    /// The design in force.
    pub fn design(&self) -> &CallDesign {
        self.amendments.last().map_or(&self.published.design, |amendment| &amendment.design)
    }
}

impl CallState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft(_) => "Draft",
            Self::Published(_) => "Published",
            Self::Amended(_) => "Amended",
        }
    }

    /// The design in force, or as drafted.
    pub fn design(&self) -> &CallDesign {
        match self {
            Self::Draft(draft) => &draft.design,
            Self::Published(published) => &published.design,
            Self::Amended(amended) => amended.design(),
        }
    }

    /// Of the design in force; a draft has none.
    pub fn fingerprint(&self) -> Option<&Fingerprint> {
        match self {
            Self::Draft(_) => None,
            Self::Published(published) => Some(&published.fingerprint),
            Self::Amended(amended) => amended
                .amendments
                .last()
                .map(|amendment| &amendment.fingerprint)
                .or(Some(&amended.published.fingerprint)),
        }
    }

    /// Every amendment, oldest first.
    pub fn amendments(&self) -> &[Amendment] {
        match self {
            Self::Draft(_) | Self::Published(_) => &[],
            Self::Amended(amended) => &amended.amendments,
        }
    }
}

/// Works out one amendment, or every reason against it.
fn amendment(
    old: &CallDesign,
    number: u32,
    proposal: Proposal,
    by: PersonId,
    now: Timestamp,
) -> Result<Amendment, Vec<CallRefusal>> {
    let mut refusals = refusals(old, &proposal, now);
    let found = differences(old, &proposal.design);
    if found.is_empty() {
        refusals.push(CallRefusal::NoDifference);
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(Amendment {
        number,
        reason: proposal.reason.trim().to_owned(),
        differences: found,
        fingerprint: fingerprint(&proposal.design)?,
        design: proposal.design,
        by,
        at: now,
    })
}

/// Everything against a proposal but that it changes nothing; for the page that shows the difference before it is sent.
pub fn refusals(old: &CallDesign, proposal: &Proposal, now: Timestamp) -> Vec<CallRefusal> {
    let mut refusals = design_refusals(&proposal.design);
    if proposal.reason.trim().is_empty() {
        refusals.push(CallRefusal::NoReason);
    }
    if old.key != proposal.design.key {
        refusals.push(CallRefusal::KeyChanged);
    }
    refusals.extend(settled_refusals(old, &proposal.design, now));
    for key in MilestoneKey::ALL.iter().copied().filter(|key| *key != MilestoneKey::Notice) {
        let closing = |design: &CallDesign| design.milestone(key).and_then(|m| m.closes);
        let (before, after) = (closing(old), closing(&proposal.design));
        if before == after {
            continue;
        }
        let milestone = proposal
            .design
            .milestone(key)
            .or_else(|| old.milestone(key))
            .map_or_else(|| key.label().to_owned(), |m| m.name.clone());
        if key.is_deadline() && before.is_some_and(|at| at <= now) {
            refusals.push(CallRefusal::DeadlinePassed { milestone });
        } else if after.is_some_and(|at| at <= now) {
            refusals.push(CallRefusal::ClosesInThePast { milestone });
        } else if key.is_deadline() && !proposal.accepts_short_notice && is_short_notice(before, after, now) {
            refusals.push(CallRefusal::ShortNotice { milestone });
        }
    }
    refusals
}

/// One refusal for every part that bidders wrote to and that would change.
fn settled_refusals(old: &CallDesign, new: &CallDesign, now: Timestamp) -> Vec<CallRefusal> {
    changed_parts(old, new, now)
        .into_iter()
        .filter_map(|part| {
            let closed = part.settles(old)?.0;
            Some(CallRefusal::Settled {
                what: capital(part.in_words()),
                milestone: old.milestone(part.milestone())?.name.clone(),
                closed: on_page(closed),
            })
        })
        .collect()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn is_short_notice(before: Option<Timestamp>, after: Option<Timestamp>, now: Timestamp) -> bool {
    let is_sooner = match (before, after) {
        (Some(before), Some(after)) => after < before,
        (None, Some(_)) => true,
        (_, None) => false,
    };
    is_sooner && after.is_some_and(|at| at - now < chrono::Duration::days(SHORT_NOTICE_DAYS))
}

fn deadlines(design: &CallDesign) -> impl Iterator<Item = &Milestone> {
    design.milestones.iter().filter(|milestone| milestone.key.is_deadline())
}

fn design_refusals(design: &CallDesign) -> Vec<CallRefusal> {
    blocking(&design_problems(design)).into_iter().map(CallRefusal::Design).collect()
}

fn fingerprint(design: &CallDesign) -> Result<Fingerprint, Vec<CallRefusal>> {
    design.fingerprint().map_err(|_| vec![CallRefusal::NotFingerprinted])
}

#[cfg(test)]
mod tests;
