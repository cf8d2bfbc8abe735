//! The curves of a funnel over an axis of sizes, in percent; it must never draw where there is no size.

use hiec_distributions::{gamma, normal};

use crate::funnel::limits::TAILS;
use crate::interval::is_count;

/// One side's limits at a point of the axis, in percent; no upper one where there is no end to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    pub lower: f64,
    pub upper: Option<f64>,
}

/// Inner and outer limits at a point of the axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    /// 95%, "two sigma".
    pub inner: Line,
    /// 99.8%, "three sigma".
    pub outer: Line,
}

/// For a proportion: the proportions of `size` whose Wilson bound touches the average, p ∓ z√(p(1 − p)/n), cut to 0 and 100.
///
/// None unless the size is above 0 and the average a proportion.
pub fn proportion_line(average: f64, size: f64) -> Option<Lines> {
    if !(size > 0.0 && (0.0..=1.0).contains(&average)) {
        return None;
    }
    let error = libm::sqrt(average * (1.0 - average) / size);
    let [inner, outer] = TAILS.map(|tail| {
        let reach = normal::quantile_of_survival(tail) * error;
        Line { lower: 100.0 * (average - reach).max(0.0), upper: Some(100.0 * (average + reach).min(1.0)) }
    });
    Some(Lines { inner, outer })
}

/// For a ratio: events over expected, in percent, at which `events` have a Poisson bound that touches the expected.
///
/// The bounds are found as PHE's tools find them, so that the curves are theirs: see [`bound`]. Against the exact bounds
/// (`interval::exact_count`) that is off by 5 parts in 100,000 at one event, and by less than one in a million from four on.
/// None unless the events are at least 0.
pub fn ratio_line(events: f64) -> Option<Lines> {
    if !is_count(events) {
        return None;
    }
    let [inner, outer] = TAILS.map(|tail| Line {
        lower: 100.0 * events / bound(events, |mean| gamma::survival(events + 1.0, mean) < tail),
        // No events are no more than chance wherever few are expected: there is no upper end.
        upper: (events > 0.0).then(|| 100.0 * events / bound(events, |mean| gamma::cdf(events, mean) > tail)),
    });
    Some(Lines { inner, outer })
}

/// The mean at which a count is just too unlikely: 23 halvings of v in (events + 1)·v/(1 − v), J. C. Pezzullo's method
/// (statpages.org, *exact binomial and Poisson confidence intervals*), ended where v is known to 1e-7.
fn bound(events: f64, is_too_far: impl Fn(f64) -> bool) -> f64 {
    let mean = |v: f64| (1.0 + events) * v / (1.0 - v);
    let (mut v, mut step) = (0.5, 0.5);
    while step > 1e-7 {
        step *= 0.5;
        v += if is_too_far(mean(v)) { -step } else { step };
    }
    mean(v)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Confidence;
    use crate::interval::exact_count;

    #[test]
    fn curves_lie_where_the_exact_bounds_touch() {
        for events in [1.0, 4.0, 10.0, 250.0, 40_000.0] {
            let lines = ratio_line(events).unwrap();
            for (line, confidence) in [(lines.inner, Confidence::P95), (lines.outer, Confidence::P998)] {
                let exact = exact_count(events, confidence).unwrap();
                let off = [line.lower * exact.upper, line.upper.unwrap() * exact.lower]
                    .map(|product| product / (100.0 * events) - 1.0);
                let within = if events < 4.0 { 5e-5 } else { 1e-6 };
                assert!(off.iter().all(|off| off.abs() < within), "{events}: {off:?}");
            }
        }
    }
}
