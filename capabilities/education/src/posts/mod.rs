//! Posts: funded training jobs at hosts, with their capacity over time.

pub(crate) mod actions;
pub(crate) mod store;
