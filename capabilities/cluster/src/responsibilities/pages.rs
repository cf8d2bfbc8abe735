//! `/clusters/{cluster}/responsibilities`: who is responsible, accountable, consulted and informed, task by task.

use std::collections::BTreeMap;

use axum::extract::Path;
use hiec_files::table::{self, Column as SheetColumn, Table as Sheet};
use hiec_kernel::Problem;
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Select, SelectItem, Table};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ResponsibilityDesk;
use super::rules::{Fault, Part, Parts, Party};
use super::store::{self, Task};
use crate::clusters::store::Cluster;
use crate::desk::{self, heading, line_field, page_of, summary};

/// Parts in a task were set.
#[derive(Serialize)]
struct ResponsibilitySet {
    what: String,
    before: Option<Parts>,
    after: Parts,
}

impl AuditEvent for ResponsibilitySet {
    const KIND: &'static str = "responsibility.set";
}

/// Adds a task with its parts.
pub(crate) async fn add(unit: &mut Unit, cluster: &Cluster, what: &str, parts: &Parts) -> Result<(), Problem> {
    if store::of_cluster(unit, cluster.id).await?.iter().any(|task| task.what == what) {
        return Err(Problem::conflict("This task is in the list already", "Change its parts there."));
    }
    let id = store::insert(unit, cluster.id, what, parts).await?;
    let event = ResponsibilitySet { what: what.to_owned(), before: None, after: parts.clone() };
    unit.audit(cluster.stream(), format!("responsibility:{id}"), &event)?;
    Ok(())
}

async fn change(unit: &mut Unit, cluster: &Cluster, task: &Task, parts: &Parts) -> Result<(), Problem> {
    store::save(unit, task, parts).await?;
    let event = ResponsibilitySet { what: task.what.clone(), before: Some(task.parts.clone()), after: parts.clone() };
    unit.audit(cluster.stream(), format!("responsibility:{}", task.id), &event)?;
    Ok(())
}

/// A task and, by party, its part: `A`, `AR`, `R`, `C`, `I` or nothing.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "names the fields for the OpenAPI document; the form is read field by field")]
pub struct Form {
    what: String,
    board: String,
    chair: String,
    director: String,
    facilitators: String,
    clinical_lead: String,
    sites: String,
    patients: String,
    lead: String,
    region: String,
}

