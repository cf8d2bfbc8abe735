//! What is left when large logarithms cancel, computed so that digits survive; it must never subtract two large numbers.
//!
//! Densities of the gamma and beta kind are products of huge and tiny factors. Loader writes them as a normal-like
//! factor, a deviance and Stirling's error, none of which loses digits: C. Loader, *Fast and accurate computation of
//! binomial probabilities* (2000).

use core::f64::consts::PI;

/// ln Γ(x) for x above zero; NaN elsewhere.
pub fn ln_gamma(x: f64) -> f64 {
    if x > 0.0 { libm::lgamma(x) } else { f64::NAN }
}

/// ln(1 + u) − u, for u above −1, with full relative accuracy near zero.
///
/// With r = u/(2 + u), ln(1 + u) is 2(r + r³/3 + r⁵/5 + …) and 2r − u is −u·r, so nothing cancels
/// (Abramowitz and Stegun 4.1.27).
pub fn log1p_less(u: f64) -> f64 {
    if u == f64::INFINITY {
        return -u;
    }
    if !(-0.5..=0.5).contains(&u) {
        return libm::log1p(u) - u;
    }
    let r = u / (2.0 + u);
    let square = r * r;
    // |r| is at most 1/3, so twenty terms end far below the last digit; seven do where it is at most a tenth that.
    let terms = if square < 1e-3 { RECIPROCALS.get(..7) } else { RECIPROCALS.get(..) };
    let sum = terms.into_iter().flatten().rev().fold(0.0, |sum, term| sum * square + term);
    2.0 * r * square * sum - u * r
}

/// 1/3, 1/5, 1/7, …
const RECIPROCALS: [f64; 20] = {
    let mut reciprocals = [0.0; 20];
    let mut at = 0;
    while at < 20 {
        reciprocals[at] = 1.0 / (2 * at + 3) as f64;
        at += 1;
    }
    reciprocals
};

/// x ln(x/m) + m − x: how far x lies from a mean m, never negative. Both must be above zero; `beyond` is m − x, which
/// the caller may know better than their difference.
fn deviance(x: f64, mean: f64, beyond: f64) -> f64 {
    let u = beyond / x;
    if u > -0.5 {
        return -x * log1p_less(u);
    }
    let ratio = x / mean;
    let ln = if ratio < f64::INFINITY { libm::log(ratio) } else { libm::log(x) - libm::log(mean) };
    x * ln + beyond
}

/// ln Γ(x + 1) less Stirling's formula for it: ½ ln 2πx + x ln x − x. For x above zero.
pub(crate) fn stirling_error(x: f64) -> f64 {
    if x < 15.0 {
        return libm::lgamma(x + 1.0) - (x + 0.5) * libm::log(x) + x - 0.5 * libm::log(2.0 * PI);
    }
    // Abramowitz and Stegun 6.1.40.
    const TERMS: [f64; 6] = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];
    let square = (1.0 / x) * (1.0 / x);
    TERMS.iter().rev().fold(0.0, |sum, term| sum * square + term) / x
}

/// x^a e^−x / Γ(a + 1), for a and x above zero: Poisson's chance of a events where x are expected, for any real a.
pub(crate) fn gamma_weight(a: f64, x: f64) -> f64 {
    libm::exp(-stirling_error(a) - deviance(a, x, x - a)) / libm::sqrt(2.0 * PI * a)
}

/// x^a y^b / B(a, b), where y is 1 − x; a, b, x and y above zero.
pub(crate) fn beta_weight(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let error = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let beyond = -short_of_mean(a, b, x, y);
    let apart = deviance(a, n * x, beyond) + deviance(b, n * y, -beyond);
    // ab/n times the binomial weight, whose root is √(n / 2πab); written so that neither overflows.
    libm::exp(error - apart) * libm::sqrt(a / n) * libm::sqrt(b) / libm::sqrt(2.0 * PI)
}

/// a − (a + b)x, from whichever of x and y = 1 − x is the smaller and so known to its last digit.
///
/// Fused, because the product's own rounding would be multiplied by the square root of the shapes.
pub(crate) fn short_of_mean(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let (large, small) = if a > b { (a, b) } else { (b, a) };
    let n = a + b;
    let lost = small - (n - large);
    if x <= y { libm::fma(-n, x, a) - lost * x } else { libm::fma(n, y, -b) + lost * y }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_logarithm_keeps_its_digits() {
        // mpmath 1.4.1, 50 digits.
        for (u, known) in [
            (1e-10, -4.999_999_999_666_667e-21),
            (-1e-5, -5.000_033_333_583_336e-11),
            (0.01, -4.966_914_683_191_715e-5),
            (0.5, -0.094_534_891_891_835_62),
            (-0.5, -0.193_147_180_559_945_3),
            (3.0, -1.613_705_638_880_109_4),
        ] {
            assert!((log1p_less(u) / known - 1.0).abs() < 4e-15, "{u}: {} is not {known}", log1p_less(u));
        }
        assert_eq!(log1p_less(0.0), 0.0);
    }

    #[test]
    fn both_ways_to_the_error_of_stirling_meet() {
        let direct = libm::lgamma(16.0) - 15.5 * libm::log(15.0) + 15.0 - 0.5 * libm::log(2.0 * PI);
        assert!((stirling_error(15.0) - direct).abs() < 2e-14);
        // Abramowitz and Stegun 6.1.41 at x = 1: 1 − ½ ln 2π.
        assert!((stirling_error(1.0) - 0.081_061_466_795_327_26).abs() < 1e-15);
    }
}
