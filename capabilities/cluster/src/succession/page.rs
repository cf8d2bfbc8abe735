//! `/clusters/{cluster}/succession`: what becomes of each product, service and partnership after the last day, from the first month on; what has nothing settled comes first.

use axum::extract::Query;
use hiec_files::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{
    Button, Cell, Column, Input as TextInput, RadioItem, Radios, Table, Tag, TagColour, Textarea,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rules::LegacyKind;
use super::store::{self, Bequest, Legacy, Unplanned};
use crate::clusters::pieces::{csv, head, illustrative, optional, room, summary, xlsx};
use crate::clusters::store::Cluster;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// `product`, `service` or `partnership`.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
    /// The id of the project it comes from.
    #[serde(default)]
    project: String,
    /// Who owns it after the last day.
    #[serde(default)]
    owner: String,
    #[serde(default)]
    funding: String,
    #[serde(default)]
    licence: String,
    #[serde(default)]
    record: String,
    /// The version that was read.
    #[serde(default)]
    version: String,
}

/// What becomes of a thing was written.
#[derive(Serialize)]
struct Bequeathed<'a> {
    legacy: Uuid,
    kind: LegacyKind,
    name: &'a str,
    owner: &'a str,
    lacking: Vec<&'static str>,
}

impl AuditEvent for Bequeathed<'_> {
    const KIND: &'static str = "legacy.written";
}

#[derive(Serialize)]
struct Shown<'a> {
    planned: &'a [Legacy],
    unplanned: &'a [Unplanned],
}

pub async fn get(cluster: Loaded<Cluster>, Query(typed): Query<Form>) -> Answer {
    Ok(page(&cluster, &typed, &Errors::none()).await?.into())
}

async fn page(cluster: &Loaded<Cluster>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let mut planned = store::of_cluster(&cluster.database(), cluster.id).await?;
    let unplanned = store::unplanned(&cluster.app, cluster.id, &planned).await?;
    planned.sort_by_key(|one| std::cmp::Reverse(one.lacking().len()));
    let open = planned.iter().filter(|one| !one.lacking().is_empty()).count() + unplanned.len();
    let today = london_date(cluster.now());
    let days = (cluster.ends_on - today).num_days();
    let content = html! {
        (summary(errors))
        (head(cluster, "Succession"))
        p {
            "The last day of the cluster is " (day_on_page(cluster.ends_on))
            @if days > 0 { ", in " (days) " days" } ". "
            @if open == 0 && !planned.is_empty() { "Everything here is settled." }
            @else if open > 0 { strong { (open) " of " (planned.len() + unplanned.len()) " things are not settled." } }
        }
        @if planned.is_empty() && unplanned.is_empty() {
            (EmptyState::new("Nothing is listed yet. List each product, service and partnership from the first month: what has no owner when the money ends is lost."))
        } @else {
            (Downloads::new([("Succession as CSV", format!("{}/succession.csv", cluster.path())), ("Succession as XLSX", format!("{}/succession.xlsx", cluster.path()))]))
            (table(cluster, &planned, &unplanned))
        }
        @if cluster.may("cluster.bequeath") {
            h2 { "Add to the list" }
            (form(&format!("{}/succession", cluster.path()), "Add it", typed, errors))
        }
    };
    room(Page::new("Succession", content), cluster).wide().data(&Shown { planned: &planned, unplanned: &unplanned })
}

