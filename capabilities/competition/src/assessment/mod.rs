//! Assessment: reviews by assessors, each alone, and what is checked about them.

pub(crate) mod actions;
pub(crate) mod assigning;
pub(crate) mod matching;
pub(crate) mod pool;
pub mod rules;
pub(crate) mod scores;
pub mod signals;
pub mod states;
pub mod store;
