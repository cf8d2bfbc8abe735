//! Clusters as other capabilities may ask of them. It answers facts; who may see them is for whoever asks to decide.

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_contracts::{ClusterSeen, Clusters, Standing};
use hiec_kernel::{ClusterId, OrganisationId};
use hiec_store::Database;
use hiec_store::database::StoreError;

use crate::clusters::store;
use crate::money::rules::Span;
use crate::principles::watch;

/// Answers from the cluster capability's own tables.
#[derive(Clone, Copy, Debug)]
pub struct ClusterPort;

#[async_trait]
impl Clusters for ClusterPort {
    async fn by_key(&self, database: &Database, key: &str) -> Result<Option<ClusterSeen>, StoreError> {
        match store::by_key(database, key).await? {
            Some(cluster) => Ok(Some(cluster.seen(store::partners(database, cluster.id).await?))),
            None => Ok(None),
        }
    }

    async fn by_id(&self, database: &Database, id: ClusterId) -> Result<Option<ClusterSeen>, StoreError> {
        match store::by_id(database, id).await? {
            Some(cluster) => Ok(Some(cluster.seen(store::partners(database, cluster.id).await?))),
            None => Ok(None),
        }
    }

    async fn all(&self, database: &Database) -> Result<Vec<ClusterSeen>, StoreError> {
        Ok(store::all(database).await?.into_iter().map(|cluster| cluster.seen(Vec::new())).collect())
    }

    async fn of_organisation(
        &self,
        database: &Database,
        organisation: OrganisationId,
    ) -> Result<Vec<ClusterSeen>, StoreError> {
        let clusters = store::of_organisation(database, organisation).await?;
        Ok(clusters.into_iter().map(|cluster| cluster.seen(Vec::new())).collect())
    }

    async fn standing(
        &self,
        database: &Database,
        id: ClusterId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Standing, StoreError> {
        let Some(cluster) = store::by_id(database, id).await? else {
            return Ok(Standing::default());
        };
        let books = crate::money::store::books(database, &cluster).await?;
        Ok(Standing {
            money: books.standing(Span::new(from, to)),
            term: books.standing(books.term),
            risks: crate::risks::store::seen(database, &cluster).await?,
            breaches: watch::breaches(database, &cluster, to).await?,
        })
    }
}
