//! `/clusters/{cluster}/education/claims`: hosts' claims, drawing up another, and the same as a table.

use chrono::NaiveDate;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{OrganisationId, Problem};
use hiec_tariff::Period;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::actions;
use super::store::{self, Claim};
use crate::access::{self, Education};
use crate::tariff::store as tariff;
use crate::{ground, home};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// A host's id.
    host: String,
    /// As `2010-04-01`.
    from: String,
    /// The last day, counted.
    to: String,
}

struct Seen {
    /// With the names of their hosts.
    claims: Vec<(Claim, String)>,
    /// Hosts the reader claims for.
    hosts: Vec<(String, String)>,
}

async fn seen(door: &Loaded<Education>) -> Result<Seen, Problem> {
    let database = door.database();
    let hosts = tariff::hosts(&database, door.cluster.id).await?;
    let name = |host: OrganisationId| {
        hosts
            .iter()
            .find(|(id, _, _)| *id == host)
            .map_or_else(|| "A former host".to_owned(), |(_, name, _)| name.clone())
    };
    let seen = access::sight_of(door, &door.cluster, "claim", "claim.view");
    let claimed_for = access::sight_of(door, &door.cluster, "claim", "claim.draft");
    let claims = store::of_cluster(&database, door.cluster.id).await?;
    Ok(Seen {
        claims: claims
            .into_iter()
            .filter(|claim| seen.sees(claim.host))
            .map(|claim| {
                let host = name(claim.host);
                (claim, host)
            })
            .collect(),
        hosts: hosts
            .iter()
            .filter(|(id, _, _)| claimed_for.sees(*id))
            .map(|(id, name, _)| (id.to_string(), name.clone()))
            .collect(),
    })
}

pub async fn get(door: Loaded<Education>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none()).await?.into())
}

async fn page(door: &Loaded<Education>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let Seen { claims, hosts } = seen(door).await?;
    let path = format!("{}/claims", door.path());
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Claims" }
        p { "A host claims what follows its trainees; the region approves and pays, and samples what it paid. Money comes back only when two people of the region say so." }
        @if claims.is_empty() {
            (EmptyState::new("No claim has been drawn up yet."))
        } @else {
            (table(door, &claims))
            (Downloads::new([("Claims as CSV", format!("{path}.csv"))]))
        }
        @if door.may("claim.import") {
            p { a.nhsuk-link href={ (path) "/imports" } { "Draw up many claims from a list" } }
        }
        @if !hosts.is_empty() {
            h2 { "Draw up a claim" }
            p { "The lines come from the " a href={ (door.path()) "/tariff" } { "statement" } " of these days, and stay as they are then." }
            form method="post" novalidate {
                (ground::choice("host", "Host", hosts, &form.host, errors))
                (ground::day_field("from", "First day", &form.from, errors))
                (ground::day_field("to", "Last day, counted", &form.to, errors))
                (Button::new("Draw up the claim"))
            }
        }
    };
    let claims: Vec<_> = claims.iter().map(|(claim, host)| line(claim, host)).collect();
    Ok(home::under(Page::new("Claims", view).data(&json!({ "claims": claims }))?, &door.cluster)
        .under(format!("{}/tariff", door.path()), "What follows trainees")
        .wide())
}

fn line(claim: &Claim, host: &str) -> serde_json::Value {
    json!({
        "number": claim.number, "host": host, "from": claim.from, "to": claim.to, "amount": claim.amount, "by_quality": claim.by_quality, "by_limits": claim.by_limits,
        "state": claim.state.key(), "is_illustrative": claim.is_illustrative,
    })
}

fn table(door: &Loaded<Education>, claims: &[(Claim, String)]) -> Markup {
    html! {
        (Table::new("Claims")
            .head([Column::new("Claim"), Column::new("Host"), Column::new("Days"), Column::numeric("Amount"), Column::new("State")])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(claims.iter().map(|(claim, host)| vec![
                Cell::new(html! { a.nhsuk-link href=(claim.path(&door.cluster)) { (claim.number) } (ground::made_up(claim.is_illustrative)) }),
                Cell::new(host.as_str()),
                Cell::new(format!("{} to {}", day_on_page(claim.from), day_on_page(claim.to))),
                Cell::numeric(claim.amount),
                Cell::new(claim.state.label()),
            ])))
    }
}

pub async fn csv(door: Loaded<Education>) -> Answer {
    let mut table = FileTable::with_columns(
        "claims",
        [
            ("claim", "Its number"),
            ("host", "Who claims"),
            ("from", "First day"),
            ("to", "Last day, counted"),
            ("amount", "Pounds claimed"),
            ("by_quality", "Pounds of it that quality adds"),
            ("by_limits", "Pounds of it by the limits to losses and gains"),
            ("state", "How far it is"),
            ("clawed_back", "Pounds taken back"),
            ("illustrative", "Whether it was made up"),
        ],
    );
    for (claim, host) in seen(&door).await?.claims {
        table.push([
            FileCell::from(claim.number.as_str()),
            FileCell::from(host),
            FileCell::from(claim.from),
            FileCell::from(claim.to),
            FileCell::from(claim.amount),
            FileCell::from(claim.by_quality),
            FileCell::from(claim.by_limits),
            FileCell::from(claim.state.label()),
            FileCell::from(claim.state.clawed_back()),
            FileCell::from(claim.is_illustrative),
        ]);
    }
    Ok(ground::csv(&door.cluster, &table))
}

pub async fn draft(door: Loaded<Education>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let hosts = seen(&door).await?.hosts;
    let host = hosts.iter().find(|(id, _)| *id == form.host).and_then(|(id, _)| id.parse().ok()).map(OrganisationId);
    let host = ground::one_of(&mut errors, "host", "one of the hosts you claim for", host);
    let from = ground::day(&mut errors, "from", "the first day", &form.from);
    let to = ground::day(&mut errors, "to", "the last day", &form.to);
    let period = from.zip(to).and_then(|(from, to)| period(&mut errors, from, to, london_date(door.now())));
    let (Some(host), Some(period)) = (host, period) else {
        return Ok(page(&door, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let claim = actions::draw(&mut unit, &door.cluster, host, period, false).await?;
    unit.commit().await?;
    Ok(Done::made(claim.path(&door.cluster)).saying("Drawn up. Read it, then submit it to the region.").into())
}

/// Days that have come, within one financial year: the limits and the payer's books go by it.
fn period(errors: &mut Errors, from: NaiveDate, to: NaiveDate, today: NaiveDate) -> Option<Period> {
    if to > today {
        errors.add("to", "Enter a last day that has come: what has not happened cannot be claimed");
        return None;
    }
    let period = Period::new(from, to);
    if period.is_none() {
        errors.add("to", "Enter a last day that is not before the first");
    } else if Period::year_of(from) != Period::year_of(to) {
        errors.add("to", "Enter days of one financial year, 1 April to 31 March");
        return None;
    }
    period
}
