//! Small parts that several pages of measures show; they decide nothing.

use hiec_charts::{ControlChart, FunnelPlot, IconSheet, Look, Size, Theme};
use hiec_spc::xmr::{Assurance, Direction, Variation};
use hiec_web::Errors;
use hiec_web::components::{Cell, Column, ErrorItem, ErrorSummary, Format, Table};
use maud::{Markup, PreEscaped, html};

/// The summary on top of a form with mistakes, each leading to its field.
pub(crate) fn summary(errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| ErrorItem::for_field(&error.field, error.message.as_str()))))
        }
    }
}

/// Says that a measure's figures are made up.
pub(crate) fn illustrative(holds: bool) -> Markup {
    html! { @if holds { " " span.app-illustrative { "illustrative" } } }
}

/// The icons of a page, drawn once.
pub(crate) fn sheet() -> IconSheet {
    IconSheet::new("icon", Theme::Light)
}

/// The drawings behind the icons: once on the page, before the first.
pub(crate) fn drawings(sheet: &IconSheet) -> Markup {
    html! { (PreEscaped(sheet.drawings())) }
}

/// The two icons of a series, as far as it has them.
pub(crate) fn icons(
    sheet: &IconSheet,
    variation: Option<Variation>,
    assurance: Option<Assurance>,
    direction: Direction,
    size: f64,
) -> Markup {
    html! {
        @if let Some(icon) = variation { (PreEscaped(sheet.variation(icon, size))) }
        @if let Some(icon) = assurance { (PreEscaped(sheet.assurance(icon, direction, size))) }
    }
}

/// Charts inside a page leave their heads to it.
const INSIDE: Look = Look { theme: Theme::Light, has_style: false, has_head: false };

/// A chart for wide and narrow screens, with its figures in a table that opens.
pub(crate) fn chart(chart: &ControlChart) -> Markup {
    let mut narrow = chart.clone();
    narrow.id = format!("{}-narrow", chart.id);
    html! {
        figure.app-figure {
            div.app-figure--wide { (PreEscaped(chart.svg(Size::Wide, INSIDE))) }
            div.app-figure--narrow { (PreEscaped(narrow.svg(Size::Narrow, INSIDE))) }
        }
    }
}

/// The figures of a chart.
pub(crate) fn figures(chart: &ControlChart) -> Table {
    let figures = chart.figures();
    let head = figures.columns.iter().map(|column| match column.is_number {
        true => Column::numeric(column.heading),
        false => Column::new(column.heading),
    });
    let rows = figures.rows.into_iter().map(|row| {
        row.into_iter().zip(&figures.columns).map(|(cell, column)| match column.is_number {
            true => Cell::new(cell).format(Format::Numeric),
            false => Cell::new(cell),
        })
    });
    Table::new("Figures of the chart")
        .head(head.collect::<Vec<_>>())
        .rows(rows.map(Iterator::collect::<Vec<_>>))
        .first_cell_is_header(true)
}

/// A funnel for wide and narrow screens.
pub(crate) fn funnel(plot: &FunnelPlot) -> Markup {
    let mut narrow = plot.clone();
    narrow.id = format!("{}-narrow", plot.id);
    html! {
        figure.app-figure {
            div.app-figure--wide { (PreEscaped(plot.svg(Size::Wide, INSIDE))) }
            div.app-figure--narrow { (PreEscaped(narrow.svg(Size::Narrow, INSIDE))) }
        }
    }
}

/// A chart as small as a line of words.
pub(crate) fn sparkline(chart: &ControlChart) -> Markup {
    html! { (PreEscaped(chart.sparkline(INSIDE))) }
}

/// "1 site", "2 sites".
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
