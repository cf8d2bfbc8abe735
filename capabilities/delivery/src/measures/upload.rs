//! `/clusters/{cluster}/figures`: a file of figures is uploaded, its effect is shown, and it is taken whole or not at all; between the two steps it waits in the store, for its uploader alone.

use axum::extract::Path;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Checkboxes, Column, FileUpload, InsetText, Table, Textarea};
use hiec_web::uploads::{self, SHOWN, Sent, Upload};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::access::{Measures, today};
use super::importing::{self, Preview};
use super::incoming::LARGEST;
use super::people::who;
use super::pieces::{count, summary};
use super::store;

fn owner(measures: &Measures) -> String {
    format!("import:figures:{}", measures.cluster.id)
}

fn path(measures: &Measures) -> String {
    format!("{}/figures", measures.cluster.path())
}

fn under(page: Page, measures: &Measures) -> Page {
    page.under("/clusters", "Clusters")
        .under(measures.cluster.path(), measures.cluster.short_name.clone())
        .under(measures.path(), "Measures")
}

pub async fn new(measures: Loaded<Measures>) -> Answer {
    Ok(upload_page(&measures, &Errors::none()).await?.into())
}

async fn upload_page(measures: &Loaded<Measures>, errors: &Errors) -> Result<Page, Problem> {
    let in_force: Vec<_> = measures.all.iter().filter(|measure| measure.is_in_force()).collect();
    let entries = store::entries(&measures.database(), measures.cluster.id, 20).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in &entries {
        let by = who(&measures.database(), &entry.actor).await?;
        rows.push(vec![
            Cell::numeric(entry.number),
            Cell::new(hiec_kernel::clock::on_page(entry.at)),
            Cell::new(by),
            Cell::new(if entry.source.is_empty() { entry.kind.as_str() } else { entry.source.as_str() }),
            Cell::numeric(entry.added),
            Cell::numeric(entry.changed),
        ]);
    }
    let view = html! {
        (summary(errors))
        h1 { "Import figures" }
        @if in_force.is_empty() {
            (EmptyState::new("No measure is in force yet. Propose one first; somebody else puts it in force.").action("Measures", measures.path()))
        } @else {
            p { "A CSV file, a workbook (XLSX) or a DHIS2 data value set (JSON). You see what it would do before anything is stored." }
            form method="post" action=(path(measures)) enctype="multipart/form-data" novalidate {
                (FileUpload::new("file", "The file").accept(".csv,.xlsx,.json").hint("At most 96 megabytes; a workbook at most 50,000 lines").error_message(errors.of("file")))
                (Button::new("Upload and preview"))
            }
            h2 { "The columns" }
            p { "The first line names them: " code { "measure, site, period, numerator, denominator" } ". A site goes by its code in the NHS register or its whole name, a period as the measure counts." }
            (Table::new("Measures in force")
                .head([Column::new("measure"), Column::new("Title"), Column::new("period such as"), Column::new("numerator"), Column::new("denominator")])
                .rows(in_force.iter().map(|measure| {
                    let definition = &measure.definition;
                    vec![
                        Cell::new(html! { code { (measure.key) } }),
                        Cell::new(measure.title.as_str()),
                        Cell::new(definition.period.example()),
                        Cell::new(definition.numerator.as_str()),
                        Cell::new(if definition.has_denominator() { definition.denominator.as_str() } else { "leave empty" }),
                    ]
                })))
            p { "Programs send data value sets to " code { (measures.cluster.path()) "/data-value-sets" } " with a token; see the description of all addresses at " a href="/openapi.json" { "/openapi.json" } "." }
        }
        @if !rows.is_empty() {
            (Table::new("The last entries")
                .head([Column::numeric("Entry"), Column::new("When"), Column::new("By"), Column::new("From"), Column::numeric("New"), Column::numeric("Changed")])
                .rows(rows))
        }
    };
    Ok(under(Page::new("Import figures", view).data(&json!({ "entries": entries, "errors": errors }))?, measures))
}

pub async fn upload(measures: Loaded<Measures>, form: Upload) -> Answer {
    let mut errors = Errors::none();
    let Some(sent) = form.list().await? else {
        errors.add("file", "Choose a file with at least one line");
        return Ok(upload_page(&measures, &errors).await?.with_errors(&errors).into());
    };
    // Read before it is kept: a file that holds no figures is not worth keeping.
    if let Err(problem) =
        importing::preview(&measures.database(), &measures.cluster, &sent.name, &sent.bytes, today(&measures)).await
    {
        if problem.kind == ProblemKind::Internal {
            return Err(problem.into());
        }
        errors.add("file", format!("{}. {}", problem.title, problem.next));
        return Ok(upload_page(&measures, &errors).await?.with_errors(&errors).into());
    }
    let file = uploads::keep_within(&measures, &owner(&measures), sent, LARGEST as u64).await?;
    Ok(Done::made(format!("{}/{file}", path(&measures))).into())
}

