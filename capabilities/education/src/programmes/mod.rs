//! Programmes: who learns what along the clinical pathways, by a curriculum that a college or university owns.

pub(crate) mod actions;
pub(crate) mod store;
