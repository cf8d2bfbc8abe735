//! The commands over tables of comma-separated values: readers and writers in, an answer or a refusal out; they never open a file.
//!
//! A series' rows are read, drawn and printed while later rows are still to come, so that tables of any length fit into
//! little memory; see [`Layout`].

mod batches;
mod failure;
mod notes;
mod points;
mod series_table;
mod summary;

pub use batches::Layout;
pub use failure::Failure;
pub use notes::Notes;
pub use points::{POINT_COLUMNS, points};
pub use summary::{SUMMARY_COLUMNS, summary};
