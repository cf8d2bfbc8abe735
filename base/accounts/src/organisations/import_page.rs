//! `/organisations/imports`: a list is uploaded, its effect is shown line by line, and it is taken whole or not at all; between the two steps the file waits in the store, for its uploader alone.

use axum::extract::{Multipart, Path};
use bytes::Bytes;
use hiec_files::import::ImportPlan;
use hiec_files::ods::{self, OdsOrganisation};
use hiec_files::table::Limits;
use hiec_files::{FileKey, FileStore};
use hiec_kernel::{Fingerprint, Problem, ProblemKind};
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::components::{Button, Cell, Column, FileUpload, InsetText, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::Register;
use super::importing::{self, ImportError, Preview};
use crate::pieces::{count, error_summary};

/// A list with the wrapping of a form.
pub(super) const LARGEST: usize = 11 * 1024 * 1024;

/// Lines of each kind shown at most; the rest is counted.
const SHOWN: usize = 100;

/// Whose the waiting files are.
const OWNER: &str = "import:organisations";

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

pub async fn upload(register: Loaded<Register>, mut form: Multipart) -> Answer {
    let mut file: Option<(String, Bytes)> = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            file = Some((name, field.bytes().await.map_err(broken)?));
        }
    }
    let mut errors = Errors::none();
    let Some((name, bytes)) = file.filter(|(_, bytes)| !bytes.is_empty()) else {
        errors.add("file", "Choose a file with at least one line");
        return refused(&errors);
    };
    // Read before it is kept: a file that is no list is not worth keeping.
    if let Err(error) = importing::preview(&register.database(), &name, &bytes).await {
        match error {
            ImportError::Unreadable(error) => errors.add("file", error.to_string()),
            ImportError::Store(error) => return Err(error.into()),
        }
        return refused(&errors);
    }
    let file = keep(&register, &name, bytes).await?;
    Ok(Done::made(format!("/organisations/imports/{file}")).into())
}

fn refused(errors: &Errors) -> Answer {
    Ok(upload_page(errors).data(&json!({ "errors": errors }))?.invalid().into())
}

fn broken(error: axum::extract::multipart::MultipartError) -> Problem {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(
            ProblemKind::TooLarge,
            "This list is too large",
            "Send at most 10 megabytes: divide it into parts.",
        );
    }
    Problem::invalid("The upload cannot be read", "Check the connection and upload the file again.").with_detail(error)
}

/// Keeps a file until it is confirmed; what the same person uploaded before and did not confirm goes.
async fn keep(register: &Loaded<Register>, name: &str, bytes: Bytes) -> Result<Uuid, Problem> {
    let person = register.person()?.id;
    let store = register.app.service::<FileStore>()?;
    let key = FileKey(register.begin().await?.new_id());
    let limit = u64::try_from(Limits::default().bytes).unwrap_or(u64::MAX);
    let stored = store.put_bytes(key, name, bytes, limit).await.map_err(Problem::from)?;
    let unit = register.begin().await?;
    let before: Vec<Waiting> = unit
        .all(
            "SELECT id, name FROM base_file WHERE owner = $1 AND uploaded_by = $2 AND removed_at IS NULL ORDER BY id",
            values![OWNER, person.0],
        )
        .await?;
    for file in &before {
        remove(&unit, file.id).await?;
    }
    unit.execute(
        "INSERT INTO base_file (id, name, content_type, bytes, sha256, object_key, owner, uploaded_by, uploaded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            key.0,
            stored.name.as_str(),
            stored.content_type.as_str(),
            i64::try_from(stored.bytes).unwrap_or(i64::MAX),
            stored.sha256.to_string(),
            key.0.to_string(),
            OWNER,
            person.0,
            unit.now()
        ],
    )
    .await?;
    unit.commit().await?;
    for file in before {
        store.delete(FileKey(file.id)).await.map_err(Problem::from)?;
    }
    Ok(key.0)
}

#[derive(FromQueryResult)]
struct Waiting {
    id: Uuid,
    name: String,
}

async fn remove(unit: &Unit, file: Uuid) -> Result<(), Problem> {
    unit.execute("UPDATE base_file SET removed_at = $2 WHERE id = $1", values![file, unit.now()]).await?;
    Ok(())
}

