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
