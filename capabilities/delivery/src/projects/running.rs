//! What a project's page sends: a standing, a milestone set, reached or moved, a product, a cycle. Each answers with the page again where something is wrong.

use axum::extract::Path;
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem};
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::actions::{self, NewCycle};
use super::page::{self, Typed};
use super::standing::Status;
use super::store::{Product, ProjectHere};
use crate::ground::{self, LINE, LINES};
use crate::measures::reading::measures_of;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StandingForm {
    /// `on_track`, `at_risk`, `late`, `paused` or `ended`.
    pub status: String,
    pub reason: String,
    /// As `2010-04-01`.
    pub since: String,
}

pub async fn standing(here: Loaded<ProjectHere>, Input(form): Input<StandingForm>) -> Answer {
    let today = london_date(here.now());
    let mut errors = Errors::none();
    let status = ground::one_of(&mut errors, "status", "how it stands", Status::from_key(&form.status));
    let reason = errors.text("reason", "why it stands so", &form.reason, LINES);
    let since = ground::past_day(&mut errors, "since", "a day", &form.since, today);
    if let (Some(status), Some(reason), Some(since)) = (status, &reason, since)
        && let Err((_, unsaid)) = here.project.standing.clone().turn(status, reason, since)
    {
        for one in unsaid {
            errors.add("status", one.to_string());
        }
    }
    let (Some(status), Some(reason), Some(since), true) = (status, reason, since, errors.is_empty()) else {
        return again(&here, Typed { standing: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    actions::say_standing(&mut unit, &here.project, status, &reason, since, false).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying(format!("The project now stands as: {}.", status.label())).into())
}

async fn again(here: &Loaded<ProjectHere>, typed: Typed) -> Answer {
    Ok(page::page(here, &typed).await?.with_errors(&typed.errors).into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MilestoneForm {
    pub milestone_title: String,
    /// As `2010-04-01`.
    pub milestone_due_on: String,
}

pub async fn milestone(here: Loaded<ProjectHere>, Input(form): Input<MilestoneForm>) -> Answer {
    let mut errors = Errors::none();
    let title = errors.text("milestone_title", "what will be there", &form.milestone_title, LINE);
    let due_on = ground::day(&mut errors, "milestone_due_on", "by when", &form.milestone_due_on);
    let (Some(title), Some(due_on)) = (title, due_on) else {
        return again(&here, Typed { milestone: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    actions::add_milestone(&mut unit, &here.project, &title, due_on, false).await?;
    unit.commit().await?;
    Ok(Done::made(here.path()).saying("The milestone was set.").into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MilestoneChangeForm {
    /// `reached` or `moved`.
    what: String,
    /// The day it was reached, or the day it is moved to.
    on: String,
    /// Why it is moved.
    reason: String,
}

pub async fn milestone_change(
    here: Loaded<ProjectHere>,
    Path((_, _, milestone)): Path<(String, String, Uuid)>,
    Input(form): Input<MilestoneChangeForm>,
) -> Answer {
    let field = format!("done-{milestone}");
    let mut errors = Errors::none();
    let word = if form.what == "moved" {
        let on = ground::day(&mut errors, &field, "the new day", &form.on);
        let reason = errors.text(&format!("why-{milestone}"), "why it is moved", &form.reason, LINES);
        let (Some(on), Some(reason)) = (on, reason) else {
            return again(&here, Typed { errors, ..Typed::default() }).await;
        };
        let mut unit = here.begin().await?;
        actions::move_milestone(&mut unit, &here.project, milestone, on, &reason).await?;
        unit.commit().await?;
        "The milestone was moved; the first promise stays beside it."
    } else {
        let Some(on) = ground::past_day(&mut errors, &field, "the day", &form.on, london_date(here.now())) else {
            return again(&here, Typed { errors, ..Typed::default() }).await;
        };
        let mut unit = here.begin().await?;
        actions::reach_milestone(&mut unit, &here.project, milestone, on).await?;
        unit.commit().await?;
        "The milestone was reached."
    };
    Ok(Done::to(here.path()).saying(word).into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ProductForm {
    pub product_name: String,
    pub owner: String,
    pub licence: String,
    pub link: String,
}

pub async fn product(here: Loaded<ProjectHere>, Input(form): Input<ProductForm>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("product_name", "the name of the product", &form.product_name, LINE);
    let owner = ground::optional(&mut errors, "owner", "the owner", &form.owner, LINE);
    let licence = ground::optional(&mut errors, "licence", "the licence", &form.licence, LINE);
    let link = web_address(&mut errors, "link", &form.link);
    let (Some(name), Some(owner), Some(licence), Some(link)) = (name, owner, licence, link) else {
        return again(&here, Typed { product: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    let product = Product { id: unit.new_id(), name, owner, licence, link, is_illustrative: false };
    actions::name_product(&mut unit, &here.project, product).await?;
    unit.commit().await?;
    Ok(Done::made(here.path()).saying("The product was named.").into())
}

/// An address of the web, or nothing; never a script or a file.
pub(crate) fn web_address(errors: &mut Errors, field: &str, typed: &str) -> Option<String> {
    let typed = ground::optional(errors, field, "the address", typed, LINES)?;
    if typed.is_empty() || typed.starts_with("https://") || typed.starts_with("http://") {
        return Some(typed);
    }
    errors.add(field, "Enter an address that begins with https://");
    None
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CycleForm {
    pub cycle_title: String,
    pub plan: String,
    /// The id of a site; empty where it is for all.
    pub site: String,
    /// The key of the measure it is to move; may be empty.
    pub measure: String,
    /// As `2010-04-01`.
    pub planned_on: String,
}

pub async fn cycle(here: Loaded<ProjectHere>, Input(form): Input<CycleForm>) -> Answer {
    let today = london_date(here.now());
    let mut errors = Errors::none();
    let title = errors.text("cycle_title", "the change in a few words", &form.cycle_title, LINE);
    let plan = errors.text("plan", "the plan", &form.plan, LINES);
    let on = ground::past_day(&mut errors, "planned_on", "a day", &form.planned_on, today);
    let site = site_of(&mut errors, &here, &form.site)?;
    let measures = measures_of(&here.database(), here.cluster.id).await?;
    let measure = measures.iter().find(|measure| measure.key == form.measure).map(|measure| measure.id);
    if measure.is_none() && !form.measure.is_empty() {
        errors.add("measure", "Choose a measure of this cluster");
    }
    let (Some(title), Some(plan), Some(on), true) = (title, plan, on, errors.is_empty()) else {
        return again(&here, Typed { cycle: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    let new = NewCycle { title, measure, site, plan, on, is_illustrative: false };
    let id = actions::plan_cycle(&mut unit, &here.project, new).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/cycles/{id}", here.path())).saying("The cycle was planned.").into())
}

/// A present partner by its id, or none.
fn site_of(errors: &mut Errors, here: &ProjectHere, typed: &str) -> Result<Option<OrganisationId>, Problem> {
    if typed.is_empty() {
        return Ok(None);
    }
    let known = here.cluster.partners.iter().find(|partner| partner.organisation.id.to_string() == typed);
    if known.is_none() {
        errors.add("site", "Choose a site of this cluster");
    }
    Ok(known.map(|partner| partner.organisation.id))
}
