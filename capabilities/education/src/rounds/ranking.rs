//! `/clusters/{cluster}/education/rounds/{round}/ranking`: a trainee ranks hosts by numbers, or moves one up or down. It is shown to nobody else.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{OrganisationId, Problem};
use hiec_placement::Rule;
use hiec_store::organisations;
use hiec_web::components::{Button, Cell, Column, Input as TextInput, InsetText, Table};
use hiec_web::fields::Fields;
use hiec_web::{Answer, Done, Errors, Loaded, Page};
use maud::{Markup, html};
use serde_json::json;

use super::access::OwnEntry;
use super::states::RoundState;
use super::store::{self, ConstraintKind, Ranking};
use super::{actions, question};
use crate::ground;
use crate::home;
use crate::trainees::store as trainees;

/// The hosts that said what they take, by name, and the reader's ranking of them.
struct Seen {
    hosts: Vec<(OrganisationId, String, i64)>,
    /// Those with no post for the reader's grade, by name.
    unfit: Vec<String>,
    /// Those whose place on the map is known.
    near: Vec<(OrganisationId, String)>,
    ranking: Ranking,
    /// Whether a host opens for a fewest number only, or trainees are linked.
    is_restrained: bool,
}

async fn seen(own: &Loaded<OwnEntry>) -> Result<Seen, Problem> {
    let (reads, here, entrant) = (own.database(), &own.here, own.entrant()?);
    let appetites = store::appetites(&reads, here.round.id).await?;
    let mut offered = question::hosts(&reads, &here.round, &here.programme).await?;
    offered.retain(|host| appetites.contains_key(&host.organisation));
    let trainee = trainees::by_id(&reads, entrant.trainee_id).await?.ok_or_else(Problem::not_found)?;
    let (fitting, others): (Vec<_>, Vec<_>) = offered.into_iter().partition(|host| host.fits(&trainee.grade));
    let ids = |hosts: &[question::HostSeen]| hosts.iter().map(|host| host.organisation).collect::<Vec<_>>();
    let unfit = organisations::by_ids(&reads, &ids(&others)).await?.into_iter().map(|one| one.name).collect();
    let on_the_map: BTreeSet<OrganisationId> =
        fitting.iter().chain(&others).filter(|host| host.place.is_some()).map(|host| host.organisation).collect();
    let offered = ids(&fitting);
    let mut hosts: Vec<(OrganisationId, String, i64)> = organisations::by_ids(&reads, &offered)
        .await?
        .into_iter()
        .map(|host| (host.id, host.name, appetites.get(&host.id).map_or(0, |one| one.places)))
        .collect();
    hosts.sort_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(&other.0)));
    let ranked = store::choices(&reads, here.round.id).await?.remove(&entrant.trainee_id).unwrap_or_default();
    let limit = entrant.near_id.map(OrganisationId).zip(entrant.limit_km);
    let near =
        hosts.iter().filter(|(id, ..)| on_the_map.contains(id)).map(|(id, name, _)| (*id, name.clone())).collect();
    let links = store::constraints(&reads, here.round.id).await?;
    let is_restrained =
        appetites.values().any(|one| one.least > 0) || links.iter().any(|one| one.kind == ConstraintKind::Linked);
    Ok(Seen { hosts, unfit, near, ranking: Ranking { hosts: ranked, limit }, is_restrained })
}

/// What stands in the fields: a number by host, and the limit.
struct Typed {
    numbers: BTreeMap<OrganisationId, String>,
    near: String,
    limit: String,
}

impl Typed {
    fn of(ranking: &Ranking) -> Self {
        Self {
            numbers: (1..).zip(&ranking.hosts).map(|(place, host)| (*host, place.to_string())).collect(),
            near: ranking.limit.map(|(near, _)| near.to_string()).unwrap_or_default(),
            limit: ranking.limit.map(|(_, km)| km.to_string()).unwrap_or_default(),
        }
    }
}

pub async fn get(own: Loaded<OwnEntry>) -> Answer {
    let seen = seen(&own).await?;
    let typed = Typed::of(&seen.ranking);
    Ok(page(&own, &seen, &typed, &Errors::none())?.into())
}

