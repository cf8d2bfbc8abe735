//! Draws a chart: parts, baselines, lines, runs; a point outside the limits is a fact here, never a verdict.

use alloc::vec::Vec;
use core::ops::Range;

use super::average::moving_ranges;
use super::series::Row;
use super::{Kind, Limits, Options, Refusal, Series, formulas};
use crate::runs::Runs;
use crate::xmr::LARGEST;

/// A chart, ready to be drawn or written.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub kind: Kind,
    /// One for each row of the series.
    pub points: Vec<Point>,
    /// At least one, unless there are no rows.
    pub parts: Vec<Part>,
}

/// One row of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The value plotted, multiplied. Nothing for a gap.
    pub value: Option<f64>,
    /// The denominator, or the number of measurements, where the series has any; nought for a gap.
    pub size: Option<f64>,
    /// The number of its part, from nought.
    pub part: usize,
    /// Lines were taken from rows of the baseline that are included.
    pub is_baseline: bool,
    pub is_included: bool,
    pub limits: Option<Limits>,
    /// Beyond the three-sigma limits.
    pub is_outside: bool,
}

/// A stretch of rows with lines of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its rows, from nought.
    pub rows: Range<usize>,
    /// The centre line, multiplied. Nothing where the baseline has no value.
    pub centre: Option<f64>,
    pub runs: Runs,
}

impl Chart {
    /// Draws a series.
    ///
    /// # Errors
    /// Rows that cannot stand in such a chart, or a centre line or a number to multiply by that is none.
    pub fn draw(kind: Kind, series: &Series, options: &Options) -> Result<Self, Refusal> {
        series.check(kind)?;
        if !options.centre.is_none_or(|centre| centre.abs() <= LARGEST) {
            return Err(Refusal::Centre);
        }
        if !options.centre.is_none_or(|centre| kind.can_be(centre)) {
            return Err(Refusal::CentreOutside { kind });
        }
        if !(f64::MIN_POSITIVE..=LARGEST).contains(&options.multiply) {
            return Err(Refusal::Multiply);
        }
        let drawing = Drawing::new(kind, series, options);
        let mut chart = Self { kind, points: Vec::with_capacity(series.len()), parts: Vec::new() };
        for rows in drawing.parts() {
            let rows_of_part = series.rows.get(rows.clone()).unwrap_or_default();
            let (points, part) = drawing.part(chart.parts.len(), rows, rows_of_part);
            chart.points.extend(points);
            chart.parts.push(part);
        }
        Ok(chart)
    }
}

struct Drawing<'a> {
    kind: Kind,
    series: &'a Series,
    options: &'a Options,
    is_included: Vec<bool>,
    /// No limit below nought, as no value is and none can be.
    is_cut: bool,
}

impl<'a> Drawing<'a> {
    fn new(kind: Kind, series: &'a Series, options: &'a Options) -> Self {
        let mut is_included = alloc::vec![true; series.len()];
        for row in &options.excluded {
            if let Some(is_included) = row.checked_sub(1).and_then(|row| is_included.get_mut(row)) {
                *is_included = false;
            }
        }
        let is_negative = series.rows.iter().any(|row| row.value.is_some_and(|value| value < 0.0));
        Self { kind, series, options, is_included, is_cut: !options.may_be_negative && !is_negative }
    }

    fn parts(&self) -> Vec<Range<usize>> {
        let all = self.series.len();
        let mut ends: Vec<usize> = self.options.parts.iter().copied().filter(|end| (1..all).contains(end)).collect();
        ends.extend((all > 0).then_some(all));
        ends.sort_unstable();
        ends.dedup();
        let starts = core::iter::once(0).chain(ends.iter().copied());
        starts.zip(&ends).map(|(start, &end)| start..end).collect()
    }

    fn part(&self, number: usize, rows: Range<usize>, given: &[Row]) -> (Vec<Point>, Part) {
        let plotted = self.plotted(given);
        let kept: Vec<Row> = (rows.clone().zip(&plotted))
            .filter(|&(row, _)| self.is_baseline(row) && self.is_included(row))
            .map(|(_, &row)| row)
            .collect();
        let Options { centre, is_screened, multiply, method, .. } = *self.options;
        let lines = formulas::lines(self.kind, &kept, centre, is_screened);
        let points = rows.clone().zip(&plotted).map(|(row, each)| {
            // A row without a value has lines all the same, if its size is known.
            let size = if self.series.has_sizes { each.size } else { 1.0 };
            let limits = lines.and_then(|lines| lines.scaled_limits(size, multiply, self.is_cut));
            let value = each.value.map(|value| value * multiply);
            Point {
                value,
                size: self.series.has_sizes.then_some(each.size),
                part: number,
                is_baseline: self.is_baseline(row),
                is_included: self.is_included(row),
                limits,
                is_outside: limits.zip(value).is_some_and(|(limits, value)| limits.exclude(value)),
            }
        });
        let included = rows.clone().zip(&plotted).filter(|&(row, _)| self.is_included(row));
        let above =
            included.map(|(row, each)| (row, lines.zip(each.value).map(|(lines, value)| lines.above_centre(value))));
        let runs = Runs::about(Some(0.0), above, method);
        let centre = lines.map(|lines| lines.centre * multiply).filter(|centre| centre.is_finite());
        (points.collect(), Part { rows, centre, runs })
    }

    /// What is plotted of a part's rows: themselves, but for charts of ranges and of deviations.
    fn plotted(&self, rows: &[Row]) -> Vec<Row> {
        match self.kind {
            Kind::MovingRange => {
                let before = core::iter::once(None).chain(rows.iter().map(|row| row.value));
                before
                    .zip(rows)
                    .map(|(before, &row)| {
                        let value = moving_ranges([before, row.value].into_iter()).first().copied();
                        Row { value, ..row }
                    })
                    .collect()
            }
            Kind::Deviations => rows.iter().map(|&row| Row { value: row.deviation, ..row }).collect(),
            _ => rows.to_vec(),
        }
    }

    fn is_baseline(&self, row: usize) -> bool {
        match self.options.freeze {
            Some(last) if self.options.parts.is_empty() => row < last,
            _ => true,
        }
    }

    fn is_included(&self, row: usize) -> bool {
        self.is_included.get(row).copied().unwrap_or(true)
    }
}
