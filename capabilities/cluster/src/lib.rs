//! The cluster capability: founding, partners, governance, people, money, health and succession of a cluster; it never touches another capability's tables.

mod capability;
pub mod clusters;
pub mod demo;
mod desk;
pub mod funding;
pub mod money;
pub mod places;
mod port;
pub mod responsibilities;
pub mod risks;
mod waiting;

pub use capability::capability;
pub use port::ClusterPort;
