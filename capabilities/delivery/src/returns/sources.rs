//! What a return takes from elsewhere: the figures of measures, projects with their milestones, signals. It adds no figure of its own and changes none.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use hiec_charts::Unit;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, Problem};
use hiec_store::Reads;
use serde::Serialize;
use uuid::Uuid;

use super::content::{ChartPoint, KpiLine, MilestoneLine, ProjectLine, figure, stored_unit};
use super::quarter::Quarter;
use crate::kpis::rules::{Better, rag};
use crate::kpis::store::Kpi;
use crate::measures::periods::PeriodKind;
use crate::measures::reading::{self, Point};
use crate::measures::rules::{Aim, Definition};
use crate::measures::{series, store as measures_store};
use crate::pathways::store as pathways;
use crate::projects::store as projects;

/// A measure as an indicator names it.
#[derive(Clone, Debug)]
pub struct MeasureSeen {
    pub id: Uuid,
    pub title: String,
    /// Its page.
    pub path: String,
    pub unit: Unit,
    /// Nothing where the measure has no better direction.
    pub better: Option<Better>,
}

/// The measures of a cluster that are in force, by title.
pub async fn measures(reads: &impl Reads, cluster: &ClusterSeen) -> Result<Vec<MeasureSeen>, Problem> {
    let all = measures_store::of_cluster(reads, cluster.id).await?;
    Ok(all
        .into_iter()
        .filter(measures_store::Measure::is_in_force)
        .map(|one| MeasureSeen {
            path: one.path(&cluster.path()),
            unit: one.definition.unit(),
            better: better(one.definition.aim),
            id: one.id,
            title: one.title,
        })
        .collect())
}

fn better(aim: Aim) -> Option<Better> {
    match aim {
        Aim::Up => Some(Better::Higher),
        Aim::Down => Some(Better::Lower),
        Aim::Neither => None,
    }
}

/// An indicator with its figures up to the end of a quarter, and whether they are made up.
pub(crate) async fn kpi_line(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    kpi: &Kpi,
    quarter: Quarter,
    narrative: &str,
) -> Result<(KpiLine, bool), Problem> {
    let measure = measures_store::by_id(reads, kpi.measure).await?;
    let series = reading::overall(reads, kpi.measure, quarter.last_day()).await?;
    let (target, baseline) = (kpi.target_value(), kpi.baseline_value());
    let mut line = KpiLine {
        kpi: kpi.id,
        name: kpi.name.clone(),
        measure: String::new(),
        unit: stored_unit(&Unit::Plain),
        better: kpi.better,
        baseline,
        target,
        weight: kpi.weight,
        value: None,
        shown: String::new(),
        baseline_shown: baseline.map(|value| value.to_string()).unwrap_or_default(),
        target_shown: target.to_string(),
        period: String::new(),
        rag: rag(None, target, baseline, kpi.better),
        variation: None,
        assurance: None,
        trend: "There is no figure yet.".into(),
        reading: String::new(),
        points: Vec::new(),
        narrative: narrative.to_owned(),
        path: String::new(),
    };
    let (Some(measure), Some(series)) = (measure, series) else {
        return Ok((line, false));
    };
    // The contract's target is what the chart is drawn and judged against here, whatever the measure's own may be.
    let definition = Definition { target: Some(target), ..measure.definition.clone() };
    let unit = definition.unit();
    line.measure = measure.title.clone();
    line.path = measure.path(&cluster.path());
    line.unit = stored_unit(&unit);
    line.baseline_shown = baseline.map(|value| figure(&unit, value)).unwrap_or_default();
    line.target_shown = figure(&unit, target);
    if let Some((value, period)) = over(&series.points, &definition, quarter) {
        line.value = Some(value);
        line.shown = figure(&unit, value);
        line.period = period;
        line.rag = rag(Some(value), target, baseline, kpi.better);
    }
    if !series.points.is_empty() {
        let judged = reading::judge(&series, &definition);
        line.variation = judged.variation.map(|icon| icon.key().to_owned());
        line.assurance = judged.assurance.map(|icon| icon.key().to_owned());
        line.trend = judged.words;
        line.reading = judged.chart.summary.clone();
        line.points = judged.chart.points.iter().filter_map(ChartPoint::of).collect();
    }
    Ok((line, measure.is_illustrative))
}

