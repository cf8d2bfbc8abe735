//! What a series says: its chart with limits, rules and icons, and the short form that tables of icons keep. All judgement is the engine's.

use chrono::{Months, NaiveDate};
use hiec_charts::{ControlChart, Heading, with_gaps};
use hiec_spc::xmr::{Assurance, Chart, Observation, Variation};

use super::counting::{self, Counted};
use super::packed::Observation as Packed;
use super::reading::{Point, Series};
use super::rules::{ChartKind, Definition};
use super::series::{Judgement, Stored};

/// A series with its chart.
#[derive(Clone, Debug)]
pub struct Judged {
    pub chart: ControlChart,
    /// Limits, rules and workings; nothing for a run chart.
    pub found: Option<Chart>,
    /// How middle line and limits came about, where they come from what is counted.
    pub workings: Vec<String>,
    pub variation: Option<Variation>,
    pub assurance: Option<Assurance>,
    /// What the chart says, in a line: `Variation: common cause, no change to be seen.`
    pub words: String,
    /// The last value with its period.
    pub last: Option<Point>,
    /// Too short for limits, and so drawn as a run chart that says so.
    pub is_short: bool,
}

/// Draws and judges a series.
pub fn judge(series: &Series, definition: &Definition) -> Judged {
    let mut rows: Vec<Observation> =
        series.points.iter().map(|point| Observation::new(point.period, point.value)).collect();
    rows.extend(series.hidden.iter().copied().map(Observation::gap));
    rows.sort_by_key(|row| row.date);
    with_gaps(&mut rows);
    let options = definition.options(series.rebases.iter().map(|(day, _)| *day).collect());
    let heading = heading(series, definition);
    let drawn = match definition.chart {
        // Too few values for limits are a run chart, whatever kind was chosen.
        kind if kind.of_counts().is_some() && series.points.len() >= hiec_charts::FEWEST => {
            return judge_counts(series, definition, &rows, heading);
        }
        ChartKind::Run => {
            let reading =
                format!("{} points about their median; a run chart by the measure's definition.", series.points.len());
            Ok((ControlChart::of_run(&rows, &options, heading.clone(), reading), None))
        }
        _ => ControlChart::of_series(&rows, &options, heading.clone()),
    };
    let (chart, found) = drawn.unwrap_or_else(|refusal| {
        (ControlChart::of_run(&rows, &options, heading, format!("No limits can be drawn: {refusal}.")), None)
    });
    let (variation, assurance) = (chart.variation, chart.assurance);
    let words = match variation {
        Some(icon) => hiec_charts::variation_words(icon).to_owned(),
        None => chart.reading.clone(),
    };
    let is_short = found.is_none() && definition.chart.has_limits();
    let last = series.points.last().copied();
    Judged { variation, assurance, words, last, is_short, found, chart, workings: Vec::new() }
}

/// A chart with limits by what is counted. The rows say where its gaps are.
fn judge_counts(series: &Series, definition: &Definition, rows: &[Observation], heading: Heading) -> Judged {
    let figure = |day: NaiveDate| series.points.iter().find(|point| point.period == day);
    let counted: Vec<Counted> =
        rows.iter().map(|row| (row.date, figure(row.date).map(|point| (point.numerator, point.denominator)))).collect();
    let rebases: Vec<NaiveDate> = series.rebases.iter().map(|(day, _)| *day).collect();
    let last = series.points.last().copied();
    let kind = definition.chart.of_counts().unwrap_or(hiec_spc::limits::Kind::Individuals);
    match counting::found(kind, &counted, definition, &rebases) {
        Ok(found) => {
            let said = counting::said(&found, &counted, definition);
            let chart = counting::drawn(&found, &said, &counted, definition, (heading, &rebases));
            let words = said
                .variation
                .map_or_else(|| chart.reading.clone(), |icon| hiec_charts::variation_words(icon).to_owned());
            let (variation, assurance) = (said.variation, said.assurance);
            let workings = counting::workings(&found, &counted, definition);
            Judged { chart, found: None, workings, variation, assurance, words, last, is_short: false }
        }
        Err(refusal) => {
            let reading = format!("No limits can be drawn: {refusal}.");
            let chart = ControlChart::of_run(rows, &definition.options(rebases), heading, reading);
            let words = chart.reading.clone();
            Judged {
                chart,
                found: None,
                workings: Vec::new(),
                variation: None,
                assurance: None,
                words,
                last,
                is_short: true,
            }
        }
    }
}

