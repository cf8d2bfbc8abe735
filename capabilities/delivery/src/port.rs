//! The cluster's work as other capabilities may ask of it. It answers facts; who may see them is for whoever asks to decide.

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_contracts::{Figure, ProjectSeen, Work};
use hiec_kernel::ClusterId;
use hiec_store::Database;
use hiec_store::database::StoreError;

use crate::measures;

/// Answers from the delivery capability's own tables.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryWork;

#[async_trait]
impl Work for DeliveryWork {
    async fn projects(&self, _database: &Database, _cluster: ClusterId) -> Result<Vec<ProjectSeen>, StoreError> {
        Ok(Vec::new())
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
