//! What a person chooses about a chart; it never chooses for them.

use alloc::vec::Vec;

use crate::runs::Method;

/// What a person chooses about a chart. Rows count from one, as people count them.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The last row of the baseline: lines are taken from the rows up to here and drawn through all. Of no effect
    /// where there are parts.
    pub freeze: Option<usize>,
    /// The rows after which a new part begins, with lines and runs of its own.
    pub parts: Vec<usize>,
    /// Rows left out of lines and runs. They are still drawn, and judged against the limits.
    pub excluded: Vec<usize>,
    /// A centre line known beforehand, in the unit before multiplying.
    pub centre: Option<f64>,
    /// Leave out moving ranges of 3.267 times their average and more, once.
    pub is_screened: bool,
    /// Values might be negative, so limits may be too. Where not, limits are cut at nought, unless a value is below it.
    pub may_be_negative: bool,
    /// Multiplies values and lines: 1000 for a rate for each thousand.
    pub multiply: f64,
    pub method: Method,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            freeze: None,
            parts: Vec::new(),
            excluded: Vec::new(),
            centre: None,
            is_screened: true,
            may_be_negative: true,
            multiply: 1.0,
            method: Method::Anhoej,
        }
    }
}
