//! A crude rate with its interval; it must never divide by no population.

use crate::Confidence;
use crate::interval::{self, Interval, Method, is_count};

/// A rate, per so many as the multiplier says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub value: f64,
    pub interval: Interval,
    pub method: Method,
}

/// x events in a population of n, per `multiplier`; the interval is exact below ten events, else Byar's.
///
/// None unless n and the multiplier are above 0 and x is at least 0.
pub fn crude(x: f64, n: f64, multiplier: f64, confidence: Confidence) -> Option<Rate> {
    if !(is_count(n) && n > 0.0 && is_count(multiplier) && multiplier > 0.0) {
        return None;
    }
    let (interval, method) = interval::count(x, confidence)?;
    let per = |events: f64| events / n * multiplier;
    let interval = Interval { lower: per(interval.lower), upper: per(interval.upper) };
    Some(Rate { value: per(x), interval, method })
}
