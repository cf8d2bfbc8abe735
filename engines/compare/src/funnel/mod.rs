//! Funnels: whether a unit differs from the others by more than chance, and whether all of them do; it must never judge a unit without a denominator.
//!
//! Two traditions meet here, and the columns of the command name both. PHE's tools draw exact limits and label each unit
//! against them. Spiegelhalter's method asks first whether the units differ among themselves by more than chance, and
//! widens the limits by as much: D. J. Spiegelhalter, *Funnel plots for comparing institutional performance*, Statistics
//! in Medicine 24 (2005) 1185–1202; D. J. Spiegelhalter et al., *Statistical methods for healthcare regulation*, JRSS A
//! 175 (2012) 1–47.

mod dispersion;
mod limits;
mod lines;
mod measure;
mod significance;
mod trimming;

pub use dispersion::Dispersion;
pub use limits::{Limits, Z95, Z998};
pub use lines::{Line, Lines, proportion_line, ratio_line};
pub use measure::{Measure, Unit};
pub use significance::Significance;
pub use trimming::Trim;

use alloc::vec::Vec;

use crate::funnel::trimming::trimmed;

/// A unit beside the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Numerator over denominator.
    pub value: f64,
    /// How many standard errors from the target, on the measure's scale; −∞ for the logarithm of none.
    pub z: f64,
    /// z as it went into the dispersion: pulled in, or none where the unit was left out.
    pub trimmed: Option<f64>,
    /// The standard error on the measure's scale.
    pub s: f64,
    /// Limits of chance alone.
    pub limits: Limits,
    /// Limits of chance and of how much the units differ anyway.
    pub adjusted: Limits,
    pub significance: Significance,
}

/// All units of one measure, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// The overall proportion, or one for a ratio; none where nothing has a denominator.
    pub target: Option<f64>,
    pub dispersion: Dispersion,
    /// In the order given; none for a unit without a denominator.
    pub units: Vec<Option<Judged>>,
}

impl Funnel {
    /// Judges units against their overall proportion, or against one for ratios.
    ///
    /// A unit counts where its denominator is above 0 and its numerator at least 0 (and, for a proportion, at most the
    /// denominator); the others are left out and get nothing.
    pub fn of(measure: Measure, units: &[Unit], trim: Trim) -> Self {
        let usable: Vec<Unit> = units.iter().copied().filter(|unit| measure.takes(*unit)).collect();
        let Some(target) = measure.target(&usable) else {
            return Self { target: None, dispersion: Dispersion::NONE, units: units.iter().map(|_| None).collect() };
        };
        let errors: Vec<f64> = usable.iter().map(|unit| measure.standard_error(*unit)).collect();
        let z: Vec<f64> = usable
            .iter()
            .zip(&errors)
            .map(|(unit, s)| (measure.scaled(unit.value()) - measure.scaled(target)) / s)
            .collect();
        let trimmed = trimmed(&z, trim);
        let dispersion = Dispersion::of(&trimmed, &errors);
        let mut judged = usable.iter().zip(errors).zip(z).zip(trimmed).map(|(((unit, s), z), trimmed)| Judged {
            value: unit.value(),
            z,
            trimmed,
            s,
            limits: measure.limits(target, *unit, s),
            adjusted: measure.adjusted_limits(target, libm::sqrt(s * s + dispersion.tau2)),
            significance: measure.significance(target, *unit),
        });
        let units = units.iter().map(|unit| if measure.takes(*unit) { judged.next() } else { None }).collect();
        Self { target: Some(target), dispersion, units }
    }
}

#[cfg(test)]
mod tests;
