//! Bar charts and histograms as plain SVG, each with the same figures in a table under it; the picture never stands alone.

use crate::components::{Cell, Column, Table};
use maud::{Markup, PreEscaped, Render, html};

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    pub label: String,
    /// Not below nought; what is not a number counts as nought.
    pub value: f64,
    /// The figure as the page writes it, with its unit.
    pub figure: String,
    /// Drawn grey, for instance below the floor; say why in `note`.
    pub is_muted: bool,
    /// More about this bar, for the table.
    pub note: String,
}

impl Bar {
    /// A bar of this length that reads `figure`.
    pub fn new(label: impl Into<String>, value: f64, figure: impl Into<String>) -> Self {
        Self { label: label.into(), value, figure: figure.into(), is_muted: false, note: String::new() }
    }

    /// Draws the bar grey and says why.
    #[must_use]
    pub fn muted(mut self, note: impl Into<String>) -> Self {
        self.is_muted = true;
        self.note = note.into();
        self
    }
}

/// Amounts side by side, as bars from the left.
#[derive(Clone, Debug)]
pub struct BarChart {
    /// Unique on the page; names the parts of the picture for screen readers.
    pub id: String,
    pub title: String,
    /// What the picture shows, in a sentence, for those who do not see it.
    pub description: String,
    /// Heads of the table: what is counted, and the figure.
    pub heads: (String, String),
    pub bars: Vec<Bar>,
}

/// Width of the picture, in its own units.
const WIDTH: f64 = 640.0;
/// Height of one bar with its label above it.
const ROW: f64 = 44.0;
/// Room for the figure to the right of the longest bar.
const FIGURE: f64 = 110.0;

impl Render for BarChart {
    fn render(&self) -> Markup {
        let largest = self.bars.iter().map(|bar| length(bar.value)).fold(0.0, f64::max);
        let picture = html! {
            @for (row, bar) in (0_u32..).zip(&self.bars) {
                @let top = f64::from(row) * ROW;
                @let width = share(length(bar.value), largest) * (WIDTH - FIGURE);
                text x="0" y=(figure(top + 14.0)) { (bar.label) }
                rect class=(bar_class(bar.is_muted)) x="0" y=(figure(top + 19.0)) width=(figure(width.max(1.0))) height="16" {}
                text x=(figure(width + 8.0)) y=(figure(top + 32.0)) { (bar.figure) }
            }
        };
        let height = f64::from(u32::try_from(self.bars.len()).unwrap_or(u32::MAX)) * ROW;
        let has_notes = self.bars.iter().any(|bar| !bar.note.is_empty());
        let mut head = vec![Column::new(self.heads.0.as_str()), Column::numeric(self.heads.1.as_str())];
        if has_notes {
            head.push(Column::new("Note"));
        }
        let rows = self.bars.iter().map(|bar| {
            let mut row = vec![Cell::new(bar.label.as_str()), Cell::numeric(&bar.figure)];
            if has_notes {
                row.push(Cell::new(bar.note.as_str()));
            }
            row
        });
        html! {
            (drawing(&self.id, &self.title, &self.description, height, picture))
            (Table::new(self.title.as_str()).head(head).rows(rows).first_cell_is_header(true).compact(true))
        }
    }
}

/// How often values fall into equal ranges, as bars from the bottom.
#[derive(Clone, Debug)]
pub struct Histogram {
    id: String,
    title: String,
    values: Vec<f64>,
    from: f64,
    step: f64,
    bins: u32,
    mark: Option<(f64, String)>,
    head: String,
}

impl Histogram {
    /// Counts `values` in `bins` ranges of width `step` beginning at `from`. A range holds its lower end and not its
    /// upper, but the last holds both. Values outside are told under the picture, not dropped in silence.
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        values: impl IntoIterator<Item = f64>,
        (from, step, bins): (f64, f64, u32),
    ) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            values: values.into_iter().collect(),
            from,
            step,
            bins,
            mark: None,
            head: "Range".to_owned(),
        }
    }

    /// Draws a line at a value, for instance the lowest funded score, and says what it is.
    #[must_use]
    pub fn mark(mut self, value: f64, label: impl Into<String>) -> Self {
        self.mark = Some((value, label.into()));
        self
    }

    /// What the ranges are ranges of: the first head of the table.
    #[must_use]
    pub fn head(mut self, head: impl Into<String>) -> Self {
        self.head = head.into();
        self
    }

    fn edge(&self, bin: u32) -> f64 {
        self.from + self.step * f64::from(bin)
    }

    /// Each range with its count.
    fn counts(&self) -> Vec<(f64, f64, u32)> {
        (0..self.bins)
            .map(|bin| {
                let (low, high) = (self.edge(bin), self.edge(bin + 1));
                let is_last = bin + 1 == self.bins;
                let within = |value: &&f64| **value >= low && (**value < high || (is_last && **value <= high));
                let count = self.values.iter().filter(within).count();
                (low, high, u32::try_from(count).unwrap_or(u32::MAX))
            })
            .collect()
    }
}

/// Height of the tallest bar of a histogram.
const TALLEST: f64 = 180.0;

