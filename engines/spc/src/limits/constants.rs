//! Constants of charts of subgroups, computed from the gamma function; there is none for a single measurement.

use hiec_distributions::ln_gamma;

/// From here on the series is closer than the gamma function's logarithm, whose error grows with its size.
const LARGE: f64 = 100.0;

/// The standard deviation of so many normal measurements is, on average, this share of the true one:
/// √(2/(n−1)) Γ(n/2) / Γ((n−1)/2). Nothing below two measurements. Source: Montgomery, *Introduction to Statistical
/// Quality Control* (7th edition, 2013), section 6.3 and appendix VI.
pub(super) fn c4(size: f64) -> Option<f64> {
    if size >= LARGE {
        let x = 2.0 / (size - 1.0);
        // Γ(a + 1/2) / (Γ(a) √a) by descending powers of a (Abramowitz and Stegun 1964, 6.1.47), x = 1/a.
        let series = [-399.0 / 262_144.0, -21.0 / 32_768.0, 5.0 / 1024.0, 1.0 / 128.0, -1.0 / 8.0, 1.0];
        return Some(series.into_iter().fold(0.0, |sum, term| sum * x + term));
    }
    (size >= 2.0)
        .then(|| libm::sqrt(2.0 / (size - 1.0)) * libm::exp(ln_gamma(size / 2.0) - ln_gamma((size - 1.0) / 2.0)))
}

/// How far the square of c4 falls short of one: the variance of a standard deviation, for a true one of one.
pub(super) fn one_less_c4_squared(size: f64) -> Option<f64> {
    c4(size).map(|c4| (1.0 - c4) * (1.0 + c4))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// c4, A3, B3, B4 as Montgomery's appendix VI prints them.
    const PRINTED: [(f64, f64, f64, f64, f64); 9] = [
        (2.0, 0.7979, 2.659, 0.0, 3.267),
        (3.0, 0.8862, 1.954, 0.0, 2.568),
        (4.0, 0.9213, 1.628, 0.0, 2.266),
        (5.0, 0.9400, 1.427, 0.0, 2.089),
        (6.0, 0.9515, 1.287, 0.030, 1.970),
        (7.0, 0.9594, 1.182, 0.118, 1.882),
        (10.0, 0.9727, 0.975, 0.284, 1.716),
        (15.0, 0.9823, 0.789, 0.428, 1.572),
        (25.0, 0.9896, 0.606, 0.565, 1.435),
    ];

    #[test]
    fn as_the_book_prints_them() {
        for (size, printed, a3, b3, b4) in PRINTED {
            let c4 = c4(size).unwrap();
            let spread = 3.0 * one_less_c4_squared(size).unwrap().sqrt() / c4;
            assert!((c4 - printed).abs() <= 0.00005, "c4({size}) = {c4}");
            assert!((3.0 / (c4 * size.sqrt()) - a3).abs() <= 0.0006, "A3({size})");
            assert!(((1.0 - spread).max(0.0) - b3).abs() <= 0.0006, "B3({size}) = {}", 1.0 - spread);
            assert!((1.0 + spread - b4).abs() <= 0.0006, "B4({size}) = {}", 1.0 + spread);
        }
    }

    #[test]
    fn known_exactly_where_the_gamma_function_is() {
        // Γ(1) / Γ(1/2) and Γ(3/2) / Γ(1).
        assert!((c4(2.0).unwrap() - (2.0 / core::f64::consts::PI).sqrt()).abs() < 1e-14);
        assert!((c4(3.0).unwrap() - core::f64::consts::PI.sqrt() / 2.0).abs() < 1e-14);
        assert_eq!(c4(1.0), None);
        assert_eq!(c4(f64::NAN), None);
    }

    #[test]
    fn both_ways_meet() {
        let by_gamma =
            |size: f64| (2.0 / (size - 1.0)).sqrt() * (ln_gamma(size / 2.0) - ln_gamma((size - 1.0) / 2.0)).exp();
        for size in [100.0, 150.0, 400.0] {
            assert!((c4(size).unwrap() - by_gamma(size)).abs() < 1e-12, "{size}");
        }
        // The recurrence of the gamma function: c4(n) c4(n+1) = √((n−1)/n).
        for size in [7.0, 60.0, 99.0, 100.0, 5000.0] {
            let product = c4(size).unwrap() * c4(size + 1.0).unwrap();
            assert!((product - ((size - 1.0) / size).sqrt()).abs() < 1e-13, "{size}");
        }
    }
}
