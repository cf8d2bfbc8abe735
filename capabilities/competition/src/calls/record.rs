//! `/calls/{call}/record`: the audit trail of a round, every entry with its hash; what is sealed or in confidence stands there as the fact that it happened, never as content.

use axum::extract::Query;
use hiec_store::audit;
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Deserialize;

use super::store::Call;

/// Entries on one page.
const PAGE: i64 = 200;

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct From {
    /// Show entries after this number.
    #[serde(default)]
    after: i64,
}

pub async fn get(call: Loaded<Call>, Query(from): Query<From>) -> Answer {
    let after = from.after.max(0);
    let entries = audit::entries(&call.database(), &call.stream(), after, PAGE).await?;
    let next = entries.last().filter(|_| entries.len() as i64 == PAGE).map(|entry| entry.seq);
    let rows = entries.iter().map(|entry| {
        vec![
            Cell::numeric(entry.seq),
            Cell::new(entry.at.replace('T', " ").replace(".000Z", " UTC")),
            Cell::new(entry.kind.as_str()),
            Cell::new(html! { span.app-fingerprint { (entry.subject) } }),
            Cell::new(html! { span.app-fingerprint { (entry.actor) } }),
            Cell::new(entry.reason.clone().unwrap_or_default()),
            Cell::new(html! { span.app-fingerprint { (entry.hash.get(..12).unwrap_or_default()) } }),
        ]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (call.title) } "Record of the round" }
        p {
            "Each entry carries the fingerprint of the one before, so that a change, a gap or another order shows. \
             The whole chain can be taken away and checked without this program's database."
        }
        @if entries.is_empty() {
            p { "There is no entry after number " (after) "." }
        } @else {
            (Table::new("Entries, oldest first")
                .head([
                    Column::numeric("Number"), Column::new("When"), Column::new("What"), Column::new("Of"),
                    Column::new("By"), Column::new("Reason"), Column::new("Fingerprint"),
                ])
                .responsive(true)
                .rows(rows))
        }
        @if let Some(next) = next { p { a href={ (call.path()) "/record?after=" (next) } { "Later entries" } } }
    };
    Ok(Page::new("Record of the round", view)
        .data(&entries)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .wide()
        .into())
}
