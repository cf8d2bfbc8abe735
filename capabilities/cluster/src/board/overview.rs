//! `/clusters/{cluster}/board`: the bodies with their members, what is next, what is overdue, and the way to everything else.

use axum::extract::Path;
use hiec_access::people;
use hiec_kernel::Problem;
use hiec_kernel::clock::{london_date, on_page};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Details, Input as TextInput, Table, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::BoardDesk;
use super::meeting_actions;
use super::records::{self, Deed};
use super::rules::{BodyKind, Capacity};
use super::states::MeetingState;
use super::store::{self, Body, Meeting, Member};
use crate::desk::{
    Colleague, choice, colleague_items, colleagues, day, heading, line_field, on_this_page, page_of, person_of, summary,
};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct BodyForm {
    /// `board`, `forum` or `annual_meeting`.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
    /// What it is for and may decide.
    #[serde(default)]
    terms: String,
    #[serde(default)]
    quorum: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct SeatForm {
    #[serde(default)]
    person: String,
    /// `chair`, `member`, `patient` or `attends`.
    #[serde(default)]
    capacity: String,
    #[serde(default)]
    since: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct SeatEndForm {
    #[serde(default)]
    person: String,
    #[serde(default)]
    until: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    bodies: &'a [(Body, Vec<Member>)],
    meetings: Vec<MeetingLine>,
    next: Option<String>,
    overdue: Vec<&'a Deed>,
    reviews_due: Vec<i64>,
}

#[derive(Serialize)]
struct MeetingLine {
    body: String,
    title: String,
    starts_at: hiec_kernel::Timestamp,
    state: &'static str,
    path: String,
}

impl MeetingLine {
    fn of(desk: &Loaded<BoardDesk>, meeting: &Meeting) -> Self {
        Self {
            body: meeting.body.name.clone(),
            title: meeting.title(),
            starts_at: meeting.starts_at,
            state: meeting.state.name(),
            path: meeting.path(&desk.cluster),
        }
    }
}

pub async fn get(desk: Loaded<BoardDesk>) -> Answer {
    Ok(page(&desk, &BodyForm::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<BoardDesk>, typed: &BodyForm, errors: &Errors) -> Result<Page, Problem> {
    let database = desk.database();
    let today = london_date(desk.now());
    let mut bodies = Vec::new();
    for body in store::bodies(&database, desk.cluster.id).await? {
        let members = store::sitting(&database, body.id, today).await?;
        bodies.push((body, members));
    }
    let meetings = store::meetings(&database, desk.cluster.id).await?;
    let deeds = records::deeds(&database, desk.cluster.id).await?;
    let overdue: Vec<&Deed> = deeds.iter().filter(|deed| deed.is_overdue(today)).collect();
    let decisions = records::decisions(&database, desk.cluster.id).await?;
    let reviews_due: Vec<i64> = decisions
        .iter()
        .filter(|one| one.reviewed_at.is_none() && one.review_on <= today)
        .map(|one| one.number)
        .collect();
    let may = desk.may("board.prepare");
    let people = if may { colleagues(&database, &desk.cluster).await? } else { vec![] };
    let next =
        meetings.iter().filter(|one| one.state.is_ahead() && one.ends_at > desk.now()).min_by_key(|one| one.starts_at);
    let path = format!("{}/board", desk.cluster.path());
    let parts = std::iter::once(("meetings".to_owned(), "Meetings".to_owned()))
        .chain(bodies.iter().map(|(body, _)| (format!("body-{}", body.id), body.name.clone())))
        .chain(may.then(|| ("set-up".to_owned(), "Set up a body".to_owned())));
    let view = html! {
        (summary(errors))
        (heading(desk, "Governance"))
        @match next {
            Some(meeting) => p.nhsuk-lede-text {
                "Next: " a href=(meeting.path(&desk.cluster)) { (meeting.title()) } ", " (on_page(meeting.starts_at)) ", " (meeting.place) "."
            },
            None => p { "No meeting is planned." @if may { " " a href={ (path) "/meetings/new" } { "Plan one" } "." } }
        }
        ul {
            li { a href={ (path) "/decisions" } { "Decisions" } @if !reviews_due.is_empty() { " " (Tag::new(format!("{} to be looked at again", reviews_due.len())).colour(TagColour::Orange)) } }
            li { a href={ (path) "/actions" } { "Actions" } @if !overdue.is_empty() { " " (Tag::new(format!("{} overdue", overdue.len())).colour(TagColour::Red)) } }
            li { a href={ (path) "/interests" } { "Interests" } }
            li { a href={ (path) "/said" } { "You said, we did" } }
            li { a href={ (desk.cluster.path()) "/risks" } { "Risks" } }
            li { a href={ (desk.cluster.path()) "/responsibilities" } { "Who does what" } }
        }
        (on_this_page(parts))
        h2 #meetings { "Meetings" }
        (meetings_table(desk, &meetings))
        @if may { (Button::link("Plan a meeting", format!("{path}/meetings/new")).secondary()) }
        @for (body, members) in &bodies {
            h2 id={ "body-" (body.id) } { (body.name) }
            p { (body.terms) " Quorum: " (body.quorum) "." }
            (members_table(members))
            @if may { (seat_forms(&path, body, members, &people, &today.to_string())) }
        }
        @if bodies.is_empty() { (EmptyState::new("No body has been set up. A cluster has at least a board; most have a forum of partners and an annual meeting.")) }
        @if may { (body_form(&path, typed, errors)) }
    };
    let lines = meetings.iter().map(|one| MeetingLine::of(desk, one)).collect();
    let shown = Shown { bodies: &bodies, meetings: lines, next: next.map(Meeting::title), overdue, reviews_due };
    Ok(page_of(&desk.cluster, "Governance", view).data(&shown)?.wide())
}

pub(super) fn state_tag(state: &MeetingState) -> Tag {
    Tag::new(state.label()).colour(match state {
        MeetingState::Planned(_) => TagColour::White,
        MeetingState::PapersOut(_) => TagColour::Blue,
        MeetingState::Held(_) => TagColour::Yellow,
        MeetingState::Signed(_) => TagColour::Green,
        MeetingState::Cancelled(_) => TagColour::Grey,
    })
}

fn meetings_table(desk: &Loaded<BoardDesk>, meetings: &[Meeting]) -> Markup {
    html! {
        @if meetings.is_empty() {
            (EmptyState::new("No meeting has been planned yet."))
        } @else {
            (Table::new("Meetings, the latest first")
                .head(["Meeting", "When", "Where", "Stands"])
                .responsive(true)
                .rows(meetings.iter().map(|one| vec![
                    Cell::link(one.title(), one.path(&desk.cluster)),
                    Cell::new(on_page(one.starts_at)),
                    Cell::new(one.place.as_str()),
                    Cell::new(html! { (state_tag(&one.state)) }),
                ])))
        }
    }
}

fn members_table(members: &[Member]) -> Markup {
    html! {
        @if members.is_empty() {
            (EmptyState::new("Nobody sits here yet."))
        } @else {
            (Table::new("Who sits here")
                .head([Column::new("Name"), Column::new("As"), Column::new("Since")])
                .responsive(true)
                .rows(members.iter().map(|one| vec![
                    Cell::new(one.name.as_str()),
                    Cell::new(one.capacity.label()),
                    Cell::new(hiec_kernel::clock::day_on_page(one.since)),
                ])))
        }
    }
}

fn seat_forms(path: &str, body: &Body, members: &[Member], people: &[Colleague], today: &str) -> Markup {
    let id = |name: &str| format!("{name}-{}", body.id);
    let none = Errors::none();
    let capacities = Capacity::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let sitting = members.iter().map(|one| (one.person.to_string(), one.name.clone()));
    html! {
        (Details::new(format!("Change who sits in {}", body.name), html! {
            form method="post" action={ (path) "/bodies/" (body.id) "/seats" } novalidate {
                (choice("person", "Who takes a seat", colleague_items(people), "", &none).id(id("person")))
                (choice("capacity", "As", capacities, "", &none).id(id("capacity")))
                (TextInput::new("since", "Since").kind("date").width(10).value(today).id(id("since")))
                (Button::new("Seat them").secondary())
            }
            @if !members.is_empty() {
                form method="post" action={ (path) "/bodies/" (body.id) "/seats/end" } novalidate {
                    (choice("person", "Whose seat ends", sitting, "", &none).id(id("leaver")))
                    (TextInput::new("until", "From").kind("date").width(10).value(today).id(id("until")))
                    (Button::new("End the seat").secondary())
                }
            }
        }))
    }
}

fn body_form(path: &str, typed: &BodyForm, errors: &Errors) -> Markup {
    let kinds = BodyKind::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    html! {
        h2 #set-up { "Set up a body" }
        form method="post" action={ (path) "/bodies" } novalidate {
            (choice("kind", "Kind", kinds, &typed.kind, errors))
            (line_field("name", "Name", &typed.name, errors))
            (Textarea::new("terms", "What it is for and may decide").rows(3_u16).value(typed.terms.as_str()).error_message(errors.of("terms").unwrap_or_default()))
            (TextInput::new("quorum", "Quorum: how many must be there to decide").number().value(typed.quorum.as_str()).error_message(errors.of("quorum").unwrap_or_default()))
            (Button::new("Set it up"))
        }
    }
}

pub async fn open(desk: Loaded<BoardDesk>, Input(typed): Input<BodyForm>) -> Answer {
    let mut errors = Errors::none();
    let kind = BodyKind::from_key(typed.kind.trim());
    if kind.is_none() {
        errors.add("kind", "Choose what kind of body it is");
    }
    let name = errors.text("name", "the name", &typed.name, 100);
    let terms = errors.text("terms", "what it is for", &typed.terms, 1000);
    let quorum = typed.quorum.trim().parse::<i64>().ok().filter(|quorum| (1..=200).contains(quorum));
    if quorum.is_none() {
        errors.add("quorum", "Enter how many must be there, 1 to 200");
    }
    let (Some(kind), Some(name), Some(terms), Some(quorum)) = (kind, name, terms, quorum) else {
        return Ok(page(&desk, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    meeting_actions::open_body(&mut unit, &desk.cluster, kind, &name, &terms, quorum).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/board", desk.cluster.path())).saying("The body was set up.").into())
}

async fn find(desk: &Loaded<BoardDesk>, id: Uuid) -> Result<Body, Problem> {
    let bodies = store::bodies(&desk.database(), desk.cluster.id).await?;
    bodies.into_iter().find(|body| body.id == id).ok_or_else(Problem::not_found)
}

pub async fn seat(
    desk: Loaded<BoardDesk>,
    Path((_, body)): Path<(String, Uuid)>,
    Input(typed): Input<SeatForm>,
) -> Answer {
    let body = find(&desk, body).await?;
    let people = colleagues(&desk.database(), &desk.cluster).await?;
    let mut errors = Errors::none();
    let field = |name: &str| format!("{name}-{}", body.id);
    let person =
        person_of(&mut errors, &field("person"), "somebody with a role in the cluster", &typed.person, &people);
    let capacity = Capacity::from_key(typed.capacity.trim());
    if capacity.is_none() {
        errors.add(field("capacity"), "Choose what they are there");
    }
    let since = day(&mut errors, &field("since"), "the day their seat begins", &typed.since);
    let (Some(person), Some(capacity), Some(since)) = (person, capacity, since) else {
        return Ok(page(&desk, &BodyForm::default(), &errors).await?.with_errors(&errors).into());
    };
    let person = people::by_id(&desk.database(), person).await?.ok_or_else(Problem::not_found)?;
    let mut unit = desk.begin().await?;
    meeting_actions::seat(&mut unit, &desk.cluster, &body, &person, capacity, since).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/board", desk.cluster.path())).saying("They have a seat.").into())
}

pub async fn unseat(
    desk: Loaded<BoardDesk>,
    Path((_, body)): Path<(String, Uuid)>,
    Input(typed): Input<SeatEndForm>,
) -> Answer {
    let body = find(&desk, body).await?;
    let mut errors = Errors::none();
    let members = store::members(&desk.database(), body.id).await?;
    let person = members.iter().map(|one| one.person).find(|id| id.to_string() == typed.person.trim());
    if person.is_none() {
        errors.add(format!("leaver-{}", body.id), "Choose whose seat ends");
    }
    let until = day(&mut errors, &format!("until-{}", body.id), "the first day without them", &typed.until);
    let (Some(person), Some(until)) = (person, until) else {
        return Ok(page(&desk, &BodyForm::default(), &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    meeting_actions::unseat(&mut unit, &desk.cluster, &body, person, until).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/board", desk.cluster.path())).saying("The seat has ended.").into())
}
