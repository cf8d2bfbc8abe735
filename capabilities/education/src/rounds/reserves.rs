//! Places of a host kept for a group: said for whom by a stated attribute, how many, why, and whether others may have what they leave. Everybody who sees the round sees it.

use std::collections::BTreeMap;

use hiec_access::policy::Target;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::Reads;
use hiec_web::components::{Button, Cell, Column, RadioItem, Radios, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Loading, Resource};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::access::RoundHere;
use super::actions;
use super::constraints;
use super::groups::{Attribute, Group};
use super::question::Known;
use super::store::{self, ConstraintKind, Entrant, GroupReserve, Round};
use crate::ground::{self, LINES};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// The id of a host that said what it takes.
    kept_at: String,
    /// An attribute and a value: `pattern:part_time`, `start_year:2009`.
    kept_for: String,
    /// How many places.
    kept: String,
    /// `yes` where others may have what the group leaves, `no` where not.
    released: String,
    kept_why: String,
}

/// A group of those who take part, with how many they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Offered {
    attribute: Attribute,
    group: Group,
    trainees: usize,
}

impl Offered {
    fn key(&self) -> String {
        format!("{}:{}", self.attribute.key(), self.group.key)
    }

    fn words(&self) -> String {
        format!("{}: {} ({} take part)", self.attribute.label(), self.group.words, self.trainees)
    }
}

/// The groups among those who take part. One that is everybody is left out: nothing can be kept for it.
pub(super) async fn offered(reads: &impl Reads, round: &Round, entrants: &[Entrant]) -> Result<Vec<Offered>, Problem> {
    let known = Known::load(reads, round).await?;
    let mut all = Vec::new();
    for attribute in Attribute::ALL {
        let mut counted: BTreeMap<Group, usize> = BTreeMap::new();
        for group in entrants.iter().filter_map(|one| known.group(*attribute, one.trainee_id)) {
            *counted.entry(group).or_default() += 1;
        }
        let some = counted.into_iter().filter(|(_, trainees)| *trainees < entrants.len());
        all.extend(some.map(|(group, trainees)| Offered { attribute: *attribute, group, trainees }));
    }
    Ok(all)
}

/// Everything kept for groups, with the way to take it back where that is still possible.
pub(super) fn table(
    path: &str,
    reserves: &[GroupReserve],
    hosts: &[(OrganisationId, String)],
    may_plan: bool,
) -> Markup {
    let name = |host: OrganisationId| {
        hosts.iter().find(|(id, _)| *id == host).map_or("A former host", |(_, name)| name.as_str())
    };
    let mut head = vec![
        Column::new("Host"),
        Column::new("Kept for"),
        Column::numeric("Places"),
        Column::new("What they leave"),
        Column::new("Why"),
    ];
    if may_plan {
        head.push(Column::new("Change"));
    }
    let rows = reserves.iter().map(|one| {
        let mut row = vec![
            Cell::new(name(one.host)),
            Cell::new(format!("{}: {}", one.attribute.label(), one.label)),
            Cell::numeric(one.places),
            Cell::new(if one.is_released { "Others may have it" } else { "Stays empty" }),
            Cell::new(one.reason.as_str()),
        ];
        if may_plan {
            row.push(Cell::new(html! {
                form method="post" action={ (path) "/reserves/" (one.id) "/removal" } {
                    (Button::new("Take back").secondary().small(true).aria_label(format!("Take back: {} at {}", one.label, name(one.host))))
                }
            }));
        }
        row
    });
    html! { (Table::new("Places kept for groups").head(head).first_cell_is_header(true).rows(rows.collect::<Vec<_>>())) }
}

