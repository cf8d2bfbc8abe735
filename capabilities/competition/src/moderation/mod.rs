//! Moderation: one settled score beside the originals.

pub(crate) mod actions;
pub mod rules;
pub mod store;
