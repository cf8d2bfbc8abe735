//! `/welcome/{secret}`: the answer to an invitation; the letter is the proof of the address, and its link is used up by the answer. The role begins only where whoever invited may still give it.

use std::ops::Deref;

use hiec_access::invitations::{Invited, SaidYes};
use hiec_access::limits::Counted;
use hiec_access::links::{self, Link, Purpose};
use hiec_access::places::{AllPlaces, Place};
use hiec_access::policy::Target;
use hiec_access::{grants, passwords, people, sessions};
use hiec_kernel::clock::on_page;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::{Button, Input as TextInput, RadioItem, Radios, SummaryList, SummaryRow};
use hiec_web::{Answer, AppState, Client, Done, Errors, Input, Loaded, Loading, Page, Resource};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::entering::{self, Begun, Method};
use crate::oidc;
use crate::people::role_words;
use crate::pieces::{error_summary, new_password};

/// Somebody said yes to an invitation.
#[derive(Serialize)]
struct InvitationAccepted {
    role: Role,
    scope: Scope,
}

impl AuditEvent for InvitationAccepted {
    const KIND: &'static str = "person.invitation_accepted";
}

/// Somebody said no.
#[derive(Serialize)]
struct InvitationDeclined {
    role: Role,
    scope: Scope,
}

impl AuditEvent for InvitationDeclined {
    const KIND: &'static str = "person.invitation_declined";
}

/// The invitation behind the link of a letter.
pub(crate) struct Welcome {
    link: Link,
    invited: Invited,
    place: Option<Place>,
    inviter: Option<Person>,
    /// Whoever has the address already.
    known: Option<Person>,
}

impl Welcome {
    /// What stands behind a link's secret.
    pub(crate) async fn find(app: &AppState, secret: &str) -> Result<Option<Self>, Problem> {
        match links::find(&app.database(), Purpose::Invitation, secret).await? {
            Some(link) => Ok(Some(Self::of(app, link).await?)),
            None => Ok(None),
        }
    }

    /// An open invitation, for somebody who has shown another way that its address is theirs.
    pub(crate) async fn by_id(app: &AppState, id: Uuid) -> Result<Option<Self>, Problem> {
        match links::by_id(&app.database(), Purpose::Invitation, id, app.now()).await? {
            Some(link) => Ok(Some(Self::of(app, link).await?)),
            None => Ok(None),
        }
    }

    async fn of(app: &AppState, link: Link) -> Result<Self, Problem> {
        let database = app.database();
        let invited: Invited = serde_json::from_value(link.payload.clone()).map_err(Problem::internal)?;
        let place = app.service::<AllPlaces>()?.named(&database, invited.scope).await?;
        let inviter = people::by_id(&database, invited.by).await?;
        let known = people::by_email(&database, &link.email).await?;
        Ok(Self { link, invited, place, inviter, known })
    }

    pub(crate) fn is_open(&self, app: &AppState) -> bool {
        self.link.is_open(app.now())
    }

    /// What whoever invited called them.
    pub(crate) fn invited_name(&self) -> &str {
        &self.invited.name
    }

    fn place_words(&self) -> &str {
        self.place.as_ref().map(|place| place.label.as_str()).unwrap_or_default()
    }

    /// For programs.
    pub(crate) fn data(&self) -> serde_json::Value {
        json!({
            "role": self.invited.role.key(), "place": self.place_words(), "needs_name": self.known.is_none(),
            "invited_by": self.inviter.as_ref().map(|inviter| &inviter.name),
        })
    }

    /// What the invitation is to.
    pub(crate) fn summary(&self) -> SummaryList {
        let inviter = self.inviter.as_ref().map_or("Somebody", |inviter| inviter.name.as_str());
        SummaryList::new([
            SummaryRow::new("Role", role_words(self.invited.role, self.invited.scope, self.place_words())),
            SummaryRow::new("What it is", self.invited.role.about()),
            SummaryRow::new("Invited by", inviter),
            SummaryRow::new("For the address", self.link.email.as_str()),
            SummaryRow::new("Open until", on_page(self.link.ends_at)),
        ])
    }
}

/// The invitation a letter's link leads to, with the secret in it.
pub(crate) struct ByLetter {
    secret: String,
    welcome: Welcome,
}

impl Deref for ByLetter {
    type Target = Welcome;

    fn deref(&self) -> &Welcome {
        &self.welcome
    }
}

