//! Indirect standardisation: the events there were beside those the reference's rates would have made; it must never divide by none expected.

use crate::Confidence;
use crate::interval::is_count;
use crate::rates::{Rate, crude};

/// One stratum of a site beside the reference's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference {
    /// People of the site in this stratum.
    pub population: f64,
    pub reference_events: f64,
    pub reference_population: f64,
}

/// The events the site's population would have at the reference's rates; none where a stratum's numbers cannot be.
pub fn expected(strata: &[Reference]) -> Option<f64> {
    strata
        .iter()
        .map(|stratum| {
            let is_usable = is_count(stratum.population)
                && is_count(stratum.reference_events)
                && is_count(stratum.reference_population)
                && stratum.reference_population > 0.0;
            is_usable.then(|| stratum.population * (stratum.reference_events / stratum.reference_population))
        })
        .sum()
}

/// The indirectly standardised ratio (of mortality: SMR): events over expected, as a multiple of `multiplier` (1, or 100), with
/// exact limits below ten events and Byar's from there.
///
/// None unless something is expected.
pub fn indirect_ratio(events: f64, expected: f64, multiplier: f64, confidence: Confidence) -> Option<Rate> {
    crude(events, expected, multiplier, confidence)
}

/// The ratio times the reference's own crude rate (per whatever that is per).
///
/// None unless something is expected and the reference has a rate.
pub fn indirect_rate(events: f64, expected: f64, reference_rate: f64, confidence: Confidence) -> Option<Rate> {
    crude(events, expected, reference_rate, confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_events_follow_the_reference() {
        let strata = [
            Reference { population: 1000.0, reference_events: 5.0, reference_population: 2000.0 },
            Reference { population: 500.0, reference_events: 8.0, reference_population: 1000.0 },
        ];
        assert_eq!(expected(&strata), Some(6.5));
        let found = indirect_ratio(13.0, 6.5, 100.0, Confidence::P95).unwrap();
        assert_eq!(found.value, 200.0);
        assert!(found.interval.lower > 100.0 && found.interval.upper > 300.0);
        let rate = indirect_rate(13.0, 6.5, 433.0, Confidence::P95).unwrap();
        assert!((rate.value - 866.0).abs() < 1e-9);
    }

    #[test]
    fn without_a_reference_there_is_nothing() {
        let stratum = Reference { population: 1.0, reference_events: 0.0, reference_population: 0.0 };
        assert_eq!(expected(&[stratum]), None);
        assert_eq!(indirect_ratio(3.0, 0.0, 1.0, Confidence::P95), None);
    }
}
