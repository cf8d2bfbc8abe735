//! The rules of placements held against known answers, and against counting day by day.

use hiec_kernel::organisations::Setting;
use hiec_kernel::{ClusterId, OrganisationId};
use proptest::prelude::*;
use uuid::Uuid;

use super::super::store::PlacementState;
use super::*;
use crate::posts::store::CapacityStep;
use crate::words::{Level, Profession};

fn day(written: &str) -> NaiveDate {
    written.parse().unwrap()
}

/// So many days after the first of August 2010.
fn nth(days: i64) -> NaiveDate {
    day("2010-08-01") + chrono::Duration::days(days)
}

fn programme() -> Programme {
    Programme {
        id: Uuid::from_u128(1),
        cluster: ClusterId(Uuid::from_u128(7)),
        key: "cardiology".into(),
        name: "Cardiology training".into(),
        profession: Profession::Medical,
        level: Level::Postgraduate,
        specialty: "Cardiology".into(),
        curriculum_owner: None,
        months: 24,
        starts_on: nth(0),
        ends_on: None,
        is_illustrative: true,
    }
}

fn trainee(wte: i64, days: i64) -> Trainee {
    Trainee {
        id: Uuid::from_u128(2),
        cluster: ClusterId(Uuid::from_u128(7)),
        programme: Uuid::from_u128(1),
        person: None,
        number: "T-1".into(),
        name: "Ada Learnwell".into(),
        grade: "ST3".into(),
        wte: Wte(wte),
        starts_on: nth(0),
        ends_on: nth(days - 1),
        is_illustrative: true,
    }
}

fn post(steps: &[(i64, i64)]) -> Post {
    Post {
        id: Uuid::from_u128(3),
        cluster: ClusterId(Uuid::from_u128(7)),
        number: "R1H-CARD-001".into(),
        host: OrganisationId(Uuid::from_u128(4)),
        site: "Whitechapel".into(),
        place: None,
        profession: Profession::Medical,
        specialty: "Cardiology".into(),
        grade: "ST3".into(),
        setting: Setting::Secondary,
        starts_on: nth(0),
        ends_on: None,
        capacity: steps.iter().map(|(from, wte)| CapacityStep { from: nth(*from), wte: Wte(*wte) }).collect(),
        programmes: vec![],
        follows: None,
        funding: vec![],
        is_illustrative: true,
    }
}

/// From one day to another, counted; in the post unless the kind is out of it.
fn placement(id: u128, kind: PlacementKind, from: i64, to: i64, wte: i64) -> Placement {
    Placement {
        id: Uuid::from_u128(100 + id),
        cluster: ClusterId(Uuid::from_u128(7)),
        trainee: Uuid::from_u128(2),
        post: kind.is_in_post().then_some(Uuid::from_u128(3)),
        kind,
        starts_on: nth(from),
        ends_on: nth(to),
        wte: Wte(wte),
        supervisor: None,
        is_counted: false,
        state: PlacementState::Planned,
        source: "entry".into(),
        reason: String::new(),
        is_illustrative: true,
        version: 1,
    }
}

fn in_post(id: u128, from: i64, to: i64, wte: i64) -> Placement {
    placement(id, PlacementKind::InPost, from, to, wte)
}

struct Case {
    placement: Placement,
    trainee: Trainee,
    programme: Programme,
    post: Option<Post>,
    in_post: Vec<Placement>,
    of_trainee: Vec<Placement>,
}

impl Case {
    fn new(placement: Placement) -> Self {
        let post = placement.kind.is_in_post().then(|| post(&[(0, 100)]));
        Self {
            placement,
            trainee: trainee(100, 730),
            programme: programme(),
            post,
            in_post: vec![],
            of_trainee: vec![],
        }
    }

    fn refusals(&self) -> Vec<Refusal> {
        refusals(&Judged {
            placement: &self.placement,
            trainee: &self.trainee,
            programme: &self.programme,
            post: self.post.as_ref(),
            in_post: &self.in_post,
            of_trainee: &self.of_trainee,
        })
    }

    fn says(&self, part: &str) -> Refusal {
        let all = self.refusals();
        let found = all.iter().find(|one| one.to_string().contains(part));
        found.cloned().unwrap_or_else(|| panic!("no refusal says “{part}”: {all:?}"))
    }
}

#[test]
fn a_placement_that_fits_stands() {
    assert_eq!(Case::new(in_post(1, 0, 364, 100)).refusals(), []);
}

#[test]
fn two_half_time_people_share_a_post_and_a_third_does_not() {
    let mut case = Case::new(in_post(1, 0, 364, 50));
    case.trainee.wte = Wte(50);
    case.in_post = vec![in_post(2, 0, 364, 50)];
    assert_eq!(case.refusals(), []);
    case.in_post.push(in_post(3, 100, 199, 50));
    let full = case.says("is full");
    assert_eq!((full.from, full.to, full.field), (nth(100), nth(199), "post"));
    assert!(full.next.contains("room from 1 August 2010"), "{}", full.next);
}

