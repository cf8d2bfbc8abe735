//! What people do with impact plans: write, freeze, amend, find the result, say what it is worth. Nothing is found before the frozen plan's start.

use chrono::NaiveDate;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{ClusterId, Problem};
use hiec_store::{AuditEvent, Reads, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::figures::{self, ALL_SITES, Figure};
use super::plan::Draft;
use super::store::{self, StoredPlan};
use super::worth::{self, Lines};
use crate::ground;
use crate::measures::reading;

/// A plan was written, or its draft changed.
#[derive(Serialize)]
struct PlanWritten<'a> {
    draft: &'a Draft,
}

impl AuditEvent for PlanWritten<'_> {
    const KIND: &'static str = "impact_plan.written";
}

/// A plan was frozen.
#[derive(Serialize)]
struct PlanFrozen<'a> {
    draft: &'a Draft,
    fingerprint: &'a str,
    before_start: bool,
}

impl AuditEvent for PlanFrozen<'_> {
    const KIND: &'static str = "impact_plan.frozen";
}

/// A frozen plan was amended.
#[derive(Serialize)]
struct PlanAmended<'a> {
    words: &'a str,
    reason: &'a str,
}

impl AuditEvent for PlanAmended<'_> {
    const KIND: &'static str = "impact_plan.amended";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// A result was found.
#[derive(Serialize)]
struct ImpactFound<'a> {
    words: &'a str,
    is_told: bool,
    departures: &'a [String],
    figures: String,
}

impl AuditEvent for ImpactFound<'_> {
    const KIND: &'static str = "impact_plan.result";
}

/// It was said what it is worth.
#[derive(Serialize)]
struct WorthSaid<'a> {
    lines: &'a Lines,
    sentence: String,
}

impl AuditEvent for WorthSaid<'_> {
    const KIND: &'static str = "impact_plan.worth";
}

pub(crate) async fn write(
    unit: &mut Unit,
    cluster: ClusterId,
    draft: Draft,
    is_illustrative: bool,
) -> Result<StoredPlan, Problem> {
    let taken: Vec<String> = store::of_cluster(unit, cluster).await?.into_iter().map(|plan| plan.key).collect();
    let plan = StoredPlan {
        id: unit.new_id(),
        cluster,
        key: ground::key_of(&draft.title, &taken),
        draft,
        written_on: london_date(unit.now()),
        frozen: None,
        is_illustrative,
        version: 1,
    };
    store::insert(unit, &plan).await?;
    unit.audit(ground::stream(cluster), subject(plan.id), &PlanWritten { draft: &plan.draft })?;
    Ok(plan)
}

/// Changes a draft. What is frozen stays as it is.
pub(crate) async fn change(unit: &mut Unit, plan: &StoredPlan, draft: &Draft) -> Result<(), Problem> {
    refuse_frozen(plan)?;
    store::save(unit, plan, draft).await?;
    Ok(unit.audit(ground::stream(plan.cluster), subject(plan.id), &PlanWritten { draft })?)
}

fn refuse_frozen(plan: &StoredPlan) -> Result<(), Problem> {
    match &plan.frozen {
        Some(frozen) => Err(Problem::conflict(
            format!("This plan was frozen on {} and does not change any more", day_on_page(frozen.plan.on)),
            "Amend it, with the reason: the amendment stands beside it. Or write another plan.",
        )),
        None => Ok(()),
    }
}

/// Freezes a plan as it stands.
pub(crate) async fn freeze(unit: &mut Unit, plan: &StoredPlan) -> Result<(), Problem> {
    refuse_frozen(plan)?;
    let frozen = plan.draft.clone().freeze(plan.written_on, london_date(unit.now())).map_err(|lacks| {
        Problem::conflict(format!("The plan has holes: {}", lacks.join(". ")), "Change the draft, then freeze it.")
    })?;
    store::freeze(unit, plan, &frozen).await?;
    let event =
        PlanFrozen { draft: &frozen.draft, fingerprint: &frozen.fingerprint, before_start: frozen.is_before_start() };
    Ok(unit.audit(ground::stream(plan.cluster), subject(plan.id), &event)?)
}

/// Adds to a frozen plan, with the reason; the plan itself stays.
pub(crate) async fn amend(unit: &mut Unit, plan: &StoredPlan, words: &str, reason: &str) -> Result<(), Problem> {
    if plan.frozen.is_none() {
        return Err(Problem::conflict("This plan is a draft still", "Change the draft: nothing needs amending yet."));
    }
    store::add_amendment(unit, plan.id, words, reason).await?;
    Ok(unit.audit(ground::stream(plan.cluster), subject(plan.id), &PlanAmended { words, reason })?)
}

/// The figures of a plan's measure up to a day, of the sites it names; of all together where it names them so.
pub(crate) async fn measured(
    reads: &impl Reads,
    draft: &Draft,
    measure: Uuid,
    until: NaiveDate,
) -> Result<Vec<Figure>, Problem> {
    let mut series = reading::by_site(reads, measure, until).await?;
    series.extend(reading::overall(reads, measure, until).await?);
    let named = |unit: &String| draft.treated.contains(unit) || draft.comparators.contains(unit);
    Ok(series
        .into_iter()
        .map(|one| (one.site.map_or_else(|| ALL_SITES.to_owned(), |site| site.name), one.points))
        .filter(|(unit, _)| named(unit))
        .flat_map(|(unit, points)| {
            points.into_iter().map(move |point| Figure { unit: unit.clone(), period: point.period, value: point.value })
        })
        .collect())
}

/// Finds what the frozen plan's design says of the figures. Refused before the plan's start, and without a frozen plan.
pub(crate) async fn find(
    unit: &mut Unit,
    plan: &StoredPlan,
    figures: &[Figure],
    is_illustrative: bool,
) -> Result<(), Problem> {
    let frozen = plan.frozen.as_ref().ok_or_else(|| {
        Problem::conflict("This plan is a draft still", "Freeze it first: a result is held against what was planned.")
    })?;
    let start = frozen.plan.draft.start;
    if london_date(unit.now()) < start {
        return Err(Problem::conflict(
            format!("It begins on {}: there is no result before that day", day_on_page(start)),
            "Come back when there are figures from after the start.",
        ));
    }
    let found = figures::find(&frozen.plan, figures)
        .map_err(|reason| Problem::conflict(reason, "Correct the figures and send them again; nothing was saved."))?;
    let table = figures::written(figures);
    store::add_result(unit, plan.id, &found, &table, is_illustrative).await?;
    let event = ImpactFound {
        words: &found.words,
        is_told: found.is_told,
        departures: &found.departures,
        figures: hiec_kernel::Fingerprint::of_bytes(table.as_bytes()).as_str().to_owned(),
    };
    Ok(unit.audit(ground::stream(plan.cluster), subject(plan.id), &event)?)
}

/// Says what it is worth; what was said before stays.
pub(crate) async fn say_worth(
    unit: &mut Unit,
    plan: &StoredPlan,
    lines: &Lines,
    is_illustrative: bool,
) -> Result<(), Problem> {
    let worked = worth::worked(&plan.says().title, lines, london_date(unit.now()))
        .map_err(|wrong| Problem::conflict(wrong.join(". "), "Correct the lines and send them again."))?;
    store::add_worth(unit, plan.id, lines, is_illustrative).await?;
    let event = WorthSaid { lines, sentence: worked.answer.sentence() };
    Ok(unit.audit(ground::stream(plan.cluster), subject(plan.id), &event)?)
}

fn subject(plan: Uuid) -> String {
    format!("impact_plan:{plan}")
}
