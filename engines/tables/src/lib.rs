//! Tables of comma-separated values with named columns, read as a stream; it must never drop a row without saying so.
//!
//! [`Reading`] finds columns by their names, wherever they stand, and reads cells as text, numbers, whole numbers and
//! dates. Every refusal says line and column. [`Writing`] prints numbers with the 15 significant digits that survive
//! a double-precision number's journey through text, and nothing for a value that does not exist.

mod problem;
mod reading;
mod writing;

pub use problem::Problem;
pub use reading::{Reading, Row};
pub use writing::{Figure, Writing, digits};
