//! `/clusters/{cluster}/education/hosts`: where people train, with the room there is today and how quality stands; who is there shows to those who may see that, and to nobody else.

use std::collections::BTreeMap;

use axum::extract::Query;
use hiec_access::policy::Target;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::london_date;
use hiec_kernel::organisations::{Function, Organisation, Setting};
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{organisations, values};
use hiec_web::components::own::{Downloads, EmptyState, Filter, Paging};
use hiec_web::components::{Cell, Column, Input, Select, SelectItem, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::access::{self, Education, host_path};
use crate::ground::{self, made_up};
use crate::home;
use crate::placements::scene::{self, Days, Scene};
use crate::posts::store::{self as posts, Post};
use crate::quality::{self, Escalation, review_store};
use crate::words::Wte;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Part of the name, the NHS code, or the beginning of the postcode.
    words: String,
    /// `partners`: partners that give care too; `all`: everybody in the register who does; else those with posts.
    which: String,
    page: Option<usize>,
}

const PARTNERS: &str = "partners";
const ALL: &str = "all";

impl Wanted {
    fn is_narrowed(&self) -> bool {
        !self.words.trim().is_empty() || !self.which.is_empty()
    }

    /// For the links to further pages and files of the same list.
    fn query(&self) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("words", self.words.trim()), ("which", self.which.as_str())] {
            if !value.is_empty() {
                pairs.append_pair(name, value);
            }
        }
        let query = pairs.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    fn finds(&self, one: &Organisation) -> bool {
        let words = self.words.trim().to_lowercase();
        let is_code = |code: &String| code.to_lowercase() == words;
        let is_near = |postcode: &String| postcode.to_lowercase().starts_with(&words);
        one.name.to_lowercase().contains(&words)
            || one.ods_code.as_ref().is_some_and(is_code)
            || one.postcode.as_ref().is_some_and(is_near)
    }
}

/// Somebody who is at a host today.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct There {
    number: String,
    name: String,
    path: String,
}

/// A host in a line.
#[derive(Clone, Debug, Serialize)]
struct Line {
    host: OrganisationId,
    name: String,
    code: Option<String>,
    settings: Vec<Setting>,
    is_partner: bool,
    posts: usize,
    /// What its posts hold today, and how much of that is filled.
    holds: Wte,
    filled: Wte,
    /// Those the reader may see.
    there: Vec<There>,
    /// For those who may read about quality, of hosts with posts.
    level: Option<Escalation>,
    /// Where it has a page here.
    path: Option<String>,
    is_illustrative: bool,
}

/// A cluster's hosts as one reader may see them.
struct Seen {
    lines: Vec<Line>,
    sees_people: bool,
    sees_quality: bool,
    /// Some of the posts that are counted were made up.
    has_made_up: bool,
}

/// Those with posts; with the partners that give care where that is asked or there is no post yet; or all who might.
async fn bodies(door: &Loaded<Education>, wanted: &Wanted) -> Result<Vec<Organisation>, Problem> {
    let reads = door.database();
    let gives_care = |one: &Organisation| one.functions.contains(&Function::ProvidesCare);
    let select = "SELECT host_id FROM education_post WHERE cluster_id = $1";
    let mut found = organisations::selected(&reads, select, values![door.cluster.id.0]).await?;
    let known: Vec<OrganisationId> = found.iter().map(|one| one.id).collect();
    let more = match wanted.which.as_str() {
        ALL => {
            let asked = organisations::Wanted { function: Some(Function::ProvidesCare), ..Default::default() };
            organisations::find(&reads, &asked, 0, i64::from(u32::MAX)).await?.0
        }
        which if which == PARTNERS || found.is_empty() => {
            let today = london_date(door.now());
            let partners = door.cluster.partners_on(today).map(|partner| partner.organisation.clone());
            partners.filter(gives_care).collect()
        }
        _ => Vec::new(),
    };
    found.extend(more.into_iter().filter(|one| !known.contains(&one.id)));
    found.retain(|one| wanted.finds(one));
    found.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(found)
}

