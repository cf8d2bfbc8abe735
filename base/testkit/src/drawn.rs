//! Holds the drawings of state machines in `docs/states.md` to what the code does, as a test found by walking it. It knows no machine.

use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../docs/states.md");

/// From, by which act, to.
pub type Moves = Vec<(String, &'static str, String)>;

/// The Mermaid text of these moves, with every state that nothing leaves marked as an end.
fn mermaid(starts: &[&str], moves: &Moves) -> String {
    let begins = starts.iter().map(|start| format!("    [*] --> {start}\n"));
    let goes = moves.iter().map(|(from, act, to)| format!("    {from} --> {to}: {act}\n"));
    let mut seen = BTreeSet::new();
    let is_end = |to: &String| !moves.iter().any(|(from, _, _)| from == to);
    let ends = moves.iter().map(|(_, _, to)| to).filter(|to| is_end(to) && seen.insert(to.as_str()));
    let ends: Vec<String> = ends.map(|end| format!("    {end} --> [*]\n")).collect();
    std::iter::once("stateDiagram-v2\n".to_owned()).chain(begins).chain(goes).chain(ends).collect()
}

/// The section of this machine draws these moves.
pub fn assert_drawn(machine: &str, starts: &[&str], moves: &Moves) {
    let section = PAGE.split_once(&format!("\n## {machine}\n")).map(|(_, section)| section);
    let section = section.unwrap_or_else(|| panic!("docs/states.md lacks the heading {machine}"));
    let block = section.split_once("```mermaid\n").and_then(|(_, block)| block.split_once("```"));
    let (drawn, _) = block.unwrap_or_else(|| panic!("docs/states.md, section {machine}: no drawing"));
    assert_eq!(
        drawn,
        mermaid(starts, moves),
        "docs/states.md, section {machine}: replace the block by the second text"
    );
}
