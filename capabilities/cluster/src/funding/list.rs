//! `/clusters/{cluster}/funding`: all bids of the cluster's consortia to outside funders, and a new idea.

use hiec_contracts::{PartnerSeen, ProjectSeen};
use hiec_files::table::{self, Table as Sheet};
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, CheckboxItem, Checkboxes, Column, Table, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::FundingDesk;
use super::actions;
use super::states::Stage;
use super::store::{self, FundingBid, NewBid};
use crate::clusters::store::Cluster;
use crate::desk::{
    self, amount, choice, heading, line_field, money_field, page_of, partner_items, project_items, project_of, summary,
    words_if_any,
};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    title: String,
    #[serde(default)]
    funder: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    project: String,
    /// Ids of the partners that bid together.
    #[serde(default)]
    consortium: Vec<String>,
    #[serde(default)]
    note: String,
    /// Where the facts are published, where they are.
    #[serde(default)]
    source: String,
}

impl Form {
    fn of(fields: &Fields) -> Self {
        let one = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        Self {
            title: one("title"),
            funder: one("funder"),
            amount: one("amount"),
            project: one("project"),
            consortium: fields.all("consortium").map(str::to_owned).collect(),
            note: one("note"),
            source: one("source"),
        }
    }
}

pub async fn get(desk: Loaded<FundingDesk>) -> Answer {
    Ok(page(&desk, &Form::default(), &Errors::none()).await?.into())
}

async fn page(desk: &Loaded<FundingDesk>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let bids = store::of_cluster(&desk.database(), desk.cluster.id).await?;
    let (partners, projects) = if desk.may("funding.open") {
        (desk::partners(&desk.database(), &desk.cluster).await?, desk::projects(desk).await?)
    } else {
        (vec![], vec![])
    };
    let won: Money = bids.iter().filter_map(|bid| bid.state.won()).sum();
    let path = format!("{}/funding", desk.cluster.path());
    let view = html! {
        (summary(errors))
        (heading(desk, "Bids to outside funders"))
        @if bids.is_empty() {
            (EmptyState::new("No bid has been thought of yet. What is to outlast the cluster’s own term needs money from elsewhere: note the first idea."))
        } @else {
            p { "Won so far: " strong { (won) } "." }
            (table(&desk.cluster, &bids))
            (Downloads::new([("Bids to outside funders as CSV", format!("{path}.csv")), ("Bids to outside funders as XLSX", format!("{path}.xlsx"))]))
        }
        @if desk.may("funding.open") { (form(&partners, &projects, typed, errors)) }
    };
    Ok(page_of(&desk.cluster, "Bids to outside funders", view).data(&bids)?.wide())
}

pub(super) fn tag(stage: &Stage) -> Tag {
    Tag::new(stage.label()).colour(match stage {
        Stage::Won { .. } => TagColour::Green,
        Stage::Lost | Stage::Withdrawn => TagColour::Grey,
        Stage::Submitted => TagColour::Blue,
        Stage::Writing => TagColour::Yellow,
        Stage::Idea => TagColour::White,
    })
}

/// Whether what was won lives longer than the cluster and nobody has been named to hold it.
pub(super) fn lacks_host(cluster: &Cluster, bid: &FundingBid) -> bool {
    bid.state.won().is_some() && bid.host.is_none() && bid.ends_on.is_none_or(|ends| ends > cluster.ends_on)
}

fn table(cluster: &Cluster, bids: &[FundingBid]) -> Table {
    let host = |bid: &FundingBid| {
        html! {
            @if let Some(host) = &bid.host_name { (host) }
            @else if lacks_host(cluster, bid) { (Tag::new("Nobody named").colour(TagColour::Red)) }
            @else { "Not needed yet" }
        }
    };
    Table::new("Bids to outside funders")
        .head([
            Column::new("Bid"),
            Column::new("Funder"),
            Column::new("Stands"),
            Column::numeric("Asked"),
            Column::numeric("Won"),
            Column::new("Host after the cluster"),
        ])
        .responsive(true)
        .rows(bids.iter().map(|bid| {
            vec![
                Cell::link(bid.title.as_str(), format!("{}/funding/{}", cluster.path(), bid.id)),
                Cell::new(bid.funder.as_str()),
                Cell::new(html! { (tag(&bid.state.stage)) }),
                Cell::numeric(bid.asked),
                bid.state.won().map_or_else(|| Cell::new("Nothing"), Cell::numeric),
                Cell::new(host(bid)),
            ]
        }))
}

