//! `/clusters/{cluster}/education/trainees`: who learns here, where they are today, and when they are expected to finish; no more of it than the reader may see.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Query;
use chrono::NaiveDate;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::organisations::Setting;
use hiec_web::components::own::{Downloads, EmptyState, Filter, Paging};
use hiec_web::components::{Button, Cell, Column, Select, SelectItem, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::Trainee;
use crate::access::{self, Education};
use crate::breadth::coverage;
use crate::ground::{self, made_up};
use crate::home;
use crate::placements::rules;
use crate::placements::scene::{self, Days, Scene};
use crate::placements::store::Placement;
use crate::words::Wte;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    programme: String,
    page: Option<usize>,
}

#[derive(Serialize)]
struct Line {
    number: String,
    name: String,
    programme: String,
    /// The programme's key, as an import takes it.
    programme_key: String,
    grade: String,
    wte: Wte,
    starts_on: NaiveDate,
    planned_end: NaiveDate,
    expected_end: NaiveDate,
    /// Where they are today; empty where no placement says.
    today: String,
    /// Settings their programme offers and no placement of theirs brings.
    missing: Vec<&'static str>,
    path: String,
    is_illustrative: bool,
}

fn lines(door: &Loaded<Education>, scene: &Scene, missing: &Missing, programme: &str) -> Vec<Line> {
    let today = london_date(door.now());
    let by = scene.by_trainee();
    scene
        .trainees
        .iter()
        .filter(|one| {
            programme.is_empty() || scene.programmes.get(&one.programme).is_some_and(|it| it.key == programme)
        })
        .map(|trainee| {
            let theirs: Vec<Placement> = by.get(&trainee.id).into_iter().flatten().map(|one| (*one).clone()).collect();
            let missing = missing.get(&trainee.id).into_iter().flatten().map(|setting| setting.label()).collect();
            Line { missing, ..line(door, scene, trainee, &theirs, today) }
        })
        .collect()
}

fn line(door: &Loaded<Education>, scene: &Scene, trainee: &Trainee, theirs: &[Placement], today: NaiveDate) -> Line {
    let now = theirs.iter().find(|one| one.covers(today));
    let now = now.map_or_else(String::new, |one| match scene.post(one.post) {
        Some(post) => format!("{}, {}", post.number, scene.host_name(post)),
        None => one.kind.label().to_owned(),
    });
    let programme = scene.programmes.get(&trainee.programme);
    Line {
        number: trainee.number.clone(),
        name: trainee.name.clone(),
        programme_key: programme.map(|one| one.key.clone()).unwrap_or_default(),
        programme: programme.map(|one| one.name.clone()).unwrap_or_default(),
        grade: trainee.grade.clone(),
        wte: trainee.wte,
        starts_on: trainee.starts_on,
        planned_end: trainee.ends_on,
        expected_end: rules::reckon(trainee, theirs).expected_end,
        today: now,
        missing: Vec::new(),
        path: trainee.path(&door.cluster),
        is_illustrative: trainee.is_illustrative,
    }
}

/// Settings missed, by trainee.
type Missing = BTreeMap<Uuid, BTreeSet<Setting>>;

async fn load(door: &Loaded<Education>) -> Result<(Scene, Missing), Problem> {
    let sight = access::sight(door, &door.cluster);
    let scene = scene::load(&door.database(), &door.cluster, Days::All, &sight).await?;
    let missing = coverage::all_missing_settings(&door.database(), door.cluster.id).await?;
    Ok((scene, missing))
}

