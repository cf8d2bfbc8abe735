//! `/clusters/{cluster}/education/tariff/trail`: the money from commissioner to cluster, host and team, and how much of it was claimed and paid.

use std::collections::BTreeMap;

use axum::extract::Query;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;
use serde_json::json;

use super::asked::{self, Asked, Shown, name};
use super::claims::store as claims;
use super::drawing::Drawing;
use super::totals::{HostTotal, PayerTotal, Totals};
use crate::access::Education;
use crate::{ground, home};

/// The team of what quality adds: it is for the host as a whole.
const BY_QUALITY: &str = "The host as a whole: weighed by quality";

/// A step of the way: who pays, the host, the team.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct Step {
    payer: String,
    host: String,
    team: String,
    trainees: usize,
    amount: Money,
    lines_not_loaded: usize,
}

/// What a host has claimed and been paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct Claimed {
    host: String,
    by_tariff: Money,
    by_quality: Money,
    by_limits: Money,
    follows: Money,
    claimed: Money,
    paid: Money,
    clawed_back: Money,
}

#[derive(Default)]
struct Sum<'a> {
    trainees: Vec<&'a str>,
    amounts: Vec<Option<Money>>,
}

fn steps(drawing: &Drawing) -> Vec<Step> {
    let mut steps: BTreeMap<(&str, &str, &str), Sum<'_>> = BTreeMap::new();
    for line in &drawing.lines {
        let sum = steps.entry((line.payer.as_str(), line.host_name.as_str(), line.team.as_str())).or_default();
        sum.trainees.push(line.trainee_number.as_str());
        sum.amounts.push(line.amount);
    }
    for line in &drawing.weighed {
        steps.entry((line.payer.as_str(), line.host_name.as_str(), BY_QUALITY)).or_default().amounts.push(line.amount);
    }
    let step = |((payer, host, team), mut sum): ((&str, &str, &str), Sum<'_>)| {
        sum.trainees.sort_unstable();
        sum.trainees.dedup();
        Step {
            payer: payer.to_owned(),
            host: host.to_owned(),
            team: team.to_owned(),
            trainees: sum.trainees.len(),
            amount: sum.amounts.iter().flatten().copied().sum(),
            lines_not_loaded: sum.amounts.iter().filter(|amount| amount.is_none()).count(),
        }
    };
    steps.into_iter().map(step).collect()
}

async fn claimed(door: &Loaded<Education>, shown: &Shown, totals: &Totals) -> Result<Vec<Claimed>, Problem> {
    let claims = claims::of_cluster(&door.database(), door.cluster.id).await?;
    let by_host: BTreeMap<OrganisationId, &HostTotal> = totals.hosts.iter().map(|host| (host.host, host)).collect();
    let of = |(id, name): &(OrganisationId, String)| {
        let theirs: Vec<_> = claims
            .iter()
            .filter(|claim| claim.host == *id && shown.year.contains(claim.from) && !claim.state.is_void())
            .collect();
        let sum = |amount: fn(&HostTotal) -> Money| by_host.get(id).map_or(Money::ZERO, |host| amount(host));
        Claimed {
            host: name.clone(),
            by_tariff: sum(|host| host.by_tariff),
            by_quality: sum(|host| host.by_quality),
            by_limits: sum(|host| host.by_limits),
            follows: sum(HostTotal::total),
            claimed: theirs.iter().map(|claim| claim.amount).sum(),
            paid: theirs.iter().filter(|claim| claim.state.is_paid()).map(|claim| claim.amount).sum(),
            clawed_back: theirs.iter().filter_map(|claim| claim.state.clawed_back()).sum(),
        }
    };
    let hosts = shown.hosts.iter().filter(|(id, _)| shown.host.is_none_or(|only| only == *id)).map(of);
    Ok(hosts.filter(|host| host.follows != Money::ZERO || host.claimed != Money::ZERO).collect())
}

