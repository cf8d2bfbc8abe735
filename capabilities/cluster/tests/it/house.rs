//! What the founders' tests stand on: an award, a cluster that meets its principles, and the people around it.

use std::sync::Arc;

use async_trait::async_trait;
use hiec_access::places::AllPlaces;
use hiec_cluster::clusters::founding;
use hiec_cluster::constitution::store::usual;
use hiec_contracts::{Award, Awards, AwardsPort, Statement};
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{BidId, CallId, ClusterId, Money, OrganisationId, Role, Scope};
use hiec_store::organisations::{self, Region};
use hiec_store::{Database, StoreError};
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use uuid::Uuid;

pub const PATH: &str = "/clusters/north-example";
pub const PROGRAMME: Uuid = Uuid::from_u128(3);
pub const REGION: Uuid = Uuid::from_u128(4);

/// The organisations that signed the bid: with these every principle is met.
const PARTNERS: [(&str, Sector, &[Setting]); 5] = [
    ("Example University", Sector::HigherEducation, &[]),
    ("Example General Hospital", Sector::Nhs, &[Setting::Secondary]),
    ("Example Specialist Hospital", Sector::Nhs, &[Setting::Tertiary]),
    ("Example Surgery", Sector::Nhs, &[Setting::Primary]),
    ("Example Devices Ltd", Sector::Industry, &[]),
];

/// Nobody but the award below.
struct OneAward;

#[async_trait]
impl Awards for OneAward {
    async fn of_bid(&self, _: &Database, bid: BidId) -> Result<Option<Award>, StoreError> {
        Ok(Some(award()).filter(|award| award.bid == bid))
    }

    async fn all(&self, _: &Database) -> Result<Vec<Award>, StoreError> {
        Ok(vec![award()])
    }
}

pub fn organisation(
    nth: u128,
    name: &str,
    sector: Sector,
    settings: &[Setting],
    functions: &[Function],
) -> Organisation {
    Organisation {
        id: OrganisationId(Uuid::from_u128(nth)),
        ods_code: None,
        name: name.into(),
        sector,
        settings: settings.to_vec(),
        functions: functions.to_vec(),
        region: Some("LON".into()),
        postcode: None,
        is_illustrative: false,
    }
}

pub fn partner(nth: usize) -> OrganisationId {
    OrganisationId(Uuid::from_u128(100 + nth as u128))
}

pub fn award() -> Award {
    let usual = usual().unwrap();
    let said = [
        ("research_network", "The network opens trials at every site."),
        ("professions", "Doctors\nNurses"),
        ("impact", "Adoption at 40 sites."),
        ("quality", "Trainee surveys against a baseline."),
        ("separation", "The region commissions, we provide."),
        ("governance", "A board answers to the partners."),
        ("innovation_links", "The AHSC sits on the board."),
        ("quality_control", "Internal review each year."),
    ];
    let text = |key: &str| said.iter().find(|(one, _)| *one == key).map(|(_, text)| (*text).to_owned());
    Award {
        bid: BidId(Uuid::from_u128(1)),
        call: CallId(Uuid::from_u128(2)),
        call_title: "Round of 2009".into(),
        programme: PROGRAMME,
        name: "North Example HIEC".into(),
        lead: partner(0),
        region: Some(REGION),
        amount: Money::pounds(1_100_000),
        work_programme: vec!["COPD".into(), "maternity".into()],
        partners: (0..PARTNERS.len()).map(partner).collect(),
        rules: usual.rules,
        statements: usual
            .statements
            .into_iter()
            .map(|asked| Statement { text: text(&asked.key).unwrap_or_default(), ..asked })
            .collect(),
        legal_form: Some("cic_guarantee".into()),
        wants_binding_contracts: true,
    }
}

/// A cluster founded from the award, on 4 January 2010.
pub struct House {
    pub stand: Stand,
    pub cluster: ClusterId,
}

/// The register alone: region, organisations, a body that commissions education.
pub async fn register(url: &str) -> Stand {
    let clock = FixedClock::at(from_london("2010-01-04 10:00").unwrap());
    let mut services = http::Extensions::new();
    services.insert(AwardsPort(Arc::new(OneAward)));
    services.insert(AllPlaces(vec![Arc::new(hiec_cluster::places::ClusterPlaces)]));
    let capabilities = || vec![hiec_cluster::capability(), hiec_accounts::capability()];
    let stand = Stand::over(url, clock, capabilities, services).await;
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let region =
        Region { id: REGION, code: "LON".into(), name: "Example Region".into(), website: None, organisation_id: None };
    organisations::add_region(&unit, &region).await.unwrap();
    unit.commit().await.unwrap();
    for (nth, (name, sector, settings)) in PARTNERS.iter().enumerate() {
        let functions = if *sector == Sector::Nhs { vec![Function::ProvidesCare] } else { vec![] };
        stand.add_organisation(&organisation(100 + nth as u128, name, *sector, settings, &functions)).await;
    }
    let commissioner = organisation(200, "Example Deanery", Sector::Nhs, &[], &[Function::CommissionsEducation]);
    stand.add_organisation(&commissioner).await;
    let another = organisation(201, "Second Surgery", Sector::Nhs, &[Setting::Primary], &[Function::ProvidesCare]);
    stand.add_organisation(&another).await;
    stand
}

pub async fn house(url: &str) -> House {
    let stand = register(url).await;
    let mut unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let cluster = founding::from_award(&mut unit, &award()).await.unwrap();
    unit.commit().await.unwrap();
    House { stand, cluster }
}

impl House {
    /// Somebody with a role in the cluster, signed in.
    pub async fn browser(&self, name: &str, role: Role) -> Browser {
        let person = self.person(name, role).await;
        self.stand.browser_of(person.id).await
    }

    pub async fn person(&self, name: &str, role: Role) -> Person {
        let cluster = self.cluster.0;
        self.stand.add_person(name, &[(role, Scope::Cluster(cluster), Some(cluster))]).await
    }

    /// Somebody who leads the site of a partner, by its place.
    pub async fn site_lead(&self, name: &str, nth: usize) -> Person {
        let scope = Scope::Organisation(partner(nth).0);
        self.stand.add_person(name, &[(Role::SiteLead, scope, Some(self.cluster.0))]).await
    }

    pub async fn region_officer(&self) -> Person {
        self.stand.add_person("Rita Regionley", &[(Role::RegionOfficer, Scope::Region(REGION), None)]).await
    }

    pub async fn trail(&self) -> String {
        self.stand.trail(&hiec_store::Stream::cluster(self.cluster)).await
    }
}

/// Adds an officer of the programme to a stand.
pub async fn officer(stand: &Stand) -> Person {
    stand.add_person("Olive Office", &[(Role::ProgrammeOfficer, Scope::Programme(PROGRAMME), None)]).await
}
