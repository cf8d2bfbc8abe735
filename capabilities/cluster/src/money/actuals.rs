//! `/clusters/{cluster}/money/actuals`: what was spent, taken from the host's ledger as a list: uploaded, previewed line by line, taken whole or not at all.

use axum::extract::{Path, Query};
use hiec_files::import::ImportPlan;
use hiec_files::table::{self, Table as Sheet};
use hiec_kernel::clock::day_on_page;
use hiec_kernel::{Fingerprint, Money, Problem};
use hiec_web::components::own::{Downloads, EmptyState, Paging};
use hiec_web::components::{Button, Cell, Column, FileUpload, InsetText, Table};
use hiec_web::uploads::{self, SHOWN, Sent, Upload};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::MoneyDesk;
use super::importing::{self, Booked, ImportError, KNOWN, NEEDED, Preview};
use super::store;
use crate::desk::{self, heading, page_of, summary};

pub(super) const LARGEST: usize = uploads::LARGEST_LIST;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    page: Option<usize>,
}

pub async fn get(desk: Loaded<MoneyDesk>, Query(asked): Query<Asked>) -> Answer {
    let booked = store::actuals(&desk.database(), desk.cluster.id).await?;
    let path = format!("{}/money", desk.cluster.path());
    let paging = Paging::of(asked.page, booked.len());
    let total: Money = booked.iter().map(|one| one.amount).sum();
    let view = html! {
        (heading(&desk, "What was spent"))
        @if desk.may("money.import") { (Button::link("Upload a list", format!("{path}/imports/new"))) }
        @if booked.is_empty() {
            (EmptyState::new("Nothing has been booked yet. The managing director uploads the ledger’s list, usually each month."))
        } @else {
            p { "In all " strong { (total) } " in " (booked.len()) " lines." }
            (Table::new("What was spent")
                .head([Column::new("Day"), Column::new("Reference"), Column::new("What"), Column::new("Pathway"), Column::new("Project"), Column::numeric("Amount")])
                .responsive(true)
                .rows(paging.part(&booked).iter().map(row)))
            (paging.links(&format!("{path}/actuals")))
            (Downloads::new([("What was spent as CSV", format!("{path}/actuals.csv"))]))
        }
    };
    Ok(page_of(&desk.cluster, "What was spent", view).under(path, "Money").data(&booked)?.wide().into())
}

fn row(one: &Booked) -> Vec<Cell> {
    vec![
        Cell::new(day_on_page(one.on)),
        Cell::new(one.reference.as_str()),
        Cell::new(one.what.as_str()),
        Cell::new(one.pathway.as_str()),
        Cell::new(one.project.as_ref().map_or("None", |project| project.name.as_str())),
        Cell::numeric(one.amount),
    ]
}

/// The books as a list that could be uploaded again.
pub(super) fn sheet(booked: &[Booked]) -> Sheet {
    let mut sheet = Sheet::with_columns(
        "actuals",
        [
            ("reference", "The ledger’s own reference"),
            ("date", "The day it is booked on"),
            ("what", "What it was for"),
            ("amount", "Pounds; negative where something was paid back"),
            ("pathway", "The pathway it belongs to"),
            ("project", "The project, where it is for one"),
        ],
    );
    for one in booked {
        sheet.push([
            table::Cell::from(one.reference.as_str()),
            one.on.into(),
            one.what.as_str().into(),
            one.amount.into(),
            one.pathway.as_str().into(),
            one.project.as_ref().map(|project| project.name.as_str()).into(),
        ]);
    }
    sheet
}

pub async fn csv(desk: Loaded<MoneyDesk>) -> Answer {
    let booked = store::actuals(&desk.database(), desk.cluster.id).await?;
    Ok(desk::csv(&format!("{}-actuals", desk.cluster.key), &sheet(&booked)))
}

pub async fn new(desk: Loaded<MoneyDesk>) -> Answer {
    Ok(upload_page(&desk, &Errors::none()).into())
}

fn upload_page(desk: &Loaded<MoneyDesk>, errors: &Errors) -> Page {
    let path = format!("{}/money", desk.cluster.path());
    let view = html! {
        (summary(errors))
        (heading(desk, "Upload what was spent"))
        p { "A CSV file or a workbook (XLSX) from the ledger. You see what it would do before anything is done. A line whose reference is booked already corrects it." }
        form method="post" action={ (path) "/imports" } enctype="multipart/form-data" novalidate {
            (FileUpload::new("file", "The list").accept(".csv,.xlsx").hint("At most 10 megabytes and 50,000 lines").error_message(errors.of("file").unwrap_or_default()))
            (Button::new("Upload and preview"))
        }
        p { "Columns it must have: " code { (NEEDED.join(", ")) } ". It may also have: " code { (KNOWN.join(", ")) } "." }
    };
    page_of(&desk.cluster, "Upload what was spent", view)
        .under(path.clone(), "Money")
        .under(format!("{path}/actuals"), "What was spent")
}

fn owner(desk: &Loaded<MoneyDesk>) -> String {
    format!("import:actuals:{}", desk.cluster.id)
}

