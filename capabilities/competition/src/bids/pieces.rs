//! Small parts that several pages of bids and partnerships show; they decide nothing.

use hiec_kernel::Money;
use hiec_web::Errors;
use hiec_web::components::{ErrorSummary, Table, Tag, TagColour};
use maud::{Markup, html};

use super::store::Bid;
use crate::partnerships::principles::{Finding, Verdict};

/// The summary on top of a form with mistakes, each leading to its field.
pub(crate) fn error_summary(errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| (error.field.as_str(), error.message.as_str()))))
        }
    }
}

/// Says that something is made up.
pub(crate) fn illustrative(holds: bool) -> Markup {
    html! { @if holds { " " span.app-illustrative { "illustrative" } } }
}

pub(crate) fn tag(text: &str, colour: TagColour) -> Tag {
    Tag::new(text).colour(colour)
}

pub(crate) fn verdict_tag(verdict: Verdict) -> Tag {
    let colour = match verdict {
        Verdict::Met => TagColour::Green,
        Verdict::NotMet => TagColour::Red,
        Verdict::Unclear => TagColour::Yellow,
    };
    tag(verdict.label(), colour)
}

/// The principle check in one table, beside what is written; the whole stands on its own page.
pub(crate) fn principle_summary(bid: &Bid, findings: &[Finding]) -> Markup {
    let table = Table::new("Principle check")
        .head(["Principle", "So far"])
        .rows(findings.iter().map(|finding| [html! { (finding.name) }, html! { (verdict_tag(finding.verdict)) }]));
    html! {
        (table)
        p { a href={ (bid.path()) "/principles" } { "See why, and what would mend it" } }
    }
}

/// An amount, or nothing said where there is none.
pub(crate) fn amount(amount: Money) -> String {
    if amount == Money::ZERO { "None".to_owned() } else { amount.to_string() }
}

/// "1 day", "2 days".
pub(crate) fn count(number: usize, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}