impl Render for Histogram {
    fn render(&self) -> Markup {
        let counts = self.counts();
        let largest = counts.iter().map(|(_, _, count)| f64::from(*count)).fold(0.0, f64::max);
        let inside: u64 = counts.iter().map(|(_, _, count)| u64::from(*count)).sum();
        let outside = u64::try_from(self.values.len()).unwrap_or(u64::MAX).saturating_sub(inside);
        let slot = (WIDTH - 40.0) / f64::from(self.bins.max(1));
        let at = |value: f64| 20.0 + share(value - self.from, self.step * f64::from(self.bins)) * (WIDTH - 40.0);
        let base = TALLEST + 40.0;
        let picture = html! {
            @for (low, _, count) in &counts {
                @let height = share(f64::from(*count), largest) * TALLEST;
                @if *count > 0 {
                    rect class="app-bar" x=(figure(at(*low) + 1.0)) y=(figure(base - height)) width=(figure((slot - 2.0).max(1.0))) height=(figure(height)) {}
                    text class="app-chart__middle" x=(figure(at(*low) + slot / 2.0)) y=(figure(base - height - 4.0)) { (count) }
                }
                text class="app-chart__middle" x=(figure(at(*low))) y=(figure(base + 18.0)) { (figure(*low)) }
            }
            text class="app-chart__middle" x=(figure(at(self.edge(self.bins)))) y=(figure(base + 18.0)) { (figure(self.edge(self.bins))) }
            line class="app-axis" x1="20" y1=(figure(base)) x2=(figure(WIDTH - 20.0)) y2=(figure(base)) {}
            @if let Some((value, label)) = &self.mark {
                line class="app-chart__mark" x1=(figure(at(*value))) y1="16" x2=(figure(at(*value))) y2=(figure(base)) {}
                text class=(if at(*value) > WIDTH / 2.0 { "app-chart__end" } else { "app-chart__start" })
                    x=(figure(at(*value))) y="12" { (label) }
            }
        };
        let words = format!(
            "{} values in {} ranges{}.",
            inside,
            self.bins,
            self.mark.as_ref().map(|(_, label)| format!("; a line marks {label}")).unwrap_or_default()
        );
        let rows = counts.iter().map(|(low, high, count)| {
            vec![Cell::new(format!("{} to {}", figure(*low), figure(*high))), Cell::numeric(count)]
        });
        html! {
            (drawing(&self.id, &self.title, &words, base + 30.0, picture))
            @if outside > 0 {
                p { (outside) " outside " (figure(self.from)) " to " (figure(self.edge(self.bins))) " not drawn." }
            }
            (Table::new(self.title.as_str())
                .head([Column::new(self.head.as_str()), Column::numeric("How many")])
                .rows(rows)
                .first_cell_is_header(true)
                .compact(true))
        }
    }
}

fn drawing(id: &str, title: &str, description: &str, height: f64, picture: Markup) -> Markup {
    html! {
        svg class="app-chart" viewBox=(format!("0 0 {WIDTH} {}", figure(height))) role="img"
            aria-labelledby=(format!("{id}-title {id}-description")) focusable="false" {
            title id=(format!("{id}-title")) { (title) }
            desc id=(format!("{id}-description")) { (description) }
            (PreEscaped(picture.0))
        }
    }
}

fn bar_class(is_muted: bool) -> &'static str {
    if is_muted { "app-bar app-bar--below" } else { "app-bar" }
}

fn length(value: f64) -> f64 {
    if value.is_finite() { value.max(0.0) } else { 0.0 }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// A number with at most two decimals and no trailing noughts.
fn figure(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_lower_end_and_the_last_both() {
        let histogram = Histogram::new("h", "Scores", [0.0, 10.0, 19.9, 20.0, 25.0], (0.0, 10.0, 2));
        let counts: Vec<u32> = histogram.counts().iter().map(|(_, _, count)| *count).collect();
        assert_eq!(counts, [1, 3]);
        assert!(histogram.render().0.contains("1 outside 0 to 20 not drawn."));
    }

    #[test]
    fn bars_are_in_proportion_and_bad_numbers_are_nought() {
        let chart = BarChart {
            id: "c".to_owned(),
            title: "Money".to_owned(),
            description: "Money by region.".to_owned(),
            heads: ("Region".to_owned(), "Money".to_owned()),
            bars: vec![Bar::new("A", 10.0, "£10"), Bar::new("B", 5.0, "£5"), Bar::new("C", f64::NAN, "?")],
        };
        let html = chart.render().0;
        assert!(html.contains("width=\"530\""));
        assert!(html.contains("width=\"265\""));
        assert!(html.contains("width=\"1\""));
        assert!(!html.contains("NaN") && !html.contains("style="));
    }

    #[test]
    fn an_empty_chart_is_no_accident() {
        let html = Histogram::new("h", "Scores", [], (0.0, 10.0, 10)).render().0;
        assert!(!html.contains("NaN") && !html.contains("inf"));
    }

    #[test]
    fn labels_are_escaped() {
        let chart = BarChart {
            id: "c".to_owned(),
            title: "<script>".to_owned(),
            description: String::new(),
            heads: ("A".to_owned(), "B".to_owned()),
            bars: vec![Bar::new("<b>", 1.0, "<i>")],
        };
        let html = chart.render().0;
        assert!(!html.contains("<script>") && !html.contains("<b>") && !html.contains("<i>"));
    }
}