pub async fn get(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    let (scene, missing) = load(&door).await?;
    let lines = lines(&door, &scene, &missing, &wanted.programme);
    let path = format!("{}/trainees", door.path());
    // The links to further pages keep no filter: a narrowed list stands whole.
    let paging = match wanted.programme.is_empty() {
        true => Paging::of(wanted.page, lines.len()),
        false => Paging::whole(lines.len()),
    };
    let mut programmes: Vec<_> = scene.programmes.values().collect();
    programmes.sort_by(|one, other| one.name.cmp(&other.name));
    let items = std::iter::once(SelectItem::new("", "All programmes"))
        .chain(programmes.iter().map(|one| SelectItem::new(one.key.clone(), one.name.clone())));
    let filter = Filter::new(path.clone())
        .field(Select::new("programme", "Programme").items(items.collect::<Vec<_>>()).value(wanted.programme.as_str()));
    let filter = if wanted.programme.is_empty() { filter } else { filter.clear(path.clone()) };
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Trainees" }
        @if lines.is_empty() && wanted.programme.is_empty() {
            @let empty = EmptyState::new("Nobody you may see is enrolled here.");
            @if door.may("trainee.enrol") { (empty.action("Enrol the first trainee", format!("{path}/new"))) } @else { (empty) }
        } @else {
            (filter)
            @if door.may("trainee.export") {
                (Downloads::new([
                    ("Trainees as CSV".to_owned(), format!("{path}.csv")),
                    ("Trainees as XLSX".to_owned(), format!("{path}.xlsx")),
                ]))
            }
            p { "The expected end is worked out from shares and time out of programme, as they stand now." }
            (Table::new(format!("Trainees: {}", lines.len()))
                .head([Column::new("Trainee"), Column::new("Programme"), Column::numeric("Share"), Column::new("Today"), Column::new("Still missing"), Column::new("Planned end"), Column::new("Expected end")])
                .first_cell_is_header(true)
                .rows(paging.part(&lines).iter().map(|line| vec![
                    Cell::new(html! { a.nhsuk-link href=(line.path) { (line.name) } ", " (line.number) (made_up(line.is_illustrative)) }),
                    Cell::new(line.programme.as_str()),
                    Cell::numeric(line.wte),
                    Cell::new(if line.today.is_empty() { "Not placed" } else { line.today.as_str() }),
                    Cell::new(if line.missing.is_empty() { "Nothing".to_owned() } else { line.missing.join(", ") }),
                    Cell::new(day_on_page(line.planned_end)),
                    Cell::new(html! {
                        @if line.expected_end == line.planned_end { (day_on_page(line.expected_end)) }
                        @else { strong { (day_on_page(line.expected_end)) } }
                    }),
                ])))
            (paging.links(&path))
        }
        @if door.may("trainee.enrol") && !(lines.is_empty() && wanted.programme.is_empty()) { p { (Button::link("Enrol a trainee", format!("{path}/new"))) } }
        @if door.may("trainee.import") { p { (Button::link("Import trainees", format!("{path}/imports")).secondary()) } }
    };
    Ok(home::under(Page::new("Trainees", view).data(&serde_json::json!({ "trainees": lines }))?, &door.cluster).into())
}

pub async fn csv(door: Loaded<Education>) -> Answer {
    let (scene, missing) = load(&door).await?;
    Ok(ground::csv(&door.cluster, &table(&lines(&door, &scene, &missing, ""))))
}

pub async fn xlsx(door: Loaded<Education>) -> Answer {
    let (scene, missing) = load(&door).await?;
    Ok(ground::xlsx(&door.cluster, &table(&lines(&door, &scene, &missing, "")), door.now())?)
}

/// The columns are those an import takes; what is worked out stands beside them and is not read.
fn table(lines: &[Line]) -> FileTable {
    let mut table = FileTable::with_columns(
        "trainees",
        [
            ("number", "What lists know them by"),
            ("name", "Their name"),
            ("programme", "Key of the programme"),
            ("programme_name", "Name of the programme"),
            ("grade", "Their grade"),
            ("wte", "Share of whole-time"),
            ("starts_on", "First day of their membership"),
            ("planned_end", "Last day as first planned"),
            ("expected_end", "Last day as worked out now"),
            ("today", "Where they are today"),
            ("missing", "Settings still missing, with semicolons between"),
            ("illustrative", "Whether they are made up"),
        ],
    );
    for line in lines {
        table.push([
            FileCell::from(line.number.as_str()),
            FileCell::from(line.name.as_str()),
            FileCell::from(line.programme_key.as_str()),
            FileCell::from(line.programme.as_str()),
            FileCell::from(line.grade.as_str()),
            FileCell::Decimal { units: line.wte.0, places: 2 },
            FileCell::from(line.starts_on),
            FileCell::from(line.planned_end),
            FileCell::from(line.expected_end),
            FileCell::from(line.today.as_str()),
            FileCell::from(line.missing.join("; ")),
            FileCell::from(line.is_illustrative),
        ]);
    }
    table
}
