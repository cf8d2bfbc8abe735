//! The projects, innovations and impact plans of the clusters in the demonstration, through the same actions as the pages; what is made up is marked illustrative.

mod checking;
mod finding;
mod innovating;
mod projects;

use chrono::NaiveDate;
use hiec_access::people;
use hiec_contracts::demonstration::{NECLES, Period};
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::{FixedClock, start_of_day};
use hiec_kernel::people::Actor;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::Unit;
use hiec_web::AppState;

/// The one published account of NECLES.
const REVIEW: &str = "NECLES HIEC: review of success and enabling factors, Social Enterprise London, 2011";

/// Lives what happens between the period before and this one.
pub(super) async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    if period == Period::Emergency {
        return checking::plan(state, clock).await;
    }
    let port = state.service::<ClustersPort>()?;
    // A demonstration without NECLES, as some tests play it, has no work to show.
    let Some(cluster) = port.0.by_key(&state.database(), NECLES).await? else {
        return Ok(());
    };
    let stage = Stage { state, clock, cluster: &cluster };
    projects::live_until(&stage, period).await?;
    innovating::live_until(&stage, period).await?;
    finding::live_until(&stage, period).await
}

/// What rests on the figures of this very period.
pub(super) async fn conclude_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    if period == Period::Emergency { checking::conclude(state, clock).await } else { Ok(()) }
}

/// A cluster on a day of the demonstration.
struct Stage<'a> {
    state: &'a AppState,
    clock: &'a FixedClock,
    cluster: &'a ClusterSeen,
}

impl Stage<'_> {
    /// A unit of the person of this name among the made-up ones, at ten in the morning of a day.
    async fn begin(&self, who: &str, day: NaiveDate) -> Result<Unit, Problem> {
        let midnight = start_of_day(day).map_err(Problem::internal)?;
        self.clock.set(midnight + chrono::Duration::hours(10));
        let person = people::by_email(&self.state.database(), &format!("{who}@demo.example")).await?;
        let actor = person.map_or_else(|| Actor::System("demonstration".into()), |person| Actor::Person(person.id));
        Ok(self.state.begin(actor).await?)
    }

    /// The made-up partners of a kind, in the order of their numbers, as far as the cluster has them.
    fn sites(&self, name: fn(usize) -> String, count: usize) -> Vec<OrganisationId> {
        (1..=count)
            .filter_map(|nth| {
                let name = name(nth);
                self.cluster.partners.iter().find(|partner| partner.organisation.name == name)
            })
            .map(|partner| partner.organisation.id)
            .collect()
    }
}

/// A day as it is written here.
fn day(written: &str) -> NaiveDate {
    written.parse().unwrap_or_default()
}
