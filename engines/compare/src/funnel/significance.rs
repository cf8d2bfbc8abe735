//! The words PHE's tools put on a unit; it must never call a unit high or low that chance explains.

use core::fmt;

use hiec_distributions::gamma;
use hiec_distributions::normal;

use crate::funnel::limits::TAILS;
use crate::funnel::{Measure, Unit};

/// On which side of the group's average a unit lies, and how little chance explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Significance {
    /// Below, by chance at most once in a thousand.
    Low0_001,
    /// Below, by chance at most once in forty.
    Low0_025,
    NotSignificant,
    /// Above, by chance at most once in forty.
    High0_025,
    /// Above, by chance at most once in a thousand.
    High0_001,
}

impl Significance {
    /// The words of PHE's tools.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Low0_001 => "Low (0.001)",
            Self::Low0_025 => "Low (0.025)",
            Self::NotSignificant => "Not significant",
            Self::High0_025 => "High (0.025)",
            Self::High0_001 => "High (0.001)",
        }
    }

    fn of(is_below: [bool; 2], is_above: [bool; 2]) -> Self {
        match (is_below, is_above) {
            ([_, true], _) => Self::Low0_001,
            (_, [_, true]) => Self::High0_001,
            ([true, _], _) => Self::Low0_025,
            (_, [true, _]) => Self::High0_025,
            _ => Self::NotSignificant,
        }
    }
}

impl fmt::Display for Significance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl Measure {
    /// For a proportion, whether the average lies outside the unit's Wilson interval; for a ratio, whether so many events or
    /// more (or fewer) have so small a chance where E are expected.
    pub(super) fn significance(self, average: f64, unit: Unit) -> Significance {
        match self {
            Self::Proportion => {
                let apart = unit.value() - average;
                let error = libm::sqrt(average * (1.0 - average) / unit.denominator);
                let beyond = TAILS.map(|tail| apart.abs() > normal::quantile_of_survival(tail) * error);
                match apart < 0.0 {
                    true => Significance::of(beyond, [false; 2]),
                    false => Significance::of([false; 2], beyond),
                }
            }
            Self::ShmiRatio | Self::CqcRatio => {
                let (events, expected) = (unit.numerator, unit.denominator);
                let so_few = gamma::survival(events + 1.0, expected);
                let so_many = if events > 0.0 { gamma::cdf(events, expected) } else { 1.0 };
                Significance::of(TAILS.map(|tail| so_few < tail), TAILS.map(|tail| so_many < tail))
            }
        }
    }
}
