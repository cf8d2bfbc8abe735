//! The education capability: programmes, placements, tariff, quality, credentials and workforce of clusters; it never commissions, assures or sets a curriculum.

mod access;
mod capability;
pub mod demo;
mod ground;
mod home;
mod placements;
mod posts;
mod programmes;
pub mod quality;
mod trainees;
mod words;

pub use capability::capability;
