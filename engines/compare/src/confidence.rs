//! How sure an interval shall be; it must never be outside 0 to 1.

use hiec_distributions::normal;

/// The share of such intervals that hold what they are about: above 0 and below 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// 95%: one interval in twenty misses.
    pub const P95: Self = Self(0.95);
    /// 99.8%: one in five hundred misses; the outer limit of a funnel.
    pub const P998: Self = Self(0.998);

    /// None unless the share is above 0 and below 1.
    pub fn new(share: f64) -> Option<Self> {
        (share > 0.0 && share < 1.0).then_some(Self(share))
    }

    /// The share itself.
    pub const fn share(self) -> f64 {
        self.0
    }

    /// The chance left on each side.
    pub const fn tail(self) -> f64 {
        0.5 * (1.0 - self.0)
    }

    /// The normal deviate that leaves this chance on each side: 1.96 for 95%.
    pub fn z(self) -> f64 {
        normal::quantile_of_survival(self.tail())
    }

    /// The confidence each of so many intervals needs for all of them to hold together (Šidák 1967, for independent ones).
    pub fn for_each_of(self, intervals: usize) -> Self {
        let share = libm::pow(self.0, 1.0 / intervals.max(1) as f64);
        // So many intervals that the share rounds to one still get an interval that is not the whole line.
        Self(share.min(1.0 - f64::EPSILON))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_share_is_a_confidence() {
        for not in [0.0, 1.0, -0.95, 95.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Confidence::new(not), None);
        }
        assert_eq!(Confidence::new(0.95), Some(Confidence::P95));
        assert!((Confidence::P95.z() - 1.959_963_984_540_054).abs() < 1e-14);
    }

    #[test]
    fn many_intervals_need_more_each() {
        let each = Confidence::P95.for_each_of(10);
        assert!((libm::pow(each.share(), 10.0) - 0.95).abs() < 1e-15);
        assert_eq!(Confidence::P95.for_each_of(0), Confidence::P95);
        assert!(Confidence::P95.for_each_of(usize::MAX).z().is_finite());
    }
}
