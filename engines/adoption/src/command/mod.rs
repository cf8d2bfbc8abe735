//! The commands over tables of comma-separated values: a reader in, a writer and words out; they never open a file.

mod fit;
mod notes;

pub use fit::{FIT_COLUMNS, fit};
pub use notes::Notes;
