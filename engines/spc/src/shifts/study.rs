//! The periods of a series, the proposals that begin them, and every point judged by its own period; a proposal never counts as accepted.

use alloc::vec::Vec;
use core::ops::Range;

use super::Options;
use super::search::{Established, Objection, Search, Shift, is_outside};
use crate::limits::{Kind, Limits, Lines, Refusal, Row, Series};
use crate::runs::Side;

/// What a search for lasting shifts found in a series. Rows count from nought.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// The first limits, and those proposed after them. None where there are too few points.
    pub periods: Vec<Period>,
    /// One for each period but the first.
    pub proposals: Vec<Proposal>,
    /// Where new limits were considered and refused, and no proposal followed.
    pub refused: Vec<Refused>,
    /// A shift too young for new limits.
    pub waiting: Option<Waiting>,
    /// One for each row.
    pub points: Vec<Judged>,
}

/// A stretch of rows with limits of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    pub rows: Range<usize>,
    /// The rows limits were taken from, gaps among them.
    pub calculation: Range<usize>,
    /// Rows left out of the limits, as they lie outside them.
    pub excluded: Vec<usize>,
    pub lines: Lines,
}

/// A place where new limits might begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The first row of the new limits.
    pub row: usize,
    /// On which side of the old centre line the shift lies.
    pub side: Side,
    /// Points in a row on that side, from the first row on.
    pub run: usize,
    /// The points the new limits are taken from.
    pub minimum: usize,
    /// The centre lines.
    pub before: f64,
    pub after: f64,
    /// The limits at the first row.
    pub limits_before: Option<Limits>,
    pub limits_after: Option<Limits>,
    /// Rows left out of the new limits.
    pub excluded: Vec<usize>,
    /// Places that were considered since the last new limits, and refused.
    pub refused: Vec<Refused>,
}

/// A place where new limits were considered and refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    pub row: usize,
    /// The first row of the points that go back.
    pub back: usize,
    /// How many there are in a row.
    pub points: usize,
    /// They are too few for a shift, but the latest of all: more data will tell.
    pub is_undecided: bool,
}

/// A shift with too few points after its beginning for new limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub row: usize,
    pub side: Side,
    /// Points in a row on that side.
    pub run: usize,
    /// Points from its first on.
    pub points: usize,
    /// Points new limits would need.
    pub minimum: usize,
}

/// A row, judged by the limits of its period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    pub value: Option<f64>,
    /// Nothing where there are no limits at all.
    pub place: Option<Place>,
}

/// A row within its period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The number of the period, from nought.
    pub period: usize,
    /// The limits were taken from here, or are only drawn on.
    pub is_calculation: bool,
    /// The row from which they were taken, or from which they are only drawn on.
    pub since: usize,
    pub centre: f64,
    pub limits: Option<Limits>,
    /// Left out of the limits.
    pub is_excluded: bool,
    /// Nothing for a gap.
    pub is_outside: Option<bool>,
    /// Part of a shift within the period. Nothing for a gap.
    pub is_in_run: Option<bool>,
}

impl Study {
    /// Studies a series by the limits of a kind of chart.
    ///
    /// # Errors
    /// Rows that cannot stand in such a chart, and charts that follow another one (MR, S): shifts are shifts of that one.
    pub fn of(kind: Kind, series: &Series, options: Options) -> Result<Self, Refusal> {
        if matches!(kind, Kind::MovingRange | Kind::Deviations) {
            return Err(Refusal::Follows { kind });
        }
        series.check(kind)?;
        let (at, rows): (Vec<usize>, Vec<Row>) =
            series.rows.iter().enumerate().filter(|(_, row)| row.value.is_some()).unzip();
        let search = Search { kind, rows: &rows, options };
        let found = search.run();
        let telling = Telling { search: &search, at: &at, all: series.len(), periods: &found.periods };
        let (proposals, refused) = telling.proposals(&found.refused);
        Ok(Self {
            periods: found.periods.iter().enumerate().map(|(number, period)| telling.period(number, period)).collect(),
            proposals,
            refused,
            waiting: found.waiting.map(|shift| telling.waiting(shift)),
            points: telling.points(series),
        })
    }
}

/// Says in rows what was found in points.
struct Telling<'a> {
    search: &'a Search<'a>,
    /// The row of each point.
    at: &'a [usize],
    /// How many rows there are.
    all: usize,
    periods: &'a [Established],
}

