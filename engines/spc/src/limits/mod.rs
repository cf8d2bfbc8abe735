//! Control limits by the kind of data; they never judge whether a change is good.
//!
//! [`Chart::draw`] takes a [`Series`], a [`Kind`] of chart and [`Options`] and answers with points, parts and their
//! runs, or a [`Refusal`]. A row without a value is a gap: it stays in the chart and breaks no run.

mod average;
mod chart;
mod choice;
mod constants;
mod formulas;
mod kind;
mod lines;
mod options;
mod series;

pub(crate) use average::mean;
pub use chart::{Chart, Part, Point};
pub use choice::{Choice, MeasureKind};
pub(crate) use formulas::lines;
pub use kind::Kind;
pub use lines::{Limits, Lines};
pub use options::Options;
pub(crate) use series::Row;
pub use series::{Refusal, Series};
