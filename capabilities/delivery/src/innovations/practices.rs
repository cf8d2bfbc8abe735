//! `/clusters/{cluster}/practices`: what sites do better than expected, written so that others can do it; and the page to write one up.

use axum::extract::Query;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Card};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, NewPractice};
use super::practices_store::{self, Copy, Practice, Practices};
use super::store::{self, Innovation};
use crate::ground::{self, LINE, LINES, made_up};

#[derive(Serialize)]
struct Shown<'a> {
    practices: &'a [Practice],
    copies: &'a [Copy],
}

pub async fn get(door: Loaded<Practices>) -> Answer {
    let cluster = &door.cluster;
    let practices = practices_store::of_cluster(&door.database(), cluster.id).await?;
    let copies = practices_store::copies(&door.database(), cluster.id).await?;
    let may_write = door.may("practice.write");
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Practices to copy" }
        p { "What a site does better than expected, how it does it, and what came of it where others tried." }
        @if practices.is_empty() {
            @let empty = EmptyState::new("No practice is written up yet.");
            @if may_write { (empty.action("Write up the first", format!("{}/practices/new", cluster.path()))) } @else { (empty) }
        }
        @for practice in &practices {
            @let count = copies.iter().filter(|copy| copy.practice == practice.id).count();
            (Card::new(practice.title.as_str())
                .href(practice.path(cluster))
                .clickable(true)
                .description(html! {
                    p.nhsuk-card__description { (practice.where_found) ": " (practice.result) (made_up(practice.is_illustrative)) }
                    p.nhsuk-card__description {
                        @match count { 0 => "Not copied yet", 1 => "Copied by 1 site", count => { "Copied by " (count) " sites" } }
                    }
                }))
        }
        @if may_write {
            p { a href={ (cluster.path()) "/practices/found" } { "Find sites that do better than expected" } }
        }
        @if may_write && !practices.is_empty() {
            p { (Button::link("Write up a practice", format!("{}/practices/new", cluster.path()))) }
        }
    };
    let page = Page::new("Practices to copy", view).data(&Shown { practices: &practices, copies: &copies })?;
    Ok(ground::under(page, cluster).into())
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    title: String,
    /// The key of an innovation; may be empty.
    innovation: String,
    /// The id of a site; may be empty.
    site: String,
    /// Where it was found, as it may be published.
    where_found: String,
    what: String,
    how: String,
    result: String,
    source: String,
}

pub async fn new(door: Loaded<Practices>, Query(form): Query<Form>) -> Answer {
    let innovations = store::of_cluster(&door.database(), door.cluster.id).await?;
    Ok(page(&door, &innovations, &form, &Errors::none())?.into())
}

fn page(door: &Loaded<Practices>, innovations: &[Innovation], form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let cluster: &ClusterSeen = &door.cluster;
    let options = innovations.iter().map(|one| (one.key.clone(), one.name.clone()));
    let sites = ground::sites(cluster, london_date(door.now()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Write up a practice" }
        form method="post" action={ (cluster.path()) "/practices/new" } novalidate {
            (ground::line_field("title", "The practice, in a few words", &form.title, errors))
            (ground::choice("innovation", "Innovation it belongs to (optional)", options, &form.innovation, errors))
            (ground::choice("site", "Site it was found at (optional)", sites, &form.site, errors))
            (ground::line_field("where_found", "Where, as everybody may read it", &form.where_found, errors))
            (ground::lines_field("what", "What they do", &form.what, errors))
            (ground::lines_field("how", "How to do it, and what it takes", &form.how, errors))
            (ground::lines_field("result", "With what result", &form.result, errors))
            (ground::line_field("source", "Where this is published (optional)", &form.source, errors))
            (Button::new("Publish the practice"))
        }
    };
    Ok(ground::under(Page::new("Write up a practice", view).data(form)?, cluster)
        .under(format!("{}/practices", cluster.path()), "Practices"))
}

pub async fn post(door: Loaded<Practices>, Input(form): Input<Form>) -> Answer {
    let cluster = &door.cluster;
    let innovations = store::of_cluster(&door.database(), cluster.id).await?;
    let mut errors = Errors::none();
    let title = errors.text("title", "the practice in a few words", &form.title, LINE);
    let innovation = innovations.iter().find(|one| one.key == form.innovation).map(|one| one.id);
    if innovation.is_none() && !form.innovation.is_empty() {
        errors.add("innovation", "Choose an innovation of this cluster");
    }
    let partners = cluster.partners.iter().map(|partner| partner.organisation.id);
    let site = partners.into_iter().find(|id| id.to_string() == form.site);
    if site.is_none() && !form.site.is_empty() {
        errors.add("site", "Choose a site of this cluster");
    }
    let where_found = errors.text("where_found", "where it was found", &form.where_found, LINE);
    let what = errors.text("what", "what they do", &form.what, LINES);
    let how = errors.text("how", "how to do it", &form.how, LINES);
    let result = errors.text("result", "the result", &form.result, LINES);
    let source = ground::optional(&mut errors, "source", "the source", &form.source, LINE);
    let (Some(title), Some(where_found), Some(what), Some(how), Some(result), Some(source), true) =
        (title, where_found, what, how, result, source, errors.is_empty())
    else {
        return Ok(page(&door, &innovations, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let new = NewPractice { innovation, site, title, where_found, what, how, result, source, ..NewPractice::default() };
    let practice = actions::write_practice(&mut unit, cluster.id, new).await?;
    unit.commit().await?;
    Ok(Done::made(practice.path(cluster)).saying("The practice is published.").into())
}
