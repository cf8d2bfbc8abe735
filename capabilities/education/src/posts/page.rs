//! `/clusters/{cluster}/education/posts/{post}`: one post: its room over time and what is free of it, who pays; and who is in it, for those who may see that.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use hiec_access::policy::Target;
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::{Button, Cell, Column, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::changing;
use super::running::{self, CapacityForm, FundingForm};
use crate::access::{PostHere, host_path};
use crate::ground::{self, made_up};
use crate::home;
use crate::placements::picture::{self, Bar, Lane};
use crate::placements::rules::{self, Stretch};
use crate::placements::store::{self as placements, Placement};
use crate::programmes::store as programmes;
use crate::trainees::store::{self as trainees, Trainee};

impl PostHere {
    pub fn path(&self) -> String {
        self.post.path(&self.cluster)
    }
}

pub async fn get(here: Loaded<PostHere>) -> Answer {
    Ok(page(&here, &CapacityForm::default(), &FundingForm::default(), &Errors::none()).await?.into())
}

/// What is free from today for two years, or until the last placement if that is later.
fn free_ahead(here: &PostHere, there: &[Placement], today: NaiveDate) -> Vec<Stretch> {
    let two_years = today.checked_add_months(Months::new(24)).unwrap_or(today);
    let last = there.iter().map(|one| one.ends_on).max().unwrap_or(two_years).max(two_years);
    rules::free(here.post.room(), &rules::held(there.iter()), today, last)
}

pub(super) async fn page(
    here: &Loaded<PostHere>,
    capacity: &CapacityForm,
    funding: &FundingForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let database = here.database();
    let today = london_date(here.now());
    let post = &here.post;
    let mut there = placements::of_post(&database, post.id).await?;
    there.retain(|one| !one.is_cancelled());
    let may_see_people = here.may_with("placement.view", &Target { kind: "placement", ..here.target.clone() });
    let people: BTreeMap<Uuid, Trainee> = match may_see_people && !there.is_empty() {
        true => trainees::of_cluster(&database, here.cluster.id).await?.into_iter().map(|one| (one.id, one)).collect(),
        false => BTreeMap::new(),
    };
    let trains: Vec<programmes::Programme> = programmes::of_cluster(&database, here.cluster.id)
        .await?
        .into_iter()
        .filter(|one| post.programmes.contains(&one.id))
        .collect();
    let free = free_ahead(here, &there, today);
    let (before, after) = changing::around(&database, post).await?;
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.host_name()) } "Post " (post.number) (made_up(post.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Host", html! { a href=(host_path(&here.cluster, post.host)) { (here.host_name()) } }),
            SummaryRow::new("Site", post.site.as_str()),
            SummaryRow::new("Profession", post.profession.label()),
            SummaryRow::new("Specialty and grade", format!("{}, {}", post.specialty, post.grade)),
            SummaryRow::new("Setting", post.setting.label()),
            SummaryRow::new("Programmes", if trains.is_empty() { "Any of its profession and specialty".to_owned() } else { trains.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join("; ") }),
            SummaryRow::new("First day", day_on_page(post.starts_on)),
            SummaryRow::new("Last day", post.ends_on.map_or_else(|| "None is known".to_owned(), day_on_page)),
        ]))
        @if let Some(before) = &before { p { "It goes on in the place of " a href=(before.path(&here.cluster)) { (before.number) } ", which ended the day before." } }
        @if let Some(after) = &after { p { "From " (day_on_page(after.starts_on)) " it goes on as " a href=(after.path(&here.cluster)) { (after.number) } "." } }
        @if here.may("training_post.change") { p { a href={ (here.path()) "/change" } { "Change its host, site, programmes or first room" } } }
        h2 { "Room over time" }
        (Table::new("How much of whole-time it holds")
            .head([Column::new("From"), Column::numeric("Holds")])
            .rows(post.capacity.iter().map(|step| vec![Cell::new(day_on_page(step.from)), Cell::numeric(step.wte)])))
        (Table::new("What is free of it from today")
            .head([Column::new("From"), Column::new("To"), Column::numeric("Free")])
            .rows(free.iter().map(|one| vec![Cell::new(day_on_page(one.from)), Cell::new(day_on_page(one.to)), Cell::numeric(one.wte)])))
        h2 { "Who pays" }
        @if post.funding.is_empty() { p { "Nobody is named." } } @else {
            (Table::new("Funding by first day")
                .head([Column::new("Funding"), Column::new("Who pays"), Column::new("From"), Column::new("To")])
                .rows(post.funding.iter().map(|one| vec![
                    Cell::new(one.kind.label()),
                    Cell::new(html! { (one.body) (made_up(one.is_illustrative)) }),
                    Cell::new(day_on_page(one.from)),
                    Cell::new(one.to.map_or_else(|| "No end".to_owned(), day_on_page)),
                ])))
        }
        @if may_see_people { (who(here, &there, &people, today)) }
        @if here.may("training_post.run") { (running::forms(here, capacity, funding, errors)) }
    };
    let placements = if may_see_people { there } else { Vec::new() };
    let data = json!({
        "post": post, "host": here.host, "free": free, "placements": placements,
        "follows": before.map(|one| one.number), "goes_on_as": after.map(|one| one.number),
    });
    Ok(home::under(Page::new(format!("Post {}", post.number), view).data(&data)?, &here.cluster)
        .under(format!("{}/education/posts", here.cluster.path()), "Posts"))
}

fn who(here: &Loaded<PostHere>, there: &[Placement], people: &BTreeMap<Uuid, Trainee>, today: NaiveDate) -> Markup {
    let name = |one: &Placement| people.get(&one.trainee).map(|trainee| trainee.name.clone()).unwrap_or_default();
    let mut lanes: Vec<Lane> = Vec::new();
    for one in there {
        let bar =
            Bar { from: one.starts_on, to: one.ends_on, words: format!("{}, {}", name(one), one.wte), is_out: false };
        // Those who share the post stand under each other.
        match lanes.iter_mut().find(|lane| lane.bars.iter().all(|other| other.to < bar.from || bar.to < other.from)) {
            Some(lane) => lane.bars.push(bar),
            None => lanes.push(Lane { label: format!("Place {}", lanes.len() + 1), bars: vec![bar] }),
        }
    }
    let path = format!("{}/education", here.cluster.path());
    html! {
        h2 { "Who is in it" }
        @if there.is_empty() { p { "Nobody is or will be placed in it." } } @else {
            (picture::calendar("Placements in this post", &lanes, today))
            (Table::new("Placements in this post by first day")
                .head([Column::new("Trainee"), Column::new("From"), Column::new("To"), Column::numeric("Share"), Column::new("Placement")])
                .first_cell_is_header(true)
                .rows(there.iter().map(|one| vec![
                    Cell::new(html! { @if let Some(trainee) = people.get(&one.trainee) { a.nhsuk-link href=(trainee.path(&here.cluster)) { (trainee.name) } (made_up(trainee.is_illustrative)) } }),
                    Cell::new(day_on_page(one.starts_on)),
                    Cell::new(day_on_page(one.ends_on)),
                    Cell::numeric(one.wte),
                    Cell::link(one.state.label(), format!("{path}/placements/{}", one.id)),
                ])))
        }
        @if here.may_with("placement.plan", &Target { kind: "placement", ..here.target.clone() }) {
            p { (Button::link("Place somebody here", format!("{path}/placements/new?post={}", here.post.number)).secondary()) }
        }
        @if here.may_with("calendar.make", &Target { kind: "calendar", ..here.target.clone() }) {
            (crate::calendars::making("post", here.post.id, &here.cluster))
        }
    }
}
