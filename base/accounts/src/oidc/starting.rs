//! Going to the sign-in service: a way is begun, bound to this browser, and a page leads on to the service. Nothing is changed but that.

use hiec_access::limits::Counted;
use hiec_access::links::{self, Purpose};
use hiec_kernel::people::Actor;
use hiec_kernel::{PersonId, Problem};
use hiec_web::accounts::{Everyone, OwnAccount};
use hiec_web::components::Button;
use hiec_web::{Answer, AppState, Client, Input, Loaded, Page, Reply};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::SignInService;
use super::way::{Towards, Way};
use crate::entering::{safe_next, with_cookie};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Where to go afterwards: a path on this site.
    #[serde(default)]
    next: String,
}

/// The service's part of the sign-in page; nothing where an installation has none.
pub(crate) fn door(app: &AppState, next: &str) -> Markup {
    html! {
        @if let Some(service) = app.optional::<SignInService>() {
            form method="post" action="/sign-in/oidc" {
                input type="hidden" name="next" value=(next);
                (Button::new(format!("Sign in with {}", service.name())).secondary())
            }
        }
    }
}

/// The same on the page of an invitation, for who has no account yet.
pub(crate) fn door_for_invited(app: &AppState) -> Markup {
    html! {
        @if let Some(service) = app.optional::<SignInService>() {
            h2 { "Or answer with " (service.name()) }
            p { "If it knows you by the address above, sign in there: you come back to the invitation, and need no password here." }
            (door(app, ""))
        }
    }
}

pub async fn sign_in(door: Loaded<Everyone>, client: Client, Input(form): Input<Form>) -> Answer {
    client.take(&door.app, Counted::SignIn, "Too many attempts to sign in came from where you are")?;
    let towards = Towards::SignIn { next: safe_next(&form.next).to_owned() };
    Ok(on_the_way(&door.app, Actor::System("signing in".into()), None, &towards).await?)
}

/// Asks the service to ask anew who is there: on a shared computer it may still know somebody else.
pub async fn link(account: Loaded<OwnAccount>, client: Client) -> Answer {
    client.take(&account.app, Counted::SignIn, "Too many attempts to sign in came from where you are")?;
    let person = account.person()?.id;
    Ok(on_the_way(&account.app, Actor::Person(person), Some(person), &Towards::Link).await?)
}

async fn on_the_way(
    app: &AppState,
    actor: Actor,
    person: Option<PersonId>,
    towards: &Towards,
) -> Result<Reply, Problem> {
    let service = app.optional::<SignInService>().ok_or_else(Problem::not_found)?;
    let way = Way::new();
    let address = service.address_for(&way, *towards == Towards::Link, app.now()).await?;
    let payload = serde_json::to_value(towards).map_err(Problem::internal)?;
    let unit = app.begin(actor).await?;
    links::keep(&unit, Purpose::ProviderSignIn, way.secret(), person, "", payload).await?;
    unit.commit().await?;
    // Not a redirect: browsers hold the content policy's `form-action` against the redirects of a form too.
    let name = service.name();
    let view = html! {
        h1 { "Going on to " (name) }
        p { "You sign in there and come back here. If nothing happens, go on by the button." }
        (Button::link("Continue", address.as_str()))
        p { a href="/sign-in" { "Sign in another way" } }
    };
    let page = Page::new(format!("Going on to {name}"), view).data(&json!({ "location": address }))?;
    Ok(with_cookie(page.leading_on(address), &way.cookie(app)))
}
