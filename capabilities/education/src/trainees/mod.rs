//! Trainees: who learns in the programmes of a cluster.

pub(crate) mod actions;
pub(crate) mod store;
