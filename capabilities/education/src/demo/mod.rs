//! The education of NECLES in the demonstration, lived through the same actions as the pages; what is made up is marked illustrative.

mod credentials;
mod curricula;
mod hosts;
mod lessons;
mod people;
mod placements;
mod posts;
mod programmes;
mod quality;
mod rounds;
mod sessions;
mod tariff;
mod trainees;
mod workforce;

use chrono::NaiveDate;
use hiec_access::people as accounts;
use hiec_contracts::demonstration::{Actor as CastMember, NECLES, Period};
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::Problem;
use hiec_kernel::clock::{FixedClock, start_of_day};
use hiec_kernel::people::{Actor, Person};
use hiec_store::Unit;
use hiec_web::AppState;

pub use people::CAST;

use crate::credentials::SigningSecret;

/// Lives what happens between the period before and this one. `clock` is the clock of `state`.
pub async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    let port = state.service::<ClustersPort>()?;
    // A demonstration without NECLES, as some tests play it, has no education to show.
    let Some(cluster) = port.0.by_key(&state.database(), NECLES).await? else {
        return Ok(());
    };
    let stage = Stage { state, clock, cluster: &cluster };
    // One line a noun, in the order they build on each other.
    hosts::live_until(&stage, period).await?;
    people::live_until(&stage, period).await?;
    programmes::live_until(&stage, period).await?;
    posts::live_until(&stage, period).await?;
    curricula::live_until(&stage, period).await?;
    trainees::live_until(&stage, period).await?;
    placements::live_until(&stage, period).await?;
    tariff::live_until(&stage, period).await?;
    workforce::live_until(&stage, period).await?;
    quality::live_until(&stage, period).await?;
    rounds::live_until(&stage, period).await?;
    credentials::live_until(&stage, period).await?;
    sessions::live_until(&stage, period).await?;
    lessons::live_until(&stage, period).await?;
    Ok(())
}

/// What the demonstration has besides: a secret that is none, so that its badges can be signed. They say that they are made up.
pub fn services() -> http::Extensions {
    let mut services = http::Extensions::new();
    if let Some(secret) = SigningSecret::new("a secret everybody knows, of the demonstration alone") {
        services.insert(secret);
    }
    services
}

/// A cluster on a day of the demonstration.
pub(crate) struct Stage<'a> {
    pub state: &'a AppState,
    pub clock: &'a FixedClock,
    pub cluster: &'a ClusterSeen,
}

impl Stage<'_> {
    /// A unit of the person of this name among the made-up ones, at ten in the morning of a day.
    pub async fn begin(&self, who: &str, day: NaiveDate) -> Result<Unit, Problem> {
        let midnight = start_of_day(day).map_err(Problem::internal)?;
        self.clock.set(midnight + chrono::Duration::hours(10));
        let person = self.person(who).await?;
        let actor = person.map_or_else(|| Actor::System("demonstration".into()), |person| Actor::Person(person.id));
        Ok(self.state.begin(actor).await?)
    }

    /// One of the made-up people, where they are there.
    pub async fn person(&self, who: &str) -> Result<Option<Person>, Problem> {
        Ok(accounts::by_email(&self.state.database(), &format!("{who}@demo.example")).await?)
    }
}

/// Somebody in the list of people to look as.
const fn member(slug: &'static str, name: &'static str, part: &'static str) -> CastMember {
    CastMember { slug, name, part }
}

/// A day as it is written here.
pub(crate) fn day(written: &str) -> NaiveDate {
    written.parse().unwrap_or_default()
}
