//! The link to the sign-in service, on the account page: whether there is one, how to make it and take it off; whose it is at the service is shown nowhere.

use hiec_access::identities;
use hiec_kernel::clock::{iso, on_page};
use hiec_kernel::{PersonId, Problem};
use hiec_store::Database;
use hiec_web::accounts::OwnAccount;
use hiec_web::components::Button;
use hiec_web::{Answer, AppState, Done, Loaded};
use maud::{Markup, html};
use serde::Serialize;

use super::SignInService;
use crate::notice::tell;

/// A link as its owner sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Linked {
    pub service: String,
    pub linked_at: String,
    pub used_at: Option<String>,
}

/// The person's link to this installation's service; nothing where there is no service or no link.
pub(crate) async fn linked(app: &AppState, database: &Database, person: PersonId) -> Result<Option<Linked>, Problem> {
    let Some(service) = app.optional::<SignInService>() else {
        return Ok(None);
    };
    let identities = identities::of_person(database, person).await?;
    let one = identities.into_iter().find(|one| one.issuer == service.issuer());
    Ok(one.map(|one| Linked {
        service: service.name().to_owned(),
        linked_at: iso(one.created_at),
        used_at: one.used_at.map(iso),
    }))
}

/// The part of the account page that is about the service; nothing where an installation has none.
pub(crate) fn section(app: &AppState, linked: Option<&Linked>) -> Markup {
    let when = |moment: &str| moment.parse().map_or_else(|_| moment.to_owned(), on_page);
    html! {
        @if let Some(service) = app.optional::<SignInService>() {
            h2 #identity { "Signing in with " (service.name()) }
            @match linked {
                None => {
                    p { "Your account is not linked to it. Once it is, you sign in there and need no password here." }
                    form method="post" action="/account/identity" {
                        (Button::new(format!("Link to {}", service.name())).secondary())
                    }
                }
                Some(linked) => {
                    p {
                        "Linked on " (when(&linked.linked_at)) "; "
                        @match &linked.used_at {
                            Some(used) => { "last used on " (when(used)) "." }
                            None => { "not used yet." }
                        }
                    }
                    form method="post" action="/account/identity/removal" {
                        (Button::new(format!("Remove the link to {}", service.name()))
                            .warning()
                            .confirm("Remove the link? You will then sign in another way."))
                    }
                }
            }
        }
    }
}

pub async fn remove(account: Loaded<OwnAccount>) -> Answer {
    let service = account.app.optional::<SignInService>().ok_or_else(Problem::not_found)?;
    let person = account.person()?.clone();
    let mut unit = account.begin().await?;
    if !identities::unlink(&mut unit, person.id, service.issuer()).await? {
        return Err(Problem::conflict("Your account is not linked", "There is nothing to remove.").into());
    }
    tell(&unit, &account.app, &person, &format!("Signing in with {} was removed", service.name())).await?;
    unit.commit().await?;
    let word = "The link is removed. Without a password or a passkey you come in by a letter: choose a password below, or ask for one when you sign in.";
    Ok(Done::to("/account/sign-in").saying(word).into())
}