async fn seen(door: &Loaded<Education>, wanted: &Wanted) -> Result<Seen, Problem> {
    let reads = door.database();
    let today = london_date(door.now());
    let sight = access::sight(door, &door.cluster);
    let scene = scene::load(&reads, &door.cluster, Days::Between(today, today), &sight).await?;
    let filled = posts::filled_on(&reads, door.cluster.id, today).await?;
    let sees_quality = door.may_with("quality.list", &Target { kind: "quality", ..door.target.clone() });
    let levels: BTreeMap<OrganisationId, Escalation> = match sees_quality {
        true => {
            let mut newest = BTreeMap::new();
            for one in review_store::escalations(&reads, door.cluster.id).await? {
                newest.entry(one.host).or_insert(one.level);
            }
            newest
        }
        false => BTreeMap::new(),
    };
    let mut of_host: BTreeMap<OrganisationId, Vec<&Post>> = BTreeMap::new();
    for post in &scene.posts {
        of_host.entry(post.host).or_default().push(post);
    }
    let none = Vec::new();
    let lines = bodies(door, wanted)
        .await?
        .into_iter()
        .map(|one| {
            let posts = of_host.get(&one.id).unwrap_or(&none);
            let is_partner = door.cluster.partner(one.id).is_some();
            let level = levels.get(&one.id).copied().unwrap_or(Escalation::Usual);
            Line {
                host: one.id,
                posts: posts.len(),
                holds: posts.iter().fold(Wte::NONE, |sum, post| sum.plus(post.capacity_on(today))),
                filled: posts.iter().filter_map(|post| filled.get(&post.id)).fold(Wte::NONE, |sum, wte| sum.plus(*wte)),
                there: there(door, &scene, one.id),
                level: (sees_quality && !posts.is_empty()).then_some(level),
                path: (is_partner || !posts.is_empty()).then(|| host_path(&door.cluster, one.id)),
                is_partner,
                name: one.name,
                code: one.ods_code,
                settings: one.settings,
                is_illustrative: one.is_illustrative,
            }
        })
        .collect();
    Ok(Seen {
        lines,
        sees_people: sight.is_everybody() || !scene.placements.is_empty(),
        sees_quality,
        has_made_up: scene.posts.iter().any(|post| post.is_illustrative),
    })
}

fn there(door: &Loaded<Education>, scene: &Scene, host: OrganisationId) -> Vec<There> {
    let is_here = |post: &&Post| post.host == host;
    let placed = scene.placements.iter().filter(|one| scene.post(one.post).as_ref().is_some_and(is_here));
    let mut there: Vec<There> = placed
        .filter_map(|one| scene.trainee(one.trainee))
        .map(|one| There { number: one.number.clone(), name: one.name.clone(), path: one.path(&door.cluster) })
        .collect();
    there.sort_by(|one, other| one.number.cmp(&other.number));
    there.dedup();
    there
}

pub async fn get(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    let seen = seen(&door, &wanted).await?;
    let path = format!("{}/hosts", door.path());
    let query = wanted.query();
    let paging = Paging::of(wanted.page, seen.lines.len());
    let which = [
        SelectItem::new("", "Hosts with posts"),
        SelectItem::new(PARTNERS, "Partners that give care too"),
        SelectItem::new(ALL, "All in the register that give care"),
    ];
    let filter = Filter::new(path.clone())
        .field(Input::new("words", "Name, NHS code or postcode").value(wanted.words.as_str()))
        .field(Select::new("which", "Show").items(which).value(wanted.which.as_str()));
    let filter = if wanted.is_narrowed() { filter.clear(path.clone()) } else { filter };
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Hosts" (made_up(seen.has_made_up)) }
        p { "Where people train. Room and what is filled of it are as of today, in whole-time people." }
        (filter)
        @if seen.lines.is_empty() {
            (EmptyState::new(if wanted.is_narrowed() { "No host is found. Search with fewer letters, or in all of the register." } else { "No organisation hosts trainees here yet." }))
        } @else {
            (Downloads::new([
                ("Hosts as CSV".to_owned(), format!("{path}.csv{query}")),
                ("Hosts as XLSX".to_owned(), format!("{path}.xlsx{query}")),
            ]))
            (table(&door, &seen, paging))
            (paging.links(&format!("{path}{query}")))
        }
    };
    let data = json!({ "hosts": seen.lines });
    Ok(home::under(Page::new("Hosts", view).wide().data(&data)?, &door.cluster).into())
}

