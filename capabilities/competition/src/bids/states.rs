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
    #[error(
        "A bid admitted late is neither withdrawn nor replaced by its partners. Write to the programme office"
    )]
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
        Ok(Submitted {
            submission,
            replaced: Vec::new(),
            withdrawn: self.withdrawn,
            late: None,
        })
    }

    /// What the deadline finds unsubmitted. `lacking` may be empty: complete, but nobody pressed the button.
    pub fn close(
        self,
        deadline: Deadline,
        lacking: &[Shortfall],
        now: Timestamp,
    ) -> Result<NotSubmitted, BidRefusal> {
        after(deadline, now)?;
        Ok(NotSubmitted {
            at: now,
            lacking: lacking.iter().map(Shortfall::what).collect(),
            withdrawn: self.withdrawn,
        })
    }
}

impl Submitted {
    /// Submits again in the place of what is sealed; until this succeeds, what is sealed stands.
    pub fn replace(mut self, entry: Entry<'_>, now: Timestamp) -> Result<Self, Vec<Shortfall>> {
        let submission = accepted(entry, now, Clock::Binds)?;
        self.replaced
            .push(std::mem::replace(&mut self.submission, submission));
        Ok(self)
    }

    pub fn withdraw(
        mut self,
        by: PersonId,
        deadline: Deadline,
        now: Timestamp,
    ) -> Result<Withdrawn, BidRefusal> {
        if self.late.is_some() {
            return Err(BidRefusal::AdmittedLate);
        }
        before(deadline, now)?;
        let mut submissions = std::mem::take(&mut self.replaced);
        submissions.push(self.submission);
        self.withdrawn.push(Withdrawal {
            submissions,
            by,
            at: now,
        });
        Ok(Withdrawn {
            withdrawn: self.withdrawn,
        })
    }

    /// Opens with an opening by two officers that took place after it came in.
    pub fn open(self, opened: Opened) -> Result<OpenedBid, BidRefusal> {
        if opened.at < self.submission.receipt.received_at {
            return Err(BidRefusal::OpenedBefore);
        }
        Ok(OpenedBid {
            submitted: self,
            opened,
        })
    }
}

impl Withdrawn {
    /// Writes on, while there is time to submit again.
    pub fn resume(self, deadline: Deadline, now: Timestamp) -> Result<Draft, BidRefusal> {
        before(deadline, now)?;
        Ok(Draft {
            withdrawn: self.withdrawn,
        })
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
        Ok(LateProposed {
            not_submitted: self,
            first: officer.person,
            reason: reason.trim().to_owned(),
            at: now,
        })
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
    pub fn admit(
        self,
        officer: Officer,
        entry: Entry<'_>,
        now: Timestamp,
    ) -> Result<Submitted, LateRefusal> {
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
        shortfalls.push(Shortfall::Late {
            deadline: entry.deadline,
        });
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
        receipt: Receipt::issue(
            entry.receipt_number,
            entry.call,
            entry.bid,
            now,
            entry.parts,
        ),
    })
}

fn before(deadline: Deadline, now: Timestamp) -> Result<(), BidRefusal> {
    if deadline.admits(now) {
        return Ok(());
    }
    Err(BidRefusal::AfterDeadline {
        countdown: deadline.countdown(now),
    })
}

