//! `/clusters/{cluster}/innovations`: what is to be adopted, how far each has spread, and the practices to copy.

use hiec_kernel::clock::london_date;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;

use super::page::spread_of;
use super::store::{self, Innovation, Innovations};
use crate::ground::{self, made_up};

#[derive(Serialize)]
struct Line {
    innovation: Innovation,
    eligible: u32,
    ever_adopted: u32,
    in_use: u32,
}

pub async fn get(door: Loaded<Innovations>) -> Answer {
    let cluster = &door.cluster;
    let database = door.database();
    let today = london_date(door.now());
    let mut lines = Vec::new();
    for innovation in store::of_cluster(&database, cluster.id).await? {
        let spread = spread_of(&database, &innovation, today).await?.spread;
        let (ever_adopted, in_use) = spread.now();
        lines.push(Line { innovation, eligible: spread.eligible, ever_adopted, in_use });
    }
    let may_start = door.may("innovation.start");
    let rows = lines.iter().map(|line| {
        vec![
            Cell::new(html! {
                a.nhsuk-link href=(line.innovation.path(cluster)) { (line.innovation.name) }
                (made_up(line.innovation.is_illustrative))
            }),
            Cell::numeric(line.eligible),
            Cell::numeric(line.ever_adopted),
            Cell::numeric(line.in_use),
        ]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Innovations" }
        p { "What is to be adopted at the sites of this cluster, and how far it has spread." }
        @if lines.is_empty() {
            @let empty = EmptyState::new("No innovation is named yet. Name one, say which sites it is for, and each site says where it stands.");
            @if may_start { (empty.action("Name the first innovation", format!("{}/innovations/new", cluster.path()))) } @else { (empty) }
        } @else {
            (Table::new("Innovations and how far they have spread")
                .head([Column::new("Innovation"), Column::numeric("Eligible sites"), Column::numeric("Ever adopted"), Column::numeric("Use it now")])
                .first_cell_is_header(true)
                .rows(rows))
        }
        @if may_start && !lines.is_empty() {
            p { (Button::link("Name an innovation", format!("{}/innovations/new", cluster.path()))) }
        }
        p { a href={ (cluster.path()) "/practices" } { "Practices to copy" } }
        @if door.may_with("trial.list", &ground::target(cluster, "trial", cluster.id.0, door.now())) {
            p { a href={ (cluster.path()) "/trials" } { "Trials that industry asks for" } }
        }
    };
    Ok(ground::under(Page::new("Innovations", view).data(&lines)?, cluster).into())
}
