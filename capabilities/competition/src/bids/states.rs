//! A bid from draft to opening: states and the moves between them; nothing is accepted after the deadline but by two officers with a reason, and nobody outside the partnership reads it before it is opened.

use hiec_kernel::{BidId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::opening::{Officer, Opened};
use super::receipts::{Part, Receipt};
use super::shortfalls::{PartnerSignOff, Shortfall, of_sign_offs};
use crate::calls::stages::Deadline;
use crate::diagrams::{Diagram, Move};

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BidState {
    Draft(Draft),
    Submitted(Submitted),
    Withdrawn(Withdrawn),
    NotSubmitted(NotSubmitted),
    LateProposed(LateProposed),
    Opened(OpenedBid),
}

/// Being written. Submissions withdrawn before stay on the record.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Draft {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Withdrawal>,
}

/// Sealed: this is what will be opened, unless it is withdrawn or replaced in time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Submitted {
    pub submission: Submission,
    /// Submissions this one took the place of, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Submission>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Withdrawal>,
    /// Shown for ever, where the bid came late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<LateEntry>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Submission {
    pub by: PersonId,
    pub receipt: Receipt,
}

/// Taken back by the lead, together with whatever it had replaced.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Withdrawn {
    pub withdrawn: Vec<Withdrawal>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Withdrawal {
    pub submissions: Vec<Submission>,
    pub by: PersonId,
    pub at: Timestamp,
}

/// Still a draft when the deadline came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NotSubmitted {
    pub at: Timestamp,
    /// What was lacking at that moment, in words.
    pub lacking: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Withdrawal>,
}

/// One officer would admit it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LateProposed {
    pub not_submitted: NotSubmitted,
    pub first: PersonId,
    pub reason: String,
    pub at: Timestamp,
}

/// Why and by whom a late bid was admitted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LateEntry {
    pub first: PersonId,
    pub second: PersonId,
    pub reason: String,
    pub proposed_at: Timestamp,
    pub admitted_at: Timestamp,
}

/// Open to those who assess.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenedBid {
    pub submitted: Submitted,
    pub opened: Opened,
}

/// Everything a submission is judged by and made of.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub by: PersonId,
    pub deadline: Deadline,
    pub sign_offs: &'a [PartnerSignOff],
    /// Found in the answers, in the membership, on the shortlist.
    pub shortfalls: Vec<Shortfall>,
    pub receipt_number: String,
    pub call: String,
    pub bid: BidId,
    pub parts: Vec<Part>,
}

/// Why a move other than a submission is not made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BidRefusal {
    #[error("The deadline has passed: the bid stays as it was submitted. {countdown}")]
    AfterDeadline { countdown: String },
    #[error("The deadline has not passed yet. {countdown}")]
    BeforeDeadline { countdown: String },
    #[error("Give the reason: a late entry and its reason are shown for ever")]
    NoReason,
    #[error("Another officer must agree: nobody admits a late bid alone")]
    SamePerson,
    #[error("You have an interest in this bid: leave it to another officer")]
    Interested,
    #[error("A bid admitted late is neither withdrawn nor replaced by its partners. Write to the programme office")]
    AdmittedLate,
    #[error("This bid came in after that opening. Two officers open it in one of its own")]
    OpenedBefore,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Bid",
    start: "Draft",
    moves: &[
        Move("Draft", "submit", "Submitted"),
        Move("Draft", "deadline", "NotSubmitted"),
        Move("Submitted", "replace", "Submitted"),
        Move("Submitted", "withdraw", "Withdrawn"),
        Move("Submitted", "open", "Opened"),
        Move("Withdrawn", "resume", "Draft"),
        Move("NotSubmitted", "propose late entry", "LateProposed"),
        Move("LateProposed", "admit", "Submitted"),
        Move("LateProposed", "decline", "NotSubmitted"),
    ],
};

impl Draft {
    /// Submits before the deadline with every partner's sign-off, or says everything that is lacking, the clock first.
    pub fn submit(self, entry: Entry<'_>, now: Timestamp) -> Result<Submitted, Vec<Shortfall>> {
        let submission = accepted(entry, now, Clock::Binds)?;
        Ok(Submitted { submission, replaced: Vec::new(), withdrawn: self.withdrawn, late: None })
    }

