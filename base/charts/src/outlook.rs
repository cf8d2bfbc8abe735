//! How many there will be, year by year: the expected number with its band, what is asked for, another course beside it, and the
//! year in which a change made now first shows. It reckons nothing itself.

use maud::{Markup, html};

use crate::axis::unit::Unit;
use crate::axis::values::Scale;
use crate::control::Size;
use crate::head::{Measures, begun, draw_source, ended};
use crate::lettering::width;
use crate::placing::apart;
use crate::scene::{Anchor, Scene, Words};
use crate::svg::{Cover, Look, written};
use crate::theme::Ink;

/// A picture of years to come, ready to be drawn. Years stand in order.
#[derive(Clone, Debug, Default)]
pub struct OutlookChart {
    /// Begins the ids in the picture; unique on a page.
    pub id: String,
    pub title: String,
    pub subtitle: String,
    /// What to make of it; under the title, and for those who do not see the picture.
    pub reading: String,
    /// What is counted.
    pub unit: String,
    pub years: Vec<OutlookYear>,
    /// What `asked` is called.
    pub asked_name: String,
    /// What `other` is called.
    pub other_name: String,
    /// The year in which a change made now first shows, and words for it.
    pub shows: Option<(i32, String)>,
    pub source: String,
}

/// A year: what is expected, where it may lie, what is asked for, and what another course would give.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OutlookYear {
    pub year: i32,
    pub expected: f64,
    pub band: Option<(f64, f64)>,
    pub asked: Option<f64>,
    pub other: Option<f64>,
}

impl OutlookChart {
    /// The picture as one `svg` element.
    #[must_use]
    pub fn svg(&self, size: Size, look: Look) -> String {
        let cover = Cover { id: &self.id, title: &self.title, description: &self.reading, look };
        written(&self.scene(size, look.has_head), cover)
    }

    /// The same in a table, by year.
    #[must_use]
    pub fn table(&self) -> Markup {
        let shown = |number: Option<f64>| number.map(figure).unwrap_or_default();
        let has = |of: fn(&OutlookYear) -> bool| self.years.iter().any(of);
        let (has_band, has_asked, has_other) =
            (has(|one| one.band.is_some()), has(|one| one.asked.is_some()), has(|one| one.other.is_some()));
        html! {
            table class="hc-table" {
                caption { "Figures: " (self.title) }
                thead { tr {
                    th scope="col" { "Year" }
                    th scope="col" class="hc-number" { "Expected" }
                    @if has_band { th scope="col" class="hc-number" { "Between" } }
                    @if has_asked {
                        th scope="col" class="hc-number" { (self.asked_name) }
                        th scope="col" class="hc-number" { "Missing" }
                    }
                    @if has_other { th scope="col" class="hc-number" { (self.other_name) } }
                } }
                tbody { @for one in &self.years { tr {
                    th scope="row" { (one.year) @if self.shows.as_ref().is_some_and(|(year, _)| *year == one.year) { " (a change made now first shows)" } }
                    td class="hc-number" { (figure(one.expected)) }
                    @if has_band { td class="hc-number" { @if let Some((low, high)) = one.band { (figure(low)) " to " (figure(high)) } } }
                    @if has_asked {
                        td class="hc-number" { (shown(one.asked)) }
                        td class="hc-number" { (shown(one.asked.map(|asked| asked - one.expected))) }
                    }
                    @if has_other { td class="hc-number" { (shown(one.other)) } }
                } } }
            }
        }
    }

    pub(crate) fn scene(&self, size: Size, has_head: bool) -> Scene {
        let (mut scene, measures, top) = begun(size, has_head, [&self.title, &self.subtitle, &self.reading]);
        // Above the plot: the unit, and below it the words of the mark.
        let top = top + measures.small * 3.4;
        let ends = self.ends();
        let gutter = ends.iter().map(|(words, _, _)| width(words, measures.small, false)).fold(0.0, f64::max) + 22.0;
        let plot = Plot::new(self, &measures, top, gutter);
        plot.draw_axes(&mut scene, self, &measures);
        self.draw_lines(&mut scene, &plot);
        plot.draw_ends(&mut scene, &ends, &measures);
        let mut y = plot.bottom + measures.small * 2.6 + 14.0;
        y = self.draw_key(&mut scene, y, &measures);
        y = draw_source(&mut scene, &self.source, y + 2.0, &measures);
        ended(scene, y)
    }

    /// What stands beside the right ends of the lines.
    fn ends(&self) -> Vec<(String, f64, Ink)> {
        let Some(last) = self.years.last() else { return Vec::new() };
        let mut ends = vec![(figure(last.expected), last.expected, Ink::Words)];
        ends.extend(last.asked.map(|asked| (format!("Asked {}", figure(asked)), asked, Ink::TargetWords)));
        ends.extend(last.other.map(|other| (format!("Changed {}", figure(other)), other, Ink::Words)));
        ends.retain(|(_, value, _)| value.is_finite());
        ends
    }

