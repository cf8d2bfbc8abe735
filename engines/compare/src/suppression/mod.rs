//! Small numbers: which counts of published tables are hidden so that nobody is recognised, with proof; it must never let a hidden count be worked out.
//!
//! A [`Draft`] takes the tables to be published, how their cells hang together, and what was published before. Its
//! [`Release`] says of each cell what is shown and why. Small counts are hidden ([`Rule`]), and with them as many others as
//! are needed: not only may no small count be worked out exactly, from all tables together it must remain possible that it
//! is any of the counts the rule hides.
//!
//! The [`Proof`] is made of other worlds: whole sets of counts, in whole numbers, with which everything published would look
//! as it does, and in which the hidden count is as small, and as large, as it may be. It is checked in whole numbers
//! ([`Draft::proves`]), so that how they were found does not matter: by linear programming, as in M. Fischetti and
//! J. J. Salazar, *Solving the cell suppression problem on tabular data with linear constraints*, Management Science 47
//! (2001) 1008–1027.

mod draft;
mod hiding;
mod ledger;
mod needs;
mod proof;
mod release;
mod rule;
mod search;
mod simplex;
mod table;
mod worlds;

pub use draft::Draft;
pub use ledger::Protected;
pub use proof::Proof;
pub use release::{NotSafe, Release, ReleasedCell, ReleasedTable, Why};
pub use rule::{Rule, Shown};
pub use table::{At, Line, NotATable, Table, TableId, Totals};

#[cfg(test)]
mod tests;
