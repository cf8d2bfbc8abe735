//! `…/tariff/lists/{list}` and `…/tariff/accounts/{list}`: a list as it is loaded, and loading another: uploaded, previewed, taken whole or not at all.

use axum::extract::Path;
use hiec_files::import::{ImportPlan, Importable};
use hiec_files::table::{Cell as FileCell, Column as FileColumn, Table as Sheet};
use hiec_kernel::clock::london_date;
use hiec_kernel::{Fingerprint, Problem};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, FileUpload, InsetText, Table};
use hiec_web::uploads::{self, SHOWN, Sent, Upload};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::lists::{Entry, List};
use super::loading::{self, Preview};
use super::store;
use crate::access::{Education, Sight};
use crate::{ground, home};

pub(super) const LARGEST: usize = uploads::LARGEST_LIST;

/// The list an address names. One kept by the other side is not there for taking.
fn list_of(key: &str) -> Result<List, Problem> {
    List::from_key(key).ok_or_else(Problem::not_found)
}

fn to_take(door: &Loaded<Education>, key: &str) -> Result<List, Problem> {
    list_of(key).ok().filter(|list| door.may(list.action())).ok_or_else(Problem::not_found)
}

fn path(door: &Loaded<Education>, list: List) -> String {
    format!("{}/tariff/{}", door.path(), list.path())
}

async fn entries(door: &Loaded<Education>, list: List) -> Result<Vec<Entry>, Problem> {
    let all = store::entries(&door.database(), door.cluster.id, None).await?;
    let sight = super::drawing::sight(door, &door.cluster);
    Ok(all.into_iter().filter(|entry| entry.list == list).filter(|entry| may_see(&sight, entry)).collect())
}

/// What a host had before and what placements cost it is between that host, the cluster and the payer.
fn may_see(sight: &Sight, entry: &Entry) -> bool {
    match (entry.list, entry.host) {
        (List::Costs | List::Incomes, Some(host)) => sight.sees(host),
        _ => true,
    }
}

pub async fn get(door: Loaded<Education>, Path((_, key)): Path<(String, String)>) -> Answer {
    let list = list_of(&key)?;
    let entries = entries(&door, list).await?;
    let path = path(&door, list);
    let columns = list.all_columns();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } (list.label()) }
        p { (list.about()) "." }
        @if door.may(list.action()) { (Button::link("Load a list", format!("{path}/imports/new"))) }
        @if entries.is_empty() {
            (EmptyState::new(empty(list)))
        } @else {
            (table(list.label(), &columns, entries.iter()))
            (Downloads::new([("The list as CSV", format!("{path}/file.csv"))]))
        }
    };
    let data = json!({ "list": list, "entries": entries.iter().map(|entry| &entry.cells).collect::<Vec<_>>() });
    Ok(under(&door, Page::new(list.label(), view).data(&data)?).wide().into())
}

fn empty(list: List) -> &'static str {
    match list {
        List::Prices => {
            "No price is loaded, so every line of a statement says so. The region loads what was published."
        }
        List::Factors => "No market forces factor is loaded, so no line has an amount. The region loads each host’s.",
        List::Salaries => "No salary is loaded. Tariffs that pay a share of one need it.",
        List::Limits => "No limit is loaded: what the tariff says is paid.",
        List::Costs => "No cost is reported yet, so nobody can hold it against the price. The cluster reports it.",
        List::Incomes => "No income is reported yet. Limits to losses and gains need it.",
    }
}

fn under(door: &Loaded<Education>, page: Page) -> Page {
    home::under(page, &door.cluster).under(format!("{}/tariff", door.path()), "What follows trainees")
}

fn table<'a>(caption: &str, columns: &[&'static str], entries: impl Iterator<Item = &'a Entry>) -> Markup {
    let words = |column: &str| {
        let words = column.replace('_', " ");
        let (first, rest) = words.split_at(1.min(words.len()));
        first.to_uppercase() + rest
    };
    html! {
        (Table::new(caption)
            .head(columns.iter().map(|column| Column::new(words(column))).collect::<Vec<_>>())
            .responsive(true)
            .rows(entries.map(|entry| {
                columns.iter().map(|column| Cell::new(if entry.cell(column).is_empty() { "–" } else { entry.cell(column) })).collect::<Vec<_>>()
            })))
    }
}

pub async fn csv(door: Loaded<Education>, Path((_, key)): Path<(String, String)>) -> Answer {
    let list = list_of(&key)?;
    let columns = list.all_columns();
    let about = |column: &&'static str| FileColumn::new(*column, "As loaded");
    let mut sheet = Sheet::new(list.key(), columns.iter().map(about).collect());
    for entry in entries(&door, list).await? {
        sheet.push(columns.iter().map(|column| FileCell::text(entry.cell(column))).collect::<Vec<_>>());
    }
    Ok(ground::csv(&door.cluster, &sheet))
}

pub async fn new(door: Loaded<Education>, Path((_, key)): Path<(String, String)>) -> Answer {
    let list = to_take(&door, &key)?;
    Ok(upload_page(&door, list, &Errors::none()).into())
}

