//! The drawings of the state machines of a cluster's work in `docs/states.md`, held to what the code does by walking it. It decides nothing.

use chrono::NaiveDate;
use hiec_adoption::stages::Stage;
use hiec_testkit::{Moves, assert_drawn};

use crate::measures::states::{Decision as Decided, Proposed, VersionState};
use crate::projects::cycles::{Cycle, Decision, Planned};
use crate::projects::standing::{Standing, Status};
use crate::trials::answers::{AtSite, Feasibility};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2010, 4, 1).unwrap()
}

/// `OnTrack` for a label such as `On track`.
fn state(label: &str) -> String {
    let large = |word: &str| word[..1].to_uppercase() + &word[1..];
    label.split(' ').map(large).collect()
}

#[test]
fn a_version_of_a_measure() {
    let proposed = || Proposed { by: "person:1".into() };
    let mut moves = Moves::new();
    for (act, decision) in [("put in force", Decided::PutInForce), ("refuse", Decided::Refuse)] {
        assert!(proposed().decide("person:1", decision, "Why").is_err(), "nobody decides on their own");
        let to = proposed().decide("person:2", decision, "Why").unwrap();
        moves.push((state(VersionState::Proposed.label()), act, state(to.label())));
    }
    for from in VersionState::ALL {
        if let Some(to) = from.when_another_is_in_force() {
            moves.push((state(from.label()), "another is put in force", state(to.label())));
        }
    }
    assert_drawn("Version of a measure", &[&state(VersionState::Proposed.label())], &moves);
}

#[test]
fn a_project() {
    let mut moves = Moves::new();
    for from in Status::ALL {
        for to in Status::ALL.iter().filter(|to| *to != from) {
            let standing = Standing { status: *from, ..Standing::begun(day()) };
            if standing.turn(*to, "A reason", day()).is_ok() {
                moves.push((state(from.label()), "say why", state(to.label())));
            }
        }
    }
    assert_drawn("Project of a cluster", &["OnTrack"], &moves);
}

#[test]
fn a_cycle() {
    let name = |cycle: &Cycle| match cycle {
        Cycle::Planned(_) => "Planned".to_owned(),
        Cycle::Doing(_) => "Doing".to_owned(),
        Cycle::Studied(_) => "Studied".to_owned(),
        Cycle::Acted(_) => state(cycle.name()),
    };
    let planned = Cycle::Planned(Planned::new("A plan", day()).unwrap());
    let doing = planned.clone().step("Tried", day(), None).unwrap();
    let studied = doing.clone().step("Found", day(), None).unwrap();
    let mut moves: Moves = vec![(name(&planned), "do", name(&doing)), (name(&doing), "study", name(&studied))];
    for (decision, act) in Decision::ALL.iter().zip(["adopt", "adapt", "abandon"]) {
        let acted = studied.clone().step("So", day(), Some(*decision)).unwrap();
        assert!(acted.clone().step("More", day(), Some(*decision)).is_err());
        moves.push((name(&studied), act, name(&acted)));
    }
    assert_drawn("Cycle of plan, do, study, act", &["Planned"], &moves);
}

#[test]
fn a_site_with_an_innovation() {
    let moves: Moves = Stage::ALL
        .into_iter()
        .flat_map(|from| from.next().iter().map(move |to| (state(from.key()), "with evidence", state(to.key()))))
        .collect();
    let starts: Vec<String> = Stage::FIRST.iter().map(|stage| state(stage.key())).collect();
    assert_drawn("Site with an innovation", &starts.iter().map(String::as_str).collect::<Vec<_>>(), &moves);
}

#[test]
fn a_trial_at_a_site() {
    let could = || Feasibility::Could { patients: 5, from: day(), note: String::new() };
    let name = |at: &AtSite| match at {
        AtSite::Answered { .. } => "Answered".to_owned(),
        at => at.words().replace("Not opened", "NotOpened"),
    };
    let answered = AtSite::Asked.answer(could()).unwrap();
    let opened = answered.clone().decide(true, day(), "x".into()).unwrap();
    let closed = answered.clone().decide(false, day(), "x".into()).unwrap();
    let mut moves = Moves::new();
    for from in [AtSite::Asked, answered, opened, closed] {
        let next = [
            ("answer", from.clone().answer(could())),
            ("open", from.clone().decide(true, day(), "x".into())),
            ("do not open", from.clone().decide(false, day(), "x".into())),
        ];
        moves.extend(next.into_iter().filter_map(|(act, to)| Some((name(&from), act, name(&to.ok()?)))));
    }
    assert_drawn("Trial at a site", &["Asked"], &moves);
}