fn table(door: &Loaded<Education>, seen: &Seen, paging: Paging) -> Markup {
    let may_plan = door.may_with("training_post.plan", &Target { kind: "training_post", ..door.target.clone() });
    let mut head = vec![
        Column::new("Host"),
        Column::new("Settings"),
        Column::numeric("Posts"),
        Column::numeric("Holds today"),
        Column::numeric("Filled today"),
    ];
    if seen.sees_people {
        head.push(Column::new("There today"));
    }
    if seen.sees_quality {
        head.push(Column::new("Quality"));
    }
    let rows = paging.part(&seen.lines).iter().map(|line| {
        let mut row = vec![
            Cell::new(name(door, line, may_plan)),
            Cell::new(line.settings.iter().map(|one| one.label()).collect::<Vec<_>>().join(", ")),
            Cell::numeric(line.posts),
            Cell::numeric(line.holds),
            Cell::numeric(line.filled),
        ];
        if seen.sees_people {
            row.push(Cell::new(people(line)));
        }
        if seen.sees_quality {
            row.push(Cell::new(
                html! { @if let Some(level) = line.level { (quality::level(level)) } @else { "No post" } },
            ));
        }
        row
    });
    html! { (Table::new(format!("Hosts: {}", seen.lines.len())).head(head).first_cell_is_header(true).rows(rows.collect::<Vec<_>>())) }
}

fn name(door: &Loaded<Education>, line: &Line, may_plan: bool) -> Markup {
    html! {
        @match &line.path {
            Some(path) => { a.nhsuk-link href=(path) { (line.name) } }
            None => { (line.name) }
        }
        (made_up(line.is_illustrative))
        @if line.is_partner { ", partner" }
        @if let (true, None, Some(code)) = (may_plan, &line.path, &line.code) {
            " " a.nhsuk-link href={ (door.path()) "/posts/new?host=" (code) } { "Add a post " span.nhsuk-u-visually-hidden { "at " (line.name) } }
        }
    }
}

/// Up to this many are named in a line; the host's own page names all.
const NAMED: usize = 5;

fn people(line: &Line) -> Markup {
    html! {
        @for (nth, one) in line.there.iter().take(NAMED).enumerate() {
            @if nth > 0 { ", " }
            a.nhsuk-link href=(one.path) { (one.name) }
        }
        @if line.there.len() > NAMED { " and " (line.there.len() - NAMED) " more" }
        @if line.there.is_empty() { @if line.filled == Wte::NONE { "Nobody" } @else { "Not shown to you" } }
    }
}

pub async fn csv(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    Ok(ground::csv(&door.cluster, &file(&seen(&door, &wanted).await?)))
}

pub async fn xlsx(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &file(&seen(&door, &wanted).await?), door.now())?)
}

fn file(seen: &Seen) -> FileTable {
    let mut table = FileTable::with_columns(
        "hosts",
        [
            ("host", "Its name"),
            ("code", "Its NHS code, where it has one"),
            ("settings", "Settings of care, with semicolons between"),
            ("partner", "Whether it is a partner of the cluster"),
            ("posts", "How many posts it has here"),
            ("holds_today", "Whole-time people its posts hold today"),
            ("filled_today", "How much of that is filled"),
            ("there_today", "Numbers of those there today whom you may see, with semicolons between"),
            ("quality", "How closely it is watched, where you may read that"),
            ("illustrative", "Whether the host was made up"),
        ],
    );
    for line in &seen.lines {
        let settings: Vec<&str> = line.settings.iter().map(|one| one.key()).collect();
        let numbers: Vec<&str> = line.there.iter().map(|one| one.number.as_str()).collect();
        table.push([
            FileCell::from(line.name.as_str()),
            FileCell::from(line.code.clone()),
            FileCell::from(settings.join(";")),
            FileCell::from(line.is_partner),
            FileCell::count(line.posts),
            FileCell::Decimal { units: line.holds.0, places: 2 },
            FileCell::Decimal { units: line.filled.0, places: 2 },
            FileCell::from(numbers.join(";")),
            FileCell::from(line.level.map(|level| level.key().to_owned())),
            FileCell::from(line.is_illustrative),
        ]);
    }
    table
}