fn upload_page(door: &Loaded<Education>, list: List, errors: &Errors) -> Page {
    let path = path(door, list);
    let (needed, known) = list.columns();
    let title = format!("Load a list: {}", list.label().to_lowercase());
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } (title) }
        p { "A CSV file or a workbook (XLSX). You see what it would do before anything is done. A line that is loaded already is corrected; the record keeps what stood there." }
        @if matches!(list, List::Prices | List::Factors) {
            p { "Two that hold at once are refused, unless both say when they were published: the later then revises the earlier." }
        }
        form method="post" action={ (path) "/imports" } enctype="multipart/form-data" novalidate {
            (FileUpload::new("file", "The list").accept(".csv,.xlsx").hint("At most 10 megabytes and 50,000 lines").error_message(errors.of("file").unwrap_or_default()))
            (Button::new("Upload and preview"))
        }
        p {
            "Columns it must have: " code { (needed.join(", ")) } "."
            @if !known.is_empty() { " It may also have: " code { (known.join(", ")) } "." }
        }
    };
    under(door, Page::new(title, view)).under(path, list.label())
}

fn purpose(door: &Loaded<Education>, list: List) -> String {
    format!("import:tariff:{}:{}", list.key(), door.cluster.id)
}

pub async fn upload(door: Loaded<Education>, Path((_, key)): Path<(String, String)>, form: Upload) -> Answer {
    let list = to_take(&door, &key)?;
    let mut errors = Errors::none();
    let Some(sent) = form.list().await? else {
        errors.add("file", "Choose a file with at least one line");
        return Ok(upload_page(&door, list, &errors).with_errors(&errors).into());
    };
    // Read before it is kept: a file that is no list is not worth keeping.
    if let Err(error) = loading::preview(&door.database(), door.cluster.id, list, &sent.name, &sent.bytes).await {
        error.note(&mut errors)?;
        return Ok(upload_page(&door, list, &errors).with_errors(&errors).into());
    }
    let file = uploads::keep(&door, &purpose(&door, list), sent).await?;
    Ok(Done::made(format!("{}/imports/{file}", path(&door, list))).into())
}

pub async fn preview(door: Loaded<Education>, Path((_, key, file)): Path<(String, String, Uuid)>) -> Answer {
    let list = to_take(&door, &key)?;
    let Sent { name, bytes } = uploads::waiting(&door, &purpose(&door, list), file).await?;
    let preview =
        loading::preview(&door.database(), door.cluster.id, list, &name, &bytes).await.map_err(Problem::from)?;
    Ok(preview_page(&door, list, file, &name, &preview)?.into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ConfirmForm {
    /// The fingerprint of the preview that was seen.
    #[serde(default)]
    seen: String,
}

pub async fn confirm(
    door: Loaded<Education>,
    Path((_, key, file)): Path<(String, String, Uuid)>,
    Input(form): Input<ConfirmForm>,
) -> Answer {
    let list = to_take(&door, &key)?;
    let Sent { name, bytes } = uploads::waiting(&door, &purpose(&door, list), file).await?;
    let mut unit = door.begin().await?;
    let preview = loading::preview(&unit, door.cluster.id, list, &name, &bytes).await.map_err(Problem::from)?;
    let seen = Fingerprint::from(form.seen);
    let loaded = loading::carry_out(&mut unit, door.cluster.id, list, preview, Some(&seen), false).await?;
    uploads::confirm(&door, unit, file).await?;
    let word = format!("Loaded: {} new, {} corrected.", loaded.added, loaded.changed.len());
    Ok(Done::to(path(&door, list)).saying(word).into())
}

fn preview_page(
    door: &Loaded<Education>,
    list: List,
    file: Uuid,
    name: &str,
    preview: &Preview,
) -> Result<Page, Problem> {
    let plan = &preview.plan;
    let seen = plan.fingerprint();
    let path = path(door, list);
    let today = london_date(door.now());
    let coming = plan.new.iter().map(|placed| &placed.record).chain(plan.changed.iter().map(|row| &row.record));
    let ahead = coming.filter(|entry| entry.is_ahead(today)).count();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (name) } "What this list would do" }
        ul {
            li { (plan.new.len()) " new" }
            li { (plan.changed.len()) " corrected" }
            li { (plan.unchanged.len()) " loaded already, as they are" }
            li { (plan.row_errors.len()) " faults to correct" }
        }
        @if ahead > 0 {
            (InsetText::new(format!(
                "{} published on a day to come. Until that day {} not count, wherever it is looked at.",
                if ahead == 1 { "1 line says it is".to_owned() } else { format!("{ahead} lines say they are") },
                if ahead == 1 { "it does" } else { "they do" }
            )))
        }
        @if plan.is_acceptable() {
            form method="post" action={ (path) "/imports/" (file) } {
                input type="hidden" name="seen" value=(seen);
                (Button::new("Load all of it"))
            }
        } @else {
            (InsetText::new("Nothing can be loaded while a line needs correcting. Correct the file and upload it again."))
        }
        p { a href={ (path) "/imports/new" } { "Upload another file" } }
        (uploads::faults(plan))
        (uploads::changes(plan, "Line of the list", Importable::key, |field| field.replace('_', " ")))
        (added(list, plan))
    };
    let data = json!({
        "file": name, "seen": seen, "is_acceptable": plan.is_acceptable(), "new": plan.new.len(),
        "changed": plan.changed, "unchanged": plan.unchanged.len(), "row_errors": plan.row_errors, "ahead": ahead,
    });
    let page = under(door, Page::new("What this list would do", view).data(&data)?);
    Ok(page.under(path, list.label()).wide())
}

fn added(list: List, plan: &ImportPlan<Entry>) -> Markup {
    html! {
        @if !plan.new.is_empty() {
            h2 { "New" }
            (table("New", &list.all_columns(), plan.new.iter().take(SHOWN).map(|placed| &placed.record)))
            (uploads::more(plan.new.len()))
        }
    }
}
