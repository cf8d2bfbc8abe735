//! `/clusters/{cluster}/education/rounds/{round}`: where a round stands, the next step for whoever may take it, and the way to one's own part in it.

use std::collections::BTreeMap;

use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_kernel::{OrganisationId, Problem};
use hiec_placement::Rule;
use hiec_store::organisations;
use hiec_web::components::{Button, Cell, Column, Details, InsetText, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::access::{RoundHere, appetite_target, own_target};
use super::states::{Act, RoundState};
use super::store::{self, Appetite, DryRun, Entrant, GroupReserve, Outcome, Round};
use super::{actions, last_day, question, reserves, running};
use crate::ground::{self, LINES, made_up};
use crate::home;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StepForm {
    /// `ask_hosts`, `open_ranking`, `close_ranking`, `reopen` or `settle`.
    act: String,
    /// Why; needed to open ranking again, and to close it before its last day.
    reason: String,
    /// To open ranking, the first time or again: `da`, `pia` or `least-cost`; left out, the one stated before, else `da`.
    rule: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PublishForm {
    /// The rule that was stated when ranking opened; may be left out.
    rule: String,
}

pub async fn get(here: Loaded<RoundHere>) -> Answer {
    Ok(show(&here, &Errors::none()).await?.into())
}

/// What the page is made of.
struct Seen {
    hosts: Vec<(question::HostSeen, String)>,
    appetites: BTreeMap<OrganisationId, Appetite>,
    entrants: Vec<Entrant>,
    own: Option<Entrant>,
    runs: Vec<DryRun>,
    outcomes: Vec<Outcome>,
    reserves: Vec<GroupReserve>,
    root: Option<String>,
    open_appeals: usize,
    unplaced_appeals: usize,
}

async fn seen(here: &Loaded<RoundHere>) -> Result<Seen, Problem> {
    let reads = here.database();
    let round = &here.round;
    let hosts = question::hosts(&reads, round, &here.programme).await?;
    let ids: Vec<OrganisationId> = hosts.iter().map(|host| host.organisation).collect();
    let names: BTreeMap<OrganisationId, String> =
        organisations::by_ids(&reads, &ids).await?.into_iter().map(|one| (one.id, one.name)).collect();
    let mut hosts: Vec<(question::HostSeen, String)> = hosts
        .into_iter()
        .map(|host| {
            let name = names.get(&host.organisation).cloned().unwrap_or_else(|| "A former host".to_owned());
            (host, name)
        })
        .collect();
    hosts.sort_by(|(one, a), (other, b)| a.cmp(b).then(one.organisation.cmp(&other.organisation)));
    let entrants = store::entrants(&reads, round.id).await?;
    let person = here.subject.person.as_ref().map(|person| person.id.0);
    let facts = actions::facts(&reads, round).await?;
    Ok(Seen {
        hosts,
        appetites: store::appetites(&reads, round.id).await?,
        own: entrants.iter().find(|one| person.is_some() && one.person_id == person).cloned(),
        entrants,
        runs: store::runs(&reads, round.id).await?,
        outcomes: store::outcomes(&reads, round.id).await?,
        root: store::seal(&reads, round.id).await?.map(|seal| seal.root),
        reserves: store::reserves(&reads, round.id).await?,
        open_appeals: facts.open_appeals,
        unplaced_appeals: facts.unplaced_appeals,
    })
}

pub(super) async fn show(here: &Loaded<RoundHere>, errors: &Errors) -> Result<Page, Problem> {
    let (round, path) = (&here.round, here.path());
    let seen = seen(here).await?;
    let may_plan = here.may("round.plan");
    let sees_runs = here.may("round.read");
    let places: i64 = seen.appetites.values().map(|one| one.places).sum();
    let placed = seen.outcomes.iter().filter(|one| one.host_id.is_some()).count();
    let changed = seen.outcomes.iter().filter(|one| one.is_changed).count();
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.cluster.short_name) ": placement round" } (round.name) (made_up(round.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Stands at", round.state.label()),
            SummaryRow::new("Programme", here.programme.name.as_str()),
            SummaryRow::new("Placements", format!("{} to {}", day_on_page(round.starts_on), day_on_page(round.ends_on))),
            SummaryRow::new("Rank by", format!("the end of {}", day_on_page(round.ranks_by))),
            SummaryRow::new("Rule", match round.rule.as_str() {
                "" => "stated when ranking opens".to_owned(),
                _ => round.stated_rule().words().to_owned(),
            }),
            SummaryRow::new("Take part", format!("{} for {}", counted(seen.entrants.len(), "trainee"), counted(places, "place"))),
            SummaryRow::new("Order", format!("drawn once from the number {}; anybody can draw it again", round.seed)),
            SummaryRow::new("Breadth", match round.breadth {
                0 => "does not count".to_owned(),
                weight => format!("{weight} positions ahead at a host with a setting the record lacks"),
            }),
        ]))
        (own_part(here, &seen))
        @if may_plan { (next_step(here, &seen, errors)) }
        h2 { "Hosts" }
        (hosts_table(here, &seen))
        @if !seen.reserves.is_empty() {
            @let hosts: Vec<_> = seen.hosts.iter().map(|(host, name)| (host.organisation, name.clone())).collect();
            (reserves::table(&path, &seen.reserves, &hosts, false))
        }
        @if sees_runs {
            p { a.nhsuk-link href={ (path) "/constraints" } { "What is settled before a rule runs" } ": places kept for groups or for one trainee, places given, trainees linked" }
            (runs_table(here, &seen))
        }
        @if round.state.is_published() {
            h2 { "Published" }
            p { (placed) " of " (seen.outcomes.len()) " have a place, by " (rule_words(&round.rule)) "." }
            @if changed > 0 { p { (counted(changed, "outcome")) " changed on appeal." } }
            @if let Some(root) = &seen.root {
                (InsetText::new(html! {
                    p { "The run is sealed under this root. Anybody can check the public certificate, and every trainee their own." }
                    p { span.app-fingerprint { (root) } }
                    p { a.nhsuk-link href={ (path) "/certificate" } { "The public certificate, and how to check it" } ": hosts, ranks admitted and commitments. No names, and no choices." }
                }))
            }
            @if sees_runs { (outcome_table(&seen)) p { a.nhsuk-link href={ (path) "/appeals" } { "Appeals" } } }
        }
    };
    let data = json!({
        "round": round,
        "hosts": seen.hosts.iter().map(|(host, name)| json!({ "host": host.organisation, "name": name, "appetite": seen.appetites.get(&host.organisation) })).collect::<Vec<_>>(),
        "trainees": seen.entrants.len(),
        "places": places,
        "reserves": seen.reserves,
        "changed_on_appeal": changed,
        "root": seen.root,
    });
    let page = Page::new(round.name.clone(), view).data(&data)?;
    Ok(home::under(page, &here.cluster).under(format!("{}/education/rounds", here.cluster.path()), "Placement rounds"))
}

