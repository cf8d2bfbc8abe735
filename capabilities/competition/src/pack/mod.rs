//! The exported pack of a round: what it holds, and how a stranger recomputes everything from it without our database.

pub mod contents;
pub mod recompute;
pub mod recorded;
pub mod verify;
