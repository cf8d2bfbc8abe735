//! A chart as small as a line of words, for tables: limits as a band, the points as a line, the last one with its sign.
//! It is silent for screen readers and never stands without the words it repeats.

use super::frame::Along;
use super::marks::{ink, shape};
use super::model::{ControlChart, Point};
use crate::axis::values::Scale;
use crate::scene::{Place, Scene, Thing};
use crate::svg::{Look, silent};
use crate::theme::Ink;

const WIDTH: f64 = 150.0;
const HEIGHT: f64 = 36.0;

impl ControlChart {
    /// The chart as a sparkline, without words.
    #[must_use]
    pub fn sparkline(&self, look: Look) -> String {
        silent(&self.spark(), look)
    }

    fn spark(&self) -> Scene {
        let mut scene = Scene::new(WIDTH, HEIGHT);
        let along = Along::new(self, 6.0, WIDTH - 8.0);
        let lines = self.points.iter().flat_map(|point| [point.value, point.lower, point.upper]);
        let scale = Scale::holding(lines.flatten().chain(self.target), 2.0, HEIGHT - 2.0);
        for (from, to, low, high) in bands(&self.points, &along, &scale) {
            let band = Thing::Box { corner: (from, high), width: to - from, height: low - high, radius: 0.0 };
            scene.add(Ink::Band, band);
        }
        if let Some(target) = self.target {
            let y = scale.at(target);
            scene.line(Ink::Target, [(2.0, y), (WIDTH - 2.0, y)]);
        }
        let place = |point: &Point| -> Option<Place> {
            point.value.filter(|value| value.is_finite()).map(|value| (along.at(point.when), scale.at(value)))
        };
        for run in self.points.split(|point| point.value.is_none()) {
            scene.line(Ink::Data, run.iter().filter_map(place));
        }
        if let Some((last, _)) = self.last()
            && let Some(at) = place(last)
        {
            let sign = Thing::Sign { shape: shape(last.kind), at, size: 3.6, hint: String::new() };
            scene.add(ink(last.kind), sign);
        }
        scene
    }
}

/// The band between the limits of each part: from, to, low and high.
fn bands(points: &[Point], along: &Along, scale: &Scale) -> Vec<(f64, f64, f64, f64)> {
    points
        .chunk_by(|one, other| one.part == other.part && one.lower == other.lower && one.upper == other.upper)
        .filter_map(|part| {
            let (first, last) = (part.first()?, part.last()?);
            let (low, high) = (scale.at(first.lower?), scale.at(first.upper?));
            Some((along.at(first.when) - 4.0, along.at(last.when) + 4.0, low, high))
        })
        .filter(|(from, to, low, high)| to >= from && low >= high)
        .collect()
}
