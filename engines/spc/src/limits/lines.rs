//! A centre line, and the limits about it at a point of any size; a limit is never infinite or not a number.

use super::constants::{c4, one_less_c4_squared};

/// The power that makes times between random events nearly normal (Nelson 1994; Montgomery 2013, chapter 7).
const TIME_POWER: f64 = 3.6;

/// Limits at one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Three sigma below.
    pub lower: f64,
    /// Two sigma below.
    pub lower_two: f64,
    /// Two sigma above.
    pub upper_two: f64,
    /// Three sigma above.
    pub upper: f64,
}

impl Limits {
    /// Whether a value lies beyond three sigma.
    pub fn exclude(&self, value: f64) -> bool {
        value < self.lower || value > self.upper
    }

    fn map(self, change: impl Fn(f64) -> f64) -> Option<Self> {
        let changed = Self {
            lower: change(self.lower),
            lower_two: change(self.lower_two),
            upper_two: change(self.upper_two),
            upper: change(self.upper),
        };
        let Self { lower, lower_two, upper_two, upper } = changed;
        [lower, lower_two, upper_two, upper].into_iter().all(f64::is_finite).then_some(changed)
    }
}

/// Lines drawn from a baseline, wherever they are then drawn to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    /// The line that is drawn, and that runs are judged by.
    pub centre: f64,
    /// What the limits lie about: not always the line that is drawn.
    middle: f64,
    sigma: Sigma,
    floor: f64,
    ceiling: f64,
    /// Middle and sigma are those of the values' 3.6th roots.
    is_rooted: bool,
}

/// How wide one sigma is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sigma {
    /// Not to be told from this baseline.
    Unknown,
    Equal(f64),
    /// This much for a size of one, and less by its root for larger ones.
    BySize(f64),
    /// Of the mean of a subgroup, whose measurements have this standard deviation on average.
    OfMean(f64),
    /// Of the standard deviation of a subgroup, this being their average.
    OfDeviation(f64),
}

impl Lines {
    /// Lines with limits about the centre.
    pub(super) const fn about(centre: f64, sigma: Sigma) -> Self {
        Self { centre, middle: centre, sigma, floor: f64::NEG_INFINITY, ceiling: f64::INFINITY, is_rooted: false }
    }

    /// The same, with limits about another value than the line that is drawn.
    pub(super) const fn with_middle(self, middle: f64) -> Self {
        Self { middle, ..self }
    }

    /// The same, with another line drawn.
    pub(super) const fn with_centre(self, centre: f64) -> Self {
        Self { centre, ..self }
    }

    /// The same, with limits cut at nought.
    pub(super) const fn above_nought(self) -> Self {
        Self { floor: 0.0, ..self }
    }

    /// The same, with limits cut at one too.
    pub(super) const fn up_to_one(self) -> Self {
        Self { ceiling: 1.0, ..self }
    }

    /// Lines of times from the lines of their roots.
    pub(super) fn of_roots(roots: Self) -> Self {
        Self { centre: time(roots.middle), floor: 0.0, is_rooted: true, ..roots }
    }

    /// How far a value lies above the centre line, or below it: nought on the line. Of times by their roots, which were
    /// averaged: taken back, their average need not be a time that it is the average of.
    pub(super) fn above_centre(&self, value: f64) -> f64 {
        if self.is_rooted { root(value) - self.middle } else { value - self.centre }
    }

    /// The limits at a point of a size; nothing where they cannot be told.
    pub fn limits(&self, size: f64) -> Option<Limits> {
        let sigma = match self.sigma {
            Sigma::Unknown => return None,
            Sigma::Equal(sigma) => sigma,
            Sigma::BySize(sigma) => sigma / libm::sqrt(size),
            // A3, B3 and B4 by their definitions: Montgomery 2013, appendix VI.
            Sigma::OfMean(deviation) => deviation / (c4(size)? * libm::sqrt(size)),
            Sigma::OfDeviation(deviation) => deviation * libm::sqrt(one_less_c4_squared(size)?) / c4(size)?,
        };
        if !sigma.is_finite() {
            return None;
        }
        let span = Limits { lower: -3.0 * sigma, lower_two: -2.0 * sigma, upper_two: 2.0 * sigma, upper: 3.0 * sigma };
        span.map(|distance| {
            let line = (self.middle + distance).max(self.floor).min(self.ceiling);
            if self.is_rooted { time(line) } else { line }
        })
    }

    /// The limits with everything multiplied, and cut at nought where that is wanted.
    pub(super) fn scaled_limits(&self, size: f64, multiply: f64, is_cut: bool) -> Option<Limits> {
        let floor = if is_cut { 0.0 } else { f64::NEG_INFINITY };
        self.limits(size)?.map(|line| (line * multiply).max(floor))
    }
}

/// The root of a time, by which times are nearly normal.
pub(super) fn root(time: f64) -> f64 {
    libm::pow(time, 1.0 / TIME_POWER)
}

fn time(root: f64) -> f64 {
    libm::pow(root.max(0.0), TIME_POWER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_narrow_with_the_root_of_the_size_and_are_cut() {
        let lines = Lines::about(0.2, Sigma::BySize(0.4)).above_nought().up_to_one();
        let at = |size: f64| lines.limits(size).unwrap();
        assert_eq!((at(100.0).lower, at(100.0).lower_two), (0.2 - 3.0 * 0.04, 0.2 - 2.0 * 0.04));
        assert_eq!((at(4.0).lower, at(1.0).upper), (0.0, 1.0));
        assert_eq!(lines.limits(0.0), None);
    }

    #[test]
    fn limits_that_are_no_numbers_are_none() {
        assert_eq!(Lines::about(1.0, Sigma::Unknown).limits(1.0), None);
        assert_eq!(Lines::about(1.0, Sigma::Equal(f64::NAN)).limits(1.0), None);
        assert_eq!(Lines::about(f64::MAX, Sigma::Equal(f64::MAX)).limits(1.0), None);
        assert_eq!(Lines::about(10.0, Sigma::OfMean(1.0)).limits(1.0), None);
    }

    #[test]
    fn a_limit_below_nought_of_a_root_is_no_time() {
        let lines = Lines::of_roots(Lines::about(2.0, Sigma::Equal(1.0)));
        let limits = lines.limits(1.0).unwrap();
        assert_eq!((limits.lower, limits.lower_two), (0.0, 0.0));
        assert!((limits.upper - 5.0_f64.powf(3.6)).abs() < 1e-9);
        assert!((lines.centre - 2.0_f64.powf(3.6)).abs() < 1e-9);
    }
}
