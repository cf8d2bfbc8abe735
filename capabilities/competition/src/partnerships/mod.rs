//! Partnerships: who forms a cluster, what each promises, and whether it keeps the call's principles; a partnership never decides its own award.

pub mod commitments;
pub mod principles;
mod written;
