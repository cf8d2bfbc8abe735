//! The drawing of a state machine: its moves as data, and the Mermaid block they make; it never decides whether a move is allowed.
//!
//! Each machine keeps one `DIAGRAM` beside its states. A test of the machine walks every move and compares what happened with it;
//! the test below compares it with `docs/states.md`. So code, data and page cannot drift apart.

use std::fmt::Write as _;

/// One machine: where it starts and every move it can make.
#[derive(Clone, Copy, Debug)]
pub struct Diagram {
    /// The heading in `docs/states.md`.
    pub machine: &'static str,
    pub start: &'static str,
    pub moves: &'static [Move],
}

/// From this state, by this act, to that state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Move(pub &'static str, pub &'static str, pub &'static str);

impl Diagram {
    /// The Mermaid text, with every state that nothing leaves marked as an end.
    pub fn mermaid(&self) -> String {
        let mut text = format!("stateDiagram-v2\n    [*] --> {}\n", self.start);
        for Move(from, act, to) in self.moves {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "    {from} --> {to}: {act}");
        }
        for end in self.ends() {
            let _ = writeln!(text, "    {end} --> [*]");
        }
        text
    }

    /// States that are reached and never left, in the order they first appear.
    pub fn ends(&self) -> Vec<&'static str> {
        let mut ends: Vec<&'static str> = Vec::new();
        for Move(_, _, to) in self.moves {
            let is_left = self.moves.iter().any(|Move(from, _, _)| from == to);
            if !is_left && !ends.contains(to) {
                ends.push(to);
            }
        }
        ends
    }
}

/// Every machine of this crate whose picture is kept in `docs/states.md`, in the order of a round.
pub const DIAGRAMS: &[&Diagram] = &[
    &crate::calls::amendments::DIAGRAM,
    &crate::calls::stages::DIAGRAM,
    &crate::dialogue::rules::DIAGRAM,
    &crate::partnerships::commitments::DIAGRAM,
    &crate::pqq::rules::DIAGRAM,
    &crate::bids::states::DIAGRAM,
    &crate::bids::opening::DIAGRAM,
    &crate::interests::states::DIAGRAM,
    &crate::assessment::states::DIAGRAM,
    &crate::ranking::states::DIAGRAM,
    &crate::panel::states::MEETING,
    &crate::panel::states::ITEM,
    &crate::award::states::DIAGRAM,
    &crate::award::complaints::DIAGRAM,
];

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../../docs/states.md");

    #[test]
    fn the_page_shows_every_machine_as_it_is() {
        for diagram in DIAGRAMS {
            let heading = format!("\n## {}\n", diagram.machine);
            let (_, section) = PAGE
                .split_once(&heading)
                .unwrap_or_else(|| panic!("docs/states.md lacks the heading {}", diagram.machine));
            let (_, block) = section.split_once("```mermaid\n").unwrap();
            let (drawn, _) = block.split_once("```").unwrap();
            assert_eq!(
                drawn,
                diagram.mermaid(),
                "docs/states.md, section {}: replace the block by the second text",
                diagram.machine
            );
        }
    }

    #[test]
    fn every_state_can_be_reached() {
        for diagram in DIAGRAMS {
            for Move(from, act, _) in diagram.moves {
                assert!(
                    *from == diagram.start || diagram.moves.iter().any(|Move(_, _, to)| to == from),
                    "{}: nothing leads to {from} ({act})",
                    diagram.machine
                );
            }
        }
    }
}
