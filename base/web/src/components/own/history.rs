//! What happened, in order, with who and why, as the record keeps it; it neither sorts nor shortens what it is given.

use crate::components::Content;
use maud::{Markup, Render, html};

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    /// The moment as the page writes it.
    pub when: String,
    /// The same for programs, as RFC 3339; may be empty.
    pub datetime: String,
    /// Who did it; may be empty.
    pub who: String,
    pub what: Content,
    /// Why; may be empty.
    pub reason: String,
}

impl TimelineEntry {
    /// Something that happened then.
    pub fn new(when: impl Into<String>, what: impl Into<Content>) -> Self {
        Self {
            when: when.into(),
            datetime: String::new(),
            who: String::new(),
            what: what.into(),
            reason: String::new(),
        }
    }

    /// Says who did it.
    #[must_use]
    pub fn by(mut self, who: impl Into<String>) -> Self {
        self.who = who.into();
        self
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// Gives the moment for programs.
    #[must_use]
    pub fn datetime(mut self, datetime: impl Into<String>) -> Self {
        self.datetime = datetime.into();
        self
    }
}

/// What happened, in order.
#[derive(Clone, Debug)]
pub struct DescriptionTimeline {
    entries: Vec<TimelineEntry>,
}

impl DescriptionTimeline {
    /// These entries, in the order given.
    pub fn new(entries: impl IntoIterator<Item = TimelineEntry>) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

impl Render for DescriptionTimeline {
    fn render(&self) -> Markup {
        html! {
            @if self.entries.is_empty() { p { "Nothing has happened yet." } }
            @else {
                ol class="app-history" {
                    @for entry in &self.entries {
                        li class="app-history__entry" {
                            p class="app-history__when" {
                                @if entry.datetime.is_empty() { (entry.when) }
                                @else { time datetime=(entry.datetime) { (entry.when) } }
                                @if !entry.who.is_empty() { ", " (entry.who) }
                            }
                            @match &entry.what {
                                Content::Html(markup) => (markup),
                                Content::Text(text) => p class="app-history__what" { (text) },
                            }
                            @if !entry.reason.is_empty() {
                                p class="app-history__reason" { "Reason: " (entry.reason) }
                            }
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

    #[test]
    fn tells_who_when_what_and_why_in_the_order_given() {
        let html = DescriptionTimeline::new([
            TimelineEntry::new("2 January 2009", "Opened").by("Ada Example"),
            TimelineEntry::new("1 January 2009", "Sealed").because("<late>"),
        ])
        .render()
        .0;
        assert!(html.find("Opened") < html.find("Sealed"));
        assert!(html.contains("2 January 2009, Ada Example"));
        assert!(html.contains("Reason: &lt;late&gt;"));
    }
}
