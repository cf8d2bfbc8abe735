//! Where the parts of a control chart stand: margins, plot, gutter, rows of words. It paints nothing.

use chrono::NaiveDate;

use super::model::{ControlChart, When};
use crate::axis::dates::{self, Tick};
use crate::axis::values::Scale;
use crate::head::Measures;
use crate::lettering::width;

/// From when to where: days lie as far apart as they are, rows evenly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Along {
    first: f64,
    span: f64,
    left: f64,
    right: f64,
}

impl Along {
    pub fn new(chart: &ControlChart, left: f64, right: f64) -> Self {
        let first = chart.points.first().map_or(0.0, |point| position(point.when));
        let last = chart.points.last().map_or(0.0, |point| position(point.when));
        Self { first, span: (last - first).max(0.0), left, right }
    }

    pub fn at(&self, when: When) -> f64 {
        if self.span <= 0.0 {
            return f64::midpoint(self.left, self.right);
        }
        let share = ((position(when) - self.first) / self.span).clamp(0.0, 1.0);
        self.left + share * (self.right - self.left)
    }

    pub fn length(&self) -> f64 {
        self.right - self.left
    }
}

fn position(when: When) -> f64 {
    match when {
        // Days since a fixed day fit a double many times over.
        When::Day(day) => (day - NaiveDate::default()).num_days() as f64,
        When::Row(row) => f64::from(row),
    }
}

/// The plot: its box, its axes and their ticks.
#[derive(Clone, Debug)]
pub(super) struct Plot {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub along: Along,
    pub scale: Scale,
    /// Where, and the words.
    pub value_ticks: Vec<(f64, String)>,
    pub time_ticks: Vec<Tick>,
}

/// Air between the plot's sides and the first and last point.
const INSET: f64 = 14.0;
/// From a tick's words to the plot.
const BESIDE: f64 = 9.0;

impl Plot {
    /// The plot with its upper edge at `top`, and a gutter for labels on its right.
    pub fn new(chart: &ControlChart, measures: &Measures, top: f64, gutter: f64) -> Self {
        let bottom = top + measures.plot_height;
        let scale = Scale::holding(values(chart), top, bottom);
        let (ticks, step) = scale.ticks(&chart.unit, 6);
        let decimals = chart.unit.decimals(step);
        let value_ticks: Vec<(f64, String)> =
            ticks.iter().map(|tick| (scale.at(*tick), chart.unit.figure(*tick, decimals))).collect();
        let widest = value_ticks.iter().map(|(_, words)| width(words, measures.small, false)).fold(0.0, f64::max);
        // However long the numbers, most of the picture is for the points.
        let left = measures.margin + widest.min(measures.width * 0.35) + BESIDE;
        let right = (measures.width - measures.margin - gutter).max(left + measures.width * 0.15);
        let along = Along::new(chart, left + INSET, right - INSET);
        let edge = measures.margin / 2.0;
        let room = (edge, measures.width - edge);
        let time_ticks = match chart.dates() {
            days if days.len() == chart.points.len() => {
                dates::ticks(&days, |day| along.at(When::Day(day)), measures.small, room)
            }
            _ => rows(chart, &along, measures.small),
        };
        Self { left, right, top, bottom, along, scale, value_ticks, time_ticks }
    }
}

/// Everything the axis of values must hold.
fn values(chart: &ControlChart) -> impl Iterator<Item = f64> {
    let points = chart.points.iter().flat_map(|point| [point.value, point.centre, point.lower, point.upper]);
    points.flatten().chain(chart.target)
}

/// Ticks at the numbers of rows, in even steps.
fn rows(chart: &ControlChart, along: &Along, size: f64) -> Vec<Tick> {
    let numbers: Vec<u32> = chart
        .points
        .iter()
        .filter_map(|point| match point.when {
            When::Row(row) => Some(row),
            When::Day(_) => None,
        })
        .collect();
    let widest = numbers.last().map_or(0.0, |last| width(&last.to_string(), size, false));
    let how_many = (along.length() / (widest + 16.0)).max(1.0);
    let count = numbers.len() as f64;
    let step = [1_u32, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000]
        .into_iter()
        .find(|step| count / f64::from(*step) <= how_many)
        .unwrap_or(u32::MAX);
    let is_ticked = |row: &u32| row.is_multiple_of(step) || (*row == 1 && step > 2);
    let mut ticks: Vec<Tick> = Vec::new();
    for row in numbers.into_iter().filter(is_ticked) {
        let x = along.at(When::Row(row));
        if ticks.last().is_none_or(|last| x - last.x > widest + 8.0) {
            ticks.push(Tick { x, label: row.to_string(), below: String::new() });
        }
    }
    ticks
}
