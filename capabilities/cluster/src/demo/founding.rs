//! The founding of the clusters, their people and partners in the demonstration, through the same actions as the pages; what is made up is marked illustrative.

use hiec_access::people;
use hiec_contracts::demonstration::Period;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{OrganisationId, PersonId, Problem};
use hiec_store::{Reads, Unit, organisations};
use hiec_web::AppState;

use super::{emergency, necles, years};

/// Lives what happens between the period before and this one.
pub(super) async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    let play = Play { state, clock };
    match period {
        Period::Founding => necles::found(&play).await,
        Period::FirstYear => years::first_year(&play).await,
        Period::AnnualMeeting => Ok(()),
        Period::SecondYear => years::second_year(&play).await,
        Period::Closing => years::closing(&play).await,
        Period::Emergency => emergency::found(&play).await,
    }
}

/// What playing needs.
pub(super) struct Play<'a> {
    pub state: &'a AppState,
    pub clock: &'a FixedClock,
}

impl Play<'_> {
    /// Moves the clock to a local time: `2010-01-04 10:00`.
    pub fn at(&self, local: &str) -> Result<(), Problem> {
        self.clock.set(from_london(local).map_err(Problem::internal)?);
        Ok(())
    }

    /// A unit by one of the made-up people; by the demonstration itself where nobody of that slug is there yet.
    pub async fn by(&self, slug: &str) -> Result<Unit, Problem> {
        let actor = match self.somebody(slug).await? {
            Some(person) => Actor::Person(person.id),
            None => Actor::System("demonstration".into()),
        };
        Ok(self.state.begin(actor).await?)
    }

    async fn somebody(&self, slug: &str) -> Result<Option<Person>, Problem> {
        Ok(people::by_email(&self.state.database(), &email(slug)).await?)
    }

    /// One of the made-up people.
    pub async fn person(&self, slug: &str) -> Result<Person, Problem> {
        self.somebody(slug).await?.ok_or_else(|| Problem::internal(format!("nobody is called {slug}")))
    }
}

pub(super) fn email(slug: &str) -> String {
    format!("{slug}@demo.example")
}

/// Adds a made-up person.
pub(super) async fn add_person(
    unit: &mut Unit,
    slug: &str,
    name: &str,
    employer: Option<OrganisationId>,
) -> Result<Person, Problem> {
    let person = Person {
        id: PersonId(unit.new_id()),
        name: name.to_owned(),
        email: email(slug),
        employer,
        is_illustrative: true,
    };
    people::add(unit, &person, None).await?;
    Ok(person)
}

/// The organisation of this name in the register; it is added where it is not there.
pub(super) async fn registered(
    unit: &Unit,
    name: &str,
    sector: Sector,
    settings: &[Setting],
    functions: &[Function],
    is_illustrative: bool,
) -> Result<Organisation, Problem> {
    if let Some(known) = named(unit, name).await? {
        return Ok(known);
    }
    let organisation = Organisation {
        id: OrganisationId(unit.new_id()),
        ods_code: None,
        name: name.to_owned(),
        sector,
        settings: settings.to_vec(),
        functions: functions.to_vec(),
        region: Some("LON".to_owned()),
        postcode: None,
        is_illustrative,
    };
    organisations::add(unit, &organisation).await?;
    Ok(organisation)
}

/// The organisation of exactly this name.
pub(super) async fn named(reads: &impl Reads, name: &str) -> Result<Option<Organisation>, Problem> {
    Ok(organisations::search(reads, name, 20).await?.into_iter().find(|one| one.name == name))
}