fn page(own: &Loaded<OwnEntry>, seen: &Seen, typed: &Typed, errors: &Errors) -> Result<Page, Problem> {
    let here = &own.here;
    let is_open = here.round.state == RoundState::Ranking && london_date(own.now()) <= here.round.ranks_by;
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.round.name) } "Your ranking" }
        (InsetText::new(html! {
            p { "Nobody but you sees this: no host, and nobody who runs the round." }
            p { (truthful(here.round.stated_rule(), seen.is_restrained)) }
        }))
        @if is_open {
            p { "You can change it until the end of " (day_on_page(here.round.ranks_by)) "." }
            (form(seen, typed, errors))
        } @else {
            p { "Rankings are not taken at the moment. What stands:" }
            (ranked(seen))
        }
    };
    let name_of =
        |host: &OrganisationId| seen.hosts.iter().find(|(id, ..)| id == host).map(|(_, name, _)| name.clone());
    let data = json!({
        "ranking": seen.ranking.hosts.iter().map(|host| json!({ "host": host, "name": name_of(host) })).collect::<Vec<_>>(),
        "hosts": seen.hosts.iter().map(|(host, name, places)| json!({ "host": host, "name": name, "places": places })).collect::<Vec<_>>(),
        "is_open": is_open,
    });
    let page = Page::new("Your ranking", view).data(&data)?;
    Ok(home::under(page, &here.cluster).under(here.path(), here.round.name.clone()))
}

/// What the stated rule means for answering truthfully; true of this round as it stands.
fn truthful(rule: Rule, is_restrained: bool) -> String {
    let means = match (rule, is_restrained) {
        (Rule::Deferred, false) => {
            "You lose nothing by answering as you truly wish, and every host you would go to is worth listing. That holds as long as no host opens for a fewest number only and no trainees are linked; none does now."
        }
        (Rule::Deferred, true) => {
            "Some hosts open for a fewest number only, or some trainees are linked: where these meet your choices, another answer than the true one could serve you, though nobody can tell beforehand. Every host you would go to is worth listing."
        }
        (Rule::Informed, _) => {
            "First choices are looked at before all others, so a host that many put first may be full when your second choice is looked at: putting a very popular host first is a risk. Every host you would go to is worth listing."
        }
        _ => {
            "All choices are weighed together, so what you put first can be set against what it costs others. It cannot be said that answering as you truly wish never costs you anything. Every host you would go to is worth listing."
        }
    };
    format!("This round gives places by {}. {means}", rule.words())
}

fn ranked(seen: &Seen) -> Markup {
    let name_of = |host: &OrganisationId| {
        seen.hosts.iter().find(|(id, ..)| id == host).map_or("A former host", |(_, name, _)| name.as_str()).to_owned()
    };
    html! {
        @if seen.ranking.hosts.is_empty() { p { "You ranked no host." } } @else {
            ol { @for host in &seen.ranking.hosts { li { (name_of(host)) } } }
        }
    }
}

/// Ranked hosts first, in their order; the others by name. The first button is the plain one, so that Enter saves.
fn form(seen: &Seen, typed: &Typed, errors: &Errors) -> Markup {
    let mut hosts: Vec<&(OrganisationId, String, i64)> = seen.hosts.iter().collect();
    let place = |host: &OrganisationId| seen.ranking.hosts.iter().position(|one| one == host).unwrap_or(usize::MAX);
    hosts.sort_by_key(|(id, ..)| place(id));
    let rows = hosts.into_iter().map(|(id, name, places)| {
        let number = typed.numbers.get(id).map_or("", String::as_str);
        let field = format!("number-{id}");
        let is_ranked = place(id) != usize::MAX;
        vec![
            Cell::new(name.as_str()),
            Cell::numeric(places),
            Cell::new(html! {
                (TextInput::new(field.as_str(), format!("Number for {name}")).inputmode("numeric").width(2_u8).value(number).error_message(errors.of(&field).unwrap_or_default()))
            }),
            Cell::new(html! {
                @if is_ranked {
                    (Button::new("Up").name("move").value(format!("up:{id}")).secondary().small(true).aria_label(format!("Move {name} up")))
                    " "
                    (Button::new("Down").name("move").value(format!("down:{id}")).secondary().small(true).aria_label(format!("Move {name} down")))
                }
            }),
        ]
    });
    let near = seen.near.iter().map(|(id, name)| (id.to_string(), name.clone()));
    html! {
        form method="post" novalidate {
            p { "Write 1 beside the host you would like most, 2 beside the next, and so on. Leave those empty you would not go to." }
            // Enter in any field presses the first button of a form.
            div.nhsuk-u-visually-hidden { button type="submit" tabindex="-1" aria-hidden="true" { "Save" } }
            (Table::new("Hosts")
                .head([Column::new("Host"), Column::numeric("Takes"), Column::new("Your number"), Column::new("Move")])
                .first_cell_is_header(true)
                .rows(rows.collect::<Vec<_>>()))
            @if !seen.unfit.is_empty() { p { "Hosts with no post of your grade, which you cannot go to: " (seen.unfit.join(", ")) "." } }
            h2 { "How far you can travel" }
            p { "Leave both empty for no limit. Hosts further from there in a straight line are taken out of your list." }
            (ground::choice("near", "The host nearest to where you live", near, &typed.near, errors))
            (TextInput::new("limit", "Kilometres at most").inputmode("numeric").width(4_u8).value(typed.limit.as_str()).error_message(errors.of("limit").unwrap_or_default()))
            (Button::new("Save the ranking"))
        }
    }
}

