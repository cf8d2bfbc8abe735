//! The passkeys one has, on the account page: named, seen, removed; nobody reaches another's.

use axum::extract::Path;
use hiec_access::passkeys;
use hiec_kernel::clock::{iso, on_page};
use hiec_kernel::{PersonId, Problem};
use hiec_store::Database;
use hiec_web::accounts::OwnAccount;
use hiec_web::components::{Button, Cell, Details, Input as TextInput, Table};
use hiec_web::{Answer, AppState, Done, Errors, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RelyingParty;
use crate::notice::tell;

/// A passkey as its owner sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct KeptPasskey {
    pub passkey: String,
    pub name: String,
    pub added_at: String,
    pub used_at: Option<String>,
}

pub(crate) async fn kept(database: &Database, person: PersonId) -> Result<Vec<KeptPasskey>, Problem> {
    let stored = passkeys::of_person(database, person).await?;
    Ok(stored
        .into_iter()
        .map(|one| KeptPasskey {
            passkey: one.id.to_string(),
            name: one.name,
            added_at: iso(one.created_at),
            used_at: one.used_at.map(iso),
        })
        .collect())
}

/// The part of the account page that is about passkeys.
pub(crate) fn section(app: &AppState, kept: &[KeptPasskey]) -> Markup {
    let when = |moment: &str| moment.parse().map_or_else(|_| moment.to_owned(), on_page);
    html! {
        h2 #passkeys { "Passkeys" }
        p { "A passkey signs you in with your finger, face or screen lock instead of a password. Nobody can guess it, and no false page can ask for it." }
        @if !kept.is_empty() {
            (Table::new("Your passkeys")
                .head(["Name", "Added", "Last used", "Change"])
                .responsive(true)
                .rows(kept.iter().map(|one| vec![
                    Cell::new(one.name.as_str()),
                    Cell::new(when(&one.added_at)),
                    Cell::new(one.used_at.as_deref().map_or_else(|| "Never".to_owned(), when)),
                    Cell::new(change(one)),
                ])))
        }
        @match RelyingParty::of(app.site()) {
            None => p { "This installation is reached by a number, and passkeys belong to a name: none can be added here." },
            Some(party) => (adding(&party, "/account/sign-in")),
        }
    }
}

fn change(one: &KeptPasskey) -> Markup {
    let of_it = html! { span.nhsuk-u-visually-hidden { " " (one.name) } };
    let id = format!("name-{}", one.passkey);
    html! {
        (Details::new(html! { "Change" (of_it) }, html! {
            form method="post" action={ "/account/passkeys/" (one.passkey) "/name" } novalidate {
                (TextInput::new("name", "Name").id(id).value(one.name.as_str()))
                (Button::new(html! { "Rename" (of_it) }).secondary().small(true))
            }
            form method="post" action={ "/account/passkeys/" (one.passkey) "/removal" } {
                (Button::new(html! { "Remove" (of_it) }).warning().small(true).confirm("Remove this passkey? It will no longer sign you in."))
            }
        }))
    }
}

/// The form that adds one. Without scripts no page can ask an authenticator, and this one says so.
fn adding(party: &RelyingParty, path: &str) -> Markup {
    html! {
        div data-passkey-origin=(party.origin()) {
            p data-passkey-without="script" { "Adding a passkey needs JavaScript, which is off in this browser." }
            p data-passkey-without="support" hidden { "This browser has no passkeys, or does not offer them here." }
            p data-passkey-without="name" hidden {
                "Passkeys belong to a name, and you came by a number: "
                a href={ (party.origin()) (path) } { "open this page by its name" }
                " and sign in there."
            }
            form data-passkey-add method="post" action="/account/passkeys" novalidate hidden {
                (TextInput::new("passkey-name", "Name of the new passkey").hint("What you will know it by, such as the device it is on").id("passkey-name"))
                (Button::new("Add a passkey").secondary())
                p role="status" data-passkey-status {}
            }
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Name {
    #[serde(default)]
    name: String,
}

pub async fn rename(account: Loaded<OwnAccount>, Path(passkey): Path<Uuid>, Input(form): Input<Name>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "a name for the passkey", &form.name, 100).ok_or_else(|| {
        let what = errors.of("name").unwrap_or_default().to_owned();
        Problem::invalid(what, "Go back and write what you will know it by.")
    })?;
    let person = account.person()?.id;
    let unit = account.begin().await?;
    if !passkeys::rename(&unit, person, passkey, &name).await? {
        return Err(gone().into());
    }
    unit.commit().await?;
    Ok(Done::to("/account/sign-in").saying("The passkey has its new name.").into())
}

pub async fn remove(account: Loaded<OwnAccount>, Path(passkey): Path<Uuid>) -> Answer {
    let person = account.person()?.clone();
    let mut unit = account.begin().await?;
    if !passkeys::remove(&mut unit, person.id, passkey).await? {
        return Err(gone().into());
    }
    tell(&unit, &account.app, &person, "A passkey was removed").await?;
    unit.commit().await?;
    let word = "The passkey is removed. Delete it on your device too, which would offer it otherwise.";
    Ok(Done::to("/account/sign-in").saying(word).into())
}

fn gone() -> Problem {
    Problem::conflict("You have no such passkey", "It was removed already. Look at the list.")
}
