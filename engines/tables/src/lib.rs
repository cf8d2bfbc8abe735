//! Tables of comma-separated values with named columns, read as a stream; it must never drop a row without saying so.
//!
//! [`Reading`] finds columns by their names, wherever they stand, and reads cells as text, numbers, whole numbers and
//! dates. Every refusal says line and column. [`Writing`] prints numbers with the 15 significant digits that survive
//! a double-precision number's journey through text, and nothing for a value that does not exist. [`Cells`] are rows made
//! apart from it, so that several threads can make them.
//!
//! The splitting of lines, and the reading and writing of short decimals, are our own because the commands over many
//! series spend most of their time there; tests hold them to the crate `csv` and to the standard library.

mod date;
mod lines;
mod number;
mod problem;
mod reading;
mod writing;

pub use problem::Problem;
pub use reading::{Reading, Row};
pub use writing::{Cells, Figure, Writing, digits};
