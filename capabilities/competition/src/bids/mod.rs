//! Bids: written together, sealed when submitted, opened by two officers; nobody outside the partnership reads one before that.

pub(crate) mod answers;
pub(crate) mod completeness;
pub mod opening;
pub(crate) mod openings;
pub(crate) mod papers;
pub mod receipts;
pub(crate) mod reminders;
pub(crate) mod sealed;
pub mod shortfalls;
pub mod states;
pub mod store;
pub(crate) mod submitting;
