//! A cluster that is only told of, with its people, for tests of delivery alone. It has no tables.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_contracts::{ClusterSeen, Clusters, ClustersPort, PartnerSeen, Standing};
use hiec_kernel::clock::{FixedClock, Timestamp, from_london};
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_kernel::people::Person;
use hiec_kernel::{ClusterId, OrganisationId, Role, Scope};
use hiec_store::Database;
use hiec_store::database::StoreError;
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use uuid::Uuid;

/// Answers with the clusters it was given.
#[derive(Clone)]
pub(crate) struct Told(pub Vec<ClusterSeen>);

#[async_trait]
impl Clusters for Told {
    async fn by_key(&self, _: &Database, key: &str) -> Result<Option<ClusterSeen>, StoreError> {
        Ok(self.0.iter().find(|cluster| cluster.key == key).cloned())
    }

    async fn by_id(&self, _: &Database, id: ClusterId) -> Result<Option<ClusterSeen>, StoreError> {
        Ok(self.0.iter().find(|cluster| cluster.id == id).cloned())
    }

    async fn all(&self, _: &Database) -> Result<Vec<ClusterSeen>, StoreError> {
        Ok(self.0.clone())
    }

    async fn of_organisation(&self, _: &Database, id: OrganisationId) -> Result<Vec<ClusterSeen>, StoreError> {
        Ok(self.0.iter().filter(|cluster| cluster.partner(id).is_some()).cloned().collect())
    }

    async fn standing(&self, _: &Database, _: ClusterId, _: NaiveDate, _: NaiveDate) -> Result<Standing, StoreError> {
        Ok(Standing::default())
    }
}

fn day(typed: &str) -> NaiveDate {
    typed.parse().unwrap()
}

fn at(typed: &str) -> Timestamp {
    from_london(typed).unwrap()
}

/// A hospital, counted from 1.
pub(crate) fn hospital(nth: u128) -> Organisation {
    Organisation {
        id: OrganisationId(Uuid::from_u128(1_000 + nth)),
        ods_code: None,
        name: format!("Hospital {nth:02}"),
        sector: Sector::Nhs,
        settings: vec![Setting::Secondary],
        functions: vec![Function::ProvidesCare],
        region: None,
        postcode: None,
        is_illustrative: true,
    }
}

/// A cluster with so many hospitals.
pub(crate) fn cluster(hospitals: u128) -> ClusterSeen {
    ClusterSeen {
        id: ClusterId(Uuid::from_u128(7)),
        key: "necles".into(),
        name: "North East London, North Central London and Essex HIEC".into(),
        short_name: "NECLES".into(),
        region: Some(Uuid::from_u128(8)),
        programme: Some(Uuid::from_u128(9)),
        lead: hospital(1).id,
        starts_on: day("2010-02-01"),
        ends_on: day("2012-01-31"),
        is_illustrative: true,
        partners: (1..=hospitals)
            .map(|nth| PartnerSeen {
                organisation: hospital(nth),
                role: "Member",
                since: day("2010-02-01"),
                until: None,
            })
            .collect(),
    }
}

/// A stand with the cluster, its hospitals in the register.
pub(crate) async fn stand(url: &str, hospitals: u128, now: &str) -> (Stand, ClusterSeen) {
    let cluster = cluster(hospitals);
    let mut services = http::Extensions::new();
    services.insert(ClustersPort(Arc::new(Told(vec![cluster.clone()]))));
    let stand = Stand::over(url, FixedClock::at(at(now)), capabilities, services).await;
    for nth in 1..=hospitals {
        stand.add_organisation(&hospital(nth)).await;
    }
    (stand, cluster)
}

fn capabilities() -> Vec<hiec_web::Capability> {
    vec![hiec_delivery::capability()]
}

/// Moves the clock.
pub(crate) fn set(stand: &Stand, now: &str) {
    stand.clock.set(at(now));
}

/// Somebody of the cluster, signed in.
pub(crate) async fn somebody(stand: &Stand, cluster: &ClusterSeen, name: &str, role: Role) -> (Browser, Person) {
    let scope = match role {
        Role::RegionOfficer => Scope::Region(cluster.region.unwrap()),
        _ => Scope::Cluster(cluster.id.0),
    };
    let within = (!role.is_commissioner()).then_some(cluster.id.0);
    let person = stand.add_person(name, &[(role, scope, within)]).await;
    (stand.browser_of(person.id).await, person)
}

/// Who leads a hospital, signed in.
pub(crate) async fn site_lead(stand: &Stand, cluster: &ClusterSeen, name: &str, nth: u128) -> Browser {
    let scope = Scope::Organisation(hospital(nth).id.0);
    let person = stand.add_person(name, &[(Role::SiteLead, scope, Some(cluster.id.0))]).await;
    stand.browser_of(person.id).await
}
