//! A whole table as a book of charts: what was guessed, what was found, each series with its verdict. It holds everything
//! that is written, and writes nothing.

use std::collections::HashSet;

use chrono::NaiveDate;
use hiec_charts::{Alarms, ControlChart, FEWEST, Unit};
use hiec_spc::xmr::{Assurance, Chart, Direction, PointKind, Variation};
use serde::Serialize;

use crate::judging::{Manner, judge};
use crate::order::Order;
use crate::reading::{Columns, Fault, Measure, Refusal, Rows, Table, Tally, choose, gather};

/// All charts of a table.
#[derive(Clone, Debug)]
pub struct Book {
    /// What the charts are of.
    pub title: String,
    /// What was guessed, each with the flag that says it.
    pub guesses: Vec<String>,
    /// What somebody should know about the table: encoding, gaps, sums.
    pub notes: Vec<String>,
    /// Rows that are in no chart.
    pub faults: Vec<Fault>,
    /// Rows of the table that are in some chart.
    pub rows: usize,
    /// What deserves attention first.
    pub series: Vec<Series>,
    /// Of series that still report.
    pub alarms: Alarms,
    /// Names of the columns that name a series.
    pub by: Vec<String>,
    pub direction: Direction,
    pub source: String,
}

/// One series.
#[derive(Clone, Debug)]
pub struct Series {
    pub key: Vec<String>,
    pub name: String,
    /// Safe and unique: the beginning of its files' names.
    pub file: String,
    pub chart: ControlChart,
    pub verdict: Verdict,
    /// Nothing for a run chart.
    pub found: Option<Chart>,
    /// Numerators and denominators beside the chart's points; empty where values were given.
    pub(crate) parts: Vec<(Option<f64>, Option<f64>)>,
}

/// What one series says, for tables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    pub points: usize,
    pub gaps: usize,
    pub first: Option<NaiveDate>,
    pub last: Option<NaiveDate>,
    pub last_value: Option<f64>,
    pub mean: Option<f64>,
    pub lower_limit: Option<f64>,
    pub upper_limit: Option<f64>,
    pub target: Option<f64>,
    /// `concern_low` and so on; nothing for a run chart.
    pub variation: Option<&'static str>,
    /// `pass`, `fail`, `inconsistent`; nothing without target, direction or limits.
    pub assurance: Option<&'static str>,
    /// What to make of it, in sentences.
    pub explanation: String,
    /// Why the last point is flagged: the rules it breaks, in words; empty for common cause.
    pub signal: String,
    /// Whether the series stops before the table does.
    pub has_ended: bool,
}

impl Book {
    /// Reads a table and draws its series.
    ///
    /// # Errors
    /// [`Refusal`], in words with what to do next.
    pub fn read(bytes: &[u8], order: &Order) -> Result<Self, Refusal> {
        let table = Table::read(bytes)?;
        let columns = choose(&table, order)?;
        let gathered = gather(&table, &columns, order)?;
        let mut notes = table.findings.clone();
        let manner = manner(&table, &columns, order, &gathered.tally, &gathered.series, &mut notes)?;
        notes.extend(told(&gathered.tally, order, &table, &columns));
        if order.improve.is_none() {
            notes.push("no --improve up or down: high and low are shown without judging them".to_owned());
        }
        let mut files = HashSet::new();
        let newest = gathered.series.iter().filter_map(last_day).max();
        let mut series = Vec::with_capacity(gathered.series.len());
        let mut absent = 0;
        for rows in &gathered.series {
            let name = name(rows, &table, &columns);
            let file = file_name(&name, &mut files);
            let title =
                if name.is_empty() { order.title.clone().unwrap_or(manner.measure.clone()) } else { name.clone() };
            let judged = judge(&file, &title, &rows.amounts, order, &manner)?;
            absent += judged.absent;
            series.push(Series::new(rows, name, file, judged, newest));
        }
        if absent > 0 {
            notes.push(format!("{absent} periods have no row in a series that is otherwise regular: shown as gaps"));
        }
        series.sort_by_cached_key(|one| (one.attention(), one.name.to_lowercase()));
        let alarms = Alarms::over(series.iter().filter(|one| !one.verdict.has_ended).filter_map(|one| {
            one.verdict.variation.map(|icon| (one.verdict.points, icon != Variation::CommonCause.key()))
        }));
        Ok(Self {
            title: order.title.clone().unwrap_or(manner.measure),
            guesses: columns.guesses.clone(),
            notes,
            faults: sorted(gathered.faults),
            rows: gathered.tally.used,
            series,
            alarms,
            by: columns.by.iter().map(|at| table.columns[*at].clone()).collect(),
            direction: order.improve.unwrap_or(Direction::Neutral),
            source: order.source.clone().unwrap_or_default(),
        })
    }
}

