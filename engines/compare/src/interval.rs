//! What a proportion or a count may really be, seen from one sample; it must never reach below 0 or, for a proportion, above 1.

use hiec_distributions::{beta, gamma};

use crate::Confidence;

/// A lower and an upper limit, the lower never above the upper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub lower: f64,
    pub upper: f64,
}

impl Interval {
    /// Both limits multiplied by a factor that is not negative.
    pub fn times(self, factor: f64) -> Self {
        Self { lower: self.lower * factor, upper: self.upper * factor }
    }

    /// Whether a value lies within, the limits included.
    pub fn holds(self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// Below so many events PHE's tools take the exact interval, from it on Byar's.
pub const FEWEST_FOR_BYAR: f64 = 10.0;

/// How the interval of a count was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The Poisson distribution itself, through chi-square.
    Exact,
    /// Byar's approximation to it.
    Byar,
}

/// Wilson's score interval for x of n: E. B. Wilson, JASA 22 (1927) 209–212.
///
/// (2x + z² ∓ z√(z² + 4x(1 − x/n))) / (2(n + z²)); the lower limit is multiplied out so that it keeps its digits for
/// small x. None unless n is above 0 and x between 0 and n.
pub fn wilson(x: f64, n: f64, confidence: Confidence) -> Option<Interval> {
    if !is_part(x, n) {
        return None;
    }
    let z = confidence.z();
    let square = z * z;
    let root = z * libm::sqrt(square + 4.0 * x * (1.0 - x / n));
    let sum = 2.0 * x + square + root;
    let lower = 2.0 * x * (x / n) / sum;
    // With next to no confidence both limits are one point, and each is rounded its own way.
    Some(Interval { lower, upper: (0.5 * sum / (n + square)).max(lower).min(1.0) })
}

/// The exact interval for x of n: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413.
///
/// None unless n is above 0 and x between 0 and n.
pub fn exact_proportion(x: f64, n: f64, confidence: Confidence) -> Option<Interval> {
    if !is_part(x, n) {
        return None;
    }
    let tail = confidence.tail();
    let lower = if x > 0.0 { beta::quantile(x, n - x + 1.0, tail) } else { 0.0 };
    let upper = if x < n { beta::quantile_of_survival(x + 1.0, n - x, tail) } else { 1.0 };
    Some(Interval { lower, upper })
}

/// Byar's approximation to the interval of a Poisson count: N. E. Breslow and N. E. Day, *Statistical methods in cancer
/// research* II (1987) 69.
///
/// x(1 − 1/(9x) − z/(3√x))³ to (x + 1)(1 − 1/(9(x + 1)) + z/(3√(x + 1)))³. Rough for small counts: [`count`] takes it from
/// ten events on. None unless x is at least 0.
pub fn byar(x: f64, confidence: Confidence) -> Option<Interval> {
    if !is_count(x) {
        return None;
    }
    let z = confidence.z();
    let limit = |x: f64, z: f64| {
        let root = (1.0 - 1.0 / (9.0 * x) + z / (3.0 * libm::sqrt(x))).max(0.0);
        x * root * root * root
    };
    let lower = if x > 0.0 { limit(x, -z) } else { 0.0 };
    Some(Interval { lower, upper: limit(x + 1.0, z) })
}

/// The exact interval of a Poisson count: F. Garwood, Biometrika 28 (1936) 437–442, through chi-square.
///
/// χ²(tail; 2x)/2 to χ²(1 − tail; 2x + 2)/2. None unless x is at least 0.
pub fn exact_count(x: f64, confidence: Confidence) -> Option<Interval> {
    if !is_count(x) {
        return None;
    }
    let tail = confidence.tail();
    let lower = if x > 0.0 { gamma::quantile(x, tail) } else { 0.0 };
    Some(Interval { lower, upper: gamma::quantile_of_survival(x + 1.0, tail) })
}

/// The interval of a count as PHE's tools choose it: exact below ten events, else Byar's.
pub fn count(x: f64, confidence: Confidence) -> Option<(Interval, Method)> {
    if x < FEWEST_FOR_BYAR {
        exact_count(x, confidence).map(|interval| (interval, Method::Exact))
    } else {
        byar(x, confidence).map(|interval| (interval, Method::Byar))
    }
}

/// Whether this can be a count, or an expected one.
pub(crate) fn is_count(x: f64) -> bool {
    (0.0..f64::INFINITY).contains(&x)
}

/// Whether x can be a part of a whole of n.
pub(crate) fn is_part(x: f64, n: f64) -> bool {
    n > 0.0 && is_count(n) && x >= 0.0 && x <= n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_exact_limits_are_met() {
        // Pearson and Hartley, Biometrika tables I, table 40: limits for an observed count, 95%.
        for (x, lower, upper) in [(0.0, 0.0, 3.69), (1.0, 0.0253, 5.57), (5.0, 1.62, 11.67), (10.0, 4.80, 18.39)] {
            let found = exact_count(x, Confidence::P95).unwrap();
            assert!((found.lower - lower).abs() < 0.005 && (found.upper - upper).abs() < 0.005, "{x}: {found:?}");
        }
        // Clopper and Pearson: 0 of 10 has 1 − 0.025^(1/10) above it; 5 of 10 is 18.7% to 81.3%.
        let none = exact_proportion(0.0, 10.0, Confidence::P95).unwrap();
        assert_eq!(none.lower, 0.0);
        assert!((none.upper - (1.0 - 0.025_f64.powf(0.1))).abs() < 1e-14);
        let half = exact_proportion(5.0, 10.0, Confidence::P95).unwrap();
        assert!((half.lower - 0.187).abs() < 0.0005 && (half.upper - 0.813).abs() < 0.0005);
    }

    #[test]
    fn what_is_no_proportion_has_no_interval() {
        for (x, n) in
            [(0.0, 0.0), (1.0, 0.0), (2.0, 1.0), (-1.0, 3.0), (f64::NAN, 3.0), (1.0, f64::NAN), (1.0, f64::INFINITY)]
        {
            assert_eq!(wilson(x, n, Confidence::P95), None);
            assert_eq!(exact_proportion(x, n, Confidence::P95), None);
        }
        assert_eq!(count(-1.0, Confidence::P95), None);
        assert_eq!(count(f64::NAN, Confidence::P95), None);
        assert_eq!(count(f64::INFINITY, Confidence::P95), None);
    }

    #[test]
    fn the_ends_of_a_proportion_are_exact() {
        assert_eq!(wilson(0.0, 20.0, Confidence::P998).unwrap().lower, 0.0);
        assert_eq!(wilson(20.0, 20.0, Confidence::P998).unwrap().upper, 1.0);
    }

    #[test]
    fn an_interval_of_no_width_keeps_its_limits_in_order() {
        let hardly = Confidence::new(1.4958205126681499e-161).unwrap();
        let found = wilson(3.0449575885912216e-73, 0.002105129067668472, hardly).unwrap();
        assert!(found.lower <= found.upper, "{found:?}");
    }

    proptest::proptest! {
        #[test]
        fn intervals_hold_their_estimate_and_widen_with_confidence(
            part in 0.0..=1.0_f64, n in 1.0..1e9_f64, share in 0.01..0.98_f64,
        ) {
            let x = part * n;
            let (narrow, wide) = (Confidence::new(share).unwrap(), Confidence::new(share + 0.019).unwrap());
            for interval in [wilson, exact_proportion] {
                let (narrow, wide) = (interval(x, n, narrow).unwrap(), interval(x, n, wide).unwrap());
                // A hair for rounding where the interval is one point.
                let hair = 1e-9;
                proptest::prop_assert!(narrow.lower <= part + hair && part <= narrow.upper + hair);
                proptest::prop_assert!(wide.lower <= narrow.lower + hair && narrow.upper <= wide.upper + hair);
                proptest::prop_assert!((0.0..=1.0).contains(&narrow.lower) && (0.0..=1.0).contains(&narrow.upper));
            }
            let (exact, byar) = (exact_count(x, narrow).unwrap(), byar(x, narrow).unwrap());
            proptest::prop_assert!(exact.lower <= x && x <= exact.upper);
            if x >= 10.0 {
                proptest::prop_assert!((exact.upper / byar.upper - 1.0).abs() < 2e-3, "{exact:?} {byar:?}");
                proptest::prop_assert!((exact.lower / byar.lower - 1.0).abs() < 2e-2, "{exact:?} {byar:?}");
            }
        }

        #[test]
        fn no_number_panics(x in proptest::num::f64::ANY, n in proptest::num::f64::ANY, share in proptest::num::f64::ANY) {
            if let Some(confidence) = Confidence::new(share) {
                for interval in [wilson(x, n, confidence), exact_proportion(x, n, confidence), exact_count(x, confidence), byar(x, confidence)] {
                    proptest::prop_assert!(interval.is_none_or(|found| found.lower <= found.upper || found.lower.is_nan() || found.upper.is_nan()));
                }
            }
        }
    }
}
