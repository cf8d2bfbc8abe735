//! Many units over the same periods, some of them treated from a time on; it must never fill a gap with a guess.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// What one unit showed in one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation<'a> {
    pub unit: &'a str,
    /// When, on any scale whose order is time's.
    pub t: f64,
    /// The outcome; none where it is missing.
    pub y: Option<f64>,
    /// Whether the unit is ever treated. Of every row of a unit the same.
    pub treated: bool,
    /// Whether the period counts as after the start, for this unit.
    pub after: bool,
}

/// One unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    pub name: String,
    pub treated: bool,
    /// The first of the panel's periods that counts as after for it; none where all count as before.
    pub start: Option<usize>,
    /// Its outcomes: the period's place among the panel's, and the value, in order of time.
    pub outcomes: Vec<(usize, f64)>,
}

/// Units in the order they were first seen, and periods in order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    units: Vec<Unit>,
    periods: Vec<f64>,
}

/// An observation that does not fit the ones before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    /// Its place among the observations given, from nought.
    pub row: usize,
    pub reason: MisfitReason,
}

#[derive(Debug, Clone, PartialEq)]
pub enum MisfitReason {
    /// A time or an outcome is not a finite number.
    NotFinite,
    /// The unit already has an observation of that time.
    Twice { unit: String, t: f64 },
    /// The unit was treated in one row and is not in another.
    TreatedChanges { unit: String },
    /// A period counts as before although an earlier one counted as after.
    GoesBack { unit: String, t: f64 },
}

impl fmt::Display for MisfitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite => f.write_str("this is not a number to compute with"),
            Self::Twice { unit, t } => write!(f, "{unit} already has a row for {t}"),
            Self::TreatedChanges { unit } => write!(f, "{unit} is treated in one row and not in another"),
            Self::GoesBack { unit, t } => {
                write!(f, "{unit} is before the start again at {t}: once after, a unit stays after")
            }
        }
    }
}

impl Panel {
    /// Observations in any order.
    ///
    /// A unit starts at its first period that counts as after. Where "after" depends on the period alone, that period is
    /// the start of every unit, also of one that has no row for it.
    ///
    /// # Errors
    /// The first observation that does not fit.
    pub fn new(observations: &[Observation<'_>]) -> Result<Self, Misfit> {
        let (places, periods) = periods(observations)?;
        let mut units: Vec<Unit> = Vec::new();
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        let mut rows: Vec<Vec<usize>> = Vec::new();
        for (row, observation) in observations.iter().enumerate() {
            let at = *by_name.entry(observation.unit).or_insert_with(|| {
                units.push(Unit {
                    name: observation.unit.to_string(),
                    treated: observation.treated,
                    start: None,
                    outcomes: Vec::new(),
                });
                rows.push(Vec::new());
                units.len() - 1
            });
            if units[at].treated != observation.treated {
                return Err(Misfit {
                    row,
                    reason: MisfitReason::TreatedChanges { unit: observation.unit.to_string() },
                });
            }
            rows[at].push(row);
        }

        for (unit, rows) in units.iter_mut().zip(&mut rows) {
            rows.sort_by_key(|&row| places[row]);
            take_rows(unit, rows, &places, observations)?;
        }
        if let Some(start) = start_of_all(&places, observations) {
            units.iter_mut().for_each(|unit| unit.start = Some(start));
        }
        Ok(Self { units, periods })
    }

    /// The units, in the order they were first seen.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The times, in order.
    pub fn periods(&self) -> &[f64] {
        &self.periods
    }

    /// Units that are treated at some time.
    pub fn treated(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|unit| unit.treated)
    }

    /// Units that are never treated.
    pub fn comparators(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|unit| !unit.treated)
    }

    /// The earliest period that counts as after for any unit.
    pub fn first_start(&self) -> Option<usize> {
        self.units.iter().filter_map(|unit| unit.start).min()
    }

    /// Whether treated units start at different times.
    pub fn is_staggered(&self) -> bool {
        let mut starts = self.treated().map(|unit| unit.start);
        let first = starts.next();
        starts.any(|start| Some(start) != first)
    }
}

impl Unit {
    /// The outcome of a period.
    pub fn outcome(&self, period: usize) -> Option<f64> {
        self.outcomes.binary_search_by_key(&period, |(at, _)| *at).ok().map(|at| self.outcomes[at].1)
    }

    /// Whether a period counts as after for this unit.
    pub fn is_after(&self, period: usize) -> bool {
        self.start.is_some_and(|start| period >= start)
    }
}