impl Resource for ByLetter {
    const KIND: &'static str = "welcome";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(secret) = loading.text("secret") else {
            return Ok(None);
        };
        let found = Welcome::find(loading.state, secret).await?;
        let secret = secret.to_owned();
        Ok(found.map(|welcome| (Self { secret, welcome }, Target::new("welcome", Uuid::nil()))))
    }
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// `accept` or `decline`.
    #[serde(default)]
    answer: String,
    /// Where the address has no account yet.
    #[serde(default)]
    name: String,
    /// `password` or `passkey`, where the address has no account yet.
    #[serde(default)]
    way: String,
    #[serde(default)]
    password: String,
}

pub async fn get(welcome: Loaded<ByLetter>) -> Answer {
    Ok(page(&welcome, &Form::default(), &Errors::none())?.into())
}

pub async fn post(welcome: Loaded<ByLetter>, client: Client, Input(form): Input<Form>) -> Answer {
    client.take(&welcome.app, Counted::Letter, "Too many links were tried from where you are")?;
    if !welcome.is_open(&welcome.app) {
        return Err(over().into());
    }
    match form.answer.as_str() {
        "accept" => accept(&welcome, &client, form).await,
        "decline" => Ok(declined(&welcome.app, &welcome).await?.into()),
        _ => {
            let mut errors = Errors::none();
            errors.add("answer", "Say yes or no");
            Ok(page(&welcome, &form, &errors)?.with_errors(&errors).into())
        }
    }
}

async fn accept(welcome: &Loaded<ByLetter>, client: &Client, form: Form) -> Answer {
    let mut errors = Errors::none();
    let mut name = None;
    let mut hash = None;
    if welcome.known.is_none() {
        name = errors.text("name", "your name", &form.name, 200);
        match form.way.as_str() {
            "password" => hash = errors.take("password", passwords::hash(form.password.clone()).await),
            "passkey" => {}
            _ => errors.add("way", "Choose how you will sign in"),
        }
    }
    if !errors.is_empty() {
        return Ok(page(welcome, &form, &errors)?.with_errors(&errors).into());
    }
    let (begun, _) = take_up(&welcome.app, welcome, name, hash, Method::Link, client).await?;
    let done = match form.way.as_str() {
        "passkey" => {
            Done::to("/account/sign-in").saying("Welcome. Now add your passkey, so that you can come in again.")
        }
        _ if welcome.invited.follows.is_some() => {
            Done::to("/").saying("Welcome. Your post begins in a moment; a letter says what comes first.")
        }
        _ => Done::to("/").saying("Welcome. Your role has begun."),
    };
    Ok(begun.going_on(done))
}

/// Says yes: the person, found or made, holds the role, and a session is begun. `also` may add to the unit before it is committed.
pub(crate) async fn take_up(
    app: &AppState,
    welcome: &Welcome,
    name: Option<String>,
    password: Option<String>,
    method: Method,
    client: &Client,
) -> Result<(Begun, PersonId), Problem> {
    let (mut unit, person) = accepted(app, welcome, name, password).await?;
    let begun = entering::begin(&mut unit, app, person, method, client).await?;
    unit.commit().await?;
    Ok((begun, person))
}

/// The unit in which an invitation was accepted, not committed yet, and whose it is.
pub(crate) async fn accepted(
    app: &AppState,
    welcome: &Welcome,
    name: Option<String>,
    password: Option<String>,
) -> Result<(Unit, PersonId), Problem> {
    still_given(app, welcome).await?;
    let person = match &welcome.known {
        Some(person) => person.id,
        None => new_id(app).await?,
    };
    let mut unit = app.begin(Actor::Person(person)).await?;
    if !links::use_up_one(&unit, Purpose::Invitation, welcome.link.id).await? {
        return Err(over());
    }
    if welcome.known.is_none() {
        let made = Person {
            id: person,
            name: name.unwrap_or_else(|| welcome.invited.name.clone()),
            email: welcome.link.email.clone(),
            employer: None,
            is_illustrative: welcome.inviter.as_ref().is_some_and(|inviter| inviter.is_illustrative),
        };
        people::add(&mut unit, &made, password).await.map_err(|error| {
            if error.is_duplicate() {
                Problem::conflict("This address has an account now", "Open the link of the letter again.")
            } else {
                error.into()
            }
        })?;
    }
    let Invited { role, scope, within, by, .. } = welcome.invited;
    match &welcome.invited.follows {
        // Whoever invited to more than a role gives it with the rest.
        Some(follows) => {
            let said = SaidYes { person, by, payload: follows.payload.clone() };
            unit.job(&follows.job, &said, unit.now()).await?;
        }
        None => grants::give_for(&mut unit, person, role, scope, within, &Actor::Person(by)).await?,
    }
    let event = InvitationAccepted { role, scope };
    unit.audit(grants::stream(scope, within), format!("person:{person}"), &event)?;
    Ok((unit, person))
}

