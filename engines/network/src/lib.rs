//! Who works with whom, as figures: density, centralisation, betweenness; what nobody said stays unknown and is never taken for a no.
//!
//! - [`Views`]: what each partner said of each other one, on a scale from 0 to 5.
//! - [`Network`]: the ties that follow, and what they amount to.
#![no_std]

extern crate alloc;

mod network;
mod views;

pub use network::{Density, Network};
pub use views::{HIGHEST, Views};
