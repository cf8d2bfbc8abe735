//! The education capability: programmes, placements, tariff, quality, credentials and workforce of clusters; it never commissions, assures or sets a curriculum.

mod access;
mod breadth;
mod calendars;
mod capability;
mod credentials;
pub mod demo;
#[cfg(test)]
mod diagrams;
mod elearning;
mod ground;
mod home;
mod hosts;
mod lists;
mod pathways;
mod placements;
mod posts;
mod programmes;
pub mod quality;
mod rounds;
mod sessions;
mod tariff;
mod trainees;
mod words;
mod workforce;

pub use capability::capability;
pub use credentials::SigningSecret;
