//! `/clusters/{cluster}/education/rounds/{round}/constraints`: places reserved or given and trainees linked, each with its reason, before a rule runs.

use std::collections::BTreeMap;

use hiec_kernel::{OrganisationId, Problem};
use hiec_store::organisations;
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::access::RoundHere;
use super::reserves::{self, Offered};
use super::store::{self, Constraint, ConstraintKind, Entrant, GroupReserve};
use super::{actions, question};
use crate::ground::{self, LINES};
use crate::home;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// `reserved`, `given` or `linked`.
    kind: String,
    /// The number of a trainee who takes part.
    trainee: String,
    /// The id of a host: for `reserved` and `given`.
    host: String,
    /// The number of another trainee: for `linked`.
    other: String,
    reason: String,
}

pub(super) struct Seen {
    pub constraints: Vec<Constraint>,
    pub reserves: Vec<GroupReserve>,
    pub offered: Vec<Offered>,
    entrants: Vec<Entrant>,
    pub hosts: Vec<(OrganisationId, String)>,
}

pub(super) async fn seen(here: &Loaded<RoundHere>) -> Result<Seen, Problem> {
    let reads = here.database();
    let appetites = store::appetites(&reads, here.round.id).await?;
    let ids: Vec<OrganisationId> = question::hosts(&reads, &here.round, &here.programme)
        .await?
        .into_iter()
        .map(|host| host.organisation)
        .filter(|host| appetites.contains_key(host))
        .collect();
    let mut hosts: Vec<(OrganisationId, String)> =
        organisations::by_ids(&reads, &ids).await?.into_iter().map(|one| (one.id, one.name)).collect();
    hosts.sort_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(&other.0)));
    let entrants = store::entrants(&reads, here.round.id).await?;
    Ok(Seen {
        constraints: store::constraints(&reads, here.round.id).await?,
        reserves: store::reserves(&reads, here.round.id).await?,
        offered: reserves::offered(&reads, &here.round, &entrants).await?,
        entrants,
        hosts,
    })
}

pub async fn get(here: Loaded<RoundHere>) -> Answer {
    let seen = seen(&here).await?;
    Ok(page(&here, &seen, (&Form::default(), &reserves::Form::default()), &Errors::none())?.into())
}

pub(super) fn page(
    here: &Loaded<RoundHere>,
    seen: &Seen,
    (form, kept): (&Form, &reserves::Form),
    errors: &Errors,
) -> Result<Page, Problem> {
    let may_plan = here.may("round.plan") && here.round.state.is_being_made();
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.round.name) } "Settled before a rule runs" }
        @if !seen.reserves.is_empty() { (reserves::table(&here.path(), &seen.reserves, &seen.hosts, may_plan)) }
        @if seen.constraints.is_empty() && seen.reserves.is_empty() { p { "Nothing yet: every place is open to everybody in the drawn order." } }
        @if !seen.constraints.is_empty() { (table(here, seen, may_plan)) }
        @if may_plan {
            (reserves::entry(&here.path(), &seen.offered, &seen.hosts, kept, errors))
            (entry(seen, form, errors))
        }
    };
    let data = json!({ "constraints": seen.constraints, "reserves": seen.reserves });
    let page = Page::new("Settled before a rule runs", view).data(&data)?;
    Ok(home::under(page, &here.cluster).under(here.path(), here.round.name.clone()))
}

fn table(here: &Loaded<RoundHere>, seen: &Seen, may_plan: bool) -> Markup {
    let numbers: BTreeMap<Uuid, &str> = seen.entrants.iter().map(|one| (one.trainee_id, one.number.as_str())).collect();
    let number = |trainee: Uuid| numbers.get(&trainee).copied().unwrap_or("a former trainee");
    let rows = seen.constraints.iter().map(|one| {
        let whom = match (one.host, one.other) {
            (Some(host), _) => seen.hosts.iter().find(|(id, _)| *id == host).map_or("a former host", |(_, name)| name.as_str()),
            (None, Some(other)) => number(other),
            (None, None) => "",
        };
        let mut row = vec![
            Cell::new(number(one.trainee)),
            Cell::new(one.kind.label()),
            Cell::new(whom),
            Cell::new(one.reason.as_str()),
        ];
        if may_plan {
            row.push(Cell::new(html! {
                form method="post" action={ (here.path()) "/constraints/" (one.id) "/removal" } {
                    (Button::new("Take back").secondary().small(true).aria_label(format!("Take back: {} {}", number(one.trainee), whom)))
                }
            }));
        }
        row
    });
    let mut head =
        vec![Column::new("Trainee"), Column::new("What"), Column::new("Host or trainee"), Column::new("Why")];
    if may_plan {
        head.push(Column::new("Change"));
    }
    html! { (Table::new("Settled before a rule runs").head(head).first_cell_is_header(true).rows(rows.collect::<Vec<_>>())) }
}

