//! Plans written before the start: what will be measured, against whom, how; a frozen plan must never change.

mod analysis;
mod departure;
mod frozen;

pub use analysis::Analysis;
pub use departure::Departure;
pub use frozen::{Frozen, Plan, Shortfall, Unfinished};
