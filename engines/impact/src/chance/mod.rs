//! Chance with a seed: the same seed, the same answer, on every machine; it must never draw from anywhere else.

mod seeded;
mod subsets;

pub use seeded::Seeded;
pub use subsets::{Subsets, subsets};
