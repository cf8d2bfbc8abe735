//! How an innovation spreads over sites: stages, curves and their fits; it must never read a file, a clock or a network.
//!
//! - [`curves`]: how many sites took it up by when, and the Bass and logistic curves fitted to that.
//! - [`stages`]: how far one site is, step by step, with dates and evidence.
//! - [`sites`]: all of them together: counts by period, how many keep it, use that fades.
//! - `command` (a feature, on by default): tables of comma-separated values in and out.
#![cfg_attr(not(feature = "command"), no_std)]

extern crate alloc;

pub mod curves;
pub mod sites;
pub mod stages;

#[cfg(feature = "command")]
pub mod command;
