//! What tests stand on: fresh databases of both kinds, a real S3 server. Test-only: no product crate may depend on it outside `[dev-dependencies]`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what goes wrong in here is a failed test, and a panic is how a test fails"
)]

mod database;
#[cfg(feature = "s3")]
mod object_store;
mod postgres;

pub use database::{DatabaseKind, TestDatabase, databases, for_each_database};
#[cfg(feature = "s3")]
pub use object_store::S3Server;
