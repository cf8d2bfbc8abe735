//! Value for money with its working shown; it must never read a file, a clock or a network.
//!
//! A [`Model`] holds what was put in and what came of it; [`Model::answer`] works out what that is worth today, by the
//! social return's convention or the Green Book's, under both names of the ratio, with a range and with a tornado of what
//! matters most. [`Reach`] is the cost of each further site; [`additional_impact`] the reference-case arithmetic.
//!
//! Money goes in and comes out in whole pence. Between, nothing is rounded; each amount that comes out is rounded once, to
//! the nearest penny, halves away from nought, so that parts may differ from their sum by a penny.
#![cfg_attr(not(any(test, feature = "command")), no_std)]

extern crate alloc;

mod acceleration;
mod additionality;
mod answer;
#[cfg(feature = "command")]
pub mod command;
mod input;
mod model;
mod money;
mod outcome;
mod rates;
mod reach;
mod tornado;

pub use acceleration::Acceleration;
pub use additionality::{Case, additional_impact};
pub use answer::{Answer, Part, YearLine};
pub use input::{BANDS, Input, NotUsable};
pub use model::{Convention, Cost, LONGEST, Model, PaidBy};
pub use money::Pence;
pub use outcome::Outcome;
pub use rates::{Band, RateTable, rate_table, rate_tables};
pub use reach::Reach;
pub use tornado::Bar;
