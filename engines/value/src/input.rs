//! A number somebody had to judge, with how far it could be off and why; it must never be out of order.

use alloc::string::String;
use core::fmt;

/// A judged number: the most likely value, the lowest and the highest that could be defended, and the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    low: f64,
    central: f64,
    high: f64,
    why: Option<String>,
}

/// Shares as they are judged in practice, in steps of a quarter, each with what it says. A step is no reason: give that too.
pub const BANDS: [(f64, &str); 5] = [
    (0.0, "none of it"),
    (0.25, "some of it, less than half"),
    (0.5, "about half of it"),
    (0.75, "most of it"),
    (1.0, "all of it"),
];

/// Why a model cannot be used: where, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUsable {
    /// The part of the model, such as "outcome Fewer admissions, deadweight".
    pub place: String,
    pub reason: String,
}

impl fmt::Display for NotUsable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl core::error::Error for NotUsable {}

impl Input {
    /// A number that is not in doubt.
    pub const fn certain(value: f64) -> Self {
        Self { low: value, central: value, high: value, why: None }
    }

    /// A number in doubt, with its range; none unless all three are numbers in order.
    pub fn range(low: f64, central: f64, high: f64) -> Option<Self> {
        let is_range = low.is_finite() && high.is_finite() && low <= central && central <= high;
        is_range.then_some(Self { low, central, high, why: None })
    }

    /// The same with the reason for it, or where its evidence is.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    pub const fn low(&self) -> f64 {
        self.low
    }

    pub const fn central(&self) -> f64 {
        self.central
    }

    pub const fn high(&self) -> f64 {
        self.high
    }

    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    /// Whether it is in doubt.
    pub fn is_range(&self) -> bool {
        self.low < self.high
    }

    pub(crate) fn at(&self, end: End) -> f64 {
        match end {
            End::Low => self.low,
            End::Central => self.central,
            End::High => self.high,
        }
    }

    /// Whether all of it lies within limits.
    pub(crate) fn is_within(&self, least: f64, most: f64) -> bool {
        self.low >= least && self.high <= most
    }
}

/// Which value of an input is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Low,
    Central,
    High,
}
