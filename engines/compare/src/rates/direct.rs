//! Directly standardised rates: what the rate would be if everybody's population had the standard's make-up; it must never show one made of a handful of events.

use core::fmt;

use crate::interval::{self, Interval, Method, is_count};
use crate::{Confidence, rates::Rate};

/// Fewer events than this carry no directly standardised rate: the interval would not hold what it says.
pub const FEWEST_EVENTS: f64 = 10.0;

/// One age band, or whatever the standard is divided by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    pub events: f64,
    pub population: f64,
    /// People of this stratum in the standard population.
    pub standard: f64,
}

/// Why there is no directly standardised rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NotStandardised {
    /// Fewer than [`FEWEST_EVENTS`] events in all.
    TooFewEvents { events: f64 },
    /// A stratum, counted from 0, whose numbers cannot be: below zero, or events in no population.
    Unusable { stratum: usize },
    /// The standard population is empty, or there are no strata.
    NoStandard,
}

impl fmt::Display for NotStandardised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewEvents { events } => {
                write!(f, "{events} events in all: a directly standardised rate needs at least {FEWEST_EVENTS}")
            }
            Self::Unusable { stratum } => {
                write!(f, "stratum {}: its population must be above 0 and nothing below 0", stratum + 1)
            }
            Self::NoStandard => f.write_str("the standard population is empty"),
        }
    }
}

impl core::error::Error for NotStandardised {}

/// Σ wᵢ xᵢ/nᵢ / Σ wᵢ, per `multiplier`, with the interval of A. J. Dobson et al., Statistics in Medicine 10 (1991) 457–462:
/// Byar's limits of all events, shrunk by √(variance of the rate / events).
///
/// # Errors
/// Fewer than ten events, numbers that cannot be, no standard.
pub fn direct(strata: &[Stratum], multiplier: f64, confidence: Confidence) -> Result<Rate, NotStandardised> {
    let (mut events, mut standard, mut rate, mut variance) = (0.0, 0.0, 0.0, 0.0);
    for (at, stratum) in strata.iter().enumerate() {
        if !is_usable(stratum) {
            return Err(NotStandardised::Unusable { stratum: at });
        }
        let weight = stratum.standard / stratum.population;
        events += stratum.events;
        standard += stratum.standard;
        rate += weight * stratum.events;
        variance += weight * weight * stratum.events;
    }
    if !(standard > 0.0 && multiplier > 0.0) {
        return Err(NotStandardised::NoStandard);
    }
    let few = NotStandardised::TooFewEvents { events };
    if events < FEWEST_EVENTS {
        return Err(few);
    }
    let limits = interval::byar(events, confidence).ok_or(few)?;
    let rate = rate / standard;
    let shrink = libm::sqrt(variance / events) / standard;
    let per = |limit: f64| (rate + shrink * (limit - events)) * multiplier;
    let interval = Interval { lower: per(limits.lower), upper: per(limits.upper) };
    Ok(Rate { value: rate * multiplier, interval, method: Method::Byar })
}

fn is_usable(stratum: &Stratum) -> bool {
    let numbers = [stratum.events, stratum.standard, stratum.population];
    numbers.into_iter().all(is_count) && stratum.population > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rates::crude;

    fn close(found: f64, known: f64) -> bool {
        (found / known - 1.0).abs() < 1e-12
    }

    #[test]
    fn a_rate_worked_by_hand_is_met() {
        // Two bands: 10 of 1,000 weighs 3, 40 of 2,000 weighs 1: (0.01·3 + 0.02·1)/4 = 0.0125.
        let strata = [
            Stratum { events: 10.0, population: 1000.0, standard: 3.0 },
            Stratum { events: 40.0, population: 2000.0, standard: 1.0 },
        ];
        let found = direct(&strata, 1000.0, Confidence::P95).unwrap();
        assert!(close(found.value, 12.5));
        // Variance (9·10/10⁶ + 40/4·10⁶)/16 = 6.25·10⁻⁶; Byar's limits of 50 events are 37.1081 and 65.9202.
        let byar = interval::byar(50.0, Confidence::P95).unwrap();
        let shrink = (6.25e-6_f64 / 50.0).sqrt();
        assert!(close(found.interval.lower, 1000.0 * (0.0125 + shrink * (byar.lower - 50.0))));
        assert!(close(found.interval.upper, 1000.0 * (0.0125 + shrink * (byar.upper - 50.0))));
        assert!((byar.lower - 37.1081).abs() < 5e-5 && (byar.upper - 65.9202).abs() < 5e-5, "{byar:?}");
    }

    #[test]
    fn below_ten_events_nothing_is_shown() {
        let one = |events| [Stratum { events, population: 100.0, standard: 1.0 }];
        assert_eq!(direct(&one(9.0), 1.0, Confidence::P95), Err(NotStandardised::TooFewEvents { events: 9.0 }));
        assert!(direct(&one(10.0), 1.0, Confidence::P95).is_ok());
    }

    #[test]
    fn what_cannot_be_is_refused_in_words() {
        let strata = [
            Stratum { events: 20.0, population: 100.0, standard: 1.0 },
            Stratum { events: 0.0, population: 0.0, standard: 1.0 },
        ];
        let refusal = direct(&strata, 1.0, Confidence::P95).unwrap_err();
        assert_eq!(refusal.to_string(), "stratum 2: its population must be above 0 and nothing below 0");
        assert_eq!(direct(&[], 1.0, Confidence::P95), Err(NotStandardised::NoStandard));
    }

    proptest::proptest! {
        /// A population made up as the standard is has its crude rate, and its crude interval.
        #[test]
        fn a_standard_population_changes_nothing(
            bands in proptest::collection::vec((0.0..500.0_f64, 1.0..1e5_f64), 1..8), scale in 0.001..100.0_f64,
        ) {
            let strata: Vec<Stratum> = bands
                .iter()
                .map(|&(events, population)| Stratum { events, population, standard: population * scale })
                .collect();
            let events: f64 = bands.iter().map(|band| band.0).sum();
            let population: f64 = bands.iter().map(|band| band.1).sum();
            if let Ok(found) = direct(&strata, 1e5, Confidence::P95) {
                let crude = crude(events, population, 1e5, Confidence::P95).unwrap();
                proptest::prop_assert!((found.value / crude.value - 1.0).abs() < 1e-10);
                proptest::prop_assert!((found.interval.lower / crude.interval.lower - 1.0).abs() < 1e-9);
                proptest::prop_assert!((found.interval.upper / crude.interval.upper - 1.0).abs() < 1e-9);
            } else {
                proptest::prop_assert!(events < 10.0);
            }
        }

        #[test]
        fn no_numbers_panic(events in proptest::num::f64::ANY, population in proptest::num::f64::ANY, standard in proptest::num::f64::ANY, multiplier in proptest::num::f64::ANY) {
            let _ = direct(&[Stratum { events, population, standard }; 3], multiplier, Confidence::P95);
        }
    }
}
