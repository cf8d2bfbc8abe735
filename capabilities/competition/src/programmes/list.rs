//! `/programmes`: the programmes there are, and founding one: the first step of an installation that is to hold a round.

use hiec_store::{AuditEvent, Stream};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Input as TextInput, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::{self, AllProgrammes, Programme};
use crate::calls::registration::summary;

/// A programme was founded.
#[derive(Serialize)]
struct ProgrammeFounded<'a> {
    programme: Uuid,
    name: &'a str,
    funder: &'a str,
}

impl AuditEvent for ProgrammeFounded<'_> {
    const KIND: &'static str = "programme.founded";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    name: String,
    /// Who pays: `Department of Health`.
    #[serde(default)]
    funder: String,
}

pub async fn get(door: Loaded<AllProgrammes>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none()).await?.into())
}

pub async fn post(door: Loaded<AllProgrammes>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "the name of the programme", &form.name, 200);
    let funder = errors.text("funder", "the funder", &form.funder, 200);
    let mut unit = door.begin().await?;
    let taken = store::all(&unit).await?;
    if name.as_deref().is_some_and(|name| taken.iter().any(|one| one.name.eq_ignore_ascii_case(name))) {
        errors.add("name", "There is a programme of this name already");
    }
    let (Some(name), Some(funder), true) = (name, funder, errors.is_empty()) else {
        drop(unit);
        return Ok(page(&door, &form, &errors).await?.with_errors(&errors).into());
    };
    let id = store::insert(&unit, &name, &funder).await?;
    let event = ProgrammeFounded { programme: id, name: &name, funder: &funder };
    unit.audit(Stream::installation(), format!("programme:{id}"), &event)?;
    unit.commit().await?;
    Ok(Done::made("/programmes")
        .saying(format!("{name} is founded. Appoint its office under People, then prepare a call."))
        .into())
}

async fn page(door: &Loaded<AllProgrammes>, typed: &Form, errors: &Errors) -> Result<Page, hiec_kernel::Problem> {
    let programmes = store::all(&door.database()).await?;
    let view = html! {
        (summary(errors))
        h1 { "Programmes" }
        @if programmes.is_empty() {
            (EmptyState::new("There is no programme yet. Found one, appoint its office, then prepare a call."))
        } @else {
            (table(&programmes))
        }
        @if door.may("programme.found") { (form(typed, errors)) }
    };
    Page::new("Programmes", view).data(&programmes)
}

fn table(programmes: &[Programme]) -> Table {
    Table::new("Programmes")
        .head(["Programme", "Funder"])
        .responsive(true)
        .rows(programmes.iter().map(|one| vec![Cell::new(one.name.as_str()), Cell::new(one.funder.as_str())]))
}

fn form(typed: &Form, errors: &Errors) -> Markup {
    html! {
        h2 { "Found a programme" }
        form method="post" novalidate {
            (TextInput::new("name", "Name of the programme").value(typed.name.as_str()).error_message(errors.of("name").unwrap_or_default()))
            (TextInput::new("funder", "Funder")
                .hint("For example Department of Health")
                .value(typed.funder.as_str())
                .error_message(errors.of("funder").unwrap_or_default()))
            (Button::new("Found the programme"))
        }
    }
}