fn table(cluster: &Loaded<Cluster>, planned: &[Legacy], unplanned: &[Unplanned]) -> Markup {
    let may = cluster.may("cluster.bequeath");
    let said = |text: &str, what: &str| match text {
        "" => html! { (Tag::new(format!("No {what}")).colour(TagColour::Red)) },
        text => html! { (text) },
    };
    let without_plan = unplanned.iter().map(|one| {
        let query = url_query(&[("kind", "product"), ("name", &one.product), ("project", &one.project.to_string())]);
        vec![
            Cell::new(html! {
                (one.product) br; a href=(one.project_path) { (one.project_name) }
                @if may { br; a href={ (cluster.path()) "/succession?" (query) "#kind" } { "Plan for it" span.nhsuk-u-visually-hidden { ": " (one.product) } } }
            }),
            Cell::new(LegacyKind::Product.label()),
            Cell::new(said("", "owner")),
            Cell::new(said("", "funding")),
            Cell::new(said("", "licence")),
            Cell::new(said("", "record")),
        ]
    });
    let with_plan = planned.iter().map(|one| {
        vec![
            Cell::new(html! {
                @if may { a href={ (cluster.path()) "/succession/" (one.id) } { (one.name) } } @else { (one.name) }
                (illustrative(one.is_illustrative))
            }),
            Cell::new(one.kind.label()),
            Cell::new(said(&one.owner, "owner")),
            Cell::new(said(&one.funding, "funding")),
            Cell::new(said(&one.licence, "licence")),
            Cell::new(said(&one.record, "record")),
        ]
    });
    html! {
        (Table::new("After the last day")
            .head([Column::new("What"), Column::new("Kind"), Column::new("Owner"), Column::new("Funding"), Column::new("Licence"), Column::new("Record")])
            .rows(without_plan.chain(with_plan)))
    }
}

fn url_query(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn form(action: &str, button: &str, typed: &Form, errors: &Errors) -> Markup {
    html! {
        form method="post" action=(action) novalidate {
            input type="hidden" name="project" value=(typed.project);
            input type="hidden" name="version" value=(typed.version);
            (Radios::new("kind", "What is it?").items(LegacyKind::ALL.iter().map(|kind| RadioItem::new(kind.key(), kind.label())))
                .value(typed.kind.as_str()).error_message(errors.of("kind")))
            (TextInput::new("name", "Name").value(typed.name.as_str()).error_message(errors.of("name")))
            (TextInput::new("owner", "Owner after the last day").hint("An organisation or a post. This page is public").value(typed.owner.as_str()).error_message(errors.of("owner")))
            (TextInput::new("funding", "Funding").hint("Who pays for it then, or that it costs nothing").value(typed.funding.as_str()).error_message(errors.of("funding")))
            (TextInput::new("licence", "Licence").hint("On which terms others use it").value(typed.licence.as_str()).error_message(errors.of("licence")))
            (Textarea::new("record", "Record").hint("Where what is known of it lies, so that others find it").rows(2_u16).value(typed.record.as_str()).error_message(errors.of("record")))
            (Button::new(button.to_owned()))
        }
    }
}

/// What was typed; nothing where it is incomplete. What is not settled yet may stay empty: the page shows it.
fn read(typed: &Form, id: Uuid, errors: &mut Errors) -> Option<Legacy> {
    let kind = errors.take("kind", LegacyKind::from_key(&typed.kind).ok_or("Choose what it is"));
    let name = errors.text("name", "its name", &typed.name, 200);
    let owner = optional(errors, "owner", "the owner", &typed.owner, 300);
    let funding = optional(errors, "funding", "the funding", &typed.funding, 500);
    let licence = optional(errors, "licence", "the licence", &typed.licence, 500);
    let record = optional(errors, "record", "the record", &typed.record, 1_000);
    Some(Legacy {
        id,
        kind: kind?,
        name: name?,
        project: typed.project.parse().ok(),
        owner: owner?,
        funding: funding?,
        licence: licence?,
        record: record?,
        is_illustrative: false,
        version: typed.version.parse().unwrap_or(1),
    })
}

pub async fn post(cluster: Loaded<Cluster>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let mut unit = cluster.begin().await?;
    let Some(legacy) = read(&typed, unit.new_id(), &mut errors) else {
        drop(unit);
        return Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into());
    };
    add(&mut unit, &cluster, &legacy).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/succession", cluster.path())).saying(format!("{} is on the list.", legacy.name)).into())
}

/// Puts a thing on the list.
pub(crate) async fn add(unit: &mut Unit, cluster: &Cluster, legacy: &Legacy) -> Result<(), Problem> {
    store::insert(unit, cluster.id, legacy).await?;
    written(unit, cluster, legacy)
}

/// Changes a thing on the list; refused where somebody else was faster.
pub(crate) async fn change(unit: &mut Unit, cluster: &Cluster, legacy: &Legacy) -> Result<(), Problem> {
    if store::change(unit, legacy).await? == 0 {
        return Err(Problem::conflict(
            "Somebody else changed this while you were writing",
            "Open the page again in another window, compare, and send your changes once more.",
        ));
    }
    written(unit, cluster, legacy)
}

