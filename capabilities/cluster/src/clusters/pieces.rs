//! Small parts that many pages of a cluster show; they decide nothing.

use chrono::{Datelike, NaiveDate};
use hiec_files::Table as FileTable;
use hiec_files::table::workbook;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{Reads, organisations};
use hiec_web::components::own::IllustrativeTag;
use hiec_web::components::{ErrorItem, ErrorSummary, Input};
use hiec_web::{Errors, Page, Reply};
use maud::{Markup, html};

use super::store::Cluster;

/// The list of mistakes on top of a form, each leading to its field.
pub(crate) fn summary(errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| ErrorItem::for_field(&error.field, error.message.as_str()))))
        }
    }
}

/// Marks what is made up.
pub(crate) fn illustrative(holds: bool) -> Markup {
    html! { @if holds { " " (IllustrativeTag) } }
}

/// The heading of a page of a cluster.
pub(crate) fn head(cluster: &Cluster, title: &str) -> Markup {
    html! { h1 { span.nhsuk-caption-xl { (cluster.short_name) } (title) } }
}

/// The links back from a page of a cluster.
pub(crate) fn room(page: Page, cluster: &Cluster) -> Page {
    page.under("/clusters", "Clusters").under(cluster.path(), cluster.short_name.clone())
}

/// A field for a day.
pub(crate) fn day_field(name: &str, label: &str, typed: &str, errors: &Errors) -> Input {
    Input::new(name, label.to_owned()).kind("date").value(typed).width(10_u8).error_message(errors.of(name))
}

/// A day that must be there.
pub(crate) fn day(errors: &mut Errors, field: &str, what: &str, typed: &str) -> Option<NaiveDate> {
    let typed = typed.trim();
    if typed.is_empty() {
        errors.add(field, format!("Enter {what}"));
        return None;
    }
    match typed.parse::<NaiveDate>() {
        Ok(day) if (1990..=2100).contains(&day.year()) => Some(day),
        _ => {
            errors.add(field, "Enter a date as year, month, day, for example 2010-04-01");
            None
        }
    }
}

/// A text that may be left empty; too long or with hidden signs it is an error.
pub(crate) fn optional(errors: &mut Errors, field: &str, what: &str, typed: &str, most: usize) -> Option<String> {
    if typed.trim().is_empty() { Some(String::new()) } else { errors.text(field, what, typed, most) }
}

/// The organisation of this exact name (in any case) or ODS code.
pub(crate) async fn organisation_named(reads: &impl Reads, text: &str) -> Result<Option<Organisation>, StoreError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 300 {
        return Ok(None);
    }
    let found = organisations::search(reads, text, 50).await?;
    let same = |name: &str| name.to_lowercase() == text.to_lowercase();
    Ok(found.into_iter().find(|one| same(&one.name) || one.ods_code.as_deref().is_some_and(same)))
}

/// A list to take away, as comma-separated values.
pub(crate) fn csv(name: &str, table: &FileTable) -> Result<Reply, Problem> {
    Ok(Reply::download(name, "text/csv; charset=utf-8", table.to_csv_for_excel().into_bytes()))
}

/// The same as a workbook.
pub(crate) fn xlsx(name: &str, table: &FileTable, made: Timestamp) -> Result<Reply, Problem> {
    let bytes = workbook(&[table], made).map_err(Problem::internal)?;
    Ok(Reply::download(name, XLSX, bytes))
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// "1 partner", "2 partners".
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A text of several lines, as it was typed.
pub(crate) fn paragraphs(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").map(str::trim).filter(|one| !one.is_empty()) {
            p { @for (place, line) in paragraph.lines().enumerate() { @if place > 0 { br; } (line) } }
        }
    }
}
