//! Back from the sign-in service: whoever comes must be the browser that went, and what follows is decided by the rules from what the service signed; anything else changes nothing.

use axum::extract::Query;
use hiec_access::identities::{self, LinkedBy};
use hiec_access::limits::Counted;
use hiec_access::links::{self, Link, Purpose};
use hiec_access::people;
use hiec_kernel::people::Actor;
use hiec_kernel::{PersonId, Problem};
use hiec_store::{Database, StoreError, Unit};
use hiec_web::accounts::Everyone;
use hiec_web::{Answer, Client, Done, Loaded, Reply};
use http::HeaderMap;
use serde::Deserialize;

use super::SignInService;
use super::rules::{self, Account, Address, Known, Outcome};
use super::service::{Proved, too_late};
use super::way::{Towards, Way};
use crate::entering::{self, Method, with_cookie};
use crate::notice::tell;

/// What the service sends back with the browser (OpenID Connect Core 1.0, 3.1.2.5; `iss` by RFC 9207).
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Answered {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    iss: Option<String>,
}

pub async fn get(
    door: Loaded<Everyone>,
    client: Client,
    headers: HeaderMap,
    Query(answered): Query<Answered>,
) -> Answer {
    let service = door.app.optional::<SignInService>().ok_or_else(Problem::not_found)?;
    let Some(way) = Way::of(&headers, &door.app).filter(|way| way.state() == answered.state) else {
        // Whoever began was counted then; whoever did not is now.
        client.take(&door.app, Counted::SignIn, "Too many attempts to sign in came from where you are")?;
        return Err(too_late().into());
    };
    let (began, towards) = begun(&door, &way).await?;
    if !answered.error.is_empty() {
        return stopped(service, &towards, &answered.error);
    }
    if answered.iss.as_ref().is_some_and(|issuer| issuer != service.issuer()) {
        return Err(service.untrue("the answer came for another service").into());
    }
    let proved = service.proved(&way, &answered.code, door.now()).await?;
    match towards {
        Towards::SignIn { next } => sign_in(&door, service, &client, &proved, &next).await,
        Towards::Link => link(&door, service, &proved, began.person).await,
        Towards::Joining { .. } => Err(too_late().into()),
    }
}

/// The way the browser is on, used up whatever comes of it.
async fn begun(door: &Loaded<Everyone>, way: &Way) -> Result<(Link, Towards), Problem> {
    let unit = door.app.begin(Actor::System("signing in".into())).await?;
    let link = links::use_up(&unit, Purpose::ProviderSignIn, way.secret()).await?.ok_or_else(too_late)?;
    unit.commit().await?;
    let towards = serde_json::from_value(link.payload.clone()).map_err(Problem::internal)?;
    Ok((link, towards))
}

/// The person gave up there, or the service would not have them.
fn stopped(service: &SignInService, towards: &Towards, error: &str) -> Answer {
    if error != "access_denied" {
        let is_plain = error.len() <= 60 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let code = if is_plain { error } else { "an error that is no code" };
        return Err(service.untrue(&format!("it answered {code}")).into());
    }
    let word = format!("Nothing was done: it was stopped at {}.", service.name());
    let back = match towards {
        Towards::Link => "/account/sign-in".to_owned(),
        Towards::SignIn { next } => {
            format!(
                "/sign-in?{}",
                url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish()
            )
        }
        Towards::Joining { .. } => "/sign-in".to_owned(),
    };
    Ok(Done::to(back).saying(word).into())
}

async fn sign_in(
    door: &Loaded<Everyone>,
    service: &SignInService,
    client: &Client,
    proved: &Proved,
    next: &str,
) -> Answer {
    let database = door.database();
    let mut known = Known { owner: owner(&database, service, proved).await?, ..Known::default() };
    let mut address = Address::Unverified;
    // Only of somebody not known yet is the address asked for.
    if known.owner.is_none() {
        address = service.address(proved, door.now()).await?;
        if let Address::Verified(email) = &address {
            known.holder = holder(&database, service, email).await?;
            let invitations = links::open_to(&database, Purpose::Invitation, email, door.now()).await?;
            known.invitation = invitations.last().map(|link| link.id);
        }
    }
    match rules::signing_in(&address, &known) {
        Outcome::SignIn(person) => come_in(door, service, client, proved, person, None, next).await,
        Outcome::LinkAndSignIn(person, by) => come_in(door, service, client, proved, person, Some(by), next).await,
        Outcome::Join(invitation) => {
            let towards = Towards::Joining { subject: proved.subject.clone(), invitation };
            Ok(join(door, &towards).await?)
        }
        Outcome::Refused(why) => Err(why.problem(service.name()).into()),
        Outcome::Link(_) | Outcome::LinkedAlready => Err(too_late().into()),
    }
}