/// `1 place`, `2 places`
fn counted<N: PartialEq + From<u8> + std::fmt::Display>(number: N, one: &str) -> String {
    if number == N::from(1) { format!("1 {one}") } else { format!("{number} {one}s") }
}

fn rule_words(code: &str) -> &'static str {
    Rule::of_code(code).map_or("a rule", Rule::words)
}

/// The reader's own part, where they have one.
fn own_part(here: &Loaded<RoundHere>, seen: &Seen) -> Markup {
    let Some(own) = &seen.own else { return html! {} };
    if !here.may_with("ranking.view", &own_target(here, "ranking", true)) {
        return html! {};
    }
    html! {
        h2 { "Your part" }
        @match here.round.state {
            RoundState::Ranking => {
                p { @if own.ranked_at.is_some() { "You have ranked hosts. You can change your ranking until the last day." } @else { "You have not ranked hosts yet." } }
                p { (Button::link("Rank hosts", format!("{}/ranking", here.path()))) }
            }
            RoundState::Published | RoundState::Settled => p { (Button::link("Your result and its reasons", format!("{}/result", here.path()))) },
            _ => p { a.nhsuk-link href={ (here.path()) "/ranking" } { "Your ranking" } },
        }
    }
}

fn next_step(here: &Loaded<RoundHere>, seen: &Seen, errors: &Errors) -> Markup {
    let path = here.path();
    let step = |act: Act, words: &'static str| {
        html! {
            form method="post" action={ (path) "/steps" } {
                input type="hidden" name="act" value=(act.key());
                (Button::new(words))
            }
        }
    };
    html! {
        h2 { "Next step" }
        @match here.round.state {
            RoundState::Draft => { p { "Hosts get a letter that asks what they take." } (step(Act::AskHosts, "Ask hosts")) }
            RoundState::AskingHosts => {
                p { "Trainees get a letter that asks them to rank hosts. They read by which rule places are given, and the round is published by no other." }
                form method="post" action={ (path) "/steps" } novalidate {
                    input type="hidden" name="act" value=(Act::OpenRanking.key());
                    (rule_field(here, errors))
                    (Button::new("Open ranking"))
                }
            }
            RoundState::Ranking => {
                p { (seen.entrants.iter().filter(|one| one.ranked_at.is_some()).count()) " of " (seen.entrants.len()) " have ranked." }
                @if london_date(here.now()) <= here.round.ranks_by {
                    form method="post" action={ (path) "/steps" } novalidate {
                        input type="hidden" name="act" value=(Act::CloseRanking.key());
                        (ground::lines_field("reason", "Why ranking closes before its last day", "", errors))
                        (Button::new("Close ranking"))
                    }
                } @else { (step(Act::CloseRanking, "Close ranking")) }
            }
            RoundState::Closed | RoundState::Tried => {
                @if here.round.state == RoundState::Closed && !seen.runs.is_empty() { p { "Something was changed since the last dry run, or ranking was open again: try the rules out anew before publishing." } }
                form method="post" action={ (path) "/runs" } { (Button::new("Try the rules out")) }
                @if here.round.state == RoundState::Tried { (publish_form(here, errors)) }
                (reopen_form(here, errors))
            }
            RoundState::Published => {
                @if seen.unplaced_appeals > 0 { p { (seen.unplaced_appeals) " upheld, and it is to be said what changes: " a.nhsuk-link href={ (path) "/appeals" } { "appeals" } "." } }
                @if seen.open_appeals > 0 { p { (seen.open_appeals) " to decide before the round can be settled: " a.nhsuk-link href={ (path) "/appeals" } { "appeals" } "." } }
                (step(Act::Settle, "Settle the round"))
                (second_form(here, seen, errors))
            }
            RoundState::Settled => (second_form(here, seen, errors)),
        }
        (last_day::entry(here, errors))
    }
}

