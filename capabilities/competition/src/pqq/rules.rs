//! The judgement of a pre-qualification questionnaire and its way through the shortlist: states and rules; nothing is decided by counting alone, and nothing written is overwritten.
//!
//! Members judge each test for themselves, with a reason. Then the group decides each test, with a reason of its own; it may
//! differ from the majority, and the judgements stay beside it. A PQQ passes when every test is decided and passed. The outcome
//! is proposed to the regions the partnership lies in, each confirms it or challenges it with grounds, the group answers every
//! challenge, and only then is it final and told.

use std::collections::BTreeMap;

use hiec_kernel::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::shortlist::{Final, Proposed};
use crate::bids::receipts::Receipt;
use crate::bids::shortfalls::Shortfall;
use crate::calls::design::PqqTest;
use crate::calls::stages::Deadline;
use crate::diagrams::{Diagram, Move};

/// Members who must have judged a test before the group decides it.
pub const LEAST_JUDGES: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Pass,
    Fail,
}

/// Whether a partnership may bid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Shortlisted,
    NotShortlisted,
}

/// What one member thinks of one test.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Judgement {
    /// Key of the test.
    pub test: String,
    pub member: PersonId,
    pub mark: Mark,
    pub reason: String,
    pub at: Timestamp,
}

/// What the group decided on one test.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TestDecision {
    pub test: String,
    pub mark: Mark,
    pub reason: String,
    /// Who wrote it down.
    pub by: PersonId,
    pub at: Timestamp,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PqqState {
    Writing(Writing),
    Submitted(Submitted),
    NotSubmitted(NotSubmitted),
    Judging(Judging),
    Proposed(Proposed),
    Final(Final),
}

/// The partnership writes its answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Writing {}

/// In, and sealed until the deadline; the last submission in time counts, earlier receipts stay.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Submitted {
    pub by: PersonId,
    pub receipt: Receipt,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Receipt>,
}

/// Not in when the deadline came: this partnership does not go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NotSubmitted {
    pub at: Timestamp,
}

/// Being judged. Judgements and decisions are added, never changed; of one member's on one test the last counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Judging {
    pub submitted: Submitted,
    pub judgements: Vec<Judgement>,
    pub decisions: Vec<TestDecision>,
}

/// A member of the steering group as the rules see one.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub person: PersonId,
    /// Has an interest in a partner of this bid, declared or detected.
    pub is_interested: bool,
}

#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PqqRefusal {
    #[error("Questionnaires are judged together, after the deadline. {countdown}")]
    BeforeDeadline { countdown: String },
    #[error("You have an interest in this partnership: leave its judgement to the other members")]
    Interested,
    #[error("The call has no test ‘{test}’")]
    UnknownTest { test: String },
    #[error("Give the reason: bidders are told with reasons")]
    NoReason,
    #[error("The group has decided “{test}”: judgements stay as they are now")]
    AlreadyDecided { test: String },
    #[error("“{test}” has {judges} of at least {LEAST_JUDGES} judgements. Wait for another member")]
    TooFewJudges { test: String, judges: usize },
    #[error("“{test}” is not decided yet")]
    NotDecided { test: String },
    #[error("{region} is no region of this partnership")]
    OtherRegion { region: String },
    #[error("{region} has spoken already")]
    SpokenAlready { region: String },
    #[error("The time to confirm or challenge is over. {countdown}")]
    TooLate { countdown: String },
    #[error("Give the grounds of the challenge")]
    NoGrounds,
    #[error("{region} has not challenged, so there is nothing to answer")]
    NothingToAnswer { region: String },
    #[error("The challenge by {region} is answered already")]
    AnsweredAlready { region: String },
    #[error("The challenge by {region} is not answered yet")]
    NotAnswered { region: String },
    #[error("{region} may still confirm or challenge. {countdown}")]
    StillOpen { region: String, countdown: String },
    #[error(
        "The outcome of this partnership was changed on one challenge already; answer the challenge by {region} without changing it back"
    )]
    ChangedAlready { region: String },
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "PQQ",
    start: "Writing",
    moves: &[
        Move("Writing", "submit", "Submitted"),
        Move("Writing", "deadline", "NotSubmitted"),
        Move("Submitted", "replace", "Submitted"),
        Move("Submitted", "deadline", "Judging"),
        Move("Judging", "judge or decide a test", "Judging"),
        Move("Judging", "propose", "Proposed"),
        Move("Proposed", "confirm, challenge or answer", "Proposed"),
        Move("Proposed", "finalise", "Final"),
    ],
};

impl Writing {
    /// Submits before the deadline, or says everything that is lacking, the clock first. Partners sign the bid, not the questionnaire.
    pub fn submit(
        self,
        by: PersonId,
        receipt: Receipt,
        lacking: Vec<Shortfall>,
        deadline: Deadline,
    ) -> Result<Submitted, Vec<Shortfall>> {
        in_time(&receipt, lacking, deadline)?;
        Ok(Submitted { by, receipt, earlier: Vec::new() })
    }

    pub fn close(self, deadline: Deadline, now: Timestamp) -> Result<NotSubmitted, PqqRefusal> {
        after(deadline, now)?;
        Ok(NotSubmitted { at: now })
    }
}

impl Submitted {
    /// Submits again; until this succeeds, what is in stands.
    pub fn replace(
        mut self,
        by: PersonId,
        receipt: Receipt,
        lacking: Vec<Shortfall>,
        deadline: Deadline,
    ) -> Result<Self, Vec<Shortfall>> {
        in_time(&receipt, lacking, deadline)?;
        self.earlier.push(std::mem::replace(&mut self.receipt, receipt));
        self.by = by;
        Ok(self)
    }

