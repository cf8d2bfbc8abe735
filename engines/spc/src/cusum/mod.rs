//! Cumulative sums on percentiles among peers; an alarm never says why.
//!
//! [`follow`] adds up how far a site's percentile lies above and below its own past, less half a standard deviation at
//! each step; where a sum goes beyond so many standard deviations there is an alert. While the level goes on moving the
//! same way, the past it is held against moves along; once it stops, everything begins anew from the latest window.
//!
//! Source: Page, *Continuous inspection schemes*, Biometrika 41 (1954); the windows, rounding and restarts are those of
//! the alerts that OpenPrescribing sends to practices. Unlike there, a missing value is passed over: the sums stay.

mod alert;
mod follow;

pub use alert::{Alert, last_alert};
pub use follow::{Options, Step, follow};
