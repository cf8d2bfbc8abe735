//! What a funnel shows, and on which scale chance is even; it must never take the logarithm of a number below zero.

use crate::funnel::Trim;
use crate::interval::{is_count, is_part};

/// Events and what they are compared with: patients for a proportion, expected events for a ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    pub numerator: f64,
    pub denominator: f64,
}

impl Unit {
    /// Numerator over denominator.
    pub fn value(self) -> f64 {
        self.numerator / self.denominator
    }
}

/// What is compared, and how it is made even for dispersion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Part of a whole, on the arcsine-root scale; judged against the overall proportion.
    Proportion,
    /// Events over expected, on the logarithmic scale of the Summary Hospital-level Mortality Indicator; against one.
    ShmiRatio,
    /// Events over expected, on the root scale of the Care Quality Commission; against one.
    CqcRatio,
}

impl Measure {
    /// How the method's makers keep extreme units from setting the dispersion: 10% at each end, left out for the SHMI,
    /// pulled in for the others.
    pub const fn usual_trim(self) -> Trim {
        match self {
            Self::ShmiRatio => Trim::LeaveOut(0.1),
            Self::Proportion | Self::CqcRatio => Trim::PullIn(0.1),
        }
    }

    pub(super) fn takes(self, unit: Unit) -> bool {
        match self {
            Self::Proportion => is_part(unit.numerator, unit.denominator),
            Self::ShmiRatio | Self::CqcRatio => {
                is_count(unit.numerator) && is_count(unit.denominator) && unit.denominator > 0.0
            }
        }
    }

    /// What the units are judged against; none without any.
    pub(super) fn target(self, units: &[Unit]) -> Option<f64> {
        match self {
            Self::Proportion => {
                let numerators: f64 = units.iter().map(|unit| unit.numerator).sum();
                let denominators: f64 = units.iter().map(|unit| unit.denominator).sum();
                let target = numerators / denominators;
                target.is_finite().then_some(target.min(1.0))
            }
            Self::ShmiRatio | Self::CqcRatio => (!units.is_empty()).then_some(1.0),
        }
    }

    /// The scale on which a unit's standard error does not depend on its value.
    pub(super) fn scaled(self, value: f64) -> f64 {
        match self {
            Self::Proportion => libm::asin(libm::sqrt(value.clamp(0.0, 1.0))),
            Self::ShmiRatio => libm::log(value),
            Self::CqcRatio => libm::sqrt(value),
        }
    }

    pub(super) fn standard_error(self, unit: Unit) -> f64 {
        match self {
            Self::Proportion | Self::CqcRatio => 0.5 / libm::sqrt(unit.denominator),
            Self::ShmiRatio => 1.0 / libm::sqrt(unit.denominator),
        }
    }
}
