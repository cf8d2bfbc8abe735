//! `/organisations/imports`: a list is uploaded, its effect is shown line by line, and it is taken whole or not at all; between the two steps the file waits in the store, for its uploader alone.

use axum::extract::Path;
use hiec_files::import::ImportPlan;
use hiec_files::ods::{self, OdsOrganisation};
use hiec_kernel::{Fingerprint, Problem};
use hiec_web::components::{Button, Cell, Column, FileUpload, InsetText, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, Upload, uploads};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::Register;
use super::importing::{self, Preview};
use crate::pieces::{count, error_summary};

/// What the lists wait for.
const PURPOSE: &str = "import:organisations";

pub async fn new(_register: Loaded<Register>) -> Answer {
    Ok(upload_page(&Errors::none()).into())
}

fn upload_page(errors: &Errors) -> Page {
    let view = html! {
        (error_summary(errors))
        h1 { "Import a list of organisations" }
        p {
            "A CSV file or a workbook (XLSX): the lists of the Organisation Data Service as published (such as etr.csv), or a table with \
             a heading of at least ods_code and name. You see what it would do before anything is done."
        }
        form method="post" action="/organisations/imports" enctype="multipart/form-data" novalidate {
            (FileUpload::new("file", "The list").accept(".csv,.xlsx").hint("At most 10 megabytes and 50,000 lines").error_message(errors.of("file")))
            (Button::new("Upload and preview"))
        }
        p { "An own table may also have: " code { "kind, settings, region, town, postcode, open_date, close_date" } ". Settings and region that the list does not give are guessed; the preview shows them." }
    };
    Page::new("Import a list of organisations", view).under("/organisations", "Organisations")
}

pub async fn upload(register: Loaded<Register>, form: Upload) -> Answer {
    let mut errors = Errors::none();
    let Some(sent) = form.list().await? else {
        errors.add("file", "Choose a file with at least one line");
        return refused(&errors);
    };
    // Read before it is kept: a file that is no list is not worth keeping.
    if let Err(error) = importing::preview(&register.database(), &sent.name, &sent.bytes).await {
        error.note(&mut errors)?;
        return refused(&errors);
    }
    let file = uploads::keep(&register, PURPOSE, sent).await?;
    Ok(Done::made(format!("/organisations/imports/{file}")).into())
}

fn refused(errors: &Errors) -> Answer {
    Ok(upload_page(errors).with_errors(errors).into())
}

pub async fn preview(register: Loaded<Register>, Path(file): Path<Uuid>) -> Answer {
    let sent = uploads::waiting(&register, PURPOSE, file).await?;
    let preview = importing::preview(&register.database(), &sent.name, &sent.bytes).await?;
    Ok(preview_page(file, &sent.name, &preview)?.into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The fingerprint of the preview that was seen.
    #[serde(default)]
    seen: String,
}

pub async fn confirm(register: Loaded<Register>, Path(file): Path<Uuid>, Input(form): Input<Form>) -> Answer {
    let sent = uploads::waiting(&register, PURPOSE, file).await?;
    let mut unit = register.begin().await?;
    let preview = importing::preview(&unit, &sent.name, &sent.bytes).await?;
    let imported = importing::carry_out(&mut unit, preview, Some(&Fingerprint::from(form.seen))).await?;
    uploads::confirm(&register, unit, file).await?;
    let word = format!("Imported: {} new, {} changed.", imported.added, imported.changed);
    Ok(Done::to("/organisations").saying(word).into())
}

fn preview_page(file: Uuid, name: &str, preview: &Preview) -> Result<Page, Problem> {
    let plan = &preview.plan;
    let seen = plan.fingerprint();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (name) } "What this import would do" }
        ul {
            li { (count(size(plan.new.len()), "organisation", "organisations")) " new" }
            li { (count(size(plan.changed.len()), "organisation", "organisations")) " changed" }
            li { (count(size(plan.unchanged.len()), "organisation", "organisations")) " as they are" }
            li { (count(size(plan.row_errors.len()), "fault", "faults")) " to correct" }
        }
        @if plan.is_acceptable() {
            form method="post" action={ "/organisations/imports/" (file) } {
                input type="hidden" name="seen" value=(seen);
                (Button::new("Import all of it"))
            }
        } @else {
            (InsetText::new("Nothing can be imported while a line needs correcting. Correct the file and upload it again."))
        }
        p { a href="/organisations/imports/new" { "Upload another file" } }
        (uploads::faults(plan))
        (uploads::changes(plan, "Organisation", |one| format!("{} ({})", one.name, one.ods_code), |field| field.replace('_', " ")))
        (additions(plan))
        p.nhsuk-u-secondary-text-colour { (ods::CREDIT) }
    };
    let data = json!({
        "file": name, "seen": seen, "is_acceptable": plan.is_acceptable(), "new": plan.new.len(),
        "changed": plan.changed, "unchanged": plan.unchanged.len(), "row_errors": plan.row_errors,
    });
    let page = Page::new("What this import would do", view).data(&data)?.wide();
    Ok(page.under("/organisations", "Organisations"))
}

fn size(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

fn additions(plan: &ImportPlan<OdsOrganisation>) -> Markup {
    html! {
        @if !plan.new.is_empty() {
            h2 { "New" }
            (Table::new("New")
                .head([Column::numeric("Line"), Column::new("ODS code"), Column::new("Name"), Column::new("Settings"), Column::new("Region"), Column::new("Postcode")])
                .responsive(true)
                .rows(plan.new.iter().take(uploads::SHOWN).map(|row| {
                    let settings: Vec<&str> = row.record.settings.iter().map(|setting| setting.label()).collect();
                    vec![
                        Cell::numeric(row.line),
                        Cell::new(row.record.ods_code.as_str()),
                        Cell::new(row.record.name.as_str()),
                        Cell::new(if settings.is_empty() { "None".to_owned() } else { settings.join(", ") }),
                        Cell::new(row.record.region.as_deref().unwrap_or("Not known")),
                        Cell::new(row.record.postcode.as_deref().unwrap_or("Not known")),
                    ]
                })))
            (uploads::more(plan.new.len()))
        }
    }
}