/// Of a cluster payers and hosts; of one host its teams too.
pub async fn get(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let shown = asked::shown(&door, &asked).await?;
    let totals = shown.totals(&door).await?;
    let claimed = claimed(&door, &shown, &totals).await?;
    let steps = match shown.host {
        Some(_) => steps(&shown.drawing(&door).await?),
        None => Vec::new(),
    };
    let path = format!("{}/tariff", door.path());
    let is_made_up = totals.hosts.iter().any(|host| host.is_illustrative);
    let view = html! {
        (ground::mistakes(&shown.errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "The money from commissioner to team, " (name(shown.year)) (ground::made_up(is_made_up)) }
        @if totals.hosts.is_empty() {
            (EmptyState::new("No approved placement in a post paid by tariff falls in this year."))
        } @else {
            h2 { "Commissioner to cluster" }
            (payers(&totals.payers))
            h2 { "Cluster to host" }
            (hosts(&claimed))
            h2 { "Host to team" }
            @if shown.host.is_some() { (teams(&steps)) } @else {
                p { "Choose a host to see what is for each of its teams; the file below has the teams of all." }
                ul {
                    @for host in &totals.hosts {
                        li { a.nhsuk-link href={ (path) "/trail?" (shown.of_host(host.host)) } { (host.name) } }
                    }
                }
            }
            (Downloads::new([("The way of the money to every team as CSV", format!("{path}/trail.csv?{}", shown.query()))]))
        }
    };
    let data = json!({ "year": name(shown.year), "payers": totals.payers, "hosts": claimed, "steps": steps });
    let page = home::under(Page::new("The money from commissioner to team", view).data(&data)?, &door.cluster);
    let page = page.under(path, "What follows trainees").wide();
    Ok(if shown.errors.is_empty() { page.into() } else { page.with_errors(&shown.errors).into() })
}

fn payers(payers: &BTreeMap<String, PayerTotal>) -> Markup {
    html! {
        (Table::new("Who pays")
            .head([Column::new("Payer"), Column::numeric("By tariff"), Column::numeric("By quality"), Column::numeric("Follows trainees")])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(payers.iter().map(|(payer, sum)| vec![
                Cell::new(payer.as_str()),
                Cell::numeric(sum.by_tariff),
                Cell::numeric(sum.by_quality),
                Cell::numeric(sum.by_tariff + sum.by_quality),
            ])))
    }
}

fn hosts(claimed: &[Claimed]) -> Markup {
    html! {
        (Table::new("What hosts claimed and were paid")
            .head([
                Column::new("Host"),
                Column::numeric("By tariff"),
                Column::numeric("By quality"),
                Column::numeric("By limits"),
                Column::numeric("In all"),
                Column::numeric("Claimed"),
                Column::numeric("Paid"),
                Column::numeric("Clawed back"),
            ])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(claimed.iter().map(|host| vec![
                Cell::new(host.host.as_str()),
                Cell::numeric(host.by_tariff),
                Cell::numeric(host.by_quality),
                Cell::numeric(host.by_limits),
                Cell::numeric(host.follows),
                Cell::numeric(host.claimed),
                Cell::numeric(host.paid),
                Cell::numeric(host.clawed_back),
            ])))
    }
}

fn teams(steps: &[Step]) -> Markup {
    html! {
        (Table::new("What is for each team")
            .head([Column::new("Host"), Column::new("Team"), Column::new("Payer"), Column::numeric("Trainees"), Column::numeric("Lines not loaded"), Column::numeric("Follows trainees")])
            .responsive(true)
            .rows(steps.iter().map(|step| vec![
                Cell::new(step.host.as_str()),
                Cell::new(step.team.as_str()),
                Cell::new(step.payer.as_str()),
                Cell::numeric(step.trainees),
                Cell::numeric(step.lines_not_loaded),
                Cell::numeric(step.amount),
            ])))
    }
}

pub async fn csv(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let drawing = asked::shown(&door, &asked).await?.drawing(&door).await?;
    let mut table = FileTable::with_columns(
        "money-trail",
        [
            ("payer", "Who pays for the posts"),
            ("host", "Where the trainees are placed"),
            ("team", "Specialty and site; or that it is for the host as a whole"),
            ("trainees", "How many"),
            ("amount", "Pounds that follow them"),
            ("lines_not_loaded", "Lines without an amount"),
        ],
    );
    for step in steps(&drawing) {
        table.push([
            FileCell::from(step.payer),
            FileCell::from(step.host),
            FileCell::from(step.team),
            FileCell::count(step.trainees),
            FileCell::from(step.amount),
            FileCell::count(step.lines_not_loaded),
        ]);
    }
    Ok(ground::csv(&door.cluster, &table))
}
