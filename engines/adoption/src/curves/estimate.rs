//! A fitted number and its certainty; it must never claim a range it has no error for.

use hiec_distributions::student_t;

/// A fitted number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    /// Its standard error; none where the number was given, or where the data do not tell.
    pub error: Option<f64>,
}

impl Estimate {
    /// The range that holds the true number in so many of 100 such studies, on a logarithmic scale, so that it stays above
    /// nought. `freedom` is the number of counts beyond those the curve's unknowns use up.
    pub fn range(&self, confidence: f64, freedom: usize) -> Option<(f64, f64)> {
        let error = self.error?;
        let wide = student_t::quantile(0.5 + confidence / 2.0, freedom as f64) * error / self.value;
        let (low, high) = (self.value * libm::exp(-wide), self.value * libm::exp(wide));
        (low.is_finite() && high.is_finite()).then_some((low, high))
    }
}
