//! The cluster capability: founding, partners, governance, people, money, health and succession of a cluster; it never touches another capability's tables.

pub mod agreement;
pub mod board;
mod capability;
pub mod clusters;
pub mod constitution;
pub mod demo;
mod desk;
pub mod funding;
pub mod health;
mod links;
pub mod money;
pub mod partners;
mod people;
pub mod places;
mod port;
mod principles;
pub mod responsibilities;
pub mod risks;
mod succession;

pub use capability::capability;
pub use port::ClusterPort;
