//! Interests: what assessors and panel members declare, and the conflicts that follow.

pub(crate) mod actions;

pub mod declarations;

pub(crate) mod detection;
pub mod rules;
pub mod states;
pub(crate) mod store;
