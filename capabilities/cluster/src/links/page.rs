//! `/clusters/{cluster}/links`: the bodies of the innovation landscape a cluster works with; no link stands without a purpose and an owner.

use axum::extract::Path;
use chrono::NaiveDate;
use hiec_files::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_store::AuditEvent;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Details, Input as TextInput, Select, SelectItem, Table, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::{self, BodyKind, Link};
use crate::clusters::pieces::{csv, day, day_field, head, room, summary, xlsx};
use crate::clusters::store::Cluster;
use crate::principles::watch;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// `ahsc`, `clahrc`, `brc`, `hub`, `hin` or `arc`.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    purpose: String,
    /// Who looks after it.
    #[serde(default)]
    owner: String,
    #[serde(default)]
    since: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct EndForm {
    #[serde(default)]
    reason: String,
}

/// A link was made.
#[derive(Serialize)]
struct LinkMade<'a> {
    link: Uuid,
    kind: BodyKind,
    name: &'a str,
    purpose: &'a str,
}

impl AuditEvent for LinkMade<'_> {
    const KIND: &'static str = "link.made";
}

/// A link ended.
#[derive(Serialize)]
struct LinkEnded<'a> {
    link: Uuid,
    on: NaiveDate,
    reason: &'a str,
}

impl AuditEvent for LinkEnded<'_> {
    const KIND: &'static str = "link.ended";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

pub async fn get(cluster: Loaded<Cluster>) -> Answer {
    Ok(page(&cluster, &Form::default(), &Errors::none()).await?.into())
}

async fn page(cluster: &Loaded<Cluster>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let links = store::of_cluster(&cluster.database(), cluster.id).await?;
    let today = london_date(cluster.now());
    let (here, ended): (Vec<&Link>, Vec<&Link>) = links.iter().partition(|link| link.holds_on(today));
    let content = html! {
        (summary(errors))
        (head(cluster, "Links"))
        p { "Research and innovation bodies around the cluster, each with what the two do together and who looks after it." }
        @if here.is_empty() {
            (EmptyState::new("No link is recorded yet. A cluster is expected to be linked to the innovation bodies around it."))
        } @else {
            (Downloads::new([("Links as CSV", format!("{}/links.csv", cluster.path())), ("Links as XLSX", format!("{}/links.xlsx", cluster.path()))]))
            (Table::new("Links today")
                .head([Column::new("Body"), Column::new("Kind"), Column::new("Purpose"), Column::new("Owner"), Column::new("Since")])
                .rows(here.iter().map(|link| vec![
                    Cell::new(html! { (link.name) @if cluster.may("cluster.link") { (ending(cluster, link)) } }),
                    Cell::new(link.kind.label()),
                    Cell::new(link.purpose.as_str()),
                    Cell::new(link.owner.as_str()),
                    Cell::new(day_on_page(link.since)),
                ])))
        }
        @if !ended.is_empty() {
            (Table::new("Ended links")
                .head([Column::new("Body"), Column::new("Purpose"), Column::new("From and until"), Column::new("Why it ended")])
                .rows(ended.iter().map(|link| vec![
                    Cell::new(link.name.as_str()),
                    Cell::new(link.purpose.as_str()),
                    Cell::new(format!("{} to {}", day_on_page(link.since), link.until.map(day_on_page).unwrap_or_default())),
                    Cell::new(link.ended_reason.clone().unwrap_or_default()),
                ])))
        }
        @if cluster.may("cluster.link") { (form(cluster, typed, errors)) }
    };
    room(Page::new("Links", content), cluster).data(&links)
}

/// The list to take away.
pub async fn download(cluster: Loaded<Cluster>) -> Answer {
    Ok(csv(&format!("{}-links.csv", cluster.key), &listed(&cluster).await?)?)
}

/// The same as a workbook.
pub async fn workbook(cluster: Loaded<Cluster>) -> Answer {
    Ok(xlsx(&format!("{}-links.xlsx", cluster.key), &listed(&cluster).await?, cluster.now())?)
}

