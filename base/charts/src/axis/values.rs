//! The axis of values: round numbers at even steps, and where a value stands. It never yields a place that is no number.

use super::unit::Unit;

/// Beyond this a value is drawn at the end of the axis: differences of larger numbers are no numbers.
const LARGEST: f64 = 1e300;

/// From values to places, the larger the higher.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    /// Where the highest value stands.
    top: f64,
    /// Where the lowest value stands.
    bottom: f64,
}

impl Scale {
    /// A scale that holds all the values with some air above and below. Values that are no numbers are passed over.
    pub(crate) fn holding(values: impl IntoIterator<Item = f64>, top: f64, bottom: f64) -> Self {
        let (low, high) = values
            .into_iter()
            .filter(|value| value.is_finite())
            .map(|value| value.clamp(-LARGEST, LARGEST))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        // All equal: some air, in proportion to the value, so that the line runs through the middle.
        let narrowest = (high.abs().max(low.abs()) * 1e-9).max(1e-12);
        let air = if high - low > narrowest {
            (high - low) * 0.07
        } else if high == 0.0 {
            1.0
        } else {
            high.abs() * 0.1
        };
        Self { low: low - air, high: high + air, top, bottom }
    }

    /// Where a value stands.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        let place = self.bottom - share * (self.bottom - self.top);
        if place.is_finite() { place.clamp(self.top, self.bottom) } else { self.bottom }
    }

    /// Round values at even steps inside the axis, about `wanted` of them, and the step.
    pub(crate) fn ticks(&self, unit: &Unit, wanted: usize) -> (Vec<f64>, f64) {
        let span = self.high - self.low;
        let wanted = u32::try_from(wanted.max(1)).map_or(1.0, f64::from);
        let rough = span / wanted;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|digit| digit * power)
            .find(|step| *step >= rough * 0.999)
            .unwrap_or(rough);
        let (low, high) = unit.ends().map_or((self.low, self.high), |(least, most)| {
            // Only where values keep to the ends: a percentage change may well pass them.
            (self.low.max(least.min(self.low + span / 2.0)), self.high.min(most.max(self.high - span / 2.0)))
        });
        let first = (low / step).ceil();
        let ticks = (0..40_u32)
            .map(|at| (first + f64::from(at)) * step)
            .take_while(|tick| *tick <= high + step * 1e-9)
            // Steps of a tenth do not add up: what should be nought is nought.
            .map(|tick| if tick.abs() < step * 1e-9 { 0.0 } else { tick })
            .filter(|tick| tick.is_finite())
            .collect();
        (ticks, step)
    }
}

/// From sizes, nought and more, to places from left to right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    largest: f64,
    left: f64,
    right: f64,
}

impl Span {
    /// A span from nought to the largest of these sizes. Sizes that are no numbers are passed over.
    pub(crate) fn to(sizes: impl IntoIterator<Item = f64>, left: f64, right: f64) -> Self {
        let sizes = sizes.into_iter().filter(|size| size.is_finite()).map(|size| size.min(LARGEST));
        let largest = sizes.fold(0.0, f64::max);
        Self { largest: if largest > 0.0 { largest } else { 1.0 }, left, right }
    }

    /// Where a size stands.
    pub(crate) fn at(&self, size: f64) -> f64 {
        let share = if size.is_finite() { (size / self.largest).clamp(0.0, 1.0) } else { 0.0 };
        self.left + share * (self.right - self.left)
    }

    /// Round sizes at even steps whose words, this large, do not touch.
    pub(crate) fn ticks(&self, size: f64) -> Vec<(f64, String)> {
        let scale = Scale { low: 0.0, high: self.largest, top: self.left, bottom: self.right };
        (2..=6)
            .rev()
            .map(|wanted| {
                let (ticks, step) = scale.ticks(&Unit::Plain, wanted);
                let decimals = Unit::Plain.decimals(step);
                ticks.into_iter().map(|tick| (self.at(tick), Unit::Plain.figure(tick, decimals))).collect()
            })
            .find(|ticks: &Vec<(f64, String)>| {
                let half = |words: &str| crate::lettering::width(words, size, false) / 2.0;
                ticks.windows(2).all(|pair| match pair {
                    [(left, one), (right, other)] => right - left > half(one) + half(other) + 8.0,
                    _ => true,
                })
            })
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round() {
        let scale = Scale::holding([81.3, 96.2], 0.0, 300.0);
        let (ticks, step) = scale.ticks(&Unit::Percent, 6);
        assert_eq!(step, 5.0);
        assert_eq!(ticks, [85.0, 90.0, 95.0]);
    }

    #[test]
    fn no_tick_stands_where_no_value_can() {
        let scale = Scale::holding([99.0, 103.0], 0.0, 300.0);
        let (ticks, _) = scale.ticks(&Unit::Percent, 6);
        assert!(ticks.iter().all(|tick| *tick <= 101.0) && ticks.contains(&100.0), "{ticks:?}");
    }

    #[test]
    fn equal_values_stand_in_the_middle() {
        for value in [0.0, 100.0, -3.5, 1e-15, 1e299] {
            let scale = Scale::holding([value; 5], 0.0, 300.0);
            assert!((scale.at(value) - 150.0).abs() < 1.0, "{value} at {}", scale.at(value));
        }
    }

    proptest! {
        #[test]
        fn any_number_has_a_place_on_the_axis(values in prop::collection::vec(any::<f64>(), 0..20), wanted in 0_usize..12) {
            let scale = Scale::holding(values.iter().copied(), 10.0, 310.0);
            for value in &values {
                prop_assert!((10.0..=310.0).contains(&scale.at(*value)), "{value:e} at {}", scale.at(*value));
            }
            let (ticks, _) = scale.ticks(&Unit::Plain, wanted);
            for tick in ticks {
                prop_assert!((10.0..=310.0).contains(&scale.at(tick)));
            }
        }
    }
}
