//! Tests: publishing and amending; they use nothing but made-up organisations and people.

use std::collections::BTreeSet;

use hiec_kernel::clock::from_london;
use uuid::Uuid;

use super::*;
use crate::calls::facts::call_2009;

fn at(typed: &str) -> Timestamp {
    from_london(typed).unwrap()
}

fn officer() -> PersonId {
    PersonId(Uuid::from_u128(7))
}

fn draft() -> Draft {
    Draft { design: call_2009().unwrap().clone() }
}

fn published() -> Published {
    draft().publish(officer(), at("2009-05-07 09:00")).unwrap()
}

fn proposal(change: impl FnOnce(&mut CallDesign)) -> Proposal {
    let mut design = call_2009().unwrap().clone();
    change(&mut design);
    Proposal { design, reason: "Regions asked for it".into(), accepts_short_notice: false }
}

fn close(design: &mut CallDesign, key: MilestoneKey, typed: &str) {
    let milestone = design.milestones.iter_mut().find(|m| m.key == key).unwrap();
    milestone.closes = Some(at(typed));
}

#[test]
fn every_move_of_the_diagram_happens() {
    let first = proposal(|d| d.summary.push_str(" More."));
    let second = proposal(|d| d.summary.push_str(" Still more."));
    let now = at("2009-06-01 09:00");
    let mut walked = BTreeSet::new();
    let states = [
        CallState::Draft(draft()),
        CallState::Published(published()),
        CallState::Amended(published().amend(first.clone(), officer(), now).unwrap()),
        CallState::Amended(published().amend(first, officer(), now).unwrap().amend(second, officer(), now).unwrap()),
    ];
    for (pair, act) in states.windows(2).zip(["publish", "amend", "amend"]) {
        walked.insert(Move(pair[0].name(), act, pair[1].name()));
    }
    assert_eq!(walked, DIAGRAM.moves.iter().copied().collect());
    let numbers: Vec<u32> = states[3].amendments().iter().map(|a| a.number).collect();
    assert_eq!(numbers, [1, 2]);
    let prints: BTreeSet<_> = states.iter().filter_map(CallState::fingerprint).collect();
    assert_eq!(prints.len(), 3, "each version has a fingerprint of its own");
}

#[test]
fn an_amendment_shows_what_changes_and_why() {
    let amended = published()
        .amend(proposal(|d| close(d, MilestoneKey::Bidding, "2009-10-30 17:00")), officer(), at("2009-10-01 09:00"))
        .unwrap();
    let amendment = &amended.amendments[0];
    assert_eq!(amendment.reason, "Regions asked for it");
    assert_eq!(amendment.differences.len(), 1);
    let line = &amendment.differences[0];
    assert_eq!(line.before.as_deref(), Some("19 October 2009 at 5:00pm"));
    assert_eq!(line.after.as_deref(), Some("30 October 2009 at 5:00pm"));
    assert_eq!(amendment.fingerprint, amendment.design.fingerprint().unwrap());
    assert_ne!(amendment.fingerprint, amended.published.fingerprint);
}

#[test]
fn what_is_not_fair_is_refused_with_the_reason() {
    let now = at("2009-10-12 09:00");
    let attempt = |proposal: Proposal| published().amend(proposal, officer(), now).unwrap_err();
    assert_eq!(attempt(proposal(|_| ())), [CallRefusal::NoDifference]);
    let without_reason = Proposal { reason: " \n".into(), ..proposal(|d| d.summary.push('!')) };
    assert_eq!(attempt(without_reason), [CallRefusal::NoReason]);
    assert!(matches!(
        attempt(proposal(|d| close(d, MilestoneKey::Dialogue, "2009-10-16 17:00")))[..],
        [CallRefusal::DeadlinePassed { .. }]
    ));
    assert!(matches!(
        attempt(proposal(|d| close(d, MilestoneKey::Bidding, "2009-10-11 17:00")))[..],
        [CallRefusal::ClosesInThePast { .. }]
    ));
    assert!(matches!(attempt(proposal(|d| d.award.budget = hiec_kernel::Money::ZERO))[..], [CallRefusal::Design(_)]));
    assert_eq!(attempt(proposal(|d| d.key = "other".into())), [CallRefusal::KeyChanged]);
}

