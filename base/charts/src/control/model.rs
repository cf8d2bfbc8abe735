//! What a run or control chart shows: points with their lines, a target, what happened when. It holds no places and no
//! colours.

use chrono::NaiveDate;
use hiec_spc::xmr::{Assurance, Direction, Variation};

use crate::axis::dates::Grain;
use crate::axis::unit::Unit;

/// A run chart or a control chart, ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct ControlChart {
    /// Begins the ids in the picture; unique on a page.
    pub id: String,
    /// What is measured and where.
    pub title: String,
    /// Period, kind of chart, and what the values are counted in; may be empty.
    pub subtitle: String,
    /// What to make of it, under the title; may be empty.
    pub reading: String,
    /// The whole chart in plain words, for those who do not see the picture.
    pub summary: String,
    pub unit: Unit,
    /// In order of time, gaps among them.
    pub points: Vec<Point>,
    /// What the middle line is.
    pub centre: Centre,
    pub target: Option<f64>,
    /// Which way is better.
    pub direction: Direction,
    /// New limits, changes in care, whatever explains a step. In order of time.
    pub events: Vec<Event>,
    /// Drawn in the corner; with their words in the description.
    pub variation: Option<Variation>,
    pub assurance: Option<Assurance>,
    /// Where the data comes from, under the picture; may be empty.
    pub source: String,
}

/// What the middle line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Centre {
    #[default]
    Mean,
    Median,
}

impl Centre {
    /// Its name at the beginning of a label.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "Mean",
            Self::Median => "Median",
        }
    }
}

/// When a point was measured. All points of a chart have the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Day(NaiveDate),
    /// The number of a row, where there are no dates.
    Row(u32),
}

/// One point, or a gap where a point should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    pub when: When,
    /// Nothing for a gap.
    pub value: Option<f64>,
    /// Stretches with limits of their own have different numbers; lines do not run from one to the next.
    pub part: usize,
    pub centre: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub kind: Kind,
    /// Why it is flagged, or excluded; empty where there is nothing to say.
    pub why: String,
}

impl Point {
    /// A point with a value and no lines.
    #[must_use]
    pub fn new(when: When, value: Option<f64>) -> Self {
        Self { when, value, part: 0, centre: None, lower: None, upper: None, kind: Kind::Common, why: String::new() }
    }
}

/// What a point says. High and low are sides of the middle line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Common,
    ImprovementHigh,
    ImprovementLow,
    ConcernHigh,
    ConcernLow,
    NeutralHigh,
    NeutralLow,
    /// Left out of the lines by somebody's decision.
    Excluded,
}

impl Kind {
    /// As a table says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Common => "Common cause",
            Self::ImprovementHigh => "Improvement, high",
            Self::ImprovementLow => "Improvement, low",
            Self::ConcernHigh => "Concern, high",
            Self::ConcernLow => "Concern, low",
            Self::NeutralHigh => "Special cause, high",
            Self::NeutralLow => "Special cause, low",
            Self::Excluded => "Left out",
        }
    }
}

/// Something that happened, told above the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub when: When,
    /// A few words; long ones are told under the chart.
    pub words: String,
    /// Whether limits begin anew there: the line then stands between two points.
    pub is_rebase: bool,
}

/// How much room there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// A page's full column, a slide.
    #[default]
    Wide,
    /// A sheet of paper held upright.
    Paper,
    /// The same, low enough for two with their words on one sheet.
    Low,
    /// A telephone held upright.
    Narrow,
}

impl ControlChart {
    /// How far points lie from each other; days where there are no dates.
    #[must_use]
    pub fn grain(&self) -> Grain {
        Grain::of(&self.dates())
    }

    /// A point's period in words.
    #[must_use]
    pub fn period(&self, when: When) -> String {
        period(self.grain(), when)
    }

    pub(super) fn dates(&self) -> Vec<NaiveDate> {
        self.points
            .iter()
            .filter_map(|point| match point.when {
                When::Day(day) => Some(day),
                When::Row(_) => None,
            })
            .collect()
    }

    /// The last point with a value.
    pub(super) fn last(&self) -> Option<(&Point, f64)> {
        self.points.iter().rev().find_map(|point| point.value.map(|value| (point, value)))
    }

    /// Decimals that suit the values: enough to tell apart some thirty steps between the lowest and the highest line or
    /// value, and one at least for per cent.
    #[must_use]
    pub fn decimals(&self) -> usize {
        let all = self.points.iter().flat_map(|point| [point.value, point.lower, point.upper, point.centre]);
        self.unit.steps_apart(all.flatten())
    }
}

pub(super) fn period(grain: Grain, when: When) -> String {
    match when {
        When::Day(day) => grain.name(day),
        When::Row(row) => row.to_string(),
    }
}
