//! The commands over tables of comma-separated values: a reader in, a writer and words out; they never open a file.
//!
//! A table that breaks a rule is refused with line and column. A series that cannot carry a number gets its row with that
//! cell empty, and the reason in [`Notes`].

mod grouping;
mod its;
mod notes;
mod panel;
mod starts;

pub use its::{ITS_COLUMNS, its};
pub use notes::Notes;
pub use panel::{PANEL_COLUMNS, WEIGHT_COLUMNS, panel, weights};
pub use starts::{START_COLUMNS, starts};
