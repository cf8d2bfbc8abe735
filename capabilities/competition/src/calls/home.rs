//! `/`: what is on, what was announced, and where to start; nothing here needs signing in.

use hiec_kernel::clock::on_page;
use hiec_web::accounts::Everyone;
use hiec_web::components::{ActionLink, Button, Tag};
use hiec_web::{Answer, Loaded, Page, Who};
use maud::{Markup, html};
use serde::Serialize;

use super::stages::{Stage, bid_deadline, pqq_deadline};
use super::store::{self, Call};

#[derive(Serialize)]
struct Home {
    calls: Vec<Open>,
}

#[derive(Serialize)]
struct Open {
    key: String,
    title: String,
    programme: String,
    stage: &'static str,
    next: Option<String>,
    announced: bool,
}

pub async fn get(door: Loaded<Everyone>, who: Who) -> Answer {
    let calls = store::all(&door.database(), door.now()).await?;
    let home = Home { calls: calls.iter().filter(|call| call.is_published()).map(open).collect() };
    Ok(Page::new("Health innovation and education clusters", view(&home, who.is_signed_in())).data(&home)?.into())
}

fn open(call: &Call) -> Open {
    let design = call.design();
    let deadline = match call.stage() {
        Stage::Dialogue | Stage::Pqq => pqq_deadline(design).map(|deadline| ("Questionnaires are due", deadline)),
        Stage::Shortlist | Stage::Bidding => bid_deadline(design).map(|deadline| ("Bids are due", deadline)),
        _ => None,
    };
    Open {
        key: call.key.clone(),
        title: call.title.clone(),
        programme: design.programme.clone(),
        stage: call.stage().label(),
        next: deadline.map(|(what, deadline)| format!("{what} {}", on_page(deadline.0))),
        announced: call.stage() == Stage::Announced,
    }
}

fn view(home: &Home, is_signed_in: bool) -> Markup {
    html! {
        h1 { "Health innovation and education clusters" }
        p.nhsuk-lede-text {
            "Partnerships of NHS providers, universities and industry compete here for funding, on the record: \
             the same rules for everyone, every decision with its reason, every figure with its evidence."
        }
        @if home.calls.is_empty() {
            p { "No call has been published yet. When one is, it stands here." }
        }
        @for call in &home.calls {
            h2 { (call.programme) ": " a href={ "/calls/" (call.key) } { (call.title) } }
            p { (Tag::new(call.stage)) @if let Some(next) = &call.next { " " (next) "." } }
            @if call.announced {
                (ActionLink::new("See what was awarded", format!("/announcements/{}", call.key)))
            } @else {
                (Button::link("Read the call", format!("/calls/{}", call.key)))
            }
        }
        h2 { "Look closer" }
        ul {
            li { a href="/announcements" { "Announcements" } ": what was funded, region by region" }
            li { a href="/open-data" { "Open data" } ": 360Giving, OCDS and tables to take away" }
            li { a href="/policies" { "Policies" } ": who may do what here, in the text the program itself reads" }
            @if !is_signed_in { li { a href="/sign-in" { "Sign in" } " to bid, assess or run a round" } }
        }
    }
}