#[test]
fn after_the_deadline_what_bidders_wrote_to_stands() {
    let now = at("2009-10-20 09:00");
    let attempt = |proposal: Proposal| published().amend(proposal, officer(), now);
    let weights = attempt(proposal(|d| {
        d.criteria[0].weight += 5;
        d.criteria[1].weight -= 5;
    }))
    .unwrap_err();
    let [refusal @ CallRefusal::Settled { .. }] = &weights[..] else { panic!("{weights:?}") };
    let said = refusal.to_string();
    assert!(
        said.starts_with("The criteria, their weights and what each score means cannot change any more: “"),
        "{said}"
    );
    assert!(said.contains("closed on 19 October 2009 at 5:00pm"), "{said}");
    let both = attempt(proposal(|d| {
        d.award.quorum += 1;
        d.eligibility.min_partners += 1;
        d.summary.push('!');
    }));
    assert_eq!(both.unwrap_err().len(), 2, "every part is named");
    let free = proposal(|d| {
        close(d, MilestoneKey::Announcement, "2009-12-24 12:00");
        d.summary.push_str(" Questions go to the programme office.");
    });
    assert!(attempt(free).is_ok(), "dates to come and texts stay free");
    let again = published().amend(proposal(|d| d.summary.push('!')), officer(), now).unwrap();
    let later = Proposal {
        design: {
            let mut d = again.design().clone();
            d.award.floor_total += 1;
            d
        },
        ..proposal(|_| ())
    };
    assert!(matches!(again.amend(later, officer(), now).unwrap_err()[..], [CallRefusal::Settled { .. }]));
}

#[test]
fn no_date_is_moved_into_the_past() {
    let now = at("2009-11-02 09:00");
    let attempt = |key, typed: &str| published().amend(proposal(|d| close(d, key, typed)), officer(), now);
    let earlier = attempt(MilestoneKey::Assessment, "2009-11-01 17:00").unwrap_err();
    assert!(matches!(earlier[..], [CallRefusal::ClosesInThePast { .. }]), "{earlier:?}");
    assert!(attempt(MilestoneKey::Assessment, "2009-11-03 17:00").is_ok());
    assert!(attempt(MilestoneKey::Announcement, "2009-12-30 17:00").is_ok());
}

#[test]
fn short_notice_must_be_meant() {
    let now = at("2009-10-12 09:00");
    let sooner = proposal(|d| close(d, MilestoneKey::Bidding, "2009-10-16 17:00"));
    assert!(matches!(
        published().amend(sooner.clone(), officer(), now).unwrap_err()[..],
        [CallRefusal::ShortNotice { .. }]
    ));
    let meant = Proposal { accepts_short_notice: true, ..sooner };
    assert!(published().amend(meant, officer(), now).is_ok());
    let later = proposal(|d| close(d, MilestoneKey::Bidding, "2009-10-20 17:00"));
    assert!(published().amend(later, officer(), now).is_ok(), "later is no hardship");
}

#[test]
fn a_call_whose_deadline_is_over_is_not_published() {
    let refusals = draft().publish(officer(), at("2009-10-20 09:00")).unwrap_err();
    assert!(refusals.iter().any(|r| matches!(r, CallRefusal::ClosesInThePast { .. })));
}

proptest::proptest! {
    /// Any change of a number or a text is an amendment with its own fingerprint; no change is none.
    #[test]
    fn an_amendment_is_made_exactly_when_something_changes(
        words in "[a-z]{0,3}", budget in 0_i64..3, load in 0_u32..3
    ) {
        let changed = proposal(|d| {
            d.summary.push_str(&words);
            d.award.budget = d.award.budget + hiec_kernel::Money(budget);
            d.award.max_load += load;
        });
        let is_changed = !words.is_empty() || budget > 0 || load > 0;
        match published().amend(changed, officer(), at("2009-06-01 09:00")) {
            Ok(amended) => {
                proptest::prop_assert!(is_changed);
                proptest::prop_assert_ne!(&amended.amendments[0].fingerprint, &amended.published.fingerprint);
                let lines = amended.amendments[0].differences.len();
                let parts = [!words.is_empty(), budget > 0, load > 0];
                proptest::prop_assert_eq!(lines, parts.iter().filter(|part| **part).count());
            }
            Err(refusals) => {
                proptest::prop_assert!(!is_changed);
                proptest::prop_assert_eq!(refusals, vec![CallRefusal::NoDifference]);
            }
        }
    }
}
