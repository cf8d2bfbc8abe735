//! `hiec compare funnel`: units against their group, groups in a row, and the curves of the plot; it must never judge units of two groups together.

use std::collections::HashMap;
use std::io::{Read, Write};

use hiec_tables::{Problem, Reading, Row, Writing};

use super::Failure;
use super::wilson::{limits, size};
use crate::funnel::{Funnel, Judged, Line, Measure, Unit, proportion_line, ratio_line};

/// The columns of the answer about units.
pub const UNIT_COLUMNS: [&str; 18] = [
    "dataset",
    "sr_method",
    "unit",
    "numerator",
    "denominator",
    "value",
    "z",
    "z_trimmed",
    "s",
    "ll95",
    "ul95",
    "ll998",
    "ul998",
    "od_ll95",
    "od_ul95",
    "od_ll998",
    "od_ul998",
    "phe_significance",
];

/// The columns of the answer about groups.
pub const SUMMARY_COLUMNS: [&str; 8] =
    ["dataset", "data_type", "sr_method", "n_units", "n_used", "target", "phi", "tau2"];

/// The columns of the answer about curves.
pub const LINE_COLUMNS: [&str; 7] = ["dataset", "x_axis", "lower_2s", "upper_2s", "lower_3s", "upper_3s", "method"];

const DATASET: usize = 0;
const SR_METHOD: usize = 1;
const UNIT: usize = 2;
const NUMERATOR: usize = 3;
const DENOMINATOR: usize = 4;

/// Prints every unit with its score, its limits and its label, in the order of the input.
///
/// Units are judged within their dataset and method: an empty `sr_method` is a proportion, `SHMI` or `CQC` a standardised
/// ratio. A unit without a denominator has nothing but its name and numbers.
///
/// # Errors
/// A row that cannot be read, or an output that takes no more.
pub fn funnel_units(input: impl Read, output: impl Write) -> Result<(), Problem> {
    let groups = Groups::read(input)?;
    let mut answer = Writing::new(output, &UNIT_COLUMNS)?;
    let mut judged: Vec<_> = groups.groups.iter().map(|group| group.funnel().units.into_iter()).collect();
    for named in &groups.units {
        let found = judged.get_mut(named.group).and_then(Iterator::next).flatten();
        write_unit(&mut answer, &groups, named, found)?;
    }
    answer.finish()
}

/// Prints every group in a row: how many units, what they are judged against, how much they differ beyond chance.
///
/// # Errors
/// A row that cannot be read, or an output that takes no more.
pub fn funnel_summary(input: impl Read, output: impl Write) -> Result<(), Problem> {
    let groups = Groups::read(input)?;
    let mut answer = Writing::new(output, &SUMMARY_COLUMNS)?;
    for group in &groups.groups {
        write_group(&mut answer, group)?;
    }
    answer.finish()
}

/// Prints the limits of a group at every size of an axis, in percent: `dataset,x_axis`, patients for a proportion and events
/// for a ratio.
///
/// # Errors
/// A row that cannot be read, an axis of a dataset that has no units, or an output that takes no more.
pub fn funnel_lines(input: impl Read, axis: impl Read, output: impl Write) -> Result<(), Failure> {
    let groups = Groups::read(input).map_err(Failure::Units)?;
    let mut averages: HashMap<&str, Curve> = HashMap::new();
    for group in &groups.groups {
        averages.entry(&group.dataset).or_insert_with(|| group.curve());
    }
    let points = read_axis(axis, &averages).map_err(Failure::Axis)?;
    let mut answer = Writing::new(output, &LINE_COLUMNS).map_err(Failure::Answer)?;
    for (dataset, at, curve) in points {
        write_line(&mut answer, &dataset, at, curve).map_err(Failure::Answer)?;
    }
    answer.finish().map_err(Failure::Answer)
}

/// The units of a table, and the groups they are judged in.
struct Groups {
    groups: Vec<Group>,
    units: Vec<Named>,
}

struct Group {
    dataset: String,
    measure: Measure,
    units: Vec<Unit>,
}

struct Named {
    group: usize,
    name: String,
    unit: Unit,
}

impl Groups {
    fn read(input: impl Read) -> Result<Self, Problem> {
        let mut rows = Reading::new(input, &["dataset", "sr_method", "unit", "numerator", "denominator"], &[])?;
        let mut found = Self { groups: Vec::new(), units: Vec::new() };
        let mut places: HashMap<(String, Measure), usize> = HashMap::new();
        while let Some(row) = rows.next_row()? {
            let measure = read_measure(row)?;
            let dataset = row.text(DATASET)?;
            let unit = read_unit(row, measure)?;
            let is_of_last = found
                .units
                .last()
                .and_then(|last| found.groups.get(last.group))
                .is_some_and(|group| group.dataset == dataset && group.measure == measure);
            let group = match found.units.last() {
                Some(last) if is_of_last => last.group,
                _ => *places.entry((dataset.to_owned(), measure)).or_insert_with(|| {
                    found.groups.push(Group { dataset: dataset.to_owned(), measure, units: Vec::new() });
                    found.groups.len() - 1
                }),
            };
            if let Some(group) = found.groups.get_mut(group) {
                group.units.push(unit);
            }
            found.units.push(Named { group, name: row.text(UNIT)?.to_owned(), unit });
        }
        Ok(found)
    }
}

