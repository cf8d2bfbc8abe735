//! Assessment: reviews by assessors, each alone, and what is checked about them.

pub mod rules;
pub mod signals;
pub mod states;
