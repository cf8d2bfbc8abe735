//! Award: standstill, complaints, letters, and when a grant may be made.

pub(crate) mod actions;
pub mod complaints;
pub(crate) mod composition;
pub mod letters;
pub mod rules;
pub mod secrets;
pub mod standstill;
pub mod states;
pub(crate) mod store;
