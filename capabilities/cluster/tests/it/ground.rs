//! What the tests stand on: a cluster of four partners with its people, on a day of 2010, and a project from a made-up port.
#![expect(clippy::unwrap_used, reason = "what goes wrong in here is a failed test")]

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_cluster::clusters::founding;
use hiec_contracts::{Award, Figure, ProjectSeen, Work, WorkPort};
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{BidId, CallId, ClusterId, Money, OrganisationId, Role, Scope};
use hiec_store::{Database, StoreError};
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use uuid::Uuid;

/// The cluster's address.
pub const PATH: &str = "/clusters/necles";

/// The partners, in the order of their names.
pub const PARTNERS: [&str; 4] = ["Alder University", "Beech Hospital", "Cedar Practice", "Dogwood Industries"];

pub struct Ground {
    pub stand: Stand,
    pub cluster: ClusterId,
    pub partners: Vec<OrganisationId>,
}

/// One project and one figure, as `delivery` would tell of them.
struct Told;

#[async_trait]
impl Work for Told {
    async fn pathways(&self, _: &Database, _: ClusterId) -> Result<Vec<hiec_contracts::PathwaySeen>, StoreError> {
        Ok(Vec::new())
    }

    async fn projects(&self, _: &Database, _: ClusterId) -> Result<Vec<ProjectSeen>, StoreError> {
        Ok(vec![ProjectSeen {
            id: Uuid::from_u128(77),
            name: "Lung Improvement Pilots".into(),
            pathway: "COPD".into(),
            status: "On track".into(),
            reason: "Seven sites audit".into(),
            path: "/clusters/necles/projects/lung".into(),
            products: vec!["Audit tool".into()],
        }])
    }

    async fn figures(&self, _: &Database, _: ClusterId, _: NaiveDate) -> Result<Vec<Figure>, StoreError> {
        Ok(vec![Figure {
            what: "On NIV within three hours".into(),
            value: "48%".into(),
            period: "2010".into(),
            verdict: "Common cause: no significant change".into(),
            path: "/clusters/necles/measures/niv".into(),
            chart: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><path d=\"M0 0L10 10\"/></svg>"
                .into(),
            reading: "Nothing but chance is at work.".into(),
        }])
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The project the port tells of.
pub fn project() -> String {
    Uuid::from_u128(77).to_string()
}

pub async fn ground(url: &str) -> Ground {
    let clock = FixedClock::at(from_london("2010-02-01 10:00").unwrap());
    let mut services = http::Extensions::new();
    services.insert(WorkPort(Arc::new(Told)));
    let stand = Stand::over(url, clock, || vec![hiec_cluster::capability()], services).await;
    let mut partners = Vec::new();
    for (nth, name) in PARTNERS.iter().enumerate() {
        let organisation = Organisation {
            id: OrganisationId(Uuid::from_u128(100 + nth as u128)),
            ods_code: None,
            name: (*name).into(),
            sector: if nth == 3 { Sector::Industry } else { Sector::Nhs },
            settings: vec![Setting::Secondary],
            functions: vec![Function::ProvidesCare],
            region: Some("LON".into()),
            postcode: None,
            is_illustrative: true,
        };
        stand.add_organisation(&organisation).await;
        partners.push(organisation.id);
    }
    let award = Award {
        bid: BidId(Uuid::from_u128(1)),
        call: CallId(Uuid::from_u128(2)),
        call_title: "HIEC round 2009".into(),
        programme: Uuid::from_u128(3),
        name: "NECLES HIEC".into(),
        lead: partners[0],
        region: None,
        amount: Money::pounds(1_100_000),
        work_programme: vec!["COPD".into()],
        partners: partners.clone(),
        rules: hiec_principles::Rules::default(),
        statements: Vec::new(),
        legal_form: None,
        wants_binding_contracts: false,
    };
    let mut unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let cluster = founding::from_award(&mut unit, &award).await.unwrap();
    unit.commit().await.unwrap();
    Ground { stand, cluster, partners }
}

impl Ground {
    /// Somebody with a role in the cluster.
    pub async fn person(&self, name: &str, role: Role) -> Person {
        let cluster = self.cluster.0;
        self.stand.add_person(name, &[(role, Scope::Cluster(cluster), Some(cluster))]).await
    }

    /// A browser of somebody who answers for a partner, by its place in the list.
    pub async fn site_lead(&self, name: &str, partner: usize) -> Browser {
        let scope = Scope::Organisation(self.partners[partner].0);
        let person = self.stand.add_person(name, &[(Role::SiteLead, scope, Some(self.cluster.0))]).await;
        self.stand.browser_of(person.id).await
    }

    /// A browser in which a new person of this role is signed in.
    pub async fn browser(&self, name: &str, role: Role) -> Browser {
        let person = self.person(name, role).await;
        self.stand.browser_of(person.id).await
    }

    /// The programme office, which paid the award.
    pub async fn office(&self) -> Browser {
        let scope = Scope::Programme(Uuid::from_u128(3));
        let person = self.stand.add_person("Olive Officer", &[(Role::ProgrammeOfficer, scope, None)]).await;
        self.stand.browser_of(person.id).await
    }

    /// The cluster's trail as one text.
    pub async fn trail(&self) -> String {
        self.stand.trail(&hiec_store::Stream::cluster(self.cluster)).await
    }

    pub fn at(&self, moment: &str) {
        self.stand.clock.set(from_london(moment).unwrap());
    }
}
