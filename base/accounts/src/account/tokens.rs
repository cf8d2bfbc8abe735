//! `/account/tokens`: what programs use to act for a person, within scopes and for a time; a token is shown once and never again.

use std::collections::BTreeSet;

use axum::extract::Path;
use chrono::Duration;
use hiec_access::tokens;
use hiec_kernel::Problem;
use hiec_kernel::clock::{iso, on_page};
use hiec_store::{AuditEvent, Stream};
use hiec_web::accounts::OwnAccount;
use hiec_web::components::{Button, Cell, CheckboxItem, Checkboxes, Input as TextInput, InsetText, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::pieces::error_summary;

/// How long a token lasts.
const DAYS: i64 = 90;

/// A token was made.
#[derive(Serialize)]
struct TokenMade {
    scopes: BTreeSet<String>,
}

impl AuditEvent for TokenMade {
    const KIND: &'static str = "token.made";
}

/// A token was revoked.
#[derive(Serialize)]
struct TokenRevoked {
    token: Uuid,
}

impl AuditEvent for TokenRevoked {
    const KIND: &'static str = "token.revoked";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    name: String,
    /// `read`, `write`.
    #[serde(default)]
    scopes: Vec<String>,
}

pub async fn get(account: Loaded<OwnAccount>) -> Answer {
    Ok(page(&account, None, &Form::default(), &Errors::none()).await?.into())
}

pub async fn make(account: Loaded<OwnAccount>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "what the token is for", &form.name, 100);
    let scopes: BTreeSet<String> =
        form.scopes.iter().filter(|one| tokens::SCOPES.contains(&one.as_str())).cloned().collect();
    if scopes.is_empty() {
        errors.add("scopes", "Choose what the token may do");
    }
    let Some(name) = name.filter(|_| errors.is_empty()) else {
        return Ok(page(&account, None, &form, &errors).await?.with_errors(&errors).into());
    };
    let person = account.person()?.id;
    let mut unit = account.begin().await?;
    let ends = unit.now() + Duration::days(DAYS);
    let token = tokens::make(&unit, person, &name, &scopes, ends).await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &TokenMade { scopes })?;
    unit.commit().await?;
    let shown = page(&account, Some(&token), &Form::default(), &Errors::none()).await?;
    Ok(shown.data(&json!({ "token": token, "ends_at": iso(ends) }))?.into())
}

pub async fn revoke(account: Loaded<OwnAccount>, Path(token): Path<Uuid>) -> Answer {
    let person = account.person()?.id;
    let mut unit = account.begin().await?;
    if !tokens::revoke(&unit, person, token).await? {
        return Err(
            Problem::conflict("This token is not in use", "It was revoked already, or is none of yours.").into()
        );
    }
    unit.audit(Stream::installation(), format!("person:{person}"), &TokenRevoked { token })?;
    unit.commit().await?;
    Ok(Done::to("/account/tokens").saying("The token is revoked.").into())
}

async fn page(
    account: &Loaded<OwnAccount>,
    new_token: Option<&str>,
    form: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let tokens = tokens::of_person(&account.database(), account.person()?.id).await?;
    let shown: Vec<_> = tokens
        .iter()
        .map(|one| {
            json!({
                "token_id": one.id, "name": one.name, "scopes": one.scopes, "created_at": iso(one.created_at),
                "ends_at": iso(one.ends_at), "used_at": one.used_at.map(iso), "revoked_at": one.revoked_at.map(iso),
            })
        })
        .collect();
    let now = account.now();
    let view = html! {
        (error_summary(errors))
        h1 { "Tokens for programs" }
        p { "A program with a token can do what you can, within the token's scopes, for " (DAYS) " days. See the " a href="/openapi.json" { "API" } "." }
        @if let Some(token) = new_token {
            (InsetText::new(html! { p { "Your new token, shown only now: " code.app-fingerprint { (token) } } }))
        }
        @if tokens.is_empty() { p { "You have no token." } } @else {
            (Table::new("Your tokens")
                .head(["For", "May", "Until", "Last used", "Change"])
                .responsive(true)
                .rows(tokens.iter().map(|token| row(token, now))))
        }
        h2 { "Make a token" }
        form method="post" action="/account/tokens" novalidate {
            (TextInput::new("name", "What the token is for").value(form.name.as_str()).error_message(errors.of("name")))
            (Checkboxes::new("scopes", "What it may do")
                .items([CheckboxItem::new("read", "Read"), CheckboxItem::new("write", "Write")])
                .values(form.scopes.iter().cloned())
                .error_message(errors.of("scopes")))
            (Button::new("Make a token").secondary())
        }
    };
    let data = json!({ "tokens": shown, "errors": errors });
    Ok(Page::new("Tokens for programs", view).data(&data)?.under("/account", "Your account"))
}

fn row(token: &tokens::Token, now: hiec_kernel::Timestamp) -> Vec<Cell> {
    let scopes: Vec<String> = serde_json::from_value(token.scopes.clone()).unwrap_or_default();
    vec![
        Cell::new(token.name.as_str()),
        Cell::new(scopes.join(", ")),
        Cell::new(on_page(token.ends_at)),
        Cell::new(token.used_at.map_or_else(|| "Never".to_owned(), on_page)),
        Cell::new(change(token, now)),
    ]
}

fn change(token: &tokens::Token, now: hiec_kernel::Timestamp) -> Markup {
    html! {
        @if token.revoked_at.is_some() { "Revoked" } @else if token.ends_at <= now { "Over" } @else {
            form method="post" action={ "/account/tokens/" (token.id) "/revocation" } {
                (Button::new(html! { "Revoke" span.nhsuk-u-visually-hidden { " " (token.name) } }).secondary().small(true))
            }
        }
    }
}