    /// What the deadline finds unsubmitted. `lacking` may be empty: complete, but nobody pressed the button.
    pub fn close(self, deadline: Deadline, lacking: &[Shortfall], now: Timestamp) -> Result<NotSubmitted, BidRefusal> {
        after(deadline, now)?;
        Ok(NotSubmitted { at: now, lacking: lacking.iter().map(Shortfall::what).collect(), withdrawn: self.withdrawn })
    }
}

impl Submitted {
    /// Submits again in the place of what is sealed; until this succeeds, what is sealed stands.
    pub fn replace(mut self, entry: Entry<'_>, now: Timestamp) -> Result<Self, Vec<Shortfall>> {
        let submission = accepted(entry, now, Clock::Binds)?;
        self.replaced.push(std::mem::replace(&mut self.submission, submission));
        Ok(self)
    }

    pub fn withdraw(mut self, by: PersonId, deadline: Deadline, now: Timestamp) -> Result<Withdrawn, BidRefusal> {
        if self.late.is_some() {
            return Err(BidRefusal::AdmittedLate);
        }
        before(deadline, now)?;
        let mut submissions = std::mem::take(&mut self.replaced);
        submissions.push(self.submission);
        self.withdrawn.push(Withdrawal { submissions, by, at: now });
        Ok(Withdrawn { withdrawn: self.withdrawn })
    }

    /// Opens with an opening by two officers that took place after it came in.
    pub fn open(self, opened: Opened) -> Result<OpenedBid, BidRefusal> {
        if opened.at < self.submission.receipt.received_at {
            return Err(BidRefusal::OpenedBefore);
        }
        Ok(OpenedBid { submitted: self, opened })
    }
}

impl Withdrawn {
    /// Writes on, while there is time to submit again.
    pub fn resume(self, deadline: Deadline, now: Timestamp) -> Result<Draft, BidRefusal> {
        before(deadline, now)?;
        Ok(Draft { withdrawn: self.withdrawn })
    }
}

impl NotSubmitted {
    pub fn propose_late_entry(
        self,
        officer: Officer,
        reason: &str,
        now: Timestamp,
    ) -> Result<LateProposed, BidRefusal> {
        if officer.is_interested {
            return Err(BidRefusal::Interested);
        }
        if reason.trim().is_empty() {
            return Err(BidRefusal::NoReason);
        }
        Ok(LateProposed { not_submitted: self, first: officer.person, reason: reason.trim().to_owned(), at: now })
    }
}

/// Why a late bid is not admitted: the officer may not, or the bid is not complete.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LateRefusal {
    Officer(BidRefusal),
    Bid(Vec<Shortfall>),
}

impl LateProposed {
    /// The second officer agrees. The clock is the only thing forgiven: sign-offs and answers must be complete.
    pub fn admit(self, officer: Officer, entry: Entry<'_>, now: Timestamp) -> Result<Submitted, LateRefusal> {
        self.other_officer(officer).map_err(LateRefusal::Officer)?;
        let submission = accepted(entry, now, Clock::Forgiven).map_err(LateRefusal::Bid)?;
        Ok(Submitted {
            submission,
            replaced: Vec::new(),
            withdrawn: self.not_submitted.withdrawn,
            late: Some(LateEntry {
                first: self.first,
                second: officer.person,
                reason: self.reason,
                proposed_at: self.at,
                admitted_at: now,
            }),
        })
    }

    /// The second officer does not agree.
    pub fn decline(self, officer: Officer) -> Result<NotSubmitted, BidRefusal> {
        self.other_officer(officer)?;
        Ok(self.not_submitted)
    }

    fn other_officer(&self, officer: Officer) -> Result<(), BidRefusal> {
        if officer.person == self.first {
            Err(BidRefusal::SamePerson)
        } else if officer.is_interested {
            Err(BidRefusal::Interested)
        } else {
            Ok(())
        }
    }
}

