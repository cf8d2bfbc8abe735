//! An estimate with the range that holds the truth in so many of 100 such studies; it must never be narrower than its design allows.

use hiec_distributions::student_t;

/// An estimate and its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
    /// Between nought and one: 0.95 for 95%.
    pub confidence: f64,
}

impl Interval {
    /// From a standard error, by Student's distribution with so many degrees of freedom. None where the error is not a
    /// number, or there is no freedom.
    pub fn student(estimate: f64, error: f64, freedom: usize, confidence: f64) -> Option<Self> {
        let wide = student_t::quantile(0.5 + confidence / 2.0, freedom as f64) * error;
        let interval = Self { estimate, low: estimate - wide, high: estimate + wide, confidence };
        (interval.low.is_finite() && interval.high.is_finite()).then_some(interval)
    }

    /// Whether no effect at all lies within.
    pub fn holds_nought(&self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }

    /// Every number divided by one other, low and high in order. None where that is nought.
    pub fn over(&self, divisor: f64) -> Option<Self> {
        let [estimate, one, other] = [self.estimate, self.low, self.high].map(|value| value / divisor);
        let interval = Self { estimate, low: one.min(other), high: one.max(other), confidence: self.confidence };
        (interval.low.is_finite() && interval.high.is_finite()).then_some(interval)
    }
}
