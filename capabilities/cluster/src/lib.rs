//! The cluster capability: founding, partners, governance, people, money, health and succession of a cluster; it never touches another capability's tables.

mod capability;
pub mod clusters;
pub mod demo;
pub mod places;
mod port;

pub use capability::capability;
pub use port::ClusterPort;
