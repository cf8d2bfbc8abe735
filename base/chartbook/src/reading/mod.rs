//! Reads a table as it comes: any delimiter, dates and numbers as people write them. What cannot be read is reported by
//! line and column, and never taken for something else.

mod dates;
mod gathering;
mod guessing;
mod numbers;
mod refusal;
mod table;

pub use dates::date;
pub(crate) use gathering::{Amount, Rows, Tally, gather};
pub(crate) use guessing::{Columns, Measure, choose};
pub(crate) use numbers::number;
pub use refusal::{Fault, Refusal};
pub(crate) use table::Table;
