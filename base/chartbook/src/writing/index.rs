//! The table of icons over all series: concerns first, with the number of alarms to expect by chance. It needs no script.

use hiec_charts::{Grain, IconSheet, Look, Theme};
use hiec_spc::xmr::{Assurance, PointKind, Variation};
use maud::{Markup, PreEscaped, html};

use super::style::document;
use super::{Book, CHARTS, Series};

const INSIDE: Look = Look { theme: Theme::Auto, has_style: false, has_head: false };

/// Groups of the table, in the order in which they deserve attention: a name for the address, and a heading.
const GROUPS: [(&str, &str); 6] = [
    ("concern", "Special cause: concern"),
    ("special", "Special cause, no better direction"),
    ("common", "Common cause"),
    ("improvement", "Special cause: improvement"),
    ("short", "Too few points for limits, or no variation"),
    ("ended", "No longer reporting"),
];

fn group(one: &Series) -> &'static str {
    if one.verdict.has_ended {
        return "ended";
    }
    match one.found.as_ref().and_then(|found| found.variation).map(Variation::kind) {
        Some(PointKind::Concern) => "concern",
        Some(PointKind::NeutralHigh | PointKind::NeutralLow) => "special",
        Some(PointKind::CommonCause) => "common",
        Some(PointKind::Improvement) => "improvement",
        None => "short",
    }
}

pub(super) fn index(book: &Book) -> Markup {
    let sheet = IconSheet::new("icon", Theme::Auto);
    let groups: Vec<(&str, &str, Vec<&Series>)> = GROUPS
        .into_iter()
        .map(|(id, heading)| (id, heading, book.series.iter().filter(|one| group(one) == id).collect::<Vec<_>>()))
        .filter(|(_, _, series)| !series.is_empty())
        .collect();
    let has_target = book.series.iter().any(|one| one.chart.target.is_some());
    let has_assurance = book.series.iter().any(|one| one.chart.assurance.is_some());
    let columns = if has_assurance { 8 } else { 7 };
    let content = html! {
        (PreEscaped(sheet.drawings()))
        h1 { (book.title) }
        p class="quiet" { (period(book)) }
        p { (book.alarms.words()) }
        (key(&sheet, book, has_target && has_assurance))
        nav aria-label="Groups" {
            ul { @for (id, heading, series) in &groups {
                li { a href=(format!("#{id}")) { (heading) } " (" (series.len()) ")" }
            } }
        }
        table class="index" {
            caption { "All series, those that deserve attention first" }
            thead { tr {
                th scope="col" { "Series" }
                th scope="col" { "Variation" }
                @if has_assurance { th scope="col" { "Assurance" } }
                th scope="col" class="hc-number" { "Last value" }
                th scope="col" class="hc-number" { "Mean" }
                th scope="col" class="hc-number" { "Limits" }
                th scope="col" { "Course" }
                th scope="col" { "What it says" }
            } }
            @for (id, heading, series) in &groups {
                tbody id=(id) {
                    tr { th scope="rowgroup" colspan=(columns) { (heading) " (" (series.len()) ")" } }
                    @for one in series { (row(book, one, &sheet, has_assurance)) }
                }
            }
        }
        h2 { "About this table" }
        ul {
            @for note in &book.notes { li { (capital(note)) "." } }
            @if !book.faults.is_empty() {
                li { (book.faults.len()) " rows could not be read: " a href="problems.csv" { "problems.csv" } " names them." }
            }
            li { "The figures: " a href="points.csv" { "points.csv" } ", " a href="summary.csv" { "summary.csv" } "." }
            @if !book.source.is_empty() { li { (book.source) } }
        }
    };
    document(&book.title, &content)
}

fn period(book: &Book) -> String {
    let first = book.series.iter().filter_map(|one| one.verdict.first).min();
    let last = book.series.iter().filter_map(|one| one.verdict.last).max();
    let days: Vec<_> = first.into_iter().chain(last).collect();
    let grain = book.series.first().map_or(Grain::Day, |one| one.chart.grain());
    let names: Vec<String> = days.iter().map(|day| grain.name(*day)).collect();
    let count = if book.series.len() == 1 { "1 series".to_owned() } else { format!("{} series", book.series.len()) };
    format!("{count}, {} rows, {}", hiec_charts::Unit::Plain.figure(book.rows as f64, 0), names.join(" to "))
}

fn key(sheet: &IconSheet, book: &Book, has_assurance: bool) -> Markup {
    let shown = |icon: &Variation| book.series.iter().any(|one| one.chart.variation == Some(*icon));
    let all = [
        Variation::ConcernHigh,
        Variation::ConcernLow,
        Variation::ImprovementHigh,
        Variation::ImprovementLow,
        Variation::NeutralHigh,
        Variation::NeutralLow,
        Variation::CommonCause,
    ];
    html! {
        details {
            summary { "What the icons mean" }
            ul class="icons" {
                @for icon in all.into_iter().filter(shown) {
                    li { (PreEscaped(sheet.variation(icon, 40.0))) span { (hiec_charts::variation_words(icon)) } }
                }
                @if has_assurance {
                    @for icon in [Assurance::Fail, Assurance::Inconsistent, Assurance::Pass] {
                        li { (PreEscaped(sheet.assurance(icon, book.direction, 40.0))) span { (hiec_charts::assurance_words(icon)) } }
                    }
                }
            }
        }
    }
}

fn row(book: &Book, one: &Series, sheet: &IconSheet, has_assurance: bool) -> Markup {
    let chart = &one.chart;
    let decimals = chart.decimals();
    let figure = |value: Option<f64>| value.map(|value| chart.unit.figure(value, decimals)).unwrap_or_default();
    let verdict = &one.verdict;
    let limits = match (verdict.lower_limit, verdict.upper_limit) {
        (Some(_), Some(_)) => format!("{} to {}", figure(verdict.lower_limit), figure(verdict.upper_limit)),
        _ => String::new(),
    };
    let last = verdict.last.map(|day| chart.grain().name(day)).unwrap_or_default();
    html! {
        tr {
            th scope="row" { a href=(format!("{CHARTS}/{}.html", one.file)) { (chart.title) } }
            td { @match chart.variation {
                Some(icon) => (PreEscaped(sheet.variation(icon, 44.0))),
                None => span class="quiet" { "none" },
            } }
            @if has_assurance {
                td { @match chart.assurance {
                    Some(icon) => (PreEscaped(sheet.assurance(icon, book.direction, 44.0))),
                    None => span class="quiet" { "none" },
                } }
            }
            td class="hc-number" data-label="Last" { (figure(verdict.last_value)) " " br; span class="quiet" { (last) } }
            td class="hc-number" data-label=(chart.centre.name()) { (figure(verdict.mean)) }
            td class="hc-number" data-label="Limits" { (limits) }
            td { (PreEscaped(chart.sparkline(INSIDE))) }
            td class="says" { (says(one)) }
        }
    }
}

/// What the icons do not say already: the rules that the last point breaks, or why there are no icons.
fn says(one: &Series) -> String {
    match (&one.found, one.verdict.signal.as_str()) {
        (Some(found), "") if found.variation.is_some() => "No signal in the last point.".to_owned(),
        (_, "") => one.verdict.explanation.clone(),
        (_, signal) => format!("{}.", capital(signal)),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
