//! The commands over tables of comma-separated values: readers and writers in, an answer or a refusal out; they never open a file.

mod failure;
mod funnel;
mod rate;
mod wilson;

pub use failure::Failure;
pub use funnel::{LINE_COLUMNS, SUMMARY_COLUMNS, UNIT_COLUMNS, funnel_lines, funnel_summary, funnel_units};
pub use rate::{RATE_COLUMNS, rate};
pub use wilson::{WILSON_COLUMNS, wilson};
