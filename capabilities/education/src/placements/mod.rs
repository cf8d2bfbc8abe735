//! Placements: who is in which post and when, and who is out of programme.

pub(crate) mod actions;
pub(crate) mod rules;
pub(crate) mod store;