fn entry(seen: &Seen, form: &Form, errors: &Errors) -> Markup {
    let kinds = ConstraintKind::ALL.iter().map(|kind| (kind.key().to_owned(), kind.label().to_owned()));
    let hosts = seen.hosts.iter().map(|(id, name)| (id.to_string(), name.clone()));
    html! {
        h2 { "Settle something for one trainee" }
        form method="post" novalidate {
            (ground::choice("kind", "What", kinds, &form.kind, errors))
            (ground::line_field("trainee", "Number of the trainee", &form.trainee, errors).width(20_u8))
            (ground::choice("host", "Host, for a place kept or given", hosts, &form.host, errors))
            (ground::line_field("other", "Number of the other trainee, for a link", &form.other, errors).width(20_u8))
            (ground::lines_field("reason", "Why", &form.reason, errors))
            (Button::new("Settle it"))
        }
    }
}

pub async fn post(here: Loaded<RoundHere>, Input(form): Input<Form>) -> Answer {
    let seen = seen(&here).await?;
    let mut errors = Errors::none();
    let kind = ground::one_of(&mut errors, "kind", "what is settled", ConstraintKind::from_key(&form.kind));
    let entrant = |typed: &str| seen.entrants.iter().find(|one| one.number == typed.trim()).map(|one| one.trainee_id);
    let trainee = entrant(&form.trainee);
    if trainee.is_none() {
        errors.add("trainee", "Enter the number of a trainee who takes part, such as NECLES-0001");
    }
    let (mut host, mut other) = (None, None);
    match kind {
        Some(ConstraintKind::Linked) => {
            other = entrant(&form.other).filter(|other| Some(*other) != trainee);
            if other.is_none() {
                errors.add("other", "Enter the number of another trainee who takes part");
            }
        }
        Some(ConstraintKind::Reserved | ConstraintKind::Given) => {
            let found = seen.hosts.iter().map(|(id, _)| *id).find(|id| id.to_string() == form.host);
            host = ground::one_of(&mut errors, "host", "a host that said what it takes", found);
        }
        None => {}
    }
    let clash = |one: &&Constraint| {
        let named = [Some(one.trainee), one.other];
        let is_given = kind == Some(ConstraintKind::Given) && one.kind == ConstraintKind::Given;
        let is_linked = kind == Some(ConstraintKind::Linked) && one.kind == ConstraintKind::Linked;
        (is_given && Some(one.trainee) == trainee)
            || (is_linked && named.iter().flatten().any(|who| Some(*who) == trainee || Some(*who) == other))
    };
    if seen.constraints.iter().any(|one| clash(&one)) {
        errors.add("trainee", "This trainee, or the other, has a place given or a link already: take that back first");
    }
    if let (Some(ConstraintKind::Given), Some(host)) = (kind, host) {
        let places = store::appetites(&here.database(), here.round.id).await?.get(&host).map_or(0, |one| one.places);
        let given =
            seen.constraints.iter().filter(|one| one.kind == ConstraintKind::Given && one.host == Some(host)).count();
        let kept: i64 = seen.reserves.iter().filter(|one| one.host == host).map(|one| one.places).sum();
        if i64::try_from(given).unwrap_or(i64::MAX).saturating_add(kept) >= places {
            errors.add("host", "This host has no place left to give");
        }
    }
    let reason = errors.text("reason", "why", &form.reason, LINES);
    let (Some(kind), Some(trainee), Some(reason), true) = (kind, trainee, reason, errors.is_empty()) else {
        return Ok(page(&here, &seen, (&form, &reserves::Form::default()), &errors)?
            .invalid()
            .with_errors(&errors)
            .into());
    };
    let mut unit = here.begin().await?;
    let constraint = Constraint { id: unit.new_id(), kind, trainee, other, host, reason };
    actions::constrain(&mut unit, &here.round, &constraint).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/constraints", here.path())).saying("It is settled.").into())
}

/// One of a round, for taking back.
pub struct ConstraintHere {
    pub here: RoundHere,
    pub constraint: Constraint,
}

impl hiec_web::Resource for ConstraintHere {
    const KIND: &'static str = "round";

    async fn load(loading: &hiec_web::Loading<'_>) -> Result<Option<(Self, hiec_access::policy::Target)>, Problem> {
        let Some((here, target)) = RoundHere::load(loading).await? else { return Ok(None) };
        let Some(id) = loading.id("constraint") else { return Ok(None) };
        let found = store::constraints(&loading.database, here.round.id).await?.into_iter().find(|one| one.id == id);
        Ok(found.map(|constraint| (Self { here, constraint }, target)))
    }
}

pub async fn remove(one: Loaded<ConstraintHere>) -> Answer {
    let mut unit = one.begin().await?;
    actions::release(&mut unit, &one.here.round, &one.constraint).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/constraints", one.here.path())).saying("It was taken back.").into())
}
