//! A chart's figures as an HTML table, to stand beside the picture; it shows every point and every gap.

use maud::{Markup, html};

use super::model::{ControlChart, Kind, Point, period};

impl ControlChart {
    /// The figures in a table, with row headers; columns that would be empty are left out.
    #[must_use]
    pub fn table(&self) -> Markup {
        let (grain, decimals) = (self.grain(), self.decimals());
        let figure = |value: Option<f64>| value.map(|value| self.unit.figure(value, decimals)).unwrap_or_default();
        let target = self.target.map(|target| self.unit.figure(target, self.unit.exact(target))).unwrap_or_default();
        let has = |of: fn(&Point) -> Option<f64>| self.points.iter().any(|point| of(point).is_some());
        let (has_centre, has_lower, has_upper) =
            (has(|point| point.centre), has(|point| point.lower), has(|point| point.upper));
        let is_judged = self.points.iter().any(|point| point.kind != Kind::Common || !point.why.is_empty());
        html! {
            table class="hc-table" {
                caption { "Figures: " (self.title) }
                thead {
                    tr {
                        th scope="col" { @if self.dates().is_empty() { "Row" } @else { "Period" } }
                        th scope="col" class="hc-number" { "Value" }
                        @if has_centre { th scope="col" class="hc-number" { (self.centre.name()) } }
                        @if has_lower { th scope="col" class="hc-number" { "Lower limit" } }
                        @if has_upper { th scope="col" class="hc-number" { "Upper limit" } }
                        @if self.target.is_some() { th scope="col" class="hc-number" { "Target" } }
                        @if is_judged { th scope="col" { "What it says" } }
                    }
                }
                tbody {
                    @for point in &self.points {
                        tr {
                            th scope="row" { (period(grain, point.when)) }
                            td class="hc-number" { @if point.value.is_some() { (figure(point.value)) } @else { "no value" } }
                            @if has_centre { td class="hc-number" { (figure(point.centre)) } }
                            @if has_lower { td class="hc-number" { (figure(point.lower)) } }
                            @if has_upper { td class="hc-number" { (figure(point.upper)) } }
                            @if self.target.is_some() { td class="hc-number" { (target) } }
                            @if is_judged { td { (says(point)) } }
                        }
                    }
                }
            }
        }
    }
}

fn says(point: &Point) -> String {
    match (point.value, point.why.as_str()) {
        (None, _) => String::new(),
        (Some(_), "") => point.kind.words().to_owned(),
        (Some(_), why) => format!("{}: {why}", point.kind.words()),
    }
}
