//! Whole databases: reading any table row by row, copying everything from one database to another, a backup in one file. It knows no table's meaning.

use std::path::Path;

use hiec_kernel::Timestamp;
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Statement, Value};
use uuid::Uuid;

use crate::database::{Database, StoreError};
use crate::dialect::Dialect;
use crate::migrations::Migration;
use crate::query::Reads;
use crate::unit::Unit;
use crate::values;

/// Rows held in memory at a time.
const PAGE: i64 = 500;
/// Every primary key of ours stands within the first columns of its table.
const KEY_COLUMNS: usize = 4;

/// A column and what it holds.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Uuid,
    Json,
    Time,
    Day,
    Int,
    Bool,
    Bytes,
    Text,
}

impl Kind {
    /// From a column's declared type on either database.
    fn of(declared: &str) -> Self {
        match declared.to_lowercase().as_str() {
            "uuid" => Self::Uuid,
            "jsonb" | "json" => Self::Json,
            "datetime" | "timestamp with time zone" => Self::Time,
            "date" => Self::Day,
            "bigint" | "integer" => Self::Int,
            "boolean" => Self::Bool,
            "blob" | "bytea" => Self::Bytes,
            _ => Self::Text,
        }
    }

    /// The value of a column in a row.
    fn read(self, row: &QueryResult, name: &str) -> Result<Value, StoreError> {
        Ok(match self {
            Self::Uuid => row.try_get::<Option<Uuid>>("", name)?.into(),
            Self::Json => row.try_get::<Option<serde_json::Value>>("", name)?.into(),
            Self::Time => row.try_get::<Option<Timestamp>>("", name)?.into(),
            Self::Day => row.try_get::<Option<chrono::NaiveDate>>("", name)?.into(),
            Self::Int => row.try_get::<Option<i64>>("", name)?.into(),
            Self::Bool => row.try_get::<Option<bool>>("", name)?.into(),
            Self::Bytes => row.try_get::<Option<Vec<u8>>>("", name)?.into(),
            Self::Text => row.try_get::<Option<String>>("", name)?.into(),
        })
    }

    fn read_json(self, row: &QueryResult, name: &str) -> Result<serde_json::Value, StoreError> {
        use serde_json::Value as Json;
        let text = |text: Option<String>| text.map_or(Json::Null, Json::String);
        Ok(match self {
            Self::Uuid => text(row.try_get::<Option<Uuid>>("", name)?.map(|id| id.to_string())),
            // SQLite's ids are sixteen bytes in a blob column; anything else in bytes is shown in hexadecimal.
            Self::Bytes => text(
                row.try_get::<Option<Vec<u8>>>("", name)?
                    .map(|bytes| Uuid::from_slice(&bytes).map_or_else(|_| hex::encode(&bytes), |id| id.to_string())),
            ),
            Self::Time => text(row.try_get::<Option<Timestamp>>("", name)?.map(hiec_kernel::clock::iso)),
            Self::Day => text(row.try_get::<Option<chrono::NaiveDate>>("", name)?.map(|day| day.to_string())),
            Self::Int => row.try_get::<Option<i64>>("", name)?.into(),
            Self::Bool => row.try_get::<Option<bool>>("", name)?.into(),
            Self::Json => row.try_get::<Option<serde_json::Value>>("", name)?.unwrap_or(Json::Null),
            // JSON in SQLite is text: given as what it says where it is an object or a list.
            Self::Text => match row.try_get::<Option<String>>("", name)? {
                Some(said) if said.starts_with(['{', '[']) => serde_json::from_str(&said).unwrap_or(Json::String(said)),
                said => text(said),
            },
        })
    }
}

#[derive(FromQueryResult)]
struct Named {
    name: String,
}

/// The names of all tables, in order.
pub async fn tables(reads: &impl Reads) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Named> = reads.all(reads.dialect().tables(), values![]).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// The columns of a table, in order.
pub async fn columns(reads: &impl Reads, table: &str) -> Result<Vec<Column>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
        kind: String,
    }
    let rows: Vec<Row> = reads.all(reads.dialect().columns(), values![table]).await?;
    Ok(rows.into_iter().map(|row| Column { kind: Kind::of(&row.kind), name: row.name }).collect())
}

/// The rows of one of our tables as JSON objects in the order of its key; `condition` is SQL of ours, `TRUE` for all.
pub async fn rows_as_json(
    reads: &impl Reads,
    table: &str,
    condition: &str,
    bound: Vec<Value>,
) -> Result<Vec<serde_json::Map<String, serde_json::Value>>, StoreError> {
    let columns = columns(reads, table).await?;
    let sql = format!("{} WHERE {condition} ORDER BY {}", select(table, &columns), order(&columns));
    let statement = Statement::from_sql_and_values(reads.dialect().backend(), sql, bound);
    let rows = reads.connection().query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            columns.iter().map(|column| Ok((column.name.clone(), column.kind.read_json(row, &column.name)?))).collect()
        })
        .collect()
}