#[test]
fn what_is_free_is_offered_as_a_share() {
    let mut case = Case::new(in_post(1, 0, 364, 100));
    case.in_post = vec![in_post(2, 0, 364, 60)];
    let said = case.says("0.4 of whole-time free");
    assert!(said.next.contains("place them for 0.4"), "{}", said.next);
}

#[test]
fn capacity_that_shrinks_is_seen_from_its_day() {
    let mut case = Case::new(in_post(1, 0, 364, 100));
    case.post = Some(post(&[(0, 100), (200, 0)]));
    let said = case.says("holds nobody");
    assert_eq!((said.from, said.to), (nth(200), nth(364)));
}

#[test]
fn a_cancelled_placement_takes_no_room() {
    let mut case = Case::new(in_post(1, 0, 364, 100));
    case.in_post = vec![Placement { state: PlacementState::Cancelled, ..in_post(2, 0, 364, 100) }];
    assert_eq!(case.refusals(), []);
}

#[test]
fn nobody_works_more_than_their_share() {
    let mut case = Case::new(in_post(1, 0, 364, 60));
    case.trainee.wte = Wte(80);
    case.of_trainee = vec![in_post(2, 300, 400, 60)];
    let said = case.says("would work 1.2 of whole-time");
    assert_eq!((said.from, said.to), (nth(300), nth(364)));
    assert!(said.next.contains("0.2 is left"), "{}", said.next);
    case.placement.wte = Wte(20);
    assert_eq!(case.refusals(), []);
    case.placement.wte = Wte(90);
    case.says("less than 0.9");
}

#[test]
fn whoever_is_away_is_in_no_post() {
    let mut case = Case::new(in_post(1, 0, 364, 100));
    case.of_trainee = vec![placement(2, PlacementKind::ParentalLeave, 100, 149, 100)];
    let said = case.says("is away then: parental leave");
    assert_eq!((said.from, said.to), (nth(100), nth(149)));
}

#[test]
fn a_post_that_does_not_fit_is_named() {
    let mut case = Case::new(in_post(1, 0, 364, 100));
    case.trainee.grade = "ST5".into();
    case.says("of the grade ST3");
    let mut case = Case::new(in_post(1, 0, 364, 100));
    case.programme.specialty = "Ophthalmology".into();
    case.says("in the specialty Cardiology");
    case.post.as_mut().unwrap().programmes = vec![case.programme.id];
    assert_eq!(case.refusals(), []);
    case.programme.profession = Profession::Nursing;
    case.says("is for doctors");
}

#[test]
fn days_outside_the_membership_are_refused_unless_time_out_moved_its_end() {
    let mut case = Case::new(in_post(1, 700, 759, 100));
    let said = case.says("expected to finish on 30 July 2012");
    assert_eq!((said.from, said.to), (nth(730), nth(759)));
    case.of_trainee = vec![placement(2, PlacementKind::OopResearch, 100, 199, 100)];
    assert_eq!(case.refusals(), []);
    let early = Case::new(in_post(1, -5, 100, 100));
    let said = early.says("joins the programme on");
    assert_eq!((said.from, said.to), (nth(-5), nth(-1)));
}

#[test]
fn time_out_fills_no_post_and_a_post_is_needed_to_be_in_one() {
    let mut case = Case::new(placement(1, PlacementKind::OopCareer, 0, 99, 100));
    assert_eq!(case.refusals(), []);
    case.post = Some(post(&[(0, 100)]));
    case.says("fills no post");
    let mut case = Case::new(in_post(1, 0, 99, 100));
    case.post = None;
    case.says("No post is named");
    let case = Case::new(in_post(1, 99, 0, 100));
    assert_eq!(case.refusals().len(), 1);
    case.says("comes before the first");
}

#[test]
fn the_expected_end_follows_shares_and_time_out() {
    let end = |trainee: &Trainee, all: &[Placement]| reckon(trainee, all).expected_end;
    // Whole-time: as planned.
    assert_eq!(end(&trainee(100, 730), &[]), nth(729));
    // Half-time all the way: twice as long.
    assert_eq!(end(&trainee(50, 730), &[]), nth(1_459));
    // A year at half-time loses half a year, which is caught up whole-time.
    assert_eq!(end(&trainee(100, 730), &[in_post(1, 0, 364, 50)]), nth(365 + 547));
    // A hundred days out count nothing; approved ones count.
    let out = placement(1, PlacementKind::OopTraining, 100, 199, 100);
    assert_eq!(end(&trainee(100, 730), std::slice::from_ref(&out)), nth(829));
    let counted = Placement { is_counted: true, state: PlacementState::Approved, ..out.clone() };
    assert_eq!(end(&trainee(100, 730), std::slice::from_ref(&counted)), nth(729));
    // While it is only planned nobody has approved it, and a career break never counts.
    assert_eq!(end(&trainee(100, 730), &[Placement { state: PlacementState::Planned, ..counted.clone() }]), nth(829));
    assert_eq!(end(&trainee(100, 730), &[Placement { kind: PlacementKind::OopCareer, ..counted }]), nth(829));
    // Cancelled time out does not count against anybody.
    assert_eq!(end(&trainee(100, 730), &[Placement { state: PlacementState::Cancelled, ..out }]), nth(729));
    // The three parts are told apart.
    let told = reckon(&trainee(100, 730), &[in_post(1, 0, 364, 50)]);
    assert_eq!(told.parts.len(), 2);
    assert_eq!((told.parts[0].counts, told.parts[1].doing), (Wte(50), None));
}

