//! Run charts, charts of every kind of data, shifts and cumulative sums, held to known answers and to what must be true of any series; no test takes an answer from the engine itself.
#![cfg(feature = "command")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commands;
mod degenerate;
mod gold;
mod of_change;
mod of_limits;
mod simulation;
mod subgroups;
mod table;
