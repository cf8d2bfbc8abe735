//! What changed between two texts, line by line; nothing is left out, and screen readers hear what went and what came.

use maud::{Markup, Render, html};

/// One line of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffLine<'a> {
    /// In both.
    Same(&'a str),
    /// In the old only.
    Removed(&'a str),
    /// In the new only.
    Added(&'a str),
}

/// Beyond this many pairs of lines the texts are shown as wholly replaced, so that a page stays quick.
const MOST_PAIRS: usize = 4_000_000;

/// Compares two texts by the longest lines they have in common, in order.
pub fn diff_lines<'a>(old: &'a str, new: &'a str) -> Vec<DiffLine<'a>> {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return old.into_iter().map(DiffLine::Removed).chain(new.into_iter().map(DiffLine::Added)).collect();
    }
    // common[i][j]: how many lines old[i..] and new[j..] have in common.
    let mut common = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    let at =
        |common: &[Vec<u32>], i: usize, j: usize| common.get(i).and_then(|row| row.get(j)).copied().unwrap_or_default();
    for (i, old_line) in old.iter().enumerate().rev() {
        for (j, new_line) in new.iter().enumerate().rev() {
            let longest = if old_line == new_line {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i).and_then(|row| row.get_mut(j)) {
                *cell = longest;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::with_capacity(old.len().max(new.len()));
    loop {
        match (old.get(i), new.get(j)) {
            (Some(old_line), Some(new_line)) if old_line == new_line => {
                lines.push(DiffLine::Same(old_line));
                i += 1;
                j += 1;
            }
            (Some(old_line), new_line) if new_line.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                lines.push(DiffLine::Removed(old_line));
                i += 1;
            }
            (_, Some(new_line)) => {
                lines.push(DiffLine::Added(new_line));
                j += 1;
            }
            _ => return lines,
        }
    }
}

/// Two versions of a text, with what changed.
#[derive(Clone, Debug)]
pub struct Diff {
    /// What is compared, for screen readers: "Question 3, before and after amendment 1".
    pub label: String,
    pub old: String,
    pub new: String,
}

impl Diff {
    /// A comparison of this name.
    pub fn new(label: impl Into<String>, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { label: label.into(), old: old.into(), new: new.into() }
    }
}

impl Render for Diff {
    fn render(&self) -> Markup {
        html! {
            @if self.old == self.new { p { "Nothing changed." } }
            @else {
                ol class="app-diff" aria-label=(self.label) {
                    @for line in diff_lines(&self.old, &self.new) {
                        @match line {
                            DiffLine::Same(text) => li class="app-diff__line" { (text) },
                            DiffLine::Removed(text) => li class="app-diff__line app-diff__line--removed" {
                                span class="nhsuk-u-visually-hidden" { "Removed: " } del { (text) }
                            },
                            DiffLine::Added(text) => li class="app-diff__line app-diff__line--added" {
                                span class="nhsuk-u-visually-hidden" { "Added: " } ins { (text) }
                            },
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DiffLine::{Added, Removed, Same};
    use proptest::prelude::*;

    #[test]
    fn keeps_what_is_common() {
        assert_eq!(diff_lines("a\nb\nc", "a\nx\nc\nd"), [Same("a"), Removed("b"), Added("x"), Same("c"), Added("d")]);
        assert_eq!(diff_lines("", "a"), [Added("a")]);
        assert_eq!(diff_lines("a", ""), [Removed("a")]);
    }

    #[test]
    fn texts_are_escaped_and_changes_are_said() {
        let html = Diff::new("x", "<b>", "<i>").render().0;
        assert!(html.contains("Removed: </span><del>&lt;b&gt;</del>"));
        assert!(html.contains("Added: </span><ins>&lt;i&gt;</ins>"));
    }

    proptest! {
        /// Both texts can be read back from the comparison.
        #[test]
        fn nothing_is_lost(old in "[ab\n]{0,40}", new in "[ab\n]{0,40}") {
            let lines = diff_lines(&old, &new);
            let side = |wanted: fn(&DiffLine<'_>) -> bool| -> Vec<String> {
                lines.iter().filter(|line| wanted(line)).map(|line| match line {
                    Same(text) | Removed(text) | Added(text) => (*text).to_owned(),
                }).collect()
            };
            prop_assert_eq!(side(|line| !matches!(line, Added(_))), old.lines().collect::<Vec<_>>());
            prop_assert_eq!(side(|line| !matches!(line, Removed(_))), new.lines().collect::<Vec<_>>());
        }
    }
}
