//! `/clusters/{cluster}/education/map`: outcomes × pathway steps × the hosts that can teach them, with gaps and doubles; as a picture, a table and a file.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Query;
use hiec_contracts::PathwaySeen;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_web::components::own::{Downloads, EmptyState, Filter};
use hiec_web::components::{Cell, Column, Select, SelectItem, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::picture::{self, Square};
use super::rules::{self, Standing};
use super::steps;
use super::store::{self, Learnt, Steps};
use crate::access::Education;
use crate::ground;
use crate::home;
use crate::programmes::curriculum::{self, Outcome};
use crate::programmes::store::{self as programmes, Programme};

/// More hosts than this are doubles, unless the reader says otherwise.
const MOST: usize = 3;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    programme: String,
    pathway: String,
    /// How many hosts are enough.
    most: String,
}

impl Wanted {
    fn most(&self) -> usize {
        self.most.trim().parse().ok().filter(|most| (1..=99).contains(most)).unwrap_or(MOST)
    }

    fn address(&self) -> String {
        format!("programme={}&pathway={}&most={}", key_only(&self.programme), key_only(&self.pathway), self.most())
    }
}

/// What may stand in an address as it is.
fn key_only(key: &str) -> String {
    key.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// A place of the map: an outcome learnt at a step.
#[derive(Clone, Debug, Serialize)]
struct Place {
    programme: String,
    code: String,
    outcome: String,
    year: i64,
    pathway: String,
    step: String,
    hosts: Vec<String>,
    standing: Standing,
    #[serde(skip)]
    at: Learnt,
}

struct Map {
    programmes: Vec<Programme>,
    pathways: Vec<PathwaySeen>,
    outcomes: Vec<Outcome>,
    steps: Steps,
    places: Vec<Place>,
    /// Outcomes of the chosen programmes that are learnt at no step.
    nowhere: Vec<Outcome>,
    most: usize,
}

impl Map {
    fn count(&self, standing: Standing) -> usize {
        self.places.iter().filter(|place| place.standing == standing).count()
    }
}

async fn load(door: &Loaded<Education>, wanted: &Wanted) -> Result<Map, Problem> {
    let database = door.database();
    let cluster = door.cluster.id;
    let programmes = programmes::of_cluster(&database, cluster).await?;
    let pathways = steps::pathways(door).await?;
    let steps = store::of_cluster(&database, cluster).await?;
    let learnt = store::learnt(&database, cluster).await?;
    let mut hosts: BTreeMap<Learnt, Vec<String>> = BTreeMap::new();
    for one in store::teaching(&database, cluster).await? {
        hosts.entry(one.at).or_default().push(one.name);
    }
    let by_id: BTreeMap<Uuid, &Programme> = programmes.iter().map(|one| (one.id, one)).collect();
    let is_wanted = |outcome: &Outcome| {
        wanted.programme.is_empty() || by_id.get(&outcome.programme).is_some_and(|one| one.key == wanted.programme)
    };
    let outcomes: Vec<Outcome> =
        curriculum::of_cluster(&database, cluster).await?.into_iter().filter(is_wanted).collect();
    let most = wanted.most();
    let name =
        |key: &str| pathways.iter().find(|one| one.key == key).map_or_else(|| key.to_owned(), |one| one.name.clone());
    let mut places = Vec::new();
    for outcome in &outcomes {
        for step in steps.all.iter().filter(|step| wanted.pathway.is_empty() || step.pathway == wanted.pathway) {
            let at = Learnt { outcome_id: outcome.id, step_id: step.id };
            if !learnt.contains(&at) {
                continue;
            }
            let hosts = hosts.get(&at).cloned().unwrap_or_default();
            places.push(Place {
                programme: by_id.get(&outcome.programme).map(|one| one.name.clone()).unwrap_or_default(),
                code: outcome.code.clone(),
                outcome: outcome.name.clone(),
                year: outcome.year,
                pathway: name(&step.pathway),
                step: step.name.clone(),
                standing: rules::standing(hosts.len(), most),
                hosts,
                at,
            });
        }
    }
    let somewhere: BTreeSet<Uuid> = learnt.iter().map(|at| at.outcome_id).collect();
    let nowhere = outcomes.iter().filter(|outcome| !somewhere.contains(&outcome.id)).cloned().collect();
    Ok(Map { programmes, pathways, outcomes, steps, places, nowhere, most })
}

fn tag(standing: Standing) -> Tag {
    Tag::new(standing.label()).colour(match standing {
        Standing::Gap => TagColour::Red,
        Standing::Taught => TagColour::Green,
        Standing::Double => TagColour::Blue,
    })
}

pub async fn get(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    let map = load(&door, &wanted).await?;
    let path = format!("{}/map", door.path());
    let all = |label: &str| SelectItem::new("", label.to_owned());
    let filter = Filter::new(path.clone())
        .field(
            Select::new("programme", "Programme")
                .items(
                    std::iter::once(all("All programmes"))
                        .chain(map.programmes.iter().map(|one| SelectItem::new(one.key.clone(), one.name.clone())))
                        .collect::<Vec<_>>(),
                )
                .value(wanted.programme.as_str()),
        )
        .field(
            Select::new("pathway", "Pathway")
                .items(
                    std::iter::once(all("All pathways"))
                        .chain(map.pathways.iter().map(|one| SelectItem::new(one.key.clone(), one.name.clone())))
                        .collect::<Vec<_>>(),
                )
                .value(wanted.pathway.as_str()),
        )
        .field(
            hiec_web::components::Input::new("most", "Hosts that are enough").width(2_u8).value(map.most.to_string()),
        );
    let is_narrowed = !wanted.programme.is_empty() || !wanted.pathway.is_empty() || map.most != MOST;
    let filter = if is_narrowed { filter.clear(path.clone()) } else { filter };
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Pathway map" (ground::made_up(map.outcomes.iter().any(|outcome| outcome.is_illustrative))) }
        p { "What is to be learnt, at which step of a clinical pathway, and which hosts can teach it there." }
        @if map.outcomes.is_empty() && !is_narrowed {
            (EmptyState::new("No curriculum has an outcome yet. Outcomes are written on the page of their programme, by the body that owns the curriculum.").action("Programmes", format!("{}/programmes", door.path())))
        } @else {
            (filter)
            p {
                (map.places.len()) " places of the map: " (map.count(Standing::Gap)) " that nobody teaches, "
                (map.count(Standing::Double)) " that more than " (map.most) " hosts teach."
            }
            @for pathway in map.pathways.iter().filter(|one| wanted.pathway.is_empty() || one.key == wanted.pathway) {
                @let columns: Vec<_> = map.steps.of(&pathway.key).collect();
                @let squares = squares(&map, &columns.iter().map(|step| step.id).collect::<Vec<_>>());
                @if !squares.is_empty() {
                    h2 { (pathway.name) }
                    (picture::matrix(&pathway.name, &columns.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), &squares))
                }
            }
            @if !map.places.is_empty() {
                (picture::key(map.most))
                (Downloads::new([
                    ("The map as CSV".to_owned(), format!("{path}.csv?{}", wanted.address())),
                    ("The map as XLSX".to_owned(), format!("{path}.xlsx?{}", wanted.address())),
                ]))
                (Table::new("Every place of the map")
                    .head([Column::new("Outcome"), Column::new("Programme"), Column::numeric("Year"), Column::new("Pathway"), Column::new("Step"), Column::new("Standing"), Column::new("Hosts")])
                    .rows(map.places.iter().map(|place| vec![
                        Cell::new(format!("{} {}", place.code, place.outcome)),
                        Cell::new(place.programme.as_str()),
                        Cell::numeric(place.year),
                        Cell::new(place.pathway.as_str()),
                        Cell::new(place.step.as_str()),
                        Cell::new(html! { (tag(place.standing)) }),
                        Cell::new(if place.hosts.is_empty() { "None".to_owned() } else { place.hosts.join("; ") }),
                    ])))
            }
            @if !map.nowhere.is_empty() {
                h2 { "Learnt at no step" }
                ul { @for outcome in &map.nowhere { li { (outcome.code) " " (outcome.name) } } }
            }
        }
        p { a href={ (door.path()) "/steps" } { "Steps of the clinical pathways" } }
    };
    let data = serde_json::json!({ "places": map.places, "nowhere": map.nowhere, "enough": map.most });
    Ok(home::under(Page::new("Pathway map", view).data(&data)?.wide(), &door.cluster).into())
}