pub async fn get(desk: Loaded<ResponsibilityDesk>) -> Answer {
    Ok(page(&desk, &Fields::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<ResponsibilityDesk>, typed: &Fields, errors: &Errors) -> Result<Page, Problem> {
    let tasks = store::of_cluster(&desk.database(), desk.cluster.id).await?;
    let may = desk.may("responsibility.change");
    let path = format!("{}/responsibilities", desk.cluster.path());
    let view = html! {
        (summary(errors))
        (heading(desk, "Who does what"))
        p { "A: accountable, exactly one for each task. R: responsible, does it. AR: both. C: consulted. I: informed." }
        @if tasks.is_empty() {
            (EmptyState::new("No task has been written down. Begin with those over which people have quarrelled elsewhere: signing the return, agreeing a measure, spending."))
        } @else {
            (table(&tasks, &path, may))
            (Downloads::new([("Who does what as CSV", format!("{path}.csv")), ("Who does what as XLSX", format!("{path}.xlsx"))]))
        }
        @if may {
            h2 { "Add a task" }
            form method="post" novalidate {
                (line_field("what", "Task", typed.get("what").unwrap_or_default(), errors))
                (parts_fields(|party| typed.get(party.key()).unwrap_or_default().to_owned(), errors))
                (Button::new("Add it"))
            }
        }
    };
    Ok(page_of(&desk.cluster, "Who does what", view).data(&tasks)?.wide())
}

fn table(tasks: &[Task], path: &str, may: bool) -> Table {
    let mut head = vec![Column::new("Task")];
    head.extend(Party::ALL.iter().map(|party| Column::new(party.label())));
    Table::new("Who does what").head(head).responsive(true).first_cell_is_header(true).rows(tasks.iter().map(|task| {
        let mut row = vec![if may {
            Cell::link(task.what.as_str(), format!("{path}/{}", task.id))
        } else {
            Cell::new(task.what.as_str())
        }];
        row.extend(Party::ALL.iter().map(|party| match task.parts.of(*party) {
            Some(part) => Cell::new(html! { abbr title=(part.label()) { (part.key()) } }),
            None => Cell::new("–"),
        }));
        row
    }))
}

fn parts_fields(typed: impl Fn(Party) -> String, errors: &Errors) -> Markup {
    html! {
        @for party in Party::ALL {
            (Select::new(party.key(), party.label())
                .items(std::iter::once(SelectItem::new("", "No part")).chain(Part::ALL.iter().map(|part| SelectItem::new(part.key(), part.label()))))
                .value(typed(*party))
                .error_message(errors.of(party.key()).unwrap_or_default()))
        }
    }
}

/// The parts a form gives, or the errors beside the parties they are about.
fn read(fields: &Fields, errors: &mut Errors) -> Option<Parts> {
    let mut parts: BTreeMap<Party, Part> = BTreeMap::new();
    for party in Party::ALL {
        let typed = fields.get(party.key()).unwrap_or_default().trim();
        match Part::from_key(typed) {
            Some(part) => {
                parts.insert(*party, part);
            }
            None if typed.is_empty() => {}
            None => errors.add(party.key(), "Choose one of the parts, or none"),
        }
    }
    match Parts::new(parts) {
        Ok(parts) => Some(parts).filter(|_| errors.is_empty()),
        Err(fault) => {
            let field = match &fault {
                Fault::SeveralAccountable(parties) => parties.last().copied(),
                Fault::NobodyAccountable | Fault::NobodyResponsible => None,
            };
            errors.add(field.unwrap_or(Party::Board).key(), fault.to_string());
            None
        }
    }
}

pub async fn post(desk: Loaded<ResponsibilityDesk>, fields: Fields) -> Answer {
    let mut errors = Errors::none();
    let what = errors.text("what", "the task", fields.get("what").unwrap_or_default(), 150);
    let parts = read(&fields, &mut errors);
    let (Some(what), Some(parts)) = (what, parts) else {
        return Ok(page(&desk, &fields, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    add(&mut unit, &desk.cluster, &what, &parts).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/responsibilities", desk.cluster.path())).saying("The task was added.").into())
}

async fn find(desk: &Loaded<ResponsibilityDesk>, id: Uuid) -> Result<Task, Problem> {
    let tasks = store::of_cluster(&desk.database(), desk.cluster.id).await?;
    tasks.into_iter().find(|task| task.id == id).ok_or_else(Problem::not_found)
}

fn task_page(
    desk: &Loaded<ResponsibilityDesk>,
    task: &Task,
    typed: Option<&Fields>,
    errors: &Errors,
) -> Result<Page, Problem> {
    let value = |party: Party| match typed {
        Some(fields) => fields.get(party.key()).unwrap_or_default().to_owned(),
        None => task.parts.of(party).map(|part| part.key().to_owned()).unwrap_or_default(),
    };
    let view = html! {
        (summary(errors))
        (heading(desk, &task.what))
        form method="post" novalidate {
            (parts_fields(value, errors))
            (Button::new("Change it"))
        }
    };
    let page = page_of(&desk.cluster, task.what.clone(), view);
    page.under(format!("{}/responsibilities", desk.cluster.path()), "Who does what").data(task)
}

pub async fn show(desk: Loaded<ResponsibilityDesk>, Path((_, id)): Path<(String, Uuid)>) -> Answer {
    let task = find(&desk, id).await?;
    Ok(task_page(&desk, &task, None, &Errors::none())?.into())
}

pub async fn edit(desk: Loaded<ResponsibilityDesk>, Path((_, id)): Path<(String, Uuid)>, fields: Fields) -> Answer {
    let task = find(&desk, id).await?;
    let mut errors = Errors::none();
    let Some(parts) = read(&fields, &mut errors) else {
        return Ok(task_page(&desk, &task, Some(&fields), &errors)?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    change(&mut unit, &desk.cluster, &task, &parts).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/responsibilities", desk.cluster.path())).saying("The parts were changed.").into())
}

pub async fn csv(desk: Loaded<ResponsibilityDesk>) -> Answer {
    Ok(desk::csv(&format!("{}-responsibilities", desk.cluster.key), &listed(&desk).await?))
}

pub async fn xlsx(desk: Loaded<ResponsibilityDesk>) -> Answer {
    Ok(desk::xlsx(&format!("{}-responsibilities", desk.cluster.key), &[&listed(&desk).await?], desk.now())?)
}

/// The list to take away.
async fn listed(desk: &Loaded<ResponsibilityDesk>) -> Result<Sheet, Problem> {
    let tasks = store::of_cluster(&desk.database(), desk.cluster.id).await?;
    let mut columns = vec![SheetColumn::new("task", "What is to be done")];
    columns.extend(
        Party::ALL.iter().map(|party| SheetColumn::new(party.key(), format!("The part of: {}", party.label()))),
    );
    let mut sheet = Sheet::new("responsibilities", columns);
    for task in tasks {
        let mut row = vec![table::Cell::from(task.what.as_str())];
        row.extend(Party::ALL.iter().map(|party| table::Cell::from(task.parts.of(*party).map(Part::key))));
        sheet.push(row);
    }
    Ok(sheet)
}