fn publish_form(here: &Loaded<RoundHere>, errors: &Errors) -> Markup {
    html! {
        p { "Places are given by " strong { (here.round.stated_rule().words()) } ", as trainees were told. To publish by another, open ranking again and state it." }
        @if let Some(wrong) = errors.of("rule") { p.nhsuk-error-message { (wrong) } }
        form method="post" action={ (here.path()) "/publication" } novalidate {
            (Button::new("Publish").confirm("Placements are made and everybody gets a letter. This cannot be undone. Publish?"))
        }
    }
}

/// The rules to state, the one stated before chosen.
fn rule_field(here: &Loaded<RoundHere>, errors: &Errors) -> Markup {
    let options = running::RULES.into_iter().map(|rule| {
        let safe = if rule == Rule::Deferred { " (safe to answer truthfully)" } else { "" };
        (rule.code().to_owned(), format!("{}{safe}", rule.words()))
    });
    html! { (ground::choice("rule", "Rule by which places are given", options, here.round.stated_rule().code(), errors)) }
}

fn reopen_form(here: &Loaded<RoundHere>, errors: &Errors) -> Markup {
    let inner = html! {
        form method="post" action={ (here.path()) "/steps" } novalidate {
            input type="hidden" name="act" value=(Act::Reopen.key());
            (rule_field(here, errors))
            (ground::lines_field("reason", "Why ranking is opened again", "", errors))
            (Button::new("Open ranking again").secondary())
        }
    };
    html! { (Details::new("Open ranking again", inner).open(errors.of("reason").is_some())) }
}

fn second_form(here: &Loaded<RoundHere>, seen: &Seen, errors: &Errors) -> Markup {
    let left = seen.outcomes.iter().filter(|one| one.host_id.is_none()).count();
    if left == 0 {
        return html! { p { "Everybody has a place: there is nothing left for a second round." } };
    }
    html! {
        form method="post" action={ (here.path()) "/second-round" } novalidate {
            (ground::day_field("ranks_by", "Second round: last day to rank", "", errors))
            (Button::new(format!("Begin a second round for {left}")).secondary())
        }
    }
}

fn hosts_table(here: &Loaded<RoundHere>, seen: &Seen) -> Markup {
    // Hosts that came later had no part in what was published.
    let is_open = here.round.state.is_being_made();
    let took_part = |host: &question::HostSeen| is_open || seen.appetites.contains_key(&host.organisation);
    let rows = seen.hosts.iter().filter(|(host, _)| took_part(host)).map(|(host, name)| {
        let appetite = seen.appetites.get(&host.organisation);
        let may = here.may_with("appetite.view", &appetite_target(&here.cluster, host.organisation));
        let link = format!("{}/hosts/{}/appetite", here.path(), host.organisation);
        let settings: Vec<&str> = host.settings.iter().map(|setting| setting.label()).collect();
        vec![
            if may { Cell::link(name.as_str(), link) } else { Cell::new(name.as_str()) },
            Cell::new(settings.join(", ")),
            Cell::numeric(host.holds),
            Cell::numeric(appetite.map_or("not said".to_owned(), |one| one.places.to_string())),
            Cell::new(appetite.map_or("", |one| one.reason.as_str())),
        ]
    });
    html! {
        @if seen.hosts.is_empty() { p { "No host has a post for this programme on the first day." } } @else {
            (Table::new("What hosts take")
                .head([Column::new("Host"), Column::new("Settings"), Column::numeric("Its posts have room for"), Column::numeric("Takes"), Column::new("Why not more")])
                .first_cell_is_header(true)
                .rows(rows))
        }
    }
}