fn read_measure(row: Row<'_>) -> Result<Measure, Problem> {
    match row.text(SR_METHOD)? {
        "" => Ok(Measure::Proportion),
        "SHMI" => Ok(Measure::ShmiRatio),
        "CQC" => Ok(Measure::CqcRatio),
        _ => Err(Problem::cell(
            row.line(),
            row.name(SR_METHOD),
            "write SHMI or CQC for a standardised ratio, or leave this empty for a proportion",
        )),
    }
}

fn read_unit(row: Row<'_>, measure: Measure) -> Result<Unit, Problem> {
    let unit = Unit { numerator: size(row, NUMERATOR)?, denominator: size(row, DENOMINATOR)? };
    if measure == Measure::Proportion && unit.numerator > unit.denominator {
        let reason = format!("{} is more than the denominator, {}", unit.numerator, unit.denominator);
        return Err(Problem::cell(row.line(), row.name(NUMERATOR), reason));
    }
    Ok(unit)
}

impl Group {
    fn funnel(&self) -> Funnel {
        Funnel::of(self.measure, &self.units, self.measure.usual_trim())
    }

    fn curve(&self) -> Curve {
        match self.measure {
            Measure::Proportion => Curve::Proportion { average: self.funnel().target },
            Measure::ShmiRatio | Measure::CqcRatio => Curve::Ratio,
        }
    }

    fn method(&self) -> &'static str {
        match self.measure {
            Measure::Proportion => "",
            Measure::ShmiRatio => "SHMI",
            Measure::CqcRatio => "CQC",
        }
    }
}

fn write_unit(
    answer: &mut Writing<impl Write>,
    groups: &Groups,
    named: &Named,
    judged: Option<Judged>,
) -> Result<(), Problem> {
    let group = groups.groups.get(named.group);
    answer.text(group.map_or("", |group| &group.dataset))?.text(group.map_or("", Group::method))?.text(&named.name)?;
    answer.figure(named.unit.numerator)?.figure(named.unit.denominator)?;
    answer.figure(judged.map(|found| found.value))?.figure(judged.map(|found| found.z))?;
    answer.figure(judged.and_then(|found| found.trimmed))?.figure(judged.map(|found| found.s))?;
    for found in [judged.map(|found| found.limits), judged.map(|found| found.adjusted)] {
        limits(answer, found.map(|found| found.p95))?;
        limits(answer, found.map(|found| found.p998))?;
    }
    answer.text(judged.map_or("", |found| found.significance.words()))?;
    answer.end()
}

fn write_group(answer: &mut Writing<impl Write>, group: &Group) -> Result<(), Problem> {
    let funnel = group.funnel();
    let kind = if group.measure == Measure::Proportion { "PR" } else { "SR" };
    answer.text(&group.dataset)?.text(kind)?.text(group.method())?;
    answer.figure(group.units.len())?.figure(funnel.dispersion.used)?.figure(funnel.target)?;
    answer.figure(funnel.dispersion.phi)?.figure(funnel.target.map(|_| funnel.dispersion.tau2))?;
    answer.end()
}

/// What a dataset's limits follow from.
#[derive(Clone, Copy)]
enum Curve {
    Proportion { average: Option<f64> },
    Ratio,
}

/// All points of the axis: dataset, size, and what its limits follow from.
fn read_axis(axis: impl Read, curves: &HashMap<&str, Curve>) -> Result<Vec<(String, f64, Curve)>, Problem> {
    let mut rows = Reading::new(axis, &["dataset", "x_axis"], &[])?;
    let mut points = Vec::new();
    while let Some(row) = rows.next_row()? {
        let dataset = row.text(DATASET)?;
        let Some(&curve) = curves.get(dataset) else {
            let reason = "no unit is of this dataset; the names must be the same in both tables";
            return Err(Problem::cell(row.line(), row.name(DATASET), reason));
        };
        points.push((dataset.to_owned(), size(row, 1)?, curve));
    }
    Ok(points)
}

fn write_line(answer: &mut Writing<impl Write>, dataset: &str, at: f64, curve: Curve) -> Result<(), Problem> {
    let (lines, method) = match curve {
        Curve::Proportion { average } => (average.and_then(|average| proportion_line(average, at)), "Wilson"),
        Curve::Ratio => (ratio_line(at), "Poisson"),
    };
    answer.text(dataset)?.figure(at)?;
    for line in [lines.map(|found| found.inner), lines.map(|found| found.outer)] {
        answer.figure(line.map(|line: Line| line.lower))?.figure(line.and_then(|line| line.upper))?;
    }
    answer.text(method)?;
    answer.end()
}
