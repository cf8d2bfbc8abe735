//! Calls: what a funder asks for, by which rules and by when; once published, a call is changed only by a numbered amendment.

pub mod amendments;
pub mod design;
pub mod differences;
pub mod facts;
pub mod problems;
pub mod stages;
