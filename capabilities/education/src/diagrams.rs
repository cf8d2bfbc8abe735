//! The drawings of the state machines of education in `docs/states.md`, held to what the code does by walking it. It decides nothing.

use std::fmt::Write as _;

use crate::programmes::states::{Act, Proposal};
use crate::quality::{Requirement, Step};

const PAGE: &str = include_str!("../../../docs/states.md");

/// From, by which act, to.
pub(crate) type Moves = Vec<(String, &'static str, String)>;

/// The Mermaid text of these moves, with every state that nothing leaves marked as an end.
fn mermaid(starts: &[&str], moves: &Moves) -> String {
    let mut text = "stateDiagram-v2\n".to_owned();
    for start in starts {
        writeln!(text, "    [*] --> {start}").unwrap();
    }
    for (from, act, to) in moves {
        writeln!(text, "    {from} --> {to}: {act}").unwrap();
    }
    let mut ends: Vec<&String> = Vec::new();
    for (_, _, to) in moves {
        if !moves.iter().any(|(from, _, _)| from == to) && !ends.contains(&to) {
            ends.push(to);
        }
    }
    for end in ends {
        writeln!(text, "    {end} --> [*]").unwrap();
    }
    text
}

/// The section of this machine in `docs/states.md` draws these moves.
pub(crate) fn assert_drawn(machine: &str, starts: &[&str], moves: &Moves) {
    let heading = format!("\n## {machine}\n");
    let (_, section) =
        PAGE.split_once(&heading).unwrap_or_else(|| panic!("docs/states.md lacks the heading {machine}"));
    let (_, block) = section.split_once("```mermaid\n").unwrap();
    let (drawn, _) = block.split_once("```").unwrap();
    assert_eq!(
        drawn,
        mermaid(starts, moves),
        "docs/states.md, section {machine}: replace the block by the second text"
    );
}

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
