//! The gamma distribution with scale one: the regularised incomplete gamma functions and their inverses; it must never answer for a shape that is not above zero.

use crate::deviance::{gamma_weight, log1p_less};
use crate::solving::{Side, Tail, solve};
use crate::{is_chance, is_shape, normal, tail, uniform};

/// Above this shape the tail is integrated: series and fraction would need about √shape terms.
const LARGE: f64 = 2_000.0;

/// More than any shape below [`LARGE`] needs.
const TERMS: u32 = 5_000;

/// P(a, x) = γ(a, x) / Γ(a): the chance of a value up to x. NaN unless a is above zero.
pub fn cdf(shape: f64, x: f64) -> f64 {
    both(shape, x).0
}

/// Q(a, x) = 1 − P(a, x): the chance of a value above x. NaN unless a is above zero.
pub fn survival(shape: f64, x: f64) -> f64 {
    both(shape, x).1
}

/// The value not exceeded with chance p: the inverse of [`cdf`]. NaN unless a is above zero and p a chance.
pub fn quantile(shape: f64, p: f64) -> f64 {
    inverse(shape, p, 1.0 - p)
}

/// The value exceeded with chance p: the inverse of [`survival`].
pub fn quantile_of_survival(shape: f64, p: f64) -> f64 {
    inverse(shape, 1.0 - p, p)
}

/// P and Q, the smaller of the two computed as such.
fn both(a: f64, x: f64) -> (f64, f64) {
    if !is_shape(a) || x.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    if let Some(tails) = uniform::both(a, x) {
        return tails;
    }
    let (is_lower, one) = match a >= LARGE {
        true => (x < a, integrated(a, x)),
        false if x < a + 1.0 => (true, series(a, x)),
        false => (false, fraction(a, x)),
    };
    let one = one.clamp(0.0, 1.0);
    if is_lower { (one, 1.0 - one) } else { (1.0 - one, one) }
}

/// P by its power series, DLMF 8.11.4.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..=TERMS {
        term *= x / (a + f64::from(n));
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    gamma_weight(a, x) * sum
}

/// Q by its continued fraction, DLMF 8.9.2 contracted to its even part; Lentz's method (1976) in the form of Thompson and Barnett (1986).
fn fraction(a: f64, x: f64) -> f64 {
    let weight = gamma_weight(a, x);
    if weight == 0.0 {
        return 0.0;
    }
    let mut below = x + 1.0 - a;
    let mut c = f64::MAX;
    let mut d = 1.0 / below;
    let mut value = d;
    for n in 1..=TERMS {
        let n = f64::from(n);
        let above = n * (a - n);
        below += 2.0;
        d = 1.0 / never_zero(above * d + below);
        c = never_zero(below + above / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    a * weight * value
}

/// The smaller side by quadrature: with t = x(1 + u) the density beside that at x is
/// exp((a − 1)(ln(1 + u) − u) + u(a − 1 − x)).
fn integrated(a: f64, x: f64) -> f64 {
    let bend = a - 1.0;
    let side = if x < a { -1.0 } else { 1.0 };
    // Between mode and mean the curve first rises by less than 1/a: no harm to a rule of sixteen points.
    let slope = ((x - bend) * side).max(0.0);
    let end = if x < a { 1.0 } else { f64::INFINITY };
    let area = tail::area(slope, bend, end, |s| {
        let u = side * s;
        bend * log1p_less(u) + u * (bend - x)
    });
    a * gamma_weight(a, x) * area
}

pub(crate) fn never_zero(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { x }
}

fn inverse(a: f64, p: f64, q: f64) -> f64 {
    if !is_shape(a) || !is_chance(p) || !is_chance(q) {
        return f64::NAN;
    }
    if p == 0.0 {
        return 0.0;
    }
    if q == 0.0 {
        return f64::INFINITY;
    }
    let is_lower = p <= q;
    let wanted = libm::log(if is_lower { p } else { q });
    // The logarithm of x beside the shape, which for a large shape is finer than that of x.
    let ln_shape = libm::log(a);
    let ends = ENDS.map(|end| end - ln_shape);
    let side = if is_lower { Side::Rising } else { Side::Falling };
    let w = solve(wanted, start(a, p, q) - ln_shape, ends, side, |w| {
        let x = a * libm::exp(w);
        let weight = if x > 0.0 { a * gamma_weight(a, x) } else { 0.0 };
        if is_lower { Tail::new(cdf(a, x), weight) } else { Tail::new(survival(a, x), -weight) }
    });
    if w <= ends[0] + 1e-9 { 0.0 } else { a * libm::exp(w) }
}

/// The logarithms of the smallest and the largest double-precision number.
const ENDS: [f64; 2] = [-745.0, 709.78];

/// The logarithm of a first guess: Wilson and Hilferty (1931), or the first term of the series where that is no number.
fn start(a: f64, p: f64, q: f64) -> f64 {
    let z = if p <= q { normal::quantile(p) } else { -normal::quantile(q) };
    let ninth = 1.0 / (9.0 * a);
    let root = 1.0 - ninth + z * libm::sqrt(ninth);
    if a > 0.5 && root > 0.1 {
        return libm::log(a) + 3.0 * libm::log(root);
    }
    let small = (libm::log(p) + libm::lgamma(a + 1.0)) / a;
    if small < 0.0 { small } else { libm::log(a + 1.0 - libm::log(q)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three ways to the same tails, each where two of them hold.
    #[test]
    fn series_expansion_and_quadrature_meet() {
        for a in [100.0, 150.5, 400.0, 1_000.0, 1_999.0, 5_000.0, 123_456.0] {
            for deviations in [-13.0, -6.0, -2.0, -0.1, 0.0, 0.3, 3.0, 12.0] {
                let x = a + deviations * libm::sqrt(a);
                let Some((lower, upper)) = uniform::both(a, x) else { continue };
                let (one, other) = if x < a { (lower, series(a, x)) } else { (upper, fraction(a, x)) };
                assert!((one / other - 1.0).abs() < 1e-12, "{a} {x}: {one:e} {other:e}");
                let other = integrated(a, x);
                assert!((one / other - 1.0).abs() < 1e-12, "{a} {x}: {one:e} {other:e}");
            }
        }
    }
}
