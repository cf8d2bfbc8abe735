//! `/clusters/{cluster}/education/posts`: all posts with host, setting, room and money; and the same as a table.

use std::collections::BTreeMap;

use axum::extract::Query;
use chrono::NaiveDate;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::london_date;
use hiec_kernel::organisations::Setting;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::Reads;
use hiec_store::database::StoreError;
use hiec_web::components::own::{Downloads, EmptyState, Filter};
use hiec_web::components::{Button, Cell, Column, Select, SelectItem, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::store::{self, Post};
use crate::access::{Education, host_path};
use crate::ground::{self, made_up};
use crate::home;
use crate::placements::scene::host_names;
use crate::programmes::store as programmes;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    programme: String,
    setting: String,
}

pub async fn get(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    let database = door.database();
    let today = london_date(door.now());
    let programmes = programmes::of_cluster(&database, door.cluster.id).await?;
    let chosen = programmes.iter().find(|one| one.key == wanted.programme).map(|one| one.id);
    let mut posts = store::of_cluster(&database, door.cluster.id).await?;
    let all = posts.len();
    posts.retain(|post| {
        chosen.is_none_or(|programme| post.programmes.contains(&programme))
            && (wanted.setting.is_empty() || post.setting.key() == wanted.setting)
    });
    let hosts = host_names(&database, &posts).await?;
    let filled = store::filled_on(&database, door.cluster.id, today).await?;
    let path = format!("{}/posts", door.path());
    let empty_item = |label: &str| std::iter::once(SelectItem::new("", label.to_owned()));
    let filter = Filter::new(path.clone())
        .field(
            Select::new("programme", "Programme")
                .items(
                    empty_item("All programmes")
                        .chain(programmes.iter().map(|one| SelectItem::new(one.key.clone(), one.name.clone())))
                        .collect::<Vec<_>>(),
                )
                .value(wanted.programme.as_str()),
        )
        .field(
            Select::new("setting", "Setting")
                .items(
                    empty_item("All settings")
                        .chain(Setting::ALL.iter().map(|one| SelectItem::new(one.key(), one.label())))
                        .collect::<Vec<_>>(),
                )
                .value(wanted.setting.as_str()),
        );
    let filter = if posts.len() == all { filter } else { filter.clear(path.clone()) };
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Posts" }
        @if all == 0 {
            @let empty = EmptyState::new("No host has a post here yet.");
            @if door.may("training_post.plan") { (empty.action("Add the first post", format!("{path}/new"))) } @else { (empty) }
        } @else {
            (filter)
            (Downloads::new([
                ("Posts as CSV".to_owned(), format!("{path}.csv")),
                ("Posts as XLSX".to_owned(), format!("{path}.xlsx")),
            ]))
            (Table::new(format!("Posts: {}", posts.len()))
                .head([Column::new("Post"), Column::new("Host"), Column::new("Specialty"), Column::new("Setting"), Column::numeric("Holds"), Column::numeric("Free today"), Column::new("Paid by")])
                .first_cell_is_header(true)
                .rows(posts.iter().map(|post| {
                    let holds = post.capacity_on(today);
                    let taken = filled.get(&post.id).copied().unwrap_or_default();
                    vec![
                        Cell::new(html! { a.nhsuk-link href=(post.path(&door.cluster)) { (post.number) } (made_up(post.is_illustrative)) }),
                        Cell::link(hosts.get(&post.host).map_or("A former host", String::as_str), host_path(&door.cluster, post.host)),
                        Cell::new(format!("{}, {}", post.specialty, post.grade)),
                        Cell::new(post.setting.label()),
                        Cell::numeric(holds),
                        Cell::numeric(holds.less(taken)),
                        Cell::new(payer(post, today)),
                    ]
                })))
        }
        @if door.may("training_post.plan") {
            p {
                (Button::link("Add a post", format!("{path}/new"))) " "
                (Button::link("Import posts", format!("{path}/imports")).secondary())
            }
        }
    };
    Ok(home::under(Page::new("Posts", view).data(&json!({ "posts": posts }))?, &door.cluster).into())
}

/// Who pays on a day.
pub(super) fn payer(post: &Post, day: NaiveDate) -> String {
    let now = post.funding.iter().filter(|one| one.from <= day && one.to.is_none_or(|last| day <= last));
    let names: Vec<&str> = now.map(|one| one.kind.label()).collect();
    if names.is_empty() { "Nobody now".to_owned() } else { names.join("; ") }
}

pub async fn csv(door: Loaded<Education>) -> Answer {
    Ok(ground::csv(&door.cluster, &table(&door).await?))
}

pub async fn xlsx(door: Loaded<Education>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &table(&door).await?, door.now())?)
}

/// The columns are those an import takes.
async fn table(door: &Loaded<Education>) -> Result<FileTable, Problem> {
    let database = door.database();
    let posts = store::of_cluster(&database, door.cluster.id).await?;
    let hosts = codes(&database, &posts).await?;
    let keys: BTreeMap<Uuid, String> =
        programmes::of_cluster(&database, door.cluster.id).await?.into_iter().map(|one| (one.id, one.key)).collect();
    let mut table = FileTable::with_columns(
        "posts",
        [
            ("number", "What the post is known by"),
            ("host", "The host's NHS code, or its whole name where it has none"),
            ("site", "Where at the host"),
            ("profession", "Who is trained"),
            ("specialty", "In what"),
            ("grade", "Of which grade"),
            ("setting", "The setting it gives experience of"),
            ("starts_on", "First day"),
            ("ends_on", "Last day, where one is known"),
            ("capacity", "Share of whole-time it holds at first"),
            ("programmes", "Programmes it trains for, with semicolons between"),
            ("latitude", "Degrees north"),
            ("longitude", "Degrees east"),
        ],
    );
    for post in &posts {
        let named = post.programmes.iter().filter_map(|id| keys.get(id).map(String::as_str));
        table.push([
            FileCell::from(post.number.as_str()),
            FileCell::from(hosts.get(&post.host).map_or("", String::as_str)),
            FileCell::from(post.site.as_str()),
            FileCell::from(post.profession.key()),
            FileCell::from(post.specialty.as_str()),
            FileCell::from(post.grade.as_str()),
            FileCell::from(post.setting.key()),
            FileCell::from(post.starts_on),
            FileCell::from(post.ends_on),
            FileCell::Decimal { units: post.capacity.first().map_or(0, |step| step.wte.0), places: 2 },
            FileCell::from(named.collect::<Vec<_>>().join(";")),
            FileCell::from(post.place.map(|place| degrees(place.latitude))),
            FileCell::from(post.place.map(|place| degrees(place.longitude))),
        ]);
    }
    Ok(table)
}

/// `51.518000`
fn degrees(millionths: i64) -> FileCell {
    FileCell::Decimal { units: millionths, places: 6 }
}

/// What a list names hosts by: their NHS code, else their whole name.
pub(super) async fn codes(reads: &impl Reads, posts: &[Post]) -> Result<BTreeMap<OrganisationId, String>, StoreError> {
    let ids: std::collections::BTreeSet<OrganisationId> = posts.iter().map(|post| post.host).collect();
    let ids: Vec<OrganisationId> = ids.into_iter().collect();
    let found = hiec_store::organisations::by_ids(reads, &ids).await?;
    Ok(found.into_iter().map(|one| (one.id, one.ods_code.unwrap_or(one.name))).collect())
}
