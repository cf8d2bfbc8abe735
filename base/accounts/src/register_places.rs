//! The places of the register: the installation, regions, organisations; other places are named by their capability.

use async_trait::async_trait;
use hiec_access::places::{Place, Places};
use hiec_kernel::{OrganisationId, Scope};
use hiec_store::database::StoreError;
use hiec_store::{Database, organisations};

/// Names what the base itself keeps.
#[derive(Clone, Copy, Debug)]
pub struct RegisterPlaces;

#[async_trait]
impl Places for RegisterPlaces {
    async fn find(&self, database: &Database, kind: &str, words: &str, limit: i64) -> Result<Vec<Place>, StoreError> {
        Ok(match kind {
            "installation" => vec![installation()],
            "region" => {
                let words = words.trim().to_lowercase();
                let regions = organisations::regions(database).await?;
                let fits = |region: &organisations::Region| {
                    region.name.to_lowercase().contains(&words) || region.code.to_lowercase() == words
                };
                let most = usize::try_from(limit).unwrap_or(usize::MAX);
                regions.iter().filter(|region| fits(region)).take(most).map(region).collect()
            }
            "organisation" => organisations::search(database, words, limit)
                .await?
                .into_iter()
                .map(|one| Place::new(Scope::Organisation(one.id.0), one.name))
                .collect(),
            _ => Vec::new(),
        })
    }

    async fn named(&self, database: &Database, scope: Scope) -> Result<Option<Place>, StoreError> {
        Ok(match scope {
            Scope::Installation => Some(installation()),
            Scope::Region(id) => organisations::regions(database).await?.iter().find(|one| one.id == id).map(region),
            Scope::Organisation(id) => {
                organisations::by_id(database, OrganisationId(id)).await?.map(|one| Place::new(scope, one.name))
            }
            _ => None,
        })
    }
}

fn installation() -> Place {
    Place::new(Scope::Installation, "The whole installation")
}

fn region(region: &organisations::Region) -> Place {
    Place::new(Scope::Region(region.id), region.name.clone())
}
