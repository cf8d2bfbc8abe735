//! Opening a database and beginning units of work on it; a write never happens outside a unit.

use std::sync::Arc;
use std::time::Duration;

use hiec_kernel::people::Actor;
use hiec_kernel::{Clock, Problem, Timestamp};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::Mutex;
use tracing::Instrument;

use crate::dialect::Dialect;
use crate::query::{Reads, traced};
use crate::unit::Unit;

/// What the database said, for the log; a person sees [`Problem::internal`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{0}")]
    Database(#[from] DbErr),
    #[error("cannot open {url}: {cause}. {advice}")]
    Open { url: String, cause: String, advice: &'static str },
    #[error("stored value cannot be read: {0}")]
    Stored(#[from] serde_json::Error),
    #[error("{0}")]
    Migration(String),
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Problem::internal(error)
    }
}

impl StoreError {
    /// Whether a uniqueness rule of the database refused the change: somebody else was faster.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error)
            if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))))
    }
}

/// One open database, cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
    dialect: Dialect,
    /// SQLite has one writer: units queue here, in order, instead of meeting `SQLITE_BUSY`.
    writer: Arc<Mutex<()>>,
}

impl Database {
    /// Opens `sqlite:///path/to/file.db` (made if absent) or `postgres://user@host/name`.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::open(url, "FULL", true).await
    }

    /// The same, of a database that is there already: a mistyped path makes no empty one.
    pub async fn connect_existing(url: &str) -> Result<Self, StoreError> {
        Self::open(url, "FULL", false).await
    }

    /// Opens a database whose loss in a power cut is no loss, because it is then made anew: SQLite does not wait for the disk.
    pub async fn connect_disposable(url: &str) -> Result<Self, StoreError> {
        Self::open(url, "OFF", true).await
    }

    /// `synchronous` is SQLite's: whether a commit waits for the disk; `is_made`: whether its file is made where there is none.
    async fn open(url: &str, synchronous: &'static str, is_made: bool) -> Result<Self, StoreError> {
        let dialect = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Dialect::Postgres
        } else if url.starts_with("sqlite:") {
            Dialect::Sqlite
        } else {
            return Err(StoreError::Open {
                url: without_password(url),
                cause: "this is no database address".into(),
                advice: "Use sqlite:///path/to/hiec.db or postgres://user@host/name.",
            });
        };
        let mut options = ConnectOptions::new(url.to_owned());
        options
            .sqlx_logging(false)
            .acquire_timeout(Duration::from_secs(20))
            .max_connections(if dialect == Dialect::Sqlite { 6 } else { 16 })
            .test_before_acquire(false);
        options.map_sqlx_sqlite_opts(move |options| {
            options
                .create_if_missing(is_made)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(15))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", synchronous)
                .pragma("cache_size", "-2000")
        });
        let connection = sea_orm::Database::connect(options).await.map_err(|error| StoreError::Open {
            url: without_password(url),
            cause: error.to_string(),
            advice: match dialect {
                Dialect::Sqlite if is_made => {
                    "Does the folder exist, and may this user write there? Is another hiec running on this file?"
                }
                Dialect::Sqlite => {
                    "Is this the path of the database? There must be one already: hiec migrate makes a new one."
                }
                Dialect::Postgres => "Is the server running, and are user, password and database name right?",
            },
        })?;
        Ok(Self { connection, dialect, writer: Arc::default() })
    }

    /// Begins a unit of work for an actor. It holds the writer's place until it is committed or dropped (which undoes it).
    ///
    /// The unit's moment is the moment it was asked for: by then the server has all of what was sent, and how long the queue of writers is
    /// lies with the server and not with whoever sent in time. What closes things must therefore leave the queue time to empty.
    pub async fn begin(&self, actor: Actor, clock: &dyn Clock) -> Result<Unit, StoreError> {
        let now = clock.now();
        // What this takes is the waiting for one's turn.
        self.begin_at(actor, now).instrument(traced(self.dialect, "BEGIN")).await
    }

    async fn begin_at(&self, actor: Actor, now: Timestamp) -> Result<Unit, StoreError> {
        let place = match self.dialect {
            Dialect::Sqlite => Some(self.writer.clone().lock_owned().await),
            Dialect::Postgres => None,
        };
        let transaction = self
            .connection
            .begin_with_options(TransactionOptions {
                isolation_level: None,
                // SQLite knows no access mode, and writing is what PostgreSQL expects unless told otherwise.
                access_mode: None,
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            })
            .await?;
        Ok(Unit::new(transaction, self.dialect, actor, now, place))
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.connection.ping().await?)
    }

    /// Writes everything into the one file, so that it can be moved or copied (SQLite; nothing to do on PostgreSQL).
    pub async fn settle(&self) -> Result<(), StoreError> {
        if self.dialect == Dialect::Sqlite {
            self.connection.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }

    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.connection.close().await?)
    }
}

impl Reads for Database {
    fn connection(&self) -> &impl ConnectionTrait {
        &self.connection
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }
}

/// A database address fit for a log.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(start), Some(end)) if start + 3 < end => {
            format!("{}://…{}", &url[..start], &url[end..])
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_stay_out_of_messages() {
        assert_eq!(without_password("postgres://u:secret@host/db"), "postgres://…@host/db");
        assert_eq!(without_password("sqlite:///tmp/x.db"), "sqlite:///tmp/x.db");
    }
}
