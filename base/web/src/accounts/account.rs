//! `/account`: what a person is here, their messages, password and tokens; nobody sees another's.

use std::collections::BTreeSet;

use axum::extract::Path;
use chrono::Duration;
use hiec_access::{passwords, people, sessions, tokens};
use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_store::{AuditEvent, Stream, mail};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::OwnAccount;
use crate::components::{
    Button, CheckboxItem, Checkboxes, ErrorItem, ErrorSummary, Input as TextInput, SummaryList, SummaryRow,
};
use crate::fields::{Errors, Input};
use crate::loaded::Loaded;
use crate::page::{Answer, Done, Page};

#[derive(Serialize)]
struct Shown {
    name: String,
    email: String,
    roles: Vec<String>,
    messages: Vec<Message>,
}

#[derive(Serialize)]
struct Message {
    subject: String,
    body: String,
    at: String,
}

pub async fn get(account: Loaded<OwnAccount>) -> Answer {
    Ok(page(&account, None, &Errors::none()).await?.into())
}

async fn page(account: &Loaded<OwnAccount>, new_token: Option<&str>, errors: &Errors) -> Result<Page, Problem> {
    let person = account.person()?;
    let database = account.database();
    let messages = mail::to_person(&database, person.id, 50).await?;
    let tokens = tokens::of_person(&database, person.id).await?;
    let shown = Shown {
        name: person.name.clone(),
        email: person.email.clone(),
        roles: account.subject.held.iter().map(|held| held.role.label().to_owned()).collect(),
        messages: messages
            .iter()
            .map(|letter| Message {
                subject: letter.subject.clone(),
                body: letter.body.clone(),
                at: on_page(letter.created_at),
            })
            .collect(),
    };
    Page::new("Your account", view(&shown, &tokens, new_token, errors)).data(&shown)
}

fn view(shown: &Shown, tokens: &[tokens::Token], new_token: Option<&str>, errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| ErrorItem::for_field(&error.field, error.message.as_str()))))
        }
        h1 { "Your account" }
        (SummaryList::new([
            SummaryRow::new("Name", shown.name.as_str()),
            SummaryRow::new("E-mail address", shown.email.as_str()),
            SummaryRow::new("Roles", if shown.roles.is_empty() { "None yet".to_owned() } else { shown.roles.join(", ") }),
        ]))
        h2 { "Messages" }
        @if shown.messages.is_empty() { p { "Nothing yet. Everything sent to you by e-mail also stands here." } }
        @for message in &shown.messages {
            details.nhsuk-details {
                summary.nhsuk-details__summary { span.nhsuk-details__summary-text { (message.subject) ", " (message.at) } }
                div.nhsuk-details__text { @for line in message.body.split("\n\n") { p { (line) } } }
            }
        }
        h2 { "Change your password" }
        form method="post" action="/account/password" novalidate {
            (TextInput::new("current", "Present password").kind("password").autocomplete("current-password")
                .hint("Leave empty if you have none yet")
                .error_message(errors.of("current").unwrap_or_default()))
            (TextInput::new("new", "New password").kind("password").autocomplete("new-password")
                .hint("At least 12 characters: three random words do well")
                .error_message(errors.of("new").unwrap_or_default()))
            (Button::new("Change the password").secondary())
        }
        h2 { "Tokens for programs" }
        p { "A program with a token can do what you can, within the token's scopes. See the " a href="/openapi.json" { "API" } "." }
        @if let Some(token) = new_token {
            div.nhsuk-inset-text { p { "Your new token, shown only now: " code.app-fingerprint { (token) } } }
        }
        @if tokens.is_empty() { p { "You have no token." } }
        ul {
            @for token in tokens {
                li {
                    (token.name) ", until " (on_page(token.ends_at))
                    @if token.revoked_at.is_some() { " (revoked)" } @else {
                        form method="post" action={ "/account/tokens/" (token.id) "/revocation" } {
                            (Button::new(html! { "Revoke" span.nhsuk-u-visually-hidden { " " (token.name) } }).secondary().small(true))
                        }
                    }
                }
            }
        }
        form method="post" action="/account/tokens" novalidate {
            (TextInput::new("name", "What the token is for").error_message(errors.of("name").unwrap_or_default()))
            (Checkboxes::new("scopes", "What it may do")
                .items([CheckboxItem::new("read", "Read"), CheckboxItem::new("write", "Write")])
                .error_message(errors.of("scopes").unwrap_or_default()))
            (Button::new("Make a token").secondary())
        }
    }
}

/// A password was changed; the password is nowhere in the entry.
#[derive(Serialize)]
struct PasswordChanged {}

impl AuditEvent for PasswordChanged {
    const KIND: &'static str = "person.password_changed";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct PasswordForm {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
}

pub async fn password(account: Loaded<OwnAccount>, Input(form): Input<PasswordForm>) -> Answer {
    let person = account.person()?.clone();
    let mut errors = Errors::none();
    let stored = people::credentials(&account.database(), &person.email).await?.and_then(|(_, hash)| hash);
    if stored.is_some() && !passwords::verify(form.current.clone(), stored).await {
        errors.add("current", "This is not your present password");
    }
    let Some(hash) = errors.take("new", passwords::hash(form.new.clone()).await).filter(|_| errors.is_empty()) else {
        return Ok(page(&account, None, &errors).await?.invalid().into());
    };
    let mut unit = account.begin().await?;
    people::set_password(&unit, person.id, hash).await?;
    sessions::end_all(&unit, person.id).await?;
    let token = sessions::start(&unit, person.id, "password").await?;
    unit.audit(Stream::installation(), format!("person:{}", person.id), &PasswordChanged {})?;
    unit.commit().await?;
    let done = Done::to("/account").saying("Your password is changed. Other browsers are signed out.");
    Ok(super::sign_in::going_on(done, &crate::who::session_cookie(&account.app, &token)))
}

/// A token was made.
#[derive(Serialize)]
struct TokenMade {
    scopes: BTreeSet<String>,
}

impl AuditEvent for TokenMade {
    const KIND: &'static str = "token.made";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct TokenForm {
    #[serde(default)]
    name: String,
    /// `read`, `write`.
    #[serde(default)]
    scopes: Vec<String>,
}

pub async fn make_token(account: Loaded<OwnAccount>, Input(form): Input<TokenForm>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "what the token is for", &form.name, 100);
    let scopes: BTreeSet<String> =
        form.scopes.into_iter().filter(|one| tokens::SCOPES.contains(&one.as_str())).collect();
    if scopes.is_empty() {
        errors.add("scopes", "Choose what the token may do");
    }
    let Some(name) = name.filter(|_| errors.is_empty()) else {
        return Ok(page(&account, None, &errors).await?.invalid().into());
    };
    let person = account.person()?.id;
    let mut unit = account.begin().await?;
    let ends = unit.now() + Duration::days(90);
    let token = tokens::make(&unit, person, &name, &scopes, ends).await?;
    unit.audit(Stream::installation(), format!("person:{person}"), &TokenMade { scopes })?;
    unit.commit().await?;
    Ok(page(&account, Some(&token), &Errors::none()).await?.data(&serde_json::json!({ "token": token }))?.into())
}

pub async fn revoke_token(account: Loaded<OwnAccount>, Path(token): Path<Uuid>) -> Answer {
    let person = account.person()?.id;
    let unit = account.begin().await?;
    tokens::revoke(&unit, person, token).await?;
    unit.commit().await?;
    Ok(Done::to("/account").saying("The token is revoked.").into())
}
