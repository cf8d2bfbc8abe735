//! Fresh, empty databases for one test, on SQLite and PostgreSQL; they never outlive the test and never touch another's data.

use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use tempfile::TempDir;

use crate::postgres::PostgresDatabase;

/// The two databases the product runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    Sqlite,
    Postgres,
}

impl fmt::Display for DatabaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// One empty database of a test's own. Dropping it removes the database, so keep it until the last connection is done.
#[derive(Debug)]
pub struct TestDatabase {
    /// What `Database::connect` takes: `sqlite:///folder/test.sqlite` or `postgres://…/hiec_test_…`.
    pub url: String,
    pub kind: DatabaseKind,
    _held: Held,
}

/// Holds what must be removed at the end; nobody reads it.
#[derive(Debug)]
#[expect(dead_code, reason = "held for its `Drop`")]
enum Held {
    Folder(TempDir),
    Database(PostgresDatabase),
}

/// A fresh database of each kind: always SQLite, and PostgreSQL where `HIEC_TEST_POSTGRES` holds the URL of a server
/// on which databases may be created (`make test` starts one).
///
/// # Panics
/// Without `HIEC_TEST_POSTGRES` when `CI` or `HIEC_REQUIRE_POSTGRES` is set: a skipped database test is a failure there.
pub async fn databases() -> Vec<TestDatabase> {
    let mut databases = vec![sqlite()];
    if let Some(server) = postgres_server() {
        databases.push(postgres(&server).await);
    }
    databases
}

/// Runs `body` with the URL of a fresh database of each kind, also when it failed on the first, and names the databases it failed on.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// hiec_testkit::for_each_database(|url| async move {
///     assert!(url.starts_with("sqlite:///") || url.starts_with("postgres://"));
/// })
/// .await;
/// # });
/// ```
///
/// # Panics
/// When `body` panicked on any database; and as [`databases`] does.
pub async fn for_each_database<Body, Run>(body: Body)
where
    Body: Fn(String) -> Run,
    Run: Future<Output = ()>,
{
    let mut failed = Vec::new();
    for database in databases().await {
        if panics(body(database.url.clone())).await {
            // The message itself was printed by the panic hook, with its place in the code.
            eprintln!("^ that was on {}", database.kind);
            failed.push(database.kind.to_string());
        }
    }
    assert!(failed.is_empty(), "failed on {}", failed.join(" and on "));
}

fn sqlite() -> TestDatabase {
    let folder = tempfile::Builder::new().prefix("hiec-test-").tempdir().expect("a temporary folder for SQLite");
    TestDatabase {
        url: format!("sqlite://{}", folder.path().join("test.sqlite").display()),
        kind: DatabaseKind::Sqlite,
        _held: Held::Folder(folder),
    }
}

async fn postgres(server: &str) -> TestDatabase {
    let database = PostgresDatabase::create(server).await;
    TestDatabase { url: database.url().to_owned(), kind: DatabaseKind::Postgres, _held: Held::Database(database) }
}

fn postgres_server() -> Option<String> {
    let is_set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty() && value != "false");
    let server = std::env::var("HIEC_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    assert!(
        server.is_some() || !(is_set("CI") || is_set("HIEC_REQUIRE_POSTGRES")),
        "HIEC_TEST_POSTGRES is not set, and here a skipped database test is a failure: run `make test`, which starts PostgreSQL"
    );
    server
}

/// Drives `work` to its end; true when it panicked.
async fn panics(work: impl Future<Output = ()>) -> bool {
    let mut work = pin!(work);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(())) => Poll::Ready(false),
        Err(_) => Poll::Ready(true),
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use sea_orm::{ConnectionTrait, Database};

    use super::*;

    async fn execute(url: &str, sql: &str) {
        let url = if url.starts_with("sqlite") { format!("{url}?mode=rwc") } else { url.to_owned() };
        let connection = Database::connect(&url).await.expect("connect");
        connection.execute_unprepared(sql).await.expect(sql);
        connection.close().await.expect("close");
    }

    #[tokio::test]
    async fn every_database_is_empty_and_its_own() {
        for_each_database(|url| async move { execute(&url, "CREATE TABLE mark (n INTEGER)").await }).await;
        // A second round would fail on the table if it met the same database again.
        for_each_database(|url| async move { execute(&url, "CREATE TABLE mark (n INTEGER)").await }).await;
    }

    #[tokio::test]
    async fn a_failure_on_one_database_does_not_spare_the_other() {
        let seen = Mutex::new(Vec::new());
        let outcome = panics(for_each_database(|url| {
            seen.lock().expect("not poisoned").push(url.split(':').next().unwrap_or_default().to_owned());
            async { panic!("meant to fail") }
        }))
        .await;
        assert!(outcome, "the failure must reach the test");
        let expected = if postgres_server().is_some() { vec!["sqlite", "postgres"] } else { vec!["sqlite"] };
        assert_eq!(*seen.lock().expect("not poisoned"), expected);
    }

    #[tokio::test]
    async fn a_dropped_database_is_gone() {
        for database in databases().await {
            let (url, kind) = (database.url.clone(), database.kind);
            execute(&url, "CREATE TABLE mark (n INTEGER)").await;
            drop(database);
            match kind {
                DatabaseKind::Sqlite => {
                    let file = url.trim_start_matches("sqlite://");
                    assert!(!std::path::Path::new(file).exists(), "{file} is still there");
                }
                DatabaseKind::Postgres => {
                    Database::connect(&url).await.expect_err("the database is still there");
                }
            }
        }
    }
}