/// The value over a quarter and what it covers. Parts and wholes are added up first; of a count, and of what is counted once a year, the last period
/// that is over by then counts.
fn over(points: &[Point], definition: &Definition, quarter: Quarter) -> Option<(f64, String)> {
    let (from, to) = (quarter.first_day(), quarter.last_day());
    let has_ended = |point: &&Point| definition.period.next(point.period) <= to.succ_opt().unwrap_or(to);
    if definition.period == PeriodKind::Year {
        let oldest = to.checked_sub_months(Months::new(24)).unwrap_or(NaiveDate::MIN);
        let last = points.iter().filter(has_ended).rfind(|point| point.period > oldest)?;
        return Some((last.value, definition.period.name(last.period)));
    }
    let within: Vec<&Point> = points.iter().filter(|point| point.period >= from && point.period <= to).collect();
    let (first, last) = (within.first()?, within.last()?);
    let wholes: Option<Vec<f64>> = within.iter().map(|point| point.denominator).collect();
    match wholes {
        Some(wholes) => {
            let numerator: f64 = within.iter().map(|point| point.numerator).sum();
            let value = definition.value(numerator, Some(wholes.iter().sum()))?;
            Some((value, span(first.period, last.period, definition.period)))
        }
        None => Some((last.value, definition.period.name(last.period))),
    }
}

fn span(first: NaiveDate, last: NaiveDate, period: PeriodKind) -> String {
    if first == last {
        return period.name(first);
    }
    match period {
        PeriodKind::Month if first.year() == last.year() => {
            format!("{} to {}", first.format("%B"), last.format("%B %Y"))
        }
        _ => format!("{} to {}", period.name(first), period.name(last)),
    }
}

/// A cluster's projects with the milestones that lie in a quarter or were due before and are open, and whether any of it is made up.
pub(crate) async fn projects(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    quarter: Quarter,
) -> Result<(Vec<ProjectLine>, bool), Problem> {
    let (from, to) = (quarter.first_day(), quarter.last_day());
    let names: BTreeMap<Uuid, String> =
        pathways::of_cluster(reads, cluster.id).await?.into_iter().map(|one| (one.id, one.name)).collect();
    let mut lines = Vec::new();
    let mut is_illustrative = false;
    for project in projects::of_cluster(reads, cluster.id).await?.into_iter().filter(|one| one.starts_on <= to) {
        let milestones = projects::milestones(reads, project.id).await?;
        is_illustrative |= project.is_illustrative || milestones.iter().any(|one| one.is_illustrative);
        let shown = milestones.into_iter().filter(|one| {
            let is_due = one.due_on <= to;
            let is_open = one.done_on.is_none_or(|done| done > to);
            (is_due && (is_open || one.due_on >= from)) || one.done_on.is_some_and(|done| from <= done && done <= to)
        });
        lines.push(ProjectLine {
            path: project.path(cluster),
            pathway: names.get(&project.pathway).cloned().unwrap_or_default(),
            status: project.standing.status.label().to_owned(),
            reason: project.standing.reason.clone(),
            name: project.name,
            milestones: shown
                .map(|one| MilestoneLine {
                    stands: stands(one.due_on, one.done_on, to),
                    name: one.title,
                    due: one.due_on,
                })
                .collect(),
        });
    }
    Ok((lines, is_illustrative))
}

/// How a milestone stood at the end of a quarter.
fn stands(due: NaiveDate, done: Option<NaiveDate>, to: NaiveDate) -> String {
    match done.filter(|done| *done <= to) {
        Some(done) => format!("Met on {}", hiec_kernel::clock::day_on_page(done)),
        None if due <= to => format!("Not met by {}", hiec_kernel::clock::day_on_page(to)),
        None => "Due".into(),
    }
}

/// How many series of a cluster say what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Signals {
    pub series: i64,
    pub improvement: i64,
    pub concern: i64,
}

/// The signals of a cluster's measures, by site, as they were last judged.
pub(crate) async fn signals(reads: &impl Reads, cluster: ClusterId) -> Result<Signals, Problem> {
    let mut all = Signals::default();
    for tally in series::tallies(reads, cluster).await? {
        all.series += tally.n;
        match tally.variation.as_deref() {
            Some(icon) if icon.starts_with("improvement") => all.improvement += tally.n,
            Some(icon) if icon.starts_with("concern") => all.concern += tally.n,
            _ => {}
        }
    }
    Ok(all)
}