async fn come_in(
    door: &Loaded<Everyone>,
    service: &SignInService,
    client: &Client,
    proved: &Proved,
    person: PersonId,
    linked: Option<LinkedBy>,
    next: &str,
) -> Answer {
    let mut unit = door.app.begin(Actor::Person(person)).await?;
    // Read again inside the unit: it may have been closed meanwhile.
    let Some(found) = people::open_by_id(&unit, person).await? else {
        return Err(rules::Refused::Closed.problem(service.name()).into());
    };
    if let Some(by) = linked {
        link_to(&mut unit, service, &proved.subject, person, by).await?;
        tell(&unit, &door.app, &found, &format!("Signing in with {} was added", service.name())).await?;
    }
    identities::note_use(&unit, service.issuer(), &proved.subject).await?;
    let begun = entering::begin(&mut unit, &door.app, person, Method::Oidc, client).await?;
    unit.commit().await?;
    Ok(begun.going_on(Done::to(next)))
}

/// On to the page on which the invitation is answered.
async fn join(door: &Loaded<Everyone>, towards: &Towards) -> Result<Reply, Problem> {
    let way = Way::new();
    let payload = serde_json::to_value(towards).map_err(Problem::internal)?;
    let unit = door.app.begin(Actor::System("signing in".into())).await?;
    links::keep(&unit, Purpose::ProviderSignIn, way.secret(), None, "", payload).await?;
    unit.commit().await?;
    Ok(with_cookie(Done::to(super::joining::PATH), &way.cookie(&door.app)))
}

async fn link(door: &Loaded<Everyone>, service: &SignInService, proved: &Proved, began: Option<PersonId>) -> Answer {
    // The browser that went is the one that came; the person in it must be the same too.
    let person = door.subject.person.clone().filter(|person| began == Some(person.id)).ok_or_else(too_late)?;
    let database = door.database();
    let own = account(&database, service, person.id).await?;
    let known = Known { owner: owner(&database, service, proved).await?, ..Known::default() };
    let word = match rules::linking(own, &known) {
        Outcome::LinkedAlready => format!("It is linked already: you can sign in with {}.", service.name()),
        Outcome::Refused(why) => return Err(why.problem(service.name()).into()),
        _ => {
            let mut unit = door.app.begin(Actor::Person(person.id)).await?;
            link_to(&mut unit, service, &proved.subject, person.id, LinkedBy::Account).await?;
            tell(&unit, &door.app, &person, &format!("Signing in with {} was added", service.name())).await?;
            unit.commit().await?;
            format!("Linked: from now on you can sign in with {}.", service.name())
        }
    };
    Ok(Done::to("/account/sign-in").saying(word).into())
}

/// Links inside the unit, where nobody else was faster: an identity is one account's, and an account has one of this service.
pub(super) async fn link_to(
    unit: &mut Unit,
    service: &SignInService,
    subject: &str,
    person: PersonId,
    by: LinkedBy,
) -> Result<(), Problem> {
    let faster = || Problem::conflict("This was linked a moment ago", "Begin again, and look at what is linked now.");
    if is_linked(&identities::of_person(&*unit, person).await?, service) {
        return Err(faster());
    }
    let linked = identities::link(unit, person, service.issuer(), subject, by).await;
    linked.map_err(|error| if error.is_duplicate() { faster() } else { error.into() })
}

fn is_linked(identities: &[identities::Identity], service: &SignInService) -> bool {
    identities.iter().any(|one| one.issuer == service.issuer())
}

async fn owner(database: &Database, service: &SignInService, proved: &Proved) -> Result<Option<Account>, StoreError> {
    match identities::person(database, service.issuer(), &proved.subject).await? {
        Some(person) => Ok(Some(account(database, service, person).await?)),
        None => Ok(None),
    }
}

/// Who has the address, open or closed.
async fn holder(database: &Database, service: &SignInService, email: &str) -> Result<Option<Account>, StoreError> {
    match people::id_of(database, email).await? {
        Some(person) => Ok(Some(account(database, service, person).await?)),
        None => Ok(None),
    }
}

async fn account(database: &Database, service: &SignInService, person: PersonId) -> Result<Account, StoreError> {
    let is_open = people::open_by_id(database, person).await?.is_some();
    let is_linked = is_linked(&identities::of_person(database, person).await?, service);
    Ok(Account { person, is_open, is_linked })
}
