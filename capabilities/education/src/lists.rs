//! Lists of posts, trainees and placements that come as files: uploaded, tried out in a unit that is thrown away, shown, and taken whole or not at all.

use std::future::Future;

use axum::extract::Path;
use hiec_contracts::ClusterSeen;
use hiec_files::import::{ImportPlan, Importable, Parsed, Placed};
use hiec_files::table::{Record, RowError, Sheet};
use hiec_kernel::{Fingerprint, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::{Button, FileUpload, InsetText};
use hiec_web::uploads::{self, ListError, Sent, Upload};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::access::Education;
use crate::ground;
use crate::home;

/// What a kind of list holds and how it is taken.
pub(crate) trait Incoming: Sized + Send + Sync + 'static {
    type Record: Importable + Clone + Serialize + Send + Sync;

    /// In addresses and entries: `posts`.
    const NAME: &'static str;
    /// `Import posts`
    const TITLE: &'static str;
    const NEEDED: &'static [&'static str];
    const KNOWN: &'static [&'static str];
    /// How the columns are to be filled.
    const ABOUT: &'static str;

    /// Reads a file and compares it with what is stored.
    fn read(
        unit: &Unit,
        cluster: &ClusterSeen,
        name: &str,
        bytes: &[u8],
    ) -> impl Future<Output = Result<ImportPlan<Self::Record>, ListError>> + Send;

    /// Stores new and changed records; answers the lines the rules refuse. Where there is one, the unit is thrown away.
    fn write(
        unit: &mut Unit,
        cluster: &ClusterSeen,
        plan: &ImportPlan<Self::Record>,
    ) -> impl Future<Output = Result<Vec<RowError>, Problem>> + Send;
}

/// Every line that can be read, and what is wrong with the others.
pub(crate) fn lines<T>(sheet: &Sheet, read: impl Fn(Record<'_>) -> Result<T, RowError>) -> Parsed<T> {
    let mut parsed = Parsed { rows: Vec::new(), errors: Vec::new() };
    for record in sheet.records() {
        match read(record) {
            Ok(one) => parsed.rows.push(Placed { line: record.line(), record: one }),
            Err(error) => parsed.errors.push(error),
        }
    }
    parsed
}

/// Whether a list has a column at all: one it leaves out changes nothing of what is stored.
pub(crate) fn has_column(sheet: &Sheet, column: &str) -> bool {
    sheet.records().next().is_some_and(|record| record.has(column))
}

/// A list was imported.
#[derive(Serialize)]
struct ListImported {
    list: &'static str,
    added: usize,
    changed: usize,
    /// Of the file, so that it can be shown which one it was.
    file_sha256: Fingerprint,
}

impl AuditEvent for ListImported {
    const KIND: &'static str = "education.list.imported";
}

fn path<I: Incoming>(door: &Education) -> String {
    format!("{}/{}/imports", door.path(), I::NAME)
}

fn purpose<I: Incoming>(door: &Education) -> String {
    format!("import:education:{}:{}", I::NAME, door.cluster.id)
}

fn under<I: Incoming>(page: Page, door: &Education) -> Page {
    let label = I::NAME
        .chars()
        .next()
        .map_or(String::new(), |first| first.to_uppercase().chain(I::NAME.chars().skip(1)).collect());
    home::under(page, &door.cluster).under(format!("{}/{}", door.path(), I::NAME), label)
}

pub(crate) async fn new<I: Incoming>(door: Loaded<Education>) -> Answer {
    Ok(upload_page::<I>(&door, &Errors::none())?.into())
}

fn upload_page<I: Incoming>(door: &Loaded<Education>, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } (I::TITLE) }
        p { "A CSV file or a workbook (XLSX). You see what it would do before anything is stored; a line the rules refuse is shown with its reason, and then nothing of the file is taken." }
        form method="post" enctype="multipart/form-data" action=(path::<I>(door)) novalidate {
            (FileUpload::new("file", "The list").accept(".csv,.xlsx").hint("At most 10 megabytes and 50,000 lines").error_message(errors.of("file").unwrap_or_default()))
            (Button::new("Upload and preview"))
        }
        p { "Columns it must have: " code { (I::NEEDED.join(", ")) } ". It may also have: " code { (I::KNOWN.join(", ")) } "." }
        p { (I::ABOUT) }
        p { "The " a href={ (door.path()) "/" (I::NAME) ".csv" } { "list as it is now" } " has the same columns." }
    };
    Ok(under::<I>(Page::new(I::TITLE, view).data(&json!({ "needed": I::NEEDED, "known": I::KNOWN }))?, door))
}

