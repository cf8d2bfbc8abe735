//! `/demo/mail`: the letters the demonstration caught instead of sending. It exists in no real installation.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hiec_kernel::clock::on_page;
use hiec_store::mail::{self, StoredMail};
use hiec_web::{AppState, Page, Refusal, Reply};
use maud::{Markup, html};
use serde::Serialize;

/// Letters shown at a time.
const NEWEST: i64 = 100;

#[derive(Serialize)]
struct Letter {
    to: String,
    subject: String,
    body: String,
    at: String,
}

pub async fn get(State(state): State<AppState>) -> Result<Response, Refusal> {
    let caught = mail::recent(&state.database(), NEWEST).await?;
    let letters: Vec<Letter> = caught.into_iter().map(|mail| letter(&state, mail)).collect();
    let page = Page::new("Letters caught", view(&letters)).data(&letters)?;
    Ok(Reply::from(page).into_response())
}

fn letter(state: &AppState, mail: StoredMail) -> Letter {
    let body = state.site().addressed(&mail.body);
    Letter { to: mail.recipient, subject: mail.subject, body, at: on_page(mail.created_at) }
}

fn view(letters: &[Letter]) -> Markup {
    html! {
        h1 { "Letters caught" }
        p { "The demonstration sends nothing. These are the newest letters it would have sent; the people are illustrative." }
        @if letters.is_empty() {
            p { "No letter was written yet. Submit a bid, or invite a partner, and look again." }
        }
        @for letter in letters {
            h2.nhsuk-heading-s { (letter.subject) }
            p { "To " (letter.to) ", " (letter.at) }
            pre.app-policy { (letter.body) }
        }
    }
}
