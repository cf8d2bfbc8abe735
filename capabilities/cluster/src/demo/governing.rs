//! The board, money, risks and partnership health of NECLES in the demonstration, through the same actions as the pages; what the sources do not say is made up and marked illustrative.

mod meetings;
mod money;
mod risks;
mod ties;

use chrono::NaiveDate;
use hiec_access::people;
use hiec_contracts::demonstration::{NECLES, Period};
use hiec_contracts::{PartnerSeen, ProjectSeen, WorkPort};
use hiec_kernel::Problem;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::people::{Actor, Person};
use hiec_store::Unit;
use hiec_web::AppState;

use crate::clusters::store::{self as clusters, Cluster};
use crate::desk::ProjectNamed;

/// The one published account of NECLES.
const REVIEW: &str = "NECLES HIEC: review of success and enabling factors, Social Enterprise London, 2011";

/// Lives what happens between the period before and this one.
pub(super) async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    let Some(cluster) = clusters::by_key(&state.database(), NECLES).await? else {
        // A demonstration without NECLES, as some tests play it, has nothing to govern.
        return Ok(());
    };
    let stage = Stage { state, clock, cluster };
    if stage.person("director").await?.is_none() {
        return Ok(());
    }
    money::live_until(&stage, period).await?;
    risks::live_until(&stage, period).await?;
    meetings::live_until(&stage, period).await?;
    ties::live_until(&stage, period).await
}

/// NECLES on a day of the demonstration.
struct Stage<'a> {
    state: &'a AppState,
    clock: &'a FixedClock,
    cluster: Cluster,
}

impl Stage<'_> {
    /// Moves the clock to a local time: `2010-02-23 14:00`.
    fn at(&self, local: &str) -> Result<(), Problem> {
        self.clock.set(from_london(local).map_err(Problem::internal)?);
        Ok(())
    }

    /// One of the made-up people.
    async fn person(&self, slug: &str) -> Result<Option<Person>, Problem> {
        Ok(people::by_email(&self.state.database(), &format!("{slug}@demo.example")).await?)
    }

    /// A unit of one of the made-up people at a local time.
    async fn begin(&self, slug: &str, local: &str) -> Result<Unit, Problem> {
        self.at(local)?;
        let person = self.person(slug).await?;
        let actor = person.map_or_else(|| Actor::System("demonstration".into()), |person| Actor::Person(person.id));
        Ok(self.state.begin(actor).await?)
    }

    /// Present and former partners, by name.
    async fn partners(&self) -> Result<Vec<PartnerSeen>, Problem> {
        Ok(clusters::partners(&self.state.database(), self.cluster.id).await?)
    }

    /// The project of this name, where it has begun.
    async fn project(&self, name: &str) -> Result<Option<ProjectNamed>, Problem> {
        let projects = self.projects().await?;
        Ok(projects.iter().find(|one| one.name == name).map(|one| ProjectNamed { id: one.id, name: one.name.clone() }))
    }

    async fn projects(&self) -> Result<Vec<ProjectSeen>, Problem> {
        match self.state.optional::<WorkPort>() {
            Some(port) => Ok(port.0.projects(&self.state.database(), self.cluster.id).await?),
            None => Ok(Vec::new()),
        }
    }
}