async fn new_id(app: &AppState) -> Result<PersonId, Problem> {
    // Only for the id: nothing is written in this unit.
    Ok(PersonId(app.begin(Actor::System("answering an invitation".into())).await?.new_id()))
}

/// An invitation is worth what its sender may do today.
async fn still_given(app: &AppState, welcome: &Welcome) -> Result<(), Problem> {
    let inviter = sessions::of_person(&app.database(), welcome.invited.by).await?;
    let stands = welcome.place.as_ref().is_some_and(|place| {
        let (action, target) = match &welcome.invited.follows {
            Some(follows) => (follows.action.as_str(), place.itself()),
            None => ("appointment.give", place.appointment(welcome.invited.role, false)),
        };
        app.engine().decide(&inviter, action, &target).allowed
    });
    if stands {
        return Ok(());
    }
    Err(Problem::conflict(
        "This invitation no longer stands",
        "Whoever sent it may no longer give this role, or what it is for is no longer there. Ask them, or the programme office.",
    ))
}

/// Says no: nothing is made.
pub(crate) async fn declined(app: &AppState, welcome: &Welcome) -> Result<Done, Problem> {
    let mut unit = app.begin(Actor::System("answering an invitation".into())).await?;
    if !links::use_up_one(&unit, Purpose::Invitation, welcome.link.id).await? {
        return Err(over());
    }
    let Invited { role, scope, within, .. } = welcome.invited;
    unit.audit(grants::stream(scope, within), "invitations", &InvitationDeclined { role, scope })?;
    unit.commit().await?;
    Ok(Done::to("/").saying("You said no. Nothing was made, and the link leads nowhere now."))
}

pub(crate) fn over() -> Problem {
    Problem::conflict(
        "This link no longer works",
        "It was used, withdrawn, replaced by a newer one, or is too old. Sign in if you have an account, or ask whoever invited you.",
    )
}

fn page(welcome: &Loaded<ByLetter>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let is_open = welcome.is_open(&welcome.app);
    let mut data = welcome.data();
    data["is_open"] = is_open.into();
    data["errors"] = json!(errors);
    let content = if is_open { view(welcome, form, errors) } else { too_late() };
    Page::new("Invitation", content).data(&data)
}

fn too_late() -> Markup {
    html! {
        h1 { "This invitation is over" }
        p { "Its link was used, withdrawn, replaced by a newer one, or is too old." }
        p { a href="/sign-in" { "Sign in" } " if you have an account, or ask whoever invited you." }
    }
}

fn view(welcome: &Loaded<ByLetter>, form: &Form, errors: &Errors) -> Markup {
    let other = welcome
        .subject
        .person
        .as_ref()
        .filter(|person| welcome.known.as_ref().is_none_or(|known| known.id != person.id));
    html! {
        (error_summary(errors))
        h1 { span.nhsuk-caption-xl { (welcome.app.site().name) } "Invitation" }
        (welcome.summary())
        @if let Some(person) = other {
            p.nhsuk-inset-text { "You are signed in as " (person.name) ". If you say yes, you go on as the person with the address above." }
        }
        form method="post" action={ "/welcome/" (welcome.secret) } novalidate {
            @match &welcome.known {
                Some(person) => p { "The address has an account: " (person.name) ". If you say yes, the role is added to it and you are signed in." },
                None => (newcomer(welcome, form, errors)),
            }
            div.nhsuk-button-group {
                (Button::new("Say yes").name("answer").id("answer").value("accept".to_owned()))
                " "
                (Button::new("Say no").name("answer").value("decline".to_owned()).secondary())
            }
        }
        @if welcome.known.is_none() { (oidc::door_for_invited(&welcome.app)) }
    }
}

fn newcomer(welcome: &Welcome, form: &Form, errors: &Errors) -> Markup {
    let name = if form.name.is_empty() { welcome.invited.name.as_str() } else { form.name.as_str() };
    html! {
        (TextInput::new("name", "Your name").autocomplete("name").value(name).error_message(errors.of("name")))
        input type="hidden" name="username" autocomplete="username" value=(welcome.link.email);
        // Not revealed by its choice: the design system's script marks a radio as expanded, which WAI-ARIA does not allow.
        (Radios::new("way", "How will you sign in?")
            .items([
                RadioItem::new("password", "With a password")
                    .hint("Choose it below"),
                RadioItem::new("passkey", "With a passkey")
                    .hint("Your finger, face or screen lock. You add it on the next page, which needs JavaScript"),
            ])
            .value(if form.way.is_empty() { "password" } else { form.way.as_str() })
            .error_message(errors.of("way")))
        (new_password("password", "Choose a password", errors))
    }
}
