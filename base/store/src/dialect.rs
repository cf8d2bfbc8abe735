//! Every difference between SQLite and PostgreSQL that we know of stands in this file; no other file may ask which database it is on.

use sea_orm::DbBackend;

/// Which database a statement is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(crate) fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// What OpenTelemetry calls the database.
    pub(crate) fn system(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
        }
    }

    /// Replaces the type words of a migration by this database's own types.
    ///
    /// `{uuid}`, `{json}`, `{time}`, `{day}`, `{int}` (64 bits), `{bool}`, `{bytes}`; text is `text` on both.
    pub fn types(self, sql: &str) -> String {
        let words = match self {
            Self::Sqlite => [
                ("{uuid}", "blob"),
                ("{json}", "text"),
                ("{time}", "datetime"),
                ("{day}", "date"),
                ("{int}", "bigint"),
                ("{bool}", "boolean"),
                ("{bytes}", "blob"),
            ],
            Self::Postgres => [
                ("{uuid}", "uuid"),
                ("{json}", "jsonb"),
                ("{time}", "timestamptz"),
                ("{day}", "date"),
                ("{int}", "bigint"),
                ("{bool}", "boolean"),
                ("{bytes}", "bytea"),
            ],
        };
        words.iter().fold(sql.to_owned(), |sql, (word, native)| sql.replace(word, native))
    }

    /// What makes a `SELECT` hold its rows until the end of the transaction. SQLite has one writer, who holds everything.
    pub fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// Takes rows nobody else is working on.
    pub fn for_update_skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Statements that make a table append-only for every client, ours included.
    pub fn append_only(self, table: &str) -> Vec<String> {
        match self {
            Self::Sqlite => ["UPDATE", "DELETE"]
                .iter()
                .map(|verb| {
                    format!(
                        "CREATE TRIGGER {table}_no_{} BEFORE {verb} ON {table} BEGIN \
                         SELECT RAISE(ABORT, '{table} is append-only'); END",
                        verb.to_lowercase()
                    )
                })
                .collect(),
            Self::Postgres => vec![
                format!(
                    "CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS \
                     $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
                ),
                format!(
                    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
                     FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
                ),
            ],
        }
    }

    /// The names of our tables, in order, for copying and comparing databases.
    pub fn tables(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            }
            Self::Postgres => {
                "SELECT table_name::text AS name FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
            }
        }
    }

    /// Name and declared type of a table's columns, in order: `$1` is the table.
    pub fn columns(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name AS name, type AS kind FROM pragma_table_info($1) ORDER BY cid",
            Self::Postgres => {
                "SELECT column_name::text AS name, data_type::text AS kind FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
            }
        }
    }

    /// Case-insensitive search in text: `name {like} $1`.
    pub fn like(self) -> &'static str {
        match self {
            Self::Sqlite => "LIKE",
            Self::Postgres => "ILIKE",
        }
    }

    /// Words as a part of a pattern for [`Self::like`] with `ESCAPE '\\'`: nothing in them is a sign for anything.
    pub fn escaped_like(self, words: &str) -> String {
        words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
    }
}
