//! Proposals where new limits might begin, by the Stable Shift Algorithm; they never change a chart by themselves.
//!
//! [`Study::of`] takes limits from the first points, and looks for a shift: points in a row on one side of the centre
//! line. From its first point new limits are formed. They are proposed if the level then stays: if no shift back begins
//! among the points they are taken from. Each [`Proposal`] carries what a person needs to decide.
//!
//! A row without a value is a gap: it is no point, and breaks no run.
//!
//! Source: the documentation of the Stable Shift Algorithm by its authors (Woodcock, O'Connor and Bell); whether a rule
//! outside this algorithm should ever change limits is debated, and Making Data Count answers: a person, who knows why.

mod options;
mod search;
mod sentence;
mod study;

pub use options::{Caution, Options};
pub use study::{Judged, Period, Place, Proposal, Refused, Study, Waiting};
