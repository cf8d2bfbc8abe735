//! What tests stand on: fresh databases of both kinds, a browser-like client, a real S3 server, the drawn state machines. Test-only: no product crate may depend on it outside `[dev-dependencies]`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what goes wrong in here is a failed test, and a panic is how a test fails"
)]

mod browser;
mod database;
mod drawn;
#[cfg(feature = "s3")]
mod object_store;
mod postgres;

pub use browser::Browser;
pub use database::{DatabaseKind, TestDatabase, databases, for_each_database};
pub use drawn::{Moves, assert_drawn};
#[cfg(feature = "s3")]
pub use object_store::S3Server;