/// A day as it is written here.
fn day(written: &str) -> Result<NaiveDate, Problem> {
    written.parse().map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use hiec_access::grants;
    use hiec_contracts::{Award, Clusters};
    use hiec_kernel::organisations::{Function, Organisation, Sector};
    use hiec_kernel::{BidId, CallId, Money, OrganisationId, PersonId, Role, Scope};
    use hiec_testkit::for_each_database;
    use hiec_teststand::Stand;
    use uuid::Uuid;

    use super::*;
    use crate::ClusterPort;
    use crate::board::states::MeetingState;
    use crate::board::{records, store as board};
    use crate::clusters::founding;

    async fn necles(url: &str) -> Stand {
        let clock = FixedClock::at(from_london("2010-01-01 09:00").unwrap());
        let stand = Stand::over(url, clock, || vec![crate::capability()], http::Extensions::new()).await;
        let mut partners = Vec::new();
        for (nth, name) in ["Queen Mary University of London", "Site One", "Site Two", "Site Three"].iter().enumerate()
        {
            let organisation = Organisation {
                id: OrganisationId(Uuid::from_u128(500 + nth as u128)),
                ods_code: None,
                name: (*name).into(),
                sector: Sector::Nhs,
                settings: vec![],
                functions: vec![Function::ProvidesCare],
                region: None,
                postcode: None,
                is_illustrative: true,
            };
            stand.add_organisation(&organisation).await;
            partners.push(organisation.id);
        }
        let award = Award {
            bid: BidId(Uuid::from_u128(1)),
            call: CallId(Uuid::from_u128(2)),
            call_title: "Round".into(),
            programme: Uuid::from_u128(3),
            name: "NECLES".into(),
            lead: partners[0],
            region: None,
            amount: Money::pounds(1_100_000),
            work_programme: vec![],
            partners: partners.clone(),
        };
        let mut unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        let cluster = founding::from_award(&mut unit, &award).await.unwrap();
        let roles = [
            ("cluster-chair", Role::ClusterChair),
            ("director", Role::ClusterDirector),
            ("facilitator", Role::Facilitator),
            ("facilitator-two", Role::Facilitator),
            ("board", Role::BoardMember),
            ("patient", Role::PatientMember),
        ];
        for (slug, role) in roles {
            let person = Person {
                id: PersonId(unit.new_id()),
                name: slug.into(),
                email: format!("{slug}@demo.example"),
                employer: None,
                is_illustrative: true,
            };
            people::add(&mut unit, &person, None).await.unwrap();
            grants::give(&mut unit, person.id, role, Scope::Cluster(cluster.0), Some(cluster.0)).await.unwrap();
        }
        unit.commit().await.unwrap();
        stand
    }

    #[tokio::test]
    async fn every_period_is_lived_in_turn() {
        for_each_database(|url| async move {
            let stand = necles(&url).await;
            let database = stand.database();
            let mut annual = Vec::new();
            for period in Period::ALL {
                live_until(&stand.state, &stand.clock, *period).await.unwrap();
                stand.clock.set(period.moment());
                stand.do_jobs().await;
                let cluster = clusters::by_key(&database, NECLES).await.unwrap().unwrap();
                let meetings = board::meetings(&database, cluster.id).await.unwrap();
                let states =
                    meetings.iter().filter(|one| one.body.name == "Annual meeting").map(|one| one.state.name());
                annual.push((period.key(), states.collect::<Vec<_>>()));
                for late in meetings.iter().filter(|one| one.state.is_ahead()) {
                    assert!(late.starts_at > stand.state.now() || *period == Period::Emergency, "{}", late.title());
                }
            }
            // The annual meeting has its papers out on its morning, and its minutes are signed afterwards.
            assert_eq!(annual[1].1, Vec::<&str>::new());
            assert_eq!(annual[2], ("annual-meeting", vec!["papers_out"]));
            assert_eq!(annual[3], ("second-year", vec!["signed"]));

            let cluster = clusters::by_key(&database, NECLES).await.unwrap().unwrap();
            let standing =
                ClusterPort.standing(&database, cluster.id, cluster.starts_on, cluster.ends_on).await.unwrap();
            assert_eq!(standing.term.budget, Money::pounds(1_100_000));
            // Neither far below nor far above what was given.
            let forecast = standing.term.forecast.0;
            assert!((100_000_000..=112_000_000).contains(&forecast), "{}", standing.term.forecast);
            assert_eq!(standing.risks.len(), 4);
            let bids = crate::funding::store::of_cluster(&database, cluster.id).await.unwrap();
            assert_eq!(bids[0].state.won(), Some(Money::pounds(75_000)));
            assert_eq!(bids[0].host_name.as_deref(), Some("NHS Redbridge"));
            let said = crate::health::store::told(&database, cluster.id).await.unwrap();
            assert!(said.len() > 20, "{}", said.len());
            let decisions = records::decisions(&database, cluster.id).await.unwrap();
            assert_eq!(decisions.len(), 8);
            assert!(decisions.iter().any(|one| one.review.is_some()));
            let meetings = board::meetings(&database, cluster.id).await.unwrap();
            let signed = meetings.iter().filter(|one| matches!(one.state, MeetingState::Signed(_))).count();
            assert_eq!(signed, 9);
        })
        .await;
    }
}
