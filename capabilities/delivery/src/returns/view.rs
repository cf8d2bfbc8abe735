//! A return's content as a page shows it: every number with the link it is followed back by, every picture with its table. It knows no form and no state.

use hiec_charts::{Look, Size, assurance_svg, variation_svg};
use hiec_kernel::clock::day_on_page;
use hiec_web::components::{Cell, Column, Details, Table, Tag, TagColour};
use maud::{Markup, PreEscaped, html};

use super::content::{Content, KpiLine, MoneyLines, Sums};
use super::drawing_up::Correction;
use super::rules::weight_met;
use crate::kpis::rules::{RAG_RULE, Rag};

/// The colour of a value as a tag with its word.
pub(crate) fn rag_tag(rag: Rag) -> Tag {
    Tag::new(rag.word()).colour(match rag {
        Rag::Green => TagColour::Green,
        Rag::Amber => TagColour::Yellow,
        Rag::Red => TagColour::Red,
        Rag::NoFigure => TagColour::Grey,
    })
}

/// The quarter at a glance: how many targets are met, what was spent, which risks are high.
pub(super) fn glance(content: &Content) -> Markup {
    let (met, all) = weight_met(&content.kpis);
    let green = content.kpis.iter().filter(|kpi| kpi.rag == Rag::Green).count();
    let high = content.risks.iter().filter(|risk| risk.after >= HIGH_RISK).count();
    html! {
        dl.nhsuk-summary-list {
            (row("Targets met", html! { (green) " of " (content.kpis.len()) " indicators, with " (met) " of " (all) " weight" }))
            @if let Some(sums) = &content.money.quarter {
                (row("Money in the quarter", html! {
                    a href=(content.money.path) { (sums.actual) " spent" } " of " (sums.budget) " budgeted; " (sums.forecast) " forecast"
                }))
            }
            (row("Risks", html! { (high) " of " (content.risks.len()) " high after what is done about them (" (HIGH_RISK) " and more of 25)" }))
            (row("Principles", match content.breaches.len() {
                0 => html! { "All met" },
                1 => html! { "1 not met" },
                more => html! { (more) " not met" },
            }))
        }
    }
}

/// From this score on, likelihood × impact after what is done, a risk is called high.
pub(super) const HIGH_RISK: u8 = 15;

/// A line of a summary list.
pub(crate) fn row(key: &str, value: Markup) -> Markup {
    html! {
        div.nhsuk-summary-list__row {
            dt.nhsuk-summary-list__key { (key) }
            dd.nhsuk-summary-list__value { (value) }
        }
    }
}

/// The table of icons: one row an indicator.
pub(super) fn icon_table(content: &Content) -> Markup {
    html! {
        (Table::new("Indicators at a glance")
            .head([
                Column::new("Indicator"),
                Column::numeric("Value"),
                Column::numeric("Target"),
                Column::new("Stands"),
                Column::new("Variation"),
                Column::new("Can the target be met?"),
                Column::numeric("Weight"),
            ])
            .first_cell_is_header(true)
            .rows(content.kpis.iter().map(|kpi| [
                Cell::new(html! { a href={ "#" (anchor(kpi)) } { (kpi.name) } }),
                Cell::new(value(kpi)),
                Cell::numeric(format!("{} {}", kpi.better.label(), kpi.target_shown)),
                Cell::new(html! { (rag_tag(kpi.rag)) }),
                Cell::new(html! { @if let Some(icon) = kpi.variation() {
                    (PreEscaped(variation_svg(&format!("v-{}", kpi.kpi.simple()), icon, Look::on_page())))
                } @else { "Too few points" } }),
                Cell::new(html! { @if let Some(icon) = kpi.assurance() {
                    (PreEscaped(assurance_svg(&format!("a-{}", kpi.kpi.simple()), icon, kpi.direction(), Look::on_page())))
                } @else { "Not judged" } }),
                Cell::numeric(kpi.weight),
            ])))
        p.app-source { (RAG_RULE) }
    }
}

fn value(kpi: &KpiLine) -> Markup {
    html! {
        @if kpi.shown.is_empty() { "No figure" }
        @else if kpi.path.is_empty() { (kpi.shown) " (no evidence link: this will not be published)" }
        @else { a href=(kpi.path) { (kpi.shown) } }
    }
}

/// Where an indicator's own part begins on the page.
pub(super) fn anchor(kpi: &KpiLine) -> String {
    format!("kpi-{}", kpi.kpi)
}

