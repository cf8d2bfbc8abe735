//! `/people/{person}`: who somebody is here, every role they hold or held with who gave it and why it ended, and whether their account is open. No password and no secret ever stands here.

use hiec_access::closures::{self, Closure};
use hiec_access::grants::{self, Tenure};
use hiec_access::{identities, passkeys, people, sessions};
use hiec_kernel::clock::{iso, on_page};
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::organisations;
use hiec_web::components::own::{DescriptionTimeline, TimelineEntry};
use hiec_web::components::{Button, Cell, Details, SummaryList, SummaryRow, Table, Tag, TagColour, Textarea};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::{Somebody, place_label};
use crate::names::Names;
use crate::pieces::{error_summary, illustrative};

#[derive(Serialize)]
struct Shown {
    id: String,
    name: String,
    email: String,
    employer: Option<String>,
    is_illustrative: bool,
    is_closed: bool,
    signs_in_by: Vec<&'static str>,
    open_sessions: usize,
    roles: Vec<Held>,
    closures: Vec<Closed>,
}

#[derive(Serialize)]
struct Held {
    appointment: String,
    role: &'static str,
    #[serde(skip)]
    label: &'static str,
    scope_kind: &'static str,
    place: String,
    given_at: String,
    given_by: String,
    ended_at: Option<String>,
    ended_by: Option<String>,
    ended_reason: Option<String>,
}

#[derive(Serialize)]
struct Closed {
    closed_at: String,
    closed_by: String,
    reason: String,
    reopened_at: Option<String>,
    reopened_by: Option<String>,
    reopened_reason: Option<String>,
}

pub async fn get(somebody: Loaded<Somebody>) -> Answer {
    Ok(page(&somebody, "", &Errors::none()).await?.into())
}

/// The page, with a reason that was typed and is wanting.
pub(super) async fn page(somebody: &Loaded<Somebody>, reason: &str, errors: &Errors) -> Result<Page, Problem> {
    let shown = shown(somebody).await?;
    let view = view(somebody, &shown, reason, errors);
    let page = Page::new(shown.name.clone(), view).data(&shown)?.under("/people", "People").wide();
    Ok(if errors.is_empty() { page } else { page.with_errors(errors) })
}

async fn shown(somebody: &Loaded<Somebody>) -> Result<Shown, Problem> {
    let (person, database) = (&somebody.person, somebody.database());
    let tenures = grants::history(&database, person.id).await?;
    let closures = closures::of_person(&database, person.id).await?;
    let names = Names::of(&database, &actors(&tenures, &closures)).await?;
    let employer = match person.employer {
        Some(OrganisationId(id)) => organisations::by_id(&database, OrganisationId(id)).await?.map(|one| one.name),
        None => None,
    };
    let mut roles = Vec::new();
    for tenure in tenures {
        let place = place_label(&somebody.app, tenure.scope).await?;
        roles.push(held(tenure, place, &names));
    }
    let mut signs_in_by = Vec::new();
    if people::has_password(&database, person.id).await? {
        signs_in_by.push("password");
    }
    if !passkeys::of_person(&database, person.id).await?.is_empty() {
        signs_in_by.push("passkey");
    }
    if !identities::of_person(&database, person.id).await?.is_empty() {
        signs_in_by.push("the organisation's sign-in");
    }
    Ok(Shown {
        id: person.id.to_string(),
        name: person.name.clone(),
        email: person.email.clone(),
        employer,
        is_illustrative: person.is_illustrative,
        is_closed: somebody.is_closed,
        signs_in_by,
        open_sessions: sessions::of(&database, person.id, None, somebody.now()).await?.len(),
        roles,
        closures: closures.into_iter().map(|one| closed(one, &names)).collect(),
    })
}

fn actors<'a>(tenures: &'a [Tenure], closures: &'a [Closure]) -> Vec<&'a str> {
    let of_roles = tenures.iter().flat_map(|one| [Some(one.given_by.as_str()), one.ended_by.as_deref()]);
    let of_closures = closures.iter().flat_map(|one| [Some(one.closed_by.as_str()), one.reopened_by.as_deref()]);
    of_roles.chain(of_closures).flatten().collect()
}

fn held(tenure: Tenure, place: String, names: &Names) -> Held {
    Held {
        appointment: tenure.id.to_string(),
        role: tenure.role.key(),
        label: tenure.role.label(),
        scope_kind: tenure.scope.kind(),
        place,
        given_at: iso(tenure.given_at),
        given_by: names.get(&tenure.given_by).to_owned(),
        ended_at: tenure.ended_at.map(iso),
        ended_by: tenure.ended_by.map(|actor| names.get(&actor).to_owned()),
        ended_reason: tenure.ended_reason,
    }
}

fn closed(closure: Closure, names: &Names) -> Closed {
    Closed {
        closed_at: iso(closure.closed_at),
        closed_by: names.get(&closure.closed_by).to_owned(),
        reason: closure.reason,
        reopened_at: closure.reopened_at.map(iso),
        reopened_by: closure.reopened_by.map(|actor| names.get(&actor).to_owned()),
        reopened_reason: closure.reopened_reason,
    }
}