fn after(deadline: Deadline, now: Timestamp) -> Result<(), BidRefusal> {
    if !deadline.admits(now) {
        return Ok(());
    }
    Err(BidRefusal::BeforeDeadline {
        countdown: deadline.countdown(now),
    })
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
            Self::Draft(_) | Self::Withdrawn(_) | Self::NotSubmitted(_) | Self::LateProposed(_) => {
                None
            }
        }
    }

    pub fn late_entry(&self) -> Option<&LateEntry> {
        match self {
            Self::Submitted(submitted) => submitted.late.as_ref(),
            Self::Opened(opened) => opened.submitted.late.as_ref(),
            Self::Draft(_) | Self::Withdrawn(_) | Self::NotSubmitted(_) | Self::LateProposed(_) => {
                None
            }
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
mod tests {
    use std::collections::BTreeSet;

    use chrono::Duration;
    use hiec_kernel::Fingerprint;
    use hiec_kernel::clock::from_london;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::bids::opening::Sealed;
    use crate::partnerships::commitments::SignOff;

    fn deadline() -> Deadline {
        Deadline(from_london("2009-10-19 17:00").unwrap())
    }

    fn early() -> Timestamp {
        deadline().0 - Duration::hours(1)
    }

    fn late() -> Timestamp {
        deadline().0 + Duration::hours(1)
    }

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn officer(number: u128) -> Officer {
        Officer {
            person: person(number),
            is_interested: false,
        }
    }

    fn sign_offs(sign_off: SignOff) -> Vec<PartnerSignOff> {
        let stands = PartnerSignOff {
            partner: "Example University".into(),
            sign_off: SignOff::Stands,
        };
        vec![
            stands,
            PartnerSignOff {
                partner: "Example Trust".into(),
                sign_off,
            },
        ]
    }

    fn entry(sign_offs: &[PartnerSignOff]) -> Entry<'_> {
        Entry {
            by: person(1),
            deadline: deadline(),
            sign_offs,
            shortfalls: Vec::new(),
            receipt_number: "HIEC-2009-0001".into(),
            call: "hiec-2009".into(),
            bid: BidId(Uuid::from_u128(4)),
            parts: vec![Part::file("bid.pdf", 3, Fingerprint::of_bytes(b"abc"))],
        }
    }

    fn submitted() -> Submitted {
        Draft::default()
            .submit(entry(&sign_offs(SignOff::Stands)), early())
            .unwrap()
    }

    fn opened(at: Timestamp) -> Opened {
        Sealed {}
            .first_key(officer(8), deadline(), at)
            .and_then(|key| key.second_key(officer(9), at))
            .unwrap()
    }

    fn not_submitted() -> NotSubmitted {
        Draft::default()
            .close(deadline(), &[], deadline().0)
            .unwrap()
    }

    fn proposed() -> LateProposed {
        not_submitted()
            .propose_late_entry(officer(8), "The server was down", late())
            .unwrap()
    }

    #[test]
    fn every_move_of_the_diagram_happens() {
        use BidState as S;
        let signed = sign_offs(SignOff::Stands);
        let withdrawn = || {
            submitted()
                .withdraw(person(1), deadline(), early())
                .unwrap()
        };
        let replaced = submitted().replace(entry(&signed), early()).unwrap();
        let moves = [
            (
                S::Draft(Draft::default()),
                "submit",
                S::Submitted(submitted()),
            ),
            (
                S::Draft(Draft::default()),
                "deadline",
                S::NotSubmitted(not_submitted()),
            ),
            (S::Submitted(submitted()), "replace", S::Submitted(replaced)),
            (
                S::Submitted(submitted()),
                "withdraw",
                S::Withdrawn(withdrawn()),
            ),
            (
                S::Submitted(submitted()),
                "open",
                S::Opened(submitted().open(opened(late())).unwrap()),
            ),
            (
                S::Withdrawn(withdrawn()),
                "resume",
                S::Draft(withdrawn().resume(deadline(), early()).unwrap()),
            ),
            (
                S::NotSubmitted(not_submitted()),
                "propose late entry",
                S::LateProposed(proposed()),
            ),
            (
                S::LateProposed(proposed()),
                "admit",
                S::Submitted(
                    proposed()
                        .admit(officer(9), entry(&signed), late())
                        .unwrap(),
                ),
            ),
            (
                S::LateProposed(proposed()),
                "decline",
                S::NotSubmitted(proposed().decline(officer(9)).unwrap()),
            ),
        ];
        let walked: BTreeSet<Move> = moves
            .iter()
            .map(|(from, act, to)| Move(from.name(), act, to.name()))
            .collect();
        assert_eq!(walked, DIAGRAM.moves.iter().copied().collect());
    }

    #[test]
    fn at_the_deadline_it_is_late() {
        let signed = sign_offs(SignOff::Stands);
        let last = deadline().0 - Duration::milliseconds(1);
        let accepted = Draft::default().submit(entry(&signed), last).unwrap();
        assert_eq!(accepted.submission.receipt.received_at, last);
        let refused = Draft::default()
            .submit(entry(&signed), deadline().0)
            .unwrap_err();
        assert_eq!(
            refused,
            [Shortfall::Late {
                deadline: deadline()
            }]
        );
        assert!(submitted().replace(entry(&signed), deadline().0).is_err());
        assert!(
            submitted()
                .withdraw(person(1), deadline(), deadline().0)
                .is_err()
        );
        let withdrawn = submitted()
            .withdraw(person(1), deadline(), early())
            .unwrap();
        assert!(withdrawn.resume(deadline(), deadline().0).is_err());
    }

    #[test]
    fn everything_lacking_is_said_at_once() {
        let unsigned = sign_offs(SignOff::NotSigned);
        let mut entry = entry(&unsigned);
        entry.shortfalls = vec![Shortfall::NotShortlisted];
        entry.parts.clear();
        let lacking = Draft::default().submit(entry, late()).unwrap_err();
        assert_eq!(lacking.len(), 4, "{lacking:?}");
        let said: Vec<String> = lacking.iter().map(Shortfall::what).collect();
        assert!(
            said.contains(&"Example Trust has accepted but not signed.".to_owned()),
            "{said:?}"
        );
        let closed = Draft::default()
            .close(deadline(), &lacking, late())
            .unwrap();
        assert_eq!(closed.lacking, said);
        assert!(Draft::default().close(deadline(), &[], early()).is_err());
    }

    #[test]
    fn a_replacement_keeps_what_it_replaced_and_a_withdrawal_both() {
        let signed = sign_offs(SignOff::Stands);
        let twice = submitted().replace(entry(&signed), early()).unwrap();
        assert_eq!(twice.replaced.len(), 1);
        let draft = twice
            .withdraw(person(1), deadline(), early())
            .unwrap()
            .resume(deadline(), early())
            .unwrap();
        assert_eq!(draft.withdrawn[0].submissions.len(), 2);
        let again = draft.submit(entry(&signed), early()).unwrap();
        assert_eq!(again.withdrawn.len(), 1, "the record goes on");
    }

    #[test]
    fn officials_read_nothing_before_the_opening() {
        for state in [
            BidState::Draft(Draft::default()),
            BidState::Submitted(submitted()),
            BidState::NotSubmitted(not_submitted()),
            BidState::LateProposed(proposed()),
        ] {
            assert!(!state.is_readable_by(Reader::Official), "{}", state.name());
            assert!(state.is_readable_by(Reader::Partner), "{}", state.name());
        }
        let open = BidState::Opened(submitted().open(opened(late())).unwrap());
        assert!(open.is_readable_by(Reader::Official));
    }

    #[test]
    fn a_late_bid_needs_two_officers_a_reason_and_every_signature() {
        let signed = sign_offs(SignOff::Stands);
        let refusal = |officer| {
            proposed()
                .admit(officer, entry(&signed), late())
                .unwrap_err()
        };
        assert_eq!(
            refusal(officer(8)),
            LateRefusal::Officer(BidRefusal::SamePerson)
        );
        let interested = Officer {
            is_interested: true,
            ..officer(9)
        };
        assert_eq!(
            refusal(interested),
            LateRefusal::Officer(BidRefusal::Interested)
        );
        assert_eq!(
            not_submitted().propose_late_entry(officer(8), " ", late()),
            Err(BidRefusal::NoReason)
        );
        let unsigned = sign_offs(SignOff::NotSigned);
        assert!(matches!(
            proposed().admit(officer(9), entry(&unsigned), late()),
            Err(LateRefusal::Bid(_))
        ));
        let admitted = proposed()
            .admit(officer(9), entry(&signed), late())
            .unwrap();
        assert_eq!(
            admitted.clone().withdraw(person(1), deadline(), late()),
            Err(BidRefusal::AdmittedLate)
        );
        let before_it_came = opened(deadline().0);
        assert_eq!(
            admitted.clone().open(before_it_came),
            Err(BidRefusal::OpenedBefore)
        );
        let open = BidState::Opened(admitted.open(opened(late())).unwrap());
        assert_eq!(
            open.late_entry().unwrap().reason,
            "The server was down",
            "shown for ever"
        );
    }

    #[test]
    fn reminders_come_once_each_and_never_after_the_deadline() {
        let days_before = |days: i64| deadline().0 - Duration::days(days);
        assert_eq!(reminder_due(deadline(), None, days_before(20)), None);
        assert_eq!(reminder_due(deadline(), None, days_before(14)), Some(14));
        assert_eq!(reminder_due(deadline(), Some(14), days_before(10)), None);
        assert_eq!(reminder_due(deadline(), Some(14), days_before(2)), Some(3));
        assert_eq!(reminder_due(deadline(), None, days_before(1)), Some(1));
        assert_eq!(reminder_due(deadline(), None, deadline().0), None);
    }

    proptest! {
        #[test]
        fn a_receipt_is_given_exactly_when_in_time_and_complete(
            offset in -5_000_i64..5_000, is_signed in any::<bool>(), lacks in any::<bool>()
        ) {
            let now = deadline().0 + Duration::milliseconds(offset);
            let sign_offs = sign_offs(if is_signed { SignOff::Stands } else { SignOff::NotSigned });
            let mut entry = entry(&sign_offs);
            if lacks {
                entry.shortfalls.push(Shortfall::NotShortlisted);
            }
            match Draft::default().submit(entry, now) {
                Ok(submitted) => {
                    prop_assert!(offset < 0 && is_signed && !lacks);
                    prop_assert_eq!(submitted.submission.receipt.received_at, now);
                }
                Err(shortfalls) => {
                    prop_assert!(offset >= 0 || !is_signed || lacks);
                    prop_assert!(shortfalls.iter().all(|s| !s.what().is_empty() && !s.mend().is_empty()));
                }
            }
        }
    }
}
