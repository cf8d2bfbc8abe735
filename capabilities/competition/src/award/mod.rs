//! Award: standstill, complaints, letters, and when a grant may be made.

pub mod complaints;
pub mod letters;
pub mod rules;
pub mod secrets;
pub mod standstill;
pub mod states;
