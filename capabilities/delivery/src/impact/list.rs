//! `/clusters/{cluster}/impact`: what is to be found out, and what was; drafts are for the cluster alone.

use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::day_on_page;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;

use super::store::{self, Plans, ResultFound, StoredPlan};
use crate::ground::{self, made_up};

#[derive(Serialize)]
struct Line {
    #[serde(skip)]
    path: String,
    title: String,
    outcome: String,
    start: chrono::NaiveDate,
    frozen_on: Option<chrono::NaiveDate>,
    /// The newest result in plain words.
    result: Option<String>,
    is_illustrative: bool,
}

async fn lines(door: &Loaded<Plans>) -> Result<Vec<Line>, Problem> {
    let database = door.database();
    let mut lines = Vec::new();
    for plan in store::of_cluster(&database, door.cluster.id).await? {
        if door.may_with("impact_plan.view", &plan.target(&door.cluster, door.now())) {
            let newest = store::results(&database, plan.id).await?.into_iter().next();
            lines.push(line(door, &plan, newest));
        }
    }
    Ok(lines)
}

fn line(door: &Plans, plan: &StoredPlan, newest: Option<ResultFound>) -> Line {
    let says = plan.says();
    Line {
        path: plan.path(&door.cluster),
        title: says.title.clone(),
        outcome: says.outcome.clone(),
        start: says.start,
        frozen_on: plan.frozen.as_ref().map(|frozen| frozen.plan.on),
        is_illustrative: plan.is_illustrative || newest.as_ref().is_some_and(|result| result.is_illustrative),
        result: newest.map(|result| result.found.words),
    }
}

pub async fn get(door: Loaded<Plans>) -> Answer {
    let cluster = &door.cluster;
    let lines = lines(&door).await?;
    let may_start = door.may("impact_plan.start");
    let rows = lines.iter().map(|line| {
        vec![
            Cell::new(html! { a.nhsuk-link href=(line.path) { (line.title) } (made_up(line.is_illustrative)) }),
            Cell::new(day_on_page(line.start)),
            Cell::new(line.frozen_on.map_or_else(|| "Draft".to_owned(), day_on_page)),
            Cell::new(line.result.as_deref().unwrap_or("Not known yet")),
        ]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "What would have happened anyway" }
        p { "Much of what improves would have improved anyway. A plan says before the start what will be compared with what; it is then frozen, and the result is held against it. Where a design cannot tell, it says so." }
        @if lines.is_empty() {
            @let empty = EmptyState::new("No plan is frozen yet.");
            @if may_start { (empty.action("Write the first plan", format!("{}/impact/new", cluster.path()))) } @else { (empty) }
        } @else {
            (Table::new("Impact plans")
                .head([Column::new("Plan"), Column::new("Begins"), Column::new("Frozen"), Column::new("Result")])
                .first_cell_is_header(true)
                .rows(rows))
            (Downloads::new([("Plans and results as CSV".to_owned(), format!("{}/impact.csv", cluster.path())), ("Plans and results as XLSX".to_owned(), format!("{}/impact.xlsx", cluster.path()))]))
            @if may_start { p { (Button::link("Write a plan", format!("{}/impact/new", cluster.path()))) } }
        }
    };
    let page = Page::new("What would have happened anyway", view).data(&lines)?;
    Ok(ground::under(page, cluster).into())
}

pub async fn csv(door: Loaded<Plans>) -> Answer {
    Ok(ground::csv(&door.cluster, &listed(&door).await?))
}

pub async fn xlsx(door: Loaded<Plans>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &listed(&door).await?, door.now())?)
}

/// The list to take away.
async fn listed(door: &Loaded<Plans>) -> Result<FileTable, Problem> {
    let mut table = FileTable::with_columns(
        "impact",
        [
            ("plan", "Title of the plan"),
            ("outcome", "What is measured"),
            ("start", "The day it begins"),
            ("frozen_on", "The day the plan was frozen; empty for a draft"),
            ("result", "The newest result in plain words"),
            ("illustrative", "Whether plan or figures were made up"),
            ("page", "The plan's page"),
        ],
    );
    for line in lines(door).await? {
        table.push([
            FileCell::from(line.title),
            FileCell::from(line.outcome),
            FileCell::from(line.start),
            FileCell::from(line.frozen_on),
            FileCell::from(line.result),
            FileCell::from(line.is_illustrative),
            FileCell::from(door.app.site().link(&line.path)),
        ]);
    }
    Ok(table)
}
