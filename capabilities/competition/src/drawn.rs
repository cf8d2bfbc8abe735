//! Reads the state diagrams of `docs/` so that tests can hold them to the enums; compiled for tests only.

use std::collections::BTreeSet;

/// One arrow of a diagram: from, to, label. `[*]` is the beginning or the end.
pub type Arrow = (String, String, String);

const DOCUMENT: &str = include_str!("../../../docs/states-assessment.md");

/// The arrows of the Mermaid block in the section `## heading` of `docs/states-assessment.md`.
pub fn arrows(heading: &str) -> BTreeSet<Arrow> {
    let section = DOCUMENT
        .split("\n## ")
        .find(|section| section.lines().next().is_some_and(|line| line.trim() == heading))
        .unwrap_or_else(|| panic!("docs has no section “## {heading}”"));
    section
        .lines()
        .map(str::trim)
        .filter_map(|line| {
            let (from, rest) = line.split_once(" --> ")?;
            let (to, label) = rest.split_once(": ").unwrap_or((rest, ""));
            Some((from.trim().into(), to.trim().into(), label.trim().into()))
        })
        .collect()
}

/// An arrow from borrowed parts.
pub fn arrow(from: &str, to: &str, label: &str) -> Arrow {
    (from.into(), to.into(), label.into())
}
