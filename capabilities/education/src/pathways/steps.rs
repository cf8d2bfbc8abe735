//! `/clusters/{cluster}/education/steps`: the steps of each clinical pathway in their order; circles are refused and named.

use std::collections::BTreeMap;

use hiec_contracts::{PathwaySeen, WorkPort};
use hiec_kernel::{ClusterId, Problem, ProblemKind};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::actions;
use super::store::{self, Steps};
use crate::access::Education;
use crate::breadth::lessons::{self, Lesson};
use crate::ground::{self, LINE, made_up};
use crate::home;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct StepForm {
    /// The key of a pathway.
    pathway: String,
    name: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct OrderForm {
    /// The id of a step.
    step: String,
    /// The id of the step it comes after.
    after: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct LessonForm {
    /// The id of a step.
    lesson_step: String,
    /// A course or a skill, as `course:` or `skill:` and its id.
    lesson: String,
    /// `add` or `take_away`.
    what: String,
}

/// What was typed into the forms of the page.
#[derive(Default)]
struct Typed {
    step: StepForm,
    order: OrderForm,
    lesson: LessonForm,
}

/// The cluster's pathways; none where no capability tells of them.
pub(super) async fn pathways(door: &Loaded<Education>) -> Result<Vec<PathwaySeen>, Problem> {
    match door.app.optional::<WorkPort>() {
        Some(port) => Ok(port.0.pathways(&door.database(), door.cluster.id).await?),
        None => Ok(Vec::new()),
    }
}

/// The names of a cluster's pathways by key; a pathway nobody tells of goes by its key.
pub(crate) async fn names<R>(door: &Loaded<R>, cluster: ClusterId) -> Result<BTreeMap<String, String>, Problem> {
    let Some(port) = door.app.optional::<WorkPort>() else { return Ok(BTreeMap::new()) };
    Ok(port.0.pathways(&door.database(), cluster).await?.into_iter().map(|one| (one.key, one.name)).collect())
}

pub async fn get(door: Loaded<Education>) -> Answer {
    Ok(page(&door, &Typed::default(), &Errors::none()).await?.into())
}

async fn page(door: &Loaded<Education>, typed: &Typed, errors: &Errors) -> Result<Page, Problem> {
    let Typed { step: new, order, lesson } = typed;
    let known = lessons::of_cluster(&door.database(), door.cluster.id).await?;
    let named = lessons::by_step(&door.database(), door.cluster.id, &known).await?;
    let pathways = pathways(door).await?;
    let steps = store::of_cluster(&door.database(), door.cluster.id).await?;
    let names =
        |key: &str| pathways.iter().find(|one| one.key == key).map_or_else(|| key.to_owned(), |one| one.name.clone());
    let choices: Vec<(String, String)> = steps
        .all
        .iter()
        .map(|step| (step.id.to_string(), format!("{}: {}", names(&step.pathway), step.name)))
        .collect();
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Steps of the clinical pathways" }
        p { "What patients go through, and so where trainees can learn. The " a href={ (door.path()) "/map" } { "pathway map" } " shows who teaches what at each step." }
        @if pathways.is_empty() {
            p { "The cluster has no pathway yet. " a href={ (door.cluster.path()) "/projects" } { "Pathways and projects" } }
        }
        @for pathway in &pathways {
            h2 { (pathway.name) (made_up(pathway.is_illustrative)) }
            (listed(&steps, &named, &pathway.key, &pathway.name))
        }
        @if door.may("curriculum.map") && !pathways.is_empty() {
            h2 { "Add a step" }
            form method="post" novalidate {
                (ground::choice("pathway", "Pathway", pathways.iter().map(|one| (one.key.clone(), one.name.clone())), &new.pathway, errors))
                (ground::line_field("name", "Name of the step", &new.name, errors))
                (Button::new("Add the step"))
            }
            @if steps.all.len() > 1 {
                h2 { "Put steps in order" }
                form method="post" action={ (door.path()) "/steps/order" } novalidate {
                    (ground::choice("step", "This step", choices.clone(), &order.step, errors))
                    (ground::choice("after", "Comes after", choices.clone(), &order.after, errors))
                    (Button::new("Set the order"))
                }
            }
            @if !steps.all.is_empty() && !known.is_empty() {
                h2 { "Courses and skills" }
                p { "A trainee who comes to a session of the course, or is awarded the skill, has met the step." }
                form method="post" action={ (door.path()) "/steps/lessons" } novalidate {
                    (ground::choice("lesson_step", "At this step", choices, &lesson.lesson_step, errors))
                    (ground::choice("lesson", "Course or skill", known.iter().map(|one| (one.key(), one.words())), &lesson.lesson, errors))
                    div.nhsuk-button-group {
                        (Button::new("Name it for the step").name("what").value("add".to_owned()))
                        (Button::new("Take it away").secondary().name("what").value("take_away".to_owned()))
                    }
                }
            }
        }
    };
    Ok(home::under(
        Page::new("Steps of the clinical pathways", view)
            .data(&json!({ "pathways": pathways, "steps": steps, "lessons": named }))?,
        &door.cluster,
    ))
}

fn listed(steps: &Steps, named: &BTreeMap<Uuid, Vec<Lesson>>, pathway: &str, name: &str) -> maud::Markup {
    let rows: Vec<_> = steps
        .of(pathway)
        .enumerate()
        .map(|(nth, step)| {
            let before: Vec<&str> = steps
                .after
                .get(&step.id)
                .into_iter()
                .flatten()
                .filter_map(|id| steps.one(*id))
                .map(|one| one.name.as_str())
                .collect();
            vec![
                Cell::numeric(nth + 1),
                Cell::new(html! { (step.name) (made_up(step.is_illustrative)) }),
                Cell::new(if before.is_empty() { "The beginning".to_owned() } else { before.join(", ") }),
                Cell::new(named.get(&step.id).into_iter().flatten().map(Lesson::words).collect::<Vec<_>>().join(", ")),
            ]
        })
        .collect();
    html! {
        @if rows.is_empty() {
            p { "No step is named yet." }
        } @else {
            (Table::new(format!("Steps: {name}"))
                .head([Column::numeric("No."), Column::new("Step"), Column::new("Comes after"), Column::new("Also learnt in")])
                .rows(rows))
        }
    }
}

pub async fn post(door: Loaded<Education>, Input(form): Input<StepForm>) -> Answer {
    let known = pathways(&door).await?;
    let mut errors = Errors::none();
    let chosen = known.iter().find(|one| one.key == form.pathway);
    let pathway = ground::one_of(&mut errors, "pathway", "a pathway", chosen);
    let name = errors.text("name", "the name of the step", &form.name, LINE);
    if let (Some(pathway), Some(name)) = (pathway, name) {
        let mut unit = door.begin().await?;
        match actions::add_step(&mut unit, door.cluster.id, &pathway.key, &name, false).await {
            Ok(_) => {
                unit.commit().await?;
                return Ok(Done::made(format!("{}/steps", door.path())).saying("The step was added.").into());
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                errors.add("name", format!("{}. {}", problem.title, problem.next));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(page(&door, &Typed { step: form, ..Typed::default() }, &errors).await?.with_errors(&errors).into())
}

pub async fn order(door: Loaded<Education>, Input(form): Input<OrderForm>) -> Answer {
    let mut errors = Errors::none();
    let read = |typed: &str| typed.parse::<Uuid>().ok();
    let step = ground::one_of(&mut errors, "step", "a step", read(&form.step));
    let after = ground::one_of(&mut errors, "after", "the step it comes after", read(&form.after));
    if let (Some(step), Some(after)) = (step, after) {
        let mut unit = door.begin().await?;
        match actions::order(&mut unit, door.cluster.id, step, after).await {
            Ok(()) => {
                unit.commit().await?;
                return Ok(Done::to(format!("{}/steps", door.path())).saying("The order was set.").into());
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                errors.add("after", format!("{}. {}", problem.title, problem.next));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(page(&door, &Typed { order: form, ..Typed::default() }, &errors).await?.with_errors(&errors).into())
}

pub async fn lesson(door: Loaded<Education>, Input(form): Input<LessonForm>) -> Answer {
    let cluster = door.cluster.id;
    let steps = store::of_cluster(&door.database(), cluster).await?;
    let known = lessons::of_cluster(&door.database(), cluster).await?;
    let mut errors = Errors::none();
    let typed = form.lesson_step.parse::<Uuid>().ok();
    let step = ground::one_of(&mut errors, "lesson_step", "a step", typed.and_then(|id| steps.one(id)));
    let chosen = known.iter().find(|one| one.key() == form.lesson);
    let lesson = ground::one_of(&mut errors, "lesson", "a course or a skill", chosen);
    if let (Some(step), Some(lesson)) = (step, lesson) {
        let is_taken_away = form.what == "take_away";
        let mut unit = door.begin().await?;
        let done = match is_taken_away {
            true => actions::drop_lesson(&mut unit, cluster, step.id, lesson).await,
            false => actions::name_lesson(&mut unit, cluster, step.id, lesson, false).await,
        };
        match done {
            Ok(()) => {
                unit.commit().await?;
                let words = if is_taken_away { "It no longer counts for the step." } else { "It counts for the step." };
                return Ok(Done::to(format!("{}/steps", door.path())).saying(words).into());
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                errors.add("lesson", format!("{}. {}", problem.title, problem.next));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(page(&door, &Typed { lesson: form, ..Typed::default() }, &errors).await?.with_errors(&errors).into())
}
