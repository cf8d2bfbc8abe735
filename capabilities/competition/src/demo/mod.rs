//! The demonstration: the 2009 round played from the first day by the same actions the pages use, with a moved clock; it invents nothing that is not marked illustrative.

mod bidders;
mod bidding;
pub mod cast;
pub mod crowd;
mod deciding;
mod documents;
mod judging;
mod opening;
mod stages;
mod talking;
mod writing;

use bidders::Bidder;
use chrono::TimeDelta;
use hiec_files::FileStore;
use hiec_kernel::clock::{Clock, FixedClock, Timestamp, from_london};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{CallId, Problem};
use hiec_store::{Database, Reads, Unit, values};

pub use cast::{CAST, Member};
pub use stages::{DEFAULT, STAGES, moment};

use crate::calls::facts;
use crate::calls::stages::Stage;
use crate::calls::store::{self as calls, Call};

/// The round being played.
pub struct Play {
    pub database: Database,
    pub clock: FixedClock,
    pub files: FileStore,
    /// Who bids, in order.
    bidders: Vec<Bidder>,
    /// The slugs of those who assess.
    assessors: Vec<String>,
    /// How many bids one assessor takes.
    load: u32,
    /// How much later than in 2009 everything happens.
    shift: TimeDelta,
}

/// Plays the round on an empty, migrated database until it stands at `until`; `tell` hears of each stage before it is played.
pub async fn play(
    database: Database,
    files: FileStore,
    until: Stage,
    tell: &(dyn Fn(Stage) + Sync),
) -> Result<(), Problem> {
    let play = Play {
        database,
        clock: FixedClock::at(moment(Stage::Draft)),
        files,
        bidders: bidders::all()?,
        assessors: CAST
            .iter()
            .filter(|member| member.slug.starts_with("assessor"))
            .map(|member| member.slug.to_owned())
            .collect(),
        load: 6,
        shift: TimeDelta::zero(),
    };
    tell(Stage::Draft);
    opening::prepare(&play, facts::call_2009().map_err(Problem::internal)?).await?;
    play.until(until, tell).await
}

impl Play {
    /// From the first day until the round stands at a stage.
    async fn until(&self, until: Stage, tell: &(dyn Fn(Stage) + Sync)) -> Result<(), Problem> {
        talking::register_and_ask(self).await?;
        for stage in STAGES {
            self.clock.set(moment(*stage) + self.shift);
            if *stage == until {
                break;
            }
            tell(*stage);
            stages::live_through(self, *stage).await?;
        }
        Ok(())
    }

    /// The moment that was this local time in 2009.
    fn moment(&self, local: &str) -> Result<Timestamp, Problem> {
        Ok(from_london(local).map_err(Problem::internal)? + self.shift)
    }

    /// Moves the clock to a local time of 2009.
    fn at(&self, local: &str) -> Result<(), Problem> {
        self.clock.set(self.moment(local)?);
        Ok(())
    }

    /// A unit of work by one of the cast.
    pub(crate) async fn by(&self, slug: &str) -> Result<(Unit, Person), Problem> {
        let person = self.person(slug).await?;
        let unit = self.database.begin(Actor::Person(person.id), &self.clock).await?;
        Ok((unit, person))
    }

    pub(crate) async fn person(&self, slug: &str) -> Result<Person, Problem> {
        hiec_access::people::by_email(&self.database, &cast::email(slug))
            .await?
            .ok_or_else(|| Problem::internal(format!("nobody in the cast is called {slug}")))
    }

    /// The one call of the demonstration, as it stands now.
    pub(crate) async fn call(&self) -> Result<Call, Problem> {
        calls::by_key(&self.database, CALL, self.clock.now())
            .await?
            .ok_or_else(|| Problem::internal("the call of the demonstration is missing"))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The key of the demonstration's call.
pub const CALL: &str = "hiec-2009";

/// Whether this database holds the demonstration.
pub async fn is_played(database: &Database) -> Result<bool, Problem> {
    Ok(database.count("SELECT COUNT(*) AS n FROM competition_call WHERE key = $1", values![CALL]).await? > 0)
}

/// The demonstration's call id, for links.
pub async fn call_id(database: &Database, now: Timestamp) -> Result<Option<CallId>, Problem> {
    Ok(calls::by_key(database, CALL, now).await?.map(|call| call.id))
}
