//! The chi-square distribution; it must never answer for degrees of freedom that are not above zero.

use crate::gamma;

/// The chance of a value up to x; NaN unless the degrees of freedom are above zero.
pub fn cdf(x: f64, freedom: f64) -> f64 {
    gamma::cdf(0.5 * freedom, 0.5 * x)
}

/// The chance of a value above x: the p-value of a test.
pub fn survival(x: f64, freedom: f64) -> f64 {
    gamma::survival(0.5 * freedom, 0.5 * x)
}

/// The value not exceeded with chance p.
pub fn quantile(p: f64, freedom: f64) -> f64 {
    2.0 * gamma::quantile(0.5 * freedom, p)
}

/// The value exceeded with chance p.
pub fn quantile_of_survival(p: f64, freedom: f64) -> f64 {
    2.0 * gamma::quantile_of_survival(0.5 * freedom, p)
}
