//! One database on the test server: created under a name nobody else has, dropped with the value. Never touches any other database there.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use url::Url;

/// A database that lives as long as this value.
#[derive(Debug)]
pub(crate) struct PostgresDatabase {
    /// The maintenance database, through which ours is created and dropped.
    server: String,
    name: String,
    url: String,
}

impl PostgresDatabase {
    pub(crate) async fn create(server: &str) -> Self {
        let name = format!("hiec_test_{}_{:016x}", std::process::id(), rand::random::<u64>());
        let mut url = Url::parse(server).expect("HIEC_TEST_POSTGRES is a URL like postgres://user@host/postgres");
        url.set_path(&name);
        execute(server, &format!("CREATE DATABASE {name}")).await;
        Self { server: server.to_owned(), name, url: url.into() }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for PostgresDatabase {
    /// Dropped on a thread of its own, since the test's runtime may be the one that is dropping us. FORCE ends
    /// connections a failed test left open.
    fn drop(&mut self) {
        let (server, drop_it) = (self.server.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime to drop the database")
                .block_on(execute(&server, &drop_it));
        })
        .join();
        if dropped.is_err() {
            eprintln!("the test database {} was left behind", self.name);
        }
    }
}

async fn execute(server: &str, sql: &str) {
    let mut options = ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false);
    let connection: DatabaseConnection = Database::connect(options)
        .await
        .unwrap_or_else(|error| panic!("the server in HIEC_TEST_POSTGRES does not answer: {error}"));
    connection
        .execute_unprepared(sql)
        .await
        .unwrap_or_else(|error| panic!("`{sql}` failed on the test server: {error}"));
    connection.close().await.expect("the connection closes");
}
