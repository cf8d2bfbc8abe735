//! How far a site is with an innovation, step by step, each with a date and evidence; it must never forget a step or go back on one.

mod history;
mod stage;

pub use history::{History, Reason, Refused, Rules, Step};
pub use stage::Stage;
