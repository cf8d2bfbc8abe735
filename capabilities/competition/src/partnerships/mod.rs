//! Partnerships: who forms a cluster, what each promises, and whether it keeps the call's principles; a partnership never decides its own award.

pub mod commitments;
pub(crate) mod forming;
pub(crate) mod joining;
pub mod principles;
pub mod store;
mod written;
