//! From a table somebody has to a book of charts: reads it, says what it guessed, draws each series, lists them all. It
//! never drops a row without saying so, and never judges: limits, rules and words come from `hiec-spc`.
//!
//! [`Book::read`] takes the bytes of a table and an [`Order`]; [`Book::write`] puts the charts into a folder. Nothing here
//! knows of a terminal: what is to be said stands in [`Book::guesses`], [`Book::faults`] and [`Refusal`].

mod book;
mod judging;
mod order;
mod reading;
mod writing;

pub use book::{Book, Series, Verdict};
pub use order::{Aim, Order, target};
pub use reading::{Fault, Refusal, date};
pub use writing::{Extras, Written};