pub async fn post(own: Loaded<OwnEntry>, fields: Fields) -> Answer {
    let seen = seen(&own).await?;
    let mut errors = Errors::none();
    let typed = Typed {
        numbers: seen
            .hosts
            .iter()
            .map(|(id, ..)| (*id, fields.get(&format!("number-{id}")).unwrap_or_default().to_owned()))
            .collect(),
        near: fields.get("near").unwrap_or_default().to_owned(),
        limit: fields.get("limit").unwrap_or_default().to_owned(),
    };
    let ranking = read(&seen, &typed, &mut errors);
    let Some(mut ranking) = ranking.filter(|_| errors.is_empty()) else {
        return Ok(page(&own, &seen, &typed, &errors)?.invalid().with_errors(&errors).into());
    };
    if let Some(wish) = fields.get("move") {
        moved(&mut ranking.hosts, wish);
    }
    let mut unit = own.begin().await?;
    actions::rank(&mut unit, &own.here.round, own.entrant()?.trainee_id, &ranking).await?;
    unit.commit().await?;
    let word = match ranking.hosts.len() {
        0 => "Your ranking is empty now.".to_owned(),
        1 => "Your ranking of 1 host is saved.".to_owned(),
        many => format!("Your ranking of {many} hosts is saved."),
    };
    Ok(Done::to(format!("{}/ranking", own.here.path())).saying(word).into())
}

/// Numbers need not be without gaps, but two hosts cannot have the same.
fn read(seen: &Seen, typed: &Typed, errors: &mut Errors) -> Option<Ranking> {
    let mut placed: BTreeMap<u32, (OrganisationId, &str)> = BTreeMap::new();
    for (id, name, _) in &seen.hosts {
        let number = typed.numbers.get(id).map_or("", |number| number.trim());
        if number.is_empty() {
            continue;
        }
        let field = format!("number-{id}");
        match number.parse::<u32>().ok().filter(|number| (1..=10_000).contains(number)) {
            None => errors.add(field, format!("Enter a whole number from 1 for {name}, or leave it empty")),
            Some(number) => {
                if let Some((_, other)) = placed.get(&number) {
                    errors.add(field, format!("{other} and {name} both have number {number}: give each its own"));
                } else {
                    placed.insert(number, (*id, name));
                }
            }
        }
    }
    let near = seen.near.iter().map(|(id, _)| *id).find(|id| id.to_string() == typed.near);
    let km = typed.limit.trim().parse::<i64>().ok().filter(|km| (1..=2_000).contains(km));
    let limit = match (near, typed.limit.trim().is_empty()) {
        (None, true) => None,
        (Some(near), false) => {
            if km.is_none() {
                errors.add("limit", "Enter kilometres as a whole number from 1 to 2,000");
            }
            km.map(|km| (near, km))
        }
        (Some(_), true) => {
            errors.add("limit", "Enter how many kilometres you can travel, or choose no host above");
            None
        }
        (None, false) => {
            errors.add("near", "Choose the host nearest to where you live, or leave the kilometres empty");
            None
        }
    };
    let hosts = placed.into_values().map(|(host, _)| host).collect();
    errors.is_empty().then_some(Ranking { hosts, limit })
}

/// `up:…` or `down:…` with a host: it changes places with its neighbour, where there is one.
fn moved(hosts: &mut [OrganisationId], wish: &str) {
    let Some((way, id)) = wish.split_once(':') else { return };
    let Some(at) = hosts.iter().position(|host| host.to_string() == id) else { return };
    let other = match way {
        "up" => at.checked_sub(1),
        _ => Some(at + 1).filter(|other| *other < hosts.len()),
    };
    if let Some(other) = other {
        hosts.swap(at, other);
    }
}
