//! Reading with plain SQL that both databases understand; it offers no writing, that is the unit's.

use std::future::Future;

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use tracing::Instrument;

use crate::database::StoreError;
use crate::dialect::Dialect;

/// The target of the spans made for a collector of traces; nobody else listens to it.
pub const TRACES: &str = "hiec::traces";

/// A statement at work, for a collector of traces (the names are OpenTelemetry's, semantic conventions for databases). Its
/// text holds no value: those are bound.
pub(crate) fn traced(dialect: Dialect, sql: &str) -> tracing::Span {
    tracing::debug_span!(
        target: TRACES,
        "statement",
        otel.name = sql.split_ascii_whitespace().next().unwrap_or("statement"),
        otel.kind = "client",
        db.system.name = dialect.system(),
        db.query.text = sql,
    )
}

/// Anything rows can be read from: the database itself, or a unit that sees its own changes.
///
/// Statements use `$1`, `$2`, … and SQL both databases share; where they differ, [`Dialect`] has the words.
pub trait Reads: Sync {
    fn connection(&self) -> &impl ConnectionTrait;
    fn dialect(&self) -> Dialect;

    /// All rows, in the order the statement states.
    fn all<R: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<R>, StoreError>> + Send {
        let statement = Statement::from_sql_and_values(self.dialect().backend(), sql, values);
        let work = async move {
            let rows = self.connection().query_all_raw(statement).await?;
            Ok(rows.iter().map(|row| R::from_query_result(row, "")).collect::<Result<_, _>>()?)
        };
        work.instrument(traced(self.dialect(), sql))
    }

    /// The first row, if any.
    fn one<R: FromQueryResult + Send>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Option<R>, StoreError>> + Send {
        let statement = Statement::from_sql_and_values(self.dialect().backend(), sql, values);
        let work = async move {
            let row = self.connection().query_one_raw(statement).await?;
            Ok(row.map(|row| R::from_query_result(&row, "")).transpose()?)
        };
        work.instrument(traced(self.dialect(), sql))
    }

    /// One number: the first column of a statement such as `SELECT COUNT(*) AS n …` (the column is called `n`).
    fn count(&self, sql: &str, values: Vec<Value>) -> impl Future<Output = Result<i64, StoreError>> + Send {
        let rows = self.one::<Count>(sql, values);
        async move { Ok(rows.await?.map_or(0, |row| row.n)) }
    }
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}