async fn listed(cluster: &Loaded<Cluster>) -> Result<FileTable, Problem> {
    let mut table = FileTable::with_columns(
        "links",
        [
            ("cluster", "The cluster's short address"),
            ("kind", "The kind of body"),
            ("name", "The body"),
            ("purpose", "What the two do together"),
            ("owner", "Who looks after the link"),
            ("since", "First day"),
            ("until", "The first day it no longer holds"),
            ("ended_reason", "Why it ended"),
        ],
    );
    for link in store::of_cluster(&cluster.database(), cluster.id).await? {
        table.push([
            FileCell::text(cluster.key.clone()),
            FileCell::text(link.kind.label()),
            FileCell::text(link.name),
            FileCell::text(link.purpose),
            FileCell::text(link.owner),
            link.since.into(),
            link.until.into(),
            link.ended_reason.into(),
        ]);
    }
    Ok(table)
}

fn ending(cluster: &Loaded<Cluster>, link: &Link) -> Markup {
    let form = html! {
        form method="post" action={ (cluster.path()) "/links/" (link.id) "/ending" } {
            (TextInput::new("reason", format!("Why the link to {} ends", link.name)).id(format!("reason-{}", link.id)))
            (Button::new("End the link").secondary())
        }
    };
    html! { (Details::new(format!("End the link to {}", link.name), form)) }
}

fn form(cluster: &Loaded<Cluster>, typed: &Form, errors: &Errors) -> Markup {
    let kinds = std::iter::once(SelectItem::new("", "Choose a kind"))
        .chain(BodyKind::ALL.iter().map(|kind| SelectItem::new(kind.key(), kind.label())));
    html! {
        h2 { "Add a link" }
        form method="post" action={ (cluster.path()) "/links" } novalidate {
            (Select::new("kind", "Kind of body").items(kinds).value(typed.kind.as_str()).error_message(errors.of("kind")))
            (TextInput::new("name", "Name of the body").value(typed.name.as_str()).error_message(errors.of("name")))
            (Textarea::new("purpose", "Purpose").hint("What the two do together").rows(3_u16).value(typed.purpose.as_str()).error_message(errors.of("purpose")))
            (TextInput::new("owner", "Owner").hint("The person or post that looks after it").value(typed.owner.as_str()).error_message(errors.of("owner")))
            (day_field("since", "Since", &typed.since, errors))
            (Button::new("Add the link"))
        }
    }
}

pub async fn post(cluster: Loaded<Cluster>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let kind = errors.take("kind", BodyKind::from_key(&typed.kind).ok_or("Choose the kind of body"));
    let name = errors.text("name", "the name of the body", &typed.name, 200);
    let purpose = errors.text("purpose", "the purpose", &typed.purpose, 1_000);
    let owner = errors.text("owner", "the owner", &typed.owner, 200);
    let since = day(&mut errors, "since", "the day since when", &typed.since);
    let (Some(kind), Some(name), Some(purpose), Some(owner), Some(since)) = (kind, name, purpose, owner, since) else {
        return Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = cluster.begin().await?;
    let link = Link { id: unit.new_id(), kind, name, purpose, owner, since, until: None, ended_reason: None };
    make(&mut unit, &cluster, &link).await?;
    watch::look(&mut unit, cluster.app.site(), &cluster, &format!("A link to {} was made", link.name)).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/links", cluster.path())).saying(format!("The link to {} is recorded.", link.name)).into())
}

/// Records a link.
pub(crate) async fn make(unit: &mut hiec_store::Unit, cluster: &Cluster, link: &Link) -> Result<(), Problem> {
    store::insert(unit, cluster.id, link).await?;
    let event = LinkMade { link: link.id, kind: link.kind, name: &link.name, purpose: &link.purpose };
    unit.audit(cluster.stream(), format!("cluster:{}", cluster.id), &event)?;
    Ok(())
}

pub async fn end(
    cluster: Loaded<Cluster>,
    Path((_, link)): Path<(String, Uuid)>,
    Input(form): Input<EndForm>,
) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "why the link ends", &form.reason, 1_000) else {
        let problem =
            Problem::invalid("A link ends with a reason", "Go back, open the link's ending and say why it ends.");
        return Err(problem.into());
    };
    let mut unit = cluster.begin().await?;
    let on = london_date(unit.now());
    if store::end(&unit, cluster.id, link, on, &reason).await? == 0 {
        return Err(Problem::not_found().into());
    }
    let event = LinkEnded { link, on, reason: &reason };
    unit.audit(cluster.stream(), format!("cluster:{}", cluster.id), &event)?;
    watch::look(&mut unit, cluster.app.site(), &cluster, "A link to an innovation body ended").await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/links", cluster.path())).saying("The link has ended; it stays on the record.").into())
}
