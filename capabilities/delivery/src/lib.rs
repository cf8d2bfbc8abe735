//! The delivery capability: pathways, projects, measures, adoption, impact, indicators and returns of clusters; it never touches another capability's tables.

mod capability;
pub mod demo;
#[cfg(test)]
mod diagrams;
mod ground;
mod impact;
mod innovations;
pub mod kpis;
pub mod measures;
pub mod overview;
mod pathways;
mod port;
mod projects;
pub mod returns;
mod trials;

pub use capability::capability;
pub use port::DeliveryWork;
