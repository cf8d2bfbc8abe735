//! Migrations: numbered SQL texts with type words, the same for both databases; applied once each, in order, never edited after landing.

use hiec_kernel::people::Actor;
use hiec_kernel::{Clock, Fingerprint};
use sea_orm::FromQueryResult;

use crate::database::{Database, StoreError};
use crate::query::Reads;
use crate::values;

/// One step. Statements are separated by a line holding only `;`, or end with `;` at the end of a line.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// `base-0001`: owner and number; sorted within the owner.
    pub id: &'static str,
    pub sql: &'static str,
    /// Tables that get an append-only guard after the statements ran.
    pub append_only: &'static [&'static str],
}

/// The tables of the base: register, roles, audit, jobs, outbox.
pub const BASE: &[Migration] = &[
    Migration { id: "base-0001", sql: include_str!("../migrations/base-0001.sql"), append_only: &["base_audit"] },
    Migration { id: "base-0002", sql: include_str!("../migrations/base-0002.sql"), append_only: &[] },
];

#[derive(FromQueryResult)]
struct Applied {
    id: String,
    fingerprint: String,
}

/// Applies what is missing, each migration in a transaction of its own; answers the ids applied.
///
/// Errors when an applied migration's text is no longer the one in this program: that database belongs to another version.
pub async fn migrate(
    database: &Database,
    migrations: &[Migration],
    clock: &dyn Clock,
) -> Result<Vec<&'static str>, StoreError> {
    let operator = || Actor::Operator("migrate".into());
    let unit = database.begin(operator(), clock).await?;
    unit.execute(
        &database.dialect().types(
            "CREATE TABLE IF NOT EXISTS base_migration (id text PRIMARY KEY, fingerprint text NOT NULL, applied_at {time} NOT NULL)",
        ),
        values![],
    )
    .await?;
    unit.commit().await?;
    let applied: Vec<Applied> =
        database.all("SELECT id, fingerprint FROM base_migration ORDER BY id", values![]).await?;
    let mut done = Vec::new();
    for migration in migrations {
        let fingerprint = Fingerprint::of_bytes(migration.sql.as_bytes());
        if let Some(before) = applied.iter().find(|one| one.id == migration.id) {
            if before.fingerprint != fingerprint.as_str() {
                return Err(StoreError::Migration(format!(
                    "migration {} was applied to this database with another text: use the version of hiec that made it, or restore a backup",
                    migration.id
                )));
            }
            continue;
        }
        let unit = database.begin(operator(), clock).await?;
        for statement in statements(migration.sql) {
            unit.execute(&database.dialect().types(&statement), values![]).await?;
        }
        for table in migration.append_only {
            for statement in database.dialect().append_only(table) {
                unit.execute(&statement, values![]).await?;
            }
        }
        unit.execute(
            "INSERT INTO base_migration (id, fingerprint, applied_at) VALUES ($1, $2, $3)",
            values![migration.id, fingerprint.to_string(), unit.now()],
        )
        .await?;
        unit.commit().await?;
        done.push(migration.id);
    }
    Ok(done)
}

/// The statements of a migration's text; comments are taken out first, so that a semicolon in one ends nothing.
fn statements(sql: &str) -> Vec<String> {
    let code: Vec<&str> = sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    code.join("\n")
        .split(";\n")
        .map(|statement| statement.trim().trim_end_matches(';').to_owned())
        .filter(|statement| !statement.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_in_a_comment_ends_no_statement() {
        let sql = "-- First; then\nCREATE TABLE a (\n  -- one;\n  id text\n);\nCREATE TABLE b (id text);\n";
        assert_eq!(statements(sql), ["CREATE TABLE a (\n  id text\n)", "CREATE TABLE b (id text)"]);
    }
}
