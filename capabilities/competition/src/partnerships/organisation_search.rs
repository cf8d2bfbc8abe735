//! Finding organisations in the register by name or ODS code, for choosing partners; who may join is shown here and judged elsewhere.

use hiec_kernel::Problem;
use hiec_kernel::organisations::Organisation;
use hiec_store::{Reads, organisations};
use hiec_web::components::{Button, Input as TextInput, RadioItem, Radios};
use maud::{Markup, html};

use super::principles::may_join;
use crate::bids::pieces::illustrative;

/// Shown at most; a longer list asks for more words.
const MOST: i64 = 25;

/// What a search found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub organisations: Vec<Organisation>,
    pub is_cut: bool,
}

/// Searches; two letters at least, or nothing is found.
pub(super) async fn find(reads: &impl Reads, words: &str) -> Result<Found, Problem> {
    let words = words.trim();
    if words.chars().count() < 2 || words.chars().count() > 200 || words.contains('\0') {
        return Ok(Found::default());
    }
    let mut organisations = organisations::search(reads, words, MOST + 1).await?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let is_cut = organisations.len() > most;
    organisations.truncate(most);
    Ok(Found { organisations, is_cut })
}

/// The search field, as a form of its own; `carry` keeps what is typed elsewhere on the page.
pub(super) fn box_for(action: &str, label: &str, words: &str, error: Option<&str>, carry: &[(&str, &str)]) -> Markup {
    html! {
        form method="get" action=(action) role="search" {
            @for (name, value) in carry { @if !value.is_empty() { input type="hidden" name=(name) value=(value); } }
            (TextInput::new("find", label).hint("By name or ODS code, for example “Barts” or R1H").value(words).error_message(error))
            (Button::new("Search").secondary())
        }
    }
}

/// What was found, to choose one from. Organisations that commission education are shown and cannot be chosen.
pub(super) fn choice(name: &str, legend: &str, chosen: &str, found: &Found, citation: &str) -> Markup {
    if found.organisations.is_empty() {
        return html! {
            p { "No organisation of that name or code is in the register. Try fewer words, or ask the programme office to add it." }
        };
    }
    let (barred, free): (Vec<_>, Vec<_>) =
        found.organisations.iter().partition(|organisation| may_join(organisation).is_err());
    html! {
        @if !free.is_empty() {
            (Radios::new(name, legend).items(free.iter().map(|organisation| {
                RadioItem::new(organisation.id.to_string(), html! { (organisation.name) (illustrative(organisation.is_illustrative)) })
                    .hint(about(organisation))
            })).value(chosen))
        }
        @for organisation in &barred {
            p.nhsuk-inset-text { (organisation.name) " cannot be a partner: it commissions education, and no member of a cluster does." (citation) }
        }
        @if found.is_cut { p { "There are more. Type more of the name to narrow the list." } }
    }
}

/// Sector, settings, code: what tells two of one name apart.
pub(super) fn about(organisation: &Organisation) -> String {
    let mut parts = vec![organisation.sector.label().to_owned()];
    parts.extend(organisation.settings.iter().map(|s| s.label().to_owned()));
    if let Some(code) = &organisation.ods_code {
        parts.push(format!("ODS code {code}"));
    }
    if let Some(postcode) = &organisation.postcode {
        parts.push(postcode.clone());
    }
    parts.join(", ")
}
