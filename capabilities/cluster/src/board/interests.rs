//! `/clusters/{cluster}/board/interests`: everybody declares their own; what stands is pulled at every item it touches, and what has ended stays in sight.

use axum::extract::Path;
use hiec_files::table::{self, Table as Sheet};
use hiec_kernel::clock::on_page;
use hiec_kernel::{PersonId, Problem};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::BoardDesk;
use super::meeting::NothingForm;
use super::record_actions;
use super::records::{self, Interest};
use super::rules::Declared;
use crate::desk::{
    self, choice, colleague_items, colleagues, heading, line_field, page_of, partner_items, partner_of, person_of,
    summary,
};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The organisation it is in.
    #[serde(default)]
    organisation: String,
    /// Or the person it is in.
    #[serde(default)]
    about: String,
    #[serde(default)]
    what: String,
}

pub async fn get(desk: Loaded<BoardDesk>) -> Answer {
    Ok(page(&desk, &Form::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<BoardDesk>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let database = desk.database();
    let interests = records::interests(&database, desk.cluster.id).await?;
    let person = desk.subject.person.as_ref().map(|person| person.id.0);
    let may = desk.may("board.declare");
    let path = format!("{}/board/interests", desk.cluster.path());
    let form = if may {
        let partners = desk::partners(&database, &desk.cluster).await?;
        let people = colleagues(&database, &desk.cluster).await?;
        html! {
            h2 { "Declare an interest" }
            form method="post" novalidate {
                (choice("organisation", "In an organisation", partner_items(&partners), &typed.organisation, errors).hint("Leave open where it is in a person"))
                (choice("about", "Or in a person", colleague_items(&people), &typed.about, errors))
                (line_field("what", "What it is", &typed.what, errors).hint("For example: holds shares; a member of the family works there"))
                (Button::new("Declare it"))
            }
        }
    } else {
        html! {}
    };
    let view = html! {
        (summary(errors))
        (heading(desk, "Interests"))
        p { "Who has an interest in what an item touches stands aside for it. Where somebody works counts without being declared." }
        @if interests.is_empty() { (EmptyState::new("Nobody has declared an interest.")) }
        @else {
            (Table::new("Interests")
                .head(["Who", "In", "What", "Declared", "Stands"])
                .responsive(true)
                .rows(interests.iter().map(|one| vec![
                    Cell::new(one.person.as_str()),
                    Cell::new(one.organisation.as_deref().or(one.about.as_deref()).unwrap_or("Something else")),
                    Cell::new(one.what.as_str()),
                    Cell::new(on_page(one.declared_at)),
                    Cell::new(standing(one, &path, may && person == Some(one.person_id))),
                ])))
            (Downloads::new([("Interests as CSV", format!("{path}.csv")), ("Interests as XLSX", format!("{path}.xlsx"))]))
        }
        (form)
    };
    Ok(page_of(&desk.cluster, "Interests", view)
        .under(format!("{}/board", desk.cluster.path()), "Governance")
        .data(&interests)?
        .wide())
}

fn standing(one: &Interest, path: &str, is_own: bool) -> Markup {
    html! {
        @match one.ended_at {
            Some(at) => { "Ended " (on_page(at)) }
            None => {
                "Yes"
                @if is_own {
                    form method="post" action={ (path) "/" (one.id) "/end" } { (Button::new("It has ended").secondary()) }
                }
            }
        }
    }
}

pub async fn declare(desk: Loaded<BoardDesk>, Input(typed): Input<Form>) -> Answer {
    let database = desk.database();
    let mut errors = Errors::none();
    let organisation = if typed.organisation.trim().is_empty() {
        None
    } else {
        let partners = desk::partners(&database, &desk.cluster).await?;
        partner_of(&mut errors, "organisation", &typed.organisation, &partners)
    };
    let about: Option<PersonId> = if typed.about.trim().is_empty() {
        None
    } else {
        let people = colleagues(&database, &desk.cluster).await?;
        person_of(&mut errors, "about", "somebody with a role in the cluster", &typed.about, &people)
    };
    if typed.organisation.trim().is_empty() && typed.about.trim().is_empty() {
        errors.add("organisation", "Choose the organisation or the person it is in");
    }
    let what = errors.text("what", "what the interest is", &typed.what, 300);
    let (Some(what), true) = (what, errors.is_empty()) else {
        return Ok(page(&desk, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    let new = Declared { person: desk.person()?.id, organisation, about, what };
    record_actions::declare(&mut unit, &desk.cluster, &new).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/board/interests", desk.cluster.path())).saying("Your interest was declared.").into())
}

pub async fn end(
    desk: Loaded<BoardDesk>,
    Path((_, interest)): Path<(String, Uuid)>,
    Input(_): Input<NothingForm>,
) -> Answer {
    let mut unit = desk.begin().await?;
    record_actions::end_interest(&mut unit, &desk.cluster, desk.person()?.id, interest).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/board/interests", desk.cluster.path())).saying("It was noted as ended.").into())
}

pub async fn csv(desk: Loaded<BoardDesk>) -> Answer {
    Ok(desk::csv(&format!("{}-interests", desk.cluster.key), &listed(&desk).await?))
}

pub async fn xlsx(desk: Loaded<BoardDesk>) -> Answer {
    Ok(desk::xlsx(&format!("{}-interests", desk.cluster.key), &[&listed(&desk).await?], desk.now())?)
}

/// The list to take away.
async fn listed(desk: &Loaded<BoardDesk>) -> Result<Sheet, Problem> {
    let interests = records::interests(&desk.database(), desk.cluster.id).await?;
    let mut sheet = Sheet::with_columns(
        "interests",
        [
            ("person", "Who declared it"),
            ("in", "The organisation or person it is in"),
            ("what", "What it is"),
            ("declared", "When"),
            ("ended", "When it ended"),
        ],
    );
    for one in interests {
        sheet.push([
            table::Cell::from(one.person),
            one.organisation.or(one.about).into(),
            one.what.into(),
            one.declared_at.into(),
            one.ended_at.into(),
        ]);
    }
    Ok(sheet)
}