#[test]
fn a_middle_taken_out_leaves_what_was_before_and_after() {
    let whole = in_post(1, 0, 364, 100);
    let (before, after) = cut(&whole, nth(100), nth(199));
    assert_eq!(before.map(|part| (part.from, part.to)), Some((nth(0), nth(99))));
    assert_eq!(after.map(|part| (part.from, part.to)), Some((nth(200), nth(364))));
    assert_eq!(cut(&whole, nth(-3), nth(400)), (None, None));
}

#[test]
fn room_that_shrinks_under_those_who_are_there_is_found() {
    let there = [in_post(1, 0, 364, 100), in_post(2, 100, 199, 100)];
    assert_eq!(too_many(&post(&[(0, 200)]), &there, nth(0)), None);
    assert_eq!(too_many(&post(&[(0, 200), (150, 100)]), &there, nth(0)), Some((nth(150), Wte(200), Wte(100))));
}

prop_compose! {
    fn some_placement()(id in 0_u128..1_000, from in 0_i64..60, days in 0_i64..40, wte in 1_i64..120, out in 0_u8..5, cancelled in 0_u8..6)
        -> Placement {
        let kind = if out == 0 { PlacementKind::ParentalLeave } else { PlacementKind::InPost };
        let mut one = placement(1_000 + id, kind, from, from + days, wte);
        if cancelled == 0 {
            one.state = PlacementState::Cancelled;
        }
        one
    }
}

proptest! {
    /// The rule itself, counted day by day: a placement stands exactly where no day has too much, neither in the post nor of the trainee.
    #[test]
    fn intervals_say_what_counting_days_says(
        asked in some_placement(),
        there in prop::collection::vec(some_placement(), 0..6),
        own in prop::collection::vec(some_placement(), 0..4),
        steps in prop::collection::vec((0_i64..100, 0_i64..250), 1..4),
        share in 1_i64..=100,
    ) {
        let mut steps = steps;
        steps.sort_unstable();
        steps.dedup_by_key(|(from, _)| *from);
        let mut case = Case::new(Placement { state: PlacementState::Planned, id: Uuid::from_u128(1), ..asked });
        case.trainee = trainee(share, 1_000);
        case.post = case.placement.kind.is_in_post().then(|| post(&steps));
        case.in_post = there.into_iter().filter(|one| one.kind.is_in_post()).collect();
        case.of_trainee = own;
        let mut too_much = case.placement.wte > case.trainee.wte;
        let mut day = case.placement.starts_on;
        while day <= case.placement.ends_on {
            if let Some(post) = &case.post {
                let filled: i64 = case.in_post.iter().filter(|one| one.covers(day)).map(|one| one.wte.0).sum();
                too_much |= filled.min(post.capacity_on(day).0) + case.placement.wte.0 > post.capacity_on(day).0;
            }
            let own: Vec<&Placement> = case.of_trainee.iter().filter(|one| one.covers(day)).collect();
            let taken = |one: &Placement| if one.kind.is_in_post() { one.wte.0 } else { share };
            let sum: i64 = own.iter().map(|one| taken(one)).sum();
            too_much |= !own.is_empty() && sum + taken(&case.placement) > share;
            day = next_day(day);
        }
        prop_assert_eq!(!case.refusals().is_empty(), too_much, "{:?}", case.refusals());
    }

    /// The days of a reckoning add up to what the programme takes, and to no whole day more.
    #[test]
    fn the_days_that_count_add_up(own in prop::collection::vec(some_placement(), 0..6), share in 10_i64..=100, days in 1_i64..400) {
        let who = trainee(share, days);
        let told = reckon(&who, &own);
        let sum: i64 = told.parts.iter().map(|part| (part.to.signed_duration_since(part.from).num_days() + 1) * part.counts.0).sum();
        prop_assert!(sum >= days * 100, "{sum} of {}", days * 100);
        let last = told.parts.last().unwrap();
        prop_assert!(sum - last.counts.0 < days * 100);
        prop_assert_eq!(last.to, told.expected_end);
        prop_assert!(told.parts.windows(2).all(|two| next_day(two[0].to) == two[1].from));
    }

    /// Time that counts for less never brings the end forward.
    #[test]
    fn time_out_never_brings_the_end_forward(from in 0_i64..300, length in 0_i64..200, share in 10_i64..=100) {
        let who = trainee(share, 365);
        let out = placement(1, PlacementKind::OopCareer, from, from + length, share);
        let before = reckon(&who, &[]).expected_end;
        let after = reckon(&who, std::slice::from_ref(&out)).expected_end;
        prop_assert_eq!(after.signed_duration_since(before).num_days(), if out.starts_on <= before { length + 1 } else { 0 });
    }
}
