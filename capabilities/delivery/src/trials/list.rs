//! `/clusters/{cluster}/trials`: what industry asks, how many patients sites could recruit, and where trials were opened; and the same as a table.

use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;

use super::answers::{AtSite, Feasibility};
use super::store::{self, Trial, Trials};
use crate::ground::{self, made_up};

#[derive(Serialize)]
struct Line {
    trial: Trial,
    sites_answered: usize,
    patients: u32,
    sites_opened: usize,
}

pub async fn get(door: Loaded<Trials>) -> Answer {
    let cluster = &door.cluster;
    let mut lines = Vec::new();
    for trial in store::of_cluster(&door.database(), cluster.id).await? {
        let sites = store::at_sites(&door.database(), trial.id).await?;
        lines.push(Line {
            sites_answered: sites.len(),
            patients: sites.values().filter_map(AtSite::feasibility).map(Feasibility::patients).sum(),
            sites_opened: sites.values().filter(|at| matches!(at, AtSite::Opened { .. })).count(),
            trial,
        });
    }
    let may_ask = door.may("trial.ask");
    let rows = lines.iter().map(|line| {
        vec![
            Cell::new(html! { a.nhsuk-link href=(line.trial.path(cluster)) { (line.trial.title) } (made_up(line.trial.is_illustrative)) }),
            Cell::new(line.trial.company.as_str()),
            Cell::new(day_on_page(line.trial.answer_by)),
            Cell::numeric(line.sites_answered),
            Cell::numeric(format!("{} of {}", line.patients, line.trial.wanted)),
            Cell::numeric(line.sites_opened),
        ]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Trials" }
        p { "What companies and the clinical research network ask, and which sites could take part." }
        @if lines.is_empty() {
            @let empty = EmptyState::new("Nobody has asked yet.");
            @if may_ask { (empty.action("Pass on the first question", format!("{}/trials/new", cluster.path()))) } @else { (empty) }
        } @else {
            (Table::new("Trials")
                .head([Column::new("Trial"), Column::new("Company"), Column::new("Answer by"), Column::numeric("Sites answered"), Column::numeric("Patients"), Column::numeric("Opened at")])
                .first_cell_is_header(true)
                .rows(rows))
            (Downloads::new([("Trials and answers as CSV".to_owned(), format!("{}/trials.csv", cluster.path())), ("Trials and answers as XLSX".to_owned(), format!("{}/trials.xlsx", cluster.path()))]))
            @if may_ask { p { (Button::link("Pass on a question", format!("{}/trials/new", cluster.path()))) } }
        }
    };
    Ok(ground::under(Page::new("Trials", view).data(&lines)?, cluster).into())
}

pub async fn csv(door: Loaded<Trials>) -> Answer {
    Ok(ground::csv(&door.cluster, &listed(&door).await?))
}

pub async fn xlsx(door: Loaded<Trials>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &listed(&door).await?, door.now())?)
}

/// The list to take away.
async fn listed(door: &Loaded<Trials>) -> Result<FileTable, Problem> {
    let cluster = &door.cluster;
    let today = london_date(door.now());
    let mut table = FileTable::with_columns(
        "trials",
        [
            ("trial", "Title of the trial"),
            ("company", "Who asks"),
            ("asked_on", "When it was asked"),
            ("answer_by", "When answers are due"),
            ("site", "Name of the site"),
            ("state", "Asked, could, could not, opened or not opened"),
            ("patients", "How many it could recruit"),
            ("illustrative", "Whether the trial was made up"),
        ],
    );
    for trial in store::of_cluster(&door.database(), cluster.id).await? {
        let sites = store::at_sites(&door.database(), trial.id).await?;
        for (id, name) in ground::sites(cluster, today) {
            let at = sites.iter().find(|(site, _)| site.to_string() == id).map(|(_, at)| at);
            table.push([
                FileCell::from(trial.title.as_str()),
                FileCell::from(trial.company.as_str()),
                FileCell::from(trial.asked_on),
                FileCell::from(trial.answer_by),
                FileCell::from(name),
                FileCell::from(at.map_or("Asked", AtSite::words)),
                FileCell::from(at.and_then(AtSite::feasibility).map(|one| i64::from(one.patients()))),
                FileCell::from(trial.is_illustrative),
            ]);
        }
    }
    Ok(table)
}