fn sorted(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_key(|fault| fault.line);
    faults
}

fn last_day(rows: &Rows) -> Option<NaiveDate> {
    rows.amounts.iter().rev().find(|(_, amount)| amount.value.is_some()).map(|(day, _)| *day)
}

/// Unit, target and name of the measure.
fn manner(
    table: &Table,
    columns: &Columns,
    order: &Order,
    tally: &Tally,
    series: &[Rows],
    notes: &mut Vec<String>,
) -> Result<Manner, Refusal> {
    let name = |at: usize| table.columns[at].clone();
    let (measure, mut unit) = match columns.measure {
        Measure::Value(value) => {
            let says_percent =
                ["%", "percent", "per cent", "pct"].iter().any(|hint| name(value).to_lowercase().contains(hint));
            let unit = if tally.percent > 0 || says_percent {
                Unit::Percent
            } else if tally.pounds > tally.plain {
                Unit::Pounds
            } else {
                Unit::Plain
            };
            (name(value), unit)
        }
        Measure::Quotient { numerator, denominator } => {
            let quotient = format!("{} ÷ {}", name(numerator), name(denominator));
            let measure = if order.is_complement { format!("1 − {quotient}") } else { quotient };
            match order.per {
                None => (measure, Unit::Percent),
                Some(per) => (measure, Unit::Of(format!("per {}", Unit::Plain.figure(per, 0)))),
            }
        }
    };
    if let Some(given) = &order.unit {
        unit = Unit::Of(given.clone());
    }
    if unit == Unit::Percent && tally.percent > 0 && tally.plain > 0 {
        notes.push(format!("{} values have no per cent sign where others have: taken as per cent", tally.plain));
    }
    let mut target = order.target.map(|aim| aim.value);
    if let Some(aim) = order.target {
        let values = || series.iter().flat_map(|rows| rows.amounts.values()).filter_map(|amount| amount.value);
        match (&unit, aim.is_percent) {
            (Unit::Percent, false) if aim.value.abs() <= 1.0 && aim.value != 0.0 => {
                let aim = aim.value;
                notes.push(format!("the target is {aim} per cent; write --target {}% if that is meant", aim * 100.0));
            }
            (Unit::Plain, true) if values().all(|value| (0.0..=1.0).contains(&value)) => {
                unit = Unit::Share;
                target = Some(aim.value / 100.0);
                notes.push("all values lie between 0 and 1: shown as per cent, as the target is".to_owned());
            }
            (Unit::Plain | Unit::Pounds | Unit::Of(_), true) => {
                return Err(Refusal::Engine(format!(
                    "the target is {}%, but the values are not per cent: write the target without the sign",
                    aim.value
                )));
            }
            _ => {}
        }
    }
    let measure = order.title.clone().unwrap_or(measure);
    Ok(Manner { unit, target, measure })
}

/// What was met among the rows, in words.
fn told(tally: &Tally, order: &Order, table: &Table, columns: &Columns) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |count: usize, words: &str| {
        if count > 0 {
            notes.push(format!("{count} {words}"));
        }
    };
    note(tally.added, "rows of one series and date are added up (--sum)");
    note(tally.hidden, "cells are marked as suppressed: shown as gaps");
    note(tally.empty, "cells hold no value: shown as gaps");
    note(tally.nothing_to_divide_by, "points have a denominator of 0: shown as gaps");
    if let Measure::Quotient { numerator, denominator } = columns.measure {
        let words = format!(
            "points have more {} than {}, so that they leave 0 to 100%",
            table.columns[numerator], table.columns[denominator]
        );
        note(tally.more_than_all, &words);
        if order.is_complement {
            notes.push(format!(
                "values are 1 − {} ÷ {}, in per cent",
                table.columns[numerator], table.columns[denominator]
            ));
        }
    }
    notes
}

/// What a series is called: its labels with the key in brackets, or its key; a bare number with its column's name.
fn name(rows: &Rows, table: &Table, columns: &Columns) -> String {
    let parts: Vec<String> = rows
        .key
        .iter()
        .zip(&columns.by)
        .map(|(part, at)| match part.as_str() {
            "" => format!("no {}", table.columns[*at]),
            part if part.len() < 4 && part.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("{} {part}", table.columns[*at])
            }
            part => part.to_owned(),
        })
        .collect();
    let key = parts.join(" · ");
    let labels: Vec<&str> = rows.labels.iter().map(String::as_str).filter(|label| !label.is_empty()).collect();
    if labels.is_empty() { key } else { format!("{} ({key})", labels.join(", ")) }
}

