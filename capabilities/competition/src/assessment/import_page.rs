//! `/calls/{call}/assessors/imports`: a list of assessors is uploaded, its effect is shown line by line, and it is taken whole or not at all; nobody is asked before that.

use axum::extract::Path;
use hiec_files::import::ImportPlan;
use hiec_files::table::workbook;
use hiec_kernel::{Fingerprint, Problem};
use hiec_web::components::{Button, Cell, Column, FileUpload, InsetText, Table, Tag, TagColour};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, Reply, Upload, uploads};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::importing::{self, Listed, Preview};
use super::pool_list::{self, MOST_LINES};
use crate::calls::registration::summary;
use crate::calls::store::Call;

fn purpose(call: &Call) -> String {
    format!("import:assessors:{}", call.id)
}

fn path(call: &Call) -> String {
    format!("{}/assessors/imports", call.path())
}

pub async fn new(call: Loaded<Call>) -> Answer {
    Ok(upload_page(&call, &Errors::none()).into())
}

fn upload_page(call: &Call, errors: &Errors) -> Page {
    let path = path(call);
    let columns = pool_list::about();
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Import a list of assessors" }
        p { "A CSV file or a workbook (XLSX). You see who would be invited and what would change before anything is done." }
        p {
            "Start from the empty list: "
            a href={ (path) "/template.xlsx" } { "template as XLSX" } " or "
            a href={ (path) "/template.csv" } { "as CSV" } "."
        }
        form method="post" action=(path) enctype="multipart/form-data" novalidate {
            (FileUpload::new("file", "The list").accept(".csv,.xlsx")
                .hint(format!("At most 10 megabytes and {MOST_LINES} lines"))
                .error_message(errors.of("file").unwrap_or_default()))
            (Button::new("Upload and preview"))
        }
        (Table::new("The columns")
            .head(["Column", "What belongs there"])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(columns.rows().iter().map(|row| row.iter().map(|cell| Cell::new(cell.plain())).collect::<Vec<_>>())))
    };
    within(Page::new("Import a list of assessors", view), call)
}

fn within(page: Page, call: &Call) -> Page {
    page.under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .under(format!("{}/assessors", call.path()), "Assessors")
}

pub async fn template_csv(_call: Loaded<Call>) -> Answer {
    let bytes = pool_list::template().to_csv_for_excel().into_bytes();
    Ok(Reply::download("assessors.csv", "text/csv; charset=utf-8", bytes))
}

pub async fn template_xlsx(call: Loaded<Call>) -> Answer {
    let bytes = workbook(&[&pool_list::template(), &pool_list::about()], call.now).map_err(Problem::internal)?;
    Ok(Reply::download("assessors.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
}

pub async fn upload(call: Loaded<Call>, form: Upload) -> Answer {
    let mut errors = Errors::none();
    let Some(sent) = form.list().await? else {
        errors.add("file", "Choose a file with at least one line");
        return refused(&call, &errors);
    };
    // Read before it is kept: a file that is no list is not worth keeping.
    if let Err(error) = importing::preview(&call.database(), &call, &sent.name, &sent.bytes).await {
        error.note(&mut errors)?;
        return refused(&call, &errors);
    }
    let file = uploads::keep(&call, &purpose(&call), sent).await?;
    Ok(Done::made(format!("{}/{file}", path(&call))).into())
}

fn refused(call: &Call, errors: &Errors) -> Answer {
    Ok(upload_page(call, errors).with_errors(errors).into())
}

pub async fn preview(call: Loaded<Call>, Path((_, file)): Path<(String, Uuid)>) -> Answer {
    let sent = uploads::waiting(&call, &purpose(&call), file).await?;
    let preview = importing::preview(&call.database(), &call, &sent.name, &sent.bytes).await?;
    Ok(preview_page(&call, file, &sent.name, &preview)?.into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The fingerprint of the preview that was seen.
    #[serde(default)]
    seen: String,
}

pub async fn confirm(call: Loaded<Call>, Path((_, file)): Path<(String, Uuid)>, Input(form): Input<Form>) -> Answer {
    let sent = uploads::waiting(&call, &purpose(&call), file).await?;
    let mut unit = call.begin().await?;
    let preview = importing::preview(&unit, &call, &sent.name, &sent.bytes).await?;
    let imported = importing::carry_out(&mut unit, &call, preview, Some(&Fingerprint::from(form.seen))).await?;
    uploads::confirm(&call, unit, file).await?;
    let word =
        format!("Imported: {} invited, {} changed. Everyone invited got a letter.", imported.invited, imported.changed);
    Ok(Done::to(format!("{}/assessors", call.path())).saying(word).into())
}

fn preview_page(call: &Call, file: Uuid, name: &str, preview: &Preview) -> Result<Page, Problem> {
    let plan = &preview.plan;
    let seen = plan.fingerprint();
    let path = path(call);
    let view = html! {
        h1 { span.nhsuk-caption-xl { (name) } "What this import would do" }
        ul {
            li { (count(plan.new.len(), "assessor", "assessors")) " to invite, each by a letter" }
            li { (count(plan.changed.len(), "assessor", "assessors")) " changed" }
            li { (count(plan.unchanged.len(), "assessor", "assessors")) " as they are" }
            li { (count(plan.row_errors.len(), "fault", "faults")) " to correct" }
        }
        @if plan.is_acceptable() {
            form method="post" action={ (path) "/" (file) } {
                input type="hidden" name="seen" value=(seen);
                (Button::new("Import all of it"))
            }
        } @else {
            (InsetText::new("Nothing can be imported while a line needs correcting. Correct the file and upload it again."))
        }
        p { a href={ (path) "/new" } { "Upload another file" } }
        (uploads::faults(plan))
        (uploads::changes(plan, "Assessor", |one| format!("{} ({})", one.name, one.email), field_in_words))
        (additions(plan))
        p { "Conflicts of interest are looked for once an assessor has declared their interests." }
    };
    let data = json!({
        "file": name, "seen": seen, "is_acceptable": plan.is_acceptable(), "new": plan.new,
        "changed": plan.changed, "unchanged": plan.unchanged.len(), "row_errors": plan.row_errors,
    });
    Ok(within(Page::new("What this import would do", view).data(&data)?.wide(), call))
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn field_in_words(field: &str) -> String {
    let words = match field {
        "expertise" => "Subjects",
        "max_load" => "Bids at most",
        "employer" => "Works at",
        _ => "Name",
    };
    words.to_owned()
}

fn additions(plan: &ImportPlan<Listed>) -> Markup {
    html! {
        @if !plan.new.is_empty() {
            h2 { "To invite" }
            (Table::new("To invite")
                .head([
                    Column::numeric("Line"), Column::new("Name"), Column::new("E-mail address"), Column::new("Works at"),
                    Column::new("Subjects"), Column::numeric("Bids at most"),
                ])
                .responsive(true)
                .rows(plan.new.iter().take(uploads::SHOWN).map(|row| {
                    let listed = &row.record;
                    vec![
                        Cell::numeric(row.line),
                        Cell::new(html! { (listed.name) @if !listed.has_account { " " (Tag::new("new account").colour(TagColour::Blue)) } }),
                        Cell::new(listed.email.as_str()),
                        Cell::new(listed.employer.as_ref().map_or("Not stated", |one| one.name.as_str())),
                        Cell::new(if listed.expertise.is_empty() { "Not stated".to_owned() } else { listed.expertise.join(", ") }),
                        Cell::numeric(listed.max_load),
                    ]
                })))
            (uploads::more(plan.new.len()))
        }
    }
}
