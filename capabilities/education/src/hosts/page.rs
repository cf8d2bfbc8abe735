//! `/clusters/{cluster}/education/hosts/{host}`: a host, its posts, what it can teach; and its calendar for those who may see who is there.

use std::collections::BTreeMap;

use hiec_access::policy::Target;
use hiec_kernel::Scope;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::{Button, Cell, Column, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde_json::json;
use uuid::Uuid;

use crate::access::HostHere;
use crate::ground::made_up;
use crate::home;
use crate::pathways::store as pathways;
use crate::placements::picture::{self, Bar, Lane};
use crate::placements::store as placements;
use crate::posts::store as posts;
use crate::programmes::curriculum;
use crate::trainees::store::{self as trainees, Trainee};

pub async fn get(here: Loaded<HostHere>) -> Answer {
    let database = here.database();
    let cluster = here.cluster.id;
    let today = london_date(here.now());
    let posts = posts::of_host(&database, cluster, here.host.id).await?;
    let here_only = Target::new("placement", here.host.id.0)
        .scopes(here.cluster.scopes())
        .scope(Scope::Organisation(here.host.id.0))
        .within(cluster.0);
    let may_see_people = here.may_with("placement.view", &here_only);
    let mut placed = match may_see_people {
        true => placements::of_host(&database, cluster, here.host.id).await?,
        false => Vec::new(),
    };
    placed.retain(|one| !one.is_cancelled());
    let people: BTreeMap<Uuid, Trainee> = match placed.is_empty() {
        true => BTreeMap::new(),
        false => trainees::of_cluster(&database, cluster).await?.into_iter().map(|one| (one.id, one)).collect(),
    };
    let outcomes: BTreeMap<Uuid, curriculum::Outcome> =
        curriculum::of_cluster(&database, cluster).await?.into_iter().map(|one| (one.id, one)).collect();
    let steps = pathways::of_cluster(&database, cluster).await?;
    let teaches: Vec<_> =
        pathways::teaching(&database, cluster).await?.into_iter().filter(|one| one.host == here.host.id).collect();
    let lanes: Vec<Lane> = posts
        .iter()
        .map(|post| Lane {
            label: format!("{}, {}", post.number, post.specialty),
            bars: placed
                .iter()
                .filter(|one| one.post == Some(post.id))
                .map(|one| Bar {
                    from: one.starts_on,
                    to: one.ends_on,
                    words: people.get(&one.trainee).map(|trainee| trainee.name.clone()).unwrap_or_default(),
                    is_out: false,
                })
                .collect(),
        })
        .collect();
    let is_partner = here.cluster.partner(here.host.id).is_some();
    let feed = Target { kind: "calendar", ..here_only.clone() };
    let view = html! {
        h1 { span.nhsuk-caption-xl { (here.cluster.short_name) } (here.host.name) (made_up(here.host.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("In the cluster", if is_partner { "A partner" } else { "Hosts trainees, and is no partner" }),
            SummaryRow::new("NHS code", here.host.ods_code.as_deref().unwrap_or("None")),
            SummaryRow::new("Settings", here.host.settings.iter().map(|one| one.label()).collect::<Vec<_>>().join(", ")),
            SummaryRow::new("Postcode", here.host.postcode.as_deref().unwrap_or("Not known")),
        ]))
        h2 { "Posts" }
        @if posts.is_empty() { p { "It has no post here yet." } } @else {
            (Table::new("Posts at this host")
                .head([Column::new("Post"), Column::new("Specialty"), Column::new("Grade"), Column::new("Setting"), Column::numeric("Holds today")])
                .first_cell_is_header(true)
                .rows(posts.iter().map(|post| vec![
                    Cell::new(html! { a.nhsuk-link href=(post.path(&here.cluster)) { (post.number) } (made_up(post.is_illustrative)) }),
                    Cell::new(post.specialty.as_str()),
                    Cell::new(post.grade.as_str()),
                    Cell::new(post.setting.label()),
                    Cell::numeric(post.capacity_on(today)),
                ])))
        }
        @if may_see_people {
            h2 { "Who is here" }
            @if placed.is_empty() { p { "Nobody is or will be placed here." } } @else {
                (picture::calendar("Posts of this host", &lanes, today))
                (Table::new("Placements at this host")
                    .head([Column::new("Trainee"), Column::new("Post"), Column::new("From"), Column::new("To"), Column::numeric("Share")])
                    .rows(placed.iter().map(|one| {
                        let post = posts.iter().find(|post| Some(post.id) == one.post);
                        let trainee = people.get(&one.trainee);
                        vec![
                            Cell::new(html! { @if let Some(trainee) = trainee { a.nhsuk-link href=(trainee.path(&here.cluster)) { (trainee.name) } (made_up(trainee.is_illustrative)) } }),
                            Cell::new(post.map(|post| post.number.clone()).unwrap_or_default()),
                            Cell::new(day_on_page(one.starts_on)),
                            Cell::new(day_on_page(one.ends_on)),
                            Cell::numeric(one.wte),
                        ]
                    })))
            }
            @if here.may_with("calendar.make", &feed) { (crate::calendars::making("host", here.host.id.0, &here.cluster)) }
        }
        h2 { "What it can teach" }
        @if teaches.is_empty() { p { "Nothing is said yet." } } @else {
            (Table::new("Outcomes it teaches, by pathway step")
                .head([Column::new("Outcome"), Column::new("Pathway step")])
                .rows(teaches.iter().map(|one| vec![
                    Cell::new(html! { @if let Some(outcome) = outcomes.get(&one.at.outcome_id) { (outcome.code) " " (outcome.name) (made_up(one.is_illustrative)) } }),
                    Cell::new(steps.one(one.at.step_id).map(|step| step.name.clone()).unwrap_or_default()),
                ])))
        }
        @if here.may("host.teach") { p { (Button::link("Say what it can teach", format!("{}/teaching", here.path())).secondary()) } }
    };
    let data = json!({ "host": here.host, "posts": posts, "placements": placed, "teaching": teaches });
    Ok(home::under(Page::new(here.host.name.clone(), view).data(&data)?, &here.cluster).into())
}