pub async fn upload(desk: Loaded<MoneyDesk>, form: Upload) -> Answer {
    let mut errors = Errors::none();
    let Some(sent) = form.list().await? else {
        errors.add("file", "Choose a file with at least one line");
        return refused(&desk, &errors);
    };
    // Read before it is kept: a file that is no list is not worth keeping.
    let projects = desk::projects(&desk).await?;
    if let Err(error) = importing::preview(&desk.database(), &desk.cluster, &projects, &sent.name, &sent.bytes).await {
        match error {
            ImportError::Unreadable(error) => errors.add("file", error.to_string()),
            ImportError::Store(error) => return Err(error.into()),
        }
        return refused(&desk, &errors);
    }
    let file = uploads::keep(&desk, &owner(&desk), sent).await?;
    Ok(Done::made(format!("{}/money/imports/{file}", desk.cluster.path())).into())
}

fn refused(desk: &Loaded<MoneyDesk>, errors: &Errors) -> Answer {
    Ok(upload_page(desk, errors).with_errors(errors).into())
}

fn unreadable(error: ImportError) -> Problem {
    match error {
        ImportError::Unreadable(error) => Problem::invalid("The list cannot be read", error.to_string()),
        ImportError::Store(error) => error.into(),
    }
}

pub async fn preview(desk: Loaded<MoneyDesk>, Path((_, file)): Path<(String, Uuid)>) -> Answer {
    let Sent { name, bytes } = uploads::waiting(&desk, &owner(&desk), file).await?;
    let projects = desk::projects(&desk).await?;
    let preview =
        importing::preview(&desk.database(), &desk.cluster, &projects, &name, &bytes).await.map_err(unreadable)?;
    Ok(preview_page(&desk, file, &name, &preview)?.into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ConfirmForm {
    /// The fingerprint of the preview that was seen.
    #[serde(default)]
    seen: String,
}

pub async fn confirm(
    desk: Loaded<MoneyDesk>,
    Path((_, file)): Path<(String, Uuid)>,
    Input(form): Input<ConfirmForm>,
) -> Answer {
    let Sent { name, bytes } = uploads::waiting(&desk, &owner(&desk), file).await?;
    let projects = desk::projects(&desk).await?;
    let mut unit = desk.begin().await?;
    let preview = importing::preview(&unit, &desk.cluster, &projects, &name, &bytes).await.map_err(unreadable)?;
    let imported = importing::carry_out(&mut unit, &desk.cluster, preview, Some(&Fingerprint::from(form.seen))).await?;
    uploads::confirm(&desk, unit, file).await?;
    let word = format!("Imported: {} new, {} corrected.", imported.added, imported.changed.len());
    Ok(Done::to(format!("{}/money/actuals", desk.cluster.path())).saying(word).into())
}

fn preview_page(desk: &Loaded<MoneyDesk>, file: Uuid, name: &str, preview: &Preview) -> Result<Page, Problem> {
    let plan = &preview.plan;
    let seen = plan.fingerprint();
    let path = format!("{}/money", desk.cluster.path());
    let view = html! {
        h1 { span.nhsuk-caption-xl { (name) } "What this import would do" }
        ul {
            li { (plan.new.len()) " new" }
            li { (plan.changed.len()) " corrected" }
            li { (plan.unchanged.len()) " booked already, as they are" }
            li { (plan.row_errors.len()) " faults to correct" }
        }
        @if plan.is_acceptable() {
            form method="post" action={ (path) "/imports/" (file) } {
                input type="hidden" name="seen" value=(seen);
                (Button::new("Import all of it"))
            }
        } @else {
            (InsetText::new("Nothing can be imported while a line needs correcting. Correct the file and upload it again."))
        }
        p { a href={ (path) "/imports/new" } { "Upload another file" } }
        (lists(plan))
    };
    let data = json!({
        "file": name, "seen": seen, "is_acceptable": plan.is_acceptable(), "new": plan.new.len(),
        "changed": plan.changed, "unchanged": plan.unchanged.len(), "row_errors": plan.row_errors,
    });
    let page = page_of(&desk.cluster, "What this import would do", view).under(path.clone(), "Money");
    Ok(page.under(format!("{path}/actuals"), "What was spent").data(&data)?.wide())
}

fn lists(plan: &ImportPlan<Booked>) -> Markup {
    let more = |many: usize| html! { @if many > SHOWN { p { "And " (many - SHOWN) " more." } } };
    let fields = || plan.changed.iter().flat_map(|row| row.fields.iter().map(move |field| (row, field)));
    html! {
        @if !plan.row_errors.is_empty() {
            h2 { "To correct" }
            (Table::new("To correct").head(["Fault"]).rows(plan.row_errors.iter().take(SHOWN).map(|error| vec![Cell::new(error.to_string())])))
            (more(plan.row_errors.len()))
        }
        @if !plan.changed.is_empty() {
            h2 { "Corrected" }
            (Table::new("Corrected")
                .head([Column::numeric("Line"), Column::new("Reference"), Column::new("Field"), Column::new("Now"), Column::new("Becomes")])
                .responsive(true)
                .rows(fields().take(SHOWN).map(|(row, field)| vec![
                    Cell::numeric(row.line),
                    Cell::new(row.record.reference.as_str()),
                    Cell::new(field.field),
                    Cell::new(if field.before.is_empty() { "Nothing" } else { field.before.as_str() }),
                    Cell::new(if field.after.is_empty() { "Nothing" } else { field.after.as_str() }),
                ])))
            (more(fields().count()))
        }
        @if !plan.new.is_empty() {
            h2 { "New" }
            (Table::new("New")
                .head([Column::new("Day"), Column::new("Reference"), Column::new("What"), Column::new("Pathway"), Column::new("Project"), Column::numeric("Amount")])
                .responsive(true)
                .rows(plan.new.iter().take(SHOWN).map(|placed| row(&placed.record))))
            (more(plan.new.len()))
        }
    }
}
