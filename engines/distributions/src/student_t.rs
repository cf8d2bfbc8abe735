//! Student's t distribution; it must never answer for degrees of freedom that are not above zero.

use crate::{beta, is_chance, is_shape};

/// The chance of a value up to t; NaN unless the degrees of freedom are above zero.
pub fn cdf(t: f64, freedom: f64) -> f64 {
    survival(-t, freedom)
}

/// The chance of a value above t. Abramowitz and Stegun 26.7.1: ½ I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0.
pub fn survival(t: f64, freedom: f64) -> f64 {
    if t.is_nan() || !is_shape(freedom) {
        return f64::NAN;
    }
    let outside = 0.5 * two_sided(t, freedom);
    if t >= 0.0 { outside } else { 1.0 - outside }
}

/// The chance of a value further from zero than t, on either side: the p-value of a two-sided test.
pub fn two_sided(t: f64, freedom: f64) -> f64 {
    if t.is_nan() || !is_shape(freedom) {
        return f64::NAN;
    }
    let ratio = t / libm::sqrt(freedom);
    let square = ratio * ratio;
    if square == f64::INFINITY {
        return 0.0;
    }
    // x = ν/(ν+t²) and its distance to one, each with all its digits.
    let (x, y) = (1.0 / (1.0 + square), square / (1.0 + square));
    beta::both(0.5 * freedom, 0.5, x, y).0
}

/// The value not exceeded with chance p; −∞ at 0, ∞ at 1.
pub fn quantile(p: f64, freedom: f64) -> f64 {
    if !is_chance(p) || !is_shape(freedom) {
        return f64::NAN;
    }
    let (tail, sign) = if p < 0.5 { (p, -1.0) } else { (1.0 - p, 1.0) };
    let inside = 2.0 * (0.5 - tail);
    let (x, y) = beta::inverse(0.5 * freedom, 0.5, 2.0 * tail, inside);
    sign * libm::sqrt(freedom) * libm::sqrt(y / x)
}

/// The value exceeded with chance p.
pub fn quantile_of_survival(p: f64, freedom: f64) -> f64 {
    -quantile(p, freedom)
}
