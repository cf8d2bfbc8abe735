//! The places of clusters that roles are held in: the cluster itself, by name.

use async_trait::async_trait;
use hiec_access::places::{Place, Places};
use hiec_kernel::Scope;
use hiec_store::database::StoreError;
use hiec_store::{Database, FromQueryResult, Reads, values};
use uuid::Uuid;

/// Names clusters.
#[derive(Clone, Copy, Debug)]
pub struct ClusterPlaces;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    region_id: Option<Uuid>,
    programme_id: Option<Uuid>,
}

impl Row {
    fn place(self) -> Place {
        let around = [self.region_id.map(Scope::Region), self.programme_id.map(Scope::Programme)];
        Place {
            scope: Scope::Cluster(self.id),
            label: self.name,
            within: Some(self.id),
            around: around.into_iter().flatten().collect(),
        }
    }
}

#[async_trait]
impl Places for ClusterPlaces {
    async fn find(&self, database: &Database, kind: &str, words: &str, limit: i64) -> Result<Vec<Place>, StoreError> {
        if kind != "cluster" {
            return Ok(Vec::new());
        }
        let dialect = database.dialect();
        let sql = format!(
            "SELECT id, name, region_id, programme_id FROM cluster_cluster \
             WHERE name {like} $1 ESCAPE '\\' OR short_name {like} $1 ESCAPE '\\' ORDER BY name, id LIMIT $2",
            like = dialect.like()
        );
        let words = format!("%{}%", dialect.escaped_like(words.trim()));
        let rows: Vec<Row> = database.all(&sql, values![words, limit]).await?;
        Ok(rows.into_iter().map(Row::place).collect())
    }

    async fn named(&self, database: &Database, scope: Scope) -> Result<Option<Place>, StoreError> {
        let Scope::Cluster(id) = scope else {
            return Ok(None);
        };
        let sql = "SELECT id, name, region_id, programme_id FROM cluster_cluster WHERE id = $1";
        Ok(database.one::<Row>(sql, values![id]).await?.map(Row::place))
    }
}
