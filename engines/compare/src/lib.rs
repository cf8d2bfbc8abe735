//! Comparing sites fairly: intervals, funnels, rankings and suppression; it must never read a file, a clock or a network.
//!
//! - [`interval`]: what a count or a proportion may really be. [`rates`]: crude, directly and indirectly standardised.
//! - [`funnel`]: whether a unit differs from the others by more than chance, and whether the units differ among
//!   themselves by more than chance.
//! - [`ranking`]: an order only where the intervals allow one. [`discovery`]: the expected share of false alarms over many
//!   sites.
//! - `command`: the commands over tables of comma-separated values.
#![cfg_attr(not(any(test, feature = "command")), no_std)]

extern crate alloc;

#[cfg(feature = "command")]
pub mod command;
pub mod confidence;
pub mod discovery;
pub mod funnel;
pub mod interval;
pub mod ranking;
pub mod rates;
pub mod suppression;

pub use confidence::Confidence;
pub use interval::Interval;