/// What the file would do, tried out in a unit that the caller commits or throws away.
async fn tried<I: Incoming>(
    unit: &mut Unit,
    door: &Education,
    sent: &Sent,
) -> Result<ImportPlan<I::Record>, ListError> {
    let mut plan = I::read(unit, &door.cluster, &sent.name, &sent.bytes).await?;
    Ok(if plan.row_errors.is_empty() {
        let refused = I::write(unit, &door.cluster, &plan).await;
        match refused {
            Ok(refused) => plan.row_errors = refused,
            Err(problem) => {
                plan.row_errors.push(RowError::new(1, None, format!("{}. {}", problem.title, problem.next)))
            }
        }
        plan
    } else {
        plan
    })
}

pub(crate) async fn upload<I: Incoming>(door: Loaded<Education>, form: Upload) -> Answer {
    let mut errors = Errors::none();
    let Some(sent) = form.list().await? else {
        errors.add("file", "Choose a file with at least one line");
        return Ok(upload_page::<I>(&door, &errors)?.with_errors(&errors).into());
    };
    // Read before it is kept: a file that is no list is not worth keeping.
    let unit = door.begin().await?;
    if let Err(error) = I::read(&unit, &door.cluster, &sent.name, &sent.bytes).await {
        drop(unit);
        error.note(&mut errors)?;
        return Ok(upload_page::<I>(&door, &errors)?.with_errors(&errors).into());
    }
    drop(unit);
    let file = uploads::keep(&door, &purpose::<I>(&door), sent).await?;
    Ok(Done::made(format!("{}/{file}", path::<I>(&door))).into())
}

pub(crate) async fn preview<I: Incoming>(door: Loaded<Education>, Path((_, file)): Path<(String, Uuid)>) -> Answer {
    let sent = uploads::waiting(&door, &purpose::<I>(&door), file).await?;
    let mut unit = door.begin().await?;
    let plan = tried::<I>(&mut unit, &door, &sent).await.map_err(Problem::from)?;
    drop(unit);
    Ok(preview_page::<I>(&door, file, &sent.name, &plan)?.into())
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct ConfirmForm {
    /// The fingerprint of the preview that was seen.
    seen: String,
}

pub(crate) async fn confirm<I: Incoming>(
    door: Loaded<Education>,
    Path((_, file)): Path<(String, Uuid)>,
    Input(form): Input<ConfirmForm>,
) -> Answer {
    let sent = uploads::waiting(&door, &purpose::<I>(&door), file).await?;
    let mut unit = door.begin().await?;
    let plan = tried::<I>(&mut unit, &door, &sent).await.map_err(Problem::from)?;
    let errors = Errors::none();
    if !plan.is_acceptable() || plan.fingerprint() != Fingerprint::from(form.seen) {
        // What was stored changed since the preview, or the rules refuse now: look again.
        drop(unit);
        return Ok(preview_page::<I>(&door, file, &sent.name, &plan)?.conflict(&errors).into());
    }
    let (added, changed) = (plan.new.len(), plan.changed.len());
    let event = ListImported { list: I::NAME, added, changed, file_sha256: Fingerprint::of_bytes(&sent.bytes) };
    unit.audit(ground::stream(door.cluster.id), format!("list:{}", I::NAME), &event)?;
    uploads::confirm(&door, unit, file).await?;
    let word = format!("Imported: {added} new, {changed} changed.");
    Ok(Done::to(format!("{}/{}", door.path(), I::NAME)).saying(word).into())
}

fn preview_page<I: Incoming>(
    door: &Loaded<Education>,
    file: Uuid,
    name: &str,
    plan: &ImportPlan<I::Record>,
) -> Result<Page, Problem> {
    let view = html! {
        h1 { span.nhsuk-caption-xl { (name) } "What this import would do" }
        ul {
            li { (plan.new.len()) " new" }
            li { (plan.changed.len()) " changed" }
            li { (plan.unchanged.len()) " as they are" }
            li { (plan.row_errors.len()) " faults to correct" }
        }
        @if plan.is_acceptable() {
            form method="post" action={ (path::<I>(door)) "/" (file) } {
                input type="hidden" name="seen" value=(plan.fingerprint());
                (Button::new("Import all of it"))
            }
        } @else {
            (InsetText::new("Nothing can be imported while a line needs correcting. Correct the file and upload it again."))
        }
        p { a href=(path::<I>(door)) { "Upload another file" } }
        (uploads::faults(plan))
        (uploads::changes(plan, "Line", |record| record.key(), str::to_owned))
    };
    let data = json!({
        "file": name, "new": plan.new.len(), "changed": plan.changed, "unchanged": plan.unchanged.len(),
        "row_errors": plan.row_errors, "seen": plan.fingerprint(),
    });
    Ok(under::<I>(Page::new("What this import would do", view).data(&data)?, door))
}
