//! The demonstration: the 2009 round played from the first day by the same actions the pages use, with a moved clock; it invents nothing that is not marked illustrative.

mod bidders;
mod bidding;
pub mod cast;
mod deciding;
mod documents;
mod judging;
mod opening;
mod stages;
mod talking;
mod writing;

use hiec_files::FileStore;
use hiec_kernel::clock::{Clock, FixedClock, Timestamp};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{CallId, Problem};
use hiec_store::{Database, Reads, Unit, values};

pub use cast::{CAST, Member};
pub use stages::{DEFAULT, STAGES, moment};

use crate::calls::stages::Stage;
use crate::calls::store::{self as calls, Call};

/// The round being played.
pub struct Play {
    pub database: Database,
    pub clock: FixedClock,
    pub files: FileStore,
}

/// Plays the round on an empty, migrated database until it stands at `until`.
pub async fn play(database: Database, files: FileStore, until: Stage) -> Result<(), Problem> {
    let play = Play { database, clock: FixedClock::at(moment(Stage::Draft)), files };
    opening::prepare(&play).await?;
    talking::register_and_ask(&play).await?;
    for stage in STAGES {
        play.clock.set(moment(*stage));
        if *stage == until {
            break;
        }
        stages::live_through(&play, *stage).await?;
    }
    Ok(())
}

impl Play {
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
