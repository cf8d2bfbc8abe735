//! A workforce as stock and flow, by specialty and year; it must never lose or invent anybody, read a file or a clock.
//!
//! A [`Model`] says who is in training, who is in post and what moves them; [`Model::run`] walks it year by year and says
//! how many there will be, what they will work, and what is missing from the demand, with bands where inputs are in doubt.
//!
//! People are counted in whole millionths of a person and shares in whole millionths, all in integers: an expected number,
//! not a lottery of individuals. What leaves one place is added to another, to the last millionth, so headcount is conserved
//! exactly, and a run gives the same answer on every machine.

mod ages;
mod amount;
mod check;
#[cfg(feature = "command")]
pub mod command;
mod draw;
mod flow;
mod model;
mod run;
mod sentence;
mod setting;
mod stage;
mod what_if;

pub use amount::{MILLION, Uncertain};
pub use check::{LONGEST, MOST_DRAWS, MOST_PEOPLE};
pub use flow::{Flow, SpecialtyYear, StageYear, Year};
pub use model::{AgeBand, AgeStep, Demand, DemandLevel, Model, Specialty, Stage};
pub use run::{Answer, Band, Bands, Conservation, Difference, Projection, VERSION};
pub use what_if::{Change, Place};