/// A file that waits for this person.
async fn waiting(register: &Loaded<Register>, file: Uuid) -> Result<(String, Bytes), Problem> {
    let row: Option<Waiting> = register
        .database()
        .one(
            "SELECT id, name FROM base_file WHERE id = $1 AND owner = $2 AND uploaded_by = $3 AND removed_at IS NULL",
            values![file, OWNER, register.person()?.id.0],
        )
        .await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let limit = u64::try_from(Limits::default().bytes).unwrap_or(u64::MAX);
    let bytes = register.app.service::<FileStore>()?.read(FileKey(row.id), limit).await.map_err(Problem::from)?;
    Ok((row.name, bytes))
}

fn unreadable(error: ImportError) -> Problem {
    match error {
        ImportError::Unreadable(error) => Problem::invalid("The list cannot be read", error.to_string()),
        ImportError::Store(error) => error.into(),
    }
}

pub async fn preview(register: Loaded<Register>, Path(file): Path<Uuid>) -> Answer {
    let (name, bytes) = waiting(&register, file).await?;
    let preview = importing::preview(&register.database(), &name, &bytes).await.map_err(unreadable)?;
    Ok(preview_page(file, &name, &preview)?.into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The fingerprint of the preview that was seen.
    #[serde(default)]
    seen: String,
}

pub async fn confirm(register: Loaded<Register>, Path(file): Path<Uuid>, Input(form): Input<Form>) -> Answer {
    let (name, bytes) = waiting(&register, file).await?;
    let mut unit = register.begin().await?;
    let preview = importing::preview(&unit, &name, &bytes).await.map_err(unreadable)?;
    let imported = importing::carry_out(&mut unit, preview, Some(&Fingerprint::from(form.seen))).await?;
    remove(&unit, file).await?;
    unit.commit().await?;
    register.app.service::<FileStore>()?.delete(FileKey(file)).await.map_err(Problem::from)?;
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
        (faults(plan))
        (changes(plan))
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

fn more(many: usize) -> Markup {
    html! { @if many > SHOWN { p { "And " (many - SHOWN) " more." } } }
}

fn faults(plan: &ImportPlan<OdsOrganisation>) -> Markup {
    html! {
        @if !plan.row_errors.is_empty() {
            h2 { "To correct" }
            (Table::new("To correct").head(["Fault"]).rows(plan.row_errors.iter().take(SHOWN).map(|error| vec![Cell::new(error.to_string())])))
            (more(plan.row_errors.len()))
        }
    }
}

fn changes(plan: &ImportPlan<OdsOrganisation>) -> Markup {
    let rows = plan.changed.iter().flat_map(|row| row.fields.iter().map(move |field| (row, field))).take(SHOWN);
    let all: usize = plan.changed.iter().map(|row| row.fields.len()).sum();
    html! {
        @if !plan.changed.is_empty() {
            h2 { "Changed" }
            (Table::new("Changed")
                .head([Column::numeric("Line"), Column::new("Organisation"), Column::new("Field"), Column::new("Now"), Column::new("Becomes")])
                .responsive(true)
                .rows(rows.map(|(row, field)| vec![
                    Cell::numeric(row.line),
                    Cell::new(format!("{} ({})", row.record.name, row.record.ods_code)),
                    Cell::new(field.field.replace('_', " ")),
                    Cell::new(if field.before.is_empty() { "Nothing" } else { field.before.as_str() }),
                    Cell::new(if field.after.is_empty() { "Nothing" } else { field.after.as_str() }),
                ])))
            (more(all))
        }
    }
}

fn additions(plan: &ImportPlan<OdsOrganisation>) -> Markup {
    html! {
        @if !plan.new.is_empty() {
            h2 { "New" }
            (Table::new("New")
                .head([Column::numeric("Line"), Column::new("ODS code"), Column::new("Name"), Column::new("Settings"), Column::new("Region"), Column::new("Postcode")])
                .responsive(true)
                .rows(plan.new.iter().take(SHOWN).map(|row| {
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
            (more(plan.new.len()))
        }
    }
}
