//! Delivery driven as people drive it, over both databases, with clusters that are only told of.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod clusters;
mod demo;
mod impact;
mod innovations;
mod measured_demo;
mod measures;
mod projects;
mod returned_demo;
mod returns;
mod trials;
