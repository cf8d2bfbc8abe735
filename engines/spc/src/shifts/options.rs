//! How much evidence new limits need; it never lowers it for a single series.

/// How much evidence new limits need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Points that limits are taken from.
    pub minimum: usize,
    /// Points in a row on one side of the centre line that make a shift.
    pub run: usize,
    /// At most so many points of a period are left out of its limits, as they lie outside them.
    pub exclusions: usize,
    /// A point this close to the centre line lies on it, and so on no side.
    pub tolerance: f64,
    pub caution: Caution,
}

impl Default for Options {
    fn default() -> Self {
        Self { minimum: 21, run: 8, exclusions: 3, tolerance: 0.0, caution: Caution::NoRegrets }
    }
}

/// When a shift back speaks against new limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Caution {
    /// Where it begins within the points of the new limits, or the latest points might still become one: new limits wait
    /// until they can be relied on.
    #[default]
    NoRegrets,
    /// Where it begins within the points of the new limits.
    Overhanging,
    /// Where it is complete within the points of the new limits.
    Within,
}
