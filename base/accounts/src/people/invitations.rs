//! `/people/invitations`: letters that wait for an answer, and whom one may see in office; an invitation is withdrawn by whoever may give its role.

use axum::extract::Path;
use hiec_access::invitations::{self, Invited};
use hiec_access::links::{self, Link, Purpose};
use hiec_access::places::{AllPlaces, Place};
use hiec_access::{grants, people};
use hiec_kernel::clock::{iso, on_page};
use hiec_kernel::{Problem, Role};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Table};
use hiec_web::{Answer, Done, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::choice::may_give;
use super::{Appointing, role_words};
use crate::names::Names;

/// Shown at most of each.
const MOST: i64 = 200;

#[derive(Serialize)]
struct Waiting {
    invitation: String,
    name: String,
    email: String,
    role: String,
    sent_at: String,
    until: String,
    sent_by: String,
}

#[derive(Serialize)]
struct InOffice {
    appointment: String,
    name: String,
    role: String,
    since: String,
}

pub async fn get(desk: Loaded<Appointing>) -> Answer {
    let waiting = waiting(&desk).await?;
    let in_office = in_office(&desk).await?;
    let data = json!({ "invitations": waiting, "appointments": in_office });
    Ok(Page::new("Invitations and appointments", view(&waiting, &in_office)).data(&data)?.wide().into())
}

/// The open invitations this person could have sent.
async fn waiting(desk: &Loaded<Appointing>) -> Result<Vec<Waiting>, Problem> {
    let database = desk.database();
    let mut waiting = Vec::new();
    for link in links::open(&database, Purpose::Invitation, desk.now(), MOST).await? {
        let Some((invited, place)) = theirs(desk, &link).await? else {
            continue;
        };
        let actor = format!("person:{}", invited.by);
        let names = Names::of(&database, &[actor.as_str()]).await?;
        waiting.push(Waiting {
            invitation: link.id.to_string(),
            role: role_words(invited.role, invited.scope, &place.label),
            name: invited.name,
            email: link.email,
            sent_at: iso(link.created_at),
            until: iso(link.ends_at),
            sent_by: names.get(&actor).to_owned(),
        });
    }
    Ok(waiting)
}

/// What an invitation is for, where this person may give it.
async fn theirs(desk: &Loaded<Appointing>, link: &Link) -> Result<Option<(Invited, Place)>, Problem> {
    let Ok(invited) = serde_json::from_value::<Invited>(link.payload.clone()) else {
        return Ok(None);
    };
    let named = desk.app.service::<AllPlaces>()?.named(&desk.database(), invited.scope).await?;
    Ok(named
        .filter(|place| may_give(&desk.app, &desk.subject, invited.role, place, false))
        .map(|place| (invited, place)))
}

/// Who holds roles this person may give, newest first.
async fn in_office(desk: &Loaded<Appointing>) -> Result<Vec<InOffice>, Problem> {
    let (database, places) = (desk.database(), desk.app.service::<AllPlaces>()?);
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| !role.appointed_in().is_empty()).collect();
    let mut in_office = Vec::new();
    for (holder, tenure) in grants::holding(&database, &roles, MOST).await? {
        let Some(place) = places.named(&database, tenure.scope).await? else {
            continue;
        };
        if !may_give(&desk.app, &desk.subject, tenure.role, &place, false) {
            continue;
        }
        let person = people::by_id(&database, holder).await?;
        in_office.push(InOffice {
            appointment: tenure.id.to_string(),
            name: person.map_or_else(|| "somebody".to_owned(), |person| person.name),
            role: role_words(tenure.role, tenure.scope, &place.label),
            since: iso(tenure.given_at),
        });
    }
    Ok(in_office)
}

/// A moment of the machine twin, as people read it.
fn when(moment: &str) -> String {
    moment.parse().map_or_else(|_| moment.to_owned(), on_page)
}

fn view(waiting: &[Waiting], in_office: &[InOffice]) -> Markup {
    html! {
        h1 { "Invitations and appointments" }
        (Button::link("Invite somebody", "/people/invitations/new"))
        h2 { "Letters that wait for an answer" }
        @if waiting.is_empty() { (EmptyState::new("None is open.")) } @else {
            (Table::new("Letters that wait for an answer")
                .head(["Name", "E-mail address", "Role", "Sent", "Open until", "Change"])
                .responsive(true)
                .rows(waiting.iter().map(|one| vec![
                    Cell::new(one.name.as_str()),
                    Cell::new(one.email.as_str()),
                    Cell::new(one.role.as_str()),
                    Cell::new(format!("{}, by {}", when(&one.sent_at), one.sent_by)),
                    Cell::new(when(&one.until)),
                    Cell::new(html! {
                        form method="post" action={ "/people/invitations/" (one.invitation) "/withdrawal" } {
                            (Button::new(html! { "Withdraw" span.nhsuk-u-visually-hidden { " the invitation to " (one.name) } }).secondary().small(true))
                        }
                    }),
                ])))
        }
        h2 { "In office" }
        p { "Those who hold a role you could give, the latest first." }
        @if in_office.is_empty() { (EmptyState::new("Nobody yet.").action("Invite somebody", "/people/invitations/new")) } @else {
            (Table::new("In office")
                .head(["Name", "Role", "Since", "Change"])
                .responsive(true)
                .rows(in_office.iter().map(|one| vec![
                    Cell::new(one.name.as_str()),
                    Cell::new(one.role.as_str()),
                    Cell::new(when(&one.since)),
                    Cell::new(html! { a href={ "/appointments/" (one.appointment) } { "End" span.nhsuk-u-visually-hidden { " " (one.name) ": " (one.role) } } }),
                ])))
        }
    }
}

pub async fn withdraw(desk: Loaded<Appointing>, Path(invitation): Path<Uuid>) -> Answer {
    let link = links::by_id(&desk.database(), Purpose::Invitation, invitation, desk.now()).await?.ok_or_else(gone)?;
    let (invited, _) = theirs(&desk, &link).await?.ok_or_else(Problem::not_found)?;
    let mut unit = desk.begin().await?;
    if !invitations::withdraw(&mut unit, invitation, &invited).await? {
        return Err(gone().into());
    }
    unit.commit().await?;
    Ok(Done::to("/people/invitations").saying("The invitation is withdrawn: its link leads nowhere.").into())
}

fn gone() -> Problem {
    Problem::conflict(
        "This invitation is no longer open",
        "It was answered, withdrawn, or its time is over. Look at the list.",
    )
}
