//! Figures come in: what a batch would change, and storing all of it in one unit or nothing; the same for form, file and program. A figure that another takes the place of is kept beside it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_files::table::RowError;
use hiec_kernel::{ClusterId, OrganisationId, Problem};
use hiec_store::{AuditEvent, Reads, StoreError, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::events::stream;
use super::judging::in_short;
use super::packed::Observation;
use super::rebasing;
use super::rules::{Part, usual};
use super::series::{self, Replaced, Stored};
use super::store::{self, Entry, Measure};

/// One figure on its way in. Measure and site are places in its [`Batch`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Incoming {
    pub measure: u32,
    pub site: u32,
    pub period: NaiveDate,
    pub numerator: f64,
    pub denominator: Option<f64>,
    /// The figure is taken away; its numbers count for nothing.
    pub is_removed: bool,
    /// Where it stood in the file, from 1; the row of a form.
    pub line: u32,
}

impl Incoming {
    /// Whether what is stored stays as it is.
    fn leaves(&self, stored: &Observation) -> bool {
        let figures = Observation { numerator: self.numerator, denominator: self.denominator, ..*stored };
        !self.is_removed && figures.has_same_figures(stored)
    }
}

/// Figures that come together.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Batch {
    pub measures: Vec<Measure>,
    pub sites: Vec<OrganisationId>,
    pub values: Vec<Incoming>,
}

/// A value outside the limits of its own series.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Jump {
    pub line: u32,
    #[serde(skip)]
    pub measure: u32,
    #[serde(skip)]
    pub site: u32,
    pub period: NaiveDate,
    /// What is unusual about it.
    pub words: String,
}

/// What a batch would change. Nothing has been done yet.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    changes: Vec<Change>,
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub removed: usize,
    pub jumps: Vec<Jump>,
    /// In order of lines. While there is one, nothing is stored.
    pub faults: Vec<RowError>,
}

/// What changes in one measure.
#[derive(Debug)]
struct Change {
    measure: Measure,
    series: Vec<Stored>,
    replaced: Vec<Replaced>,
    total: Vec<Observation>,
}

/// The place of an entry's number until it is known.
const THIS_ENTRY: i64 = 0;

/// Compares figures with what is stored.
pub(crate) async fn plan(reads: &impl Reads, mut batch: Batch, today: NaiveDate) -> Result<Plan, StoreError> {
    let mut plan = Plan::default();
    batch.values.sort_by_key(|one| (one.measure, one.site, one.period, one.line));
    for values in batch.values.chunk_by(|one, other| one.measure == other.measure) {
        let Some(measure) = values.first().and_then(|one| batch.measures.get(place(one.measure))) else { continue };
        let stored = series::of_measure(reads, measure.id).await?;
        let rebases = rebasing::of_measure(reads, measure.id).await?;
        let mut before: BTreeMap<OrganisationId, Stored> = stored.into_iter().map(|one| (one.site, one)).collect();
        let mut change =
            Change { measure: measure.clone(), series: Vec::new(), replaced: Vec::new(), total: Vec::new() };
        for of_site in values.chunk_by(|one, other| one.site == other.site) {
            let Some(site) = of_site.first().and_then(|one| batch.sites.get(place(one.site))) else { continue };
            let old = before.remove(site).unwrap_or_else(|| Stored {
                id: Uuid::nil(),
                measure: measure.id,
                site: *site,
                observations: Vec::new(),
            });
            let since = rebases.get(site).and_then(|rebases| rebases.last()).map(|(day, _)| *day);
            let merge = Merge { measure, since, today };
            match merge.run(&mut plan, &mut change.replaced, &old, of_site) {
                Some(observations) => change.series.push(Stored { observations, ..old }),
                None => {
                    before.insert(*site, old);
                }
            }
        }
        change.total = total(before.values().chain(&change.series));
        if !change.series.is_empty() {
            plan.changes.push(change);
        }
    }
    plan.faults.sort();
    plan.jumps.sort_by_key(|jump| jump.line);
    Ok(plan)
}

/// The figures of all sites by period; in the place of the entry stands how many sites they are of.
fn total<'a>(series: impl Iterator<Item = &'a Stored>) -> Vec<Observation> {
    let mut sums: BTreeMap<NaiveDate, Observation> = BTreeMap::new();
    for one in series.flat_map(|series| &series.observations) {
        sums.entry(one.period)
            .and_modify(|sum| {
                sum.numerator += one.numerator;
                sum.denominator = sum.denominator.zip(one.denominator).map(|(sum, more)| sum + more);
                sum.entry += 1;
            })
            .or_insert(Observation { entry: 1, is_confirmed: false, ..*one });
    }
    sums.into_values().collect()
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Merges what comes for one series into what it has.
struct Merge<'a> {
    measure: &'a Measure,
    /// The day of its last new limits.
    since: Option<NaiveDate>,
    today: NaiveDate,
}

