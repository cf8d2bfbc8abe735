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
        Ok(Submitted {
            by,
            receipt,
            earlier: Vec::new(),
        })
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
        self.earlier
            .push(std::mem::replace(&mut self.receipt, receipt));
        self.by = by;
        Ok(self)
    }

    pub fn begin_judging(self, deadline: Deadline, now: Timestamp) -> Result<Judging, PqqRefusal> {
        after(deadline, now)?;
        Ok(Judging {
            submitted: self,
            judgements: Vec::new(),
            decisions: Vec::new(),
        })
    }
}

/// A receipt carries the moment the server had everything; that moment is what is judged.
fn in_time(
    receipt: &Receipt,
    lacking: Vec<Shortfall>,
    deadline: Deadline,
) -> Result<(), Vec<Shortfall>> {
    let is_late = !deadline.admits(receipt.received_at);
    let mut shortfalls: Vec<Shortfall> = is_late
        .then_some(Shortfall::Late { deadline })
        .into_iter()
        .collect();
    shortfalls.extend(lacking);
    if receipt.parts.is_empty() {
        shortfalls.push(Shortfall::Empty);
    }
    if shortfalls.is_empty() {
        Ok(())
    } else {
        Err(shortfalls)
    }
}

fn after(deadline: Deadline, now: Timestamp) -> Result<(), PqqRefusal> {
    if deadline.admits(now) {
        return Err(PqqRefusal::BeforeDeadline {
            countdown: deadline.countdown(now),
        });
    }
    Ok(())
}

impl Judging {
    /// A member judges a test; a later judgement of the same member counts instead of the earlier, which stays.
    pub fn judge(
        mut self,
        tests: &[PqqTest],
        judgement: Judgement,
        member: Member,
    ) -> Result<Self, PqqRefusal> {
        let test = known(tests, &judgement.test)?;
        if member.is_interested {
            return Err(PqqRefusal::Interested);
        }
        if judgement.reason.trim().is_empty() {
            return Err(PqqRefusal::NoReason);
        }
        if self.decision(&judgement.test).is_some() {
            return Err(PqqRefusal::AlreadyDecided {
                test: test.name.clone(),
            });
        }
        self.judgements.push(judgement);
        Ok(self)
    }

    /// The group decides a test, once enough members have judged it.
    pub fn decide(
        mut self,
        tests: &[PqqTest],
        decision: TestDecision,
        scribe: Member,
    ) -> Result<Self, PqqRefusal> {
        let test = known(tests, &decision.test)?;
        if scribe.is_interested {
            return Err(PqqRefusal::Interested);
        }
        if decision.reason.trim().is_empty() {
            return Err(PqqRefusal::NoReason);
        }
        if self.decision(&decision.test).is_some() {
            return Err(PqqRefusal::AlreadyDecided {
                test: test.name.clone(),
            });
        }
        let judges = self.standing(&decision.test).len();
        if judges < LEAST_JUDGES {
            return Err(PqqRefusal::TooFewJudges {
                test: test.name.clone(),
                judges,
            });
        }
        self.decisions.push(decision);
        Ok(self)
    }

    /// Puts the outcome before the regions, when every test is decided.
    pub fn propose(self, tests: &[PqqTest], now: Timestamp) -> Result<Proposed, Vec<PqqRefusal>> {
        let open: Vec<PqqRefusal> = tests
            .iter()
            .filter(|test| self.decision(&test.key).is_none())
            .map(|test| PqqRefusal::NotDecided {
                test: test.name.clone(),
            })
            .collect();
        if !open.is_empty() {
            return Err(open);
        }
        let passes_all = self
            .decisions
            .iter()
            .all(|decision| decision.mark == Mark::Pass);
        Ok(Proposed {
            outcome: if passes_all {
                Outcome::Shortlisted
            } else {
                Outcome::NotShortlisted
            },
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
        self.decision(test)
            .is_some_and(|decision| match decision.mark {
                Mark::Pass => agreeing(Mark::Fail) > agreeing(Mark::Pass),
                Mark::Fail => agreeing(Mark::Pass) > agreeing(Mark::Fail),
            })
    }
}

fn known<'a>(tests: &'a [PqqTest], key: &str) -> Result<&'a PqqTest, PqqRefusal> {
    tests
        .iter()
        .find(|test| test.key == key)
        .ok_or_else(|| PqqRefusal::UnknownTest { test: key.into() })
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
pub(super) mod tests {
    use std::collections::BTreeSet;

    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;
    use crate::calls::facts::call_2009;
    use crate::pqq::shortlist::tests::proposed;