/// Each observation's place among the periods, and the periods.
fn periods(observations: &[Observation<'_>]) -> Result<(Vec<usize>, Vec<f64>), Misfit> {
    let finite = |o: &Observation<'_>| o.t.is_finite() && o.y.is_none_or(f64::is_finite);
    if let Some(row) = observations.iter().position(|observation| !finite(observation)) {
        return Err(Misfit { row, reason: MisfitReason::NotFinite });
    }
    // Adding nought makes minus nought the same time as nought.
    let mut periods: Vec<f64> = observations.iter().map(|observation| observation.t + 0.0).collect();
    periods.sort_by(f64::total_cmp);
    periods.dedup();
    let place = |o: &Observation<'_>| periods.partition_point(|&period| period < o.t);
    Ok((observations.iter().map(place).collect(), periods))
}

/// Rows of one unit, in order of time.
fn take_rows(
    unit: &mut Unit,
    rows: &[usize],
    places: &[usize],
    observations: &[Observation<'_>],
) -> Result<(), Misfit> {
    let mut last = None;
    for &row in rows {
        let Observation { t, y, after, .. } = observations[row];
        let place = places[row];
        let name = || unit.name.clone();
        if last == Some(place) {
            return Err(Misfit { row, reason: MisfitReason::Twice { unit: name(), t } });
        }
        if unit.start.is_some() && !after {
            return Err(Misfit { row, reason: MisfitReason::GoesBack { unit: name(), t } });
        }
        if unit.start.is_none() && after {
            unit.start = Some(place);
        }
        unit.outcomes.extend(y.map(|y| (place, y)));
        last = Some(place);
    }
    Ok(())
}

/// The one start of all units, where "after" depends on the period alone.
fn start_of_all(places: &[usize], observations: &[Observation<'_>]) -> Option<usize> {
    let rows = || places.iter().zip(observations);
    let start = *rows().filter(|(_, observation)| observation.after).map(|(place, _)| place).min()?;
    rows().all(|(&place, observation)| observation.after == (place >= start)).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(unit: &str, t: f64, treated: bool, after: bool) -> Observation<'_> {
        Observation { unit, t, y: Some(t * 10.0), treated, after }
    }

    #[test]
    fn rows_may_come_in_any_order_and_a_common_start_is_everyones() {
        let panel = Panel::new(&[
            row("b", 3.0, false, true),
            row("a", 1.0, true, false),
            row("b", 1.0, false, false),
            row("a", 4.0, true, true),
        ])
        .unwrap();
        assert_eq!(panel.periods(), [1.0, 3.0, 4.0]);
        assert_eq!(panel.units().iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(panel.units()[1].start, Some(1), "a has no row at 3, and started then with the others");
        assert_eq!(panel.units()[1].outcome(2), Some(40.0));
        assert_eq!(panel.units()[1].outcome(1), None);
        assert!(!panel.is_staggered());
    }

    #[test]
    fn starts_may_differ() {
        let panel = Panel::new(&[
            row("a", 1.0, true, false),
            row("a", 2.0, true, true),
            row("b", 1.0, true, false),
            row("b", 2.0, true, false),
            row("c", 1.0, false, false),
            row("c", 2.0, false, false),
        ])
        .unwrap();
        assert!(panel.is_staggered());
        assert_eq!(panel.first_start(), Some(1));
        assert_eq!(panel.units()[1].start, None);
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_row() {
        let refusal =
            |rows: &[Observation<'_>]| Panel::new(rows).map(drop).map_err(|misfit| (misfit.row, misfit.reason));
        let a = || "a".to_string();
        assert_eq!(
            refusal(&[row("a", 1.0, true, false), row("a", 1.0, true, false)]),
            Err((1, MisfitReason::Twice { unit: a(), t: 1.0 }))
        );
        assert_eq!(
            refusal(&[row("a", 1.0, true, false), row("a", 2.0, false, false)]),
            Err((1, MisfitReason::TreatedChanges { unit: a() }))
        );
        assert_eq!(
            refusal(&[row("a", 3.0, true, false), row("a", 2.0, true, true)]),
            Err((0, MisfitReason::GoesBack { unit: a(), t: 3.0 }))
        );
        assert_eq!(refusal(&[row("a", f64::NAN, true, false)]), Err((0, MisfitReason::NotFinite)));
        assert_eq!(
            refusal(&[row("a", 0.0, true, false), row("a", -0.0, true, false)]),
            Err((1, MisfitReason::Twice { unit: a(), t: -0.0 }))
        );
    }
}
