//! The Stable Shift Algorithm: it looks for shifts that last, and never takes a look at the future that it would regret.

use alloc::vec::Vec;
use core::ops::Range;

use super::{Caution, Options};
use crate::limits::{Kind, Lines, Row, lines};
use crate::runs::Side;

/// Points of a series, gaps left out, and how limits are taken from them. Places count from nought.
pub(super) struct Search<'a> {
    pub kind: Kind,
    pub rows: &'a [Row],
    pub options: Options,
}

/// Lines taken from the points of a period.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Established {
    pub start: usize,
    pub lines: Lines,
    pub excluded: Vec<usize>,
}

/// What the search found.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Found {
    /// The first limits, and those that took their place. None where there are too few points for any.
    pub periods: Vec<Established>,
    /// Where new limits were considered and refused.
    pub refused: Vec<Objection>,
    /// A shift with too few points after its beginning for new limits.
    pub waiting: Option<Shift>,
}

/// Points on one side of the prevailing centre line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    pub start: usize,
    pub side: Side,
    pub points: usize,
}

/// Why new limits were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Objection {
    pub start: usize,
    /// The points on the other side that speak against it.
    pub back: Shift,
    /// They are too few yet, but more data might make them a shift back.
    pub is_undecided: bool,
}

impl Search<'_> {
    pub fn run(&self) -> Found {
        let mut found = Found::default();
        let (all, minimum) = (self.rows.len(), self.minimum());
        let mut prevailing = match self.establish(0) {
            Some(first) if all >= minimum => first,
            _ => return found,
        };
        let mut counter = minimum;
        while let Some(shift) = self.shift_from(counter, prevailing.lines.centre) {
            if all - shift.start < minimum {
                found.waiting = Some(shift);
                break;
            }
            let Some(candidate) = self.establish(shift.start) else { break };
            match self.objection(&candidate, shift.side) {
                Some(objection) => {
                    found.refused.push(objection);
                    counter = shift.start + 1;
                }
                None => {
                    counter = shift.start + minimum;
                    found.periods.push(core::mem::replace(&mut prevailing, candidate));
                }
            }
        }
        found.periods.push(prevailing);
        found
    }

    /// Lines of the points from here on. The first point outside is left out and the lines are taken anew, as often as
    /// points may be left out.
    fn establish(&self, start: usize) -> Option<Established> {
        let period = start..start + self.minimum();
        let rows = self.rows.get(period.clone())?;
        let mut kept: Vec<(usize, Row)> = period.zip(rows.iter().copied()).collect();
        let mut excluded = Vec::new();
        loop {
            let baseline: Vec<Row> = kept.iter().map(|&(_, row)| row).collect();
            let lines = lines(self.kind, &baseline, None, true)?;
            let outside = kept.iter().position(|(_, row)| is_outside(&lines, row));
            match outside {
                // Of a single point left there is nothing to learn.
                Some(outside) if excluded.len() < self.options.exclusions && kept.len() > 1 => {
                    excluded.push(kept.remove(outside).0);
                }
                _ => {
                    excluded.sort_unstable();
                    return Some(Established { start, lines, excluded });
                }
            }
        }
    }

    /// The first shift that begins here or later. A run that began before counts from here on.
    fn shift_from(&self, from: usize, centre: f64) -> Option<Shift> {
        let start =
            self.stretches(from..self.rows.len(), centre).find(|stretch| stretch.points >= self.run_length())?;
        Some(start)
    }

    /// What speaks against new limits that a shift to one side has brought up.
    fn objection(&self, candidate: &Established, side: Side) -> Option<Objection> {
        let (start, end) = (candidate.start, candidate.start + self.minimum());
        let reach = if self.options.caution == Caution::Within { end } else { self.rows.len() };
        let begins = |stretch: &Shift| stretch.side != side && stretch.start < end;
        let back = self
            .stretches(start..reach, candidate.lines.centre)
            .take_while(|stretch| stretch.start < end)
            .find(|stretch| begins(stretch) && stretch.points >= self.run_length());
        let undecided = || {
            let last = self.last_stretch(start, candidate.lines.centre)?;
            (self.options.caution == Caution::NoRegrets && begins(&last)).then_some(last)
        };
        match (back, undecided()) {
            (Some(back), _) => Some(Objection { start, back, is_undecided: false }),
            (None, Some(back)) => Some(Objection { start, back, is_undecided: true }),
            (None, None) => None,
        }
    }

    /// Points in a row on one side, one stretch after the other.
    pub fn stretches(&self, places: Range<usize>, centre: f64) -> impl Iterator<Item = Shift> {
        let mut place = places.start;
        core::iter::from_fn(move || {
            let (start, side) =
                (place..places.end).find_map(|place| self.side(place, centre).map(|side| (place, side)))?;
            let points = (start..places.end).take_while(|&place| self.side(place, centre) == Some(side)).count();
            place = start + points;
            Some(Shift { start, side, points })
        })
    }

    /// The stretch the series ends with, if its last point lies on a side.
    fn last_stretch(&self, from: usize, centre: f64) -> Option<Shift> {
        let last = self.rows.len().checked_sub(1)?;
        let side = self.side(last, centre)?;
        let points = (from..self.rows.len()).rev().take_while(|&place| self.side(place, centre) == Some(side)).count();
        Some(Shift { start: self.rows.len() - points, side, points })
    }

    fn side(&self, place: usize, centre: f64) -> Option<Side> {
        let above = self.rows.get(place)?.value? - centre;
        if above > self.options.tolerance {
            Some(Side::Above)
        } else if above < -self.options.tolerance {
            Some(Side::Below)
        } else {
            None
        }
    }

    /// Limits of a single point are none, and a shift of no points is everywhere: both are at least two.
    pub fn minimum(&self) -> usize {
        self.options.minimum.max(2)
    }

    pub fn run_length(&self) -> usize {
        self.options.run.max(2)
    }
}

pub(super) fn is_outside(lines: &Lines, row: &Row) -> bool {
    lines.limits(row.size).zip(row.value).is_some_and(|(limits, value)| limits.exclude(value))
}
