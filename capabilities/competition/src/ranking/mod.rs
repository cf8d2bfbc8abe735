//! From scores to a ranking: exact totals, tie ladder, floors, and what regions say to it.

pub mod design;
pub mod exact;
pub mod rank_file;
pub mod rules;
pub mod states;
pub mod ties;
pub mod totals;