fn runs_table(here: &Loaded<RoundHere>, seen: &Seen) -> Markup {
    html! {
        h2 { "Dry runs" }
        @if seen.runs.is_empty() { p { "The rules have not been tried out yet." } } @else {
            (Table::new("Dry runs")
                .head([Column::new("Asked"), Column::new("How far")])
                .rows(seen.runs.iter().map(|run| vec![
                    Cell::link(on_page(run.asked_at), format!("{}/runs/{}", here.path(), run.id)),
                    Cell::new(run.step.as_str()),
                ])))
        }
    }
}

/// Who went where; not which choice it was.
fn outcome_table(seen: &Seen) -> Markup {
    // Entrants stand by their numbers.
    let rows = seen.entrants.iter().filter_map(|entrant| {
        let outcome = seen.outcomes.iter().find(|one| one.trainee_id == entrant.trainee_id)?;
        let host = outcome.host_id.and_then(|host| seen.hosts.iter().find(|(one, _)| one.organisation.0 == host));
        let placement = match (outcome.host_id, outcome.placement_id) {
            (Some(_), Some(_)) if outcome.is_changed => "Changed on appeal".to_owned(),
            (_, Some(_)) => "Planned".to_owned(),
            (Some(_), None) => format!("To be planned by hand. {}", outcome.note),
            (None, None) => "None".to_owned(),
        };
        Some(vec![
            Cell::new(format!("{} {}", entrant.number, entrant.name)),
            Cell::new(host.map_or("No place", |(_, name)| name.as_str())),
            Cell::new(placement),
        ])
    });
    html! {
        (Table::new("Who went where")
            .head([Column::new("Trainee"), Column::new("Host"), Column::new("Placement")])
            .first_cell_is_header(true)
            .rows(rows.collect::<Vec<_>>()))
    }
}

pub async fn step(here: Loaded<RoundHere>, Input(form): Input<StepForm>) -> Answer {
    let mut errors = Errors::none();
    let act = Act::from_key(&form.act).filter(|act| !matches!(act, Act::TryOut | Act::Change | Act::Publish));
    let act =
        ground::one_of(&mut errors, "act", "a step: ask_hosts, open_ranking, close_ranking, reopen or settle", act);
    let reason = match act {
        Some(Act::Reopen) => errors.text("reason", "why ranking is opened again", &form.reason, LINES),
        Some(Act::CloseRanking)
            if here.round.state == RoundState::Ranking && london_date(here.now()) <= here.round.ranks_by =>
        {
            errors.text("reason", "why ranking closes before its last day", &form.reason, LINES)
        }
        _ => ground::optional(&mut errors, "reason", "the reason", &form.reason, LINES),
    };
    let stated = match form.rule.as_str() {
        "" => (act != Some(Act::OpenRanking)).then(|| here.round.stated_rule()),
        code => running::RULES.into_iter().find(|rule| rule.code() == code),
    };
    let stated = ground::one_of(&mut errors, "rule", "the rule by which places are given", stated);
    let (Some(act), Some(reason), Some(stated)) = (act, reason, stated) else {
        return Ok(show(&here, &errors).await?.invalid().with_errors(&errors).into());
    };
    let round = match act {
        Act::OpenRanking | Act::Reopen => Round { rule: stated.code().to_owned(), ..here.round.clone() },
        _ => here.round.clone(),
    };
    let mut unit = here.begin().await?;
    let next = actions::step(&mut unit, &here.cluster, &round, &here.programme, (act, &reason)).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying(format!("The round now stands at: {}.", next.state.label())).into())
}

pub async fn publish(here: Loaded<RoundHere>, Input(form): Input<PublishForm>) -> Answer {
    let mut errors = Errors::none();
    let stated = here.round.stated_rule();
    if !form.rule.is_empty() && form.rule != stated.code() {
        let words = stated.words();
        errors.add("rule", format!("Trainees were told that places are given by {words}. Publish by that, or open ranking again and state another rule"));
        return Ok(show(&here, &errors).await?.invalid().with_errors(&errors).into());
    }
    if london_date(here.now()) >= here.round.starts_on {
        return Err(Problem::conflict(
            "The placements of this round would have begun already",
            "Begin a round with a later first day.",
        )
        .into());
    }
    let mut unit = here.begin().await?;
    actions::publish(&mut unit, &here.cluster, &here.round, &here.programme).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("The round is published, and everybody who takes part gets a letter.").into())
}
