//! Pages over HTTP: extractors, forms, problem pages, layout and components; it knows no capability and no table of theirs.

pub mod accounts;
pub mod assets;
pub mod capability;
pub mod client;
pub mod components;
pub mod fields;
pub mod filling;
pub mod layout;
pub mod loaded;
pub mod page;
pub mod refusal;
pub mod security;
pub mod state;
mod typed;
pub mod uploads;
pub mod who;

pub use capability::{Capability, Nav, Route};
pub use client::Client;
pub use fields::{Errors, Fields, Input};
pub use loaded::{Loaded, Loading, Resource};
pub use page::{Answer, Done, Page, Reply, WantsData};
pub use refusal::Refusal;
pub use state::{AppState, Site};
pub use uploads::Upload;
pub use who::Who;