impl Merge<'_> {
    /// What the series would hold; nothing where nothing changes. `values` are in order of period.
    fn run(
        &self,
        plan: &mut Plan,
        replaced: &mut Vec<Replaced>,
        old: &Stored,
        values: &[Incoming],
    ) -> Option<Vec<Observation>> {
        let usual = self.usual(old, values);
        let mut observations = Vec::with_capacity(old.observations.len() + values.len());
        let mut kept = old.observations.iter().copied().peekable();
        let mut is_changed = false;
        let mut previous: Option<&Incoming> = None;
        for one in values {
            if let Some(previous) = previous.filter(|previous| previous.period == one.period) {
                plan.faults.push(RowError::new(
                    u64::from(one.line),
                    None,
                    format!(
                        "This site, measure and period stand on line {} already. Keep one of the two.",
                        previous.line
                    ),
                ));
                continue;
            }
            previous = Some(one);
            if !one.is_removed
                && let Some((part, words)) =
                    self.measure.definition.faults(one.period, one.numerator, one.denominator, self.today)
            {
                plan.faults.push(RowError::new(u64::from(one.line), Some(column(part)), words));
                continue;
            }
            while let Some(earlier) = kept.next_if(|kept| kept.period < one.period) {
                observations.push(earlier);
            }
            let before = kept.next_if(|kept| kept.period == one.period);
            let mut new = Observation {
                period: one.period,
                numerator: one.numerator,
                denominator: one.denominator,
                entry: THIS_ENTRY,
                is_confirmed: false,
            };
            match before {
                Some(before) if one.is_removed => {
                    replaced.push(Replaced { series: old.id, period: one.period, before, after: None });
                    plan.removed += 1;
                    is_changed = true;
                    continue;
                }
                None if one.is_removed => {
                    plan.unchanged += 1;
                    continue;
                }
                Some(before) if before.has_same_figures(&new) => {
                    observations.push(before);
                    plan.unchanged += 1;
                    continue;
                }
                Some(_) => plan.changed += 1,
                None => plan.added += 1,
            }
            let value = self.measure.definition.value_of(&new);
            if let Some((usual, value)) = usual.as_ref().zip(value).filter(|(usual, value)| !usual.contains(value)) {
                new.is_confirmed = true;
                let definition = &self.measure.definition;
                plan.jumps.push(Jump {
                    line: one.line,
                    measure: one.measure,
                    site: one.site,
                    period: one.period,
                    words: format!(
                        "{} is unusual here: by the figures before, between {} and {} was to be expected",
                        definition.words(rounded(value)),
                        definition.words(rounded(*usual.start())),
                        definition.words(rounded(*usual.end()))
                    ),
                });
            }
            if let Some(before) = before {
                replaced.push(Replaced { series: old.id, period: one.period, before, after: Some(new) });
            }
            observations.push(new);
            is_changed = true;
        }
        observations.extend(kept);
        is_changed.then_some(observations)
    }

    /// Between which values new ones are expected, by those that stay.
    fn usual(&self, old: &Stored, values: &[Incoming]) -> Option<std::ops::RangeInclusive<f64>> {
        let earlier: Vec<f64> = old
            .observations
            .iter()
            .filter(|one| self.since.is_none_or(|since| one.period >= since))
            .filter(|one| {
                let sent = values.binary_search_by_key(&one.period, |value| value.period);
                sent.ok().and_then(|place| values.get(place)).is_none_or(|sent| sent.leaves(one))
            })
            .filter_map(|one| self.measure.definition.value_of(one))
            .collect();
        usual(&earlier)
    }
}

fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

pub(crate) fn column(part: Part) -> &'static str {
    match part {
        Part::Period => "period",
        Part::Numerator => "numerator",
        Part::Denominator => "denominator",
    }
}

/// How figures came, and what whoever brought them said.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Coming {
    /// `form`, `file` or `program`.
    pub kind: &'static str,
    /// The file's name, or where the figures are from.
    pub source: String,
    pub sha256: Option<String>,
    /// Why figures change that were there before.
    pub reason: String,
    /// Whether values outside their series' limits were looked at and hold.
    pub is_confirmed: bool,
}

/// Figures were entered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct FiguresEntered {
    pub entry: i64,
    kind: &'static str,
    source: String,
    sha256: Option<String>,
    measures: Vec<String>,
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    pub unchanged: usize,
    confirmed_jumps: usize,
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
}

impl AuditEvent for FiguresEntered {
    const KIND: &'static str = "figures.entered";

