//! The places of a competition that roles are held in: programmes, calls, bids, by name; of a bid no more than that, whatever stage it is at.

use async_trait::async_trait;
use hiec_access::places::{Place, Places};
use hiec_kernel::Scope;
use hiec_store::database::StoreError;
use hiec_store::{Database, FromQueryResult, Reads, values};
use uuid::Uuid;

/// Names programmes, calls and bids.
#[derive(Clone, Copy, Debug)]
pub struct CompetitionPlaces;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    /// The call's title, of a bid; empty otherwise.
    call: String,
    call_id: Option<Uuid>,
    programme_id: Option<Uuid>,
}

/// What names the places of a kind: a subquery with the columns of [`Row`].
fn named(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "programme" => {
            "SELECT id, name, '' AS call, CAST(NULL AS {uuid}) AS call_id, CAST(NULL AS {uuid}) AS programme_id, created_at \
             FROM competition_programme"
        }
        "call" => "SELECT id, title AS name, '' AS call, id AS call_id, programme_id, created_at FROM competition_call",
        "bid" => {
            "SELECT b.id, b.title AS name, c.title AS call, c.id AS call_id, c.programme_id, b.created_at \
             FROM competition_bid b JOIN competition_call c ON c.id = b.call_id"
        }
        _ => return None,
    })
}

impl Row {
    fn place(self, kind: &str) -> Option<Place> {
        let scope = Scope::from_parts(kind, self.id)?;
        let label = if self.call.is_empty() { self.name } else { format!("{} ({})", self.name, self.call) };
        let around = [self.call_id.map(Scope::Call), self.programme_id.map(Scope::Programme)];
        Some(Place {
            scope,
            label,
            within: self.call_id,
            around: around.into_iter().flatten().filter(|larger| *larger != scope).collect(),
        })
    }
}

#[async_trait]
impl Places for CompetitionPlaces {
    async fn find(&self, database: &Database, kind: &str, words: &str, limit: i64) -> Result<Vec<Place>, StoreError> {
        let Some(places) = named(kind) else {
            return Ok(Vec::new());
        };
        let (dialect, like) = (database.dialect(), database.dialect().like());
        let sql = format!(
            "SELECT id, name, call, call_id, programme_id FROM ({places}) AS place \
             WHERE name {like} $1 ESCAPE '\\' ORDER BY created_at DESC, id DESC LIMIT $2"
        );
        let words = format!("%{}%", dialect.escaped_like(words.trim()));
        let rows: Vec<Row> = database.all(&dialect.types(&sql), values![words, limit]).await?;
        Ok(rows.into_iter().filter_map(|row| row.place(kind)).collect())
    }

    async fn named(&self, database: &Database, scope: Scope) -> Result<Option<Place>, StoreError> {
        let Some(places) = named(scope.kind()) else {
            return Ok(None);
        };
        let sql = format!("SELECT id, name, call, call_id, programme_id FROM ({places}) AS place WHERE id = $1");
        let row: Option<Row> = database.one(&database.dialect().types(&sql), values![scope.id()]).await?;
        Ok(row.and_then(|row| row.place(scope.kind())))
    }
}
