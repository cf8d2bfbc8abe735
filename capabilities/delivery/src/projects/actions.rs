//! What people do with projects: start one, say how it stands, set and reach milestones, name products, run cycles. One audit entry each.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::cycles::{Cycle, Decision, Planned};
use super::standing::{Standing, Status};
use super::store::{self, Milestone, Product, Project, StoredCycle};
use crate::ground;
use crate::measures::events::{self, Event};

/// A project began.
#[derive(Serialize)]
struct ProjectStarted {
    name: String,
    pathway: Uuid,
    partners: Vec<String>,
}

impl AuditEvent for ProjectStarted {
    const KIND: &'static str = "project.started";
}

/// A project was said to stand otherwise.
#[derive(Serialize)]
struct ProjectStands {
    status: Status,
    since: NaiveDate,
    reason: String,
}

impl AuditEvent for ProjectStands {
    const KIND: &'static str = "project.stands";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// A milestone was set, reached or moved.
#[derive(Serialize)]
struct MilestoneChanged {
    milestone: Uuid,
    title: String,
    due_on: NaiveDate,
    done_on: Option<NaiveDate>,
    reason: String,
}

impl AuditEvent for MilestoneChanged {
    const KIND: &'static str = "project.milestone";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason.as_str())
    }
}

/// A product was named.
#[derive(Serialize)]
struct ProductNamed {
    name: String,
    owner: String,
    licence: String,
}

impl AuditEvent for ProductNamed {
    const KIND: &'static str = "project.product";
}

/// A cycle was planned, or took its next step.
#[derive(Serialize)]
struct CycleStepped<'a> {
    cycle: Uuid,
    title: &'a str,
    state: &'a Cycle,
}

impl AuditEvent for CycleStepped<'_> {
    const KIND: &'static str = "project.cycle";
}

/// What is said of a project that begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewProject {
    pub pathway: Uuid,
    pub name: String,
    pub what: String,
    pub partners: Vec<String>,
    pub starts_on: NaiveDate,
    pub source: String,
    pub is_illustrative: bool,
}

pub(crate) async fn start(unit: &mut Unit, cluster: ClusterId, new: NewProject) -> Result<Project, Problem> {
    let taken: Vec<String> = store::of_cluster(unit, cluster).await?.into_iter().map(|project| project.key).collect();
    let project = Project {
        id: unit.new_id(),
        cluster,
        pathway: new.pathway,
        key: ground::key_of(&new.name, &taken),
        name: new.name,
        what: new.what,
        partners: new.partners,
        starts_on: new.starts_on,
        source: new.source,
        standing: Standing::begun(new.starts_on),
        is_illustrative: new.is_illustrative,
        version: 1,
    };
    store::insert(unit, &project).await?;
    store::add_standing(unit, project.id, &project.standing, new.is_illustrative).await?;
    let event =
        ProjectStarted { name: project.name.clone(), pathway: project.pathway, partners: project.partners.clone() };
    unit.audit(ground::stream(cluster), subject(project.id), &event)?;
    Ok(project)
}

/// Says how a project stands since a day. Earlier standings stay.
pub(crate) async fn say_standing(
    unit: &mut Unit,
    project: &Project,
    status: Status,
    reason: &str,
    since: NaiveDate,
    is_illustrative: bool,
) -> Result<(), Problem> {
    let standing = project.standing.clone().turn(status, reason, since).map_err(|(_, unsaid)| {
        let words: Vec<String> = unsaid.iter().map(ToString::to_string).collect();
        Problem::conflict(words.join(". "), "Correct it and send it again; nothing was saved.")
    })?;
    store::turn(unit, project, &standing).await?;
    store::add_standing(unit, project.id, &standing, is_illustrative).await?;
    let event = ProjectStands { status, since, reason: standing.reason };
    Ok(unit.audit(ground::stream(project.cluster), subject(project.id), &event)?)
}

pub(crate) async fn add_milestone(
    unit: &mut Unit,
    project: &Project,
    title: &str,
    due_on: NaiveDate,
    is_illustrative: bool,
) -> Result<Uuid, Problem> {
    let id = store::add_milestone(unit, project.id, title, due_on, is_illustrative).await?;
    let event =
        MilestoneChanged { milestone: id, title: title.to_owned(), due_on, done_on: None, reason: String::new() };
    unit.audit(ground::stream(project.cluster), subject(project.id), &event)?;
    Ok(id)
}

