//! The education capability: programmes, placements, tariff, quality, credentials and workforce of clusters; it never commissions, assures or sets a curriculum.

mod capability;
pub mod demo;
mod ground;

pub use capability::capability;
