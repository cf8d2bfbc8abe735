//! Links to the innovation bodies around a cluster, as stored. An ended link keeps its row.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

closed_list! {
    /// The kinds of bodies, those of 2009 first.
    BodyKind {
        Ahsc = "ahsc", "Academic Health Science Centre (AHSC)";
        Clahrc = "clahrc", "Collaboration for Leadership in Applied Health Research and Care (CLAHRC)";
        Brc = "brc", "Biomedical Research Centre (BRC)";
        Hub = "hub", "NHS Innovation Hub";
        Hin = "hin", "Health Innovation Network (HIN)";
        Arc = "arc", "Applied Research Collaboration (ARC)";
    }
}

/// One link.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Link {
    pub id: Uuid,
    pub kind: BodyKind,
    pub name: String,
    /// What the two do together.
    pub purpose: String,
    /// Who looks after it.
    pub owner: String,
    pub since: NaiveDate,
    /// The first day it no longer holds.
    pub until: Option<NaiveDate>,
    pub ended_reason: Option<String>,
}

impl Link {
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    name: String,
    purpose: String,
    owner: String,
    since: NaiveDate,
    until: Option<NaiveDate>,
    ended_reason: Option<String>,
}

/// Present and former links, by kind and name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Link>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, kind, name, purpose, owner, since, until, ended_reason FROM cluster_link \
             WHERE cluster_id = $1 ORDER BY kind, name, since, id",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Link {
                id: row.id,
                kind: BodyKind::from_key(&row.kind)?,
                name: row.name,
                purpose: row.purpose,
                owner: row.owner,
                since: row.since,
                until: row.until,
                ended_reason: row.ended_reason,
            })
        })
        .collect())
}

/// The links of a day in a line each, as the principle check reads them.
pub(crate) async fn in_words(reads: &impl Reads, cluster: ClusterId, day: NaiveDate) -> Result<String, StoreError> {
    let lines: Vec<String> = of_cluster(reads, cluster)
        .await?
        .iter()
        .filter(|link| link.holds_on(day))
        .map(|link| format!("{}: {} ({})", link.name, link.purpose, link.owner))
        .collect();
    Ok(lines.join("\n"))
}

pub(crate) async fn insert(unit: &Unit, cluster: ClusterId, link: &Link) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_link (id, cluster_id, kind, name, purpose, owner, since) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            link.id,
            cluster.0,
            link.kind.key(),
            link.name.clone(),
            link.purpose.clone(),
            link.owner.clone(),
            link.since
        ],
    )
    .await?;
    Ok(())
}

/// Ends a link that holds; answers how many rows that changed.
pub(crate) async fn end(
    unit: &Unit,
    cluster: ClusterId,
    link: Uuid,
    until: NaiveDate,
    reason: &str,
) -> Result<u64, StoreError> {
    unit.execute(
        "UPDATE cluster_link SET until = $3, ended_reason = $4 WHERE cluster_id = $1 AND id = $2 AND until IS NULL",
        values![cluster.0, link, until, reason],
    )
    .await
}
