//! All sites together: where they stand period by period, how many keep what they adopted, and use that fades; it must never count a site twice.

mod drift;
mod keeping;
mod tally;

pub use drift::{Drift, drift};
pub use keeping::{Kept, keeping};
pub use tally::{Tally, spread, tallies};
