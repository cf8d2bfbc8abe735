//! What chance alone makes likely of runs and crossings; it never looks at the points themselves.

use hiec_distributions::binomial;

/// Bounds of what chance alone makes likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// A longest run beyond this is a signal.
    pub longest: usize,
    /// Crossings below this are a signal.
    pub crossings: usize,
}

impl Expected {
    /// By the Anhøj rules, of so many useful points: log2(n) rounded, plus 3, at most in a row (Schilling 2012); at
    /// least the 5th percentile of the binomial distribution of n − 1 changes, each as likely as not (Chen 2010).
    pub fn of(useful: usize) -> Self {
        const RARE: f64 = 0.05;
        let changes = useful.saturating_sub(1) as u64;
        let crossings = binomial::quantile(RARE, changes, 0.5).unwrap_or_default();
        Self { longest: rounded_log2(useful) + 3, crossings: usize::try_from(crossings).unwrap_or(usize::MAX) }
    }
}

/// The logarithm to base 2, rounded to the nearest whole number; nought for nought. Half of the logarithm of 2n², whose
/// whole part needs no decimals: a half way between two whole numbers does not occur.
fn rounded_log2(n: usize) -> usize {
    let n = n as u128;
    n.saturating_mul(n).saturating_mul(2).checked_ilog2().map_or(0, |double| double as usize / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_papers() {
        // Anhøj and Wentzel-Larsen 2020 for 11 and 20 points; Anhøj's book for 24.
        for (useful, longest, crossings) in [(11, 6, 2), (20, 7, 6), (24, 8, 8)] {
            assert_eq!(Expected::of(useful), Expected { longest, crossings }, "{useful}");
        }
    }

    #[test]
    fn crossings_are_those_of_the_binomial_distribution_counted_out() {
        for useful in 1..=100_u32 {
            // The share of the sequences with so many changes, and of those with no more.
            let changes = useful - 1;
            let mut share = 0.5_f64.powi(i32::try_from(changes).unwrap());
            let (mut up_to, mut crossings) = (share, 0);
            while up_to < 0.05 {
                share *= f64::from(changes - crossings) / f64::from(crossings + 1);
                crossings += 1;
                up_to += share;
            }
            assert_eq!(Expected::of(useful as usize).crossings, crossings as usize, "{useful}");
        }
    }

    #[test]
    fn rounding_is_that_of_the_logarithm() {
        for n in (1..5000).chain([1 << 20, (1 << 50) + 1]) {
            assert_eq!(rounded_log2(n), (n as f64).log2().round() as usize, "{n}");
        }
        assert_eq!(Expected::of(0), Expected { longest: 3, crossings: 0 });
        assert_eq!(Expected::of(1), Expected { longest: 3, crossings: 0 });
    }
}