#[derive(PartialEq, Eq)]
enum Clock {
    Binds,
    Forgiven,
}

fn accepted(entry: Entry<'_>, now: Timestamp, clock: Clock) -> Result<Submission, Vec<Shortfall>> {
    let mut shortfalls = Vec::new();
    if clock == Clock::Binds && !entry.deadline.admits(now) {
        shortfalls.push(Shortfall::Late { deadline: entry.deadline });
    }
    shortfalls.extend(entry.shortfalls);
    shortfalls.extend(of_sign_offs(entry.sign_offs));
    if entry.parts.is_empty() {
        shortfalls.push(Shortfall::Empty);
    }
    if !shortfalls.is_empty() {
        return Err(shortfalls);
    }
    Ok(Submission {
        by: entry.by,
        receipt: Receipt::issue(entry.receipt_number, entry.call, entry.bid, now, entry.parts),
    })
}

fn before(deadline: Deadline, now: Timestamp) -> Result<(), BidRefusal> {
    if deadline.admits(now) {
        return Ok(());
    }
    Err(BidRefusal::AfterDeadline { countdown: deadline.countdown(now) })
}

fn after(deadline: Deadline, now: Timestamp) -> Result<(), BidRefusal> {
    if !deadline.admits(now) {
        return Ok(());
    }
    Err(BidRefusal::BeforeDeadline { countdown: deadline.countdown(now) })
}

/// From which side somebody looks at a bid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reader {
    /// Of the partnership.
    Partner,
    /// Of the office, the regions, the assessors, the panel. Whether this one may is the policies' matter; before opening none may.
    Official,
}

impl BidState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft(_) => "Draft",
            Self::Submitted(_) => "Submitted",
            Self::Withdrawn(_) => "Withdrawn",
            Self::NotSubmitted(_) => "NotSubmitted",
            Self::LateProposed(_) => "LateProposed",
            Self::Opened(_) => "Opened",
        }
    }

    pub fn label(&self) -> &'static str {
        match self {
            Self::Draft(_) => "Being written",
            Self::Submitted(_) => "Submitted and sealed",
            Self::Withdrawn(_) => "Withdrawn",
            Self::NotSubmitted(_) => "Not submitted by the deadline",
            Self::LateProposed(_) => "Late entry proposed",
            Self::Opened(_) => "Opened",
        }
    }

    /// Whether the contents may be read from this side.
    pub fn is_readable_by(&self, reader: Reader) -> bool {
        match reader {
            Reader::Partner => true,
            Reader::Official => matches!(self, Self::Opened(_)),
        }
    }

    /// What stands sealed or was opened.
    pub fn submission(&self) -> Option<&Submission> {
        match self {
            Self::Submitted(submitted) => Some(&submitted.submission),
            Self::Opened(opened) => Some(&opened.submitted.submission),
            Self::Draft(_) | Self::Withdrawn(_) | Self::NotSubmitted(_) | Self::LateProposed(_) => None,
        }
    }

    pub fn late_entry(&self) -> Option<&LateEntry> {
        match self {
            Self::Submitted(submitted) => submitted.late.as_ref(),
            Self::Opened(opened) => opened.submitted.late.as_ref(),
            Self::Draft(_) | Self::Withdrawn(_) | Self::NotSubmitted(_) | Self::LateProposed(_) => None,
        }
    }
}

/// Days before the deadline on which a lead and every partner who has not signed are reminded.
pub const REMINDER_DAYS: [i64; 4] = [14, 7, 3, 1];

/// Which reminder is due, as days before the deadline: the latest whose time has come and that was not sent.
pub fn reminder_due(deadline: Deadline, last_sent: Option<i64>, now: Timestamp) -> Option<i64> {
    if !deadline.admits(now) {
        return None;
    }
    REMINDER_DAYS
        .into_iter()
        .filter(|days| deadline.0 - now <= chrono::Duration::days(*days))
        .min()
        .filter(|due| last_sent.is_none_or(|sent| *due < sent))
}

#[cfg(test)]
mod tests;
