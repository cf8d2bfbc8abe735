//! `/clusters/{cluster}/education/placements`: who is where and when, no more than the reader may see; and the same as a table that an import takes.

use std::collections::BTreeMap;

use axum::extract::Query;
use hiec_access::people;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{PersonId, Problem};
use hiec_web::components::own::{Downloads, EmptyState, Filter, Paging};
use hiec_web::components::{Button, Cell, Column, Select, SelectItem, Table};
use hiec_web::{Answer, Loaded, Page, WantsData};
use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::scene::{self, Days, Scene};
use super::store::Placement;
use crate::access::{self, Education};
use crate::ground::{self, made_up};
use crate::home;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    programme: String,
    /// `now` or all of them.
    when: String,
    page: Option<usize>,
}

impl Wanted {
    fn is_narrowed(&self) -> bool {
        !self.programme.is_empty() || !self.when.is_empty()
    }
}

async fn load(door: &Loaded<Education>) -> Result<Scene, Problem> {
    let sight = access::sight(door, &door.cluster);
    scene::load(&door.database(), &door.cluster, Days::All, &sight).await
}

pub async fn get(door: Loaded<Education>, wants: WantsData, Query(wanted): Query<Wanted>) -> Answer {
    let scene = load(&door).await?;
    let today = london_date(door.now());
    let is_wanted = |one: &&Placement| {
        let programme = scene.trainee(one.trainee).and_then(|trainee| scene.programmes.get(&trainee.programme));
        (wanted.programme.is_empty() || programme.is_some_and(|it| it.key == wanted.programme))
            && (wanted.when != "now" || one.covers(today))
    };
    let placements: Vec<&Placement> = scene.placements.iter().filter(is_wanted).collect();
    let paging = match wanted.is_narrowed() {
        true => Paging::whole(placements.len()),
        false => Paging::of(wanted.page, placements.len()),
    };
    let path = format!("{}/placements", door.path());
    let mut programmes: Vec<_> = scene.programmes.values().collect();
    programmes.sort_by(|one, other| one.name.cmp(&other.name));
    let items = std::iter::once(SelectItem::new("", "All programmes"))
        .chain(programmes.iter().map(|one| SelectItem::new(one.key.clone(), one.name.clone())));
    let filter = Filter::new(path.clone())
        .field(Select::new("programme", "Programme").items(items.collect::<Vec<_>>()).value(wanted.programme.as_str()))
        .field(
            Select::new("when", "When")
                .items([SelectItem::new("", "At any time"), SelectItem::new("now", "Running today")])
                .value(wanted.when.as_str()),
        );
    let filter = if wanted.is_narrowed() { filter.clear(path.clone()) } else { filter };
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Placements" }
        p { a href={ (door.path()) "/grid" } { "Rotation grid: everybody over the months" } }
        @if scene.placements.is_empty() {
            @let empty = EmptyState::new("No placement that you may see is planned.");
            @if door.may("placement.plan") { (empty.action("Plan the first placement", format!("{path}/new"))) } @else { (empty) }
        } @else {
            (filter)
            (Downloads::new([
                ("Placements as CSV".to_owned(), format!("{path}.csv")),
                ("Placements as XLSX".to_owned(), format!("{path}.xlsx")),
            ]))
            (Table::new(format!("Placements: {}", placements.len()))
                .head([Column::new("Trainee"), Column::new("Where"), Column::new("From"), Column::new("To"), Column::numeric("Share"), Column::new("Standing")])
                .first_cell_is_header(true)
                .rows(paging.part(&placements).iter().map(|one| vec![
                    Cell::new(html! { a.nhsuk-link href={ (path) "/" (one.id) } { (scene.trainee(one.trainee).map_or("A trainee", |trainee| trainee.name.as_str())) } (made_up(one.is_illustrative)) }),
                    Cell::new(match scene.post(one.post) {
                        Some(post) => format!("{}, {}", post.number, scene.host_name(post)),
                        None => one.kind.label().to_owned(),
                    }),
                    Cell::new(day_on_page(one.starts_on)),
                    Cell::new(day_on_page(one.ends_on)),
                    Cell::numeric(one.wte),
                    Cell::new(one.state.label()),
                ])))
            (paging.links(&path))
        }
        @if door.may("placement.plan") {
            p {
                (Button::link("Plan a placement", format!("{path}/new"))) " "
                (Button::link("Import placements", format!("{path}/imports")).secondary())
            }
        }
    };
    let page = Page::new("Placements", view);
    let page = if wants.0 { page.data(&json!({ "placements": placements }))? } else { page };
    Ok(home::under(page, &door.cluster).into())
}

pub async fn csv(door: Loaded<Education>) -> Answer {
    Ok(ground::csv(&door.cluster, &table(&door).await?))
}

pub async fn xlsx(door: Loaded<Education>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &table(&door).await?, door.now())?)
}

/// The columns are those an import takes.
async fn table(door: &Loaded<Education>) -> Result<FileTable, Problem> {
    let scene = load(door).await?;
    let mut supervisors: BTreeMap<PersonId, String> = BTreeMap::new();
    for id in scene.placements.iter().filter_map(|one| one.supervisor) {
        if let std::collections::btree_map::Entry::Vacant(place) = supervisors.entry(id)
            && let Some(person) = people::by_id(&door.database(), id).await?
        {
            place.insert(person.email);
        }
    }
    let mut table = FileTable::with_columns(
        "placements",
        [
            ("trainee", "The trainee's number"),
            ("kind", "What they do"),
            ("post", "The post's number; empty while out of programme"),
            ("starts_on", "First day"),
            ("ends_on", "Last day"),
            ("wte", "Share of whole-time"),
            ("counted", "Whether time out of programme counts"),
            ("supervisor", "The supervisor's address"),
            ("state", "Planned or approved"),
        ],
    );
    for one in &scene.placements {
        table.push([
            FileCell::from(scene.trainee(one.trainee).map_or("", |trainee| trainee.number.as_str())),
            FileCell::from(one.kind.key()),
            FileCell::from(scene.post(one.post).map_or("", |post| post.number.as_str())),
            FileCell::from(one.starts_on),
            FileCell::from(one.ends_on),
            FileCell::Decimal { units: one.wte.0, places: 2 },
            FileCell::from(one.is_counted),
            FileCell::from(one.supervisor.and_then(|id| supervisors.get(&id).cloned()).unwrap_or_default()),
            FileCell::from(one.state.key()),
        ]);
    }
    Ok(table)
}
