//! The beta distribution: the regularised incomplete beta function and its inverse; it must never answer for shapes that are not above zero.

use crate::deviance::{beta_weight, log1p_less, short_of_mean};
use crate::gamma::never_zero;
use crate::solving::{Side, Tail, solve};
use crate::{is_chance, is_shape, normal, tail};

/// Where both shapes are above this, the tail is integrated: the fraction would need about √shape terms.
const LARGE: f64 = 2_000.0;

/// More than any question with a shape below [`LARGE`] needs.
const TERMS: u32 = 5_000;

/// I_x(a, b): the chance of a value up to x. NaN unless a and b are above zero and x is from 0 to 1.
pub fn cdf(a: f64, b: f64, x: f64) -> f64 {
    both(a, b, x, 1.0 - x).0
}

/// 1 − I_x(a, b): the chance of a value above x.
pub fn survival(a: f64, b: f64, x: f64) -> f64 {
    both(a, b, x, 1.0 - x).1
}

/// The value not exceeded with chance p: the inverse of [`cdf`].
pub fn quantile(a: f64, b: f64, p: f64) -> f64 {
    inverse(a, b, p, 1.0 - p).0
}

/// The value exceeded with chance p: the inverse of [`survival`].
pub fn quantile_of_survival(a: f64, b: f64, p: f64) -> f64 {
    inverse(a, b, 1.0 - p, p).0
}

/// Lower and upper tail at x, whose distance to 1 is given too so that neither loses digits.
pub(crate) fn both(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if !is_shape(a) || !is_shape(b) || !is_chance(x) || !is_chance(y) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if y == 0.0 {
        return (1.0, 0.0);
    }
    // The side of the mean on which the tail is the smaller one, and the fraction converges fast.
    if x * b <= y * a {
        let lower = lower(a, b, x, y);
        (lower, 1.0 - lower)
    } else {
        let upper = lower(b, a, y, x);
        (1.0 - upper, upper)
    }
}

/// The lower tail where x is at most the mean.
fn lower(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let value = if a.min(b) > LARGE { integrated(a, b, x, y) } else { fraction(a, b, x, y) };
    value.clamp(0.0, 1.0)
}

/// The continued fraction of A. R. DiDonato and A. H. Morris, *Significant digit computation of the incomplete beta
/// function ratios*, ACM TOMS 18 (1992) 360–373: the even part of DLMF 8.17.22, written in the distance to the mean and
/// in 1 − x so that nothing cancels. Lentz's method (1976) in the form of Thompson and Barnett (1986).
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let weight = beta_weight(a, b, x, y);
    if weight == 0.0 {
        return 0.0;
    }
    let distance = short_of_mean(a, b, x, y);
    let mut below = a / (a + 1.0) * (distance + 1.0);
    let mut d = 1.0 / never_zero(below);
    let mut c = f64::MAX;
    let mut value = d;
    for n in 1..=TERMS {
        let n = f64::from(n);
        let place = a + 2.0 * n - 1.0;
        let lean = n * (b - n) * x / place;
        let above = (a + n - 1.0) / place * (a + b + n - 1.0) * lean * x;
        below = n + lean + (a + n) / (place + 2.0) * (distance + 1.0 + n * (1.0 + y));
        d = 1.0 / never_zero(above * d + below);
        c = never_zero(below + above / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    weight * value
}

/// By quadrature: with t = x(1 − s) the density beside that at x is
/// exp((a − 1)(ln(1 − s) + s) + (b − 1)(ln(1 + sx/y) − sx/y) − s((a − 1) − (b − 1)x/y)).
fn integrated(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let odds = x / y;
    let slope = (short_of_mean(a, b, x, y) - (y - x)) / y;
    let bend = (a - 1.0) + (b - 1.0) * odds * odds;
    // Between mode and mean the curve first rises by less than one part in a shape: no harm to a rule of sixteen points.
    let area = tail::area(slope.max(0.0), bend, 1.0, |s| {
        (a - 1.0) * log1p_less(-s) + (b - 1.0) * log1p_less(s * odds) - s * slope
    });
    beta_weight(a, b, x, y) / y * area
}

/// The point whose lower tail is p and upper tail q, and its distance to 1.
pub(crate) fn inverse(a: f64, b: f64, p: f64, q: f64) -> (f64, f64) {
    if !is_shape(a) || !is_shape(b) || !is_chance(p) || !is_chance(q) {
        return (f64::NAN, f64::NAN);
    }
    if p == 0.0 {
        return (0.0, 1.0);
    }
    if q == 0.0 {
        return (1.0, 0.0);
    }
    // In log odds both ends are far away, and both x and 1 − x keep their digits.
    let point = |w: f64| (1.0 / (1.0 + libm::exp(-w)), 1.0 / (1.0 + libm::exp(w)));
    let slope = |x: f64, y: f64| if x > 0.0 && y > 0.0 { beta_weight(a, b, x, y) } else { 0.0 };
    // Log odds are nearly normal where both shapes are large.
    let z = if p <= q { normal::quantile(p) } else { -normal::quantile(q) };
    let start = libm::log(a / b) + z * libm::sqrt(1.0 / a + 1.0 / b);
    let w = if p <= q {
        solve(libm::log(p), start, ENDS, Side::Rising, |w| {
            let (x, y) = point(w);
            Tail::new(both(a, b, x, y).0, slope(x, y))
        })
    } else {
        solve(libm::log(q), start, ENDS, Side::Falling, |w| {
            let (x, y) = point(w);
            Tail::new(both(a, b, x, y).1, -slope(x, y))
        })
    };
    if w <= ENDS[0] + 1e-9 {
        return (0.0, 1.0);
    }
    if w >= ENDS[1] - 1e-9 {
        return (1.0, 0.0);
    }
    point(w)
}

/// Log odds beyond which the smaller side is no longer a normal double-precision number.
const ENDS: [f64; 2] = [-709.0, 709.0];
