//! The commands over tables of comma-separated values: readers and writers in, an answer or a refusal out; they never open a file.
//!
//! A series' rows are read, drawn and printed while later rows are still to come, so that tables of any length fit into
//! little memory; see [`Layout`]. The commands on other charts than XmR ([`qic`], [`shifts`], [`cusum`]) keep all rows, which
//! may stand anywhere.

mod batches;
mod cusum;
mod failure;
mod gathering;
mod notes;
mod points;
mod proposals;
mod qic;
mod series_table;
mod shifts;
mod source;
mod summary;

pub use batches::Layout;
pub use cusum::{CUSUM_COLUMNS, cusum};
pub use failure::Failure;
pub use notes::Notes;
pub use points::{POINT_COLUMNS, points};
pub use proposals::{PROPOSAL_COLUMNS, proposals};
pub use qic::{QIC_COLUMNS, qic};
pub use shifts::{SHIFT_COLUMNS, shifts};
pub use summary::{SUMMARY_COLUMNS, summary};
