//! A chart: points, groups with their limits, icons and notices, drawn from rows and options; it never changes the rows.

use alloc::vec::Vec;
use core::ops::Range;

use chrono::NaiveDate;

use super::limits::{self, Spread, Working};
use super::notice::ENOUGH;
use super::observation::{self, is_drawable};
use super::rebases::{self, Stretch};
use super::{
    Assurance, End, Notice, Observation, Options, PointKind, Refusal, RuleSet, Signal, Signals, Variation, rules,
};

/// An XmR chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Every row, in order of date, gaps among them.
    pub points: Vec<Point>,
    /// Stretches with limits of their own, in order; none where no row has a value.
    pub groups: Vec<Group>,
    /// What a reader must be told about the drawing.
    pub notices: Vec<Notice>,
    /// What the last point says; nothing where no rule could be judged.
    pub variation: Option<Variation>,
    /// Where the target lies; nothing without target, direction or limits.
    pub assurance: Option<Assurance>,
    /// What the chart was drawn with.
    pub options: Options,
}

/// A row of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub date: NaiveDate,
    /// Its place in [`Chart::groups`].
    pub group: usize,
    /// Nothing for a gap.
    pub mark: Option<Mark>,
}

impl Point {
    /// The value, unless this is a gap.
    pub fn value(&self) -> Option<f64> {
        self.mark.map(|mark| mark.value)
    }
}

/// A value, and what the rules say of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    pub value: f64,
    /// Whether mean and limits were taken from it.
    pub in_baseline: bool,
    /// The side of the mean; nothing for a value equal to it.
    pub side: Option<End>,
    /// Beyond two thirds of the way to a limit, and not beyond the limit.
    pub is_near: bool,
    /// Every rule it breaks.
    pub signals: Signals,
    /// The one that speaks for it.
    pub signal: Option<Signal>,
    pub kind: PointKind,
}

/// A stretch of the chart with limits of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// 0 before the first rebase, then 1, 2, …; a rebase on the first value leaves no group 0.
    pub number: usize,
    /// The rebase date that was asked for; the group may begin later, which a notice then says.
    pub rebase: Option<NaiveDate>,
    /// Its places in [`Chart::points`], gaps included.
    pub points: Range<usize>,
    /// How many of them have a value: one at least.
    pub count: usize,
    /// The days of its first and last value.
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub mean: f64,
    pub spread: Spread,
    /// How mean and limits came about.
    pub working: Working,
}

impl Group {
    /// Whether it has fewer than 13 points, so that its limits are trial limits.
    pub const fn is_short(&self) -> bool {
        self.count < ENOUGH
    }
}

impl Chart {
    /// Draws the chart of a series' rows, in any order.
    ///
    /// # Errors
    /// Values, a target or a baseline no chart can be drawn with, or two rows for one day.
    pub fn draw(rows: &[Observation], options: &Options) -> Result<Self, Refusal> {
        if options.target.is_some_and(|target| !is_drawable(target)) {
            return Err(Refusal::Target);
        }
        if let Some(points) = options.baseline.filter(|&points| points < 2) {
            return Err(Refusal::Baseline { points });
        }
        let rows = observation::in_order(rows)?;
        let mut chart = Self {
            points: Vec::with_capacity(rows.len()),
            groups: Vec::new(),
            notices: Vec::new(),
            variation: None,
            assurance: None,
            options: options.clone(),
        };
        let stretches = rebases::stretches(&rows, &options.rebases, &mut chart.notices);
        let mut sheet = Sheet::default();
        chart.groups.reserve_exact(stretches.len());
        for stretch in stretches {
            chart.draw_group(&rows, stretch, &mut sheet);
        }
        if chart.groups.is_empty() {
            chart.points.extend(rows.iter().map(|row| Point { date: row.date, group: 0, mark: None }));
        }
        let gaps = chart.points.iter().filter(|point| point.mark.is_none()).count();
        if gaps > 0 {
            chart.notices.push(Notice::Gaps { rows: gaps });
        }
        chart.variation = chart.variation();
        chart.assurance = chart.assurance();
        Ok(chart)
    }

