//! What tests stand on: fresh databases of both kinds. Test-only: no product crate may depend on it outside `[dev-dependencies]`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what goes wrong in here is a failed test, and a panic is how a test fails"
)]

mod database;
mod postgres;

pub use database::{DatabaseKind, TestDatabase, databases, for_each_database};