    fn draw_lines(&self, scene: &mut Scene, plot: &Plot) {
        let line = |of: &dyn Fn(&OutlookYear) -> Option<f64>| -> Vec<(f64, f64)> {
            self.years.iter().filter_map(|one| Some((plot.x(one.year), plot.up.at(of(one)?)))).collect()
        };
        if let Some((year, _)) = &self.shows
            && self.years.iter().any(|one| one.year == *year)
        {
            scene.line(Ink::Inner, [(plot.x(*year), plot.top), (plot.x(*year), plot.bottom)]);
        }
        scene.line(Ink::Limit, line(&|one| one.band.map(|(low, _)| low)));
        scene.line(Ink::Limit, line(&|one| one.band.map(|(_, high)| high)));
        scene.line(Ink::Target, line(&|one| one.asked));
        scene.line(Ink::Event, line(&|one| one.other));
        scene.line(Ink::Mean, line(&|one| Some(one.expected)));
    }

    fn draw_key(&self, scene: &mut Scene, top: f64, measures: &Measures) -> f64 {
        let has = |of: fn(&OutlookYear) -> bool| self.years.iter().any(of);
        let entries = [
            (true, Ink::Mean, "Expected"),
            (has(|one| one.band.is_some()), Ink::Limit, "Band of the doubtful inputs"),
            (has(|one| one.asked.is_some()), Ink::Target, self.asked_name.as_str()),
            (has(|one| one.other.is_some()), Ink::Event, self.other_name.as_str()),
            (self.shows.is_some(), Ink::Inner, "A change made now first shows"),
        ];
        let (mut x, mut y) = (measures.margin, top);
        let room = (measures.width - 2.0 * measures.margin - 34.0).max(40.0);
        for (_, ink, words) in entries.into_iter().filter(|(is_there, _, _)| *is_there) {
            let Some(words) = crate::lettering::wrapped(words, room, measures.small, false, 1).into_iter().next()
            else {
                continue;
            };
            let entry = 34.0 + width(&words, measures.small, false);
            if x > measures.margin && x + entry > measures.width - measures.margin {
                (x, y) = (measures.margin, y + measures.small * 1.6);
            }
            let line = y - measures.small * 0.34;
            scene.line(ink, [(x, line), (x + 26.0, line)]);
            scene.words(Ink::Quiet, Words::new(words, (x + 32.0, y), measures.small));
            x += entry + 20.0;
        }
        y + measures.small * 1.6
    }
}

fn figure(value: f64) -> String {
    Unit::Plain.figure(value, 1)
}

/// The plot's box and its two axes.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    up: Scale,
    first: i32,
    span: f64,
    values: Vec<(f64, String)>,
}

impl Plot {
    fn new(chart: &OutlookChart, measures: &Measures, top: f64, gutter: f64) -> Self {
        let bottom = top + measures.plot_height;
        let of_year = |one: &OutlookYear| {
            let (low, high) = one.band.unwrap_or((one.expected, one.expected));
            [one.expected, low, high, one.asked.unwrap_or(one.expected), one.other.unwrap_or(one.expected)]
        };
        let up = Scale::holding(chart.years.iter().flat_map(of_year), top, bottom);
        let (ticks, step) = up.ticks(&Unit::Plain, 6);
        let decimals = Unit::Plain.decimals(step);
        let values: Vec<(f64, String)> =
            // Nobody is fewer than none.
            ticks.into_iter().filter(|tick| *tick >= 0.0).map(|tick| (up.at(tick), Unit::Plain.figure(tick, decimals))).collect();
        let widest = values.iter().map(|(_, words)| width(words, measures.small, false)).fold(0.0, f64::max);
        let left = measures.margin + widest.min(measures.width * 0.35) + 9.0;
        let right = (measures.width - measures.margin - gutter).max(left + measures.width * 0.15);
        let first = chart.years.first().map_or(0, |one| one.year);
        let last = chart.years.last().map_or(0, |one| one.year);
        let span = (f64::from(last) - f64::from(first)).max(1.0);
        Self { left, right, top, bottom, up, first, span, values }
    }

    fn x(&self, year: i32) -> f64 {
        let share = (f64::from(year) - f64::from(self.first)) / self.span;
        self.left + 6.0 + share.clamp(0.0, 1.0) * (self.right - self.left - 12.0)
    }

