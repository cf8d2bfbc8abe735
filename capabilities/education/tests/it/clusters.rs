//! A cluster that is only told of, with its pathways and people, for tests of education alone. It has no tables.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_contracts::{
    ClusterSeen, Clusters, ClustersPort, Figure, PartnerSeen, PathwaySeen, ProjectSeen, Standing, Work, WorkPort,
};
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

/// Two pathways, as delivery would tell of them.
#[async_trait]
impl Work for Told {
    async fn pathways(&self, _: &Database, _: ClusterId) -> Result<Vec<PathwaySeen>, StoreError> {
        let pathway = |nth: u128, key: &str, name: &str, category: &str| PathwaySeen {
            id: Uuid::from_u128(500 + nth),
            key: key.into(),
            name: name.into(),
            category: category.into(),
            is_illustrative: true,
        };
        Ok(vec![pathway(1, "maternity", "Maternity", "Acute"), pathway(2, "copd", "COPD", "Long-term conditions")])
    }

    async fn projects(&self, _: &Database, _: ClusterId) -> Result<Vec<ProjectSeen>, StoreError> {
        Ok(Vec::new())
    }

    async fn figures(&self, _: &Database, _: ClusterId, _: NaiveDate) -> Result<Vec<Figure>, StoreError> {
        Ok(Vec::new())
    }
}

pub(crate) fn day(typed: &str) -> NaiveDate {
    typed.parse().unwrap()
}

fn at(typed: &str) -> Timestamp {
    from_london(typed).unwrap()
}

/// An organisation, counted from 1; the twentieth and on are colleges, and no partners.
pub(crate) fn organisation(nth: u128) -> Organisation {
    let is_college = nth >= 20;
    Organisation {
        id: OrganisationId(Uuid::from_u128(1_000 + nth)),
        ods_code: None,
        name: if is_college { format!("College {nth:02}") } else { format!("Hospital {nth:02}") },
        sector: if is_college { Sector::ThirdSector } else { Sector::Nhs },
        settings: if is_college { vec![] } else { vec![Setting::Secondary] },
        functions: vec![if is_college { Function::SetsStandards } else { Function::ProvidesCare }],
        region: None,
        postcode: None,
        is_illustrative: true,
    }
}

/// A cluster of two hospitals; a third is registered and no partner.
pub(crate) fn cluster() -> ClusterSeen {
    ClusterSeen {
        id: ClusterId(Uuid::from_u128(7)),
        key: "necles".into(),
        name: "North East London, North Central London and Essex HIEC".into(),
        short_name: "NECLES".into(),
        region: Some(Uuid::from_u128(8)),
        programme: Some(Uuid::from_u128(9)),
        lead: organisation(1).id,
        starts_on: day("2010-02-01"),
        ends_on: day("2012-01-31"),
        is_illustrative: true,
        partners: (1..=2)
            .map(|nth| PartnerSeen {
                organisation: organisation(nth),
                role: "Member",
                since: day("2010-02-01"),
                until: None,
            })
            .collect(),
    }
}

/// The secret of an installation that can sign.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A stand with the cluster; hospitals 1 to 3 and the colleges 20 and 21 are in the register.
pub(crate) async fn stand(url: &str, now: &str) -> (Stand, ClusterSeen) {
    stand_with(url, now, Some(SECRET)).await
}

/// The same with another secret, or with none.
pub(crate) async fn stand_with(url: &str, now: &str, secret: Option<&str>) -> (Stand, ClusterSeen) {
    let cluster = cluster();
    let told = Told(vec![cluster.clone()]);
    let mut services = http::Extensions::new();
    services.insert(ClustersPort(Arc::new(told.clone())));
    services.insert(WorkPort(Arc::new(told)));
    if let Some(secret) = secret.and_then(hiec_education::SigningSecret::new) {
        services.insert(secret);
    }
    let stand = Stand::over(url, FixedClock::at(at(now)), capabilities, services).await;
    for nth in [1, 2, 3, 20, 21] {
        stand.add_organisation(&organisation(nth)).await;
    }
    (stand, cluster)
}

/// The same behind https, and able to sign badges.
pub(crate) async fn signing_stand(url: &str, now: &str) -> (Stand, ClusterSeen) {
    let cluster = cluster();
    let told = Told(vec![cluster.clone()]);
    let mut services = http::Extensions::new();
    services.insert(ClustersPort(Arc::new(told.clone())));
    services.insert(WorkPort(Arc::new(told)));
    services.insert(hiec_education::SigningSecret::new(SECRET).unwrap());
    let base = "https://hiec.example/".parse().unwrap();
    services.insert(hiec_web::Site { name: "hiec".into(), base, is_demo: false });
    (Stand::over(url, FixedClock::at(at(now)), capabilities, services).await, cluster)
}

fn capabilities() -> Vec<hiec_web::Capability> {
    vec![hiec_education::capability()]
}

/// Somebody with a role in the cluster, its region, or at one of the organisations (counted from 1), signed in.
pub(crate) async fn somebody(
    stand: &Stand,
    cluster: &ClusterSeen,
    name: &str,
    role: Role,
    at: u128,
) -> (Browser, Person) {
    let scope = match role {
        Role::RegionOfficer | Role::Regulator => Scope::Region(cluster.region.unwrap()),
        Role::HostEducator | Role::Supervisor | Role::CurriculumOwner | Role::SiteLead => {
            Scope::Organisation(organisation(at).id.0)
        }
        _ => Scope::Cluster(cluster.id.0),
    };
    let is_outside = matches!(role, Role::RegionOfficer | Role::Regulator | Role::CurriculumOwner);
    let within = (!is_outside).then_some(cluster.id.0);
    let person = stand.add_person(name, &[(role, scope, within)]).await;
    (stand.browser_of(person.id).await, person)
}
