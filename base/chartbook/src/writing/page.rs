//! The page of one series: what it says in words, the chart for wide and narrow screens, how the limits came about, and
//! every figure. It shows what the picture shows, to whoever does not see it.

use hiec_charts::{IconSheet, Look, Size, Theme};
use maud::{Markup, PreEscaped, html};

use super::style::document;
use super::{Book, Extras, Series};

/// Charts inside a page take its stylesheet and leave their heads to it.
const INSIDE: Look = Look { theme: Theme::Auto, has_style: false, has_head: false };

pub(super) fn page(book: &Book, one: &Series, extras: Extras) -> Markup {
    let sheet = IconSheet::new("icon", Theme::Auto);
    let mut narrow = one.chart.clone();
    narrow.id = format!("{}-narrow", one.chart.id);
    let title = &one.chart.title;
    let content = html! {
        nav { a href="../index.html" { "All series" } }
        (PreEscaped(sheet.drawings()))
        h1 { (title) }
        p class="quiet" { (one.chart.subtitle) }
        @if one.chart.variation.is_some() || one.chart.assurance.is_some() {
            ul class="icons" {
                @if let Some(icon) = one.chart.variation {
                    li { (PreEscaped(sheet.variation(icon, 56.0))) span { (hiec_charts::variation_words(icon)) } }
                }
                @if let Some(icon) = one.chart.assurance {
                    li { (PreEscaped(sheet.assurance(icon, book.direction, 56.0))) span { (hiec_charts::assurance_words(icon)) } }
                }
            }
        }
        p { (one.chart.reading) }
        @if one.verdict.has_ended { p { "This series stops before the others in the table do." } }
        figure {
            div class="wide" { (PreEscaped(one.chart.svg(Size::Wide, INSIDE))) }
            div class="narrow" { (PreEscaped(narrow.svg(Size::Narrow, INSIDE))) }
        }
        p class="files" {
            "The chart as a file: " a href=(format!("{}.svg", one.file)) { "SVG" }
            @if extras.has_png { ", " a href=(format!("{}.png", one.file)) { "PNG" } }
            @if extras.has_pdf { ", " a href=(format!("{}.pdf", one.file)) { "PDF" } }
            "."
        }
        @if let Some(found) = &one.found {
            h2 { "How mean and limits came about" }
            @for group in &found.groups { p { (found.working(group)) } }
        }
        h2 id="figures" { "Figures" }
        div class="scroll" role="region" aria-labelledby="figures" tabindex="0" { (one.chart.table()) }
    };
    document(&format!("{title} – {}", book.title), &content)
}