/// A milestone is reached, once.
pub(crate) async fn reach_milestone(
    unit: &mut Unit,
    project: &Project,
    milestone: Uuid,
    done_on: NaiveDate,
) -> Result<(), Problem> {
    let milestone = open(unit, project, milestone).await?;
    change(unit, project, Milestone { done_on: Some(done_on), ..milestone }, String::new()).await
}

/// A milestone is moved, with why; the first promise stays beside it.
pub(crate) async fn move_milestone(
    unit: &mut Unit,
    project: &Project,
    milestone: Uuid,
    due_on: NaiveDate,
    reason: &str,
) -> Result<(), Problem> {
    let milestone = open(unit, project, milestone).await?;
    let moved = Milestone { due_on, moved_because: reason.to_owned(), ..milestone };
    change(unit, project, moved, reason.to_owned()).await
}

async fn open(unit: &Unit, project: &Project, id: Uuid) -> Result<Milestone, Problem> {
    let milestones = store::milestones(unit, project.id).await?;
    let milestone = milestones.into_iter().find(|one| one.id == id).ok_or_else(Problem::not_found)?;
    if milestone.done_on.is_some() {
        return Err(Problem::conflict("This milestone is reached already", "Open the project again: it shows when."));
    }
    Ok(milestone)
}

async fn change(unit: &mut Unit, project: &Project, milestone: Milestone, reason: String) -> Result<(), Problem> {
    store::save_milestone(unit, &milestone).await?;
    let event = MilestoneChanged {
        milestone: milestone.id,
        title: milestone.title,
        due_on: milestone.due_on,
        done_on: milestone.done_on,
        reason,
    };
    Ok(unit.audit(ground::stream(project.cluster), subject(project.id), &event)?)
}

pub(crate) async fn name_product(unit: &mut Unit, project: &Project, product: Product) -> Result<(), Problem> {
    store::add_product(unit, project.id, &product).await?;
    let event = ProductNamed { name: product.name, owner: product.owner, licence: product.licence };
    Ok(unit.audit(ground::stream(project.cluster), subject(project.id), &event)?)
}

/// What is said of a cycle that is planned.
#[derive(Clone, Debug)]
pub(crate) struct NewCycle {
    pub title: String,
    pub measure: Option<Uuid>,
    pub site: Option<OrganisationId>,
    pub plan: String,
    pub on: NaiveDate,
    pub is_illustrative: bool,
}

pub(crate) async fn plan_cycle(unit: &mut Unit, project: &Project, new: NewCycle) -> Result<Uuid, Problem> {
    let planned = Planned::new(&new.plan, new.on).map_err(refused)?;
    let cycle = StoredCycle {
        id: unit.new_id(),
        title: new.title,
        measure: new.measure,
        site: new.site,
        cycle: Cycle::Planned(planned),
        is_illustrative: new.is_illustrative,
        version: 1,
    };
    store::add_cycle(unit, project.id, &cycle, new.on).await?;
    let event = CycleStepped { cycle: cycle.id, title: &cycle.title, state: &cycle.cycle };
    unit.audit(ground::stream(project.cluster), subject(project.id), &event)?;
    Ok(cycle.id)
}

/// What is said at a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepWords<'a> {
    pub words: &'a str,
    pub on: NaiveDate,
    pub decision: Option<Decision>,
}

/// Takes a cycle's next step. When its change begins to be tried it becomes an event on the charts of its measure, with the link to the cycle.
pub(crate) async fn step_cycle(
    unit: &mut Unit,
    project: &Project,
    cycle: Uuid,
    step: StepWords<'_>,
    link: String,
) -> Result<(), Problem> {
    let StepWords { words, on, decision } = step;
    let stored = store::cycle(unit, project.id, cycle).await?.ok_or_else(Problem::not_found)?;
    let next = stored.cycle.clone().step(words, on, decision).map_err(refused)?;
    store::save_cycle(unit, &stored, &next).await?;
    if let (Some(measure), Cycle::Doing(_)) = (stored.measure, &next) {
        let tried = Event {
            cluster: project.cluster,
            site: stored.site,
            measure: Some(measure),
            on,
            label: stored.title.clone(),
            link: Some(link),
        };
        events::add(unit, &tried).await?;
    }
    let event = CycleStepped { cycle, title: &stored.title, state: &next };
    Ok(unit.audit(ground::stream(project.cluster), subject(project.id), &event)?)
}

fn refused(reason: super::cycles::NoStep) -> Problem {
    Problem::conflict(reason.to_string(), "Correct it and send it again; nothing was saved.")
}

fn subject(project: Uuid) -> String {
    format!("project:{project}")
}
