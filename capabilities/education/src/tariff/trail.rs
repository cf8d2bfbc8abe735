//! `/clusters/{cluster}/education/tariff/trail`: the money from commissioner to cluster, host and team, and how much of it was claimed and paid.

use std::collections::BTreeMap;

use axum::extract::Query;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;
use serde_json::json;

use super::claims::store as claims;
use super::drawing::Drawn;
use super::page::{self, Asked, Shown};
use crate::access::Education;
use crate::{ground, home};

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
    follows: Money,
    claimed: Money,
    paid: Money,
    clawed_back: Money,
}

fn steps(lines: &[Drawn]) -> Vec<Step> {
    let mut steps: BTreeMap<(&str, &str, &str), Vec<&Drawn>> = BTreeMap::new();
    for line in lines {
        steps.entry((line.payer.as_str(), line.host_name.as_str(), line.team.as_str())).or_default().push(line);
    }
    let step = |((payer, host, team), lines): ((&str, &str, &str), Vec<&Drawn>)| {
        let mut trainees: Vec<&str> = lines.iter().map(|line| line.trainee_number.as_str()).collect();
        trainees.sort_unstable();
        trainees.dedup();
        Step {
            payer: payer.to_owned(),
            host: host.to_owned(),
            team: team.to_owned(),
            trainees: trainees.len(),
            amount: lines.iter().filter_map(|line| line.amount).sum(),
            lines_not_loaded: lines.iter().filter(|line| line.amount.is_none()).count(),
        }
    };
    steps.into_iter().map(step).collect()
}

async fn claimed(door: &Loaded<Education>, shown: &Shown) -> Result<Vec<Claimed>, Problem> {
    let claims = claims::of_cluster(&door.database(), door.cluster.id).await?;
    let of = |(id, name): &(OrganisationId, String)| {
        let theirs: Vec<_> = claims
            .iter()
            .filter(|claim| claim.host == *id && shown.year.contains(claim.from) && !claim.state.is_void())
            .collect();
        Claimed {
            host: name.clone(),
            follows: shown.drawing.lines.iter().filter(|line| line.host == *id).filter_map(|line| line.amount).sum(),
            claimed: theirs.iter().map(|claim| claim.amount).sum(),
            paid: theirs.iter().filter(|claim| claim.state.is_paid()).map(|claim| claim.amount).sum(),
            clawed_back: theirs.iter().filter_map(|claim| claim.state.clawed_back()).sum(),
        }
    };
    let hosts = shown.hosts.iter().map(of);
    Ok(hosts.filter(|host| host.follows != Money::ZERO || host.claimed != Money::ZERO).collect())
}

pub async fn get(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let shown = page::shown(&door, &asked).await?;
    let steps = steps(&shown.drawing.lines);
    let claimed = claimed(&door, &shown).await?;
    let path = format!("{}/tariff", door.path());
    let mut payers: BTreeMap<&str, Money> = BTreeMap::new();
    for step in &steps {
        let sum = payers.entry(step.payer.as_str()).or_default();
        *sum = *sum + step.amount;
    }
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "The money from commissioner to team, " (page::name(shown.year)) (ground::made_up(shown.drawing.lines.iter().any(|line| line.is_illustrative))) }
        @if steps.is_empty() {
            (EmptyState::new("No approved placement in a post paid by tariff falls in this year."))
        } @else {
            h2 { "Commissioner to cluster" }
            (Table::new("Who pays")
                .head([Column::new("Payer"), Column::numeric("Follows trainees")])
                .first_cell_is_header(true)
                .rows(payers.iter().map(|(payer, amount)| vec![Cell::new(*payer), Cell::numeric(amount)])))
            h2 { "Cluster to host" }
            (Table::new("What hosts claimed and were paid")
                .head([Column::new("Host"), Column::numeric("Follows trainees"), Column::numeric("Claimed"), Column::numeric("Paid"), Column::numeric("Clawed back")])
                .first_cell_is_header(true)
                .responsive(true)
                .rows(claimed.iter().map(|host| vec![
                    Cell::new(host.host.as_str()),
                    Cell::numeric(host.follows),
                    Cell::numeric(host.claimed),
                    Cell::numeric(host.paid),
                    Cell::numeric(host.clawed_back),
                ])))
            h2 { "Host to team" }
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
            (Downloads::new([("The way of the money as CSV", format!("{path}/trail.csv?{}", shown.query()))]))
        }
    };
    let data = json!({ "year": page::name(shown.year), "steps": steps, "hosts": claimed });
    let page = home::under(Page::new("The money from commissioner to team", view).data(&data)?, &door.cluster);
    Ok(page.under(path, "What follows trainees").wide().into())
}

pub async fn csv(door: Loaded<Education>, Query(asked): Query<Asked>) -> Answer {
    let shown = page::shown(&door, &asked).await?;
    let mut table = FileTable::with_columns(
        "money-trail",
        [
            ("payer", "Who pays for the posts"),
            ("host", "Where the trainees are placed"),
            ("team", "Specialty and site"),
            ("trainees", "How many"),
            ("amount", "Pounds that follow them"),
            ("lines_not_loaded", "Lines without an amount"),
        ],
    );
    for step in steps(&shown.drawing.lines) {
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
