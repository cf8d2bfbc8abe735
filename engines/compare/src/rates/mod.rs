//! Events over a population: crude, and standardised so that an older or sicker population is no disgrace.

mod crude;
mod direct;
mod indirect;

pub use crude::{Rate, crude};
pub use direct::{FEWEST_EVENTS, NotStandardised, Stratum, direct};
pub use indirect::{Reference, expected, indirect_rate, indirect_ratio};
