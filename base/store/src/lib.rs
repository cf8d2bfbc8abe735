//! The unit of work over SQLite and PostgreSQL: change, audit entry, job and mail in one transaction; it knows no page and no capability's rule.

pub mod audit;
pub mod copy;
pub mod database;
pub mod dialect;
pub mod jobs;
pub mod mail;
pub mod migrations;
pub mod organisations;
pub mod query;
pub mod queue;
pub mod unit;

pub use audit::{AuditEvent, Stream};
pub use database::{Database, StoreError};
pub use dialect::Dialect;
pub use mail::Mail;
pub use migrations::Migration;
pub use query::Reads;
pub use sea_orm::{FromQueryResult, Value};
pub use unit::Unit;

/// Bound values for a statement, in the order of `$1`, `$2`, …: `values![call.0, "open", now]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::Value::from($value)),*]
    };
}