/// What is said when a preview is confirmed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct ConfirmForm {
    /// Why figures change that are stored already.
    reason: String,
    /// `yes` where unusual values were looked at and hold.
    confirmed: String,
}

pub async fn preview(measures: Loaded<Measures>, Path((_, file)): Path<(String, Uuid)>) -> Answer {
    let Sent { name, bytes } = uploads::waiting_within(&measures, &owner(&measures), file, LARGEST as u64).await?;
    let preview = importing::preview(&measures.database(), &measures.cluster, &name, &bytes, today(&measures)).await?;
    Ok(preview_page(&measures, file, &name, &preview, &ConfirmForm::default(), &Errors::none())?.into())
}

pub async fn confirm(
    measures: Loaded<Measures>,
    Path((_, file)): Path<(String, Uuid)>,
    Input(form): Input<ConfirmForm>,
) -> Answer {
    let Sent { name, bytes } = uploads::waiting_within(&measures, &owner(&measures), file, LARGEST as u64).await?;
    let mut unit = measures.begin().await?;
    let entry = importing::begin(&unit, &measures.cluster).await?;
    let preview = importing::preview(&unit, &measures.cluster, &name, &bytes, today(&measures)).await?;
    let mut errors = Errors::none();
    if preview.has_faults() {
        return Ok(preview_page(&measures, file, &name, &preview, &form, &errors)?.with_errors(&errors).into());
    }
    if !preview.plan.jumps.is_empty() && form.confirmed != "yes" {
        errors.add("confirmed", "Look at the unusual values, and say that they hold");
    }
    if preview.plan.changed > 0 && form.reason.trim().is_empty() {
        errors.add("reason", "Say why figures change that are stored already");
    }
    if !errors.is_empty() {
        return Ok(preview_page(&measures, file, &name, &preview, &form, &errors)?.with_errors(&errors).into());
    }
    let reason: String = form.reason.trim().chars().take(2_000).collect();
    let imported =
        importing::carry_out(&mut unit, &measures.cluster, entry, preview, &reason, form.confirmed == "yes").await?;
    uploads::confirm(&measures, unit, file).await?;
    let word =
        format!("Imported: {} new, {} changed, {} as they were.", imported.added, imported.changed, imported.unchanged);
    Ok(Done::to(measures.path()).saying(word).into())
}

fn preview_page(
    measures: &Loaded<Measures>,
    file: Uuid,
    name: &str,
    preview: &Preview,
    form: &ConfirmForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let plan = &preview.plan;
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (name) } "What this import would do" }
        ul {
            li { (count(plan.added, "figure", "figures")) " new" }
            li { (count(plan.changed, "figure", "figures")) " changed" }
            li { (count(plan.unchanged, "figure", "figures")) " as they are" }
            li { (count(plan.faults.len(), "line", "lines")) " to correct" }
            li { (count(plan.jumps.len(), "value", "values")) " unusual for their site" }
        }
        @if preview.has_faults() {
            (InsetText::new("Nothing can be imported while a line needs correcting. Correct the file and upload it again."))
        } @else {
            form method="post" action={ (path(measures)) "/" (file) } novalidate {
                @if plan.changed > 0 {
                    (Textarea::new("reason", "Why figures change that are stored already").hint("Kept beside what they were").value(form.reason.as_str()).rows(Some(2)).error_message(errors.of("reason")))
                }
                @if !plan.jumps.is_empty() {
                    (Checkboxes::single("confirmed", "yes", "I have looked at the unusual values, and they hold").error_message(errors.of("confirmed")))
                }
                (Button::new("Import all of it"))
            }
        }
        p { a href={ (path(measures)) "/new" } { "Upload another file" } }
        (told("To correct", plan.faults.iter().map(ToString::to_string), plan.faults.len()))
        (told("Unusual for their site", plan.jumps.iter().map(|jump| preview.jump(jump)), plan.jumps.len()))
    };
    let data = json!({
        "file": name, "new": plan.added, "changed": plan.changed, "unchanged": plan.unchanged,
        "row_errors": plan.faults, "unusual": plan.jumps, "errors": errors,
    });
    Ok(under(Page::new("What this import would do", view).data(&data)?, measures))
}

fn told(title: &str, lines: impl Iterator<Item = String>, all: usize) -> Markup {
    html! {
        @if all > 0 {
            (Table::new(title).head([title]).rows(lines.take(SHOWN).map(|line| vec![Cell::new(line)])))
            @if all > SHOWN { p { "And " (all - SHOWN) " more." } }
        }
    }
}
