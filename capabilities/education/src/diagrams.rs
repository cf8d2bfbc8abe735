//! The drawings of the state machines of education in `docs/states.md`, held to what the code does by walking it. It decides nothing.

use hiec_testkit::{Moves, assert_drawn};

use crate::programmes::states::{Act, Proposal};
use crate::quality::{Requirement, Step};

#[test]
fn a_change_to_a_curriculum() {
    let at = || hiec_kernel::clock::from_london("2010-04-01 10:00").unwrap();
    let name = |state: &Proposal| match state {
        Proposal::Proposed => "Proposed",
        Proposal::Questioned { .. } => "Questioned",
        Proposal::Accepted { .. } => "Accepted",
        Proposal::Refused { .. } => "Refused",
        Proposal::Withdrawn { .. } => "Withdrawn",
    };
    let words = |act: Act| match act {
        Act::Accept => "the owner accepts",
        Act::Refuse => "the owner refuses",
        Act::Question => "the owner asks",
        Act::Answer => "the cluster answers",
        Act::Withdraw => "the cluster withdraws",
    };
    let mut moves = Moves::new();
    let mut open = vec![Proposal::Proposed];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(from) = open.pop() {
        if seen.contains(&name(&from)) {
            continue;
        }
        seen.push(name(&from));
        for act in Act::ALL {
            if let Ok(to) = from.clone().act(act, "so".into(), at()) {
                moves.push((name(&from).to_owned(), words(act), name(&to).to_owned()));
                open.push(to);
            }
        }
    }
    assert_drawn("Change to a curriculum", &["Proposed"], &moves);
}

#[test]
fn a_requirement_of_a_host() {
    let day: chrono::NaiveDate = "2011-05-03".parse().unwrap();
    let name = |state: &Requirement| match state {
        Requirement::Open { .. } => "Open",
        Requirement::Answered { .. } => "Answered",
        Requirement::Closed { .. } => "Closed",
    };
    let steps = [
        ("the host answers", Step::Answered { words: "so".into(), link: String::new() }),
        ("send the answer back", Step::Returned { why: "so".into(), due: day }),
        ("close", Step::Closed { why: "so".into() }),
    ];
    let mut moves = Moves::new();
    let mut open = vec![Requirement::Open { due: day }];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(from) = open.pop() {
        if seen.contains(&name(&from)) {
            continue;
        }
        seen.push(name(&from));
        for (words, step) in &steps {
            if let Ok(to) = from.clone().take(step) {
                moves.push((name(&from).to_owned(), *words, name(&to).to_owned()));
                open.push(to);
            }
        }
    }
    assert_drawn("Requirement of a host", &["Open"], &moves);
}
