//! The XmR chart, held to known answers, to its words and to what must be true of any series; no test takes an answer from the engine itself.
#![cfg(feature = "command")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commands;
mod degenerate;
mod false_alarms;
mod mdc;
mod properties;
mod rebases;
mod rules;
mod series;
mod words;
