//! How often a chart cries wolf: signals that stable series give by chance alone; it never looks at a real series.
//!
//! [`simulate`] draws charts of series that do nothing but vary. [`expected_last`] has its results for the usual rules,
//! so that a table of icons can say how many of them to expect by chance. The page `docs/false-alarms.md` shows both.

mod simulation;
mod table;

pub use simulation::{Change, FalseAlarms, Stable, normal, simulate, told};
pub use table::{expected_any, expected_last};
