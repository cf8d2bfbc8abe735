//! The unit of work over SQLite and PostgreSQL: change, audit entry, job and mail in one transaction; it knows no page and no capability's rule.

pub mod audit;
pub mod copy;
pub mod database;
pub mod dialect;
pub mod files;
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

/// Names the kind of an audit event; with `reason`, its field of that name stands as the entry's reason:
/// `audit_event!(TestJudged, "pqq.judged", reason)`.
#[macro_export]
macro_rules! audit_event {
    ($event:ty, $kind:literal) => {
        impl $crate::AuditEvent for $event {
            const KIND: &'static str = $kind;
        }
    };
    ($event:ty, $kind:literal, reason) => {
        impl $crate::AuditEvent for $event {
            const KIND: &'static str = $kind;

            fn reason(&self) -> Option<&str> {
                Some(&self.reason)
            }
        }
    };
}