fn form(partners: &[PartnerSeen], projects: &[ProjectSeen], typed: &Form, errors: &Errors) -> Markup {
    let boxes = partner_items(partners)
        .into_iter()
        .map(|(id, name)| CheckboxItem::new(id.clone(), name).checked(Some(typed.consortium.contains(&id))));
    html! {
        h2 { "Note an idea" }
        form method="post" novalidate {
            (line_field("title", "What it would pay for", &typed.title, errors))
            (line_field("funder", "Funder", &typed.funder, errors))
            (money_field("amount", "Amount to ask", &typed.amount, errors))
            @if !projects.is_empty() { (choice("project", "Project (optional)", project_items(projects), &typed.project, errors)) }
            (Checkboxes::new("consortium", "Who would bid together").items(boxes).error_message(errors.of("consortium").unwrap_or_default()))
            (Textarea::new("note", "Note (optional)").rows(2_u16).value(typed.note.as_str()).error_message(errors.of("note").unwrap_or_default()))
            (line_field("source", "Published source (optional)", &typed.source, errors))
            (Button::new("Note it"))
        }
    }
}

pub async fn post(desk: Loaded<FundingDesk>, fields: Fields) -> Answer {
    let typed = Form::of(&fields);
    let mut errors = Errors::none();
    let partners = desk::partners(&desk.database(), &desk.cluster).await?;
    let projects = desk::projects(&desk).await?;
    let title = errors.text("title", "what it would pay for", &typed.title, 200);
    let funder = errors.text("funder", "the funder", &typed.funder, 200);
    let asked = amount(&mut errors, "amount", &typed.amount);
    let project = project_of(&mut errors, "project", &typed.project, &projects);
    let mut consortium: Vec<OrganisationId> = partners
        .iter()
        .map(|one| one.organisation.id)
        .filter(|id| typed.consortium.contains(&id.to_string()))
        .collect();
    consortium.dedup();
    if consortium.is_empty() {
        errors.add("consortium", "Choose at least one partner that would bid");
    }
    let note = words_if_any(&mut errors, "note", "the note", &typed.note, 1000);
    let source = words_if_any(&mut errors, "source", "the source", &typed.source, 300);
    let (Some(title), Some(funder), Some(asked), true) = (title, funder, asked, errors.is_empty()) else {
        return Ok(page(&desk, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    let new = NewBid { title, funder, asked, project, consortium, source };
    let id = actions::open(&mut unit, &desk.cluster, &new, &note).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/funding/{id}", desk.cluster.path())).saying("The idea was noted.").into())
}

pub async fn csv(desk: Loaded<FundingDesk>) -> Answer {
    Ok(desk::csv(&format!("{}-funding", desk.cluster.key), &listed(&desk).await?))
}

pub async fn xlsx(desk: Loaded<FundingDesk>) -> Answer {
    Ok(desk::xlsx(&format!("{}-funding", desk.cluster.key), &[&listed(&desk).await?], desk.now())?)
}

/// The list to take away.
async fn listed(desk: &Loaded<FundingDesk>) -> Result<Sheet, Problem> {
    let bids = store::of_cluster(&desk.database(), desk.cluster.id).await?;
    let mut sheet = Sheet::with_columns(
        "funding",
        [
            ("title", "What it pays for"),
            ("funder", "Who is asked"),
            ("state", "Where it stands"),
            ("asked", "Pounds"),
            ("won", "Pounds"),
            ("host", "Who holds the grant after the cluster"),
            ("ends_on", "The grant’s last day"),
            ("source", "Where it is published"),
        ],
    );
    for bid in bids {
        sheet.push([
            table::Cell::from(bid.title),
            bid.funder.into(),
            bid.state.stage.label().into(),
            bid.asked.into(),
            bid.state.won().into(),
            bid.host_name.into(),
            bid.ends_on.into(),
            bid.source.into(),
        ]);
    }
    Ok(sheet)
}
