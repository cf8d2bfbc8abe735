//! Measures and their figures as everything else of the cluster's work reads them: indicators, returns, impact, board papers. It shows whole figures; who may see which is for whoever shows them to decide (see `sight`).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId};
use hiec_store::{Reads, StoreError, organisations};
use serde::Serialize;
use uuid::Uuid;

use super::events;
use super::packed::Observation;
use super::periods::PeriodKind;
use super::rebasing;
use super::rules::{Aim, Definition};
use super::series;
use super::store;

pub use super::judging::{Judged, judge};
pub use super::rules::{MeasureKind, SmallNumbers};
pub use super::store::Measure;

/// A measure in force, in a line.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MeasureLine {
    pub id: Uuid,
    pub key: String,
    pub title: String,
    /// What values are counted in: `%`, `minutes`; may be empty.
    pub unit: String,
    pub aim: Aim,
    /// As values are written.
    pub target: Option<f64>,
    pub period: PeriodKind,
    /// From the cluster's own path on: `/measures/niv-three-hours`.
    pub path: String,
}

/// A site as a series names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Site {
    pub id: OrganisationId,
    pub name: String,
}

/// A measure at a site, or of all sites together.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Series {
    /// Nothing for all sites together.
    pub site: Option<Site>,
    /// In order of period; those without a case are left out.
    pub points: Vec<Point>,
    /// Periods whose figures are hidden because they are small.
    pub hidden: Vec<NaiveDate>,
    /// Days new limits were accepted from, and why.
    pub rebases: Vec<(NaiveDate, String)>,
    pub events: Vec<(NaiveDate, String)>,
}

/// One period's figure.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Point {
    pub period: NaiveDate,
    pub numerator: f64,
    pub denominator: Option<f64>,
    pub value: f64,
}

/// The measures of a cluster that are in force, by title.
pub async fn measures_of(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<MeasureLine>, StoreError> {
    let measures = store::of_cluster(reads, cluster).await?;
    Ok(measures.into_iter().filter(Measure::is_in_force).map(|measure| line(&measure)).collect())
}

fn line(measure: &Measure) -> MeasureLine {
    let definition = &measure.definition;
    MeasureLine {
        id: measure.id,
        key: measure.key.clone(),
        title: measure.title.clone(),
        unit: match definition.kind {
            MeasureKind::Proportion => "%".to_owned(),
            _ => definition.unit.clone(),
        },
        aim: definition.aim,
        target: definition.target,
        period: definition.period,
        path: format!("/measures/{}", measure.key),
    }
}

/// The definition of a measure, in force or first proposed.
pub async fn definition(reads: &impl Reads, measure: Uuid) -> Result<Option<Definition>, StoreError> {
    Ok(store::by_id(reads, measure).await?.map(|measure| measure.definition))
}

/// The figures of all sites together, up to the period that begins on this day or before it; nothing for a measure nobody knows.
pub async fn overall(reads: &impl Reads, measure: Uuid, until: NaiveDate) -> Result<Option<Series>, StoreError> {
    let Some(measure) = store::by_id(reads, measure).await? else { return Ok(None) };
    let total = series::total(reads, measure.id).await?;
    let rebases = rebasing::accepted(reads, measure.id, None).await?;
    let events = events::of(reads, measure.cluster, measure.id, None).await?;
    Ok(Some(Series { points: points(&measure.definition, &total, until), rebases, events, ..Series::default() }))
}

/// Every site's figures, by name, up to the period that begins on this day or before it.
pub async fn by_site(reads: &impl Reads, measure: Uuid, until: NaiveDate) -> Result<Vec<Series>, StoreError> {
    let Some(measure) = store::by_id(reads, measure).await? else { return Ok(Vec::new()) };
    let stored = series::of_measure(reads, measure.id).await?;
    let names = names(reads, stored.iter().map(|one| one.site)).await?;
    let mut rebases = rebasing::of_measure(reads, measure.id).await?;
    let events = events::of_measure(reads, measure.cluster, measure.id).await?;
    let mut found: Vec<Series> = stored
        .into_iter()
        .map(|one| Series {
            points: points(&measure.definition, &one.observations, until),
            rebases: rebases.remove(&one.site).unwrap_or_default(),
            events: events.iter().filter(|event| event.is_for(one.site)).map(events::Event::on_chart).collect(),
            site: Some(Site { id: one.site, name: names.get(&one.site).cloned().unwrap_or_default() }),
            hidden: Vec::new(),
        })
        .collect();
    found.sort_by(|one, other| {
        one.site.as_ref().map(|site| &site.name).cmp(&other.site.as_ref().map(|site| &site.name))
    });
    Ok(found)
}

pub(crate) fn points(definition: &Definition, observations: &[Observation], until: NaiveDate) -> Vec<Point> {
    observations
        .iter()
        .filter(|one| one.period <= until)
        .filter_map(|one| {
            let value = definition.value_of(one)?;
            Some(Point { period: one.period, numerator: one.numerator, denominator: one.denominator, value })
        })
        .collect()
}

/// What organisations are called.
pub(crate) async fn names(
    reads: &impl Reads,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> Result<BTreeMap<OrganisationId, String>, StoreError> {
    let ids: Vec<OrganisationId> = ids.into_iter().collect();
    let found = organisations::by_ids(reads, &ids).await?;
    Ok(found.into_iter().map(|one| (one.id, one.name)).collect())
}