/// The rows of a pathway's picture: the outcomes learnt at one of its steps, and how each place stands.
fn squares(map: &Map, columns: &[Uuid]) -> Vec<(String, Vec<Square>)> {
    let places: BTreeMap<Learnt, &Place> = map.places.iter().map(|place| (place.at, place)).collect();
    map.outcomes
        .iter()
        .filter_map(|outcome| {
            let row: Vec<Square> = columns
                .iter()
                .map(|step| {
                    let place = places.get(&Learnt { outcome_id: outcome.id, step_id: *step });
                    place.map_or(Square::Empty, |place| Square::Place {
                        standing: place.standing,
                        hosts: place.hosts.len(),
                        words: format!("{} at {}: {}", place.code, place.step, place.standing.label().to_lowercase()),
                    })
                })
                .collect();
            let is_here = row.iter().any(|square| *square != Square::Empty);
            is_here.then(|| (format!("{} {}", outcome.code, outcome.name), row))
        })
        .collect()
}

pub async fn csv(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    Ok(ground::csv(&door.cluster, &table(&load(&door, &wanted).await?)))
}

pub async fn xlsx(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &table(&load(&door, &wanted).await?), door.now())?)
}

fn table(map: &Map) -> FileTable {
    let mut table = FileTable::with_columns(
        "pathway-map",
        [
            ("programme", "Name of the programme"),
            ("code", "Code of the outcome"),
            ("outcome", "What is to be learnt"),
            ("year", "Year of the programme"),
            ("pathway", "Clinical pathway"),
            ("step", "Step of it"),
            ("standing", "Nobody teaches it, taught, or more than enough"),
            ("hosts", "How many hosts can teach it there"),
            ("names", "Their names"),
        ],
    );
    for place in &map.places {
        table.push([
            FileCell::from(place.programme.as_str()),
            FileCell::from(place.code.as_str()),
            FileCell::from(place.outcome.as_str()),
            FileCell::from(place.year),
            FileCell::from(place.pathway.as_str()),
            FileCell::from(place.step.as_str()),
            FileCell::from(place.standing.label()),
            FileCell::count(place.hosts.len()),
            FileCell::from(place.hosts.join("; ")),
        ]);
    }
    table
}