fn heading(series: &Series, definition: &Definition) -> Heading {
    let name = series.site.as_ref().map_or("All sites together", |site| site.name.as_str());
    let unit = match definition.unit() {
        hiec_charts::Unit::Of(unit) => format!(", in {unit}"),
        _ => String::new(),
    };
    Heading {
        id: series.site.as_ref().map_or_else(|| "all".to_owned(), |site| format!("s{}", site.id.0.simple())),
        title: format!("{}: {name}", definition.title),
        subtitle: format!("{}{unit}", capital(definition.period.how_often())),
        source: if definition.source.is_empty() { String::new() } else { format!("Source: {}", definition.source) },
        unit: definition.unit(),
        events: series.rebases.iter().chain(&series.events).cloned().collect(),
    }
}

pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The short form of what the chart of a stored series says. `rebases` are the days new limits were accepted for.
pub(crate) fn in_short(stored: &Stored, definition: &Definition, rebases: &[NaiveDate]) -> Judgement {
    let rows: Vec<Observation> = stored
        .observations
        .iter()
        .filter_map(|one| definition.value_of(one).map(|value| Observation::new(one.period, value)))
        .collect();
    let (variation, assurance, why) = if rows.len() < hiec_charts::FEWEST {
        (None, None, String::new())
    } else {
        last_says(stored, definition, &rows, rebases)
    };
    Judgement {
        series: stored.id,
        measure: stored.measure,
        site: stored.site,
        points: rows.len(),
        last: stored.observations.last().copied(),
        recent: recent(&stored.observations, definition),
        variation: variation.map(|icon| icon.key().to_owned()),
        assurance: assurance.map(|icon| icon.icon().to_owned()),
        why,
    }
}

/// What the last point says, whether the target can be met, and why it is flagged.
fn last_says(
    stored: &Stored,
    definition: &Definition,
    rows: &[Observation],
    rebases: &[NaiveDate],
) -> (Option<Variation>, Option<Assurance>, String) {
    match definition.chart.of_counts() {
        Some(kind) => {
            let counted: Vec<Counted> =
                stored.observations.iter().map(|one| (one.period, Some((one.numerator, one.denominator)))).collect();
            let found = counting::found(kind, &counted, definition, rebases).ok();
            let said = found.map(|found| counting::said(&found, &counted, definition));
            said.map_or((None, None, String::new()), |said| (said.variation, said.assurance, said.why))
        }
        None if definition.chart == ChartKind::Run => (None, None, String::new()),
        None => {
            let found = Chart::draw(rows, &definition.options(rebases.to_vec())).ok();
            let why = found.as_ref().map(why_last).unwrap_or_default();
            let icons = found.map_or((None, None), |chart| (chart.variation, chart.assurance));
            (icons.0, icons.1, why)
        }
    }
}

/// The sums of the year that ends with the last period.
fn recent(observations: &[Packed], definition: &Definition) -> Option<Packed> {
    let last = observations.last()?;
    let since = definition.period.next(last.period) - Months::new(12);
    let mut year = observations.iter().filter(|one| one.period >= since);
    let first = year.next()?;
    Some(year.fold(Packed { entry: 1, is_confirmed: false, ..*first }, |sum, one| Packed {
        numerator: sum.numerator + one.numerator,
        denominator: sum.denominator.zip(one.denominator).map(|(sum, more)| sum + more),
        entry: sum.entry + 1,
        ..sum
    }))
}

/// Why the last point is flagged, in words; empty for common cause.
fn why_last(chart: &Chart) -> String {
    let Some(place) = chart.points.iter().rposition(|point| point.mark.is_some()) else { return String::new() };
    chart.flags(place).into_iter().map(|flag| flag.words).collect::<Vec<_>>().join("; ")
}

/// The icon of this name.
pub fn variation_of(key: &str) -> Option<Variation> {
    [
        Variation::CommonCause,
        Variation::ImprovementHigh,
        Variation::ImprovementLow,
        Variation::ConcernHigh,
        Variation::ConcernLow,
        Variation::NeutralHigh,
        Variation::NeutralLow,
    ]
    .into_iter()
    .find(|icon| icon.key() == key)
}

/// The icon of this name.
pub fn assurance_of(name: &str) -> Option<Assurance> {
    [Assurance::Pass, Assurance::Fail, Assurance::Inconsistent].into_iter().find(|icon| icon.icon() == name)
}
