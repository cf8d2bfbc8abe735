//! `/clusters/{cluster}/education/workforce`: the models a cluster keeps.

use hiec_kernel::clock::date_on_page;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde_json::json;

use super::store;
use crate::access::Education;
use crate::{ground, home};

pub async fn get(door: Loaded<Education>) -> Answer {
    let database = door.database();
    let mut lines = Vec::new();
    for model in store::of_cluster(&database, door.cluster.id).await? {
        let versions = store::versions(&database, model.id).await?;
        let runs = store::runs(&database, model.id).await?;
        lines.push((model, versions, runs));
    }
    let path = format!("{}/workforce", door.path());
    let may_write = door.may("workforce.write");
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Workforce" }
        p { "How many there will be, by specialty and year: those in training, those in post, and what is missing. Training takes years, so a change made now shows late; each model says when." }
        @if lines.is_empty() {
            @let empty = EmptyState::new("No model has been made yet.");
            @if may_write { (empty.action("Make one from those in training", format!("{path}/new"))) } @else { (empty) }
        } @else {
            (Table::new("Models")
                .head([Column::new("Model"), Column::numeric("Versions"), Column::numeric("Runs"), Column::new("Last run")])
                .first_cell_is_header(true)
                .rows(lines.iter().map(|(model, versions, runs)| vec![
                    Cell::new(html! { a.nhsuk-link href=(model.path(&door.cluster)) { (model.name) } (ground::made_up(model.is_illustrative)) }),
                    Cell::numeric(versions.len()),
                    Cell::numeric(runs.len()),
                    Cell::new(runs.first().map_or_else(|| "Not yet".to_owned(), |run| date_on_page(run.ran_at))),
                ])))
            @if may_write { p { (Button::link("Make another model", format!("{path}/new"))) } }
        }
    };
    let models: Vec<_> = lines
        .iter()
        .map(|(model, versions, runs)| json!({ "model": model, "versions": versions.len(), "runs": runs.len() }))
        .collect();
    Ok(home::under(Page::new("Workforce", view).data(&json!({ "models": models }))?, &door.cluster).into())
}