fn written(unit: &mut Unit, cluster: &Cluster, legacy: &Legacy) -> Result<(), Problem> {
    let event = Bequeathed {
        legacy: legacy.id,
        kind: legacy.kind,
        name: &legacy.name,
        owner: &legacy.owner,
        lacking: legacy.lacking(),
    };
    unit.audit(cluster.stream(), format!("legacy:{}", legacy.id), &event)?;
    Ok(())
}

pub async fn show(bequest: Loaded<Bequest>) -> Answer {
    let legacy = &bequest.legacy;
    let typed = Form {
        kind: legacy.kind.key().to_owned(),
        name: legacy.name.clone(),
        project: legacy.project.map(|id| id.to_string()).unwrap_or_default(),
        owner: legacy.owner.clone(),
        funding: legacy.funding.clone(),
        licence: legacy.licence.clone(),
        record: legacy.record.clone(),
        version: legacy.version.to_string(),
    };
    Ok(editing(&bequest, &typed, &Errors::none())?.into())
}

fn editing(bequest: &Loaded<Bequest>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let Bequest { cluster, legacy } = &bequest.thing;
    let lacking = legacy.lacking();
    let content = html! {
        (summary(errors))
        (head(cluster, &legacy.name))
        @if !lacking.is_empty() { p { strong { "It lacks " (lacking.join(", ")) "." } } }
        (form(&format!("{}/succession/{}", cluster.path(), legacy.id), "Save", typed, errors))
    };
    let page = room(Page::new(legacy.name.clone(), content), cluster);
    page.under(format!("{}/succession", cluster.path()), "Succession").data(legacy)
}

pub async fn save(bequest: Loaded<Bequest>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let Some(legacy) = read(&typed, bequest.legacy.id, &mut errors) else {
        return Ok(editing(&bequest, &typed, &errors)?.with_errors(&errors).into());
    };
    let mut unit = bequest.begin().await?;
    change(&mut unit, &bequest.cluster, &legacy).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/succession", bequest.cluster.path())).saying(format!("{} is saved.", legacy.name)).into())
}

/// The list to take away, as CSV.
pub async fn download(cluster: Loaded<Cluster>) -> Answer {
    Ok(csv(&format!("{}-succession.csv", cluster.key), &file(&cluster).await?)?)
}

/// The list to take away, as a workbook.
pub async fn workbook(cluster: Loaded<Cluster>) -> Answer {
    Ok(xlsx(&format!("{}-succession.xlsx", cluster.key), &file(&cluster).await?, cluster.now())?)
}

async fn file(cluster: &Loaded<Cluster>) -> Result<FileTable, Problem> {
    let mut table = FileTable::with_columns(
        "succession",
        [
            ("cluster", "The cluster's short address"),
            ("kind", "Product, service or partnership"),
            ("name", "What it is"),
            ("owner", "Who owns it after the last day"),
            ("funding", "Who pays for it then"),
            ("licence", "On which terms others use it"),
            ("record", "Where what is known of it lies"),
            ("lacking", "What is not settled"),
            ("is_illustrative", "Whether it is made up"),
        ],
    );
    let planned = store::of_cluster(&cluster.database(), cluster.id).await?;
    for one in &planned {
        table.push([
            FileCell::text(cluster.key.clone()),
            FileCell::text(one.kind.label()),
            FileCell::text(one.name.clone()),
            FileCell::text(one.owner.clone()),
            FileCell::text(one.funding.clone()),
            FileCell::text(one.licence.clone()),
            FileCell::text(one.record.clone()),
            FileCell::text(one.lacking().join("; ")),
            one.is_illustrative.into(),
        ]);
    }
    for one in store::unplanned(&cluster.app, cluster.id, &planned).await? {
        let all = super::rules::lacking("", "", "", "").join("; ");
        table.push([
            FileCell::text(cluster.key.clone()),
            FileCell::text(LegacyKind::Product.label()),
            FileCell::text(one.product),
            FileCell::text(""),
            FileCell::text(""),
            FileCell::text(""),
            FileCell::text(""),
            FileCell::text(all),
            false.into(),
        ]);
    }
    Ok(table)
}
