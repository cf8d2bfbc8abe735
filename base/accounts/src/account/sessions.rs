//! The browsers one is signed in with: where, since when, how; each can be signed out from here, and nobody sees another's.

use axum::extract::Path;
use hiec_access::sessions::{self, Session};
use hiec_kernel::clock::{iso, on_page};
use hiec_kernel::{PersonId, Problem, Timestamp};
use hiec_store::{AuditEvent, Database, Stream};
use hiec_web::accounts::OwnAccount;
use hiec_web::components::{Button, Cell, Table, Tag, TagColour};
use hiec_web::who::{cookie, cookie_name, session_cookie};
use hiec_web::{Answer, Done, Loaded};
use http::HeaderMap;
use maud::{Markup, html};
use serde::Serialize;
use uuid::Uuid;

use crate::entering::{method_words, with_cookie};

/// Somebody signed other browsers of theirs out.
#[derive(Serialize)]
struct SessionsEnded {
    sessions: u64,
}

impl AuditEvent for SessionsEnded {
    const KIND: &'static str = "person.sessions_ended";
}

#[derive(Serialize)]
pub(super) struct Shown {
    session: String,
    browser: String,
    address: String,
    method: String,
    since: String,
    seen: String,
    is_this: bool,
}

pub(super) async fn shown(
    database: &Database,
    person: PersonId,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Shown>, Problem> {
    Ok(sessions::of(database, person, token, now).await?.into_iter().map(one).collect())
}

fn one(session: Session) -> Shown {
    Shown {
        session: session.id.to_string(),
        browser: session.device.browser,
        address: session.device.client,
        method: session.method,
        since: iso(session.created_at),
        seen: iso(session.seen_at),
        is_this: session.is_this,
    }
}

pub(super) fn section(open: &[Shown]) -> Markup {
    let when = |moment: &str| moment.parse().map_or_else(|_| moment.to_owned(), on_page);
    html! {
        h2 { "Where you are signed in" }
        p { "A browser is signed out after two hours without use, and after twelve hours in any case." }
        (Table::new("Where you are signed in")
            .head(["Browser", "Network address", "Since", "Last used", "Change"])
            .responsive(true)
            .rows(open.iter().map(|one| vec![
                Cell::new(html! {
                    (if one.browser.is_empty() { "A browser that does not say" } else { one.browser.as_str() })
                    @if one.is_this { " " (Tag::new("This one").colour(TagColour::Green)) }
                }),
                Cell::new(if one.address.is_empty() { "Not known" } else { one.address.as_str() }),
                Cell::new(format!("{}, {}", when(&one.since), method_words(&one.method))),
                Cell::new(when(&one.seen)),
                Cell::new(html! {
                    form method="post" action={ "/account/sessions/" (one.session) "/ending" } {
                        (Button::new(html! { "Sign out" span.nhsuk-u-visually-hidden { " " (one.browser) " since " (when(&one.since)) } }).secondary().small(true))
                    }
                }),
            ])))
        @if open.iter().any(|one| !one.is_this) {
            form method="post" action="/account/sessions/ending" {
                (Button::new("Sign out of all other browsers").secondary())
            }
        }
        p { "If you do not know one of them, sign it out and choose another password." }
    }
}

pub async fn end(account: Loaded<OwnAccount>, Path(session): Path<Uuid>, headers: HeaderMap) -> Answer {
    let person = account.person()?.id;
    let token = cookie(&headers, cookie_name(&account.app));
    let open = sessions::of(&account.database(), person, token.as_deref(), account.now()).await?;
    let is_this = open.iter().any(|one| one.id == session && one.is_this);
    let mut unit = account.begin().await?;
    if !sessions::end_one(&unit, person, session).await? {
        return Err(
            Problem::conflict("This browser is signed out already", "Look at the list of those that are not.").into()
        );
    }
    unit.audit(Stream::installation(), format!("person:{person}"), &SessionsEnded { sessions: 1 })?;
    unit.commit().await?;
    if is_this {
        let done = Done::to("/").saying("You are signed out.");
        return Ok(with_cookie(done, &session_cookie(&account.app, "")));
    }
    Ok(Done::to("/account/sign-in").saying("That browser is signed out.").into())
}

pub async fn end_others(account: Loaded<OwnAccount>, headers: HeaderMap) -> Answer {
    let person = account.person()?.id;
    let token = cookie(&headers, cookie_name(&account.app));
    let open = sessions::of(&account.database(), person, token.as_deref(), account.now()).await?;
    let mut unit = account.begin().await?;
    let mut ended = 0;
    for other in open.iter().filter(|one| !one.is_this) {
        ended += u64::from(sessions::end_one(&unit, person, other.id).await?);
    }
    if ended > 0 {
        unit.audit(Stream::installation(), format!("person:{person}"), &SessionsEnded { sessions: ended })?;
    }
    unit.commit().await?;
    Ok(Done::to("/account/sign-in").saying("All other browsers are signed out.").into())
}
