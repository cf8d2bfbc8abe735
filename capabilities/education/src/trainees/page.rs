//! `/clusters/{cluster}/education/trainees/{trainee}`: one trainee: placements as a calendar, the expected end with its working, breadth and depth.

use std::collections::BTreeMap;

use hiec_access::people;
use hiec_access::policy::Target;
use hiec_kernel::PersonId;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::{Button, Cell, Column, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use crate::access::TraineeHere;
use crate::breadth::view as breadth;
use crate::ground::made_up;
use crate::home;
use crate::placements::picture::{self, Bar, Lane};
use crate::placements::rules::{self, Reckoning};
use crate::placements::scene::host_names;
use crate::placements::store::{self as placements, PlacementState};
use crate::posts::store::{self as posts, Post};
use crate::words::Wte;

pub async fn get(here: Loaded<TraineeHere>) -> Answer {
    let database = here.database();
    let today = london_date(here.now());
    let trainee = &here.trainee;
    let all = placements::of_trainee(&database, trainee.id).await?;
    let standing: Vec<_> = all.iter().filter(|one| !one.is_cancelled()).collect();
    let mut named: BTreeMap<Uuid, Post> = BTreeMap::new();
    for id in all.iter().filter_map(|one| one.post) {
        if let std::collections::btree_map::Entry::Vacant(place) = named.entry(id)
            && let Some(post) = posts::by_id(&database, id).await?
        {
            place.insert(post);
        }
    }
    let hosts = host_names(&database, &named.values().cloned().collect::<Vec<_>>()).await?;
    let host = |post: &Post| hosts.get(&post.host).map_or("A former host", String::as_str);
    let mut supervisors: BTreeMap<PersonId, String> = BTreeMap::new();
    for id in all.iter().filter_map(|one| one.supervisor) {
        if let Some(person) = people::by_id(&database, id).await? {
            supervisors.insert(id, person.name);
        }
    }
    let reckoning = rules::reckon(trainee, &all);
    let names = crate::pathways::steps::names(&here, here.cluster.id).await?;
    let breadth_of = breadth::load(&database, &here.cluster, trainee, &names, today).await?;
    let what = |one: &placements::Placement| match one.post.and_then(|post| named.get(&post)) {
        Some(post) => format!("{}, {}", post.number, host(post)),
        None => one.kind.label().to_owned(),
    };
    let lanes = [Lane {
        label: trainee.name.clone(),
        bars: standing
            .iter()
            .map(|one| Bar { from: one.starts_on, to: one.ends_on, words: what(one), is_out: !one.kind.is_in_post() })
            .collect(),
    }];
    let placing = Target { kind: "placement", ..here.target.clone() };
    let path = format!("{}/education", here.cluster.path());
    let view = html! {
        h1 { span.nhsuk-caption-xl { (trainee.number) } (trainee.name) (made_up(trainee.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Programme", html! { a href=(here.programme.path(&here.cluster)) { (here.programme.name) } }),
            SummaryRow::new("Grade", trainee.grade.as_str()),
            SummaryRow::new("Share of whole-time", trainee.wte.to_string()),
            SummaryRow::new("First day", day_on_page(trainee.starts_on)),
            SummaryRow::new("Last day as first planned", day_on_page(trainee.ends_on)),
            SummaryRow::new("Expected last day", html! { strong { (day_on_page(reckoning.expected_end)) } }),
        ]))
        @if here.may("trainee.change") { p { a href={ (trainee.path(&here.cluster)) "/change" } { "Change share, grade or membership" } } }
        h2 { "Placements" }
        @if all.is_empty() { p { "No placement is planned yet." } } @else {
            (picture::calendar("Placements", &lanes, today))
            (Table::new("Placements by first day")
                .head([Column::new("Where"), Column::new("What"), Column::new("From"), Column::new("To"), Column::numeric("Share"), Column::new("Supervisor"), Column::new("Standing")])
                .first_cell_is_header(true)
                .rows(all.iter().map(|one| vec![
                    Cell::new(html! { a.nhsuk-link href={ (path) "/placements/" (one.id) } { (what(one)) } (made_up(one.is_illustrative)) }),
                    Cell::new(one.kind.label()),
                    Cell::new(day_on_page(one.starts_on)),
                    Cell::new(day_on_page(one.ends_on)),
                    Cell::numeric(one.wte),
                    Cell::new(one.supervisor.and_then(|id| supervisors.get(&id).cloned()).unwrap_or_else(|| "Not named".to_owned())),
                    Cell::new(if one.state == PlacementState::Cancelled && !one.reason.is_empty() { format!("Cancelled: {}", one.reason) } else { one.state.label().to_owned() }),
                ])))
        }
        @if here.may_with("placement.plan", &placing) {
            p { (Button::link("Plan a placement", format!("{path}/placements/new?trainee={}", trainee.number))) }
        }
        (working(&reckoning))
        (breadth::shown(&breadth_of, &here.cluster))
        p { a.nhsuk-link href={ (trainee.path(&here.cluster)) "/tariff" } { "The money that follows " (trainee.name) " to their hosts" } }
        @if here.may_with("calendar.make", &Target { kind: "calendar", ..here.target.clone() }) {
            (crate::calendars::making("trainee", trainee.id, &here.cluster))
        }
    };
    let data = json!({
        "trainee": trainee, "programme": here.programme, "placements": all, "reckoning": reckoning, "breadth": breadth_of,
    });
    Ok(home::under(Page::new(trainee.name.clone(), view).data(&data)?, &here.cluster).into())
}

/// The expected end with its working.
fn working(reckoning: &Reckoning) -> Markup {
    let days = |part: &rules::Part| part.to.signed_duration_since(part.from).num_days() + 1;
    html! {
        h2 { "How the expected end is found" }
        p {
            "The programme takes " (reckoning.needed) " days at whole-time. Each day counts by the share worked; time out of programme counts only "
            "where it was approved to count. Where no placement is entered, the trainee's own share is assumed."
        }
        (Table::new("What each stretch counts")
            .head([Column::new("From"), Column::new("To"), Column::new("Doing"), Column::numeric("Days"), Column::numeric("Each counts"), Column::numeric("Whole-time days")])
            .rows(reckoning.parts.iter().map(|part| vec![
                Cell::new(day_on_page(part.from)),
                Cell::new(day_on_page(part.to)),
                Cell::new(part.doing.map_or("Assumed at their share", |kind| kind.label())),
                Cell::numeric(days(part)),
                Cell::numeric(part.counts),
                Cell::numeric(Wte(days(part) * part.counts.0)),
            ])))
    }
}
