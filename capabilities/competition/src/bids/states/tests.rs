//! Tests: what a bid may and may not do; they use nothing but made-up organisations and people.

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
    Officer { person: person(number), is_interested: false }
}

fn sign_offs(sign_off: SignOff) -> Vec<PartnerSignOff> {
    let stands = PartnerSignOff { partner: "Example University".into(), sign_off: SignOff::Stands };
    vec![stands, PartnerSignOff { partner: "Example Trust".into(), sign_off }]
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
    Draft::default().submit(entry(&sign_offs(SignOff::Stands)), early()).unwrap()
}

fn opened(at: Timestamp) -> Opened {
    Sealed {}.first_key(officer(8), deadline(), at).and_then(|key| key.second_key(officer(9), at)).unwrap()
}

fn not_submitted() -> NotSubmitted {
    Draft::default().close(deadline(), &[], deadline().0).unwrap()
}

fn proposed() -> LateProposed {
    not_submitted().propose_late_entry(officer(8), "The server was down", late()).unwrap()
}

#[test]
fn every_move_of_the_diagram_happens() {
    use BidState as S;
    let signed = sign_offs(SignOff::Stands);
    let withdrawn = || submitted().withdraw(person(1), deadline(), early()).unwrap();
    let replaced = submitted().replace(entry(&signed), early()).unwrap();
    let moves = [
        (S::Draft(Draft::default()), "submit", S::Submitted(submitted())),
        (S::Draft(Draft::default()), "deadline", S::NotSubmitted(not_submitted())),
        (S::Submitted(submitted()), "replace", S::Submitted(replaced)),
        (S::Submitted(submitted()), "withdraw", S::Withdrawn(withdrawn())),
        (S::Submitted(submitted()), "open", S::Opened(submitted().open(opened(late())).unwrap())),
        (S::Withdrawn(withdrawn()), "resume", S::Draft(withdrawn().resume(deadline(), early()).unwrap())),
        (S::NotSubmitted(not_submitted()), "propose late entry", S::LateProposed(proposed())),
        (
            S::LateProposed(proposed()),
            "admit",
            S::Submitted(proposed().admit(officer(9), entry(&signed), late()).unwrap()),
        ),
        (S::LateProposed(proposed()), "decline", S::NotSubmitted(proposed().decline(officer(9)).unwrap())),
    ];
    let walked: BTreeSet<Move> = moves.iter().map(|(from, act, to)| Move(from.name(), act, to.name())).collect();
    assert_eq!(walked, DIAGRAM.moves.iter().copied().collect());
}

#[test]
fn at_the_deadline_it_is_late() {
    let signed = sign_offs(SignOff::Stands);
    let last = deadline().0 - Duration::milliseconds(1);
    let accepted = Draft::default().submit(entry(&signed), last).unwrap();
    assert_eq!(accepted.submission.receipt.received_at, last);
    let refused = Draft::default().submit(entry(&signed), deadline().0).unwrap_err();
    assert_eq!(refused, [Shortfall::Late { deadline: deadline() }]);
    assert!(submitted().replace(entry(&signed), deadline().0).is_err());
    assert!(submitted().withdraw(person(1), deadline(), deadline().0).is_err());
    let withdrawn = submitted().withdraw(person(1), deadline(), early()).unwrap();
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
    assert!(said.contains(&"Example Trust has accepted but not signed.".to_owned()), "{said:?}");
    let closed = Draft::default().close(deadline(), &lacking, late()).unwrap();
    assert_eq!(closed.lacking, said);
    assert!(Draft::default().close(deadline(), &[], early()).is_err());
}

#[test]
fn a_replacement_keeps_what_it_replaced_and_a_withdrawal_both() {
    let signed = sign_offs(SignOff::Stands);
    let twice = submitted().replace(entry(&signed), early()).unwrap();
    assert_eq!(twice.replaced.len(), 1);
    let draft = twice.withdraw(person(1), deadline(), early()).unwrap().resume(deadline(), early()).unwrap();
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
    let refusal = |officer| proposed().admit(officer, entry(&signed), late()).unwrap_err();
    assert_eq!(refusal(officer(8)), LateRefusal::Officer(BidRefusal::SamePerson));
    let interested = Officer { is_interested: true, ..officer(9) };
    assert_eq!(refusal(interested), LateRefusal::Officer(BidRefusal::Interested));
    assert_eq!(not_submitted().propose_late_entry(officer(8), " ", late()), Err(BidRefusal::NoReason));
    let unsigned = sign_offs(SignOff::NotSigned);
    assert!(matches!(proposed().admit(officer(9), entry(&unsigned), late()), Err(LateRefusal::Bid(_))));
    let admitted = proposed().admit(officer(9), entry(&signed), late()).unwrap();
    assert_eq!(admitted.clone().withdraw(person(1), deadline(), late()), Err(BidRefusal::AdmittedLate));
    let before_it_came = opened(deadline().0);
    assert_eq!(admitted.clone().open(before_it_came), Err(BidRefusal::OpenedBefore));
    let open = BidState::Opened(admitted.open(opened(late())).unwrap());
    assert_eq!(open.late_entry().unwrap().reason, "The server was down", "shown for ever");
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