    fn draw_group(&mut self, rows: &[Observation], stretch: Stretch, sheet: &mut Sheet) {
        let Self { options, .. } = self;
        let rows = rows.get(stretch.rows.clone()).unwrap_or_default();
        let baseline = options.baseline.unwrap_or(usize::MAX);
        sheet.fill(rows, baseline);
        let (Some(&from), Some(&until)) = (sheet.dates.first(), sheet.dates.last()) else { return };
        let (mean, spread, working) = limits::of_baseline(sheet.baseline(baseline), &sheet.dates, options.screening);
        rules::judge(&mut sheet.marks, mean, spread.limits(), options.rules);
        for mark in &mut sheet.marks {
            mark.signal = mark.signals.first();
            mark.kind = PointKind::of(mark.signal, options.direction);
        }
        let group = Group {
            number: stretch.number,
            rebase: stretch.rebase,
            points: stretch.rows,
            count: sheet.marks.len(),
            from,
            until,
            mean,
            spread,
            working,
        };
        self.notice_group(&group);
        let place = self.groups.len();
        let mut marks = sheet.marks.iter().copied();
        self.points.extend(rows.iter().map(|row| Point {
            date: row.date,
            group: place,
            mark: row.value.and_then(|_| marks.next()),
        }));
        self.groups.push(group);
    }

    fn notice_group(&mut self, group: &Group) {
        let from = group.from;
        match group.spread {
            Spread::TooFew => self.notices.push(Notice::TooFew { from }),
            Spread::NoVariation => self.notices.push(Notice::NoVariation { from }),
            Spread::Limits(_) if group.is_short() => {
                self.notices.push(Notice::ShortGroup { from, points: group.count });
            }
            Spread::Limits(_) => {}
        }
        if group.working.is_screening_undone {
            self.notices.push(Notice::ScreeningUndone { from });
        }
    }

    /// The icon of the last value: by its signal, or common cause where limits were there to judge it by.
    fn variation(&self) -> Option<Variation> {
        let (_, mark) = self.last()?;
        let is_judged = self.groups.last()?.spread.limits().is_some() || mark.signal.is_some();
        is_judged.then(|| Variation::of(mark.signal, self.options.direction))
    }

    fn assurance(&self) -> Option<Assurance> {
        Assurance::of(self.options.target?, self.groups.last()?.spread.limits()?, self.options.direction)
    }

    /// The last value, with its point.
    pub fn last(&self) -> Option<(&Point, Mark)> {
        self.points.iter().rev().find_map(|point| point.mark.map(|mark| (point, mark)))
    }

    /// The group a point belongs to; nothing where no row has a value.
    pub fn group_of(&self, point: &Point) -> Option<&Group> {
        self.groups.get(point.group)
    }

    /// The rules the chart was judged by, with their version.
    pub fn rule_set(&self) -> RuleSet {
        self.options.rule_set()
    }
}

/// The values of one group, without its gaps; used again for the next group.
#[derive(Default)]
struct Sheet {
    marks: Vec<Mark>,
    dates: Vec<NaiveDate>,
}

impl Sheet {
    fn fill(&mut self, rows: &[Observation], baseline: usize) {
        self.marks.clear();
        self.dates.clear();
        for (date, value) in rows.iter().filter_map(|row| row.value.map(|value| (row.date, value))) {
            let in_baseline = self.marks.len() < baseline;
            self.dates.push(date);
            self.marks.push(Mark {
                value,
                in_baseline,
                side: None,
                is_near: false,
                signals: Signals::default(),
                signal: None,
                kind: PointKind::CommonCause,
            });
        }
    }

    fn baseline(&self, points: usize) -> &[Mark] {
        self.marks.get(..points).unwrap_or(&self.marks)
    }
}
