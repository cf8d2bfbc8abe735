//! `/credentials/keys`, for administrators: the keys badges are signed with and a new one; and what is published of them. No secret is ever shown.

use axum::response::IntoResponse;
use hiec_access::policy::Target;
use hiec_kernel::clock::on_page;
use hiec_kernel::{Problem, Scope};
use hiec_web::components::{Button, Cell, Column, InsetText, RadioItem, Radios, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Loading, Page, Resource};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{keys, resigning};
use crate::ground;

/// The door to the keys.
pub(crate) struct KeysDoor;

impl Resource for KeysDoor {
    const KIND: &'static str = "installation";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("installation", Uuid::nil()).scope(Scope::Installation))))
    }
}

/// The door to what is published.
pub(crate) struct IssuerDoor;

impl Resource for IssuerDoor {
    const KIND: &'static str = "public";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("public", Uuid::nil()))))
    }
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// `retire` or `disown`.
    before: String,
}

pub async fn get(door: Loaded<KeysDoor>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none()).await?.into())
}

async fn page(door: &Loaded<KeysDoor>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let rows = keys::all(&door.database()).await?;
    let is_ready = keys::is_ready(&door.app);
    let mut signed_anew = BTreeMap::new();
    for row in rows.iter().filter(|row| row.revoked_at.is_some()) {
        signed_anew.insert(row.id, resigning::progress(&door.database(), row.id).await?);
    }
    let cells = rows.iter().map(|row| {
        let standing = match (row.revoked_at, row.retired_at) {
            (Some(at), _) => {
                let progress = signed_anew.get(&row.id).map_or_else(String::new, |progress| match progress.waiting {
                    0 if progress.done == 0 => ". No badge was signed with it".to_owned(),
                    0 => format!(". All {} badges were signed anew", progress.done),
                    waiting => {
                        format!(". {} of {} badges were signed anew so far", progress.done, progress.done + waiting)
                    }
                });
                format!("Disowned {}: nothing it signed counts{progress}", on_page(at))
            }
            (None, Some(at)) => format!("Retired {}: what it signed before stays good", on_page(at)),
            (None, None) => "Signs".to_owned(),
        };
        vec![Cell::new(row.name.as_str()), Cell::new(on_page(row.created_at)), Cell::new(standing)]
    });
    let view = html! {
        (ground::mistakes(errors))
        h1 { "Signing keys" }
        p { "Badges are signed in the name of this installation. The secret halves of the keys come from the setting credential_secret and are stored nowhere; whoever has that setting can sign as us." }
        @if !is_ready { (InsetText::new("The setting credential_secret is not set, so nothing can be signed. Give at least 32 random characters and keep them: with others, no old status list can be signed.")) }
        @if rows.is_empty() { p { "There is no key yet. The first badge makes one." } } @else {
            (Table::new("Keys, the newest first").head([Column::new("Key"), Column::new("Made"), Column::new("Stands")]).first_cell_is_header(true).responsive(true).rows(cells))
            p { a.nhsuk-link href="/credentials/issuer" { "What is published of them" } }
        }
        @if is_ready && door.may("installation.change") {
            h2 { "Make a new key" }
            form method="post" action="/credentials/keys" novalidate {
                (Radios::new("before", "And the one before?")
                    .items([
                        RadioItem::new("retire", "Retire it: what it signed stays good"),
                        RadioItem::new("disown", "Disown it, because somebody else may have it: no file it signed counts any more, and its badges are signed anew"),
                    ])
                    .value(form.before.as_str())
                    .error_message(errors.of("before").unwrap_or_default()))
                (Button::new("Make a new key").warning())
            }
        }
    };
    Page::new("Signing keys", view).data(&json!({ "is_ready": is_ready, "keys": rows, "signed_anew": signed_anew }))
}

pub async fn post(door: Loaded<KeysDoor>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let is_disowned = match form.before.as_str() {
        "retire" => Some(false),
        "disown" => Some(true),
        _ => None,
    };
    let Some(is_disowned) = ground::one_of(&mut errors, "before", "what becomes of the key before", is_disowned) else {
        return Ok(page(&door, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let row = keys::rotate(&door.app, &mut unit, is_disowned).await?;
    unit.commit().await?;
    Ok(Done::made("/credentials/keys").saying(format!("Badges are signed with {} from now on.", row.name)).into())
}

/// The newest issuer's document; an installation that moved or has no https has been several.
pub async fn document(door: Loaded<IssuerDoor>) -> Answer {
    let documents = keys::documents(&door.database()).await?;
    let document = documents.first().ok_or_else(Problem::not_found)?;
    let text = serde_json::to_string_pretty(&document.write()).map_err(Problem::internal)?;
    // A key document is there for every program in every browser.
    let headers = [(CONTENT_TYPE, "application/did+json"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    Ok((headers, text).into_response().into())
}
