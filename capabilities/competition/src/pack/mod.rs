//! The exported pack of a round: what it holds, and how a stranger recomputes everything from it without our database.

pub mod contents;
pub mod gathering;
pub mod recompute;
mod replay;
mod results;
mod rows;
pub mod verify;
