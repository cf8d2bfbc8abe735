//! Gives every bid its assessors at the greatest total weight, proven; it must never read a file, a clock or a network.
//!
//! The question: each bid needs so many different assessors, each assessor takes at most so many bids, only
//! listed pairs are allowed, and the sum of the pairs' weights shall be as large as it can be. It is a
//! minimum-cost flow, solved exactly on whole numbers ([`flow`]), and every answer is checked against its own
//! prices before it is given ([`proof`]). When no assignment exists, the answer is the smallest set of bids
//! that explains the whole shortage ([`Impossible`]).
//!
//! Two doors: [`run_command`] takes the fixed JSON format and gives what a command prints; [`Draft`] takes
//! typed values, [`Draft::check`] makes an [`Instance`], [`Instance::solve`] a [`Solution`].

mod command;
mod decimal;
mod draft;
mod entries;
mod flow;
mod instance;
mod names;
mod problems;
mod proof;
mod reading;
mod reason;
mod roster;
mod rows;
mod simplex;
mod solution;
mod why_not;

pub use command::{CommandOutcome, EXIT_BAD_INPUT, EXIT_IMPOSSIBLE, EXIT_OK, EXIT_UNPROVEN, run_command};
pub use decimal::{Decimal, NotExact};
pub use draft::{Draft, MaxLoad, Pair, PerBid};
pub use instance::Instance;
pub use names::{Id, in_words, natural_order};
pub use problems::Problem;
pub use reading::read_draft;
pub use reason::{CanTake, Impossible, Shortage};
pub use solution::{Assigned, Load, NotSolved, Solution};
pub use why_not::{Change, WhyNot};
