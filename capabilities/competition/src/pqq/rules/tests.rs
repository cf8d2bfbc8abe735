//! Tests: how a questionnaire is judged; they use nothing but made-up organisations and people.

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
    Member { person: PersonId(Uuid::from_u128(number)), is_interested: false }
}

fn deadline() -> Deadline {
    Deadline(at("2009-09-04 17:00"))
}

fn receipt(received_at: Timestamp) -> Receipt {
    let parts = vec![Part::file("accounts.pdf", 3, Fingerprint::of_bytes(b"abc"))];
    Receipt::issue("HIEC-2009-0001".into(), "hiec-2009".into(), BidId(Uuid::nil()), received_at, parts)
}

fn submitted() -> Submitted {
    let in_time = receipt(at("2009-09-01 10:00"));
    Writing {}.submit(member(5).person, in_time, Vec::new(), deadline()).unwrap()
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
    TestDecision { test: test.into(), mark, reason: "Agreed after discussion".into(), by: member(1).person, at: now() }
}

pub fn judged(financial: Mark, technical: Mark) -> Judging {
    let mut judging = judging();
    for (test, mark) in [("financial", financial), ("technical", technical)] {
        for number in [1, 2] {
            judging = judging.judge(tests(), judgement(test, number, mark), member(number)).unwrap();
        }
        judging = judging.decide(tests(), decision(test, mark), member(1)).unwrap();
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
    let first = judging().judge(tests(), judgement("financial", 1, Mark::Pass), member(1)).unwrap();
    let confirmed = proposed(Mark::Pass).confirm("LON", &london, by, closes(), now()).unwrap();
    let done = confirmed.clone().finalise(&london, closes(), now()).unwrap();
    let mut walked = BTreeSet::new();
    let again = submitted().replace(by, receipt(at("2009-09-02 10:00")), Vec::new(), deadline()).unwrap();
    assert_eq!(again.earlier.len(), 1);
    let not_submitted = Writing {}.close(deadline(), now()).unwrap();
    for (from, act, to) in [
        (S::Writing(Writing {}), "submit", S::Submitted(submitted())),
        (S::Writing(Writing {}), "deadline", S::NotSubmitted(not_submitted)),
        (S::Submitted(submitted()), "replace", S::Submitted(again)),
        (S::Submitted(submitted()), "deadline", S::Judging(judging())),
        (S::Judging(judging()), "judge or decide a test", S::Judging(first)),
        (S::Judging(judged(Mark::Pass, Mark::Pass)), "propose", S::Proposed(proposed(Mark::Pass))),
        (S::Proposed(proposed(Mark::Pass)), "confirm, challenge or answer", S::Proposed(confirmed.clone())),
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
        Err(vec![Shortfall::Late { deadline: deadline() }])
    );
    assert!(submitted().replace(member(5).person, late, Vec::new(), deadline()).is_err());
    let lacking = vec![Shortfall::NoPartner];
    let in_time = receipt(at("2009-09-01 10:00"));
    assert_eq!(Writing {}.submit(member(5).person, in_time, lacking.clone(), deadline()), Err(lacking));
    let before = at("2009-09-04 16:59");
    assert!(matches!(submitted().begin_judging(deadline(), before), Err(PqqRefusal::BeforeDeadline { .. })));
    assert!(Writing {}.close(deadline(), before).is_err());
}

#[test]
fn one_failed_test_is_enough_not_to_be_shortlisted() {
    assert_eq!(proposed(Mark::Pass).outcome, Outcome::Shortlisted);
    assert_eq!(proposed(Mark::Fail).outcome, Outcome::NotShortlisted);
}

#[test]
fn the_group_decides_only_after_two_members_without_an_interest() {
    let one = judging().judge(tests(), judgement("financial", 1, Mark::Pass), member(1)).unwrap();
    let same_again = one.judge(tests(), judgement("financial", 1, Mark::Fail), member(1)).unwrap();
    assert_eq!(
        same_again.clone().decide(tests(), decision("financial", Mark::Fail), member(1)),
        Err(PqqRefusal::TooFewJudges { test: tests()[0].name.clone(), judges: 1 })
    );
    let interested = Member { is_interested: true, ..member(2) };
    assert_eq!(
        same_again.clone().judge(tests(), judgement("financial", 2, Mark::Pass), interested),
        Err(PqqRefusal::Interested)
    );
    assert_eq!(same_again.judgements.len(), 2, "the first judgement stays on the record");
    assert_eq!(same_again.standing("financial")[&member(1).person].mark, Mark::Fail);
}

#[test]
fn a_decision_is_kept_and_may_depart_from_the_majority_with_its_reason() {
    let judging = judged(Mark::Pass, Mark::Pass);
    assert!(!judging.departs_from_majority("financial"));
    assert!(matches!(
        judging.clone().judge(tests(), judgement("financial", 3, Mark::Fail), member(3)),
        Err(PqqRefusal::AlreadyDecided { .. })
    ));
    assert!(matches!(
        judging.decide(tests(), decision("financial", Mark::Fail), member(1)),
        Err(PqqRefusal::AlreadyDecided { .. })
    ));
    let mut against = submitted().begin_judging(deadline(), now()).unwrap();
    for number in [1, 2] {
        against = against.judge(tests(), judgement("technical", number, Mark::Fail), member(number)).unwrap();
    }
    let blank = TestDecision { reason: " ".into(), ..decision("technical", Mark::Pass) };
    assert_eq!(against.clone().decide(tests(), blank, member(1)), Err(PqqRefusal::NoReason));
    let against = against.decide(tests(), decision("technical", Mark::Pass), member(1)).unwrap();
    assert!(against.departs_from_majority("technical"));
    assert!(against.propose(tests(), now()).is_err(), "the financial test is open");
}
