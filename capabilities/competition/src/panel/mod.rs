//! The award panel: who sits, who leaves for which item, what is decided and why.

pub mod decisions;
pub mod minutes;
pub mod rules;
pub mod states;
