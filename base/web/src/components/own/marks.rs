//! Small marks: "illustrative", the stages of something, and buttons that only scripts can serve.

use maud::{Markup, Render, html};

/// Marks what we made up, wherever it shows beside facts.
#[derive(Clone, Copy, Debug, Default)]
pub struct IllustrativeTag;

impl Render for IllustrativeTag {
    fn render(&self) -> Markup {
        html! { span class="app-illustrative" { "illustrative" } }
    }
}

/// One stage of something that moves.
#[derive(Clone, Debug)]
pub struct ProgressStep {
    /// What it is called.
    pub label: String,
    /// A date or other words under it; may be empty.
    pub note: String,
}

impl<L: Into<String>> From<L> for ProgressStep {
    fn from(label: L) -> Self {
        Self { label: label.into(), note: String::new() }
    }
}

impl ProgressStep {
    /// A stage with words under it.
    pub fn noted(label: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label: label.into(), note: note.into() }
    }
}

/// Stages in their order, with the one it stands at.
#[derive(Clone, Debug)]
pub struct Progress {
    label: String,
    steps: Vec<ProgressStep>,
    current: usize,
}

impl Progress {
    /// Stages named `label` (for screen readers), of which the one at `current` (from 0) is now.
    /// A `current` past the end means that all are done.
    pub fn new(
        label: impl Into<String>,
        steps: impl IntoIterator<Item = impl Into<ProgressStep>>,
        current: usize,
    ) -> Self {
        Self { label: label.into(), steps: steps.into_iter().map(Into::into).collect(), current }
    }
}

impl Render for Progress {
    fn render(&self) -> Markup {
        html! {
            ol class="app-stages" aria-label=(self.label) {
                @for (index, step) in self.steps.iter().enumerate() {
                    @let state = index.cmp(&self.current);
                    li class=(match state {
                        std::cmp::Ordering::Less => "app-stages__stage app-stages__stage--done",
                        std::cmp::Ordering::Equal => "app-stages__stage app-stages__stage--now",
                        std::cmp::Ordering::Greater => "app-stages__stage",
                    }) aria-current=[state.is_eq().then_some("step")] {
                        (step.label)
                        @if state.is_lt() { span class="nhsuk-u-visually-hidden" { " (done)" } }
                        @if !step.note.is_empty() { span class="app-stages__note" { " " (step.note) } }
                    }
                }
            }
        }
    }
}

/// Prints the page. It shows only where scripts run.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrintButton;

impl Render for PrintButton {
    fn render(&self) -> Markup {
        html! {
            button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" type="button" data-print hidden {
                "Print this page"
            }
        }
    }
}

/// An address that can be copied: a link for everyone, with a button beside it where scripts run.
#[derive(Clone, Debug)]
pub struct CopyLink {
    href: String,
}

impl CopyLink {
    /// The address to copy, in full.
    pub fn new(href: impl Into<String>) -> Self {
        Self { href: href.into() }
    }
}

impl Render for CopyLink {
    fn render(&self) -> Markup {
        html! {
            p class="app-copy" {
                a href=(self.href) { (self.href) }
                " "
                button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" type="button"
                    data-copy=(self.href) hidden { "Copy the link" }
                span role="status" class="app-copy__status" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stage_is_now_and_those_before_are_done() {
        let html = Progress::new("Stages", ["Call", "Bids", "Award"], 1).render().0;
        assert_eq!(html.matches("aria-current=\"step\"").count(), 1);
        assert_eq!(html.matches("(done)").count(), 1);
        assert!(html.contains("aria-current=\"step\">Bids"));
    }

    #[test]
    fn all_stages_are_done_past_the_end() {
        let html = Progress::new("Stages", ["Call", "Bids"], 2).render().0;
        assert_eq!(html.matches("(done)").count(), 2);
        assert!(!html.contains("aria-current"));
    }
}
