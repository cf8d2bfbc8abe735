//! `/clusters/{cluster}/education/rounds`: the placement rounds of a cluster and where each stands, and the same as a table.

use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::day_on_page;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;

use super::access::Rounds;
use super::store;
use crate::ground::{self, made_up};
use crate::home;

pub async fn get(door: Loaded<Rounds>) -> Answer {
    let rounds = store::of_cluster(&door.database(), door.cluster.id).await?;
    let may_plan = door.may("round.plan");
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Placement rounds" }
        p { "Hosts say how many trainees they take, trainees rank hosts, one stated rule gives places, and everybody gets the reasons. Nobody but the trainee sees a ranking." }
        @if rounds.is_empty() {
            @let empty = EmptyState::new("No round was begun yet.");
            @if may_plan { (empty.action("Begin the first round", format!("{}/new", door.path()))) } @else { (empty) }
        } @else {
            (Table::new("Placement rounds")
                .head([Column::new("Round"), Column::new("Stands at"), Column::new("Rank by"), Column::new("Placements")])
                .first_cell_is_header(true)
                .rows(rounds.iter().map(|round| vec![
                    Cell::new(html! { a.nhsuk-link href=(round.path(&door.cluster)) { (round.name) } (made_up(round.is_illustrative)) }),
                    Cell::new(round.state.label()),
                    Cell::new(day_on_page(round.ranks_by)),
                    Cell::new(format!("{} to {}", day_on_page(round.starts_on), day_on_page(round.ends_on))),
                ])))
            (Downloads::new([("Placement rounds as CSV".to_owned(), format!("{}.csv", door.path()))]))
            @if may_plan { p { (Button::link("Begin a round", format!("{}/new", door.path()))) } }
        }
    };
    Ok(home::under(Page::new("Placement rounds", view).data(&rounds)?, &door.cluster).into())
}

pub async fn csv(door: Loaded<Rounds>) -> Answer {
    let mut table = FileTable::with_columns(
        "placement-rounds",
        [
            ("key", "The round's key"),
            ("name", "Its name"),
            ("state", "Where it stands"),
            ("ranks_by", "The last day on which rankings are taken"),
            ("starts_on", "The first day of the placements"),
            ("ends_on", "The last day of the placements"),
            ("rule", "The rule it was published under"),
            ("illustrative", "Whether it was made up"),
        ],
    );
    for round in store::of_cluster(&door.database(), door.cluster.id).await? {
        table.push([
            FileCell::from(round.key.as_str()),
            FileCell::from(round.name.as_str()),
            FileCell::from(round.state.key()),
            FileCell::from(round.ranks_by),
            FileCell::from(round.starts_on),
            FileCell::from(round.ends_on),
            FileCell::from(round.rule.as_str()),
            FileCell::from(round.is_illustrative),
        ]);
    }
    Ok(ground::csv(&door.cluster, &table))
}
