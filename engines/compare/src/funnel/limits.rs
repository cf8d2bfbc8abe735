//! A funnel's limits at a unit's own size; it must never cut them where the method does not.

use hiec_distributions::gamma;

use crate::Interval;
use crate::funnel::{Measure, Unit};

/// The normal deviate of the 95% limits, with the six decimals the common package types.
pub const Z95: f64 = 1.959964;
/// The normal deviate of the 99.8% limits, likewise.
pub const Z998: f64 = 3.090232;

/// The chance left on each side of the limits.
pub(super) const TAILS: [f64; 2] = [0.025, 0.001];

/// Inner and outer limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// 95%: one unit in twenty lies outside by chance.
    pub p95: Interval,
    /// 99.8%: one unit in five hundred.
    pub p998: Interval,
}

impl Measure {
    /// The limits of chance alone: for a proportion on the arcsine-root scale, for a ratio exact,
    /// χ²(tail; 2E)/2E to χ²(1 − tail; 2E + 2)/2E for E expected.
    pub(super) fn limits(self, target: f64, unit: Unit, s: f64) -> Limits {
        match self {
            Self::Proportion => self.adjusted_limits(target, s),
            Self::ShmiRatio | Self::CqcRatio => {
                let expected = unit.denominator;
                let [p95, p998] = TAILS.map(|tail| Interval {
                    lower: gamma::quantile(expected, tail) / expected,
                    upper: gamma::quantile_of_survival(expected + 1.0, tail) / expected,
                });
                Limits { p95, p998 }
            }
        }
    }

    /// target ∓ 1.96 (3.09) times a standard error on the measure's scale, and back from it.
    ///
    /// On the Care Quality Commission's root scale the limits are left as they are, not squared, as the common package
    /// prints them: read them as √(events / expected).
    pub(super) fn adjusted_limits(self, target: f64, error: f64) -> Limits {
        let centre = self.scaled(target);
        let [p95, p998] = [Z95, Z998]
            .map(|z| Interval { lower: self.unscaled(centre - z * error), upper: self.unscaled(centre + z * error) });
        Limits { p95, p998 }
    }

    fn unscaled(self, scaled: f64) -> f64 {
        match self {
            Self::Proportion => {
                // Beyond a quarter turn there is no proportion: the limit is at the end.
                let sine = libm::sin(scaled.clamp(0.0, core::f64::consts::FRAC_PI_2));
                sine * sine
            }
            Self::ShmiRatio => libm::exp(scaled),
            Self::CqcRatio => scaled,
        }
    }
}