/// A moment of the machine twin, as people read it.
fn when(moment: &str) -> String {
    moment.parse().map_or_else(|_| moment.to_owned(), on_page)
}

fn view(somebody: &Loaded<Somebody>, shown: &Shown, reason: &str, errors: &Errors) -> Markup {
    let (now, before): (Vec<&Held>, Vec<&Held>) = shown.roles.iter().partition(|one| one.ended_at.is_none());
    let path = somebody.path();
    html! {
        (error_summary(errors))
        h1 {
            (shown.name) (illustrative(shown.is_illustrative))
            @if shown.is_closed { " " (Tag::new("Account closed").colour(TagColour::Grey)) }
        }
        (SummaryList::new([
            SummaryRow::new("E-mail address", shown.email.as_str()),
            SummaryRow::new("Works at", shown.employer.as_deref().unwrap_or("Not stated")),
            SummaryRow::new("Signs in by", signs_in_words(&shown.signs_in_by)),
            SummaryRow::new("Signed in now", sessions_words(shown.open_sessions)),
        ]))
        h2 { "Roles held now" }
        @if now.is_empty() { p { "None." } } @else {
            (Table::new("Roles held now")
                .head(["Role", "Where", "Since", "Given by", "Change"])
                .responsive(true)
                .rows(now.iter().map(|one| vec![
                    Cell::new(one.label),
                    Cell::new(one.place.as_str()),
                    Cell::new(when(&one.given_at)),
                    Cell::new(one.given_by.as_str()),
                    Cell::new(html! {
                        a href={ "/appointments/" (one.appointment) } { "End" span.nhsuk-u-visually-hidden { " " (one.label) ", " (one.place) } }
                    }),
                ])))
        }
        @if somebody.may("person.appoint") && !shown.is_closed {
            (Button::link("Give a role", format!("{path}/roles/new")).secondary())
        }
        @if !before.is_empty() {
            h2 { "Roles held before" }
            (DescriptionTimeline::new(before.iter().map(|one| ended(one))))
        }
        h2 { "The account" }
        @if !shown.closures.is_empty() { (DescriptionTimeline::new(shown.closures.iter().flat_map(entries))) }
        (account_forms(somebody, shown, reason, errors, &path))
    }
}

fn signs_in_words(ways: &[&str]) -> String {
    if ways.is_empty() { "Nothing yet: they can choose a password by letter".to_owned() } else { ways.join(", ") }
}

fn sessions_words(open: usize) -> String {
    match open {
        0 => "Nowhere".to_owned(),
        1 => "In one browser".to_owned(),
        many => format!("In {many} browsers"),
    }
}

fn ended(one: &Held) -> TimelineEntry {
    let at = one.ended_at.as_deref().unwrap_or_default();
    let what = format!("{}, {}: held from {}, given by {}", one.label, one.place, when(&one.given_at), one.given_by);
    TimelineEntry::new(when(at), what)
        .datetime(at)
        .by(one.ended_by.as_deref().unwrap_or("somebody"))
        .because(one.ended_reason.as_deref().unwrap_or_default())
}

fn entries(one: &Closed) -> Vec<TimelineEntry> {
    let mut entries = Vec::new();
    if let (Some(at), Some(by)) = (&one.reopened_at, &one.reopened_by) {
        let reason = one.reopened_reason.as_deref().unwrap_or_default();
        entries.push(TimelineEntry::new(when(at), "Opened again").datetime(at).by(by).because(reason));
    }
    let closed = TimelineEntry::new(when(&one.closed_at), "Closed").datetime(&one.closed_at);
    entries.push(closed.by(&one.closed_by).because(&one.reason));
    entries
}

fn account_forms(somebody: &Loaded<Somebody>, shown: &Shown, reason: &str, errors: &Errors, path: &str) -> Markup {
    let reason_field = |label: &str| {
        Textarea::new("reason", label.to_owned())
            .rows(2)
            .value(reason)
            .hint("It is kept for good. Do not name anybody else in it")
            .error_message(errors.of("reason"))
    };
    html! {
        @if somebody.may("person.signout") && shown.open_sessions > 0 {
            form method="post" action={ (path) "/signing-out" } {
                (Button::new("Sign them out everywhere").secondary())
            }
        }
        @if !somebody.may("person.close") {
            @if somebody.target.facts.get("is_own") == Some(&true) {
                p { "This is your own account: another administrator gives you roles or closes it." }
            }
        } @else if shown.is_closed {
            form method="post" action={ (path) "/reopening" } novalidate {
                (reason_field("Why the account is opened again"))
                (Button::new("Open the account again"))
            }
        } @else {
            (Details::new("Close the account", html! {
                p { "They are signed out everywhere and cannot come in until the account is opened again. Their roles stay, and so does all they did." }
                form method="post" action={ (path) "/closing" } novalidate {
                    (reason_field("Why the account is closed"))
                    (Button::new("Close the account").warning())
                }
            }).open(errors.of("reason").is_some()))
        }
    }
}
