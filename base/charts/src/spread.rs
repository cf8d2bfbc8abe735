//! How an innovation spreads: sites that adopted it as steps, those that use it now, what was planned and what is forecast,
//! along one axis of time. It fits no curve itself.

use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};

use crate::axis::dates::{self, Tick};
use crate::axis::unit::Unit;
use crate::axis::values::Scale;
use crate::control::Size;
use crate::head::{Measures, begun, draw_source, ended};
use crate::lettering::width;
use crate::placing::apart;
use crate::scene::{Anchor, Place, Scene, Shape, Thing, Words};
use crate::svg::{Cover, Look, written};
use crate::theme::Ink;

/// A picture of spread, ready to be drawn. Days stand in order.
#[derive(Clone, Debug, Default)]
pub struct SpreadChart {
    /// Begins the ids in the picture; unique on a page.
    pub id: String,
    pub title: String,
    pub subtitle: String,
    /// What to make of it; under the title, and for those who do not see the picture.
    pub reading: String,
    /// What is counted, such as sites.
    pub unit: String,
    /// Sites that ever adopted it, by the end of each period.
    pub adopted: Vec<(NaiveDate, f64)>,
    /// Sites that use it, by the end of each period; drawn only where they differ from those that ever adopted.
    pub in_use: Vec<(NaiveDate, f64)>,
    /// What was planned by when.
    pub plan: Vec<(NaiveDate, f64)>,
    pub forecast: Vec<SpreadForecast>,
    /// How many could.
    pub eligible: f64,
    pub source: String,
}

/// What is expected by a day, and the band around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpreadForecast {
    pub day: NaiveDate,
    pub expected: f64,
    pub low: f64,
    pub high: f64,
}

const SIGN: f64 = 4.0;

impl SpreadChart {
    /// The picture as one `svg` element.
    #[must_use]
    pub fn svg(&self, size: Size, look: Look) -> String {
        let cover = Cover { id: &self.id, title: &self.title, description: &self.reading, look };
        written(&self.scene(size, look.has_head), cover)
    }

    /// The same in a table, by day.
    #[must_use]
    pub fn table(&self) -> Markup {
        let mut days: Vec<NaiveDate> = self.days();
        days.sort_unstable();
        days.dedup();
        let at = |series: &[(NaiveDate, f64)], day: NaiveDate| {
            series.iter().find(|(on, _)| *on == day).map_or_else(String::new, |(_, value)| figure(*value, 0))
        };
        html! {
            table class="hc-table" {
                caption { "Figures: " (self.title) }
                thead { tr {
                    th scope="col" { "By" }
                    th scope="col" class="hc-number" { "Ever adopted" }
                    th scope="col" class="hc-number" { "Use it" }
                    th scope="col" class="hc-number" { "Planned" }
                    th scope="col" class="hc-number" { "Forecast" }
                } }
                tbody { @for day in days { tr {
                    th scope="row" { (dates::Grain::Day.name(day)) }
                    td class="hc-number" { (at(&self.adopted, day)) }
                    td class="hc-number" { (at(&self.in_use, day)) }
                    td class="hc-number" { (at(&self.plan, day)) }
                    td class="hc-number" {
                        @if let Some(one) = self.forecast.iter().find(|one| one.day == day) {
                            (figure(one.expected, 0)) " (" (figure(one.low, 0)) " to " (figure(one.high, 0)) ")"
                        }
                    }
                } } }
            }
        }
    }

    fn days(&self) -> Vec<NaiveDate> {
        let series = [&self.adopted, &self.in_use, &self.plan];
        let known = series.into_iter().flatten().map(|(day, _)| *day);
        known.chain(self.forecast.iter().map(|one| one.day)).collect()
    }

    fn has_left(&self) -> bool {
        self.adopted != self.in_use && !self.in_use.is_empty()
    }

    pub(crate) fn scene(&self, size: Size, has_head: bool) -> Scene {
        let (mut scene, measures, top) = begun(size, has_head, [&self.title, &self.subtitle, &self.reading]);
        let top = top + measures.small * 1.8;
        let ends = self.ends();
        let gutter = ends.iter().map(|(words, _, _)| width(words, measures.small, false)).fold(0.0, f64::max) + 22.0;
        let plot = Plot::new(self, &measures, top, gutter);
        plot.draw_axes(&mut scene, &self.unit, &measures);
        self.draw_lines(&mut scene, &plot);
        plot.draw_ends(&mut scene, &ends, &measures);
        let mut y = plot.bottom + measures.small * 3.4 + 12.0;
        y = self.draw_key(&mut scene, y, &measures);
        y = draw_source(&mut scene, &self.source, y + 2.0, &measures);
        ended(scene, y)
    }