    pub fn begin_judging(self, deadline: Deadline, now: Timestamp) -> Result<Judging, PqqRefusal> {
        after(deadline, now)?;
        Ok(Judging { submitted: self, judgements: Vec::new(), decisions: Vec::new() })
    }
}

/// A receipt carries the moment the server had everything; that moment is what is judged.
fn in_time(receipt: &Receipt, lacking: Vec<Shortfall>, deadline: Deadline) -> Result<(), Vec<Shortfall>> {
    let is_late = !deadline.admits(receipt.received_at);
    let mut shortfalls: Vec<Shortfall> = is_late.then_some(Shortfall::Late { deadline }).into_iter().collect();
    shortfalls.extend(lacking);
    if receipt.parts.is_empty() {
        shortfalls.push(Shortfall::Empty);
    }
    if shortfalls.is_empty() { Ok(()) } else { Err(shortfalls) }
}

fn after(deadline: Deadline, now: Timestamp) -> Result<(), PqqRefusal> {
    if deadline.admits(now) {
        return Err(PqqRefusal::BeforeDeadline { countdown: deadline.countdown(now) });
    }
    Ok(())
}

impl Judging {
    /// A member judges a test; a later judgement of the same member counts instead of the earlier, which stays.
    pub fn judge(mut self, tests: &[PqqTest], judgement: Judgement, member: Member) -> Result<Self, PqqRefusal> {
        let test = known(tests, &judgement.test)?;
        if member.is_interested {
            return Err(PqqRefusal::Interested);
        }
        if judgement.reason.trim().is_empty() {
            return Err(PqqRefusal::NoReason);
        }
        if self.decision(&judgement.test).is_some() {
            return Err(PqqRefusal::AlreadyDecided { test: test.name.clone() });
        }
        self.judgements.push(judgement);
        Ok(self)
    }

    /// The group decides a test, once enough members have judged it.
    pub fn decide(mut self, tests: &[PqqTest], decision: TestDecision, scribe: Member) -> Result<Self, PqqRefusal> {
        let test = known(tests, &decision.test)?;
        if scribe.is_interested {
            return Err(PqqRefusal::Interested);
        }
        if decision.reason.trim().is_empty() {
            return Err(PqqRefusal::NoReason);
        }
        if self.decision(&decision.test).is_some() {
            return Err(PqqRefusal::AlreadyDecided { test: test.name.clone() });
        }
        let judges = self.standing(&decision.test).len();
        if judges < LEAST_JUDGES {
            return Err(PqqRefusal::TooFewJudges { test: test.name.clone(), judges });
        }
        self.decisions.push(decision);
        Ok(self)
    }

    /// Puts the outcome before the regions, when every test is decided.
    pub fn propose(self, tests: &[PqqTest], now: Timestamp) -> Result<Proposed, Vec<PqqRefusal>> {
        let open: Vec<PqqRefusal> = tests
            .iter()
            .filter(|test| self.decision(&test.key).is_none())
            .map(|test| PqqRefusal::NotDecided { test: test.name.clone() })
            .collect();
        if !open.is_empty() {
            return Err(open);
        }
        let passes_all = self.decisions.iter().all(|decision| decision.mark == Mark::Pass);
        Ok(Proposed {
            outcome: if passes_all { Outcome::Shortlisted } else { Outcome::NotShortlisted },
            judged: self,
            at: now,
            words: Vec::new(),
        })
    }

    /// The last judgement of each member on a test.
    pub fn standing(&self, test: &str) -> BTreeMap<PersonId, &Judgement> {
        self.judgements
            .iter()
            .filter(|judgement| judgement.test == test)
            .map(|judgement| (judgement.member, judgement))
            .collect()
    }

    pub fn decision(&self, test: &str) -> Option<&TestDecision> {
        self.decisions.iter().find(|decision| decision.test == test)
    }

    /// Whether the group decided against the majority of its members: worth showing.
    pub fn departs_from_majority(&self, test: &str) -> bool {
        let standing = self.standing(test);
        let agreeing = |mark| standing.values().filter(|j| j.mark == mark).count();
        self.decision(test).is_some_and(|decision| match decision.mark {
            Mark::Pass => agreeing(Mark::Fail) > agreeing(Mark::Pass),
            Mark::Fail => agreeing(Mark::Pass) > agreeing(Mark::Fail),
        })
    }
}

fn known<'a>(tests: &'a [PqqTest], key: &str) -> Result<&'a PqqTest, PqqRefusal> {
    tests.iter().find(|test| test.key == key).ok_or_else(|| PqqRefusal::UnknownTest { test: key.into() })
}

impl Outcome {
    pub fn label(self) -> &'static str {
        match self {
            Self::Shortlisted => "Shortlisted",
            Self::NotShortlisted => "Not shortlisted",
        }
    }
}

impl Mark {
    pub fn label(self) -> &'static str {
        match self {
            Self::Pass => "Pass",
            Self::Fail => "Fail",
        }
    }
}

impl PqqState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Writing(_) => "Writing",
            Self::Submitted(_) => "Submitted",
            Self::NotSubmitted(_) => "NotSubmitted",
            Self::Judging(_) => "Judging",
            Self::Proposed(_) => "Proposed",
            Self::Final(_) => "Final",
        }
    }

    /// Whether this partnership may submit a bid.
    pub fn may_bid(&self) -> bool {
        matches!(self, Self::Final(f) if f.outcome == Outcome::Shortlisted)
    }
}

#[cfg(test)]
pub(super) mod tests;
