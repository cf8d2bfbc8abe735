//! What follows a trainee to the host, with its working shown; it must never put a number where a price was not loaded.
//!
//! A [`Book`] holds dated prices and market forces factors; [`Book::statement`] prices placements by what was in force, as it is
//! known now or as it was known on a day. Amounts are exact fractions until each line is rounded, once, to the penny.

mod book;
#[cfg(feature = "command")]
pub mod command;
mod decimal;
mod period;
mod placement;
pub mod quality;
pub mod reading;
mod statement;
mod transition;

pub use book::{Book, Dated, Factor, Price, Salary};
pub use decimal::{Decimal, Fraction, Pence};
pub use period::Period;
pub use placement::{Placement, Volume};
pub use statement::{Difference, Line, Outcome, PlacementTotal, Statement, differences};
pub use transition::{Adjustment, Income, Limit, Transition};

/// The prices that come with the program: those whose source could be read, and no other.
pub const BUILT_IN_PRICES: &str = include_str!("../data/tariffs.csv");
/// The limits to losses and gains that come with the program.
pub const BUILT_IN_TRANSITION: &str = include_str!("../data/transition.csv");