/// One indicator: figures, chart with its table, and what is said to it.
pub(super) fn indicator(kpi: &KpiLine, corrections: &[Correction]) -> Markup {
    html! {
        h3 id=(anchor(kpi)) { (kpi.name) " " (rag_tag(kpi.rag)) }
        p {
            strong { (value(kpi)) }
            @if !kpi.period.is_empty() { ", " (kpi.period) }
            ". Target: " (kpi.better.label()) " " (kpi.target_shown) "."
            @if !kpi.baseline_shown.is_empty() { " Baseline: " (kpi.baseline_shown) "." }
        }
        (corrected(corrections.iter().filter(|one| one.line == kpi.kpi.to_string())))
        p { (kpi.trend) }
        @if let Some(chart) = kpi.chart() {
            (PreEscaped(chart.svg(Size::Wide, Look { has_head: false, ..Look::on_page() })))
            (Details { summary: "Figures of the chart".into(), text: chart.table().into(), ..Details::default() })
        }
        @if !kpi.path.is_empty() {
            p { "Evidence: " a href=(kpi.path) { (if kpi.measure.is_empty() { "the measure" } else { kpi.measure.as_str() }) } ", with its figures, entries and sites." }
        }
        @if !kpi.narrative.is_empty() { @for paragraph in kpi.narrative.split("\n\n") { p { (paragraph) } } }
    }
}

/// What reads otherwise now than when it was signed.
pub(super) fn corrected<'a>(corrections: impl Iterator<Item = &'a Correction>) -> Markup {
    html! {
        @for one in corrections {
            div.nhsuk-inset-text {
                p {
                    strong { (one.happened()) ". " }
                    (one.name) ": signed " (one.signed) ", reads " a href=(one.path) { (one.now) } " now. The return stays as it was signed."
                }
            }
        }
    }
}

pub(super) fn money(money: &MoneyLines) -> Markup {
    let cell = |sums: Option<Sums>, place: usize| {
        let shown = sums.and_then(|sums| sums.named().get(place).map(|(_, sum)| sum.to_string()));
        Cell::numeric(shown.unwrap_or_else(|| "Not published".to_owned()))
    };
    let rows = Sums::default().named().into_iter().enumerate();
    html! {
        (Table::new("Budget, actual and forecast")
            .head([Column::new("Money"), Column::numeric("In the quarter"), Column::numeric("Over the whole term")])
            .first_cell_is_header(true)
            .rows(rows.map(|(place, (name, _))| [Cell::new(name), cell(money.quarter, place), cell(money.term, place)])))
        @if !money.path.is_empty() { p { "Evidence: " a href=(money.path) { "the cluster’s money" } ", line by line." } }
    }
}

pub(super) fn projects(content: &Content) -> Markup {
    html! {
        @if content.projects.is_empty() {
            p { "No project had begun by the end of the quarter." }
        } @else {
            (Table::new("Projects, and milestones of the quarter")
                .head([Column::new("Project"), Column::new("Pathway"), Column::new("Stands"), Column::new("Milestones")])
                .first_cell_is_header(true)
                .rows(content.projects.iter().map(|project| [
                    Cell::link(project.name.as_str(), project.path.as_str()),
                    Cell::new(project.pathway.as_str()),
                    Cell::new(html! { strong { (project.status) } ". " (project.reason) }),
                    Cell::new(html! {
                        @if project.milestones.is_empty() { "None due" }
                        @for (at, one) in project.milestones.iter().enumerate() {
                            @if at > 0 { br; }
                            (one.name) " (due " (day_on_page(one.due)) "): " (one.stands)
                        }
                    }),
                ])))
        }
    }
}

pub(super) fn risks(content: &Content) -> Markup {
    html! {
        @if content.risks.is_empty() {
            p { "No risk is on the register." }
        } @else {
            (Table::new("Risks: likelihood × impact, 1 to 25, before and after what is done")
                .head([Column::new("Risk"), Column::numeric("Before"), Column::numeric("After"), Column::new("Owner")])
                .first_cell_is_header(true)
                .rows(content.risks.iter().map(|risk| [
                    Cell::link(risk.title.as_str(), risk.path.as_str()),
                    Cell::numeric(risk.before),
                    Cell::numeric(risk.after),
                    Cell::new(risk.owner.as_str()),
                ])))
        }
        @if content.breaches.is_empty() {
            p { "Every principle of the call is met." }
        } @else {
            h3 { "Principles that are not met" }
            ul { @for breach in &content.breaches { li { strong { (breach.principle) } ": " (breach.why) } } }
        }
    }
}
