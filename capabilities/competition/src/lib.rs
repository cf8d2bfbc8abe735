//! The competition capability: calls, dialogue, pre-qualification, bids, assessment, panel and award of one round; it never touches another capability's tables.

pub mod announcement;
pub mod assessment;
pub mod award;
mod awards_port;
pub mod bids;
pub mod calls;
mod capability;
pub mod demo;
pub mod diagrams;
pub mod dialogue;
pub mod interests;
pub mod moderation;
pub mod open_data;
pub mod pack;
pub mod panel;
pub mod partnerships;
pub mod places;
pub mod pqq;
mod programmes;
pub mod ranking;
pub mod refusal;

pub use awards_port::AnnouncedAwards;
pub use calls::stages::Stage;
pub use capability::capability;