    /// What stands beside the right ends of the lines.
    fn ends(&self) -> Vec<(String, f64, Ink)> {
        let mut ends = vec![(format!("Eligible {}", figure(self.eligible, 0)), self.eligible, Ink::Quiet)];
        ends.extend(self.adopted.last().map(|(_, last)| (format!("Adopted {}", figure(*last, 0)), *last, Ink::Words)));
        if self.has_left() {
            ends.extend(
                self.in_use.last().map(|(_, last)| (format!("Use it {}", figure(*last, 0)), *last, Ink::Words)),
            );
        }
        ends.extend(
            self.plan.last().map(|(_, last)| (format!("Planned {}", figure(*last, 0)), *last, Ink::TargetWords)),
        );
        let forecast =
            |one: &SpreadForecast| (format!("Forecast {}", figure(one.expected, 0)), one.expected, Ink::Words);
        ends.extend(self.forecast.last().map(forecast));
        ends.retain(|(_, value, _)| value.is_finite());
        ends
    }

    fn draw_lines(&self, scene: &mut Scene, plot: &Plot) {
        scene.line(Ink::Inner, [(plot.left, plot.up.at(self.eligible)), (plot.right, plot.up.at(self.eligible))]);
        let place = |(day, value): (NaiveDate, f64)| (plot.x(day), plot.up.at(value));
        if self.has_left() {
            scene.line(Ink::Gap, steps(self.in_use.iter().copied().map(place)));
        }
        scene.line(Ink::Mean, steps(self.adopted.iter().copied().map(place)));
        let last = self.adopted.last().map(|(day, value)| SpreadForecast {
            day: *day,
            expected: *value,
            low: *value,
            high: *value,
        });
        for of in [|one: &SpreadForecast| one.low, |one: &SpreadForecast| one.high] {
            let band = last.iter().chain(&self.forecast).map(|one| (plot.x(one.day), plot.up.at(of(one))));
            if !self.forecast.is_empty() {
                scene.line(Ink::Limit, band.collect::<Vec<_>>());
            }
        }
        if !self.forecast.is_empty() {
            let expected = last.iter().chain(&self.forecast).map(|one| (plot.x(one.day), plot.up.at(one.expected)));
            scene.line(Ink::Event, expected.collect::<Vec<_>>());
        }
        scene.line(Ink::Target, self.plan.iter().copied().map(place).collect::<Vec<_>>());
        for (day, value) in &self.plan {
            let hint = format!("Planned by {}: {}", dates::Grain::Day.name(*day), figure(*value, 0));
            scene.add(Ink::Concern, Thing::Sign { shape: Shape::Diamond, at: place((*day, *value)), size: SIGN, hint });
        }
        for (day, value) in &self.adopted {
            let hint = format!("{}: {} adopted", dates::Grain::Day.name(*day), figure(*value, 0));
            let at = place((*day, *value));
            scene.add(Ink::Common, Thing::Sign { shape: Shape::Circle, at, size: SIGN * 0.7, hint });
        }
    }