/// What a copy moved: table and rows, in the order copied.
pub type Copied = Vec<(String, i64)>;

/// Copies every table of these migrations, all in the unit or nothing. Both databases are migrated by this program, and the target is empty.
pub async fn copy_all(from: &Database, to: &Unit, migrations: &[Migration]) -> Result<Copied, StoreError> {
    let mut copied = Vec::new();
    let tables = tables_in_order(migrations);
    for table in &tables {
        let held = to.count(&format!("SELECT COUNT(*) AS n FROM {table}"), values![]).await?;
        if held > 0 {
            return Err(StoreError::Migration(format!(
                "the target is not empty: its table {table} holds {held} rows. Copy into a new database"
            )));
        }
    }
    for table in tables {
        let rows = copy_table(from, to, &table).await?;
        copied.push((table, rows));
    }
    Ok(copied)
}

/// The tables in the order the migrations make them, so that what a row points to is there before it; those a later one
/// drops again are left out.
pub fn tables_in_order(migrations: &[Migration]) -> Vec<String> {
    let named = |verb: &'static str| {
        migrations
            .iter()
            .flat_map(move |migration| migration.sql.split(verb).skip(1))
            .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next())
            .filter(|name| !name.is_empty())
    };
    let dropped: Vec<&str> = named("DROP TABLE ").collect();
    named("CREATE TABLE ").filter(|name| !dropped.contains(name)).map(str::to_owned).collect()
}

async fn copy_table(from: &Database, to: &Unit, table: &str) -> Result<i64, StoreError> {
    // PostgreSQL's types tell an id from bytes and JSON from text, SQLite's do not.
    let (theirs, ours) = (columns(from, table).await?, columns(to, table).await?);
    let precise = match to.dialect() {
        Dialect::Postgres => ours,
        Dialect::Sqlite => theirs,
    };
    let names: Vec<&str> = precise.iter().map(|column| column.name.as_str()).collect();
    let marks: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
    let insert = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), marks.join(", "));
    let page = format!("{} ORDER BY {} LIMIT {PAGE} OFFSET ", select(table, &precise), order(&precise));
    let mut copied: i64 = 0;
    loop {
        let statement = Statement::from_string(from.dialect().backend(), format!("{page}{copied}"));
        let rows = from.connection().query_all_raw(statement).await?;
        for row in &rows {
            let bound: Result<Vec<Value>, StoreError> =
                precise.iter().map(|column| column.kind.read(row, &column.name)).collect();
            to.execute(&insert, bound?).await?;
            copied += 1;
        }
        if i64::try_from(rows.len()).unwrap_or(0) < PAGE {
            return Ok(copied);
        }
    }
}

fn select(table: &str, columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    format!("SELECT {} FROM {table}", names.join(", "))
}

fn order(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().take(KEY_COLUMNS).map(|column| column.name.as_str()).collect();
    names.join(", ")
}

/// Writes a consistent copy of a SQLite database into a new file, while others go on working.
pub async fn backup(database: &Database, file: &Path) -> Result<(), StoreError> {
    if database.dialect() != Dialect::Sqlite {
        return Err(StoreError::Migration(
            "this is a PostgreSQL database: use pg_dump --format=custom, and pg_restore to bring it back".into(),
        ));
    }
    let path = file.display().to_string().replace('\'', "''");
    database.connection().execute_unprepared(&format!("VACUUM INTO '{path}'")).await?;
    Ok(())
}

/// Whether a SQLite file is whole; what is wrong where it is not.
pub async fn integrity(database: &Database) -> Result<Vec<String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Line {
        integrity_check: String,
    }
    let lines: Vec<Line> = database.all("PRAGMA integrity_check", values![]).await?;
    Ok(lines.into_iter().map(|line| line.integrity_check).filter(|line| line != "ok").collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_in_the_order_they_are_made() {
        let tables = tables_in_order(crate::migrations::BASE);
        let place = |name: &str| tables.iter().position(|table| table == name).unwrap();
        assert!(place("base_organisation") < place("base_person"));
        assert!(place("base_person") < place("base_session"));
        assert!(tables.iter().all(|table| table.starts_with("base_")), "{tables:?}");
        let step = |id, sql| Migration { id, sql, append_only: &[] };
        let steps = [
            step("a", "CREATE TABLE old (id text);\nCREATE TABLE kept (id text);\n"),
            step("b", "CREATE TABLE new (id text);\nDROP TABLE old;\n"),
        ];
        assert_eq!(tables_in_order(&steps), ["kept", "new"]);
    }
}
