//! Two groups beside each other over time, such as sites where something was done and those they are compared with, and the
//! day it began. It judges nothing.

use chrono::{Datelike, NaiveDate};

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

/// A picture of two groups, ready to be drawn. Days stand in order.
#[derive(Clone, Debug, Default)]
pub struct PairChart {
    /// Begins the ids in the picture; unique on a page.
    pub id: String,
    pub title: String,
    pub subtitle: String,
    /// What to make of it; under the title, and for those who do not see the picture.
    pub reading: String,
    pub unit: Unit,
    /// What the two groups are called.
    pub names: (String, String),
    /// By period: the first group's value and the second's.
    pub points: Vec<PairPoint>,
    /// The day something began, and what.
    pub start: Option<(NaiveDate, String)>,
    pub source: String,
}

/// A period with the value of the first group and of the second.
pub type PairPoint = (NaiveDate, Option<f64>, Option<f64>);

const SIGN: f64 = 3.4;

/// A group as it is drawn: the line's ink, the sign's ink and its shape, so that the two are told apart without colour.
type Drawn = (Ink, Ink, Shape);

/// A group with its name and what is told of it.
type Group<'a> = (&'a str, Vec<(NaiveDate, f64)>, Drawn);

const DRAWN: [Drawn; 2] = [(Ink::Mean, Ink::Improvement, Shape::Circle), (Ink::Gap, Ink::Common, Shape::Square)];

impl PairChart {
    /// The picture as one `svg` element.
    #[must_use]
    pub fn svg(&self, size: Size, look: Look) -> String {
        let cover = Cover { id: &self.id, title: &self.title, description: &self.reading, look };
        written(&self.scene(size, look.has_head), cover)
    }

    fn groups(&self) -> [Group<'_>; 2] {
        let of = |value: fn(&PairPoint) -> Option<f64>| {
            let told =
                self.points.iter().filter_map(|point| Some((point.0, value(point).filter(|one| one.is_finite())?)));
            told.collect::<Vec<_>>()
        };
        let [one, other] = DRAWN;
        [(self.names.0.as_str(), of(|point| point.1), one), (self.names.1.as_str(), of(|point| point.2), other)]
    }

    pub(crate) fn scene(&self, size: Size, has_head: bool) -> Scene {
        let (mut scene, measures, top) = begun(size, has_head, [&self.title, &self.subtitle, &self.reading]);
        let top = top + measures.small * 1.8;
        let groups = self.groups();
        let ends: Vec<(String, f64)> = groups
            .iter()
            .filter_map(|(_, points, _)| points.last().map(|(_, last)| (self.unit.words(*last, 1), *last)))
            .collect();
        let gutter = ends.iter().map(|(words, _)| width(words, measures.small, true)).fold(0.0, f64::max) + 22.0;
        let plot = Plot::new(self, &groups, &measures, (top, gutter));
        plot.draw_axes(&mut scene, &measures);
        let begins = self.start.as_ref().filter(|(day, _)| plot.shows(*day));
        if let Some((day, _)) = begins {
            scene.line(Ink::Event, [(plot.x(*day), plot.top), (plot.x(*day), plot.bottom)]);
        }
        for (name, points, (line, sign, shape)) in &groups {
            let places: Vec<Place> = points.iter().map(|(day, value)| (plot.x(*day), plot.up.at(*value))).collect();
            scene.line(*line, places.iter().copied());
            for ((day, value), at) in points.iter().zip(places) {
                let hint = format!("{name}, {}: {}", dates::Grain::Day.name(*day), self.unit.words(*value, 1));
                scene.add(*sign, Thing::Sign { shape: *shape, at, size: SIGN, hint });
            }
        }
        plot.draw_ends(&mut scene, &ends, &measures);
        let mut y = plot.bottom + measures.small * 3.4 + 12.0;
        y = self.draw_key(&mut scene, &groups, begins.map(|(_, words)| words.as_str()), (y, &measures));
        y = draw_source(&mut scene, &self.source, y + 2.0, &measures);
        ended(scene, y)
    }

    fn draw_key(
        &self,
        scene: &mut Scene,
        groups: &[Group<'_>; 2],
        begins: Option<&str>,
        (top, measures): (f64, &Measures),
    ) -> f64 {
        let size = measures.small;
        let mut y = top;
        let named = groups.iter().filter(|(_, points, _)| !points.is_empty());
        let entries = named
            .map(|(name, _, (ink, sign, shape))| (*ink, Some((*sign, *shape)), *name))
            .chain(begins.map(|words| (Ink::Event, None, words)));
        for (ink, sign, words) in entries {
            let room = measures.width - measures.margin * 2.0 - 34.0;
            for (nth, line) in crate::lettering::wrapped(words, room, size, false, 2).into_iter().enumerate() {
                if nth == 0 {
                    let middle = y - size * 0.34;
                    scene.line(ink, [(measures.margin, middle), (measures.margin + 26.0, middle)]);
                    if let Some((ink, shape)) = sign {
                        let at = (measures.margin + 13.0, middle);
                        scene.add(ink, Thing::Sign { shape, at, size: SIGN, hint: String::new() });
                    }
                }
                scene.words(Ink::Quiet, Words::new(line, (measures.margin + 34.0, y), size));
                y += size * 1.6;
            }
        }
        y
    }
}

/// The plot's box and its two axes.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    up: Scale,
    days: (f64, f64),
    values: Vec<(f64, String)>,
    ticks: Vec<Tick>,
}

