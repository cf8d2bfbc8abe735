//! The cluster's work as other capabilities may ask of it. It answers facts; who may see them is for whoever asks to decide.

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_contracts::{Figure, PathwaySeen, ProjectSeen, Work};
use hiec_kernel::ClusterId;
use hiec_store::Database;
use hiec_store::database::StoreError;

use crate::measures;
use crate::pathways::store as pathways;
use crate::projects::store as projects;

/// Answers from the delivery capability's own tables.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryWork;

#[async_trait]
impl Work for DeliveryWork {
    async fn pathways(&self, database: &Database, cluster: ClusterId) -> Result<Vec<PathwaySeen>, StoreError> {
        let mut all = pathways::of_cluster(database, cluster).await?;
        all.sort_by(|one, other| (one.category, &one.name, one.id).cmp(&(other.category, &other.name, other.id)));
        Ok(all
            .into_iter()
            .map(|pathway| PathwaySeen {
                id: pathway.id,
                key: pathway.key,
                name: pathway.name,
                category: pathway.category.label().to_owned(),
                is_illustrative: pathway.is_illustrative,
            })
            .collect())
    }

    async fn projects(&self, database: &Database, cluster: ClusterId) -> Result<Vec<ProjectSeen>, StoreError> {
        let all = projects::of_cluster(database, cluster).await?;
        let mut products = projects::product_names(database, cluster).await?;
        let mut seen = Vec::new();
        for pathway in pathways::of_cluster(database, cluster).await? {
            let mut here: Vec<_> = all.iter().filter(|project| project.pathway == pathway.id).collect();
            here.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
            seen.extend(here.into_iter().map(|project| ProjectSeen {
                id: project.id,
                name: project.name.clone(),
                pathway: pathway.name.clone(),
                status: project.standing.status.label().to_owned(),
                reason: project.standing.reason.clone(),
                path: format!("/projects/{}", project.key),
                products: products.remove(&project.id).unwrap_or_default(),
            }));
        }
        Ok(seen)
    }

    async fn figures(
        &self,
        database: &Database,
        cluster: ClusterId,
        until: NaiveDate,
    ) -> Result<Vec<Figure>, StoreError> {
        measures::figures::newest(database, cluster, until).await
    }
}