    use crate::bids::receipts::Part;
    use hiec_kernel::{BidId, Fingerprint};

    pub fn at(typed: &str) -> Timestamp {
        from_london(typed).unwrap()
    }

    pub fn now() -> Timestamp {
        at("2009-09-10 10:00")
    }

    pub fn closes() -> Option<Deadline> {
        Some(Deadline(at("2009-09-18 17:00")))
    }

    pub fn tests() -> &'static [PqqTest] {
        &call_2009().unwrap().pqq_tests
    }

    pub fn member(number: u128) -> Member {
        Member {
            person: PersonId(Uuid::from_u128(number)),
            is_interested: false,
        }
    }

    fn deadline() -> Deadline {
        Deadline(at("2009-09-04 17:00"))
    }

    fn receipt(received_at: Timestamp) -> Receipt {
        let parts = vec![Part::file("accounts.pdf", 3, Fingerprint::of_bytes(b"abc"))];
        Receipt::issue(
            "HIEC-2009-0001".into(),
            "hiec-2009".into(),
            BidId(Uuid::nil()),
            received_at,
            parts,
        )
    }

    fn submitted() -> Submitted {
        let in_time = receipt(at("2009-09-01 10:00"));
        Writing {}
            .submit(member(5).person, in_time, Vec::new(), deadline())
            .unwrap()
    }

    fn judging() -> Judging {
        submitted().begin_judging(deadline(), now()).unwrap()
    }

    fn judgement(test: &str, number: u128, mark: Mark) -> Judgement {
        Judgement {
            test: test.into(),
            member: member(number).person,
            mark,
            reason: "The accounts say so".into(),
            at: now(),
        }
    }

    fn decision(test: &str, mark: Mark) -> TestDecision {
        TestDecision {
            test: test.into(),
            mark,
            reason: "Agreed after discussion".into(),
            by: member(1).person,
            at: now(),
        }
    }

    pub fn judged(financial: Mark, technical: Mark) -> Judging {
        let mut judging = judging();
        for (test, mark) in [("financial", financial), ("technical", technical)] {
            for number in [1, 2] {
                judging = judging
                    .judge(tests(), judgement(test, number, mark), member(number))
                    .unwrap();
            }
            judging = judging
                .decide(tests(), decision(test, mark), member(1))
                .unwrap();
        }
        judging
    }

