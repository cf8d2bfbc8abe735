//! The effect without each donor in turn; it must never hide that one donor carries it.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Control, Study};

/// What the effect would be without one donor.
#[derive(Debug, Clone, PartialEq)]
pub struct Without {
    pub donor: String,
    /// The weight it had.
    pub weight: f64,
    /// None where nothing is left, or nothing to compute with.
    pub effect: Option<f64>,
}

impl Study {
    /// The effect without each donor that has a weight, in their order.
    pub fn leave_one_out(&self, control: &Control) -> Vec<Without> {
        let weighty = control.weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
        let without = |(out, &weight): (usize, &f64)| {
            let others: Vec<&[f64]> = self
                .outcomes
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != out)
                .map(|(_, donor)| donor.as_slice())
                .collect();
            let effect = Control::of(&self.treated, &others, self.before).ok().and_then(|control| control.effect);
            Without { donor: self.donors.get(out).cloned().unwrap_or_default(), weight, effect }
        };
        weighty.map(without).collect()
    }
}
