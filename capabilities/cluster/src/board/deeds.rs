//! `/clusters/{cluster}/board/actions`: who is to do what by when; what is overdue stands first, and an owner says what is done.

use hiec_access::policy::Target;
use hiec_files::table::{self, Table as Sheet};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Details, Input as TextInput, Table, Tag, TagColour};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Loading, Page, Resource};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::BoardDesk;
use super::record_actions;
use super::records::{self, Deed};
use crate::clusters::store::{self as clusters, Cluster};
use crate::desk::{self, heading, page_of, summary};

/// `/clusters/{cluster}/board/actions/{action}…`: one action; the policies know whether it is the person's own.
#[derive(Clone, Debug)]
pub struct DeedDesk {
    cluster: Cluster,
    deed: Deed,
}

impl Resource for DeedDesk {
    const KIND: &'static str = "deed";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(key), Some(number)) = (loading.text("cluster"), loading.text("action")) else {
            return Ok(None);
        };
        let Some(cluster) = clusters::by_key(&loading.database, key).await? else {
            return Ok(None);
        };
        let deeds = records::deeds(&loading.database, cluster.id).await?;
        let Some(deed) = deeds.into_iter().find(|one| one.number.to_string() == number) else {
            return Ok(None);
        };
        let target = target(&cluster, &deed, loading.subject.person.as_ref().map(|person| person.id.0));
        Ok(Some((Self { cluster, deed }, target)))
    }
}

fn target(cluster: &Cluster, deed: &Deed, person: Option<uuid::Uuid>) -> Target {
    cluster.target("deed").fact("is_own", person == Some(deed.owner_id))
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct DoneForm {
    /// What was done, or where it can be seen.
    #[serde(default)]
    note: String,
}

pub async fn list(desk: Loaded<BoardDesk>) -> Answer {
    let deeds = records::deeds(&desk.database(), desk.cluster.id).await?;
    let today = london_date(desk.now());
    let person = desk.subject.person.as_ref().map(|person| person.id.0);
    let path = format!("{}/board/actions", desk.cluster.path());
    let may = |deed: &Deed| desk.may_with("deed.complete", &target(&desk.cluster, deed, person));
    let view = html! {
        (heading(&desk, "Actions"))
        @if deeds.is_empty() {
            (EmptyState::new("Nobody has been given anything to do yet. Actions are given at a meeting that was held."))
        } @else {
            (Table::new("Actions, those to be done first")
                .head([Column::numeric("No."), Column::new("What"), Column::new("Owner"), Column::new("Due"), Column::new("Stands")])
                .responsive(true)
                .rows(deeds.iter().map(|one| vec![
                    Cell::numeric(one.number),
                    Cell::new(one.what.as_str()),
                    Cell::new(one.owner.as_str()),
                    Cell::new(day_on_page(one.due_on)),
                    Cell::new(standing(one, today, &path, may(one))),
                ])))
            (Downloads::new([("Actions as CSV", format!("{path}.csv")), ("Actions as XLSX", format!("{path}.xlsx"))]))
        }
    };
    Ok(page_of(&desk.cluster, "Actions", view)
        .under(format!("{}/board", desk.cluster.path()), "Governance")
        .data(&deeds)?
        .wide()
        .into())
}

fn standing(one: &Deed, today: chrono::NaiveDate, path: &str, may: bool) -> Markup {
    html! {
        @match (one.done_at, &one.done_note) {
            (Some(at), note) => {
                (Tag::new("Done").colour(TagColour::Green)) " " (on_page(at))
                @if let Some(note) = note { @if !note.is_empty() { ": " (note) } }
            }
            _ => {
                @if one.is_overdue(today) { (Tag::new("Overdue").colour(TagColour::Red)) } @else { (Tag::new("To do").colour(TagColour::White)) }
                @if may { (Details::new("Say that it is done", done_form(one, path, "", &Errors::none()))) }
            }
        }
    }
}

fn done_form(one: &Deed, path: &str, typed: &str, errors: &Errors) -> Markup {
    html! {
        form method="post" action={ (path) "/" (one.number) "/completion" } novalidate {
            (TextInput::new("note", "What was done").id(format!("note-{}", one.number)).value(typed).error_message(errors.of(&format!("note-{}", one.number)).unwrap_or_default()))
            (Button::new("It is done").secondary())
        }
    }
}

pub async fn complete(desk: Loaded<DeedDesk>, Input(form): Input<DoneForm>) -> Answer {
    let (cluster, deed) = (&desk.cluster, &desk.deed);
    let path = format!("{}/board/actions", cluster.path());
    let mut errors = Errors::none();
    let field = format!("note-{}", deed.number);
    let Some(note) = errors.text(&field, "what was done", &form.note, 500) else {
        let title = format!("Action {}", deed.number);
        let view = html! {
            (summary(&errors))
            h1 { span.nhsuk-caption-xl { (cluster.short_name) } (title) }
            p { (deed.what) }
            (done_form(deed, &path, &form.note, &errors))
        };
        let page: Page = page_of(cluster, title, view).under(path, "Actions");
        return Ok(page.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    record_actions::finish(&mut unit, cluster, deed, &note).await?;
    unit.commit().await?;
    Ok(Done::to(path).saying("It was noted as done.").into())
}

pub async fn csv(desk: Loaded<BoardDesk>) -> Answer {
    Ok(desk::csv(&format!("{}-actions", desk.cluster.key), &listed(&desk).await?))
}

pub async fn xlsx(desk: Loaded<BoardDesk>) -> Answer {
    Ok(desk::xlsx(&format!("{}-actions", desk.cluster.key), &[&listed(&desk).await?], desk.now())?)
}

/// The list to take away.
async fn listed(desk: &Loaded<BoardDesk>) -> Result<Sheet, Problem> {
    let deeds = records::deeds(&desk.database(), desk.cluster.id).await?;
    let mut sheet = Sheet::with_columns(
        "actions",
        [
            ("number", "Never used again"),
            ("what", "What is to be done"),
            ("owner", "Who does it"),
            ("due_on", "By when"),
            ("given", "When it was given"),
            ("done", "When it was done"),
            ("note", "What was done"),
        ],
    );
    for one in deeds {
        sheet.push([
            table::Cell::from(one.number),
            one.what.into(),
            one.owner.into(),
            one.due_on.into(),
            one.given_at.into(),
            one.done_at.into(),
            one.done_note.into(),
        ]);
    }
    Ok(sheet)
}
