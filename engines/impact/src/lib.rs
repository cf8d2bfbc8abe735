//! What would have happened anyway: designs that answer it, and when they cannot; it must never read a file, a clock or a network.
//!
//! - [`interrupted`]: one series, a trend before and a new level and slope after.
//! - [`panel`]: many units over the same periods, and two designs for them: [`differences`] and [`synthetic`] control.
//! - [`verdict`]: what each of them lets one say, in words, or that it cannot tell.
//! - [`plan`]: what was to be done, frozen before the start, and where an analysis departs from it.
//! - `command` (a feature, on by default): tables of comma-separated values in and out.
#![cfg_attr(not(feature = "command"), no_std)]

extern crate alloc;

pub mod chance;
pub mod differences;
pub mod interrupted;
pub mod interval;
pub mod panel;
pub mod plan;
pub mod synthetic;
pub mod verdict;

#[cfg(feature = "command")]
pub mod command;
