//! People and their roles, for those who look after them; who may see whom and give what is decided by the policies alone.

mod appointing;
mod appointments;
mod choice;
mod closing;
mod invitations;
mod inviting;
mod list;
mod show;

use hiec_access::closures;
use hiec_access::policy::Target;
use hiec_access::{people, places::AllPlaces};
use hiec_kernel::people::Person;
use hiec_kernel::{PersonId, Problem, Role, Scope};
use hiec_web::{AppState, Loading, Resource, Route};
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/people", "person.list", "People with accounts", list::get),
        Route::get("/people/{person}", "person.view", "A person, with every role they hold or held", show::get),
        Route::get("/people/{person}/roles/new", "person.appoint", "Choose a role to give", appointing::get),
        Route::post("/people/{person}/roles", "person.appoint", "Give a person a role", appointing::post)
            .takes::<appointing::Form>(),
        Route::post("/people/{person}/closing", "person.close", "Close an account", closing::close)
            .takes::<closing::Form>(),
        Route::post("/people/{person}/reopening", "person.close", "Open a closed account again", closing::reopen)
            .takes::<closing::Form>(),
        Route::post(
            "/people/{person}/signing-out",
            "person.signout",
            "Sign a person out everywhere",
            closing::sign_out,
        ),
        Route::get("/appointments/{appointment}", "appointment.view", "A role somebody holds", appointments::get),
        Route::post("/appointments/{appointment}/ending", "appointment.end", "End a role", appointments::end)
            .takes::<appointments::Form>(),
        Route::get(
            "/people/invitations",
            "appointing.view",
            "Invitations that are open, and who was appointed",
            invitations::get,
        ),
        Route::get("/people/invitations/new", "appointing.view", "Choose whom to invite to which role", inviting::get),
        Route::post("/people/invitations", "appointing.invite", "Invite somebody by letter", inviting::post)
            .takes::<inviting::Form>(),
        Route::post(
            "/people/invitations/{invitation}/withdrawal",
            "appointing.invite",
            "Withdraw an invitation",
            invitations::withdraw,
        ),
    ]
}

pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil;
    let place = [Scope::Installation, Scope::Programme(id()), Scope::Call(id()), Scope::Region(id()), Scope::Bid(id())];
    vec![
        Target::new("welcome", id()),
        Target::new("person", id()).scope(Scope::Installation),
        Target::new("appointing", id()).scopes([Scope::Installation, Scope::Programme(id())]),
        Target::new("appointment", id()).scopes(place).fact("is_office_appointment", true),
    ]
}

/// The list of everybody.
pub struct Everybody;

impl Resource for Everybody {
    const KIND: &'static str = "person";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("person", Uuid::nil()).scope(Scope::Installation))))
    }
}

/// A person with an account, open or closed.
pub struct Somebody {
    pub person: Person,
    pub is_closed: bool,
}

impl Somebody {
    fn path(&self) -> String {
        format!("/people/{}", self.person.id)
    }
}

impl Resource for Somebody {
    const KIND: &'static str = "person";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(id) = loading.id("person").map(PersonId) else {
            return Ok(None);
        };
        let Some(person) = people::by_id(&loading.database, id).await? else {
            return Ok(None);
        };
        let is_closed = closures::is_closed(&loading.database, id).await?;
        let is_own = loading.subject.person.as_ref().is_some_and(|asking| asking.id == id);
        let target = Target::new("person", id.0).scope(Scope::Installation).fact("is_own", is_own);
        Ok(Some((Self { person, is_closed }, target)))
    }
}

/// The desk from which somebody appoints: administrators anywhere, a programme office in its own rounds.
pub struct Appointing;

impl Resource for Appointing {
    const KIND: &'static str = "appointing";

    /// A role counts here wherever it is held: what may be given from here, and where, is asked for each by itself.
    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let places = loading.subject.held.iter().map(|held| held.scope);
        Ok(Some((Self, Target::new("appointing", Uuid::nil()).scopes(places))))
    }
}

/// What a place is called; its kind alone where nobody names it any more.
pub(crate) async fn place_label(app: &AppState, scope: Scope) -> Result<String, Problem> {
    let named = app.service::<AllPlaces>()?.named(&app.database(), scope).await?;
    Ok(named.map_or_else(|| format!("a {} that is no longer there", scope.kind()), |place| place.label))
}

/// "Panel chair, Round of 2009".
pub(crate) fn role_words(role: Role, scope: Scope, place: &str) -> String {
    match scope {
        Scope::Installation => role.label().to_owned(),
        _ => format!("{}, {place}", role.label()),
    }
}
