//! `/account`: what a person is here and the letters they got; nobody sees another's.

pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod ways;

use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_store::mail;
use hiec_web::accounts::OwnAccount;
use hiec_web::components::{Details, SummaryList, SummaryRow};
use hiec_web::{Answer, Loaded, Page, Route};
use maud::{Markup, html};
use serde::Serialize;

use crate::people::{place_label, role_words};
use crate::pieces::illustrative;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/account", "account.view", "Your account", get),
        Route::get("/account/sign-in", "account.view", "How and where you are signed in", ways::get),
        Route::post("/account/password", "account.change", "Set or change your password", password::post)
            .takes::<password::Form>(),
        Route::post(
            "/account/sessions/ending",
            "account.change",
            "Sign out of all other browsers",
            sessions::end_others,
        ),
        Route::post("/account/sessions/{session}/ending", "account.change", "Sign out of one browser", sessions::end),
        Route::get("/account/tokens", "account.view", "Your tokens for programs", tokens::get),
        Route::post("/account/tokens", "account.change", "Make a token for a program", tokens::make)
            .takes::<tokens::Form>(),
        Route::post("/account/tokens/{token}/revocation", "account.change", "Revoke a token", tokens::revoke),
    ]
}

#[derive(Serialize)]
struct Shown {
    name: String,
    email: String,
    roles: Vec<String>,
    messages: Vec<Message>,
    #[serde(skip)]
    is_illustrative: bool,
}

#[derive(Serialize)]
struct Message {
    subject: String,
    body: String,
    at: String,
}

pub async fn get(account: Loaded<OwnAccount>) -> Answer {
    let shown = shown(&account).await?;
    Ok(Page::new("Your account", view(&shown)).data(&shown)?.into())
}

async fn shown(account: &Loaded<OwnAccount>) -> Result<Shown, Problem> {
    let person = account.person()?;
    let messages = mail::to_person(&account.database(), person.id, 50).await?;
    let mut roles = Vec::new();
    for held in &account.subject.held {
        roles.push(role_words(held.role, held.scope, &place_label(&account.app, held.scope).await?));
    }
    Ok(Shown {
        name: person.name.clone(),
        email: person.email.clone(),
        roles,
        messages: messages
            .into_iter()
            .map(|letter| Message { subject: letter.subject, body: letter.body, at: on_page(letter.created_at) })
            .collect(),
        is_illustrative: person.is_illustrative,
    })
}

fn view(shown: &Shown) -> Markup {
    let roles = html! {
        @if shown.roles.is_empty() { "None yet" } @else {
            ul.nhsuk-list { @for role in &shown.roles { li { (role) } } }
        }
    };
    html! {
        h1 { "Your account" }
        (SummaryList::new([
            SummaryRow::new("Name", html! { (shown.name) (illustrative(shown.is_illustrative)) }),
            SummaryRow::new("E-mail address", shown.email.as_str()),
            SummaryRow::new("Roles", roles),
        ]))
        ul.nhsuk-list {
            li { a href="/account/sign-in" { "How and where you are signed in" } }
            li { a href="/account/tokens" { "Tokens for programs" } }
            li { a href="/interests" { "Your declaration of interests" } }
        }
        h2 { "Messages" }
        @if shown.messages.is_empty() { p { "Nothing yet. Everything sent to you by e-mail also stands here." } }
        @for message in &shown.messages {
            (Details::new(format!("{}, {}", message.subject, message.at), html! {
                @for line in message.body.split("\n\n") { p.app-letter { (line) } }
            }))
        }
    }
}
