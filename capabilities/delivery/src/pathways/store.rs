//! Pathways as stored.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

closed_list! {
    /// The three kinds of pathway of 2009's call.
    Category {
        Prevention = "prevention", "Prevention";
        Acute = "acute", "Acute";
        LongTerm = "long_term", "Long-term conditions";
    }
}

/// A pathway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Pathway {
    pub id: Uuid,
    pub key: String,
    pub name: String,
    pub category: Category,
    /// Who leads it clinically; empty where nobody does yet.
    pub lead: String,
    pub starts_on: NaiveDate,
    /// Where this is published.
    pub source: String,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    key: String,
    name: String,
    category: String,
    lead: String,
    starts_on: NaiveDate,
    source: String,
    is_illustrative: bool,
}

impl From<Row> for Pathway {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            key: row.key,
            name: row.name,
            category: Category::from_key(&row.category).unwrap_or(Category::LongTerm),
            lead: row.lead,
            starts_on: row.starts_on,
            source: row.source,
            is_illustrative: row.is_illustrative,
        }
    }
}

/// A cluster's pathways in the order of the categories, by beginning and name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Pathway>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, key, name, category, lead, starts_on, source, is_illustrative FROM delivery_pathway \
             WHERE cluster_id = $1 ORDER BY starts_on, name, id",
            values![cluster.0],
        )
        .await?;
    let mut pathways: Vec<Pathway> = rows.into_iter().map(Pathway::from).collect();
    pathways.sort_by_key(|pathway| pathway.category);
    Ok(pathways)
}

pub(crate) async fn insert(unit: &Unit, cluster: ClusterId, pathway: &Pathway) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_pathway (id, cluster_id, key, name, category, lead, starts_on, source, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            pathway.id,
            cluster.0,
            pathway.key.clone(),
            pathway.name.clone(),
            pathway.category.key(),
            pathway.lead.clone(),
            pathway.starts_on,
            pathway.source.clone(),
            pathway.is_illustrative
        ],
    )
    .await?;
    Ok(())
}
