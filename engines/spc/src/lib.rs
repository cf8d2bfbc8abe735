//! Statistical process control: charts, their rules and what each flag means; it must never read a file, a clock or a network.
//!
//! - [`xmr`]: the XmR chart of NHS England's Making Data Count: limits, rules, icons, and the words for each.
//! - [`runs`]: run charts with the Anhøj rules.
//! - [`limits`]: control limits for every other kind of data.
//! - [`shifts`]: proposals where new limits might begin; a person decides.
//! - [`cusum`]: cumulative sums on percentiles among peers.
//! - [`false_alarms`]: how often a chart of a stable process is flagged by chance.
//! - `command` (a feature, on by default): tables of comma-separated values in and out.
#![cfg_attr(not(feature = "command"), no_std)]

extern crate alloc;

pub mod cusum;
pub mod false_alarms;
pub mod limits;
pub mod runs;
pub mod shifts;
pub mod xmr;

#[cfg(feature = "command")]
pub mod command;
