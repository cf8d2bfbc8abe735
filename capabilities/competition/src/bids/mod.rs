//! Bids: written together, sealed when submitted, opened by two officers; nobody outside the partnership reads one before that.

pub mod opening;
pub mod receipts;
pub mod shortfalls;
pub mod states;
pub mod store;
