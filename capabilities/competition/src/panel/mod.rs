//! The award panel: who sits, who leaves for which item, what is decided and why.

pub(crate) mod actions;
pub mod decisions;
pub mod minutes;
pub mod rules;
pub mod states;
pub(crate) mod store;