    pub fn regions(codes: &[&str]) -> BTreeSet<String> {
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    #[test]
    fn every_move_of_the_diagram_happens() {
        use PqqState as S;
        let london = regions(&["LON"]);
        let by = member(9).person;
        let first = judging()
            .judge(tests(), judgement("financial", 1, Mark::Pass), member(1))
            .unwrap();
        let confirmed = proposed(Mark::Pass)
            .confirm("LON", &london, by, closes(), now())
            .unwrap();
        let done = confirmed
            .clone()
            .finalise(&london, closes(), now())
            .unwrap();
        let mut walked = BTreeSet::new();
        let again = submitted()
            .replace(by, receipt(at("2009-09-02 10:00")), Vec::new(), deadline())
            .unwrap();
        assert_eq!(again.earlier.len(), 1);
        let not_submitted = Writing {}.close(deadline(), now()).unwrap();
        for (from, act, to) in [
            (S::Writing(Writing {}), "submit", S::Submitted(submitted())),
            (
                S::Writing(Writing {}),
                "deadline",
                S::NotSubmitted(not_submitted),
            ),
            (S::Submitted(submitted()), "replace", S::Submitted(again)),
            (S::Submitted(submitted()), "deadline", S::Judging(judging())),
            (
                S::Judging(judging()),
                "judge or decide a test",
                S::Judging(first),
            ),
            (
                S::Judging(judged(Mark::Pass, Mark::Pass)),
                "propose",
                S::Proposed(proposed(Mark::Pass)),
            ),
            (
                S::Proposed(proposed(Mark::Pass)),
                "confirm, challenge or answer",
                S::Proposed(confirmed.clone()),
            ),
            (S::Proposed(confirmed), "finalise", S::Final(done)),
        ] {
            walked.insert(Move(from.name(), act, to.name()));
        }
        assert_eq!(walked, DIAGRAM.moves.iter().copied().collect());
    }

    #[test]
    fn a_questionnaire_is_taken_in_time_and_whole_and_judged_after() {
        let late = receipt(deadline().0);
        assert_eq!(
            Writing {}.submit(member(5).person, late.clone(), Vec::new(), deadline()),
            Err(vec![Shortfall::Late {
                deadline: deadline()
            }])
        );
        assert!(
            submitted()
                .replace(member(5).person, late, Vec::new(), deadline())
                .is_err()
        );
        let lacking = vec![Shortfall::NoPartner];
        let in_time = receipt(at("2009-09-01 10:00"));
        assert_eq!(
            Writing {}.submit(member(5).person, in_time, lacking.clone(), deadline()),
            Err(lacking)
        );
        let before = at("2009-09-04 16:59");
        assert!(matches!(
            submitted().begin_judging(deadline(), before),
            Err(PqqRefusal::BeforeDeadline { .. })
        ));
        assert!(Writing {}.close(deadline(), before).is_err());
    }

    #[test]
    fn one_failed_test_is_enough_not_to_be_shortlisted() {
        assert_eq!(proposed(Mark::Pass).outcome, Outcome::Shortlisted);
        assert_eq!(proposed(Mark::Fail).outcome, Outcome::NotShortlisted);
    }

    #[test]
    fn the_group_decides_only_after_two_members_without_an_interest() {
        let one = judging()
            .judge(tests(), judgement("financial", 1, Mark::Pass), member(1))
            .unwrap();
        let same_again = one
            .judge(tests(), judgement("financial", 1, Mark::Fail), member(1))
            .unwrap();
        assert_eq!(
            same_again
                .clone()
                .decide(tests(), decision("financial", Mark::Fail), member(1)),
            Err(PqqRefusal::TooFewJudges {
                test: tests()[0].name.clone(),
                judges: 1
            })
        );
        let interested = Member {
            is_interested: true,
            ..member(2)
        };
        assert_eq!(
            same_again
                .clone()
                .judge(tests(), judgement("financial", 2, Mark::Pass), interested),
            Err(PqqRefusal::Interested)
        );
        assert_eq!(
            same_again.judgements.len(),
            2,
            "the first judgement stays on the record"
        );
        assert_eq!(
            same_again.standing("financial")[&member(1).person].mark,
            Mark::Fail
        );
    }

    #[test]
    fn a_decision_is_kept_and_may_depart_from_the_majority_with_its_reason() {
        let judging = judged(Mark::Pass, Mark::Pass);
        assert!(!judging.departs_from_majority("financial"));
        assert!(matches!(
            judging
                .clone()
                .judge(tests(), judgement("financial", 3, Mark::Fail), member(3)),
            Err(PqqRefusal::AlreadyDecided { .. })
        ));
        assert!(matches!(
            judging.decide(tests(), decision("financial", Mark::Fail), member(1)),
            Err(PqqRefusal::AlreadyDecided { .. })
        ));
        let mut against = submitted().begin_judging(deadline(), now()).unwrap();
        for number in [1, 2] {
            against = against
                .judge(
                    tests(),
                    judgement("technical", number, Mark::Fail),
                    member(number),
                )
                .unwrap();
        }
        let blank = TestDecision {
            reason: " ".into(),
            ..decision("technical", Mark::Pass)
        };
        assert_eq!(
            against.clone().decide(tests(), blank, member(1)),
            Err(PqqRefusal::NoReason)
        );
        let against = against
            .decide(tests(), decision("technical", Mark::Pass), member(1))
            .unwrap();
        assert!(against.departs_from_majority("technical"));
        assert!(
            against.propose(tests(), now()).is_err(),
            "the financial test is open"
        );
    }
}
