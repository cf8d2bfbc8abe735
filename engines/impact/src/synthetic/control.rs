//! The treated average, its donors, and the control their mix makes; it must never use a donor with a gap unsaid.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::weights;
use crate::panel::{Panel, Unit};

/// What a synthetic control is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// The times used, in order: those at which every treated unit has an outcome.
    pub periods: Vec<f64>,
    /// How many of them lie before the start.
    pub before: usize,
    /// The mean of the treated units, one a time.
    pub treated: Vec<f64>,
    /// The outcomes of each treated unit, one a time.
    pub treated_units: Vec<Vec<f64>>,
    /// Names of the donors: comparators with an outcome at every time used.
    pub donors: Vec<String>,
    /// Their outcomes, one a time.
    pub outcomes: Vec<Vec<f64>>,
    /// Comparators left out for a gap.
    pub left_out: Vec<String>,
}

/// A control, and how far the treated were from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// One a donor, none negative, summing to one.
    pub weights: Vec<f64>,
    /// Treated minus control, one a time.
    pub gaps: Vec<f64>,
    /// The sum of squared gaps before the start: what the weights make least.
    pub objective: f64,
    /// The root of the mean squared gap before the start.
    pub error_before: f64,
    /// The same from the start on; none without a time there.
    pub error_after: Option<f64>,
    /// The mean gap from the start on; none without a time there.
    pub effect: Option<f64>,
}

/// Why there is no control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoControl {
    /// No unit is treated, or no time has an outcome of every treated unit.
    NoTreated,
    /// No comparator has an outcome at every time used.
    NoDonors,
    /// No time lies before the start.
    NoBefore,
    /// Treated units start at different times: one control cannot serve them together.
    Staggered,
    /// Numbers too large to compute with.
    NotFinite,
}

impl fmt::Display for NoControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTreated => "no time has an outcome of every treated unit",
            Self::NoDonors => "no comparator has an outcome at every time the treated have",
            Self::NoBefore => "no time before the start has an outcome of every treated unit",
            Self::Staggered => "treated units start at different times; make a control for each start",
            Self::NotFinite => "a number is too large to compute with",
        })
    }
}

impl core::error::Error for NoControl {}

impl Study {
    /// The study a panel holds: all its treated units, with all comparators as donors.
    ///
    /// # Errors
    /// Treated units with different starts; no treated, no donors, nothing before the start.
    pub fn of(panel: &Panel) -> Result<Self, NoControl> {
        let treated: Vec<&Unit> = panel.treated().collect();
        if panel.is_staggered() {
            return Err(NoControl::Staggered);
        }
        let start = treated.first().and_then(|unit| unit.start).unwrap_or(panel.periods().len());
        let everyone = |period: &usize| treated.iter().all(|unit| unit.outcome(*period).is_some());
        let used: Vec<usize> = match treated.is_empty() {
            true => Vec::new(),
            false => (0..panel.periods().len()).filter(everyone).collect(),
        };
        if used.is_empty() {
            return Err(NoControl::NoTreated);
        }
        let outcomes = |unit: &Unit| used.iter().map(|&period| unit.outcome(period)).collect::<Option<Vec<f64>>>();
        let treated_units: Vec<Vec<f64>> = treated.iter().filter_map(|unit| outcomes(unit)).collect();
        let mut study = Self {
            periods: used.iter().map(|&period| panel.periods()[period]).collect(),
            before: used.iter().filter(|&&period| period < start).count(),
            treated: mean(&treated_units.iter().map(Vec::as_slice).collect::<Vec<_>>()),
            treated_units,
            donors: Vec::new(),
            outcomes: Vec::new(),
            left_out: Vec::new(),
        };
        for unit in panel.comparators() {
            match outcomes(unit) {
                None => study.left_out.push(unit.name.clone()),
                Some(outcomes) => {
                    study.donors.push(unit.name.clone());
                    study.outcomes.push(outcomes);
                }
            }
        }
        match (study.before, study.donors.len()) {
            (0, _) => Err(NoControl::NoBefore),
            (_, 0) => Err(NoControl::NoDonors),
            _ => Ok(study),
        }
    }

    /// The control for the treated average, of all donors.
    ///
    /// # Errors
    /// Numbers too large to compute with.
    pub fn control(&self) -> Result<Control, NoControl> {
        let donors: Vec<&[f64]> = self.outcomes.iter().map(Vec::as_slice).collect();
        Control::of(&self.treated, &donors, self.before)
    }
}

impl Control {
    /// The control for any target, with donors as long as it and the number of times before the start.
    pub(super) fn of(target: &[f64], donors: &[&[f64]], before: usize) -> Result<Self, NoControl> {
        let early: Vec<&[f64]> = donors.iter().map(|donor| &donor[..before]).collect();
        let weights = weights(&target[..before], &early).ok_or(NoControl::NotFinite)?;
        let gap = |(at, value): (usize, &f64)| {
            value - donors.iter().zip(&weights).map(|(donor, weight)| weight * donor[at]).sum::<f64>()
        };
        let gaps: Vec<f64> = target.iter().enumerate().map(gap).collect();
        let (early, late) = gaps.split_at(before);
        let squares = |gaps: &[f64]| gaps.iter().map(|gap| gap * gap).sum::<f64>();
        let objective = squares(early);
        let after = (!late.is_empty()).then_some(late.len() as f64);
        let control = Self {
            objective,
            error_before: libm::sqrt(objective / before as f64),
            error_after: after.map(|after| libm::sqrt(squares(late) / after)),
            effect: after.map(|after| late.iter().sum::<f64>() / after),
            weights,
            gaps,
        };
        let finite = control.objective.is_finite() && control.error_after.is_none_or(f64::is_finite);
        if finite { Ok(control) } else { Err(NoControl::NotFinite) }
    }
}

/// The mean of several units, one a time.
pub(super) fn mean(units: &[&[f64]]) -> Vec<f64> {
    let times = units.first().map_or(0, |unit| unit.len());
    (0..times).map(|time| units.iter().map(|unit| unit[time]).sum::<f64>() / units.len() as f64).collect()
}