fn number(day: NaiveDate) -> f64 {
    f64::from(day.num_days_from_ce())
}

impl Plot {
    fn new(chart: &PairChart, groups: &[Group<'_>; 2], measures: &Measures, (top, gutter): (f64, f64)) -> Self {
        let bottom = top + measures.plot_height;
        let told = || groups.iter().flat_map(|(_, points, _)| points);
        let up = Scale::holding(told().map(|(_, value)| *value), top, bottom);
        let (ticks, step) = up.ticks(&chart.unit, 6);
        let decimals = chart.unit.decimals(step);
        let values: Vec<(f64, String)> =
            ticks.into_iter().map(|tick| (up.at(tick), chart.unit.figure(tick, decimals))).collect();
        let widest = values.iter().map(|(_, words)| width(words, measures.small, false)).fold(0.0, f64::max);
        let left = measures.margin + widest.min(measures.width * 0.35) + 9.0;
        let right = (measures.width - measures.margin - gutter).max(left + measures.width * 0.15);
        let mut days: Vec<NaiveDate> = told().map(|(day, _)| *day).collect();
        days.sort_unstable();
        days.dedup();
        let first = days.first().copied().map_or(0.0, number);
        let span = (days.last().copied().map_or(0.0, number) - first).max(1.0);
        let mut plot = Self { left, right, top, bottom, up, days: (first, span), values, ticks: Vec::new() };
        let room = (measures.margin, measures.width - measures.margin);
        plot.ticks = dates::ticks(&days, |day| plot.x(day), measures.small, room);
        plot
    }

    fn shows(&self, day: NaiveDate) -> bool {
        (0.0..=self.days.1).contains(&(number(day) - self.days.0))
    }

    fn x(&self, day: NaiveDate) -> f64 {
        let share = (number(day) - self.days.0) / self.days.1;
        self.left + 6.0 + share.clamp(0.0, 1.0) * (self.right - self.left - 12.0)
    }

    fn draw_axes(&self, scene: &mut Scene, measures: &Measures) {
        let size = measures.small;
        for (y, words) in &self.values {
            scene.line(Ink::Grid, [(self.left, *y), (self.right, *y)]);
            let at = (self.left - 8.0, y + size * 0.34);
            scene.words(Ink::Quiet, Words::new(words.as_str(), at, size).anchored(Anchor::End));
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

    fn draw_ends(&self, scene: &mut Scene, ends: &[(String, f64)], measures: &Measures) {
        let size = measures.small;
        let wanted: Vec<f64> = ends.iter().map(|(_, value)| self.up.at(*value)).collect();
        let places = apart(&wanted, size * 1.3, self.top, self.bottom);
        for (((words, _), wish), place) in ends.iter().zip(&wanted).zip(&places) {
            if (wish - place).abs() > 1.5 {
                let (from, to) = (self.right + 3.0, self.right + 11.0);
                scene.line(Ink::Leader, [(from, *wish), (from + 3.0, *wish), (to, *place)]);
            }
            scene.words(Ink::Words, Words::new(words.as_str(), (self.right + 16.0, place + size * 0.34), size));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(nth: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, 1, 1).unwrap() + chrono::Days::new(nth)
    }

    fn chart(points: Vec<PairPoint>, start: u64) -> PairChart {
        PairChart {
            id: "p".into(),
            title: "On NIV within three hours".into(),
            reading: "Both groups moved alike.".into(),
            unit: Unit::Percent,
            names: ("Where it was done".into(), "Compared with".into()),
            points,
            start: Some((day(start), "It begins".into())),
            source: "Illustrative".into(),
            ..PairChart::default()
        }
    }

    fn assert_tidy(chart: &PairChart) {
        for size in [Size::Wide, Size::Paper, Size::Narrow] {
            chart.scene(size, true).assert_tidy(&format!("{size:?}"));
            roxmltree::Document::parse(&chart.svg(size, Look::alone())).unwrap();
        }
    }

    #[test]
    fn two_groups_and_a_start_are_told_apart() {
        let points = (0..24).map(|month| (day(month * 30), Some(40.0 + month as f64), Some(42.0))).collect();
        let chart = chart(points, 360);
        assert_tidy(&chart);
        let svg = chart.svg(Size::Wide, Look::alone());
        for words in ["Where it was done", "Compared with", "It begins", ">63.0%<", ">42.0%<"] {
            assert!(svg.contains(words), "{words}");
        }
    }

    #[test]
    fn a_group_alone_a_gap_and_nothing_are_no_accident() {
        let alone = chart(vec![(day(0), Some(1.0), None), (day(30), None, None), (day(60), Some(2.0), None)], 9_000);
        let svg = alone.svg(Size::Wide, Look::alone());
        assert!(!svg.contains("Compared with") && !svg.contains("It begins"), "what is not there has no key");
        assert_tidy(&alone);
        assert_tidy(&chart(vec![], 0));
        assert_tidy(&chart(vec![(day(3), Some(f64::NAN), Some(f64::INFINITY))], 3));
    }

    proptest! {
        #[test]
        fn any_pair_is_tidy(
            points in prop::collection::btree_map(
                0..3000_u64,
                (prop::option::of(-1e6..1e6_f64), prop::option::of(0.0..100.0_f64)),
                0..60,
            ),
            start in 0..3000_u64,
        ) {
            assert_tidy(&chart(points.into_iter().map(|(at, (one, other))| (day(at), one, other)).collect(), start));
        }
    }
}