impl Telling<'_> {
    /// The row of a point; the end for what comes after the last.
    fn row(&self, place: usize) -> usize {
        self.at.get(place).copied().unwrap_or(self.all)
    }

    /// The rows of a period: gaps before the first point belong to the first, others to the period before them.
    fn rows(&self, number: usize) -> Range<usize> {
        let start = |number: usize| self.periods.get(number).map_or(self.all, |period| self.row(period.start));
        if number == 0 { 0..start(1) } else { start(number)..start(number + 1) }
    }

    fn period(&self, number: usize, period: &Established) -> Period {
        let rows = self.rows(number);
        let last = self.row(period.start + self.search.minimum() - 1);
        Period {
            calculation: rows.start..last + 1,
            rows,
            excluded: period.excluded.iter().map(|&place| self.row(place)).collect(),
            lines: period.lines,
        }
    }

    /// Proposals, each with the refusals before it, and the refusals after the last.
    fn proposals(&self, objections: &[Objection]) -> (Vec<Proposal>, Vec<Refused>) {
        let mut objections = objections.iter().peekable();
        let proposals = self.periods.windows(2).filter_map(|pair| {
            let [before, after] = pair else { return None };
            let mut refused = Vec::new();
            while let Some(objection) = objections.next_if(|objection| objection.start < after.start) {
                refused.push(self.refused(objection));
            }
            self.proposal(before, after, refused)
        });
        let proposals = proposals.collect();
        (proposals, objections.map(|objection| self.refused(objection)).collect())
    }

    fn proposal(&self, before: &Established, after: &Established, refused: Vec<Refused>) -> Option<Proposal> {
        let all = self.search.rows.len();
        let shift = self.search.stretches(after.start..all, before.lines.centre).next()?;
        let size = self.search.rows.get(after.start)?.size;
        Some(Proposal {
            row: self.row(after.start),
            side: shift.side,
            run: shift.points,
            minimum: self.search.minimum(),
            before: before.lines.centre,
            after: after.lines.centre,
            limits_before: before.lines.limits(size),
            limits_after: after.lines.limits(size),
            excluded: after.excluded.iter().map(|&place| self.row(place)).collect(),
            refused,
        })
    }

    fn refused(&self, objection: &Objection) -> Refused {
        let Objection { start, back, is_undecided } = *objection;
        Refused { row: self.row(start), back: self.row(back.start), points: back.points, is_undecided }
    }

    fn waiting(&self, shift: Shift) -> Waiting {
        Waiting {
            row: self.row(shift.start),
            side: shift.side,
            run: shift.points,
            points: self.search.rows.len() - shift.start,
            minimum: self.search.minimum(),
        }
    }

    fn points(&self, series: &Series) -> Vec<Judged> {
        let mut points: Vec<Judged> = series.rows.iter().map(|row| Judged { value: row.value, place: None }).collect();
        for (number, period) in self.periods.iter().enumerate() {
            self.judge(number, period, series, &mut points);
        }
        points
    }

    fn judge(&self, number: usize, period: &Established, series: &Series, points: &mut [Judged]) {
        let told = self.period(number, period);
        let is_calculation = |row: usize| told.calculation.contains(&row);
        for row in told.rows.clone() {
            let Some((judged, given)) = points.get_mut(row).zip(series.rows.get(row)) else { continue };
            let size = if given.value.is_some() || series.has_sizes { given.size } else { 1.0 };
            judged.place = Some(Place {
                period: number,
                is_calculation: is_calculation(row),
                since: if is_calculation(row) { told.calculation.start } else { told.calculation.end },
                centre: period.lines.centre,
                limits: period.lines.limits(size),
                is_excluded: told.excluded.contains(&row),
                is_outside: given.value.map(|_| is_outside(&period.lines, given)),
                is_in_run: given.value.map(|_| false),
            });
        }
        let end = self.periods.get(number + 1).map_or(self.search.rows.len(), |next| next.start);
        for stretch in self.search.stretches(period.start..end, period.lines.centre) {
            if stretch.points >= self.search.run_length() {
                for place in stretch.start..stretch.start + stretch.points {
                    if let Some(place) = points.get_mut(self.row(place)).and_then(|judged| judged.place.as_mut()) {
                        place.is_in_run = Some(true);
                    }
                }
            }
        }
    }
}