/// Letters, digits and hyphens, no longer than a file system likes, told apart by a number where two would be one.
fn file_name(name: &str, taken: &mut HashSet<String>) -> String {
    const LONGEST: usize = 80;
    let mut safe = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            letter if letter.is_ascii_alphanumeric() => safe.push(letter),
            _ if safe.ends_with('-') => {}
            _ => safe.push('-'),
        }
    }
    let mut safe: String = safe.trim_matches('-').chars().take(LONGEST).collect();
    // Names that Windows keeps for devices, and no name at all.
    let is_device = ["con", "prn", "aux", "nul"].contains(&safe.as_str())
        || (safe.len() == 4 && (safe.starts_with("com") || safe.starts_with("lpt")));
    if safe.is_empty() || is_device {
        safe = format!("series-{safe}").trim_end_matches('-').to_owned();
    }
    let unique = std::iter::once(safe.clone()).chain((2..).map(|number| format!("{safe}-{number}")));
    unique.into_iter().find(|name| taken.insert(name.clone())).unwrap_or(safe)
}

impl Series {
    fn new(rows: &Rows, name: String, file: String, judged: crate::judging::Judged, newest: Option<NaiveDate>) -> Self {
        let crate::judging::Judged { chart, found, .. } = judged;
        let valued: Vec<&hiec_charts::Point> = chart.points.iter().filter(|point| point.value.is_some()).collect();
        let day = |point: &&hiec_charts::Point| match point.when {
            hiec_charts::When::Day(day) => Some(day),
            hiec_charts::When::Row(_) => None,
        };
        let (first, last) = (valued.first().and_then(day), valued.last().and_then(day));
        let has_ended = match (last, newest) {
            (Some(last), Some(newest)) => (newest - last).num_days() > two_steps(&chart),
            _ => false,
        };
        let end = valued.last();
        let verdict = Verdict {
            points: valued.len(),
            gaps: chart.points.len() - valued.len(),
            first,
            last,
            last_value: end.and_then(|point| point.value),
            mean: end.and_then(|point| point.centre),
            lower_limit: end.and_then(|point| point.lower),
            upper_limit: end.and_then(|point| point.upper),
            target: chart.target,
            variation: found.as_ref().and_then(|found| found.variation).map(Variation::key),
            assurance: found.as_ref().and_then(|found| found.assurance).map(Assurance::icon),
            explanation: chart.reading.clone(),
            signal: end.map(|point| point.why.clone()).unwrap_or_default(),
            has_ended,
        };
        let parts = chart
            .points
            .iter()
            .map(|point| match point.when {
                hiec_charts::When::Day(day) => {
                    rows.amounts.get(&day).map_or((None, None), |amount| (amount.numerator, amount.denominator))
                }
                hiec_charts::When::Row(_) => (None, None),
            })
            .collect();
        Self { key: rows.key.clone(), name, file, chart, verdict, found, parts }
    }

    /// The less, the sooner somebody should look: concerns before what is missed for certain before the rest; what no
    /// longer reports last.
    fn attention(&self) -> (bool, u8, u8) {
        let found = self.found.as_ref();
        let variation = match found.and_then(|found| found.variation).map(Variation::kind) {
            Some(PointKind::Concern) => 0,
            Some(PointKind::NeutralHigh | PointKind::NeutralLow) => 1,
            Some(PointKind::CommonCause) => 2,
            Some(PointKind::Improvement) => 3,
            None => 4,
        };
        let assurance = match found.and_then(|found| found.assurance) {
            Some(Assurance::Fail) => 0,
            Some(Assurance::Inconsistent) => 1,
            None => 2,
            Some(Assurance::Pass) => 3,
        };
        (self.verdict.has_ended, variation, assurance)
    }

    /// Whether it is long enough for limits.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.verdict.points < FEWEST
    }
}

/// Days of two steps and a little, so that one late return is not an end.
fn two_steps(chart: &ControlChart) -> i64 {
    match chart.grain() {
        hiec_charts::Grain::Day => 9,
        hiec_charts::Grain::Week => 20,
        hiec_charts::Grain::Month => 70,
        hiec_charts::Grain::Quarter => 200,
        hiec_charts::Grain::Year => 800,
    }
}
