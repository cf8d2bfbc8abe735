//! Which inputs matter most: the answer with each at its lowest and its highest, all others as they are; it must never leave an input in doubt out.

use alloc::string::String;

use crate::Pence;

/// One input's bar: the net present social value at its two ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Which input, such as "Fewer admissions: deadweight".
    pub input: String,
    /// Its range.
    pub low: f64,
    pub high: f64,
    /// The net present social value with the input at its lowest, and at its highest.
    pub at_low: Pence,
    pub at_high: Pence,
}

impl Bar {
    /// How far apart the two are.
    pub fn swing(&self) -> u64 {
        self.at_low.0.abs_diff(self.at_high.0)
    }
}
