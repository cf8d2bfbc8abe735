//! `/clusters/{cluster}/practices/{practice}`: how one site does it, and "tried here, adapted so, with this result" from those who copied it.

use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{Problem, Role, Scope};
use hiec_web::components::{Button, Card};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::practices_store::{self, Copy, Practice, PracticeHere};
use crate::ground::{self, LINES, made_up};

#[derive(Serialize)]
struct Shown<'a> {
    practice: &'a Practice,
    copies: &'a [Copy],
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// The id of the site that tried it.
    site: String,
    /// As `2010-04-01`.
    tried_on: String,
    adapted: String,
    result: String,
}

pub async fn get(here: Loaded<PracticeHere>) -> Answer {
    Ok(page(&here, &Form::default(), &Errors::none()).await?.into())
}

/// The sites this person may speak for: all for those who write practices, else those they lead.
fn own_sites(here: &Loaded<PracticeHere>) -> Vec<(String, String)> {
    let sites = ground::sites(&here.cluster, london_date(here.now()));
    if here.may("practice.write") {
        return sites;
    }
    let own: Vec<String> = here
        .subject
        .scopes_of(Role::SiteLead)
        .filter(|scope| matches!(scope, Scope::Organisation(_)))
        .map(|scope| scope.id().to_string())
        .collect();
    sites.into_iter().filter(|(id, _)| own.contains(id)).collect()
}

async fn page(here: &Loaded<PracticeHere>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let (cluster, practice) = (&here.cluster, &here.practice);
    let copies: Vec<Copy> = practices_store::copies(&here.database(), cluster.id)
        .await?
        .into_iter()
        .filter(|copy| copy.practice == practice.id)
        .collect();
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": practice to copy" } (practice.title) (made_up(practice.is_illustrative)) }
        h2 { "What they do" }
        p { (practice.where_found) ". " (practice.what) }
        h2 { "With what result" }
        p { (practice.result) }
        h2 { "How to do it" }
        p { (practice.how) }
        @if !practice.source.is_empty() { p.app-source { "Source: " (practice.source) } }
        h2 { "Who copied it" }
        @if copies.is_empty() { p { "Nobody has told of a copy yet." } }
        @for copy in &copies {
            (Card::new(format!("{}, {}", ground::site_name(cluster, copy.site), day_on_page(copy.tried_on)))
                .description(html! {
                    p.nhsuk-card__description { "Adapted: " (copy.adapted) }
                    p.nhsuk-card__description { "Result: " (copy.result) (made_up(copy.is_illustrative)) }
                }))
        }
        @if here.may("practice.copy") {
            h2 { "Tell of a copy" }
            form method="post" action={ (practice.path(cluster)) "/copies" } novalidate {
                (ground::choice("site", "Tried at", own_sites(here), &form.site, errors))
                (ground::day_field("tried_on", "Since", &form.tried_on, errors))
                (ground::lines_field("adapted", "Adapted so", &form.adapted, errors).hint("What is done otherwise here, and why"))
                (ground::lines_field("result", "With this result", &form.result, errors).hint("Also when it did not work"))
                (Button::new("Tell of it"))
            }
        }
    };
    Ok(ground::under(Page::new(practice.title.clone(), view).data(&Shown { practice, copies: &copies })?, cluster)
        .under(format!("{}/practices", cluster.path()), "Practices"))
}

pub async fn post(here: Loaded<PracticeHere>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let is_own = own_sites(&here).iter().any(|(id, _)| *id == form.site);
    let site = form.site.parse().ok().filter(|_| is_own);
    let site = ground::one_of(&mut errors, "site", "a site you speak for", site);
    let tried_on = ground::past_day(&mut errors, "tried_on", "a day", &form.tried_on, london_date(here.now()));
    let adapted = errors.text("adapted", "how it was adapted", &form.adapted, LINES);
    let result = errors.text("result", "the result", &form.result, LINES);
    let (Some(site), Some(tried_on), Some(adapted), Some(result)) = (site, tried_on, adapted, result) else {
        return Ok(page(&here, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    let copy = Copy { practice: here.practice.id, site, tried_on, adapted, result, is_illustrative: false };
    actions::copy_practice(&mut unit, here.cluster.id, &copy).await?;
    unit.commit().await?;
    Ok(Done::made(here.practice.path(&here.cluster)).saying("Thank you: your copy stands beside the practice.").into())
}