    fn reason(&self) -> Option<&str> {
        Some(self.reason.as_str()).filter(|reason| !reason.is_empty())
    }
}

/// Why a plan is not carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum NotTaken {
    Faults(usize),
    /// Values lie outside the limits of their series, and nobody confirmed them.
    Unconfirmed(usize),
    /// Figures would change, and nobody said why.
    NoReason(usize),
}

impl Plan {
    /// Whether it may be carried out as it comes.
    pub(crate) fn check(&self, coming: &Coming) -> Result<(), NotTaken> {
        match (self.faults.len(), self.jumps.len(), self.changed + self.removed) {
            (faults, _, _) if faults > 0 => Err(NotTaken::Faults(faults)),
            (_, jumps, _) if jumps > 0 && !coming.is_confirmed => Err(NotTaken::Unconfirmed(jumps)),
            (_, _, changes) if changes > 0 && coming.reason.trim().is_empty() => Err(NotTaken::NoReason(changes)),
            _ => Ok(()),
        }
    }
}

impl From<NotTaken> for Problem {
    fn from(refusal: NotTaken) -> Self {
        match refusal {
            NotTaken::Faults(faults) => Self::invalid(
                format!("{faults} of the lines need correcting, so nothing was stored"),
                "Correct them and send all of it again.",
            ),
            NotTaken::Unconfirmed(jumps) => Self::conflict(
                format!("{jumps} of the values lie outside the limits of their own series, so nothing was stored"),
                "Look at them, and send all of it again with your confirmation that they hold.",
            ),
            NotTaken::NoReason(changes) => Self::invalid(
                format!("{changes} figures that are stored already would change, so nothing was stored"),
                "Say why they change, and send all of it again.",
            ),
        }
    }
}

/// Stores a plan made in the same unit, after [`store::next_entry`] was taken there. The caller commits.
pub(crate) async fn carry_out(
    unit: &mut Unit,
    cluster: ClusterId,
    entry: i64,
    plan: Plan,
    coming: Coming,
) -> Result<FiguresEntered, Problem> {
    plan.check(&coming)?;
    let event = FiguresEntered {
        entry,
        kind: coming.kind,
        source: coming.source.clone(),
        sha256: coming.sha256.clone(),
        measures: plan.changes.iter().map(|change| change.measure.key.clone()).collect(),
        added: plan.added,
        changed: plan.changed,
        removed: plan.removed,
        unchanged: plan.unchanged,
        confirmed_jumps: plan.jumps.len(),
        reason: coming.reason.trim().to_owned(),
    };
    if event.added + event.changed + event.removed == 0 {
        return Ok(event);
    }
    for mut change in plan.changes {
        for series in &mut change.series {
            if series.id.is_nil() {
                series.id = unit.new_id();
            }
            for one in series.observations.iter_mut().filter(|one| one.entry == THIS_ENTRY) {
                one.entry = entry;
            }
        }
        for one in change.replaced.iter_mut().filter_map(|one| one.after.as_mut()) {
            one.entry = entry;
        }
        series::save(unit, &change.series).await?;
        series::insert_replaced(unit, &change.replaced, &event.reason).await?;
        series::save_total(unit, change.measure.id, &change.total).await?;
        judge_these(unit, &change.measure, &change.series).await?;
    }
    let stored = Entry {
        number: entry,
        kind: coming.kind.to_owned(),
        actor: unit.actor().key(),
        at: unit.now(),
        source: coming.source,
        sha256: coming.sha256,
        added: i64::try_from(event.added).unwrap_or(i64::MAX),
        changed: i64::try_from(event.changed + event.removed).unwrap_or(i64::MAX),
        reason: event.reason.clone(),
    };
    store::insert_entry(unit, cluster, &stored).await?;
    unit.audit(stream(cluster), format!("entry:{entry}"), &event)?;
    Ok(event)
}

/// Judges series of a measure and keeps what their charts say.
pub(crate) async fn judge_these(unit: &Unit, measure: &Measure, series: &[Stored]) -> Result<(), StoreError> {
    let rebases = rebasing::of_measure(unit, measure.id).await?;
    let judgements: Vec<_> = series
        .iter()
        .map(|one| {
            let days: Vec<NaiveDate> = rebases.get(&one.site).into_iter().flatten().map(|(day, _)| *day).collect();
            in_short(one, &measure.definition, &days)
        })
        .collect();
    series::save_judgements(unit, measure.cluster, measure.id, &judgements).await
}

/// Judges all series of a measure again: its definition, or limits, are others.
pub(crate) async fn judge_anew(unit: &Unit, measure: &Measure) -> Result<(), StoreError> {
    let series = series::of_measure(unit, measure.id).await?;
    judge_these(unit, measure, &series).await
}