pub(super) fn entry(
    path: &str,
    offered: &[Offered],
    hosts: &[(OrganisationId, String)],
    form: &Form,
    errors: &Errors,
) -> Markup {
    let hosts = hosts.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let groups = offered.iter().map(|one| (one.key(), one.words()));
    let released =
        [RadioItem::new("yes", "Others may have it, behind the group"), RadioItem::new("no", "It stays empty")];
    html! {
        h2 { "Keep places for a group" }
        p { "Those of the group ask for the kept places first and for the host's other places after. The kept places, for whom and why stand on the round's page, in the reasons and in the public certificate." }
        @if offered.is_empty() { p { "All who take part are alike in working pattern, profession, programme and the year they began: there is no group among them." } } @else {
            form method="post" action={ (path) "/reserves" } novalidate {
                (ground::choice("kept_at", "Host that keeps them", hosts, &form.kept_at, errors))
                (ground::choice("kept_for", "For whom", groups, &form.kept_for, errors))
                (ground::line_field("kept", "How many places", &form.kept, errors).width(3_u8))
                (Radios::new("released", "What the group leaves").items(released).value(form.released.as_str()).error_message(errors.of("released").unwrap_or_default()))
                (ground::lines_field("kept_why", "Why they are kept", &form.kept_why, errors))
                (Button::new("Keep the places"))
            }
        }
    }
}

pub async fn post(here: Loaded<RoundHere>, Input(form): Input<Form>) -> Answer {
    let reads = here.database();
    let seen = constraints::seen(&here).await?;
    let mut errors = Errors::none();
    let host = seen.hosts.iter().map(|(id, _)| *id).find(|id| id.to_string() == form.kept_at);
    let host = ground::one_of(&mut errors, "kept_at", "a host that said what it takes", host);
    let group = seen.offered.iter().find(|one| one.key() == form.kept_for);
    let group = ground::one_of(&mut errors, "kept_for", "for whom the places are kept", group);
    let places = form.kept.trim().parse::<i64>().ok().filter(|places| *places > 0);
    if places.is_none() {
        errors.add("kept", "Enter how many places are kept, as a whole number above 0");
    }
    let released = match form.released.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let is_released = ground::one_of(&mut errors, "released", "what becomes of what the group leaves", released);
    let reason = errors.text("kept_why", "why they are kept", &form.kept_why, LINES);
    if let (Some(host), Some(places)) = (host, places) {
        let takes = store::appetites(&reads, here.round.id).await?.get(&host).map_or(0, |one| one.places);
        let settled =
            seen.constraints.iter().filter(|one| one.host == Some(host) && one.kind != ConstraintKind::Linked);
        let kept: i64 = seen.reserves.iter().filter(|one| one.host == host).map(|one| one.places).sum();
        let left = takes - kept - i64::try_from(settled.count()).unwrap_or(i64::MAX);
        if places > left {
            errors.add(
                "kept",
                format!(
                    "The host takes {takes}, of which {} are not kept or given yet. Enter that many or fewer",
                    left.max(0)
                ),
            );
        }
    }
    if let (Some(host), Some(group)) = (host, group) {
        let is_same =
            |one: &GroupReserve| one.host == host && one.attribute == group.attribute && one.value == group.group.key;
        if seen.reserves.iter().any(is_same) {
            errors.add("kept_for", "This host keeps places for them already. Take that back first");
        }
    }
    let (Some(host), Some(group), Some(places), Some(is_released), Some(reason), true) =
        (host, group, places, is_released, reason, errors.is_empty())
    else {
        let forms = (&constraints::Form::default(), &form);
        return Ok(constraints::page(&here, &seen, forms, &errors)?.invalid().with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    let reserve = GroupReserve {
        id: unit.new_id(),
        host,
        attribute: group.attribute,
        value: group.group.key.clone(),
        label: group.group.words.clone(),
        places,
        is_released,
        reason,
    };
    actions::keep_for(&mut unit, &here.round, &reserve).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/constraints", here.path())).saying("The places are kept.").into())
}

/// One of a round, for taking back.
pub struct ReserveHere {
    here: RoundHere,
    reserve: GroupReserve,
}

impl Resource for ReserveHere {
    const KIND: &'static str = "round";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some((here, target)) = RoundHere::load(loading).await? else { return Ok(None) };
        let Some(id): Option<Uuid> = loading.id("reserve") else { return Ok(None) };
        let found = store::reserves(&loading.database, here.round.id).await?.into_iter().find(|one| one.id == id);
        Ok(found.map(|reserve| (Self { here, reserve }, target)))
    }
}

pub async fn remove(one: Loaded<ReserveHere>) -> Answer {
    let mut unit = one.begin().await?;
    actions::give_up(&mut unit, &one.here.round, &one.reserve).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/constraints", one.here.path())).saying("The places are kept no longer.").into())
}
