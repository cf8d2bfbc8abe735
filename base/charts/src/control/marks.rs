//! Lines and points of a control chart inside its plot. Every special cause has a shape of its own.

use super::frame::{Along, Plot};
use super::model::{ControlChart, Kind, Point, period};
use crate::scene::{Place, Scene, Shape, Thing};
use crate::theme::Ink;

/// Below this size a plain point is no more than a bend of the line, and is not drawn.
const SMALLEST_PLAIN: f64 = 1.2;
/// Special causes are never smaller.
const SMALLEST_SPECIAL: f64 = 2.6;

/// Mean, limits and target.
pub(super) fn draw_lines(scene: &mut Scene, chart: &ControlChart, plot: &Plot) {
    let of = |line: fn(&Point) -> Option<f64>| steps(&chart.points, &plot.along, plot, line);
    for (ink, line) in [
        (Ink::Limit, (|point: &Point| point.upper) as fn(&Point) -> Option<f64>),
        (Ink::Limit, |point: &Point| point.lower),
        (Ink::Mean, |point: &Point| point.centre),
    ] {
        for places in of(line) {
            scene.line(ink, places);
        }
    }
    if let Some(target) = chart.target {
        let y = plot.scale.at(target);
        scene.line(Ink::Target, [(plot.left, y), (plot.right, y)]);
    }
}

/// A line for each part: level from half-way before a point to half-way behind it, so that limits that vary from point
/// to point are seen to belong to their point.
fn steps(points: &[Point], along: &Along, plot: &Plot, line: fn(&Point) -> Option<f64>) -> Vec<Vec<Place>> {
    let mut all: Vec<Vec<Place>> = Vec::new();
    for (at, point) in points.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| points.get(before));
        let after = points.get(at + 1);
        let x = along.at(point.when);
        let from = before.map_or(plot.left, |before| f64::midpoint(along.at(before.when), x));
        let to = after.map_or(plot.right, |after| f64::midpoint(x, along.at(after.when)));
        let is_new = before.is_none_or(|before| before.part != point.part || line(before).is_none());
        let Some(y) = line(point).filter(|value| value.is_finite()).map(|value| plot.scale.at(value)) else { continue };
        if is_new {
            all.push(vec![(from, y)]);
        }
        if let Some(places) = all.last_mut() {
            // A level line needs no corner at each point.
            match places.last() {
                Some((_, last)) if (last - y).abs() < 1e-9 => {}
                Some(_) => places.push((from, y)),
                None => {}
            }
            match places.len().checked_sub(2).and_then(|at| places.get(at)) {
                Some((_, before)) if (before - y).abs() < 1e-9 => {
                    if let Some(last) = places.last_mut() {
                        last.0 = to;
                    }
                }
                _ => places.push((to, y)),
            }
        }
    }
    all
}

/// The line from point to point, the points, and the gaps.
pub(super) fn draw_points(scene: &mut Scene, chart: &ControlChart, plot: &Plot, largest: f64) {
    let shown: Vec<(&Point, f64, Place)> = chart
        .points
        .iter()
        .filter_map(|point| point.value.filter(|value| value.is_finite()).map(|value| (point, value)))
        .map(|(point, value)| (point, value, (plot.along.at(point.when), plot.scale.at(value))))
        .collect();
    let size = size(chart, plot, largest);
    // Where points are too close to be seen, so would be the bends of a thick line.
    join(scene, chart, plot, if has_plain(size) { Ink::Data } else { Ink::FineData });
    let (grain, decimals) = (chart.grain(), chart.decimals());
    let sign = |point: &Point, value: f64, at: Place, size: f64| {
        let said = format!("{}: {}", period(grain, point.when), chart.unit.words(value, decimals));
        let hint = if point.why.is_empty() { said } else { format!("{said}. {}", point.why) };
        Thing::Sign { shape: shape(point.kind), at, size, hint }
    };
    // Plain points first, so that none lies over a special one.
    if has_plain(size) {
        for (point, value, at) in shown.iter().filter(|(point, ..)| point.kind == Kind::Common) {
            scene.add(Ink::Common, sign(point, *value, *at, size));
        }
    } else if let Some((point, value, at)) = shown.last().filter(|(point, ..)| point.kind == Kind::Common) {
        // The last point has a label, so it is shown however close its neighbours are.
        scene.add(Ink::Common, sign(point, *value, *at, SMALLEST_SPECIAL));
    }
    for (point, value, at) in shown.iter().filter(|(point, ..)| point.kind != Kind::Common) {
        scene.add(ink(point.kind), sign(point, *value, *at, size.max(SMALLEST_SPECIAL)));
    }
}

/// The size of points: as large as their distance allows.
pub(super) fn size(chart: &ControlChart, plot: &Plot, largest: f64) -> f64 {
    let spacing = plot.along.length() / u32::try_from(chart.points.len()).map_or(1.0, f64::from).max(2.0);
    (spacing * 0.4).min(largest)
}

/// Whether plain points of this size are drawn.
pub(super) fn has_plain(size: f64) -> bool {
    size >= SMALLEST_PLAIN
}

/// Joins neighbours with a line, and those on both sides of a gap with dots; marks each gap at the foot of the plot.
fn join(scene: &mut Scene, chart: &ControlChart, plot: &Plot, line: Ink) {
    let grain = chart.grain();
    let mut run: Vec<Place> = Vec::new();
    let mut last: Option<Place> = None;
    let mut bridges: Vec<[Place; 2]> = Vec::new();
    let mut runs: Vec<Vec<Place>> = Vec::new();
    for point in &chart.points {
        match point.value.filter(|value| value.is_finite()) {
            Some(value) => {
                let place = (plot.along.at(point.when), plot.scale.at(value));
                if run.is_empty()
                    && let Some(last) = last
                {
                    bridges.push([last, place]);
                }
                run.push(place);
                last = Some(place);
            }
            None => {
                runs.push(std::mem::take(&mut run));
                let hint = format!("{}: no value", period(grain, point.when));
                let at = (plot.along.at(point.when), plot.bottom - 7.0);
                scene.add(Ink::Excluded, Thing::Sign { shape: Shape::Cross, at, size: 3.2, hint });
            }
        }
    }
    runs.push(run);
    for bridge in bridges {
        scene.line(Ink::Gap, bridge);
    }
    for run in runs {
        scene.line(line, run);
    }
}

pub(crate) fn shape(kind: Kind) -> Shape {
    match kind {
        Kind::Common | Kind::Excluded => Shape::Circle,
        Kind::ImprovementHigh => Shape::TriangleUp,
        Kind::ImprovementLow => Shape::TriangleDown,
        Kind::ConcernHigh | Kind::ConcernLow => Shape::Diamond,
        Kind::NeutralHigh | Kind::NeutralLow => Shape::Square,
    }
}

pub(crate) fn ink(kind: Kind) -> Ink {
    match kind {
        Kind::Common => Ink::Common,
        Kind::Excluded => Ink::Excluded,
        Kind::ImprovementHigh | Kind::ImprovementLow => Ink::Improvement,
        Kind::ConcernHigh | Kind::ConcernLow => Ink::Concern,
        Kind::NeutralHigh | Kind::NeutralLow => Ink::Neutral,
    }
}
