//! Tests: partners and their signatures; they use nothing but made-up organisations and people.

use std::collections::BTreeSet;

use hiec_forms::Answer;
use hiec_kernel::clock::from_london;
use hiec_kernel::organisations::{Function, Sector};
use uuid::Uuid;

use super::*;
use crate::partnerships::principles::tests::organisation;

fn now() -> Timestamp {
    from_london("2009-10-01 12:00").unwrap()
}

fn person() -> PersonId {
    PersonId(Uuid::from_u128(1))
}

fn version(commitment: &str, budget: &str, text: &str) -> SignedVersion {
    SignedVersion {
        commitment: Fingerprint::of_bytes(commitment.as_bytes()),
        budget: Fingerprint::of_bytes(budget.as_bytes()),
        text: Fingerprint::of_bytes(text.as_bytes()),
    }
}

fn commitment() -> Commitment {
    Commitment {
        cash: Money::pounds(10_000),
        in_kind: Money::pounds(5_000),
        in_kind_description: "A teaching room two days a week".into(),
        lead_name: "Ada Example".into(),
        lead_post: "Medical director".into(),
    }
}

fn signed() -> Signed {
    Accepted { by: person(), at: now() }.sign(&commitment(), version("c", "b", "t"), person(), now()).unwrap()
}

#[test]
fn every_move_of_the_diagram_happens_and_no_other() {
    let trust = organisation("Example Trust", Sector::Nhs, &[], &[]);
    let by = person();
    let mut walked = BTreeSet::new();
    let mut walk = |from: PartnerState, act, to: PartnerState| {
        walked.insert(Move(from.name(), act, to.name()));
    };
    let invited = || invite(&trust, by, now()).unwrap();
    let accepted = || invited().accept(&trust, by, now()).unwrap();
    use PartnerState as S;
    walk(S::Invited(invited()), "accept", S::Accepted(accepted()));
    let declined = invited().decline(by, now(), "");
    walk(S::Invited(invited()), "decline", S::Declined(declined.clone()));
    let taken = invited().take_back(by, now(), "silent").unwrap();
    walk(S::Invited(invited()), "take back", S::Withdrawn(taken));
    walk(S::Accepted(accepted()), "sign", S::Signed(signed()));
    let withdrawn = accepted().withdraw(by, now(), "no capacity").unwrap();
    walk(S::Accepted(accepted()), "withdraw", S::Withdrawn(withdrawn.clone()));
    let again = signed().sign_again(&commitment(), version("c", "b", "u"), by, now()).unwrap();
    walk(S::Signed(signed()), "sign again", S::Signed(again));
    let left = signed().withdraw(by, now(), "merged").unwrap();
    walk(S::Signed(signed()), "withdraw", S::Withdrawn(left));
    for (name, left) in [("Declined", declined), ("Withdrawn", withdrawn)] {
        let back = left.invite_again(&trust, by, now()).unwrap();
        walked.insert(Move(name, "invite again", S::Invited(back).name()));
    }
    assert_eq!(walked, DIAGRAM.moves.iter().copied().collect());
}

#[test]
fn a_commissioner_of_education_cannot_be_invited_nor_accept_later() {
    let mut body = organisation("Example Deanery", Sector::Nhs, &[], &[]);
    let invitation = invite(&body, person(), now()).unwrap();
    body.functions.push(Function::CommissionsEducation);
    assert!(invite(&body, person(), now()).is_err());
    assert!(invitation.accept(&body, person(), now()).is_err());
}

#[test]
fn a_commitment_says_everything_that_is_missing_at_once() {
    let empty = Commitment { in_kind: Money(1), cash: Money(-1), ..Commitment::default() };
    assert_eq!(
        commitment_problems(&empty),
        [
            CommitmentProblem::NegativeCash,
            CommitmentProblem::InKindNotDescribed,
            CommitmentProblem::NoLead,
            CommitmentProblem::NoLeadPost,
        ]
    );
}

#[test]
fn only_a_changed_commitment_or_budget_asks_for_a_new_signature() {
    let state = PartnerState::Signed(signed());
    for (current, counts, words) in [
        (version("c", "b", "t"), true, "has signed"),
        (version("c", "b", "other"), true, "an earlier version"),
        (version("other", "b", "t"), false, "its commitment has changed"),
        (version("c", "other", "t"), false, "the budget has changed"),
        (version("x", "y", "z"), false, "its commitment and the budget have"),
    ] {
        let sign_off = state.sign_off(&current);
        assert_eq!(sign_off.allows_submission(), counts, "{sign_off:?}");
        assert!(sign_off.in_words().contains(words), "{}", sign_off.in_words());
    }
}

#[test]
fn an_answer_of_money_is_budget_and_any_other_is_text() {
    let set = &crate::calls::facts::call_2009().unwrap().bid_questions;
    let version = |key: &str, answer: Answer| {
        let mut answers = Answers::new();
        answers.set("vision", Some(Answer::Text("Care".into())));
        answers.set("amount", Some(Answer::Money(Money::pounds(5))));
        answers.set(key, Some(answer));
        SignedVersion::of(&commitment(), set, &answers).unwrap()
    };
    let first = version("vision", Answer::Text("Care".into()));
    let reworded = version("vision", Answer::Text("Better care".into()));
    assert!(first.text != reworded.text && first.budget == reworded.budget);
    let dearer = version("amount", Answer::Money(Money::pounds(6)));
    assert!(first.text == dearer.text && first.budget != dearer.budget);
    let row = hiec_forms::Row::from([("year_1".to_owned(), Answer::Money(Money(1)))]);
    assert_ne!(version("budget", Answer::Table(vec![row])).budget, first.budget);
}

#[test]
fn signing_again_keeps_the_signature_before() {
    let again = signed().sign_again(&commitment(), version("c2", "b", "t"), person(), now()).unwrap();
    assert_eq!(again.earlier, [signed().signature]);
    assert!(PartnerState::Signed(again).sign_off(&version("c2", "b", "t")).allows_submission());
}

#[test]
fn an_invited_or_unsigned_partner_holds_the_bid_back_and_one_who_left_does_not() {
    let current = version("c", "b", "t");
    let invited = Invited { by: person(), at: now() };
    assert!(!PartnerState::Invited(invited.clone()).sign_off(&current).allows_submission());
    let left = invited.decline(person(), now(), "");
    assert!(PartnerState::Declined(left).sign_off(&current).allows_submission());
    let accepted = Accepted { by: person(), at: now() };
    assert!(accepted.clone().withdraw(person(), now(), "  ").is_err());
    assert!(!PartnerState::Accepted(accepted).sign_off(&current).allows_submission());
}

proptest::proptest! {
    #[test]
    fn a_signature_counts_exactly_while_commitment_and_budget_stand(
        commitment in "[ab]", budget in "[ab]", text in "[ab]"
    ) {
        let state = PartnerState::Signed(
            Accepted { by: person(), at: now() }
                .sign(&self::commitment(), version("a", "a", "a"), person(), now())
                .unwrap(),
        );
        let sign_off = state.sign_off(&version(&commitment, &budget, &text));
        proptest::prop_assert_eq!(sign_off.allows_submission(), commitment == "a" && budget == "a");
        proptest::prop_assert_eq!(sign_off == SignOff::Stands, commitment == "a" && budget == "a" && text == "a");
    }
}
