//! `/clusters/{cluster}/projects`: all projects by category and pathway, with how they stand and what comes next; and the same as a table.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;
use uuid::Uuid;

use super::standing::Status;
use super::store::{self, Milestone, Project, Projects};
use crate::ground::{self, made_up};
use crate::pathways::store::{self as pathways, Category, Pathway};

#[derive(Serialize)]
struct Shown<'a> {
    pathways: &'a [Pathway],
    projects: &'a [Project],
}

/// The tag of a status; the words carry the meaning.
pub(super) fn tag(status: Status) -> Tag {
    Tag::new(status.label()).colour(match status {
        Status::OnTrack => TagColour::Green,
        Status::AtRisk => TagColour::Yellow,
        Status::Late => TagColour::Red,
        Status::Paused => TagColour::Grey,
        Status::Ended => TagColour::White,
    })
}

pub async fn get(door: Loaded<Projects>) -> Answer {
    let cluster = &door.cluster;
    let database = door.database();
    let pathways = pathways::of_cluster(&database, cluster.id).await?;
    let projects = store::of_cluster(&database, cluster.id).await?;
    let open = store::open_milestones(&database, cluster.id).await?;
    let today = london_date(door.now());
    let may_start = door.may("project.start");
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Pathways and projects" }
        @if pathways.is_empty() {
            @let empty = EmptyState::new("This cluster has not started a pathway yet. Its projects will stand here, by pathway.");
            @if may_start { (empty.action("Start the first pathway", format!("{}/pathways/new", cluster.path()))) } @else { (empty) }
        } @else {
            (counts(&projects))
            (Downloads::new([
                ("Projects as CSV".to_owned(), format!("{}/projects.csv", cluster.path())),
                ("Projects as XLSX".to_owned(), format!("{}/projects.xlsx", cluster.path())),
            ]))
        }
        @for category in Category::ALL {
            @let here: Vec<&Pathway> = pathways.iter().filter(|pathway| pathway.category == *category).collect();
            @if !here.is_empty() {
                h2 { (category.label()) }
                @for pathway in here { (section(cluster, pathway, &projects, &open, today)) }
            }
        }
        @if may_start && !pathways.is_empty() {
            p {
                (Button::link("Start a project", format!("{}/projects/new", cluster.path())))
                " "
                (Button::link("Start a pathway", format!("{}/pathways/new", cluster.path())).secondary())
            }
        }
        p { a href={ (cluster.path()) "/innovations" } { "Innovations and how far they have spread" } }
        p { a href={ (cluster.path()) "/impact" } { "What would have happened anyway: impact plans" } }
    };
    let page = Page::new("Pathways and projects", view).data(&Shown { pathways: &pathways, projects: &projects })?;
    Ok(ground::under(page, cluster).into())
}

fn counts(projects: &[Project]) -> Markup {
    let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
    for project in projects {
        *counts.entry(project.standing.status).or_default() += 1;
    }
    html! {
        @if !projects.is_empty() {
            p {
                (projects.len()) @if projects.len() == 1 { " project: " } @else { " projects: " }
                @for (nth, (status, count)) in counts.iter().enumerate() {
                    @if nth > 0 { ", " }
                    (count) " " (status.label().to_lowercase())
                }
                "."
            }
        }
    }
}

fn section(
    cluster: &ClusterSeen,
    pathway: &Pathway,
    projects: &[Project],
    open: &BTreeMap<Uuid, Vec<Milestone>>,
    today: NaiveDate,
) -> Markup {
    let here: Vec<&Project> = projects.iter().filter(|project| project.pathway == pathway.id).collect();
    let rows = here.iter().map(|project| {
        let next = open.get(&project.id).and_then(|milestones| milestones.first());
        vec![
            Cell::new(html! { a.nhsuk-link href=(project.path(cluster)) { (project.name) } (made_up(project.is_illustrative)) }),
            Cell::new(html! { (tag(project.standing.status)) }),
            Cell::new(project.standing.reason.as_str()),
            Cell::new(html! {
                @match next {
                    Some(next) => {
                        (next.title) ", " (day_on_page(next.due_on))
                        @if next.due_on < today { " (overdue)" }
                        (made_up(next.is_illustrative))
                    }
                    None => { "No milestone ahead" }
                }
            }),
        ]
    });
    html! {
        h3 id=(pathway.key) { (pathway.name) (made_up(pathway.is_illustrative)) }
        p {
            "Since " (day_on_page(pathway.starts_on)) ". "
            @if pathway.lead.is_empty() { "No clinical lead is named yet." } @else { "Clinical lead: " (pathway.lead) "." }
        }
        @if here.is_empty() {
            p { "No project on this pathway yet." }
        } @else {
            (Table::new(format!("Projects on {}", pathway.name))
                .head([Column::new("Project"), Column::new("Status"), Column::new("Why"), Column::new("Next milestone")])
                .first_cell_is_header(true)
                .rows(rows))
        }
    }
}

pub async fn csv(door: Loaded<Projects>) -> Answer {
    Ok(ground::csv(&door.cluster, &table(&door).await?))
}

pub async fn xlsx(door: Loaded<Projects>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &table(&door).await?, door.now())?)
}

async fn table(door: &Loaded<Projects>) -> Result<FileTable, Problem> {
    let database = door.database();
    let cluster = door.cluster.id;
    let pathways = pathways::of_cluster(&database, cluster).await?;
    let projects = store::of_cluster(&database, cluster).await?;
    let products = store::product_names(&database, cluster).await?;
    let open = store::open_milestones(&database, cluster).await?;
    let mut table = FileTable::with_columns(
        "projects",
        [
            ("category", "Category of the pathway"),
            ("pathway", "Name of the pathway"),
            ("project", "Name of the project"),
            ("what", "What it does"),
            ("partners", "Who works on it"),
            ("starts_on", "First day"),
            ("status", "How it stands"),
            ("since", "Since when it stands so"),
            ("reason", "Why it stands so"),
            ("products", "What it makes that others can take away"),
            ("next_milestone", "The first milestone that is not reached"),
            ("due_on", "When that is due"),
            ("source", "Where this is published"),
            ("illustrative", "Whether the project was made up"),
            ("page", "The project's page"),
        ],
    );
    for pathway in &pathways {
        for project in projects.iter().filter(|project| project.pathway == pathway.id) {
            let next = open.get(&project.id).and_then(|milestones| milestones.first());
            table.push([
                FileCell::from(pathway.category.label()),
                FileCell::from(pathway.name.as_str()),
                FileCell::from(project.name.as_str()),
                FileCell::from(project.what.as_str()),
                FileCell::from(project.partners.join("; ")),
                FileCell::from(project.starts_on),
                FileCell::from(project.standing.status.label()),
                FileCell::from(project.standing.since),
                FileCell::from(project.standing.reason.as_str()),
                FileCell::from(products.get(&project.id).map(|names| names.join("; ")).unwrap_or_default()),
                FileCell::from(next.map(|milestone| milestone.title.clone())),
                FileCell::from(next.map(|milestone| milestone.due_on)),
                FileCell::from(project.source.as_str()),
                FileCell::from(project.is_illustrative),
                FileCell::from(door.app.site().link(&project.path(&door.cluster))),
            ]);
        }
    }
    Ok(table)
}