    fn draw_key(&self, scene: &mut Scene, top: f64, measures: &Measures) -> f64 {
        let entries = [
            (true, Ink::Mean, "Ever adopted"),
            (self.has_left(), Ink::Gap, "Use it now"),
            (!self.plan.is_empty(), Ink::Target, "Planned"),
            (!self.forecast.is_empty(), Ink::Event, "Forecast"),
            (!self.forecast.is_empty(), Ink::Limit, "95 of 100 forecasts lie between"),
        ];
        let (mut x, mut y) = (measures.margin, top);
        for (_, ink, words) in entries.into_iter().filter(|(is_there, _, _)| *is_there) {
            let entry = 34.0 + width(words, measures.small, false);
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

/// A line that goes across and then up, as counts do.
fn steps(places: impl Iterator<Item = Place>) -> Vec<Place> {
    let mut line: Vec<Place> = Vec::new();
    for (x, y) in places {
        if let Some((_, before)) = line.last().copied() {
            line.push((x, before));
        }
        line.push((x, y));
    }
    line
}

fn figure(value: f64, decimals: usize) -> String {
    Unit::Plain.figure(value, decimals)
}

/// The plot's box and its two axes.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    up: Scale,
    first: f64,
    span: f64,
    values: Vec<(f64, String)>,
    ticks: Vec<Tick>,
}

impl Plot {
    fn new(chart: &SpreadChart, measures: &Measures, top: f64, gutter: f64) -> Self {
        let bottom = top + measures.plot_height;
        let series = [&chart.adopted, &chart.in_use, &chart.plan];
        let values = series.into_iter().flatten().map(|(_, value)| *value);
        let bands = chart.forecast.iter().flat_map(|one| [one.low, one.high]);
        let up = Scale::holding(values.chain(bands).chain([0.0, chart.eligible]), top, bottom);
        let (ticks, step) = up.ticks(&Unit::Plain, 6);
        let decimals = Unit::Plain.decimals(step);
        // Half a site is none: ticks between whole numbers are left out.
        let whole = |tick: &f64| decimals == 0 || (tick - tick.round()).abs() < 1e-9;
        let values: Vec<(f64, String)> =
            ticks.into_iter().filter(whole).map(|tick| (up.at(tick), figure(tick, 0))).collect();
        let widest = values.iter().map(|(_, words)| width(words, measures.small, false)).fold(0.0, f64::max);
        let left = measures.margin + widest.min(measures.width * 0.35) + 9.0;
        let right = (measures.width - measures.margin - gutter).max(left + measures.width * 0.15);
        let mut days = chart.days();
        days.sort_unstable();
        days.dedup();
        let number = |day: NaiveDate| f64::from(day.num_days_from_ce());
        let first = days.first().copied().map_or(0.0, number);
        let span = days.last().copied().map_or(0.0, number) - first;
        let mut plot = Self { left, right, top, bottom, up, first, span: span.max(1.0), values, ticks: Vec::new() };
        plot.ticks =
            dates::ticks(&days, |day| plot.x(day), measures.small, (measures.margin, measures.width - measures.margin));
        plot
    }

    fn x(&self, day: NaiveDate) -> f64 {
        let share = (f64::from(day.num_days_from_ce()) - self.first) / self.span;
        self.left + 6.0 + share.clamp(0.0, 1.0) * (self.right - self.left - 12.0)
    }

    fn draw_axes(&self, scene: &mut Scene, unit: &str, measures: &Measures) {
        let size = measures.small;
        for (y, words) in &self.values {
            scene.line(Ink::Grid, [(self.left, *y), (self.right, *y)]);
            let at = (self.left - 8.0, y + size * 0.34);
            scene.words(Ink::Quiet, Words::new(words.as_str(), at, size).anchored(Anchor::End));
        }
        if let Some(line) = crate::lettering::wrapped(unit, self.right - self.left, size, false, 1).into_iter().next() {
            scene.words(Ink::Quiet, Words::new(line, (self.left, self.top - size * 0.7), size));
        }
        scene.line(Ink::Axis, [(self.left, self.bottom), (self.right, self.bottom)]);
        for tick in &self.ticks {
            scene.line(Ink::Axis, [(tick.x, self.bottom), (tick.x, self.bottom + 5.0)]);
            let at = (tick.x, self.bottom + 9.0 + size * 0.8);
            scene.words(Ink::Quiet, Words::new(tick.label.as_str(), at, size).anchored(Anchor::Middle));
            let below = (tick.x, self.bottom + 11.0 + size * 2.1);
            scene.words(Ink::Quiet, Words::new(tick.below.as_str(), below, size).anchored(Anchor::Middle));
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

    fn day(nth: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, 1, 31).unwrap() + chrono::Days::new(nth)
    }

    fn chart(adopted: Vec<(NaiveDate, f64)>, plan: Vec<(NaiveDate, f64)>, eligible: f64) -> SpreadChart {
        SpreadChart {
            id: "s".into(),
            title: "Sites that adopted: daily case review".into(),
            reading: "4 of 12 sites have adopted it.".into(),
            unit: "sites".into(),
            in_use: adopted.iter().map(|(on, value)| (*on, value / 2.0)).collect(),
            forecast: plan
                .iter()
                .map(|(on, value)| SpreadForecast { day: *on, expected: *value, low: value - 1.0, high: value + 1.0 })
                .collect(),
            adopted,
            plan,
            eligible,
            source: "Illustrative".into(),
            ..SpreadChart::default()
        }
    }

    fn assert_tidy(chart: &SpreadChart) {
        for size in [Size::Wide, Size::Paper, Size::Narrow] {
            let scene = chart.scene(size, true);
            scene.assert_tidy(&format!("{size:?}"));
            roxmltree::Document::parse(&chart.svg(size, Look::alone())).unwrap();
        }
    }

    #[test]
    fn steps_plan_and_forecast_are_told_apart_and_stand_in_the_table() {
        let adopted = (0..12).map(|month| (day(month * 30), if month < 6 { 2.0 } else { 6.0 })).collect();
        let chart = chart(adopted, vec![(day(400), 9.0), (day(500), 12.0)], 12.0);
        assert_tidy(&chart);
        let svg = chart.svg(Size::Wide, Look::alone());
        for words in ["Ever adopted", "Use it now", "Planned", "Forecast", "Eligible 12", "Adopted 6"] {
            assert!(svg.contains(words), "{words}");
        }
        assert!(chart.table().0.contains("12 (11 to 13)"));
    }

    #[test]
    fn nothing_yet_is_no_accident() {
        assert_tidy(&chart(vec![], vec![], 0.0));
        assert_tidy(&chart(vec![(day(0), 0.0)], vec![], 80.0));
    }

    proptest! {
        #[test]
        fn any_spread_is_tidy(
            adopted in prop::collection::btree_map(0..2000_u64, 0.0..500.0_f64, 0..40),
            plan in prop::collection::btree_map(0..3000_u64, 0.0..500.0_f64, 0..6),
            eligible in 0.0..600.0_f64,
        ) {
            let days = |series: std::collections::BTreeMap<u64, f64>| series.into_iter().map(|(at, value)| (day(at), value)).collect();
            assert_tidy(&chart(days(adopted), days(plan), eligible));
        }
    }
}
