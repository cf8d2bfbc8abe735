//! What people do with the pathway map: add steps, order them, say where an outcome is learnt and what a host teaches. One audit entry each.

use std::collections::BTreeSet;

use hiec_kernel::{ClusterId, OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::rules;
use super::store::{self, Learnt, Step};
use crate::breadth::lessons::{self, Lesson};
use crate::ground;

/// A step was added to a pathway.
#[derive(Serialize)]
struct StepAdded<'a> {
    pathway: &'a str,
    name: &'a str,
}

impl AuditEvent for StepAdded<'_> {
    const KIND: &'static str = "education.step.added";
}

/// A step comes after another.
#[derive(Serialize)]
struct StepOrdered {
    step: Uuid,
    after: Uuid,
}

impl AuditEvent for StepOrdered {
    const KIND: &'static str = "education.step.ordered";
}

/// Where an outcome is learnt was said anew.
#[derive(Serialize)]
struct OutcomePlaced<'a> {
    outcome: Uuid,
    steps: &'a BTreeSet<Uuid>,
}

impl AuditEvent for OutcomePlaced<'_> {
    const KIND: &'static str = "education.outcome.placed";
}

/// What a host teaches was said anew.
#[derive(Serialize)]
struct TeachingStated {
    host: OrganisationId,
    teaches: usize,
    of: usize,
}

impl AuditEvent for TeachingStated {
    const KIND: &'static str = "education.teaching.stated";
}

/// A course or skill was named for a step, or no longer is.
#[derive(Serialize)]
struct LessonNamed<'a> {
    step: Uuid,
    lesson: &'a Lesson,
    is_named: bool,
}

impl AuditEvent for LessonNamed<'_> {
    const KIND: &'static str = "education.step.lesson";
}

pub(crate) async fn add_step(
    unit: &mut Unit,
    cluster: ClusterId,
    pathway: &str,
    name: &str,
    is_illustrative: bool,
) -> Result<Step, Problem> {
    let there = store::of_cluster(unit, cluster).await?;
    if there.of(pathway).any(|step| step.name.eq_ignore_ascii_case(name)) {
        return Err(Problem::conflict(
            format!("This pathway has a step “{name}” already"),
            "Give the new one another name.",
        ));
    }
    let step = Step { id: unit.new_id(), pathway: pathway.to_owned(), name: name.to_owned(), is_illustrative };
    store::insert(unit, cluster, &step).await?;
    unit.audit(ground::stream(cluster), subject(step.id), &StepAdded { pathway, name })?;
    Ok(step)
}

/// Says that a course or skill gives experience of a step.
pub(crate) async fn name_lesson(
    unit: &mut Unit,
    cluster: ClusterId,
    step: Uuid,
    lesson: &Lesson,
    is_illustrative: bool,
) -> Result<(), Problem> {
    if is_named_for(unit, cluster, step, lesson).await? {
        return Err(Problem::conflict(
            format!("“{}” is named for this step already", lesson.name),
            "Choose another step, or another course or skill.",
        ));
    }
    lessons::add(unit, step, lesson, is_illustrative).await?;
    let event = LessonNamed { step, lesson, is_named: true };
    Ok(unit.audit(ground::stream(cluster), subject(step), &event)?)
}

/// Says that it no longer does. What trainees have of it stays with them, and counts for this step no more.
pub(crate) async fn drop_lesson(
    unit: &mut Unit,
    cluster: ClusterId,
    step: Uuid,
    lesson: &Lesson,
) -> Result<(), Problem> {
    if !is_named_for(unit, cluster, step, lesson).await? {
        return Err(Problem::conflict(
            format!("“{}” is not named for this step", lesson.name),
            "The table above shows what is named for which step.",
        ));
    }
    lessons::remove(unit, step, lesson).await?;
    let event = LessonNamed { step, lesson, is_named: false };
    Ok(unit.audit(ground::stream(cluster), subject(step), &event)?)
}

async fn is_named_for(unit: &Unit, cluster: ClusterId, step: Uuid, lesson: &Lesson) -> Result<bool, Problem> {
    let named = lessons::by_step(unit, cluster, std::slice::from_ref(lesson)).await?;
    Ok(named.get(&step).is_some_and(|there| there.contains(lesson)))
}

/// Refused where the steps would run in a circle, which is named.
pub(crate) async fn order(unit: &mut Unit, cluster: ClusterId, step: Uuid, before: Uuid) -> Result<(), Problem> {
    let steps = store::of_cluster(unit, cluster).await?;
    let (Some(later), Some(earlier)) = (steps.one(step), steps.one(before)) else {
        return Err(Problem::not_found());
    };
    if later.pathway != earlier.pathway {
        return Err(Problem::conflict(
            format!("“{}” and “{}” are steps of different pathways", later.name, earlier.name),
            "Choose two steps of one pathway.",
        ));
    }
    if let Some(circle) = rules::circle(&steps.after, step, before) {
        let names: Vec<&str> = circle.iter().filter_map(|id| steps.one(*id)).map(|step| step.name.as_str()).collect();
        return Err(Problem::conflict(
            format!("The steps would run in a circle: {}", names.join(" → ")),
            "Choose another order: a step cannot come after itself.",
        ));
    }
    store::comes_after(unit, step, before).await?;
    unit.audit(ground::stream(cluster), subject(step), &StepOrdered { step, after: before })?;
    Ok(())
}

pub(crate) async fn place(
    unit: &mut Unit,
    cluster: ClusterId,
    outcome: Uuid,
    steps: &BTreeSet<Uuid>,
) -> Result<(), Problem> {
    store::set_learnt(unit, outcome, steps).await?;
    unit.audit(ground::stream(cluster), format!("outcome:{outcome}"), &OutcomePlaced { outcome, steps })?;
    Ok(())
}

pub(crate) async fn teach(
    unit: &mut Unit,
    cluster: ClusterId,
    host: OrganisationId,
    among: &[Learnt],
    teaches: &BTreeSet<Learnt>,
    is_illustrative: bool,
) -> Result<(), Problem> {
    store::set_teaching(unit, host, among, teaches, is_illustrative).await?;
    let event = TeachingStated { host, teaches: teaches.len(), of: among.len() };
    unit.audit(ground::stream(cluster), format!("host:{host}"), &event)?;
    Ok(())
}

fn subject(step: Uuid) -> String {
    format!("step:{step}")
}