    fn draw_axes(&self, scene: &mut Scene, chart: &OutlookChart, measures: &Measures) {
        let size = measures.small;
        for (y, words) in &self.values {
            scene.line(Ink::Grid, [(self.left, *y), (self.right, *y)]);
            let at = (self.left - 8.0, y + size * 0.34);
            scene.words(Ink::Quiet, Words::new(words.as_str(), at, size).anchored(Anchor::End));
        }
        let room = self.right - self.left;
        if let Some(line) = crate::lettering::wrapped(&chart.unit, room, size, false, 1).into_iter().next() {
            scene.words(Ink::Quiet, Words::new(line, (self.left, self.top - size * 2.3), size));
        }
        if let Some((year, words)) = &chart.shows
            && chart.years.iter().any(|one| one.year == *year)
            && let Some(words) = crate::lettering::wrapped(words, room, size, false, 1).into_iter().next()
        {
            let half = width(&words, size, false) / 2.0;
            let x = self.x(*year).max(self.left + half).min((self.right - half).max(self.left + half));
            scene.words(Ink::Words, Words::new(words, (x, self.top - size * 0.6), size).anchored(Anchor::Middle));
        }
        scene.line(Ink::Axis, [(self.left, self.bottom), (self.right, self.bottom)]);
        // As many years as stand apart.
        let mut free = f64::NEG_INFINITY;
        for one in &chart.years {
            let (x, half) = (self.x(one.year), width(&one.year.to_string(), size, false) / 2.0);
            if x - half < free || x - half < 0.0 || x + half > measures.width {
                continue;
            }
            free = x + half + size * 0.8;
            scene.line(Ink::Axis, [(x, self.bottom), (x, self.bottom + 5.0)]);
            let at = (x, self.bottom + 11.0 + size);
            scene.words(Ink::Quiet, Words::new(one.year.to_string(), at, size).anchored(Anchor::Middle));
        }
    }

    fn draw_ends(&self, scene: &mut Scene, ends: &[(String, f64, Ink)], measures: &Measures) {
        let size = measures.small;
        let wanted: Vec<f64> = ends.iter().map(|(_, value, _)| self.up.at(*value)).collect();
        let places = apart(&wanted, size * 1.3, self.top, self.bottom);
        for (((words, _, ink), wish), place) in ends.iter().zip(&wanted).zip(&places) {
            if (wish - place).abs() > 1.5 {
                let (from, to) = (self.right + 3.0, self.right + 11.0);
                scene.line(Ink::Leader, [(from, *wish), (from + 3.0, *wish), (to, *place)]);
            }
            scene.words(*ink, Words::new(words.as_str(), (self.right + 16.0, place + size * 0.34), size));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chart(numbers: Vec<(f64, f64, f64)>, shows: Option<i32>) -> OutlookChart {
        let year = |(year, (expected, half, asked)): (i32, (f64, f64, f64))| OutlookYear {
            year,
            expected,
            band: Some((expected - half, expected + half)),
            asked: Some(asked),
            other: Some(expected * 1.1),
        };
        OutlookChart {
            id: "o".into(),
            title: "General practice".into(),
            subtitle: "Whole-time equivalents".into(),
            reading: "31.9 more than the demand in 2041.".into(),
            unit: "whole-time equivalents".into(),
            years: (2026..).zip(numbers).map(year).collect(),
            asked_name: "Population grows".into(),
            other_name: "With 20 posts moved".into(),
            shows: shows.map(|year| (year, format!("A change made in 2026 first shows in {year}"))),
            source: "Illustrative".into(),
        }
    }

    fn assert_tidy(chart: &OutlookChart) {
        for size in [Size::Wide, Size::Paper, Size::Narrow] {
            let scene = chart.scene(size, true);
            let words: Vec<&Words> = scene.all_words().collect();
            for (at, one) in words.iter().enumerate() {
                let [left, top, right, bottom] = one.bounds();
                let is_within = left >= -0.01 && top >= 0.0 && right <= scene.width + 0.01 && bottom <= scene.height;
                assert!(is_within, "{size:?} {one:?}");
                for other in &words[at + 1..] {
                    let [from, above, to, below] = other.bounds();
                    let touch = left < to - 0.01 && from < right - 0.01 && top < below - 0.01 && above < bottom - 0.01;
                    assert!(!touch, "{size:?}: “{}” touches “{}”", one.text, other.text);
                }
            }
            roxmltree::Document::parse(&chart.svg(size, Look::alone())).unwrap();
        }
    }

    #[test]
    fn the_year_a_change_shows_is_marked_in_picture_and_table() {
        let chart = chart((0..16).map(|year| (490.0 + f64::from(year), 20.0, 520.0)).collect(), Some(2029));
        assert_tidy(&chart);
        let svg = chart.svg(Size::Wide, Look::alone());
        for words in ["A change made in 2026 first shows in 2029", "Population grows", "Asked 520", "Expected"] {
            assert!(svg.contains(words), "{words}");
        }
        assert!(chart.table().0.contains("2029 (a change made now first shows)"));
        assert!(chart.table().0.contains("470.0 to 510.0"));
    }

    #[test]
    fn nothing_is_no_accident() {
        assert_tidy(&chart(vec![], None));
        assert_tidy(&chart(vec![(0.0, 0.0, 0.0)], Some(2026)));
    }

    proptest! {
        #[test]
        fn any_years_are_tidy(
            numbers in prop::collection::vec((0.0..90_000.0_f64, 0.0..900.0_f64, 0.0..90_000.0_f64), 0..60),
            shows in prop::option::of(2020..2090_i32),
        ) {
            assert_tidy(&chart(numbers, shows));
        }
    }
}
