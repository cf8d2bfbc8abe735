//! `/clusters/{cluster}/projects/{project}/cycles/{cycle}`: a cycle with all that was said, and its next step.

use axum::extract::Path;
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::own::{DescriptionTimeline, TimelineEntry};
use hiec_web::components::{Button, RadioItem, Radios, Tag};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::actions;
use super::cycles::{Cycle, Decision, NoStep};
use super::store::{self, ProjectHere, StoredCycle};
use crate::ground::{self, LINES, made_up};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    words: String,
    /// As `2010-04-01`.
    on: String,
    /// Of the last step: `adopt`, `adapt` or `abandon`.
    decision: String,
}

pub async fn get(here: Loaded<ProjectHere>, Path((_, _, cycle)): Path<(String, String, Uuid)>) -> Answer {
    let stored = find(&here, cycle).await?;
    Ok(page(&here, &stored, &Form::default(), &Errors::none())?.into())
}

async fn find(here: &Loaded<ProjectHere>, cycle: Uuid) -> Result<StoredCycle, Problem> {
    store::cycle(&here.database(), here.project.id, cycle).await?.ok_or_else(Problem::not_found)
}

fn page(here: &Loaded<ProjectHere>, stored: &StoredCycle, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let site = stored.site.map_or_else(|| "all sites".to_owned(), |site| ground::site_name(&here.cluster, site));
    let decisions = Decision::ALL.iter().map(|one| RadioItem::new(one.key(), one.label()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.project.name) ": cycle of plan, do, study, act" } (stored.title) (made_up(stored.is_illustrative)) }
        p { (Tag::new(stored.cycle.name())) " at " (site) "." }
        (DescriptionTimeline::new(stored.cycle.steps().into_iter().map(|(name, said)| {
            TimelineEntry::new(format!("{name}, {}", day_on_page(said.on)), said.words.as_str())
        })))
        @if let Some(next) = stored.cycle.next().filter(|_| here.may("project.run")) {
            h2 { "The next step" }
            form method="post" novalidate {
                (ground::lines_field("words", next, &form.words, errors))
                @if matches!(stored.cycle, Cycle::Studied(_)) {
                    (Radios::new("decision", "What follows")
                        .items(decisions.collect::<Vec<_>>())
                        .value(form.decision.as_str())
                        .error_message(errors.of("decision").unwrap_or_default()))
                }
                (ground::day_field("on", "On", &form.on, errors))
                (Button::new("Take the step"))
            }
        }
    };
    Ok(ground::under(Page::new(stored.title.clone(), view).data(stored)?, &here.cluster)
        .under(format!("{}/projects", here.cluster.path()), "Projects")
        .under(here.path(), here.project.name.clone()))
}

pub async fn post(
    here: Loaded<ProjectHere>,
    Path((_, _, cycle)): Path<(String, String, Uuid)>,
    Input(form): Input<Form>,
) -> Answer {
    let stored = find(&here, cycle).await?;
    let mut errors = Errors::none();
    let words = errors.text("words", "what is to be recorded", &form.words, LINES);
    let on = ground::past_day(&mut errors, "on", "a day", &form.on, london_date(here.now()));
    let decision = Decision::from_key(&form.decision);
    if let (Some(words), Some(on)) = (&words, on)
        && let Err(reason) = stored.cycle.clone().step(words, on, decision)
    {
        let field = match reason {
            NoStep::NoDecision => "decision",
            NoStep::BeforeLast(_) => "on",
            NoStep::NoWords | NoStep::HasEnded => "words",
        };
        errors.add(field, reason.to_string());
    }
    let (Some(words), Some(on), true) = (words, on, errors.is_empty()) else {
        return Ok(page(&here, &stored, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    let path = format!("{}/cycles/{cycle}", here.path());
    let step = actions::StepWords { words: &words, on, decision };
    actions::step_cycle(&mut unit, &here.project, cycle, step, path.clone()).await?;
    unit.commit().await?;
    Ok(Done::to(path).saying("The step was recorded.").into())
}
